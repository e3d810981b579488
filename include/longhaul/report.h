/* longhaul/report.h - a folder of results: charts, Markdown, a page, JSON. */
#ifndef LONGHAUL_REPORT_H
#define LONGHAUL_REPORT_H
#include <longhaul/incident.h>
#include <longhaul/topology.h>
LONGHAUL_BEGIN
enum longhaul_chart { /* bits */
    LONGHAUL_CHART_PAIR = 1, LONGHAUL_CHART_DIRECTION = 2, /* both directions of a pair; one leg: rate, loss, jitter */
    LONGHAUL_CHART_HUB = 4, LONGHAUL_CHART_HEAT = 8, /* all legs, on one axis of UTC; loss by leg and hour, or day */
    LONGHAUL_CHART_DISTRIBUTION = 16, /* of jitter and of the intervals' loss */
    LONGHAUL_CHART_MATRIX = 32        /* loss, jitter, coverage by source and destination */
};
enum { LONGHAUL_CHARTS_ALL = 63 };
const char *longhaul_chart_text(enum longhaul_chart chart); /* "pair", "direction"...; NULL for other values */
enum longhaul_picture { LONGHAUL_PICTURE_PNG = 1, LONGHAUL_PICTURE_SVG = 2 }; /* bits */
enum { LONGHAUL_PICTURE_MIN = 320, LONGHAUL_PICTURE_MAX = 20000, LONGHAUL_DPI_MIN = 30, LONGHAUL_DPI_MAX = 1200 };
enum longhaul_theme { LONGHAUL_THEME_LIGHT, LONGHAUL_THEME_DARK, LONGHAUL_THEME_PRINT };
/* Called often, from several threads, once everything is read and while files are written. true ends it soon with
 * LONGHAUL_ESTOPPED: each file is complete then, and no temporary file and no gnuplot is left. */
/* Compares a test's round trips with the places of its sites: those below light's time become a finding. */
int longhaul_analysis_locate(struct longhaul_analysis *analysis, const struct longhaul_topology *topology,
                             struct longhaul_error *err);
typedef bool longhaul_stop_cb(void *payload);

struct longhaul_report_options {
    const char *out_dir;    /* made if missing; NULL means "diagrams/24h" */
    const char *hub;        /* site whose inbound legs are green; NULL: WUS if there, else the site in most pairs */
    bool wants_no_render, wants_redraw; /* write only .gp and data; draw also charts whose picture is up to date */
    bool wants_omitted, wants_no_html; /* as in struct longhaul_read_options; omit index.html */
    bool is_forced;         /* replace also files that longhaul did not write */
    unsigned charts, pictures; /* bits of enum longhaul_chart, of enum longhaul_picture; 0 means all */
    enum longhaul_theme theme;
    uint32_t width, height; /* pixels, LONGHAUL_PICTURE_MIN to _MAX; 0: each kind's own, scaled by dpi */
    uint32_t dpi; /* pixels per inch of texts and lines, LONGHAUL_DPI_MIN to _MAX; 0: 200, in proportion to width */
    struct longhaul_read_limits limits; /* of each file */
    const char *dygraphs_dir; /* has dygraph.min.js and .css for live charts, else pictures; NULL: libjs-dygraphs's */
    double reload_s;        /* how often index.html reloads itself while a run is in progress; 0 for never */
    const struct longhaul_topology *topology; /* round trips are compared with its places; its legs' objectives are
                                               * judged; may be NULL; borrowed */
    const struct longhaul_objective *objectives; /* of each leg, besides; n_objectives, borrowed */
    size_t n_objectives;
    longhaul_stop_cb *is_stopped; /* NULL for never */
    void *stop_payload;
};
struct longhaul_report;
/* Reads every result and journal among paths: files, or folders with *.json, *.journal, *.json.gz, .zst and .xz, and
 * the same in folders below, at most four levels, but for links and hidden ones; in folders "receiver", receivers'
 * records; of files with one stem the newest; each file once. Joins receivers' records to their senders' and writes the
 * charts, summary_report.md and index.html. 0 also when some files could not be read or charts drawn: the notes say so.
 * LONGHAUL_EFORMAT when nothing could be read. */
int longhaul_report_write(const char *const *paths, size_t n_paths, const struct longhaul_report_options *options,
                          struct longhaul_report **out, struct longhaul_error *err);
/* The same without writing: the report has no files, and its notes tell only of what was read. */
int longhaul_report_read(const char *const *paths, size_t n_paths, const struct longhaul_report_options *options,
                         struct longhaul_report **out, struct longhaul_error *err);
/* Changes whenever a file that longhaul_report_write() would read appears, disappears or is written to. */
uint64_t longhaul_report_inputs(const char *const *paths, size_t n_paths);
/* Legs are sorted by label, then start, unknown starts first; their analyses say what other legs did during events.
 * Files in the order of writing; a note for each thing that is missing from the report. NULL: an index out of range. */
size_t longhaul_report_n_legs(const struct longhaul_report *report);
const struct longhaul_analysis *longhaul_report_analysis(const struct longhaul_report *report, size_t leg);
/* The indices of all its legs, the gravest first: those whose figures cannot be relied on, then by loss, or by time
 * without data where that is more; of equal ones, by their gravest incident. Borrowed. */
const size_t *longhaul_report_gravest(const struct longhaul_report *report);
/* Of its legs, by their indices. */
const struct longhaul_incidents *longhaul_report_incidents(const struct longhaul_report *report);
/* The objectives, by leg, then as given: those of all its tests together. Borrowed. */
struct longhaul_leg_objective {
    const char *source, *destination, *protocol;
    bool is_one_of_two; /* the same sites have a leg of another protocol, too */
    struct longhaul_objective_result result;
};
const struct longhaul_leg_objective *longhaul_report_objectives(const struct longhaul_report *report, size_t *n);
/* "2 of 12 objectives missed, 1 cannot be judged"; "all 12 objectives met"; "" without any. */
const char *longhaul_report_objectives_text(const struct longhaul_report *report);
size_t longhaul_report_n_files(const struct longhaul_report *report);
const char *longhaul_report_file(const struct longhaul_report *report, size_t i);
size_t longhaul_report_n_notes(const struct longhaul_report *report);
const char *longhaul_report_note(const struct longhaul_report *report, size_t i);
/* What was left out below the folders: a line for each reason, with counts, or with names. None is a fault. */
size_t longhaul_report_n_remarks(const struct longhaul_report *report);
const char *longhaul_report_remark(const struct longhaul_report *report, size_t i, bool with_names);
/* The file to open: index.html, without a page summary_report.md; NULL if nothing was written. */
const char *longhaul_report_main_file(const struct longhaul_report *report);
int longhaul_report_json(const struct longhaul_report *report, char **out, struct longhaul_error *err);
void longhaul_report_free(struct longhaul_report *report);
LONGHAUL_END
#endif
