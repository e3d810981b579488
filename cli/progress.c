/* progress.c - decides what a run prints on stderr, and when: on a terminal a table that is renewed every second;
 * elsewhere a line per leg every minute, later every ten; events, and what is asked for, at once. Keeps no record. */

#include "progress.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "log.h"
#include "status.h"
#include "table.h"

#define TICK_MS 1000
#define PLAIN_FIRST_S 60  /* without a terminal: a line per leg at this interval ... */
#define PLAIN_FIRST_N 10  /* ... this many times, then ... */
#define PLAIN_LATER_S 600 /* ... at this one: about 900 lines for a day of six legs */

struct progress {
    const struct longhaul_leg *legs;
    size_t n_legs;
    struct longhaul_run *run;
    struct table_row *rows;
    bool can_draw, has_colours, has_table, has_thread;
    bool *has_begun;       /* one per leg: it waits to connect "again" */
    int pipe[2];           /* requests: one letter each */
    unsigned n_plain;
    struct timespec plain; /* when the next lines are due */
    pthread_t thread;
    pthread_mutex_t mutex; /* protects stderr and the members above */
};

/* True for a terminal that can move its cursor. */
static bool is_capable(void)
{
    const char *term = getenv("TERM");
    return isatty(STDERR_FILENO) && term && *term && strcmp(term, "dumb") != 0;
}

/* https://no-color.org: set and not empty. */
static bool wants_colours(void)
{
    const char *no = getenv("NO_COLOR");
    return no == NULL || *no == 0;
}

struct progress *progress_new(const struct longhaul_leg *legs, size_t n_legs)
{
    struct progress *p = calloc(1, sizeof *p);
    if (p == NULL)
        return NULL;
    p->legs = legs;
    p->n_legs = n_legs;
    p->rows = calloc(n_legs, sizeof *p->rows);
    p->has_begun = calloc(n_legs, sizeof *p->has_begun);
    if (p->rows == NULL || p->has_begun == NULL || pipe2(p->pipe, O_CLOEXEC | O_NONBLOCK) < 0) {
        free(p->has_begun);
        free(p->rows);
        free(p);
        return NULL;
    }
    p->can_draw = is_capable();
    p->has_colours = wants_colours();
    pthread_mutex_init(&p->mutex, NULL);
    return p;
}

/* ---- drawing */

static void clear_table(struct progress *p)
{
    if (p->has_table)
        fputs("\r\033[J", stderr);
    p->has_table = false;
    fflush(stderr);
}

/* A job in the background must not overwrite what the user types. */
static bool is_in_foreground(void)
{
    pid_t group = tcgetpgrp(STDERR_FILENO);
    return group < 0 || group == getpgrp();
}

static void read_figures(struct progress *p)
{
    for (size_t i = 0; i < p->n_legs; i++) {
        p->rows[i].source = p->legs[i].source;
        p->rows[i].destination = p->legs[i].destination;
        longhaul_run_status(p->run, i, &p->rows[i].status, NULL);
    }
}

/* Writes it in one piece, so that it does not flicker. */
static void draw(struct progress *p)
{
    struct winsize window = { .ws_col = 0 };
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        return;
    ioctl(STDERR_FILENO, TIOCGWINSZ, &window);
    struct table_space space = { .width = window.ws_col ? window.ws_col : 80,
                                 .height = window.ws_row ? window.ws_row : 24,
                                 .has_colours = p->has_colours };
    table_draw(out, p->rows, p->n_legs, &space);
    if (fclose(out) == 0)
        fwrite(text, 1, size, stderr);
    fflush(stderr);
    free(text);
    p->has_table = true;
}

static void print_lines(struct progress *p, bool with_done)
{
    char text[STATUS_TEXT_SIZE];
    clear_table(p);
    for (size_t i = 0; i < p->n_legs; i++)
        if (with_done || p->rows[i].status.phase != LONGHAUL_PHASE_DONE) {
            status_line(p->rows[i].source, p->rows[i].destination, &p->rows[i].status, text);
            log_line("%s", text);
        }
}

static void set_plain(struct progress *p)
{
    clock_gettime(CLOCK_MONOTONIC, &p->plain);
    p->plain.tv_sec += p->n_plain++ < PLAIN_FIRST_N ? PLAIN_FIRST_S : PLAIN_LATER_S;
}

