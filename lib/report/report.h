/* report.h - a report before it is written: its legs, sites, events, sentences, files and notes. */
#ifndef REPORT_H
#define REPORT_H

#include <dirent.h>

#include <longhaul.h>

#define REPORT_DEFAULT_DATA "24H"

/* One test of a report. */
struct report_leg {
    struct longhaul_series *series;
    const struct longhaul_info *info; /* of series */
    struct longhaul_summary summary;
    struct longhaul_analysis *analysis; /* related to the other legs' */
    bool has_receiver; /* losses and jitter of the intervals are from the receiver's record */
    bool is_detailed;  /* not only in the first table and the matrix */
    size_t *event_numbers; /* of each event of the analysis, in its order: what texts, charts and the page call it */
};

/* One event of a report: the index'th of a leg's. */
struct report_event {
    const struct longhaul_event *event; /* of the leg's analysis */
    size_t leg, index;
};

/* One chart that a report has. */
struct report_chart {
    enum longhaul_chart kind;
    char *name;      /* of its files, without an ending */
    char *subject;   /* what it is of: "HK <-> WUS"; raw labels */
    size_t legs[2];  /* of a pair (inbound to the hub first) or a direction; other kinds are of all legs: 0 of them */
    size_t n_legs;
    double start_unix_s;   /* the older run of a pair or direction has its start in the name */
    bool is_newest;        /* it has the plain name */
    bool has_png, has_svg; /* the picture is there, and of these data */
};

struct longhaul_report {
    const char *out_dir; /* borrowed for the time of writing, as the options are */
    const struct longhaul_report_options *options;
    char *hub; /* a site */
    struct report_leg *legs; /* by label, then start */
    size_t n_legs;
    struct longhaul_series **receivers; /* records that `longhaul serve` wrote */
    size_t n_receivers;
    struct report_event *events; /* of all legs, by time; event i has the number i + 1 */
    size_t n_events;
    char **takeaways; /* what it comes to: sentences */
    size_t n_takeaways;
    struct report_chart *charts; /* by kind; filled by charts_plan(), before the texts are written */
    size_t n_charts, n_charts_left_out;
    void *chart_names; /* a tree of them, by search.h */
    char **files;
    size_t n_files;
    char **notes;
    size_t n_notes;
};

/* Two sites, in the order of their names, and the legs between them: n of them, as indices in the report's order. */
struct report_pair {
    const char *a, *b;
    size_t *legs;
    size_t n;
};

/* The pairs of a report, sorted; the caller frees them with report_pairs_free(). NULL when out of memory. */
struct report_pair *report_pairs(const struct longhaul_report *report, size_t *n);
void report_pairs_free(struct report_pair *pairs, size_t n);

/* Is it a file that a folder of records is read for? (scandir's filter) */
int report_is_record(const struct dirent *entry);

/* Paths of files to read, which the caller frees with report_free_lines(). */
struct report_files {
    char **own; /* results and journals */
    size_t n_own;
    char **receivers; /* of folders named "receiver" */
    size_t n_receivers;
};

/* report_files.c: the files of paths, of which some may be folders. What cannot be listed is a note. */
int report_list_files(struct longhaul_report *report, const char *const *paths, size_t n, struct report_files *files,
                      struct longhaul_error *err);

/* report_read.c: fills legs, in their order, analyses them and numbers their events. What cannot be read is a note;
 * nothing at all is LONGHAUL_EFORMAT, with all that was noted. */
int report_read(struct longhaul_report *report, const char *const *paths, size_t n, struct longhaul_error *err);

/* A list of lines: takes line over, also when it fails; a line of NULL is an allocation that failed. */
int report_append(char ***lines, size_t *n, char *line, struct longhaul_error *err);
void report_free_lines(char **lines, size_t n);

/* report_sites.c: the sites' names, sorted, each once; borrowed from the legs, the list is the caller's to free(). NULL
 * when out of memory. And: fills hub, once there are legs. A wish for what is no site is a note. */
const char **report_sites(const struct longhaul_report *report, size_t *n);
/* Does it end at the hub? */
bool report_is_inbound(const struct longhaul_report *report, size_t leg);
/* Does any leg know in what order its packets arrived? */
bool report_knows_order(const struct longhaul_report *report);
int report_choose_hub(struct longhaul_report *report, struct longhaul_error *err);

/* Adds a line to the notes. */
int report_note(struct longhaul_report *report, struct longhaul_error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* report_detail.c: fills the legs' is_detailed: all, or the gravest REPORT_MOST_DETAILED. */
#define REPORT_MOST_DETAILED 240
int report_choose_detail(struct longhaul_report *report, struct longhaul_error *err);
/* For ranking: the loss of a leg in %, 0 where it is unknown. */
double report_loss_between_0_and_100(const struct report_leg *leg);
/* report_rate.c: the rate that was asked for, of all streams, in Mbps; NAN without one. */
double report_target_mbps(const struct longhaul_info *info);
/* A rate as a share of the target, or of the leg's median interval where there is no target. NAN. */
double report_rate_share(const struct report_leg *leg, double mbps);
/* How much of the target a rate is: 0 (all of it) to REPORT_RATE_LEVELS - 1 (less than half); -1 when it is unknown.
 * And its name. */
enum { REPORT_RATE_LEVELS = 5, REPORT_RATE_WORDS = 96 };
int report_rate_level(double share);
const char *report_rate_text(int level);
bool report_hour_has_loss(const struct longhaul_span *hour);
/* The hours of the legs that a report tells of in detail: how many know their loss, how many only a rate; of those how
 * many only what was sent, and how many without a target. */
struct report_hours {
    size_t n_loss, n_rate, n_sent, n_no_target;
};
struct report_hours report_hours_of(const struct longhaul_report *report);
/* "sent rate compared with the target": what a map shows in hours without a known loss. */
void report_rate_words(const struct report_hours *hours, char text[REPORT_RATE_WORDS]);
/* report_unknown.c: what a text says where no event was found, "" where none could have been; and which intervals do
 * not know enough for some kinds of event, "" where all do. */
struct report_unknown {
    char none_text[640], rest_text[500];
};
struct report_unknown report_unknown_of(const struct longhaul_report *report, bool with_outages);
/* takeaways.c: fills takeaways, once there are events and a hub. */
int report_find_takeaways(struct longhaul_report *report, struct longhaul_error *err);
/* Adds a sentence to them. */
int report_takeaway(struct longhaul_report *report, struct longhaul_error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Adds a file's path to those that were written. */
int report_wrote(struct longhaul_report *report, const char *path, struct longhaul_error *err);
/* Writes <out_dir>/<name> and notes it among the files; with only_if_changed, not when it has these bytes already. */
int report_write_file(struct longhaul_report *report, const char *name, const char *text, bool only_if_changed,
                      struct longhaul_error *err);

/* report_events.c: fills events and the legs' event_numbers, once the legs are analysed and in their order. */
int report_number_events(struct longhaul_report *report, struct longhaul_error *err);
void report_free_events(struct longhaul_report *report);

/* What each text of longhaul's has within its first or last 4,096 bytes: scripts, data, Makefile and Markdown; and the
 * page. */
#define REPORT_MARK "Written by longhaul"
#define REPORT_MARK_HTML "<meta name=generator content=\"longhaul "

/* Has the caller said that it is to end? report_go_on(): LONGHAUL_ESTOPPED then. */
bool report_is_stopped(const struct longhaul_report *report);
int report_go_on(const struct longhaul_report *report, struct longhaul_error *err);

#endif
