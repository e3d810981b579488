/* tell_watch.c - hysteresis over the seconds of a leg. A second is bad, good, or not known. */

#include "tell_watch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NEARLY_S 0.1 /* rows are not exactly as long as planned */

void tell_watch_init(struct tell_watch *w)
{
    *w = (struct tell_watch){ .kept_usual_ms = NAN };
}

void tell_watch_open(struct tell_watch *w, enum tell_condition condition, double usual_ms)
{
    w->history[condition].is_open = true;
    if (condition == TELL_QUEUE)
        w->kept_usual_ms = usual_ms;
}

/* ---- one condition */

enum second { UNKNOWN, GOOD, BAD };

/* Events as they are found, at a time. */
struct found {
    struct tell_event *events;
    size_t n;
    double now_unix_s;
};

static void begin(struct tell_history *h, enum tell_condition c, double since_unix_s, struct found *found)
{
    h->is_open = true;
    h->sum = h->n = 0;
    for (int i = 0; i < TELL_SECONDS; i++)
        if (h->bad & 1u << i && !isnan(h->levels[i])) {
            h->sum += h->levels[i];
            h->n++;
        }
    found->events[found->n++] = (struct tell_event){ TELL_BEGINS, c, NULL, since_unix_s,
                                                       h->n > 0 ? h->sum / h->n : NAN };
}

static void end(struct tell_history *h, enum tell_condition c, double since_unix_s, struct found *found)
{
    found->events[found->n++] = (struct tell_event){ TELL_ENDS, c, NULL, since_unix_s,
                                                       h->n > 0 ? h->sum / h->n : NAN };
    h->is_open = false;
    h->bad = 0;
}

/* Whole seconds of the same kind, of which the last ended age_s ago. */
static void take(struct tell_watch *w, enum tell_condition c, enum second kind, double level, double seconds,
                 double age_s, struct found *found)
{
    struct tell_history *h = &w->history[c];
    const unsigned mask = (1u << TELL_SECONDS) - 1;
    bool was_clear = h->bad == 0;
    double until_unix_s = found->now_unix_s - age_s;
    for (int i = 0; i < TELL_SECONDS && i < seconds; i++) {
        h->bad = (h->bad << 1 | (kind == BAD)) & mask;
        memmove(h->levels + 1, h->levels, (TELL_SECONDS - 1) * sizeof *h->levels);
        h->levels[0] = kind == BAD ? level : NAN;
    }
    h->n_good = kind == BAD ? 0 : kind == GOOD ? h->n_good + seconds : h->n_good;
    if (h->is_open && kind == BAD && !isnan(level)) {
        h->sum += level * seconds;
        h->n += seconds;
    }
    if (!h->is_open && __builtin_popcount(h->bad) >= TELL_BAD) {
        int oldest = 31 - __builtin_clz(h->bad);
        begin(h, c, until_unix_s - (was_clear && seconds > TELL_SECONDS ? seconds : oldest + 1), found);
    } else if (h->is_open && h->n_good >= TELL_GOOD) {
        end(h, c, until_unix_s - h->n_good, found);
    }
}

/* ---- delays */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The median of the delays before; NAN with too few. A queue that is open does not become usual. */
static double usual_delay(const struct tell_watch *w)
{
    double sorted[TELL_USUAL];
    if (w->history[TELL_QUEUE].is_open && !isnan(w->kept_usual_ms))
        return w->kept_usual_ms;
    if (w->n_usual < TELL_SECONDS)
        return NAN;
    memcpy(sorted, w->usual_ms, w->n_usual * sizeof *sorted);
    qsort(sorted, w->n_usual, sizeof *sorted, by_value);
    return sorted[w->n_usual / 2];
}

static void learn_delay(struct tell_watch *w, double ms)
{
    w->usual_ms[w->next_usual] = ms;
    w->next_usual = (w->next_usual + 1) % TELL_USUAL;
    w->n_usual += w->n_usual < TELL_USUAL;
}

static void take_delay(struct tell_watch *w, double ms, double seconds, double age_s, struct found *found)
{
    double usual_ms = usual_delay(w);
    bool is_bad = ms > fmax(TELL_QUEUE_TIMES * usual_ms, usual_ms + TELL_QUEUE_MS); /* false for NAN */
    bool was_open = w->history[TELL_QUEUE].is_open;
    enum second kind = isnan(ms) || isnan(usual_ms) ? UNKNOWN : is_bad ? BAD : GOOD;
    take(w, TELL_QUEUE, kind, ms, seconds, age_s, found);
    if (!was_open && w->history[TELL_QUEUE].is_open)
        w->kept_usual_ms = usual_ms;
    if (!is_bad && !isnan(ms))
        learn_delay(w, ms);
}

/* ---- a leg */

/* Packets that arrive late reduce the number of lost ones: nothing was lost then. */
static double loss_percent(const struct tell_watch *w, const struct longhaul_status *s)
{
    int64_t packets = s->packets - w->packets, lost = s->lost_packets - w->lost_packets;
    if (!s->has_loss || packets <= 0)
        return NAN;
    return lost > 0 ? 100 * (double)lost / (double)packets : 0;
}

