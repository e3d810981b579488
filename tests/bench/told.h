/* told.h - what the library tells of a file, as a report reads it; and work that is done by several processes. */
#ifndef TOLD_H
#define TOLD_H
#include <longhaul.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct told {
    struct longhaul_series *series;
    struct longhaul_analysis *analysis;
    struct longhaul_incidents *found;
    const struct longhaul_incident *list;
    size_t n;
};

static inline void told_close(struct told *t)
{
    longhaul_incidents_free(t->found);
    longhaul_analysis_free(t->analysis);
    longhaul_series_free(t->series);
}

/* The incidents of a file with one leg; 0, or -1 and a message. */
static inline int told_open(const char *path, struct told *t)
{
    struct longhaul_error err = { 0 };
    struct longhaul_reader *reader = NULL;
    *t = (struct told){ 0 };
    bool is_good = longhaul_reader_open(path, NULL, &reader, &err) == 0 &&
                   longhaul_reader_next(reader, &t->series, &err) == 1 &&
                   longhaul_analyse(t->series, NULL, &t->analysis, &err) == 0;
    const struct longhaul_analysis *tests[] = { t->analysis };
    is_good = is_good && longhaul_incidents_find(tests, 1, &t->found, &err) == 0;
    if (is_good)
        t->list = longhaul_incidents_list(t->found, &t->n);
    else
        fprintf(stderr, "%s: %s\n", path, err.text);
    longhaul_reader_free(reader);
    if (!is_good)
        told_close(t);
    return is_good ? 0 : -1;
}

static const char *told_scratch(void) /* a file of this process's own */
{
    static char path[256];
    const char *folder = getenv("TMPDIR");
    snprintf(path, sizeof path, "%s/longhaul-leg-%ld.json", folder ? folder : "/tmp", (long)getpid());
    return path;
}

/* A part of the work: the parts first, first + step, ... below end. A line for each goes to out. 0 when all went well.
 */
typedef int told_part(void *payload, uint64_t part, FILE *out);
typedef void told_line(void *payload, char *line);

static FILE *told_start(told_part *part, void *payload, uint64_t first, uint64_t end, uint64_t step)
{
    int ends[2];
    if (pipe(ends) != 0)
        return NULL;
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        FILE *out = fdopen(ends[1], "w");
        int rc = 0;
        for (uint64_t i = first; rc == 0 && i < end; i += step) {
            rc = part(payload, i, out);
            fflush(out);
        }
        _exit(rc != 0);
    }
    close(ends[1]);
    return child < 0 ? NULL : fdopen(ends[0], "r");
}

/* Parts first to end, by so many processes; line gets each line. Whether all went well. */
static bool told_work(told_part *part, told_line *line, void *payload, uint64_t first, uint64_t end, uint64_t jobs)
{
    FILE *in[64];
    char text[2000];
    bool is_good = true;
    for (uint64_t job = 0; job < jobs; job++)
        if ((in[job] = told_start(part, payload, first + job, end, jobs)) == NULL)
            return perror("fork"), false;
    for (uint64_t job = 0; job < jobs; job++) {
        while (fgets(text, sizeof text, in[job]) != NULL)
            line(payload, text);
        fclose(in[job]);
    }
    for (int status; wait(&status) > 0;)
        is_good = is_good && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    return is_good;
}
#endif
