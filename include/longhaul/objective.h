/* longhaul/objective.h - what a leg is to achieve, and whether it did: met, missed, or nobody can say. */
#ifndef LONGHAUL_OBJECTIVE_H
#define LONGHAUL_OBJECTIVE_H
#include <longhaul/analysis.h>
LONGHAUL_BEGIN
/* Over the whole test, or in a window (a second, minute or hour of UTC):
 * LOSS: lost packets, in % of all; where an outage lost them. DELAY_P50, DELAY_P99: percentiles of the datagrams'
 * delays (delay.h), in ms. JITTER: 95th percentile of the intervals' jitter, in ms. RATE: mean of what was delivered,
 * in bit/s. Over the whole test only: OUTAGE: the longest outage, in s. AVAILABILITY: as in struct longhaul_figures,
 * but gaps in which the path was silent or the link down count as not available, in %. COVERAGE: seconds observed, in %
 * of those planned. doc/METHOD.md has the rules. */
enum longhaul_objective_kind {
    LONGHAUL_OBJECTIVE_LOSS, LONGHAUL_OBJECTIVE_DELAY_P50, LONGHAUL_OBJECTIVE_DELAY_P99, LONGHAUL_OBJECTIVE_JITTER,
    LONGHAUL_OBJECTIVE_RATE, LONGHAUL_OBJECTIVE_OUTAGE, LONGHAUL_OBJECTIVE_AVAILABILITY, LONGHAUL_OBJECTIVE_COVERAGE
};
enum { LONGHAUL_N_OBJECTIVE_QUANTITIES = LONGHAUL_OBJECTIVE_COVERAGE + 1, LONGHAUL_OBJECTIVES_MAX = 16,
       LONGHAUL_OBJECTIVE_TEXT = 96 };
struct longhaul_objective {
    enum longhaul_objective_kind quantity;
    double limit;    /* in its unit: the most that is allowed; of rate, availability and coverage the least */
    double share;    /* windows that must keep the limit, in %, above 0, at most 100; NAN: the whole test must */
    double window_s; /* 1, 60 or 3600; 0 without windows */
};
/* Reads "loss <= 0.1% in 99.9% of minutes", "delay p99 <= 20 ms", "rate >= 9.9Mbps in 99% of hours", "outage <= 10s".
 * LONGHAUL_EINVAL with what is wrong. */
int longhaul_objective_parse(const char *text, struct longhaul_objective *out, struct longhaul_error *err);
/* The same back: "loss <= 0.1 % in 99.9 % of minutes"; "" for no such quantity. */
void longhaul_objective_text(const struct longhaul_objective *objective, char text[LONGHAUL_OBJECTIVE_TEXT]);
/* CANNOT_SAY: what was not observed can tip it, or nothing of it is known. Of a run in progress, MET is meant so far,
 * and MISSED whatever is to come. */
enum longhaul_objective_verdict {
    LONGHAUL_OBJECTIVE_CANNOT_SAY, LONGHAUL_OBJECTIVE_MET, LONGHAUL_OBJECTIVE_MISSED
};
struct longhaul_objective_result {
    struct longhaul_objective objective;
    enum longhaul_objective_verdict verdict;
    /* Of what was observed: the quantity in the limit's unit, or the good windows in %; the least and most that it is,
     * whatever happens in the time that was not observed or is to come; `most` may be INFINITY. NAN when unknown. */
    double value, least, most;
    double n_good, n_bad, n_unknown, n_to_come; /* windows: kept the limit, did not, not known; NAN without windows */
    /* Of the windows that may be bad, or of the loss or time that the limit allows, the share that is left: 1 to below
     * 0; NAN where nothing is allowed, and for other quantities of a whole test. */
    double budget_left;
    double observed_s, unobserved_s, to_come_s; /* in which the quantity is known, is not, or is to come */
    size_t n_tests;
    size_t seen_at; /* where in text the part after the verdict begins: what was observed */
    char text[240]; /* "loss <= 0.1 % in 99.9 % of minutes: missed: 1402 of 1440 minutes (97.4 %)", without full stop */
};
/* Judges n >= 1 tests of one leg together, such as its days; series[i] is what tests[i] was made of. LONGHAUL_ENOMEM;
 * LONGHAUL_EINVAL for another series, and for an objective that longhaul_objective_parse() cannot give. */
int longhaul_objective_judge(const struct longhaul_objective *objective, const struct longhaul_analysis *const *tests,
                             const struct longhaul_series *const *series, size_t n,
                             struct longhaul_objective_result *out, struct longhaul_error *err);
/* Its budget for people: "28.6 % left", "at most 28.6 % left" with time that nobody knows, "1.29 times used"; "". */
void longhaul_objective_budget_text(const struct longhaul_objective_result *result, char text[LONGHAUL_PEOPLE_SIZE]);
const char *longhaul_objective_verdict_text(enum longhaul_objective_verdict verdict); /* "met", "cannot_say" ... */
LONGHAUL_END
#endif
