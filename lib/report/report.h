/* report.h - a report before it is written: its legs, sites, events, sentences, files and notes. */
#ifndef REPORT_H
#define REPORT_H

#include <longhaul.h>

/* The n columns of an axis of UTC, or of the tests' own axes if it is not dated. */
struct report_columns {
    double first_s, step_s;
    size_t n;
    bool is_dated;
};

struct report_routes;

/* One test of a report. */
struct report_leg {
    struct longhaul_series *series;
    const struct longhaul_info *info; /* of series */
    struct longhaul_summary summary; /* of analysis */
    struct longhaul_analysis *analysis; /* related to the analyses of the other legs */
    bool has_receiver; /* the intervals' losses and jitter come from the receiver's record */
    bool is_detailed;  /* described in all parts, not only in the first table and the matrix */
    /* For each event of the analysis, in its order: its number in texts and page, and its incident's; 0: none. */
    size_t *event_numbers, *incident_numbers;
    size_t n_incidents; /* in which it has a part */
    size_t n_objectives, n_missed; /* of its direction, all its tests together */
    struct longhaul_span *bins; /* what it did in the cells of the report's maps */
    size_t n_bins;
    struct report_routes *routes; /* report_routes.h; NULL where they are not described */
    float *flow_loss; /* of each flow in each of the report's cells, in %, NAN where unknown; NULL with one flow */
};

/* One event of a report: event number index of a leg. */
struct report_event {
    const struct longhaul_event *event; /* of the leg's analysis */
    size_t leg, index;
};

/* One chart of a report. */
struct report_chart {
    enum longhaul_chart kind;
    char *name;      /* of its files, without an ending */
    char *subject;   /* its title: "HK <-> WUS"; raw labels */
    size_t legs[2];  /* for a pair (the leg towards the hub first) or a direction; 0 of them for charts of all legs */
    size_t n_legs;
    double start_unix_s;   /* an older run of a pair or direction has its start in the name */
    bool is_newest;        /* it has the plain name */
    bool has_png, has_svg; /* the picture exists and shows the current data */
};

/* Why something that was found below the given folders is not in the report. */
enum report_left_out {
    REPORT_LEFT_OUT_HIDDEN, REPORT_LEFT_OUT_LINK, REPORT_LEFT_OUT_DEEP, REPORT_LEFT_OUT_OTHER_TIME,
    REPORT_LEFT_OUT_NO_TEST, REPORT_LEFT_OUT_COPY, REPORT_LEFT_OUT_UNREADABLE, REPORT_N_LEFT_OUT
};

struct longhaul_report {
    const char *out_dir; /* borrowed while the report is written, like the options */
    const struct longhaul_report_options *options;
    char *hub; /* a site */
    bool has_hub; /* it was requested, or is in more pairs than any other site; in a full mesh it is only the first */
    struct report_leg *legs; /* by label, then start */
    size_t n_legs;
    size_t *gravest; /* the legs, those whose figures cannot be relied on first, then by loss or time without data */
    struct report_columns bins; /* the cells of its maps over time */
    struct receivers *receivers, *nearby; /* records that `longhaul serve` wrote; NULL after they were joined */
    struct report_event *events; /* of all legs, by time; event i has the number i + 1 */
    size_t n_events;
    struct longhaul_incidents *incidents; /* of the legs' events; they borrow analyses, one of each leg */
    struct report_drawing *drawings; /* report_drawings.h */
    size_t n_drawings;
    bool has_more_drawings; /* than are drawn */
    bool knows_hops;        /* traces tell something about some event */
    const struct longhaul_analysis **analyses;
    struct longhaul_leg_objective *objectives; /* in the order of the legs */
    size_t n_objectives;
    char *objectives_text; /* a sentence about them all, or "" */
    char **takeaways; /* sentences */
    size_t n_takeaways;
    struct report_chart *charts; /* sorted by kind; charts_plan() fills them before the texts are written */
    size_t n_charts, n_charts_left_out;
    void *chart_names; /* a tree of them, by search.h */
    char *main_file; /* to open; NULL if nothing was written */
    char **files;
    size_t n_files;
    char **notes;
    size_t n_notes;
    bool may_be_other; /* a file could not be read now, for want of memory or because of a fault of the disk */
    struct {
        char **paths;
        size_t n;
    } left_out[REPORT_N_LEFT_OUT];
    char **remarks, **named_remarks; /* n_remarks of each: with counts, and with the names too */
    size_t n_remarks, n_left_out; /* the first n_left_out tell what was left out */
};

