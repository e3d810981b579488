/* analysis.h - what the parts of an analysis share: the cleaned intervals, and the results. */
#ifndef ANALYSIS_H
#define ANALYSIS_H

#include <longhaul.h>
#include <math.h>

#include "read/end_record.h"
#include "read/gaps.h"
#include "read/route_list.h"

/* The columns of delays, in us (longhaul/delay.h). */
struct delay_view {
    const double *base, *p50, *p95, *p99, *max, *ipdv50, *ipdv99, *silence, *silent, *silences, *shift, *shifted, *step,
        *read, *loss_runs, *longest_run;
    const struct longhaul_series *series; /* has the histograms */
};

/* The intervals of a series, with cleaned times that are never NAN. Values may be NAN. Borrowed, except for the first
 * three members. */
struct view {
    double *start_s;
    double *seconds;         /* 0 if the file gives none */
    unsigned char *artefacts;
    size_t n;
    double usual_s;
    double unconfirmed_s;    /* how much time of the intervals lies in gaps of the record */
    double start_unix_s;     /* where the axis begins; NAN if unknown */
    double datagram_bytes;   /* of the test, else the mean; NAN; events_find() fills it */
    bool is_sender, has_omitted;
    const double
        *arrived; /* bytes of a sender's interval that the receiver got, if its record was joined; NULL */
    const double *bytes, *bps, *packets, *jitter_ms, *wall_unix_s, *monotonic_s;
    const double *lost;      /* while artefacts are marked, as in the file; afterwards settled (order_figures.c) */
    const double *lost_as_counted; /* always as in the file */
    struct delay_view delay;
    const struct longhaul_gap *gaps; /* unobserved by both ends; by start, none touching another */
    size_t n_gaps;
    const struct longhaul_rtt_sample *rtt; /* round trips of small packets during the test, by time */
    size_t n_rtt;
    const unsigned char *seen; /* of each interval of a joined sender: the receiver has an interval then; NULL */
};

struct event_list {
    struct longhaul_event *events;
    size_t n, capacity;
    unsigned char *mark; /* while they are searched: of each interval, EVENTS_DARK or 0 (events.h); else NULL */
};

/* From the first interval with a known value to the end of the last one; NAN if none exists. */
struct extent {
    double from_s, to_s;
};

struct span_list {
    struct longhaul_span *spans;
    size_t n;
};

struct longhaul_analysis {
    struct longhaul_info info; /* its strings are copies */
    char *strings;
    struct gap_list gaps;      /* by start; as recorded */
    struct gap_list unseen;    /* the same without what a joined receiver observed */
    struct view view;          /* only the artefacts and single values exist after longhaul_analyse() */
    struct longhaul_summary summary;
    struct end_record end;
    struct longhaul_figures figures;
    double own_mbps;           /* of the file's own intervals, weighted by length: a sender's is sent; NAN */
    struct longhaul_rate rate;
    struct longhaul_loss loss;
    struct longhaul_order order;
    struct longhaul_tcp tcp;
    struct longhaul_delays delays;
    struct longhaul_host_drops host_drops,
        receiver_drops; /* receiver_drops: from a receiver's record joined to this sender's record */
    bool has_tcp, has_host_drops, has_receiver_drops;
    struct span_list hours;
    struct event_list events;
    struct longhaul_flow *flows; /* a copy; NULL for one flow */
    size_t n_flows;
    struct route_list routes;    /* a copy */
    struct longhaul_finding *findings;
    size_t n_findings;
    double last_end_s;         /* of the intervals */
    struct extent has_loss, has_jitter, has_delay;
    double clock_step_s;       /* largest step of the wall clock; 0 */
    size_t n_clock_steps;
};

/* The target of all streams in bit/s; NAN without one. */
static inline double analysis_target_bps(const struct longhaul_info *info)
{
    return info->target_bps > 0 ? info->target_bps * (info->n_streams > 0 ? info->n_streams : 1) : NAN;
}

