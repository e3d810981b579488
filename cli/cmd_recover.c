/* cmd_recover.c - `longhaul recover`: turns journals that dead runs left behind into results. */

#include "cmd.h"
#include "flags.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define GRACE_S 60 /* a run that just ended may still be writing its result */

/* According to its name, its planned end has not come. */
static bool may_go_on(const char *path)
{
    struct longhaul_file_name name;
    return longhaul_file_name_parse(path, &name, NULL) == 0 &&
           name.start_unix_s + name.duration_s + GRACE_S >= (int64_t)time(NULL);
}

/* Unreadable parts of a journal are kept. */
static void say_damaged(const char *path)
{
    char *aside;
    if (asprintf(&aside, "%s.damaged", path) < 0)
        return;
    if (access(aside, F_OK) == 0)
        fprintf(stderr,
                "longhaul: %s: part of the journal is unreadable and not in its result: the journal is kept here\n",
                cmd_safe(aside).text);
    free(aside);
}

static int recover(const char *path, bool ended_only)
{
    struct longhaul_error err = { 0 };
    char result[4096];
    if (ended_only && may_go_on(path))
        return EXIT_DONE;
    if (longhaul_recover(path, result, sizeof result, &err) != 0) {
        cmd_fail(&err);
        return EXIT_FAILED;
    }
    cmd_print_path(stdout, result);
    putchar('\n');
    say_damaged(path);
    return EXIT_DONE;
}

static int is_journal(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name), k = strlen(LONGHAUL_JOURNAL_ENDING);
    return n > k && strcmp(entry->d_name + n - k, LONGHAUL_JOURNAL_ENDING) == 0;
}

static int recover_dir(const char *dir, bool ended_only)
{
    struct dirent **entries;
    int n = scandir(dir, &entries, is_journal, alphasort), status = EXIT_DONE;
    if (n < 0) {
        fprintf(stderr, "longhaul: folder %s: %s\n", cmd_safe(dir).text, strerror(errno));
        return EXIT_FAILED;
    }
    for (int i = 0; i < n; i++) {
        char *path;
        if (asprintf(&path, "%s/%s", dir, entries[i]->d_name) >= 0) {
            status = recover(path, ended_only) == EXIT_DONE ? status : EXIT_FAILED;
            free(path);
        }
        free(entries[i]);
    }
    free(entries);
    return status;
}

int cmd_recover(int argc, char **argv)
{
    bool ended_only = false;
    int flag, status = EXIT_DONE;
    while ((flag = cmd_option(argc, argv, &flags_recover)) != -1) {
        if (flag == 'h') {
            flags_print(&flags_recover, stdout);
            return cmd_close_stdout(EXIT_DONE);
        }
        if (flag != 'e')
            return EXIT_MISUSED;
        ended_only = true;
    }
    if (optind == argc)
        return cmd_misused("recover", "needs the journal of a run");
    for (int i = optind; i < argc; i++) {
        struct stat st;
        bool is_dir = stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode);
        if ((is_dir ? recover_dir : recover)(argv[i], ended_only) != EXIT_DONE)
            status = EXIT_FAILED;
    }
    return cmd_close_stdout(status);
}
