/* run.c - runs any number of legs at once: one thread that drives them (leg_run), the queue to the caller's thread, the
 * public calls. The driving thread also publishes the figures that other threads may ask for, and the metrics file. */

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/descriptor.h"
#include "base/error.h"
#include "base/text_copy.h"
#include "base/units.h"
#include "engine/engine.h"
#include "model/leg.h"
#include "record/metrics.h"
#include "run/leg_run.h"
#include "run/queue.h"

#define SYNC_S 5.0
#define LONGEST_DELAY_S 31536000.0
#define DISPATCH_MAX 256 /* deliveries per call: the loop of a host that was busy for hours stays responsive */
#define LONGEST_WAIT_MS 1000 /* poll() does not count while the host sleeps, and silence is not an event */

struct longhaul_run {
    struct longhaul_run_options options;
    struct leg_run_options for_legs;
    char *dir, *username, *password, *public_key;
    struct longhaul_leg *plans; /* what will run, and ... */
    struct leg_run_time *times; /* ... when each leg begins */
    struct leg_run **legs;
    size_t n_legs;
    struct pollfd *fds;
    int wake; /* eventfd: wakes the driver */
    atomic_bool is_stop_wanted;
    bool is_lack_told; /* see struct leg_run_options */
    pthread_t driver;
    bool has_driver;
    bool is_delivering;       /* a callback has been called and has not returned */
    bool *is_done;            /* legs whose end was delivered: their outcomes are final */
    atomic_bool has_begun;    /* legs is whole, and stays so until longhaul_run_free() */
    atomic_llong awake_ns;    /* when the driver last went round its loop, CLOCK_MONOTONIC; 0 while it does not run */
    pthread_mutex_t mutex; /* of statuses */
    struct longhaul_status *statuses;
    struct metrics_file metrics_file;
    struct metrics_leg *metrics;
};

/* ---- figures so far */

static void publish(struct longhaul_run *run)
{
    pthread_mutex_lock(&run->mutex);
    for (size_t i = 0; i < run->n_legs; i++)
        leg_run_status(run->legs[i], &run->statuses[i]);
    pthread_mutex_unlock(&run->mutex);
}

static int write_metrics(struct longhaul_run *run, struct longhaul_error *err)
{
    for (size_t i = 0; i < run->n_legs; i++)
        run->metrics[i] = (struct metrics_leg){ .leg = &run->plans[i], .status = run->statuses[i] };
    double wall_unix_s = (double)clock_wall_ns() / NS_PER_S;
    return metrics_write_run(run->metrics_file.path, run->metrics, run->n_legs, wall_unix_s, err);
}

/* A metrics file that cannot be written stops no measurement; the failure is reported once, and so is its end. */
static void renew_metrics(struct longhaul_run *run)
{
    struct longhaul_error err = { 0 };
    if (run->metrics_file.path && metrics_tried(&run->metrics_file, write_metrics(run, &err), clock_boot_ns()))
        queue_put_note(run->for_legs.queue, err.text);
}

/* ---- driver */

static size_t watch(struct longhaul_run *run)
{
    size_t n = 0;
    run->fds[n++] = (struct pollfd){ .fd = run->wake, .events = POLLIN };
    for (size_t i = 0; i < run->n_legs; i++)
        if (leg_run_fd(run->legs[i]) >= 0)
            run->fds[n++] = (struct pollfd){ .fd = leg_run_fd(run->legs[i]), .events = POLLIN };
    return n;
}

static int wait_ms(int64_t next_ns)
{
    int64_t now = clock_boot_ns();
    if (next_ns <= now)
        return 0;
    int64_t ms = (next_ns - now) / NS_PER_MS + 1;
    return ms > LONGEST_WAIT_MS ? LONGEST_WAIT_MS : (int)ms;
}

static void *drive(void *argument)
{
    struct longhaul_run *run = argument;
    uint64_t n_wakes;
    for (size_t i = 0; i < run->n_legs; i++)
        leg_run_begin(run->legs[i]);
    for (;;) {
        int64_t next = INT64_MAX;
        bool is_done = true;
        atomic_store(&run->awake_ns, clock_monotonic_ns());
        for (size_t i = 0; i < run->n_legs; i++) {
            int64_t due = leg_run_tend(run->legs[i]);
            next = due < next ? due : next;
            is_done = is_done && leg_run_is_finished(run->legs[i]);
        }
        publish(run);
        if (is_done)
            break;
        if (metrics_due_ns(&run->metrics_file) <= clock_boot_ns())
            renew_metrics(run);
        if (metrics_due_ns(&run->metrics_file) < next)
            next = metrics_due_ns(&run->metrics_file);
        if (poll(run->fds, watch(run), wait_ms(next)) > 0 && run->fds[0].revents &&
            read(run->wake, &n_wakes, sizeof n_wakes) < 0)
            continue;
        for (size_t i = 0; i < run->n_legs; i++)
            leg_run_read(run->legs[i]);
    }
    renew_metrics(run);
    atomic_store(&run->awake_ns, 0);
    queue_close(run->for_legs.queue);
    return NULL;
}

