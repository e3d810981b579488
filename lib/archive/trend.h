/* trend.h - what many days of a folder show, before it is written: by leg its days, hours, months, levels. */
#ifndef TREND_H
#define TREND_H

#include <longhaul.h>

#include "archive/archive.h"
#include "archive/shift.h"
#include "archive/trend_rules.h"

enum { TREND_HOURS = 24, TREND_WEEKDAYS = 7, TREND_MOST_WORST = 20, TREND_MOST_OUTAGES = 2000 };
#define TREND_UNKNOWN 255 /* the level of an hour without a known loss */

/* One leg in a day or a month. Percentiles are of intervals (jitter) or datagrams (delay), to 1.6 %. */
struct trend_span {
    struct archive_cell cell; /* without histograms */
    double jitter_p50_ms, jitter_p95_ms, jitter_p99_ms, delay_p50_ms, delay_p95_ms, delay_p99_ms;
    double loss_percent, lost; /* of the intervals; else of whole tests, see is_loss_of_test */
    bool is_loss_of_test;      /* the tests whose middle is in it: only their ends know the loss */
    double n_jitter, n_delay;  /* intervals, and datagrams, in the percentiles */
    double longest_outage_s;   /* of a month: of those that reach into it, without the times in which nobody looked */
    double silent_s;           /* of a month: in gaps in which nothing got through */
    bool is_known;             /* the index has something of it */
    enum store_raw raw;        /* what of its raw data is still there */
    /* Of a day: the most that one test has, and for how long tests overlap; see trend_count_once(). */
    double most_observed_s, most_planned_s, most_outage_s, overlap_s, planned_overlap_s;
    double twice_s; /* of a month: what was observed by two tests, and was taken once */
};

struct trend_shift {
    enum trend_quantity quantity;
    struct shift shift;
    double unix_s; /* the first day of the new level */
};

struct trend_gap {
    double start_unix_s, seconds;
};

/* A day of the week and an hour, over all weeks. */
struct trend_season {
    double lost, known_packets;
};

/* An objective of a leg in a month. */
struct trend_objective {
    struct longhaul_objective_result result;
    size_t month;
};

struct trend_outage {
    size_t leg;
    double start_unix_s, seconds, lost; /* lost: by all tests that had it */
    bool is_open;
    char cause[32];
    enum store_raw raw;
};

struct trend_leg {
    int64_t id;
    char *name, *source, *destination, *protocol; /* name: "HK->WUS", with the protocol if it is not UDP */
    struct trend_span *days;                      /* n_days */
    struct trend_span *months;                    /* n_months */
    unsigned char *levels;                        /* of each hour: report_loss_level(), or TREND_UNKNOWN */
    struct trend_season (*season)[TREND_HOURS];   /* of TREND_WEEKDAYS; 0 is Monday */
    struct trend_span whole;
    struct trend_shift *shifts; /* by day */
    size_t n_shifts;
    struct trend_outage last_outage; /* while outages are read: another test's may be the same; of 0 s: none */
    struct trend_objective *objectives;
    size_t n_objectives;
    struct trend_gap *gaps; /* in which nobody looked, by time */
    size_t n_gaps;
};

/* The second (interval) of a day that lost most. */
struct trend_worst {
    size_t leg;
    double unix_s, lost;
    enum store_raw raw;
};

struct trend_chart {
    char *name;
    size_t leg; /* SIZE_MAX: of all legs */
};

struct longhaul_trend {
    struct longhaul_trend_options options; /* `report` is never NULL */
    const char *out_dir;                          /* of the options, or by default; borrowed */
    char *index_path;
    double first_unix_s; /* midnight of the first day */
    size_t n_days;
    double *months; /* n_months starts */
    size_t n_months;
    struct trend_leg *legs; /* by source, destination, protocol */
    size_t n_legs;
    size_t *gravest;              /* the legs, by loss, those that have most first */
    struct trend_outage *outages; /* by time; TREND_MOST_OUTAGES, the longest ones */
    size_t n_outages, n_all_outages;
    double outages_s; /* of all of them */
    struct trend_worst worst[TREND_MOST_WORST];
    size_t n_worst;
    char **sentences;
    size_t n_sentences;
    struct trend_chart *charts; /* that have a picture */
    size_t n_charts;
    char **files; /* that were written */
    size_t n_files;
    char **notes; /* what could not be drawn */
    size_t n_notes;
};

