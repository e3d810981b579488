/* leg_run.h - the driver of one leg: sessions one after the other until its deadline, and the record of them. */
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
    struct queue *queue;               /* where intervals and states go */
    const atomic_bool *is_stop_wanted; /* of the whole run */
};

/* When a leg begins. */
struct leg_run_time {
    double delay_s;  /* after leg_run_begin(); below 0: its time has passed by so much */
    int64_t unix_ns; /* not 0: at that date, even when the date is set meanwhile; delay_s is how far it seemed to be */
};

struct leg_run;

/* leg's defaults are filled in. options are borrowed for the leg's life. NULL when out of memory. */
struct leg_run *leg_run_new(const struct longhaul_leg *leg, size_t index, const struct leg_run_time *time,
                            const struct leg_run_options *options);
void leg_run_free(struct leg_run *leg);

/* All below on the driver's thread, but for leg_run_stop(). */
void leg_run_begin(struct leg_run *leg);
/* Reads what the session says; call when leg_run_fd() is readable. */
void leg_run_read(struct leg_run *leg);
/* What is due by now. Returns when it wants to be called next, CLOCK_BOOTTIME; INT64_MAX when the leg is finished. */
int64_t leg_run_tend(struct leg_run *leg);
bool leg_run_is_finished(const struct leg_run *leg);
/* -1 while there is no session. */
int leg_run_fd(const struct leg_run *leg);

/* The figures so far. */
void leg_run_status(const struct leg_run *leg, struct longhaul_status *out);

/* From any thread; the driver must be woken. */
void leg_run_stop(struct leg_run *leg);

/* Valid when it is finished. Borrowed. */
struct longhaul_outcome *leg_run_outcome(struct leg_run *leg);

#endif
