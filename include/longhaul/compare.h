/* longhaul/compare.h - is it worse than before? The legs of one report compared with those of another. */
#ifndef LONGHAUL_COMPARE_H
#define LONGHAUL_COMPARE_H
#include <longhaul/report.h>
LONGHAUL_BEGIN
/* What is compared: the mean rate, in Mbps; lost packets, in % of all; jitter (RFC 3550), in ms, mean of the pieces'
 * medians; the 99th percentile of the datagrams' delays (delay.h), in ms; silences (delay.h) an hour; segments that TCP
 * sent again, in %; round trips, in ms: TCP's smoothed ones, for UDP those measured once a minute. */
enum longhaul_compared {
    LONGHAUL_COMPARED_RATE, LONGHAUL_COMPARED_LOSS, LONGHAUL_COMPARED_JITTER, LONGHAUL_COMPARED_DELAY,
    LONGHAUL_COMPARED_SILENCES, LONGHAUL_COMPARED_RETRANSMITS, LONGHAUL_COMPARED_RTT
};
enum { LONGHAUL_N_COMPARED = LONGHAUL_COMPARED_RTT + 1 };
/* WORSE, BETTER: the interval is on one side of 0, and the difference at least the margin. NONE: it is within the
 * margin. CANNOT_SAY: anything else. */
enum longhaul_difference {
    LONGHAUL_DIFFERENCE_CANNOT_SAY, LONGHAUL_DIFFERENCE_NONE, LONGHAUL_DIFFERENCE_BETTER, LONGHAUL_DIFFERENCE_WORSE
};
struct longhaul_compare_options {
    /* Differences that matter, in the quantity's unit, the rate's in % of before; 0: longhaul_compare_margin(). */
    double margins[LONGHAUL_N_COMPARED];
    double error; /* the chance, below 0.5, that anything at all is said to be worse without being; 0: 0.01 */
};
/* One quantity of one leg. longhaul-compare(1) has the method and its sources. */
struct longhaul_compared_figure {
    bool is_known; /* on both sides; else the rest is NAN or 0 */
    enum longhaul_difference difference;
    double before, after; /* over the compared time */
    /* After less before, and its interval: NAN below 20 pieces of time; high is INFINITY where it has no end. */
    double effect, low, high;
    double margin;  /* in the quantity's unit */
    size_t n_cells; /* pieces of time that both have, or where times are not matched, of the side that has less */
    char why[160];  /* why it cannot be said; "" */
};
/* All tests of one leg, by source, destination and protocol. A test that is on both sides (same start) counts as one of
 * after, if before has others. */
struct longhaul_compared_leg {
    const char *source, *destination, *protocol; /* borrowed from the reports */
    size_t n_before, n_after;                    /* tests on each side; nothing is compared where one is 0 */
    bool is_matched;                             /* by the time of day: times that only one side has are omitted */
    bool is_other_time;    /* more than 2 hours apart by the time of day: then nothing is WORSE or BETTER */
    bool is_less_observed; /* coverage_after is lower by more than 0.01 */
    double seconds;        /* of the day that both have, or of the shorter side */
    double cell_s;         /* length of the pieces of time */
    double coverage_before, coverage_after; /* share of the planned time that was observed, 0-1; NAN without a plan */
    struct longhaul_compared_figure figures[LONGHAUL_N_COMPARED];
    char note[300]; /* what else is different: "targets differ: 10 Mbps and 20 Mbps"; "" */
};
struct longhaul_comparison;
/* The reports are borrowed until the comparison is freed. LONGHAUL_EINVAL for a margin or an error out of range,
 * LONGHAUL_EFORMAT when no leg is in both. */
int longhaul_compare(const struct longhaul_report *before, const struct longhaul_report *after,
                     const struct longhaul_compare_options *options, struct longhaul_comparison **out,
                     struct longhaul_error *err);
/* By source and destination. */
const struct longhaul_compared_leg *longhaul_comparison_legs(const struct longhaul_comparison *comparison, size_t *n);
/* Of all legs and quantities: how many are WORSE and so on, by enum longhaul_difference; figures that are unknown on
 * either side are not counted. */
size_t longhaul_comparison_n(const struct longhaul_comparison *comparison, enum longhaul_difference difference);
/* False when a leg of before is not in after, when no difference of a leg could be judged, or when a leg of after was
 * observed for less of its planned time. */
bool longhaul_comparison_is_complete(const struct longhaul_comparison *comparison);
/* One line: "worse: loss of HK->WUS; better: ...; no difference that matters in 12 of 18 figures". Borrowed. */
const char *longhaul_comparison_verdict(const struct longhaul_comparison *comparison);
/* The chance that a figure's true difference is beyond one end of its interval: the options' error, which is the chance
 * of any false WORSE, divided by the number of figures that are known on both sides (Bonferroni). */
double longhaul_comparison_error(const struct longhaul_comparison *comparison);
int longhaul_comparison_json(const struct longhaul_comparison *comparison, char **out, struct longhaul_error *err);
/* Tables for a forge's summary. Free it with longhaul_text_free(). LONGHAUL_ENOMEM. */
int longhaul_comparison_markdown(const struct longhaul_comparison *comparison, char **out, struct longhaul_error *err);
/* Writes a page of its own to path: one file that fetches nothing, with the verdict, and of each leg both sides over
 * each other. LONGHAUL_EBUSY if there is a file that is not longhaul's. */
int longhaul_comparison_write_html(const struct longhaul_comparison *comparison, const char *path,
                                   struct longhaul_error *err);
void longhaul_comparison_free(struct longhaul_comparison *comparison);
const char *longhaul_compared_text(enum longhaul_compared quantity);       /* "loss", "delay" ...: also for options */
const char *longhaul_compared_unit(enum longhaul_compared quantity);       /* "Mbps", "%" ... */
const char *longhaul_difference_text(enum longhaul_difference difference); /* "cannot_say", "none", "better", "worse" */
const char *longhaul_difference_words(enum longhaul_difference difference); /* "no difference that matters" ... */
double longhaul_compare_margin(enum longhaul_compared quantity);
/* For people, with the decimals that the figure's margin needs: "0.051", "<0.001", "-"; "+0.05 (+0.03 to +0.07)". */
void longhaul_compared_value_text(const struct longhaul_compared_figure *figure, double value, char *text, size_t size);
void longhaul_compared_effect_text(const struct longhaul_compared_figure *figure, char *text, size_t size);
LONGHAUL_END
#endif
