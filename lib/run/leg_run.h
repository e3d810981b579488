/* leg_run.h - drives one leg: one session after the other until its deadline, and their record. */
#ifndef LEG_RUN_H
#define LEG_RUN_H

#include <stdatomic.h>

#include <longhaul.h>

#include "run/queue.h"

/* What the legs of a run share. */
struct leg_run_options {
    const char *dir;
    double sync_s;
    bool resume, resume_only;
    double wait_s; /* for the first connection */
    const char *username, *password, *public_key;
    struct queue *queue;               /* where intervals and states are put */
    const atomic_bool *is_stop_wanted; /* of the whole run */
    bool *is_lack_told;                /* what is lacking to trace routes was said; the driver's alone */
};

/* The time when a leg begins. */
struct leg_run_time {
    double delay_s;  /* after leg_run_begin(); a negative delay is how long ago its start was */
    int64_t unix_ns; /* if not 0, it begins at that date, even if the clock is set meanwhile; delay_s is the delay as
                      * first computed */
};

struct leg_run;

/* leg has its defaults filled in. options are borrowed for the leg's life. NULL when out of memory. */
struct leg_run *leg_run_new(const struct longhaul_leg *leg, size_t index, const struct leg_run_time *time,
                            const struct leg_run_options *options);
void leg_run_free(struct leg_run *leg);

/* All functions below are for the driver's thread, except leg_run_stop(). */
void leg_run_begin(struct leg_run *leg);
/* Reads the session's messages; call it when leg_run_fd() is readable. */
void leg_run_read(struct leg_run *leg);
/* Does what is due by now. Returns when it must be called next, CLOCK_BOOTTIME; INT64_MAX when the leg is finished. */
int64_t leg_run_tend(struct leg_run *leg);
bool leg_run_is_finished(const struct leg_run *leg);
/* -1 while there is no session. */
int leg_run_fd(const struct leg_run *leg);

/* The figures so far. */
void leg_run_status(const struct leg_run *leg, struct longhaul_status *out);

/* May be called from any thread; the driver must be woken. */
void leg_run_stop(struct leg_run *leg);

/* Valid once the leg is finished. Borrowed. */
struct longhaul_outcome *leg_run_outcome(struct leg_run *leg);

#endif
