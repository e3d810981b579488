/* leg_run.c - drives one leg until its deadline: does what is due, and when. Draws nothing, prints nothing, has no
 * thread of its own. A leg is a sequence of sessions (leg_session). If one ends before the leg's deadline, for whatever
 * reason, another follows. */

#include "run/leg_run.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/units.h"
#include "run/cause.h"
#include "run/leg_record.h"
#include "run/leg_state.h"
#include "run/silence.h"

#define FORKS_MAX 50
#define LAST_SECONDS_NS                                                                                                \
    (5 * NS_PER_S) /* this close to the end no connection is made to the server's port: the server must not be free
                    * when it arrives */

/* A run that continues a record keeps the record's deadline. Sets 0 without a record: there is nothing to resume, and
 * no new one is wanted. */
static int begin_record(struct leg_run *l, struct longhaul_error *err)
{
    const struct leg_run_options *o = l->options;
    enum leg_record_way way = o->resume_only && l->time.delay_s <= 0 ? LEG_RECORD_RESUME_ONLY
                              : o->resume                            ? LEG_RECORD_RESUME
                                                                     : LEG_RECORD_NEW;
    int rc = leg_record_begin(o->dir, &l->leg, way, &l->record, err);
    int64_t now = clock_boot_ns();
    if (rc == 0 && l->record && record_has_started(l->record))
        l->deadline_ns = now + (int64_t)((l->leg.duration_s - record_elapsed_s(l->record, now)) * NS_PER_S);
    return rc;
}

/* ---- clock */

static void on_phase_deadline(struct leg_run *l, int64_t now)
{
    switch (l->phase) {
    case PHASE_FORKING: /* a lock that another thread of the host held at the fork: see engine_child.c, prove_alive() */
        engine_close(l->engine);
        l->engine = NULL;
        if (l->n_forks < FORKS_MAX || l->is_second)
            leg_session_begin(l, now);
        else
            leg_finish(l, "the measuring process hangs after its fork", LONGHAUL_EIO);
        break;
    case PHASE_CONNECTING:
        leg_session_fail(l, now, "no answer", RECORD_PATH_SILENT, true);
        break;
    case PHASE_RUNNING:
        leg_session_fail(l, now, "no interval came: the session hangs", RECORD_SESSION_ERROR, false);
        break;
    case PHASE_ENDING:
        leg_session_end(l, now, "the server did not answer at the end", false, RECORD_PATH_SILENT, false);
        break;
    case PHASE_PAUSE:
        leg_session_begin(l, now);
        break;
    case PHASE_PENDING:
    case PHASE_FINISHED:
        break;
    }
}

static bool is_silent(const struct leg_run *l, int64_t now)
{
    int64_t patience = silence_patience_ns(&l->leg, l->is_shut);
    return patience > 0 && now - l->data_ns > patience;
}

/* Detects what no event reports: the host slept; or a sender, or its path, is alive but sends nothing. */
static void look_for_silence(struct leg_run *l, int64_t now)
{
    bool is_push = l->leg.direction == LONGHAUL_DIRECTION_PUSH;
    if (leg_has_slept(l, now, clock_monotonic_ns()))
        leg_session_fail(l, now, "this host slept", RECORD_SUSPENDED, false);
    else if (is_silent(l, now)) {
        bool is_stopped = cause_is_heard_of(l->last_ack_s);
        leg_session_fail(l, now,
                         !is_stopped ? "the peer's host does not answer"
                         : is_push   ? "the server reads nothing"
                                     : "the server sends nothing",
                         is_stopped ? RECORD_PEER_STOPPED : RECORD_PATH_SILENT, false);
    }
}

static void stop_session(struct leg_run *l, int64_t now)
{
    l->is_stop_sent = true;
    l->stop_ns = now;
    if (l->phase == PHASE_RUNNING) {
        engine_stop(l->engine);
        leg_enter(l, PHASE_ENDING, now + LAST_WORDS_NS);
    } else if (l->phase != PHASE_ENDING) {
        leg_session_end(l, now, "", false, RECORD_SESSION_ERROR, false);
    }
}

