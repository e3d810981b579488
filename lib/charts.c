/* charts.c - which charts a report has and what they are called: one for each pair, one for each leg. The newest runs get
 * the plain names, older ones their start as well, so no chart writes over another. A chart that cannot be drawn is a note. */

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>

#include "error.h"
#include "gnuplot.h"
#include "leg.h"
#include "plot.h"
#include "report.h"

#define NAME_SIZE 256

/* The work on one report's charts. */
struct charts {
    struct longhaul_report *report;
    struct report_pair *pairs;
    size_t n_pairs;
    char (*names)[NAME_SIZE]; /* those taken: a pair's and a leg's chart for each leg at most */
    size_t n_names;
    bool can_render;
    bool was_checked; /* is gnuplot there? asked when the first chart is due */
};

const char *longhaul_chart_text(enum longhaul_chart chart)
{
    static const char *const texts[] = { "pair", "direction", "hub", "heat", "distribution", "matrix" };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (chart == (enum longhaul_chart)(1u << i))
            return texts[i];
    return NULL;
}

/* ---- names */

/* Labels can be addresses: what is awkward in a file name becomes "_". */
static void name_part(char *out, size_t size, const char *label)
{
    snprintf(out, size, "%s", label);
    for (char *p = out; *p; p++)
        if (!isalnum((unsigned char)*p) && *p != '.' && *p != '-')
            *p = '_';
}

static bool is_taken(const struct charts *c, const char *name)
{
    for (size_t i = 0; i < c->n_names; i++)
        if (strcmp(c->names[i], name) == 0)
            return true;
    return false;
}

/* A name that no chart has yet: plain, else with the start, else with the start and a number. Charts come newest first. */
static const char *take_name(struct charts *c, const char *kind, const char *from, const char *to, double start_unix_s)
{
    char a[80], b[80], stamp[32] = "undated", *name = c->names[c->n_names];
    time_t start = (time_t)(isnan(start_unix_s) ? 0 : start_unix_s);
    struct tm utc;
    name_part(a, sizeof a, from);
    name_part(b, sizeof b, to);
    if (!isnan(start_unix_s) && gmtime_r(&start, &utc))
        strftime(stamp, sizeof stamp, LEG_STAMP_FORMAT, &utc);
    snprintf(name, NAME_SIZE, "%s_%s_%s_bandwidth", kind, a, b);
    if (is_taken(c, name))
        snprintf(name, NAME_SIZE, "%s_%s_%s_bandwidth_%s", kind, a, b, stamp);
    for (int i = 2; is_taken(c, name); i++)
        snprintf(name, NAME_SIZE, "%s_%s_%s_bandwidth_%s_%d", kind, a, b, stamp, i);
    c->n_names++;
    return name;
}

/* ---- drawing */

/* Is the picture missing, or older than the data or the script it is drawn from? */
static bool is_stale(const char *dir, const char *name)
{
    static const char *const sources[] = { "dat", "gp" };
    struct stat picture, source;
    char *path;
    if (asprintf(&path, "%s/%s.png", dir, name) < 0)
        return true;
    bool stale = stat(path, &picture) != 0;
    free(path);
    for (int i = 0; !stale && i < 2; i++) {
        if (asprintf(&path, "%s/%s.%s", dir, name, sources[i]) < 0)
            return true;
        stale = stat(path, &source) != 0 || source.st_mtim.tv_sec > picture.st_mtim.tv_sec ||
                (source.st_mtim.tv_sec == picture.st_mtim.tv_sec && source.st_mtim.tv_nsec > picture.st_mtim.tv_nsec);
        free(path);
    }
    return stale;
}

/* A missing gnuplot is one note, not one for each chart. */
static int check_gnuplot(struct charts *c, struct longhaul_error *err)
{
    struct longhaul_error why = { 0 };
    if (c->was_checked)
        return 0;
    c->was_checked = true;
    c->can_render = gnuplot_check(&why) == 0;
    return c->can_render ? 0 : report_note(c->report, err, "charts are not drawn (scripts and data are in %s): %s",
                                           c->report->out_dir, why.text);
}

static int render(struct charts *c, const char *name, struct longhaul_error *err)
{
    struct longhaul_error why = { 0 };
    char *path;
    if (c->report->options->no_render || (!c->report->options->redraw && !is_stale(c->report->out_dir, name)))
        return 0;
    int rc = check_gnuplot(c, err);
    if (rc != 0 || !c->can_render)
        return rc;
    if (gnuplot_render(c->report->out_dir, name, &why) != 0)
        return report_note(c->report, err, "%s", why.text);
    if (asprintf(&path, "%s/%s.png", c->report->out_dir, name) < 0)
        return error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", name);
    rc = report_wrote(c->report, path, err);
    free(path);
    return rc;
}

static int write_chart(struct charts *c, const struct plot_chart *chart, struct longhaul_error *err)
{
    bool changed_only = !c->report->options->redraw;
    char *data, *script, file[NAME_SIZE + 8];
    int rc = plot_chart_texts(chart, &data, &script, err);
    if (rc)
        return rc;
    snprintf(file, sizeof file, "%s.dat", chart->name);
    rc = report_write_file(c->report, file, data, changed_only, err);
    if (rc == 0) {
        snprintf(file, sizeof file, "%s.gp", chart->name);
        rc = report_write_file(c->report, file, script, changed_only, err);
    }
    free(data);
    free(script);
    return rc ? rc : render(c, chart->name, err);
}