static void take_good(struct tell_watch *w, const struct longhaul_status *s, struct found *found)
{
    double seconds = floor(w->good_s + NEARLY_S);
    if (seconds < 1)
        return;
    w->good_s -= seconds;
    double age_s = w->lag_s + fmax(w->good_s, 0), loss = loss_percent(w, s);
    take(w, TELL_DOWN, GOOD, NAN, seconds, age_s, found);
    take(w, TELL_LOSS, isnan(loss) ? UNKNOWN : loss >= TELL_LOSS_PERCENT ? BAD : GOOD, loss, seconds, age_s, found);
    take_delay(w, s->delays.newest_p99_us / 1000, seconds, age_s, found);
    w->packets = s->packets;
    w->lost_packets = s->lost_packets;
}

static void take_bad(struct tell_watch *w, struct found *found)
{
    double seconds = floor(w->lag_s);
    w->is_dark = true;
    w->good_s = 0;
    w->lag_s -= seconds;
    take(w, TELL_DOWN, BAD, NAN, seconds, w->lag_s, found);
    take(w, TELL_LOSS, UNKNOWN, NAN, seconds, w->lag_s, found);
    take(w, TELL_QUEUE, UNKNOWN, NAN, seconds, w->lag_s, found);
}

/* What a process before this one measured is not looked at. */
static void begin_looking(struct tell_watch *w, const struct longhaul_status *s, double row_s)
{
    bool is_first = s->n_gaps == 0 && s->n_sessions <= 1;
    w->has_looked = true;
    w->is_dark = false;
    w->lag_s = is_first ? fmin(s->elapsed_s - s->observed_s, row_s) : 0;
    w->lag_s = fmax(w->lag_s, 0);
    w->good_s = 0;
    w->elapsed_s = s->elapsed_s;
    w->observed_s = s->observed_s;
    w->packets = s->packets;
    w->lost_packets = s->lost_packets;
}

/* Time that has passed is good once a row says so, and bad once no row comes that is due: at once without a session.
 * What is found to have been observed after it was counted as bad (a sender that pauses) is not counted again. */
static void go_on(struct tell_watch *w, const struct longhaul_status *s, double row_s, struct found *found)
{
    double passed_s = fmax(s->elapsed_s - w->elapsed_s, 0);
    double observed_s = fmin(fmax(s->observed_s - w->observed_s, 0), w->lag_s + passed_s);
    bool is_between = s->phase == LONGHAUL_PHASE_WAITING;
    w->elapsed_s = s->elapsed_s;
    w->observed_s = s->observed_s;
    if (w->is_between && !is_between) { /* the first row of a session may take its time */
        w->is_dark = false;
        w->lag_s = 0;
    }
    w->is_between = is_between;
    w->lag_s += passed_s - observed_s;
    if (w->lag_s >= ((w->is_dark && observed_s <= 0) || is_between ? 1 : row_s + TELL_LATE_S))
        take_bad(w, found);
    if (observed_s > 0) {
        w->is_dark = false;
        w->lag_s = fmin(w->lag_s, fmax(row_s, 1));
    }
    w->good_s += observed_s;
    take_good(w, s, found);
}

size_t tell_watch_look(struct tell_watch *w, const struct longhaul_status *s, double now_unix_s,
                       struct tell_event events[TELL_EVENTS])
{
    struct found found = { .events = events, .now_unix_s = now_unix_s };
    bool has_begun = s->elapsed_s > 0 && (s->phase == LONGHAUL_PHASE_RUNNING || s->phase == LONGHAUL_PHASE_WAITING);
    double row_s = s->interval_s > 0 ? s->interval_s : 1; /* NAN if unknown */
    if (s->phase == LONGHAUL_PHASE_DONE && !w->is_over) {
        w->is_over = true;
        events[found.n++] = (struct tell_event){ TELL_OVER, TELL_DOWN, NULL, now_unix_s, NAN };
    } else if (has_begun && !w->is_over && !w->has_looked) {
        begin_looking(w, s, row_s);
    } else if (has_begun && !w->is_over) {
        go_on(w, s, row_s, &found);
    }
    return found.n;
}

/* ---- words */

const char *tell_condition_text(enum tell_condition condition)
{
    static const char *const texts[] = { "down", "loss", "queue" };
    return texts[condition];
}

const char *tell_event_name(const struct tell_event *e)
{
    static const char *const names[][2] = { { "down", "up" },
                                            { "loss_begins", "loss_ends" },
                                            { "queue_begins", "queue_ends" } };
    return e->kind == TELL_OVER     ? "over"
           : e->kind == TELL_MISSED ? "objective_missed"
                                    : names[e->condition][e->kind == TELL_ENDS];
}

const char *tell_event_words(const struct tell_event *e)
{
    static const char *const words[][2] = { { "went down", "came back" },
                                            { "begins to lose packets", "no longer loses packets" },
                                            { "begins to queue", "no longer queues" } };
    return e->kind == TELL_OVER     ? "is over"
           : e->kind == TELL_MISSED ? "misses its objective"
                                    : words[e->condition][e->kind == TELL_ENDS];
}
