/* analysis.h - what the parts of an analysis share: the intervals as they are looked at, and what comes of it. */
#ifndef ANALYSIS_H
#define ANALYSIS_H

#include <longhaul.h>
#include <math.h>

#include "read/end_record.h"
#include "read/gaps.h"

/* The intervals of a series, cleaned: times without NAN. Values may be NAN. Borrowed, but for the first three. */
struct view {
    double *start_s;
    double *seconds;         /* 0 when the file gives none */
    unsigned char *artefacts;
    size_t n;
    double usual_s;
    double unconfirmed_s;    /* how much of the intervals lies in gaps of the record */
    double start_unix_s;     /* of the axis; NAN */
    bool is_sender, has_omitted;
    const double
        *arrived; /* bytes that the receiver had of a sender's interval, as far as its record was joined; NULL */
    const double *bytes, *bps, *packets, *jitter_ms, *wall_unix_s, *monotonic_s;
    const double *lost;      /* for the artefacts as the file has it; then settled (order_figures.c) */
    const double *lost_as_counted; /* as the file has it, then too */
    const struct longhaul_gap *gaps; /* by start, no two of which touch */
    size_t n_gaps;
};

struct event_list {
    struct longhaul_event *events;
    size_t n, capacity;
};

/* From the first interval that knows something to the end of the last one; NAN where none does. */
struct extent {
    double from_s, to_s;
};

struct longhaul_analysis {
    struct longhaul_info info; /* its strings are copies */
    char *strings;
    struct gap_list gaps;      /* by start */
    struct view view;          /* only the artefacts and single values outlive longhaul_analyse() */
    struct longhaul_summary summary;
    struct end_record end;
    struct longhaul_figures figures;
    double rate_mbps;          /* of the intervals whose rate is known, each weighted by its length; NAN */
    struct longhaul_loss loss;
    struct longhaul_order order;
    struct longhaul_tcp tcp;
    struct longhaul_host_drops host_drops,
        receiver_drops; /* receiver_drops: of a sender's record that its receiver's was joined to */
    bool has_tcp, has_host_drops, has_receiver_drops;
    struct longhaul_span *hours;
    size_t n_hours;
    struct event_list events;
    struct longhaul_finding *findings;
    size_t n_findings;
    double last_end_s;         /* of the intervals */
    struct extent has_loss, has_jitter;
    double clock_step_s;       /* largest step of the wall clock; 0 */
    size_t n_clock_steps;
};

#define GAP_SHARE 0.5 /* of the usual length: what is missing between two intervals is a gap */

static inline bool view_is_usable(const struct view *v, size_t i)
{
    return (v->artefacts[i] & (LONGHAUL_ARTEFACT_TINY | LONGHAUL_ARTEFACT_ABSURD_COUNT | LONGHAUL_ARTEFACT_UNCONFIRMED |
                               LONGHAUL_ARTEFACT_REPEATED)) == 0;
}

/* An interval whose rate, loss or jitter is known and without artefact. */
static inline bool view_has_rate(const struct view *v, size_t i)
{
    return view_is_usable(v, i) && !(v->artefacts[i] & LONGHAUL_ARTEFACT_ABSURD_TIME) && !isnan(v->bps[i]);
}

static inline bool view_has_loss(const struct view *v, size_t i)
{
    return view_is_usable(v, i) &&
           !(v->artefacts[i] & (LONGHAUL_ARTEFACT_ABSURD_LOSS | LONGHAUL_ARTEFACT_ABSURD_TIME)) && !isnan(v->lost[i]) &&
           !isnan(v->packets[i]);
}

static inline bool view_has_jitter(const struct view *v, size_t i)
{
    return view_is_usable(v, i) && !(v->artefacts[i] & LONGHAUL_ARTEFACT_ABSURD_JITTER) && !isnan(v->jitter_ms[i]);
}

/* Nothing came in it (or went, as far as only the sender is known). */
static inline bool view_is_dead(const struct view *v, size_t i)
{
    if (v->arrived && !isnan(v->arrived[i]))
        return view_is_usable(v, i) && v->arrived[i] == 0;
    return view_is_usable(v, i) && (isnan(v->bytes[i]) ? v->bps[i] == 0 : v->bytes[i] == 0);
}

/* Time between the end of all before interval i and its start, when that is a gap of the record; else 0. end_s is the
 * latest end before it. */
static inline double view_gap(const struct view *v, size_t i, double end_s)
{
    double missing_s = v->start_s[i] - end_s;
    return missing_s > GAP_SHARE * v->usual_s && v->usual_s > 0 ? missing_s : 0;
}

/* The rate of its intervals over their time, as rate_mbps has it. */
double analysis_rate_mbps(const struct longhaul_analysis *analysis);
/* artefacts.c: fills view->artefacts, and unconfirmed_s. */
void artefacts_mark(struct view *view);
/* figures.c. Each needs room for 2 n doubles, and fills its part. */
void figures_fill(const struct view *view, const struct longhaul_info *info, double loss_limit_percent, double *room,
                  struct longhaul_figures *figures);
/* The same of one set of values, which are put in another order. */
void figures_percentiles(double *values, size_t n, struct longhaul_percentiles *percentiles);
/* The rate over the time of the intervals: the last one of a server is often a few milliseconds long, and counts as
 * such. NAN. */
double figures_rate_mbps(const struct view *view);
/* loss.c: fills loss; summary and figures must be there. */
void analysis_loss(struct longhaul_analysis *analysis);
/* order_figures.c: the losses of n intervals with those that were taken back later taken from where they were counted;
 * the sum is the same. out_of_order may be NULL. And fills order; loss must be there. */
void order_settle(const double *lost, const double *out_of_order, size_t n, double *settled);
void order_fill(struct longhaul_analysis *analysis, const struct longhaul_series *series);
/* tcp_figures.c: what a test of TCP comes to, and round trips beside any test. Room for 2 n doubles. False when out of
 * memory. */
bool tcp_figures_fill(struct longhaul_analysis *analysis, const struct longhaul_series *series, double *room);
/* spans.c: hours and worst minutes; events must be there. Room for n doubles. False when out of memory. */
bool spans_fill(struct longhaul_analysis *analysis, double *room);
/* events.c: outages and bursts; shifts.c: rate shifts. Room for 2 n doubles. False when out of memory. */
bool events_find(const struct view *view, double *room, struct event_list *list);
bool shifts_find(const struct view *view, double *room, struct event_list *list);
/* Adds a copy; the time of day is filled in. */
bool event_list_add(struct event_list *list, const struct view *view, struct longhaul_event event);
/* validity.c: the rules. False when out of memory. */
bool validity_judge(struct longhaul_analysis *analysis);
/* validity_sequence.c: those about sequence numbers that went back, and datagrams that came twice; and why a loss is
 * below 0, ": cause" or "" where nothing tells. */
bool validity_judge_sequence(struct longhaul_analysis *analysis);
/* Why more are lost than were sent, likewise: what a count of 32 bits is after it went below 0. */
const char *validity_cause_of_count(double lost);
const char *validity_cause_of_negative_loss(const struct longhaul_analysis *analysis);
/* validity_path.c: those about the host's own drops, and TCP. */
bool validity_judge_path(struct longhaul_analysis *analysis);
/* One finding. False when out of memory. */
bool finding_add(struct longhaul_analysis *analysis, const char *rule, bool is_fault, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
