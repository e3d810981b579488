/* screen.c - decides when a command that lasts writes to stderr: on a terminal a table that is renewed every second;
 * elsewhere lines every minute, later every ten; and lines about events, and what is asked for, at once. Knows nothing
 * of what is shown. */

#include "screen.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "log.h"

#define TICK_MS 1000
#define PLAIN_FIRST_S 60  /* without a terminal: lines at this interval ... */
#define PLAIN_FIRST_N 10  /* ... this many times, then ... */
#define PLAIN_LATER_S 600 /* ... at this one: about 900 lines for a day of six legs */

struct screen {
    struct screen_calls calls;
    void *payload;
    bool can_draw, has_colours, has_table, has_thread;
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

struct screen *screen_new(const struct screen_calls *calls, void *payload)
{
    struct screen *s = calloc(1, sizeof *s);
    if (s == NULL || pipe2(s->pipe, O_CLOEXEC | O_NONBLOCK) < 0) {
        free(s);
        return NULL;
    }
    s->calls = *calls;
    s->payload = payload;
    s->can_draw = calls->draw && is_capable();
    s->has_colours = wants_colours();
    pthread_mutex_init(&s->mutex, NULL);
    return s;
}

/* ---- drawing */

static void clear_table(struct screen *s)
{
    if (s->has_table)
        fputs("\r\033[J", stderr);
    s->has_table = false;
    fflush(stderr);
}

/* A job in the background must not overwrite what the user types. */
static bool is_in_foreground(void)
{
    pid_t group = tcgetpgrp(STDERR_FILENO);
    return group < 0 || group == getpgrp();
}

/* Writes it in one piece, so that it does not flicker. */
static void draw(struct screen *s)
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
                                 .has_colours = s->has_colours };
    s->calls.draw(out, &space, s->payload);
    if (fclose(out) == 0)
        fwrite(text, 1, size, stderr);
    fflush(stderr);
    free(text);
    s->has_table = true;
}

static void say(struct screen *s, bool is_asked)
{
    clear_table(s);
    if (s->calls.say)
        s->calls.say(is_asked, s->payload);
}

static void set_plain(struct screen *s)
{
    clock_gettime(CLOCK_MONOTONIC, &s->plain);
    s->plain.tv_sec += s->n_plain++ < PLAIN_FIRST_N ? PLAIN_FIRST_S : PLAIN_LATER_S;
}

static bool is_plain_due(const struct screen *s)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec > s->plain.tv_sec || (now.tv_sec == s->plain.tv_sec && now.tv_nsec >= s->plain.tv_nsec);
}

static void renew(struct screen *s, bool is_asked)
{
    bool draws = s->can_draw && is_in_foreground();
    if (is_asked)
        say(s, true);
    if (draws) {
        draw(s);
    } else if (is_plain_due(s)) {
        say(s, false);
        set_plain(s);
    }
}

/* ---- thread */

/* Reads the requests; false when the thread must end. */
static bool take_requests(struct screen *s, bool *is_asked)
{
    char letters[64];
    ssize_t n;
    bool goes_on = true;
    while ((n = read(s->pipe[0], letters, sizeof letters)) > 0) {
        goes_on = goes_on && memchr(letters, 'q', (size_t)n) == NULL;
        *is_asked = *is_asked || memchr(letters, 'a', (size_t)n) != NULL;
    }
    return goes_on;
}

static void *show(void *argument)
{
    struct screen *s = argument;
    struct pollfd fd = { .fd = s->pipe[0], .events = POLLIN };
    bool goes_on = true;
    while (goes_on) {
        bool is_asked = false;
        poll(&fd, 1, TICK_MS);
        goes_on = take_requests(s, &is_asked);
        pthread_mutex_lock(&s->mutex);
        if (goes_on || is_asked)
            renew(s, is_asked);
        pthread_mutex_unlock(&s->mutex);
    }
    return NULL;
}

/* The main thread handles signals. */
void screen_begin(struct screen *s)
{
    sigset_t all, before;
    if (s == NULL)
        return;
    set_plain(s);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    s->has_thread = pthread_create(&s->thread, NULL, show, s) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* Safe in a signal handler. If the pipe is full, there are enough requests in it. */
static void request(const struct screen *s, char letter)
{
    int saved = errno;
    if (s && write(s->pipe[1], &letter, 1) < 0)
        errno = saved;
    errno = saved;
}

void screen_ask(struct screen *s)
{
    request(s, 'a');
}

void screen_resized(struct screen *s)
{
    request(s, 'r');
}

void screen_line(struct screen *s, const char *format, ...)
{
    char text[LOG_LINE_SIZE];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (s)
        pthread_mutex_lock(&s->mutex);
    bool had_table = s && s->has_table;
    if (s)
        clear_table(s);
    log_line("%s", text);
    if (s)
        pthread_mutex_unlock(&s->mutex);
    if (had_table)
        screen_resized(s);
}

void screen_free(struct screen *s)
{
    if (s == NULL)
        return;
    request(s, 'q');
    if (s->has_thread)
        pthread_join(s->thread, NULL);
    clear_table(s);
    pthread_mutex_destroy(&s->mutex);
    close(s->pipe[0]);
    close(s->pipe[1]);
    free(s);
}