/* The plan is over. A later session has a length of whole seconds and is stopped; the first one ends by itself, or
 * hangs. */
static void on_leg_deadline(struct leg_run *l, int64_t now)
{
    if (l->phase == PHASE_RUNNING && l->is_second)
        stop_session(l, now);
    else if (l->phase == PHASE_RUNNING && now >= l->deadline_ns + LAST_WORDS_NS)
        leg_session_fail(l, now, "the server did not answer at the end", RECORD_PATH_SILENT, false);
    else if (l->phase != PHASE_RUNNING && l->phase != PHASE_ENDING)
        leg_finish(l, NULL, 0);
}

/* The leg is skipped before it began. */
static void leave_out(struct leg_run *l, const char *why)
{
    leg_enter(l, PHASE_FINISHED, NEVER);
    leg_figures_keep(l);
    queue_put_state(l->options->queue, l->index, LONGHAUL_PHASE_DONE, why);
}

/* Its time has passed, and there is no record to continue. */
static void miss(struct leg_run *l)
{
    char why[300];
    int64_t planned_unix_s = clock_wall_ns() / NS_PER_S + (int64_t)l->time.delay_s;
    char *done = leg_record_result_since(l->options->dir, &l->leg, planned_unix_s - 2);
    if (done) {
        snprintf(why, sizeof why, "done before: %s", done);
        leave_out(l, why);
    } else {
        snprintf(why, sizeof why, "its start was %.0f s ago", -l->time.delay_s);
        leg_finish(l, why, LONGHAUL_ENET);
    }
    free(done);
}

/* Makes or finds the record, and begins the first session. */
static void begin(struct leg_run *l)
{
    struct longhaul_error err = { 0 };
    int rc = begin_record(l, &err);
    int64_t now = l->first_try_ns = clock_boot_ns();
    if (rc != 0)
        leg_finish(l, err.text, rc);
    else if (l->record == NULL)
        leave_out(l, "");
    else if (now >= l->deadline_ns) /* resumed after its end: only the result is missing */
        leg_finish(l, NULL, 0);
    else
        leg_session_begin(l, now);
}

/* For a leg with a start date: the clock may have been set since the last look. */
static void follow_date(struct leg_run *l, int64_t now)
{
    if (l->time.unix_ns)
        l->phase_deadline_ns = now + l->time.unix_ns - clock_wall_ns();
}

/* Returns the time of its start. If the clock was set past that, it begins at once, unless it would already be over. */
static int64_t tend_pending(struct leg_run *l, int64_t now)
{
    follow_date(l, now);
    double left_s = (double)(l->phase_deadline_ns - now) / NS_PER_S;
    if (leg_wants_stop(l)) {
        leg_finish(l, "stopped before its start", LONGHAUL_ENET);
    } else if (l->time.unix_ns && -left_s >= l->leg.duration_s) {
        l->time.delay_s = left_s;
        miss(l);
    } else if (now >= l->phase_deadline_ns) {
        begin(l);
    }
    return l->phase == PHASE_FINISHED ? NEVER : l->phase_deadline_ns;
}

static bool is_due(const struct leg_run *l, int64_t now)
{
    return now >= l->phase_deadline_ns || now >= l->deadline_ns ||
           (l->phase == PHASE_RUNNING && is_silent(l, now));
}

