/* tell.c - the thread that tells: it looks at the legs, tends the programs, and keeps a service manager informed. */

#include "tell.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd.h"
#include "log.h"
#include "notify.h"
#include "seconds.h"
#include "tell_command.h"
#include "tell_legs.h"

#define LOOK_S 0.25
#define STATUS_S 10.0
#define LAST_S (TELL_DEADLINE_S + 5.0) /* at the end, for what is still to be told */
#define PATIENCE_S 1.0                 /* before it says that it waits for that */

struct tell {
    struct tell_options options;
    struct tell_command command; /* no path: none */
    struct tell_legs *legs;
    pthread_t thread;
    pthread_mutex_t mutex; /* of the next two */
    pthread_cond_t changed;
    bool has_begun, is_stopping;
    bool has_stopped; /* the thread is over */
    double watchdog_s, watchdog_at_s, status_at_s;
    char status[200];
};

/* Above the table of a terminal, as long as there is one. */
static void say(void *payload, const char *text)
{
    const struct tell *t = payload;
    char line[4608];
    snprintf(line, sizeof line, "--on-event: %s", cmd_safe(text).text);
    if (t->has_stopped)
        log_line("longhaul: %s", line);
    else
        t->options.say(t->options.payload, line);
}

/* ---- the service manager */

/* The watchdog is told that all is well while what drives the legs is awake, and before and after that. */
static void inform(struct tell *t)
{
    char status[sizeof t->status], line[sizeof t->status + 16];
    double now = seconds_of(CLOCK_MONOTONIC), idle_s = t->options.idle_s(t->options.payload);
    if (t->watchdog_s > 0 && now >= t->watchdog_at_s && !(idle_s >= t->watchdog_s)) {
        notify_send("WATCHDOG=1");
        t->watchdog_at_s = now + t->watchdog_s / 2;
    }
    if (now < t->status_at_s || !notify_is_wanted())
        return;
    t->status_at_s = now + STATUS_S;
    tell_legs_count(t->legs, status, sizeof status);
    if (strcmp(status, t->status) == 0)
        return;
    strcpy(t->status, status);
    snprintf(line, sizeof line, "STATUS=%s", status);
    notify_send(line);
}

/* ---- the thread */

static bool wait_or_stop(struct tell *t)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += (long)(LOOK_S * 1e9);
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&t->mutex);
    while (!t->is_stopping && pthread_cond_timedwait(&t->changed, &t->mutex, &until) != ETIMEDOUT)
        continue;
    bool is_stopping = t->is_stopping;
    pthread_mutex_unlock(&t->mutex);
    return is_stopping;
}

/* False if it is stopped before it begins. */
static bool wait_for_begin(struct tell *t)
{
    pthread_mutex_lock(&t->mutex);
    while (!t->has_begun && !t->is_stopping)
        pthread_cond_wait(&t->changed, &t->mutex);
    bool has_begun = t->has_begun;
    pthread_mutex_unlock(&t->mutex);
    return has_begun;
}

/* Under a service manager, what still runs when longhaul ends is killed: the last events would not be told. */
static void tell_the_rest(struct tell *t)
{
    bool has_said = false;
    double begin_s = seconds_of(CLOCK_MONOTONIC);
    while (tell_command_is_busy(&t->command) && seconds_of(CLOCK_MONOTONIC) < begin_s + LAST_S) {
        tell_command_tend(&t->command);
        inform(t);
        if (!has_said && tell_command_is_busy(&t->command) && seconds_of(CLOCK_MONOTONIC) > begin_s + PATIENCE_S) {
            say(t, "waits for its last programs, up to 35 s");
            has_said = true;
        }
        nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
    }
}

static void *watch(void *argument)
{
    struct tell *t = argument;
    if (!wait_for_begin(t))
        return NULL;
    notify_send("READY=1");
    do {
        tell_legs_look(t->legs);
        tell_command_tend(&t->command);
        inform(t);
    } while (!wait_or_stop(t));
    notify_send("STOPPING=1");
    tell_legs_look(t->legs);
    tell_command_tend(&t->command);
    return NULL;
}

/* Signals are handled by the program's other threads. */
static int start_thread(struct tell *t)
{
    pthread_condattr_t monotonic;
    sigset_t all, before;
    pthread_mutex_init(&t->mutex, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&t->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int rc = pthread_create(&t->thread, NULL, watch, t);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc;
}

/* ---- whole */

static void drop(struct tell *t)
{
    tell_command_clear(&t->command);
    tell_legs_free(t->legs);
    free(t);
}

static int fail(struct tell *t, struct longhaul_error *err, int code, const char *text)
{
    err->code = code;
    snprintf(err->text, sizeof err->text, "%.500s", text);
    if (t)
        drop(t);
    return code;
}

int tell_new(const struct tell_options *options, struct tell **out, struct longhaul_error *err)
{
    char why[300] = "--on-event: ";
    size_t n = strlen(why);
    *out = NULL;
    if (options->program == NULL && !notify_is_wanted())
        return 0;
    struct tell *t = calloc(1, sizeof *t);
    if (t == NULL)
        return fail(NULL, err, LONGHAUL_ENOMEM, "out of memory");
    t->options = *options;
    t->watchdog_s = notify_watchdog_s();
    if (options->program && !tell_command_init(&t->command, options->program, why + n, sizeof why - n))
        return fail(t, err, LONGHAUL_EINVAL, why);
    t->command.say = say;
    t->command.payload = t;
    t->legs = tell_legs_new(&t->options, options->program ? &t->command : NULL);
    if (t->legs == NULL)
        return fail(t, err, LONGHAUL_ENOMEM, "out of memory");
    if (start_thread(t) != 0)
        return fail(t, err, LONGHAUL_EIO, "no thread can be started for events");
    *out = t;
    return 0;
}

static void change(struct tell *t, bool *what)
{
    pthread_mutex_lock(&t->mutex);
    *what = true;
    pthread_cond_signal(&t->changed);
    pthread_mutex_unlock(&t->mutex);
}

void tell_begin(struct tell *t)
{
    if (t)
        change(t, &t->has_begun);
}

void tell_stop(struct tell *t)
{
    if (t == NULL || t->has_stopped)
        return;
    change(t, &t->is_stopping);
    pthread_join(t->thread, NULL);
    t->has_stopped = true;
}

void tell_free(struct tell *t)
{
    if (t == NULL)
        return;
    tell_stop(t);
    tell_the_rest(t);
    drop(t);
}