/* trend_read.c: fills the spans of all legs from the index. trend_outages.c: outages, gaps. trend_find.c: levels, the
 * worst seconds, which legs are the gravest. */
int trend_load(struct longhaul_trend *trend, struct store *store, struct longhaul_error *err);
int trend_find_outages(struct longhaul_trend *trend, struct store *store, struct longhaul_error *err);
int trend_find(struct longhaul_trend *trend, struct longhaul_error *err);
/* trend_overlap.c: where tests of a leg overlap, takes their time once in the days, the months and the whole. */
int trend_count_once(struct longhaul_trend *trend, struct store *store, struct longhaul_error *err);
/* trend_objectives.c: judges them by month. */
int trend_judge(struct longhaul_trend *trend, struct store *store, struct longhaul_error *err);
/* The tests of a leg in a month: how long they were to be in it, by their plans, so far; what is to come in it of runs
 * in progress, and how long such a run has been waiting for its next session. */
struct trend_plan {
    double n_tests, planned_s, to_come_s, waiting_s;
    double tests_s, tests_to_come_s; /* of the whole tests that began in it: as planned, and what is to come */
};
/* trend_month.c: what a month's days know of an objective without windows. */
void trend_judge_month(const struct trend_span *month, const struct trend_plan *plan,
                       struct longhaul_objective_result *result);
/* trend_text.c: fills the sentences. */
int trend_say(struct longhaul_trend *trend, struct longhaul_error *err);
/* The index of a leg by its number in the index; n_legs if it is not there. */
size_t trend_leg_of(const struct longhaul_trend *trend, int64_t id);
/* The index of the month of a time: the first or last one for a time before or after all. */
size_t trend_month_of(const struct longhaul_trend *trend, double unix_s);
/* The part of a month that is in the trend. */
struct trend_times {
    double from_s, to_s;
};
struct trend_times trend_month_times(const struct longhaul_trend *trend, size_t month);
/* The day of the week of a time since 1970: 0 is Monday. */
unsigned trend_weekday(double unix_s);
/* A figure of a day; NAN if unknown. percentile: 50, 95 or 99, of those that have them. */
double trend_value(const struct trend_span *day, enum trend_quantity quantity, int percentile);
double trend_coverage(const struct trend_span *span); /* share of the planned time, 0-1; NAN without a plan */
double trend_availability(const struct trend_span *span);
/* "there", "partly", "gone" */
const char *trend_raw_text(enum store_raw raw);
/* Short texts: "2025-11-15"; "2025-11". */
struct trend_word {
    char text[160];
};
struct trend_word trend_date(double unix_s);
struct trend_word trend_month(double unix_s);
/* Of a month of the trend, with the days if they are not all of its days: "2025-11 from 20", "2025-11 to 15". */
struct trend_word trend_month_name(const struct longhaul_trend *trend, size_t month);
/* "met", as in reports; "met so far" */
struct trend_word trend_verdict_text(const struct longhaul_objective_result *result);
/* "loss rose by 0.0200 points (95 % interval 0.0180 to 0.0220), from 0.0100 to 0.0300 %" */
struct trend_word trend_shift_text(const struct trend_shift *shift);
/* Why there is no change of a level; "" if there is one. */
struct trend_word trend_no_shift(const struct longhaul_trend *trend);

/* trend_markdown.c, trend_html.c: make a text, which the caller frees. */
int trend_markdown(const struct longhaul_trend *trend, char **text, struct longhaul_error *err);
int trend_html(const struct longhaul_trend *trend, char **text, struct longhaul_error *err);

#endif