/* Two sites, in the order of their names, and the n legs between them, as indices in the report's order. */
struct report_pair {
    const char *a, *b;
    size_t *legs;
    size_t n;
};

/* The pairs of a report, sorted; the caller frees them with report_pairs_free(). NULL when out of memory. */
struct report_pair *report_pairs(const struct longhaul_report *report, size_t *n);
void report_pairs_free(struct report_pair *pairs, size_t n);

/* Paths of files to read, which the caller frees with report_files_free(). */
struct report_files {
    char **own; /* results and journals */
    size_t n_own;
    char **receivers; /* of folders named "receiver" in the given ones */
    size_t n_receivers;
    char **nearby; /* the same next to files that were given: only for the tests of those files */
    size_t n_nearby;
    char **below; /* the folders below the given ones, sorted, in which some of own and receivers are */
    size_t n_below;
};

/* report_files.c: lists the files of paths, some of which may be folders. What cannot be listed becomes a note. */
int report_list_files(struct longhaul_report *report, const char *const *paths, size_t n, struct report_files *files,
                      struct longhaul_error *err);
/* The same without leaving out what is of another time than the given folders' own records. */
int report_list_all_files(struct longhaul_report *report, const char *const *paths, size_t n,
                          struct report_files *files, struct longhaul_error *err);
void report_files_free(struct report_files *files);
/* True for a file that was found below a given folder. */
bool report_files_is_below(const struct report_files *files, const char *path);

/* report_left_out.c: what was found below the given folders and is not in the report. UNREADABLE becomes a note, the
 * others a remark each. */
int report_leave_out(struct longhaul_report *report, enum report_left_out why, const char *path,
                     struct longhaul_error *err);
/* Fills remarks, once everything is read. */
int report_make_remarks(struct longhaul_report *report, struct longhaul_error *err);
int report_remark(struct longhaul_report *report, const char *text, struct longhaul_error *err);

/* report_read.c: reads the legs, sorts and analyses them, and numbers their events. A file that cannot be read becomes
 * a note; if none can, LONGHAUL_EFORMAT with all the notes. */
int report_read(struct longhaul_report *report, const char *const *paths, size_t n, struct longhaul_error *err);
/* The part of it that reads exactly these files, and joins what they say of one test: the legs have no analysis, and no
 * order. */
int report_read_files(struct longhaul_report *report, const struct report_files *which, struct longhaul_error *err);

/* Appends to a list of lines. Takes ownership of line, also on failure; a NULL line is a failed allocation. */
int report_append(char ***lines, size_t *n, char *line, struct longhaul_error *err);
void report_free_lines(char **lines, size_t n);

/* report_sites.c: the sites' names, sorted, each once; the names are borrowed from the legs, the caller frees the list;
 * NULL when out of memory. */
const char **report_sites(const struct longhaul_report *report, size_t *n);
/* The index of a site in that list of n; 0 if it is not there. */
size_t report_site_number(const char *const *sites, size_t n, const char *site);
/* For each of n sites by source, and for each of them by destination, the newest leg between them; n_legs if none
 * exists. The caller frees it; NULL when out of memory. */
size_t *report_matrix(const struct longhaul_report *report, const char *const *sites, size_t n);
/* True if both are of tests from the same site to the same site. */
bool report_is_same_direction(const struct longhaul_info *a, const struct longhaul_info *b);
/* Fills hub, once there are legs; if the requested hub is not a site, a note says so. */
int report_choose_hub(struct longhaul_report *report, struct longhaul_error *err);
/* True if the leg ends at the hub. */
bool report_is_inbound(const struct longhaul_report *report, size_t leg);
/* report.c: one of its legs is the journal of a run in progress, or of one that died. */
bool report_is_in_progress(const struct longhaul_report *report);