/* ---- which charts there are */

static struct plot_panel panel_of(const struct charts *c, size_t leg)
{
    const struct report_leg *l = &c->report->legs[leg];
    return (struct plot_panel){ l->series, &l->summary, strcasecmp(l->info->destination, c->report->hub) == 0 };
}

static double start_of(const struct charts *c, size_t leg)
{
    double start = c->report->legs[leg].info->start_unix_s;
    return isnan(start) ? -1 : start;
}

/* The run of the opposite direction that began nearest to this one's start; the pair's n when there is none. */
static size_t nearest_opposite(const struct charts *c, const struct report_pair *pair, size_t mine)
{
    const struct longhaul_info *info = c->report->legs[pair->legs[mine]].info;
    size_t best = pair->n;
    double least = INFINITY;
    for (size_t i = 0; i < pair->n; i++) {
        const struct longhaul_info *other = c->report->legs[pair->legs[i]].info;
        double apart = fabs(start_of(c, pair->legs[i]) - start_of(c, pair->legs[mine]));
        if (i != mine && strcmp(other->source, info->destination) == 0 && apart < least) {
            best = i;
            least = apart;
        }
    }
    return best;
}

/* The run to show beside this one: the one nearest to it, if this is also the nearest to that one. */
static size_t partner_of(const struct charts *c, const struct report_pair *pair, size_t mine)
{
    size_t other = nearest_opposite(c, pair, mine);
    return other < pair->n && nearest_opposite(c, pair, other) == mine ? other : pair->n;
}

/* Inbound to the hub first; else by the order of the report. */
static void order_panels(const struct charts *c, struct plot_chart *chart, size_t first, size_t second)
{
    struct plot_panel x = panel_of(c, first < second ? first : second);
    struct plot_panel y = panel_of(c, first < second ? second : first);
    bool swap = y.is_inbound && !x.is_inbound;
    chart->panels[0] = swap ? y : x;
    chart->panels[1] = swap ? x : y;
    chart->n_panels = 2;
}

static int write_pair_chart(struct charts *c, const struct report_pair *pair, size_t mine, size_t other,
                            struct longhaul_error *err)
{
    char subject[160];
    struct plot_chart chart = { .kind = PLOT_PAIR, .subject = subject, .n_panels = 1 };
    snprintf(subject, sizeof subject, "%s <-> %s", pair->a, pair->b);
    chart.name = take_name(c, "pair", pair->a, pair->b, c->report->legs[pair->legs[mine]].info->start_unix_s);
    chart.panels[0] = panel_of(c, pair->legs[mine]);
    if (other < pair->n)
        order_panels(c, &chart, pair->legs[mine], pair->legs[other]);
    return write_chart(c, &chart, err);
}

/* The newest run of the pair that is not marked in done; the pair's n when there is none left. */
static size_t newest_left(const struct charts *c, const struct report_pair *pair, const bool *done)
{
    size_t best = pair->n;
    for (size_t i = 0; i < pair->n; i++)
        if (!done[i] && (best == pair->n || start_of(c, pair->legs[i]) > start_of(c, pair->legs[best])))
            best = i;
    return best;
}

static int write_pair_charts(struct charts *c, const struct report_pair *pair, struct longhaul_error *err)
{
    bool *done = calloc(pair->n, sizeof *done);
    size_t mine;
    int rc = done ? 0 : error_set(err, LONGHAUL_ENOMEM, "charts: out of memory");
    while (rc == 0 && (mine = newest_left(c, pair, done)) < pair->n) {
        size_t other = partner_of(c, pair, mine);
        done[mine] = true;
        if (other < pair->n)
            done[other] = true;
        rc = write_pair_chart(c, pair, mine, other, err);
    }
    free(done);
    return rc;
}

/* From the last leg on: within a label that is from the newest. */
static int write_direction_charts(struct charts *c, struct longhaul_error *err)
{
    int rc = 0;
    for (size_t i = c->report->n_legs; rc == 0 && i-- > 0; ) {
        const struct longhaul_info *info = c->report->legs[i].info;
        char subject[160];
        struct plot_chart chart = { .kind = PLOT_DIRECTION, .subject = subject, .panels = { panel_of(c, i) }, .n_panels = 1 };
        snprintf(subject, sizeof subject, "%s->%s", info->source, info->destination);
        chart.name = take_name(c, "direction", info->source, info->destination, info->start_unix_s);
        rc = write_chart(c, &chart, err);
    }
    return rc;
}

int report_write_charts(struct longhaul_report *report, struct longhaul_error *err)
{
    struct charts c = { .report = report };
    c.pairs = report_pairs(report, &c.n_pairs);
    c.names = calloc(2 * report->n_legs, sizeof *c.names);
    int rc = c.pairs && c.names ? 0 : error_set(err, LONGHAUL_ENOMEM, "charts: out of memory");
    for (size_t i = 0; rc == 0 && i < c.n_pairs; i++)
        rc = write_pair_charts(&c, &c.pairs[i], err);
    if (rc == 0)
        rc = write_direction_charts(&c, err);
    if (c.pairs)
        report_pairs_free(c.pairs, c.n_pairs);
    free(c.names);
    return rc;
}
