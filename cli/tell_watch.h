/* tell_watch.h - decides when something is worth telling about a leg: with hysteresis, and once. Knows no process, no
 * file and no clock. */
#ifndef TELL_WATCH_H
#define TELL_WATCH_H

#include <longhaul.h>

/* A condition is open from its beginning until its end, also while longhaul is not running. */
enum tell_condition { TELL_DOWN, TELL_LOSS, TELL_QUEUE, TELL_N_CONDITIONS };
/* Of a condition; the leg is over; an objective is missed. */
enum tell_kind { TELL_BEGINS, TELL_ENDS, TELL_OVER, TELL_MISSED };

enum {
    TELL_SECONDS = 10, /* of the last so many seconds ... */
    TELL_BAD = 5,      /* ... at least so many are bad: it begins */
    TELL_GOOD = 3,     /* so many good seconds since the last bad one: it ends */
    TELL_USUAL = 300,  /* rows, by whose median a queue is measured; from TELL_SECONDS rows on */
    TELL_EVENTS = 8    /* the most that one look finds */
};
#define TELL_LOSS_PERCENT 1.0
#define TELL_QUEUE_TIMES 3.0 /* the usual delay, and ... */
#define TELL_QUEUE_MS 5.0    /* ... so much more */
#define TELL_LATE_S 2.5      /* a row that is later than that shows that nothing arrived */

struct tell_event {
    enum tell_kind kind;
    enum tell_condition condition; /* of TELL_BEGINS and TELL_ENDS */
    const struct longhaul_objective_result *objective; /* of TELL_MISSED; else NULL */
    double since_unix_s;           /* when it began, or ended */
    double level;                  /* loss in %, delay p99 in ms: mean of its bad seconds so far; NAN if unknown */
};

/* The seconds of one condition. */
struct tell_history {
    bool is_open;
    unsigned bad;                /* bits, the newest the lowest: the last TELL_SECONDS */
    double levels[TELL_SECONDS]; /* of these; NAN unless bad */
    double n_good;               /* since the last bad one */
    double sum, n;               /* of the levels while it is open */
};

struct tell_watch {
    bool is_over, has_looked;
    bool is_dark, is_between;      /* rows are overdue; no session was there, at the last look */
    double elapsed_s, observed_s;  /* of the leg, at the last look */
    double lag_s;                  /* elapsed but not observed, and not yet counted as bad */
    double good_s;                 /* observed, and not yet counted as good */
    int64_t packets, lost_packets; /* when seconds were last counted as good */
    double usual_ms[TELL_USUAL];   /* delays of the last rows that were not bad */
    unsigned n_usual, next_usual;
    double kept_usual_ms; /* the usual delay when the queue began, by which it ends; NAN if unknown */
    struct tell_history history[TELL_N_CONDITIONS];
};

void tell_watch_init(struct tell_watch *watch);
/* A condition that began before this process did. */
void tell_watch_open(struct tell_watch *watch, enum tell_condition condition, double usual_ms);
/* Takes a look at a leg, which is expected several times a second, at now_unix_s. Returns how many events there are. */
size_t tell_watch_look(struct tell_watch *watch, const struct longhaul_status *status, double now_unix_s,
                       struct tell_event events[TELL_EVENTS]);

/* "down", "loss", "queue". */
const char *tell_condition_text(enum tell_condition condition);
/* "went down", "came back"...: for people. */
const char *tell_event_words(const struct tell_event *event);
/* "down", "up", "loss_begins", "loss_ends", "queue_begins", "queue_ends", "over", "objective_missed": its name in
 * JSON. */
const char *tell_event_name(const struct tell_event *event);

#endif