/* Adds a line to the notes. */
int report_note(struct longhaul_report *report, struct longhaul_error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* report_detail.c: more than REPORT_FEW_LEGS are shown as a mesh: the matrix first, the gravest REPORT_WORST open, the
 * others folded. More than REPORT_MOST_DETAILED are not all described in detail, but only the gravest REPORT_WORST. */
enum { REPORT_FEW_LEGS = 24, REPORT_WORST = 20, REPORT_MOST_DETAILED = 240 };
bool report_is_mesh(const struct longhaul_report *report);
/* How many legs are described in detail. */
size_t report_n_detailed(const struct longhaul_report *report);
/* Fills gravest, and the legs' is_detailed. */
int report_choose_detail(struct longhaul_report *report, struct longhaul_error *err);
/* Passes each finding of the legs that are described in detail, in the report's order, to take(); returns how many. */
typedef void report_finding_taker(const struct longhaul_report *report, size_t leg,
                                  const struct longhaul_finding *finding, void *payload);
size_t report_each_finding(const struct longhaul_report *report, report_finding_taker *take, void *payload);
/* report_time.c: how long a leg was to be observed, or was, whichever is longer; 0 if both are unknown. */
double report_length_s(const struct report_leg *leg);
/* How much time of a leg is shown: up to its planned end, of a run in progress up to now. */
double report_shown_s(const struct report_leg *leg);
/* From when to when the legs were measured: the first start, the last end so far, and the planned one, NAN without a
 * start; the time between. is_open: one of them is in progress. */
struct report_extent {
    double first_unix_s, last_unix_s, planned_unix_s, length_s, planned_s;
    bool is_open;
};
struct report_extent report_extent_of(const struct longhaul_report *report);
/* report_bins.c: the length of cells for a range of time, such that there are 12 to 120 of them or nearly so: 1 s, 10
 * s, 1 min, 15 min, 1 h or 1 d; never shorter than the intervals, whose usual length may be 0. */
double report_bin_s(double range_s, double usual_s);
/* Fills the report's bins, and those of its legs, once there are analyses. */
int report_find_bins(struct longhaul_report *report, struct longhaul_error *err);
/* report_flows.c: fills flow_loss of a leg that has its bins. False when out of memory. */
bool report_find_flows(const struct report_columns *bins, struct report_leg *leg);
/* The number of flows of a leg in which some fared worse than the others; else 0. Whether some event names a flow. */
size_t report_n_flows(const struct report_leg *leg);
bool report_is_flow_named(const struct report_leg *leg, size_t flow);
/* "hour", "10 seconds"; and of several: "hours", "tens of seconds". */
const char *report_bin_name(const struct report_columns *bins);
const char *report_bin_plural(const struct report_columns *bins);
/* The scale of losses in every table and chart: 0 for none, then powers of ten from 0.001 % to 10 %, more, and the last
 * one where everything was lost; -1 if unknown. For people: "≤0.1". */
enum { REPORT_LOSS_LEVELS = 8, REPORT_LEVEL_OUTAGE = REPORT_LOSS_LEVELS - 1 };
int report_loss_level(double percent);
const char *report_loss_text(int level);
/* The level of a cell: an outage if nothing arrived in most of the time that was observed. */
int report_bin_level(double loss_percent, double outage_s, double observed_s);
/* True if two legs were measured at the same time, as far as is known. */
bool report_is_same_time(const struct report_leg *x, const struct report_leg *y);
/* For ranking: the loss of a leg in %, 0 where it is unknown. */
double report_loss_between_0_and_100(const struct report_leg *leg);
/* report_rate.c: the target rate of all streams in Mbps; NAN if none exists. */
double report_target_mbps(const struct longhaul_info *info);
/* A rate as a share of the target, or of the leg's median interval if there is no target. NAN if unknown. */
double report_rate_share(const struct report_leg *leg, double mbps);
/* How close a rate is to the target: from 0 (all of it) to REPORT_RATE_LEVELS - 1 (less than half); -1 if unknown. And
 * the name of a level. */
enum { REPORT_RATE_LEVELS = 5, REPORT_RATE_WORDS = 96 };
int report_rate_level(double share);
const char *report_rate_text(int level);
bool report_hour_has_loss(const struct longhaul_span *hour);
/* The bins of the legs that a report describes in detail: how many know their loss, and how many only a rate; among
 * the latter, how many know only the sent rate, and how many have no target. */
struct report_hours {
    size_t n_loss, n_rate, n_sent, n_no_target;
};
struct report_hours report_hours_of(const struct longhaul_report *report);
/* "sent rate compared with the target": what a map shows in bins whose loss is unknown. */
void report_rate_words(const struct report_hours *hours, char text[REPORT_RATE_WORDS]);
/* report_detail.c: true if any leg knows in what order its packets arrived. */
bool report_knows_order(const struct longhaul_report *report);
/* Likewise the delays of its datagrams. */
bool report_knows_delays(const struct longhaul_report *report);
/* report_unknown.c: what a text adds if no event was found but some could not have been found ("" if all could); and
 * which intervals lack what some kinds of event need ("" if none do). */
struct report_unknown {
    char none_text[640], rest_text[500];
};
struct report_unknown report_unknown_of(const struct longhaul_report *report, bool with_outages);
/* report_objectives.c: judges the legs' objectives, and makes JSON of them. */
int report_judge_objectives(struct longhaul_report *report, struct longhaul_error *err);
struct json_t *report_objectives_array(const struct longhaul_report *report);
/* In the order of tables. */
struct report_verdict {
    enum longhaul_objective_verdict verdict;
    const char *words;
};
enum { REPORT_N_VERDICTS = 3 };
extern const struct report_verdict report_verdicts[REPORT_N_VERDICTS];
/* There are so many that a table shows those that were met only when asked. */
bool report_folds_objectives(const struct longhaul_report *report);
/* How many have this verdict. */
size_t report_n_objectives(const struct longhaul_report *report, enum longhaul_objective_verdict verdict);
/* takeaways.c: fills takeaways, once there are events and a hub. */
int report_find_takeaways(struct longhaul_report *report, struct longhaul_error *err);
/* Adds a sentence to the takeaways. */
int report_takeaway(struct longhaul_report *report, struct longhaul_error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Adds a path to the list of files written. */
int report_wrote(struct longhaul_report *report, const char *path, struct longhaul_error *err);
/* Writes <out_dir>/<name> and adds it to the files written. With only_if_changed, does not write a file that already
 * has these bytes. */
int report_write_file(struct longhaul_report *report, const char *name, const char *text, bool only_if_changed,
                      struct longhaul_error *err);

/* report_incidents.c: joins the events of all legs to incidents, which are freed before the analyses, and fills
 * the legs' incident_numbers. */
int report_find_incidents(struct longhaul_report *report, struct longhaul_error *err);
/* The incident with that number; NULL for 0. */
const struct longhaul_incident *report_incident(const struct longhaul_report *report, size_t number);
/* The number of the incident that an event of the report's list belongs to; 0 for none. */
size_t report_incident_of(const struct longhaul_report *report, const struct report_event *event);
/* For each of n columns of an axis of UTC (or of the test's own, if it is not dated): the gravest incident in which the
 * leg has an event then, unless numbers has a graver one already; 0 for none. */
void report_incidents_by_time(const struct report_leg *leg, const struct report_columns *columns, size_t *numbers);
/* Where the lost packets of the report are: known to be lost in incidents, and outside of them. NAN where unknown. */
struct report_accounts {
    double inside, outside, down_s;
    size_t n, n_unknown; /* incidents; those of them whose loss is unknown */
};
struct report_accounts report_accounts_of(const struct longhaul_report *report);
/* The first lines of each text: the verdict, and as many incidents as REPORT_MOST_FIRST, each a sentence. */
enum { REPORT_MOST_FIRST = 5 };

/* report_events.c: fills events and the legs' event_numbers, once the legs are sorted and analysed. */
int report_number_events(struct longhaul_report *report, struct longhaul_error *err);
void report_free_events(struct longhaul_report *report);

/* The mark of longhaul's texts, within their first or last 4,096 bytes: in scripts, data, Makefile and Markdown; and in
 * the page. */
#define REPORT_MARK "Written by longhaul"
#define REPORT_MARK_HTML "<meta name=generator content=\"longhaul "

/* True if the caller wants to stop; report_go_on() returns LONGHAUL_ESTOPPED then. */
bool report_is_stopped(const struct longhaul_report *report);
int report_go_on(const struct longhaul_report *report, struct longhaul_error *err);

#endif
