/* gnuplot.c - the only file that starts gnuplot: one per processor, each for several pictures, because starting takes a
 * good part of a small picture's time. Exit status 0 is not enough, since gnuplot also returns it for scripts that drew
 * nothing: the pictures must exist. If one script ends gnuplot, the scripts after it are drawn one by one. Knows
 * nothing of the charts. */

#include "chart/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "chart/picture.h"

#define OLDEST_MAJOR 5
#define OLDEST_MINOR 4
#define CHECK_DEADLINE_S 20
#define RENDER_DEADLINE_S 120
#define MAX_PROCESSES 8
#define MAX_TOGETHER 24 /* pictures per gnuplot process */
#define NAME_SIZE 400 /* of a chart's name with its ending */

static int check(const char *program, const struct process_stop *stop, struct longhaul_error *err)
{
    const char *const argv[] = { program, "--version", NULL };
    struct process_result result;
    struct longhaul_error why = { 0 };
    int major, minor;
    if (process_run(argv, NULL, CHECK_DEADLINE_S, stop, &result, &why) != 0)
        return error_set(err, LONGHAUL_EPLOT, "%s (charts need gnuplot %d.%d or newer)", why.text, OLDEST_MAJOR,
                         OLDEST_MINOR);
    if (result.is_late)
        return error_set(err, LONGHAUL_EPLOT, "gnuplot --version: no answer in %d s", CHECK_DEADLINE_S);
    if (sscanf(result.says, "gnuplot %d.%d", &major, &minor) != 2)
        return error_set(err, LONGHAUL_EPLOT, "gnuplot --version: says \"%.80s\"", result.says);
    if (major < OLDEST_MAJOR || (major == OLDEST_MAJOR && minor < OLDEST_MINOR))
        return error_set(err, LONGHAUL_EPLOT, "gnuplot %d.%d: too old, %d.%d is needed", major, minor, OLDEST_MAJOR,
                         OLDEST_MINOR);
    return 0;
}

int gnuplot_find(const char *dir, const struct process_stop *stop, char **program, struct longhaul_error *err)
{
    char *path = process_find("gnuplot", dir);
    if (path == NULL)
        return error_set(err, LONGHAUL_EPLOT, "gnuplot: %s (charts need gnuplot %d.%d or newer)", strerror(ENOENT),
                         OLDEST_MAJOR, OLDEST_MINOR);
    int rc = check(path, stop, err);
    if (rc == 0)
        *program = path;
    else
        free(path);
    return rc;
}

/* gnuplot reports an error over several lines, with a caret that points at it: takes the last line that contains
 * words. */
static const char *complaint(char *says)
{
    char *best = NULL, *rest = says;
    for (char *line; (line = strsep(&rest, "\n")) != NULL; )
        if (strspn(line, " \t^") != strlen(line))
            best = line + strspn(line, " \t");
    if (best == NULL)
        return "it said nothing";
    const char *line =
        best[0] == '"' ? strstr(best, "\" line ") : NULL; /* drops "X.gp" line 3: so that one cause reads the same in
                                                           * all charts */
    return line ? line + 2 : best;
}

/* ---- one gnuplot */

/* The work of one thread: every step'th job. */
struct worker {
    const struct gnuplot_at_work *gnuplot;
    const char *room; /* a folder of this process alone, inside the folder of the pictures: gnuplot draws into it */
    struct gnuplot_job *jobs;
    size_t n, first, step;
    bool lacks_font;
    pthread_t thread;
    bool is_started;
};

/* The file into which gnuplot draws a job's picture, relative to its folder. */
static void drawn_name(char name[NAME_SIZE], const struct worker *w, const struct gnuplot_job *job)
{
    snprintf(name, NAME_SIZE, "%s/%zu.%s", w->room, (size_t)(job - w->jobs), picture_ending(job->form));
}

static char *drawn_path(const struct worker *w, const struct gnuplot_job *job)
{
    char name[NAME_SIZE];
    drawn_name(name, w, job);
    return file_join(w->gnuplot->dir, name);
}

/* Gives a drawn picture its name; false if none exists. */
static bool settle(const struct worker *w, struct gnuplot_job *job)
{
    char name[NAME_SIZE], *drawn = drawn_path(w, job), *final;
    bool good = false;
    snprintf(name, sizeof name, "%s.%s", job->name, picture_ending(job->form));
    final = file_join(w->gnuplot->dir, name);
    if (drawn && final)
        good = picture_settle(drawn, final, job->form, job->mark, job->dpi, &job->error) == 0;
    else
        error_set(&job->error, LONGHAUL_ENOMEM, "out of memory");
    free(drawn);
    free(final);
    return good;
}

/* A gnuplot that failed may have left its last picture looking whole, although it is empty: discards the last one. */
static void forget_last(const struct worker *w, struct gnuplot_job *const *jobs, size_t n)
{
    bool is_gone = false;
    while (!is_gone && n-- > 0) {
        char *path = drawn_path(w, jobs[n]);
        if (path == NULL)
            return;
        is_gone = unlink(path) == 0;
        free(path);
    }
}