int64_t leg_run_tend(struct leg_run *l)
{
    int64_t now = clock_boot_ns();
    if (l->phase == PHASE_PENDING)
        return tend_pending(l, now);
    if (is_due(l, now)) { /* this thread may have been delayed: the child's messages count first */
        leg_run_read(l);
        now = clock_boot_ns();
    }
    if (l->phase != PHASE_FINISHED && leg_wants_stop(l) && !l->is_stop_sent)
        stop_session(l, now);
    if (l->phase == PHASE_RUNNING)
        look_for_silence(l, now);
    if (l->phase != PHASE_FINISHED && now >= l->deadline_ns)
        on_leg_deadline(l, now);
    if (l->phase != PHASE_FINISHED && now >= l->phase_deadline_ns)
        on_phase_deadline(l, now);
    if (l->phase == PHASE_FINISHED)
        return NEVER;
    bool is_busy = l->phase == PHASE_RUNNING && l->deadline_ns - now > LAST_SECONDS_NS && !l->is_stop_sent;
    int64_t next = record_sync(l->record, now, l->options->sync_s),
            rtt_ns = leg_rtt_tend(l->rtt, l->record, now, is_busy),
            hops_ns = leg_hops_tend(l->hops, l->has_started ? l->engine : NULL, l->record, now);
    if (rtt_ns < next)
        next = rtt_ns;
    if (hops_ns < next)
        next = hops_ns;
    if (l->phase_deadline_ns < next)
        next = l->phase_deadline_ns;
    return l->deadline_ns > now && l->deadline_ns < next ? l->deadline_ns : next;
}

/* ---- whole */

struct leg_run *leg_run_new(const struct longhaul_leg *leg, size_t index, const struct leg_run_time *time,
                            const struct leg_run_options *options)
{
    struct leg_run *l = calloc(1, sizeof *l);
    if (l == NULL)
        return NULL;
    l->leg = *leg;
    l->rtt = leg_rtt_new(leg);
    l->hops = leg_hops_new(&l->leg, options->queue, options->is_lack_told);
    if (l->rtt == NULL || l->hops == NULL) {
        leg_run_free(l);
        return NULL;
    }
    l->index = index;
    l->time = *time;
    l->options = options;
    l->outcome.planned_s = leg->duration_s;
    leg_figures_none(l);
    l->deadline_ns = NEVER;
    leg_enter(l, PHASE_PAUSE, NEVER);
    return l;
}

void leg_run_free(struct leg_run *l)
{
    if (l == NULL)
        return;
    engine_close(l->engine);
    record_close(l->record);
    leg_rtt_free(l->rtt);
    leg_hops_free(l->hops);
    free(l->result_path);
    free(l);
}

/* An interrupted leg has waited for its start already: it continues at once. */
void leg_run_begin(struct leg_run *l)
{
    char at[64];
    bool is_left = l->options->resume && leg_record_is_left(l->options->dir, &l->leg);
    if (l->time.delay_s < 0 && !is_left) {
        miss(l);
        return;
    }
    if (l->time.delay_s <= 0 || is_left) {
        begin(l);
        return;
    }
    int64_t unix_ns = l->time.unix_ns ? l->time.unix_ns : clock_wall_ns() + (int64_t)(l->time.delay_s * NS_PER_S);
    time_t when = (time_t)((unix_ns + NS_PER_S / 2) / NS_PER_S);
    struct tm utc;
    strftime(at, sizeof at, "begins at %Y-%m-%d %H:%M:%S UTC", gmtime_r(&when, &utc));
    leg_enter(l, PHASE_PENDING, clock_boot_ns() + (int64_t)(l->time.delay_s * NS_PER_S));
    queue_put_state(l->options->queue, l->index, LONGHAUL_PHASE_PENDING, at);
}

bool leg_run_is_finished(const struct leg_run *l)
{
    return l->phase == PHASE_FINISHED;
}

int leg_run_fd(const struct leg_run *l)
{
    return l->engine ? engine_fd(l->engine) : -1;
}

void leg_run_stop(struct leg_run *l)
{
    atomic_store(&l->is_stop_wanted, true);
}

struct longhaul_outcome *leg_run_outcome(struct leg_run *l)
{
    return &l->outcome;
}