/* The host's threads handle the signals. */
static int start_driver(struct longhaul_run *run)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int rc = pthread_create(&run->driver, NULL, drive, run);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc;
}

/* ---- public */

static int check_options(const struct longhaul_run_options *o, struct longhaul_error *err)
{
    if (!engine_is_built(err))
        return LONGHAUL_ENOTBUILT;
    if (o->dir && *o->dir == 0)
        return error_set(err, LONGHAUL_EINVAL, "folder \"\": no name");
    if (!(o->sync_s >= 0 && o->sync_s <= 3600))
        return error_set(err, LONGHAUL_EINVAL, "sync every %g s: from 0 (5 s) to 3600", o->sync_s);
    if (!(o->wait_s >= 0 && o->wait_s <= LONGEST_DELAY_S))
        return error_set(err, LONGHAUL_EINVAL, "wait for %g s: from 0 to %g", o->wait_s, LONGEST_DELAY_S);
    if (!o->username != !o->password || !o->username != !o->public_key)
        return error_set(err, LONGHAUL_EINVAL, "user name, password and public key go together");
    int rc = o->public_key ? engine_check_key(o->public_key, false, err) : 0;
    return rc ? rc : metrics_check_options(o->metrics_path, o->metrics_s, err);
}

int longhaul_run_new(const struct longhaul_run_options *options, struct longhaul_run **out, struct longhaul_error *err)
{
    static const struct longhaul_run_options defaults;
    bool failed = false;
    int rc = check_options(options ? options : &defaults, err);
    if (rc != 0)
        return rc;
    struct longhaul_run *run = calloc(1, sizeof *run);
    if (run == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "out of memory");
    run->options = options ? *options : defaults;
    run->dir = text_copy(run->options.dir ? run->options.dir : LEG_DIR, &failed);
    run->username = text_copy(run->options.username, &failed);
    run->password = text_copy(run->options.password, &failed);
    run->public_key = text_copy(run->options.public_key, &failed);
    failed = !metrics_init(&run->metrics_file, run->options.metrics_path, run->options.metrics_s) || failed;
    pthread_mutex_init(&run->mutex, NULL);
    run->wake = descriptor_above_std(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (failed || run->wake < 0) {
        rc = failed ? error_set(err, LONGHAUL_ENOMEM, "out of memory") : error_errno(err, LONGHAUL_EIO, "eventfd");
        longhaul_run_free(run);
        return rc;
    }
    *out = run;
    return 0;
}

static int add(struct longhaul_run *run, const struct longhaul_leg *leg, const struct leg_run_time *time,
               struct longhaul_error *err)
{
    int rc = longhaul_leg_check(leg, err);
    double delay_s = time->delay_s;
    if (rc != 0)
        return rc;
    if (!engine_can_run(leg, err))
        return LONGHAUL_ENOTBUILT;
    if (!(delay_s >= -LONGEST_DELAY_S && delay_s <= LONGEST_DELAY_S))
        return error_set(err, LONGHAUL_EINVAL, "%s->%s: begins in %.0f s: more than a year from now", leg->source,
                         leg->destination, delay_s);
    if (run->legs)
        return error_set(err, LONGHAUL_EINVAL, "%s->%s: the run has already begun", leg->source, leg->destination);
    struct longhaul_leg *plans = realloc(run->plans, (run->n_legs + 1) * sizeof *plans);
    if (plans != NULL)
        run->plans = plans;
    struct leg_run_time *times = realloc(run->times, (run->n_legs + 1) * sizeof *times);
    if (times != NULL)
        run->times = times;
    if (plans == NULL || times == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "out of memory");
    plans[run->n_legs] = *leg;
    times[run->n_legs] = *time;
    longhaul_leg_fill(&plans[run->n_legs]);
    run->n_legs++;
    return 0;
}

int longhaul_run_add(struct longhaul_run *run, const struct longhaul_leg *leg, struct longhaul_error *err)
{
    int64_t start_unix_s = run->options.start_unix_s;
    double delay_s = start_unix_s ? (double)start_unix_s - (double)clock_wall_ns() / NS_PER_S : 0;
    bool is_near = fabs(delay_s) <= LONGEST_DELAY_S; /* what is not is refused, and may have no time in ns */
    struct leg_run_time time = { .unix_ns = is_near ? start_unix_s * NS_PER_S : 0,
                                 .delay_s = delay_s < 0 && delay_s > -1 ? 0 : delay_s };
    return add(run, leg, &time, err);
}

int longhaul_run_add_later(struct longhaul_run *run, const struct longhaul_leg *leg, double delay_s,
                           struct longhaul_error *err)
{
    struct leg_run_time time = { .delay_s = delay_s };
    if (run->options.start_unix_s && delay_s >= 0 && delay_s <= LONGEST_DELAY_S)
        time.unix_ns = clock_wall_ns() + (int64_t)(delay_s * NS_PER_S);
    return add(run, leg, &time, err);
}

static bool make_legs(struct longhaul_run *run)
{
    const struct longhaul_run_options *o = &run->options;
    run->for_legs = (struct leg_run_options){ .dir = run->dir, .sync_s = o->sync_s > 0 ? o->sync_s : SYNC_S,
                                              .resume = o->is_resumed || o->is_resume_only,
                                              .resume_only = o->is_resume_only, .wait_s = o->wait_s,
                                              .username = run->username, .password = run->password,
                                              .public_key = run->public_key, .queue = queue_new(run->n_legs),
                                              .is_stop_wanted = &run->is_stop_wanted,
                                              .is_lack_told = &run->is_lack_told };
    run->fds = calloc(run->n_legs + 1, sizeof *run->fds);
    run->legs = calloc(run->n_legs, sizeof *run->legs);
    run->statuses = calloc(run->n_legs, sizeof *run->statuses);
    run->metrics = calloc(run->n_legs, sizeof *run->metrics);
    run->is_done = calloc(run->n_legs, sizeof *run->is_done);
    bool good = run->for_legs.queue && run->fds && run->legs && run->statuses && run->metrics && run->is_done;
    for (size_t i = 0; good && i < run->n_legs; i++)
        good = (run->legs[i] = leg_run_new(&run->plans[i], i, &run->times[i], &run->for_legs)) != NULL;
    return good;
}

int longhaul_run_start(struct longhaul_run *run, struct longhaul_error *err)
{
    if (run->legs || run->n_legs == 0)
        return error_set(err, LONGHAUL_EINVAL, run->legs ? "the run has already begun" : "a run without legs");
    if (!make_legs(run))
        return error_errno(err, errno == ENOMEM ? LONGHAUL_ENOMEM : LONGHAUL_EIO, "%zu legs", run->n_legs);
    publish(run);
    int rc = run->metrics_file.path ? metrics_check(run->metrics_file.path, run->plans, run->n_legs, err) : 0;
    if (rc != 0)
        return rc;
    rc = start_driver(run);
    if (rc != 0) {
        errno = rc;
        return error_errno(err, LONGHAUL_EIO, "thread");
    }
    run->has_driver = true;
    atomic_store(&run->has_begun, true);
    return 0;
}

static void wake(struct longhaul_run *run)
{
    uint64_t one = 1;
    int saved = errno;
    if (write(run->wake, &one, sizeof one) < 0)
        errno = saved; /* the eventfd is full of wake-ups already */
    errno = saved;
}

void longhaul_run_stop(struct longhaul_run *run)
{
    atomic_store(&run->is_stop_wanted, true);
    wake(run);
}

int longhaul_run_stop_leg(struct longhaul_run *run, size_t leg)
{
    if (!atomic_load(&run->has_begun) || leg >= run->n_legs)
        return LONGHAUL_EINVAL;
    leg_run_stop(run->legs[leg]);
    wake(run);
    return 0;
}

/* ---- deliveries: all callbacks are called here */

/* Nothing of the leg follows: its outcome is final. */
static void note_done(struct longhaul_run *run, size_t leg)
{
    leg_run_outcome(run->legs[leg])->n_undelivered =
        run->options.on_interval ? queue_n_dropped(run->for_legs.queue, leg) : 0;
    run->is_done[leg] = true;
}

static void deliver(struct longhaul_run *run, const struct queue_item *item)
{
    const struct longhaul_run_options *o = &run->options;
    if (item->leg == QUEUE_NO_LEG) {
        if (o->on_note)
            o->on_note(item->text, o->payload);
        return;
    }
    if (item->is_state) {
        if (item->phase == LONGHAUL_PHASE_DONE)
            note_done(run, item->leg);
        struct longhaul_state state = { .phase = item->phase, .text = item->text };
        if (o->on_state)
            o->on_state(item->leg, &state, o->payload);
        return;
    }
    enum longhaul_action action =
        o->on_interval ? o->on_interval(item->leg, &item->interval, o->payload) : LONGHAUL_ACTION_CONTINUE;
    if (action == LONGHAUL_ACTION_STOP_LEG)
        longhaul_run_stop_leg(run, item->leg);
    else if (action == LONGHAUL_ACTION_STOP_ALL)
        longhaul_run_stop(run);
}

static void join(struct longhaul_run *run)
{
    if (run->has_driver)
        pthread_join(run->driver, NULL);
    run->has_driver = false;
}

/* All legs are done. */
static int conclude(struct longhaul_run *run, struct longhaul_error *err)
{
    join(run); /* the driver closed the queue as its last act */
    for (size_t i = 0; i < run->n_legs; i++)
        if (!run->is_done[i]) /* there was no memory for the news of its end */
            note_done(run, i);
    for (size_t i = 0; i < run->n_legs; i++) {
        const struct longhaul_outcome *o = leg_run_outcome(run->legs[i]);
        if (o->ending == LONGHAUL_ENDING_FAILED)
            return error_set(err, o->error.code, "%s", o->error.text);
    }
    return 0;
}

int longhaul_run_fd(const struct longhaul_run *run)
{
    return atomic_load(&run->has_begun) ? queue_fd(run->for_legs.queue) : LONGHAUL_EINVAL;
}

int longhaul_run_dispatch(struct longhaul_run *run, struct longhaul_error *err)
{
    struct queue_item item;
    int rc = 0;
    if (!atomic_load(&run->has_begun) || run->is_delivering)
        return error_set(err, LONGHAUL_EINVAL, "%s", run->is_delivering ? "called from a callback of the same run"
                                                                        : "the run has not begun");
    for (int i = 0; i < DISPATCH_MAX && (rc = queue_take(run->for_legs.queue, &item)) > 0; i++) {
        run->is_delivering = true;
        deliver(run, &item);
        run->is_delivering = false;
    }
    return rc < 0 ? conclude(run, err) : 1;
}

int longhaul_run_wait(struct longhaul_run *run, struct longhaul_error *err)
{
    int rc;
    if (!run->has_driver)
        return error_set(err, LONGHAUL_EINVAL, "the run has not begun, or is over");
    struct pollfd ready = { .fd = longhaul_run_fd(run), .events = POLLIN };
    while ((rc = longhaul_run_dispatch(run, err)) == 1)
        poll(&ready, 1, -1); /* a signal may end it early */
    return rc;
}

int longhaul_run_status(struct longhaul_run *run, size_t leg, struct longhaul_status *out, struct longhaul_error *err)
{
    if (leg >= run->n_legs || run->statuses == NULL)
        return error_set(err, LONGHAUL_EINVAL, "leg %zu: %s", leg,
                         leg >= run->n_legs ? "no such leg" : "the run has not begun");
    pthread_mutex_lock(&run->mutex);
    *out = run->statuses[leg];
    pthread_mutex_unlock(&run->mutex);
    return 0;
}

double longhaul_run_idle_s(const struct longhaul_run *run)
{
    int64_t awake_ns = atomic_load(&run->awake_ns);
    return awake_ns ? (double)(clock_monotonic_ns() - awake_ns) / NS_PER_S : NAN;
}

const struct longhaul_outcome *longhaul_run_outcome(const struct longhaul_run *run, size_t leg)
{
    bool is_final = atomic_load(&run->has_begun) && leg < run->n_legs && run->is_done[leg];
    return is_final ? leg_run_outcome(run->legs[leg]) : NULL;
}

void longhaul_run_free(struct longhaul_run *run)
{
    if (run == NULL)
        return;
    if (run->has_driver)
        longhaul_run_stop(run);
    join(run);
    for (size_t i = 0; run->legs && i < run->n_legs; i++)
        leg_run_free(run->legs[i]);
    if (run->wake >= 0)
        close(run->wake);
    queue_free(run->for_legs.queue);
    pthread_mutex_destroy(&run->mutex);
    metrics_clear(&run->metrics_file);
    free(run->is_done);
    free(run->metrics);
    free(run->statuses);
    free(run->fds);
    free(run->legs);
    free(run->times);
    free(run->plans);
    free(run->public_key);
    if (run->password)
        explicit_bzero(run->password, strlen(run->password));
    free(run->password);
    free(run->username);
    free(run->dir);
    free(run);
}

int longhaul_run_leg(const struct longhaul_leg *leg, const struct longhaul_run_options *options,
                     struct longhaul_outcome *outcome, struct longhaul_error *err)
{
    struct longhaul_run *run;
    int rc = longhaul_run_new(options, &run, err);
    if (rc != 0)
        return rc;
    if ((rc = longhaul_run_add(run, leg, err)) == 0 && (rc = longhaul_run_start(run, err)) == 0)
        rc = longhaul_run_wait(run, err);
    if (outcome && longhaul_run_outcome(run, 0)) {
        *outcome = *longhaul_run_outcome(run, 0);
        outcome->result_path = NULL;
    }
    longhaul_run_free(run);
    return rc;
}