static bool is_plain_due(const struct progress *p)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec > p->plain.tv_sec || (now.tv_sec == p->plain.tv_sec && now.tv_nsec >= p->plain.tv_nsec);
}

static void renew(struct progress *p, bool is_asked)
{
    bool draws = p->can_draw && is_in_foreground();
    read_figures(p);
    if (is_asked)
        print_lines(p, true);
    if (draws) {
        draw(p);
    } else if (is_plain_due(p)) {
        print_lines(p, false);
        set_plain(p);
    }
}

/* ---- thread */

/* Reads the requests; false when the thread must end. */
static bool take_requests(struct progress *p, bool *is_asked)
{
    char letters[64];
    ssize_t n;
    bool goes_on = true;
    while ((n = read(p->pipe[0], letters, sizeof letters)) > 0) {
        goes_on = goes_on && memchr(letters, 'q', (size_t)n) == NULL;
        *is_asked = *is_asked || memchr(letters, 'a', (size_t)n) != NULL;
    }
    return goes_on;
}

static void *show(void *argument)
{
    struct progress *p = argument;
    struct pollfd fd = { .fd = p->pipe[0], .events = POLLIN };
    bool goes_on = true;
    while (goes_on) {
        bool is_asked = false;
        poll(&fd, 1, TICK_MS);
        goes_on = take_requests(p, &is_asked);
        pthread_mutex_lock(&p->mutex);
        if (goes_on || is_asked)
            renew(p, is_asked);
        pthread_mutex_unlock(&p->mutex);
    }
    return NULL;
}

/* The main thread handles signals. */
void progress_watch(struct progress *p, struct longhaul_run *run)
{
    sigset_t all, before;
    if (p == NULL)
        return;
    p->run = run;
    set_plain(p);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    p->has_thread = pthread_create(&p->thread, NULL, show, p) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* Safe in a signal handler. If the pipe is full, there are enough requests in it. */
static void request(const struct progress *p, char letter)
{
    int saved = errno;
    if (p && write(p->pipe[1], &letter, 1) < 0)
        errno = saved;
    errno = saved;
}

void progress_ask(struct progress *p)
{
    request(p, 'a');
}

void progress_resized(struct progress *p)
{
    request(p, 'r');
}

void progress_free(struct progress *p)
{
    if (p == NULL)
        return;
    request(p, 'q');
    if (p->has_thread)
        pthread_join(p->thread, NULL);
    clear_table(p);
    pthread_mutex_destroy(&p->mutex);
    close(p->pipe[0]);
    close(p->pipe[1]);
    free(p->has_begun);
    free(p->rows);
    free(p);
}

/* ---- events */

void progress_note(struct progress *p, const char *text)
{
    if (p == NULL || *text == 0)
        return;
    pthread_mutex_lock(&p->mutex);
    clear_table(p);
    log_line("longhaul: %s", text);
    pthread_mutex_unlock(&p->mutex);
}

static void say(struct progress *p, size_t leg, const char *what, const char *why)
{
    pthread_mutex_lock(&p->mutex);
    clear_table(p);
    log_line("%s->%s %s%s%s", p->legs[leg].source, p->legs[leg].destination, what, *why ? ": " : "", why);
    pthread_mutex_unlock(&p->mutex);
}

void progress_state(struct progress *p, size_t leg, const struct longhaul_state *state)
{
    if (p == NULL)
        return;
    if (state->phase == LONGHAUL_PHASE_PENDING)
        say(p, leg, state->text, "");
    else if (state->phase == LONGHAUL_PHASE_RUNNING)
        say(p, leg, *state->text ? state->text : "began", "");
    else if (state->phase == LONGHAUL_PHASE_WAITING)
        say(p, leg, p->has_begun[leg] ? "waits to connect again" : "waits to connect", state->text);
    else if (state->phase == LONGHAUL_PHASE_DONE && *state->text && p->n_legs > 1)
        say(p, leg, "ended", state->text);
    p->has_begun[leg] = p->has_begun[leg] || state->phase == LONGHAUL_PHASE_RUNNING;
}