/* flow_names.c: the flows of a series for its analysis; an event's and a leg's as JSON. */
bool flows_keep(struct longhaul_analysis *analysis, const struct longhaul_series *series);
/* True if the destination ports tell flows apart, not the source ports: a server that sends has one of these. */
bool flows_have_one_source(const struct longhaul_flow *flows, size_t n);
struct json_t *flows_event_object(const struct longhaul_event *event);
struct json_t *flows_array(const struct longhaul_analysis *analysis);

/* routes.c: keeps the routes of a series. */
bool hops_keep(struct longhaul_analysis *analysis, const struct longhaul_series *series);
/* hops_text.c: an event's routes and a leg's as JSON. */
struct json_t *hops_event_object(const struct longhaul_event *event);
struct json_t *hops_array(const struct longhaul_analysis *analysis);
/* Of DIFFERS: "between hop 4 and 7 (198.18.4.1 before, 198.18.9.1 since)". */
struct hops_words {
    char text[200];
};
struct hops_words hops_where(const struct longhaul_event_hops *hops);

#define GAP_SHARE 0.5 /* of the usual length: a longer time without intervals is a gap */

/* Artefacts of an interval that is in no figure. */
#define ARTEFACTS_EXCLUDED                                                                                             \
    (LONGHAUL_ARTEFACT_TINY | LONGHAUL_ARTEFACT_ABSURD_COUNT | LONGHAUL_ARTEFACT_UNCONFIRMED |                         \
     LONGHAUL_ARTEFACT_REPEATED)

static inline bool view_is_usable(const struct view *v, size_t i)
{
    return (v->artefacts[i] & ARTEFACTS_EXCLUDED) == 0;
}

/* The interval's rate, loss or jitter is known and it has no artefact. */
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

static inline bool view_has_delay(const struct view *v, size_t i)
{
    return view_is_usable(v, i) && !isnan(v->delay.p50[i]) && !isnan(v->delay.max[i]);
}

/* Nothing arrived in it (or was sent, if only the sender is known). */
static inline bool view_is_dead(const struct view *v, size_t i)
{
    if (v->arrived && !isnan(v->arrived[i]))
        return view_is_usable(v, i) && v->arrived[i] == 0;
    return view_is_usable(v, i) && (isnan(v->bytes[i]) ? v->bps[i] == 0 : v->bytes[i] == 0);
}

/* A change of the route that only its traces show: no delay has changed, so its event has no level. */
static inline bool analysis_is_traced(enum longhaul_event_kind kind, double level)
{
    return kind == LONGHAUL_EVENT_ROUTE && isnan(level);
}

/* The time from the end of all earlier intervals to the start of interval i, if that is a gap of the record; else 0.
 * end_s is the latest earlier end. */
static inline double view_gap(const struct view *v, size_t i, double end_s)
{
    double missing_s = v->start_s[i] - end_s;
    return missing_s > GAP_SHARE * v->usual_s && v->usual_s > 0 ? missing_s : 0;
}

/* Room for a view: its times and artefacts, merged gaps, and 3 n doubles for others. The gaps are the list's. */
struct view_room {
    double *doubles, *more; /* more: 3 n of doubles; with analysis_view_again() the first 2 n are free */
    struct longhaul_gap *merged;
};

/* Makes the view of the series that was analysed once more. False when out of memory; analysis_view_free() in any
 * case. */
bool analysis_view_again(const struct longhaul_analysis *analysis, const struct longhaul_series *series,
                         struct view *view, struct view_room *room);
void analysis_view_free(struct view *view, struct view_room *room);

/* artefacts.c: fills view->artefacts, and unconfirmed_s. */
void artefacts_mark(struct view *view);
/* figures.c. Each needs room for 2 n doubles, and fills its part. */
void figures_fill(const struct view *view, const struct longhaul_info *info, double loss_limit_percent, double *room,
                  struct longhaul_figures *figures);
