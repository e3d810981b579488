/* leg_state.h - one running leg, as leg_run (its deadlines), leg_session (its sessions) and leg_figures share it. */
#ifndef LEG_STATE_H
#define LEG_STATE_H

#include "engine/engine.h"
#include "record/record.h"
#include "run/leg_hops.h"
#include "run/leg_rtt.h"
#include "run/leg_run.h"

#define NEVER INT64_MAX
#define LAST_WORDS_NS (8 * NS_PER_S) /* from a stop, or the planned end, to the end record */

enum phase {
    PHASE_PENDING,    /* its start has not come */
    PHASE_FORKING,    /* the child has not sent its hello */
    PHASE_CONNECTING, /* no test yet */
    PHASE_RUNNING,
    PHASE_ENDING,     /* asked to stop, or the end record arrived: only the exit is missing */
    PHASE_PAUSE,      /* between two sessions */
    PHASE_FINISHED
};

/* All times are CLOCK_BOOTTIME. */
struct leg_run {
    const struct leg_run_options *options;
    size_t index;
    struct longhaul_leg leg;
    struct longhaul_outcome outcome;
    atomic_bool is_stop_wanted;
    struct record *record;
    struct leg_rtt *rtt;
    struct leg_hops *hops;
    char address[64]; /* of the peer, numeric; "" before the first session */
    char *result_path;

    struct engine *engine;
    enum phase phase;
    int64_t phase_deadline_ns;
    unsigned n_forks;    /* in a row without a hello */
    unsigned n_failures; /* sessions in a row without an interval */
    bool is_stop_sent;
    int64_t stop_ns;     /* when it was first asked to stop; 0 before */
    bool has_started;    /* this session */
    bool is_clean;       /* the last finished session ended as a stopped one does */
    bool is_second;      /* this session is not the leg's first */
    int64_t data_ns;     /* when packets were last seen */
    double last_ack_s;
    bool is_unreadable_told, is_left_out_told; /* once for the leg */
    uint32_t n_dropped_told; /* rejected datagrams of its session, as last reported */
    bool is_shut;        /* TCP, pushed: in the last interval */
    uint16_t control_port; /* of the last session that began */
    bool is_reached;       /* the last attempt got an answer from the peer's host, even if only a refusal */
    bool is_busy;          /* ... namely that it is busy with another test */
    uint16_t first_port;   /* of its flows, if those of its record were taken by others; else 0 */
    uint16_t dead_port;    /* of a session that broke silently: its server may still believe in it */
    char session_error[300];
    char told_error[300];  /* the reason for waiting that was last reported */
    char local_address[64]; /* of the last session that began */

    struct leg_run_time time;
    int64_t first_try_ns;
    int64_t deadline_ns; /* of the leg; NEVER before its first session */
    int64_t slept_ns;    /* CLOCK_BOOTTIME - CLOCK_MONOTONIC */
    struct longhaul_status last; /* when it is finished */
};

void leg_enter(struct leg_run *leg, enum phase phase, int64_t deadline_ns);
bool leg_wants_stop(struct leg_run *leg);
/* True if the difference of the two clocks has grown since the session began: the host slept. */
bool leg_has_slept(const struct leg_run *leg, int64_t boot_ns, int64_t monotonic_ns);

/* Ends the leg. failure, if not NULL, says why it measured nothing. */
void leg_finish(struct leg_run *leg, const char *failure, int code);

/* Sets the figures of a leg that has none yet. */
void leg_figures_none(struct leg_run *leg);
/* Takes the current figures of a leg that has a record. */
void leg_figures_take(const struct leg_run *leg, struct longhaul_status *out);
/* Takes the final figures; those of a leg with a result come from its outcome where that is more precise. */
void leg_figures_keep(struct leg_run *leg);

void leg_session_begin(struct leg_run *leg, int64_t now);
/* The child is gone, or must go. text is "" if the session ran to its planned end or was stopped by us. may_pass: a
 * first session may be tried again. */
void leg_session_end(struct leg_run *leg, int64_t now, const char *text, bool is_clean, enum record_cause cause,
                     bool may_pass);
/* The same for a session that broke; before the test begins, the message names the peer. */
void leg_session_fail(struct leg_run *leg, int64_t now, const char *text, enum record_cause cause, bool may_pass);

#endif