/* Runs gnuplot for n jobs. Every picture that was not made then has an error; returns false if gnuplot itself
 * failed. */
static bool draw(struct worker *w, struct gnuplot_job *const *jobs, size_t n)
{
    char settings[MAX_TOGETHER][NAME_SIZE + 64], scripts[MAX_TOGETHER][NAME_SIZE];
    const char *argv[2 + 3 * MAX_TOGETHER + 1] = { w->gnuplot->program, "-d" };
    struct process_result result = { 0 };
    struct longhaul_error why = { 0 };
    for (size_t i = 0; i < n; i++) {
        char name[NAME_SIZE];
        drawn_name(name, w, jobs[i]);
        snprintf(settings[i], sizeof settings[i], "format = '%s'; output = '%s'", picture_ending(jobs[i]->form), name);
        snprintf(scripts[i], sizeof scripts[i], "%s.gp", jobs[i]->name);
        argv[2 + 3 * i] = "-e";
        argv[3 + 3 * i] = settings[i];
        argv[4 + 3 * i] = scripts[i];
    }
    int rc = process_run(argv, w->gnuplot->dir, RENDER_DEADLINE_S, w->gnuplot->stop, &result, &why);
    w->lacks_font = w->lacks_font || strstr(result.says, "find font") || strstr(result.says, "find/open font");
    if (rc == 0 && result.is_stopped)
        error_set(&why, LONGHAUL_ESTOPPED, "stopped");
    else if (rc == 0 && result.is_late)
        error_set(&why, LONGHAUL_EPLOT, "gnuplot did not end in %d s", RENDER_DEADLINE_S);
    else if (rc == 0 && result.exit_status > 128)
        error_set(&why, LONGHAUL_EPLOT, "gnuplot was killed (signal %d)", result.exit_status - 128);
    else if (rc == 0 && result.exit_status != 0)
        error_set(&why, LONGHAUL_EPLOT, "gnuplot failed (%d): %s", result.exit_status, complaint(result.says));
    if (why.code != 0)
        forget_last(w, jobs, n);
    for (size_t i = 0; i < n; i++) {
        jobs[i]->error = (struct longhaul_error){ 0 };
        if (!settle(w, jobs[i]) && why.code != 0 && jobs[i]->error.code == LONGHAUL_EPLOT)
            jobs[i]->error = why;
    }
    /* Waiting as long again for each of them would not help. */
    return why.code == 0 || result.is_late || result.is_stopped;
}

static void *work(void *payload)
{
    struct worker *w = payload;
    size_t at = w->first;
    while (at < w->n) {
        struct gnuplot_job *jobs[MAX_TOGETHER];
        size_t n = 0;
        for (; at < w->n && n < MAX_TOGETHER; at += w->step)
            jobs[n++] = &w->jobs[at];
        if (draw(w, jobs, n) || n == 1)
            continue;
        for (size_t i = 0; i < n; i++)
            if (jobs[i]->error.code != 0)
                draw(w, &jobs[i], 1);
    }
    return NULL;
}

/* ---- all of them */

static size_t count_processors(void)
{
    cpu_set_t set;
    int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return n < 1 ? 1 : n > MAX_PROCESSES ? MAX_PROCESSES : (size_t)n;
}

static void draw_all(const struct gnuplot_at_work *gnuplot, const char *room, struct gnuplot_job *jobs, size_t n,
                     bool *lacks_font)
{
    struct worker workers[MAX_PROCESSES];
    size_t n_workers = count_processors();
    if (n_workers > n)
        n_workers = n;
    for (size_t i = 0; i < n_workers; i++) {
        workers[i] = (struct worker){ .gnuplot = gnuplot, .room = room, .jobs = jobs, .n = n, .first = i,
                                      .step = n_workers };
        workers[i].is_started = i + 1 < n_workers && pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0;
    }
    for (size_t i = 0; i < n_workers;
         i++) /* this thread does the last worker's share, and that of workers that did not start */
        if (!workers[i].is_started)
            work(&workers[i]);
    for (size_t i = 0; i < n_workers; i++) {
        if (workers[i].is_started)
            pthread_join(workers[i].thread, NULL);
        *lacks_font = *lacks_font || workers[i].lacks_font;
    }
}

int gnuplot_draw(const struct gnuplot_at_work *gnuplot, struct gnuplot_job *jobs, size_t n, bool *lacks_font,
                 struct longhaul_error *err)
{
    char room[TEMPORARY_SIZE];
    int dir = open(gnuplot->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int lock = dir >= 0 ? temporary_folder(dir, room) : -1;
    if (lock < 0) {
        int rc = error_errno(err, LONGHAUL_EIO, "folder %s", gnuplot->dir);
        if (dir >= 0)
            close(dir);
        return rc;
    }
    draw_all(gnuplot, room, jobs, n, lacks_font);
    temporary_remove_folder(dir, room);
    close(lock);
    close(dir);
    return 0;
}
