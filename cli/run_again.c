/* run_again.c - the records that a run left open: a second one next to them is begun only on request, and a stopped run
 * says how it is continued. Opens no record. */

#include "run_again.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd.h"
#include "log.h"

#define TURN_S 5 /* the last seconds of a run that the next one relieves: its journal is about to become a result */

static int refuse(const struct longhaul_leg *leg, const struct longhaul_journal *open)
{
    char until[32] = "";
    struct tm utc;
    time_t end = (time_t)open->end_unix_s;
    if (gmtime_r(&end, &utc))
        strftime(until, sizeof until, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return cmd_misused("run", "%s->%s: %s is an open record, planned until %s: --resume continues it, --new begins "
                       "another", leg->source, leg->destination, open->path, until);
}

int run_again_check(const char *dir, const struct longhaul_leg *legs, const double *delays_s, size_t n,
                    int64_t start_unix_s)
{
    struct longhaul_error err = { 0 };
    for (size_t i = 0; i < n; i++) {
        struct longhaul_journal open;
        int rc = longhaul_run_journal(dir, &legs[i], &open, &err);
        if (rc < 0)
            return cmd_fail(&err);
        int64_t begin_s = delays_s ? time(NULL) + (int64_t)delays_s[i] : start_unix_s ? start_unix_s : time(NULL);
        if (rc == 1 && open.end_unix_s > begin_s + TURN_S)
            return refuse(&legs[i], &open);
        if (rc == 1)
            log_line("longhaul: %s is of an earlier run, whose end has passed: longhaul recover makes its result",
                     cmd_safe(open.path).text);
    }
    return EXIT_DONE;
}

/* Writes a word as a shell would need it. */
static void put_word(FILE *out, const char *word)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+=:,./-";
    if (*word && word[strspn(word, plain)] == 0) {
        fputs(word, out);
        return;
    }
    fputc('\'', out);
    for (; *word; word++)
        if (*word == '\'')
            fputs("'\\''", out);
        else
            fputc(*word, out);
    fputc('\'', out);
}

bool run_again_is_new_flag(const char *word)
{
    return strlen(word) > 2 && strncmp("--new", word, strlen(word)) == 0;
}

bool run_again_is_resume_flag(const char *word)
{
    return strlen(word) >= strlen("--res") && (strncmp("--resume", word, strlen(word)) == 0 ||
                                               strncmp("--resume-only", word, strlen(word)) == 0);
}

/* The flag comes first: behind "--" it would be an operand. */
static void put_command(FILE *out, char **argv)
{
    bool has_flag = false;
    for (char **word = argv + 1; *word; word++)
        has_flag = has_flag || run_again_is_resume_flag(*word);
    put_word(out, program_invocation_name);
    fputs(has_flag ? " run" : " run --resume", out);
    for (char **word = argv + 1; *word; word++)
        if (!run_again_is_new_flag(*word)) {
            fputc(' ', out);
            put_word(out, *word);
        }
}

void run_again_say(const struct longhaul_run *run, size_t n_legs, char **argv)
{
    bool is_stopped = false;
    char *text = NULL;
    size_t size = 0;
    for (size_t i = 0; i < n_legs; i++)
        is_stopped = is_stopped || longhaul_run_outcome(run, i)->ending == LONGHAUL_ENDING_STOPPED;
    FILE *out = is_stopped ? open_memstream(&text, &size) : NULL;
    if (out == NULL)
        return;
    put_command(out, argv);
    if (fclose(out) == 0)
        log_line("longhaul: to continue: %s", cmd_safe(text).text);
    free(text);
}