/* The same for one set of values, whose order changes. */
void figures_percentiles(double *values, size_t n, struct longhaul_percentiles *percentiles);
/* rate.c: fills rate and own_mbps; needs summary, figures and loss. */
void analysis_rate(struct longhaul_analysis *analysis);
/* The bytes that arrived in an interval; NAN if only the sender is known. */
double analysis_arrived(const struct view *view, size_t i);
/* True if an interval counts for the rate. *gap is 0 before the first one, and advances. */
bool analysis_is_observed(const struct view *view, size_t i, size_t *gap);
/* The length of the outages, those that overlap once. */
double analysis_downtime_s(const struct event_list *events);
/* loss.c: fills loss; needs summary and figures. */
void analysis_loss(struct longhaul_analysis *analysis);
/* order_figures.c: moves losses that were taken back later to the interval in which they had been counted; the sum of
 * the n intervals stays the same. out_of_order may be NULL. The second function fills order, and needs loss. */
void order_settle(const double *lost, const double *out_of_order, size_t n, double *settled);
void order_fill(struct longhaul_analysis *analysis, const struct longhaul_series *series);
/* tcp_figures.c: the figures of a TCP test, and round trips during any test. Needs room for 2 n doubles. False when out
 * of memory. */
bool tcp_figures_fill(struct longhaul_analysis *analysis, const struct longhaul_series *series, double *room);
/* delay_figures.c: fills delays. Needs the artefacts, and room for n doubles. */
void delay_figures_fill(struct longhaul_analysis *analysis, double *room);
/* The same for the intervals first..end-1, which last from start_s to end_s, into a span. */
void delay_figures_of_span(const struct view *view, size_t first, size_t end, double end_s, double *room,
                           struct longhaul_span *span);
/* spans.c: hours and worst minutes; needs the events, and room for n doubles. False when out of memory. */
bool spans_fill(struct longhaul_analysis *analysis, double *room);
/* Spans of any length, which are added to an empty list. Needs room for n doubles. False when out of memory. */
bool spans_take(const struct event_list *events, const struct view *view, double length_s, double *room,
                struct span_list *list);
/* events.c: all events. Needs room for 2 n doubles. False when out of memory. */
bool events_find(struct longhaul_analysis *analysis, double *room, struct event_list *list);
/* events_cause.c: packets that the receiving host's full buffers dropped; 0 also where that is unknown. */
double events_receiver_drops(const struct longhaul_analysis *analysis);
/* True if so many lost packets are the drops. */
bool events_are_own_drops(double lost, double drops);
/* The kind in JSON: its text with "_" for a blank. */
const char *event_kind_key(enum longhaul_event_kind kind);
/* The order of kinds in keys and counts, the gravest first: the kind at a place, and the place of a kind. */
enum longhaul_event_kind event_kind_at(int rank);
int event_kind_rank(enum longhaul_event_kind kind);
/* Adds a copy, and fills in the time of day. */
bool event_list_add(struct event_list *list, const struct view *view, struct longhaul_event event);
/* validity.c: the rules. False when out of memory. */
bool validity_judge(struct longhaul_analysis *analysis);
/* validity_sequence.c: rules about sequence numbers that went back, and duplicate datagrams; and why a loss is
 * negative: ": cause", or "" if unknown. */
bool validity_judge_sequence(struct longhaul_analysis *analysis);
/* The same for more losses than packets sent: what a 32-bit count is after it went below 0. */
const char *validity_cause_of_count(double lost);
const char *validity_cause_of_negative_loss(const struct longhaul_analysis *analysis);
/* validity_path.c: rules about the host's own drops, and TCP. */
bool validity_judge_path(struct longhaul_analysis *analysis);
/* Adds one finding. False when out of memory. */
bool finding_add(struct longhaul_analysis *analysis, const char *rule, bool is_fault, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Times and figures in its text, as people read them. */
struct finding_text {
    char text[LONGHAUL_PEOPLE_SIZE];
};
struct finding_text finding_seconds(double seconds);
struct finding_text finding_figure(double value);

#endif
