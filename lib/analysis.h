/* analysis.h - what the parts of an analysis share: the intervals as they are looked at, and what comes of it. */
#ifndef ANALYSIS_H
#define ANALYSIS_H

#include <longhaul.h>

#include "gaps.h"

/* The intervals of a series, cleaned: times without NAN. Values may be NAN. Borrowed, but for the first three. */
struct view {
    double *start_s;
    double *seconds;         /* 0 when the file gives none */
    unsigned char *artefacts;
    size_t n;
    double usual_s;
    double unconfirmed_s;    /* how much of the intervals lies in gaps of the record */
    double start_unix_s;     /* of the axis; NAN */
    bool is_sender;
    const double *arrived;   /* bytes that the receiver had of a sender's interval, as far as its record was joined; NULL */
    const double *bytes, *bps, *packets, *lost, *jitter_ms, *wall_unix_s, *monotonic_s;
    const struct longhaul_gap *gaps; /* by start */
    size_t n_gaps;
};

struct event_list {
    struct longhaul_event *events;
    size_t n, capacity;
};

struct longhaul_analysis {
    struct longhaul_info info; /* its strings are copies */
    char *strings;
    struct gap_list gaps;      /* by start */
    struct view view;          /* only the artefacts and single values outlive longhaul_analyse() */
    struct longhaul_summary summary;
    struct longhaul_figures figures;
    struct longhaul_span *hours;
    size_t n_hours;
    struct event_list events;
    struct longhaul_finding *findings;
    size_t n_findings;
    double last_end_s;         /* of the intervals */
    double clock_step_s;       /* largest step of the wall clock; 0 */
    size_t n_clock_steps;
};

/* An interval whose rate, loss or jitter is known and without artefact. */
bool view_has_rate(const struct view *view, size_t i);
bool view_has_loss(const struct view *view, size_t i);
bool view_has_jitter(const struct view *view, size_t i);
/* Nothing came in it (or went, as far as only the sender is known). */
bool view_is_dead(const struct view *view, size_t i);
/* Time between the end of all before interval i and its start, when that is a gap of the record; else 0. end_s is the
 * latest end before it. */
double view_gap(const struct view *view, size_t i, double end_s);

/* artefacts.c: fills view->artefacts, and unconfirmed_s. */
void artefacts_mark(struct view *view);
/* figures.c. Each needs room for 2 n doubles, and fills its part. */
void figures_fill(const struct view *view, const struct longhaul_info *info, double loss_limit_percent, double *room,
                  struct longhaul_figures *figures);
/* spans.c: hours and worst minutes; events must be there. Room for n doubles. False when out of memory. */
bool spans_fill(struct longhaul_analysis *analysis, double *room);
/* events.c: outages and bursts; shifts.c: rate shifts. Room for 2 n doubles. False when out of memory. */
bool events_find(const struct view *view, double *room, struct event_list *list);
bool shifts_find(const struct view *view, double *room, struct event_list *list);
/* Adds a copy; the time of day is filled in. */
bool event_list_add(struct event_list *list, const struct view *view, struct longhaul_event event);
/* validity.c: the rules. False when out of memory. */
bool validity_judge(struct longhaul_analysis *analysis);

#endif
