/* html_maps.c - the two maps of index.html: loss by leg and hour (or day), in which an event of the hub stands as a column; and loss,
 * jitter and coverage by source and destination. Tables, so they are there without scripts and for those who listen. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "markup.h"
#include "wording.h"

#define HOUR_S 3600.0
#define DAY_S 86400.0
#define MOST_HOURS 75   /* more are shown as days */
#define MOST_COLUMNS 400
#define FEW_COLUMNS 12  /* each has its name */
#define ROOMY_SITES 10  /* a matrix of so many has text in its cells */
#define SHORT_NAME 16   /* characters */
#define PARTLY 0.95     /* of a column's time: less is marked */

/* ---- loss by leg and time */

struct strip {
    double first_unix_s, column_s;
    size_t n;
};

/* One cell. */
struct piece {
    double lost, packets, observed_s, outage_s, planned_s;
};

static double end_of(const struct report_leg *leg)
{
    double planned = isnan(leg->info->planned_s) ? 0 : leg->info->planned_s;
    return longhaul_analysis_figures(leg->analysis)->start_unix_s + fmax(planned, leg->summary.observed_s);
}

static struct strip strip_of(const struct longhaul_report *report)
{
    double first = INFINITY, last = -INFINITY;
    struct strip strip = { 0, HOUR_S, 0 };
    for (size_t i = 0; i < report->n_legs; i++) {
        double start = longhaul_analysis_figures(report->legs[i].analysis)->start_unix_s;
        if (isnan(start))
            continue;
        first = fmin(first, start);
        last = fmax(last, end_of(&report->legs[i]));
    }
    if (!(last > first))
        return strip;
    if (last - first > MOST_HOURS * HOUR_S)
        strip.column_s = DAY_S;
    strip.first_unix_s = floor(first / strip.column_s) * strip.column_s;
    double n = ceil((last - 1 - strip.first_unix_s) / strip.column_s); /* a last second is no hour */
    strip.n = (size_t)fmax(1, fmin(n, MOST_COLUMNS));
    return strip;
}

static double overlap(double a, double b, double c, double d)
{
    return fmax(0, fmin(b, d) - fmax(a, c));
}

/* A leg's hours into the strip's columns. */
static void fill_pieces(const struct report_leg *leg, const struct strip *strip, struct piece *pieces)
{
    size_t n;
    const struct longhaul_span *hours = longhaul_analysis_hours(leg->analysis, &n);
    double start = longhaul_analysis_figures(leg->analysis)->start_unix_s, planned = leg->info->planned_s;
    for (size_t k = 0; k < strip->n; k++) {
        double from = strip->first_unix_s + (double)k * strip->column_s;
        double planned_s = isnan(planned) ? 0 : overlap(start, start + planned, from, from + strip->column_s);
        pieces[k] = (struct piece){ NAN, NAN, 0, 0, planned_s };
    }
    for (size_t i = 0; i < n; i++) {
        double at = floor((hours[i].start_unix_s - strip->first_unix_s) / strip->column_s);
        if (!(at >= 0 && at < (double)strip->n))
            continue;
        struct piece *p = &pieces[(size_t)at];
        p->observed_s += hours[i].observed_s;
        p->outage_s += hours[i].outage_s;
        if (isnan(hours[i].lost_packets) || isnan(hours[i].known_packets))
            continue;
        p->lost = (isnan(p->lost) ? 0 : p->lost) + hours[i].lost_packets;
        p->packets = (isnan(p->packets) ? 0 : p->packets) + hours[i].known_packets;
    }
}

static void write_piece(FILE *out, const struct piece *p, const char *when)
{
    double percent = p->packets > 0 ? 100 * p->lost / p->packets : NAN;
    int level = html_loss_level(percent);
    bool is_part = p->planned_s > 0 && p->observed_s < PARTLY * p->planned_s;
    if (p->observed_s <= 0) {
        if (p->planned_s > 1)
            fprintf(out, "<td class=gap title=\"%s: not observed\"><span class=vh>not observed</span>", when);
        else
            fputs("<td class=off>", out);
        return;
    }
    fputs("<td class=\"", out);
    if (level >= 0)
        fprintf(out, "l%d", level);
    else
        fputs("lu", out);
    fprintf(out, "%s%s\" title=\"%s: ", p->outage_s > 0 ? " o" : "", is_part ? " part" : "", when);
    if (level >= 0)
        fprintf(out, "loss %s, %s packets", wording_short(percent, " %").text, wording_count(p->lost).text);
    else
        fputs("loss not known", out);
    if (p->outage_s > 0)
        fprintf(out, "; outage %s", wording_length(p->outage_s).text);
    if (is_part)
        fprintf(out, "; observed %s of %s", wording_length(p->observed_s).text, wording_length(p->planned_s).text);
    fprintf(out, "\">%s<span class=vh>%s</span>", p->outage_s > 0 ? "<b aria-hidden=true>&times;</b>" : "",
            level >= 0 ? wording_short(percent, " %").text : "unknown");
}

/* "00", "03", ... with the day where one begins; of days, the day. */
static void write_strip_head(FILE *out, const struct strip *strip)
{
    fputs("<thead><tr><th scope=col>Leg", out);
    for (size_t k = 0; k < strip->n; k++) {
        double at = strip->first_unix_s + (double)k * strip->column_s;
        struct wording utc = wording_utc(at);
        bool is_day = strip->column_s == DAY_S, is_labelled = strip->n <= FEW_COLUMNS || (is_day ? k % 7 == 0 : lrint(at / HOUR_S) % 3 == 0);
        fprintf(out, "<th scope=col aria-label=\"%.*s\">", is_day ? 10 : 16, utc.text);
        if (is_labelled)
            fprintf(out, "<span>%.*s</span>", is_day ? 5 : 2, utc.text + (is_day ? 5 : 11));
    }
    fputs("</thead>", out);
}

static void write_scale(FILE *out)
{
    static const char *const labels[HTML_LOSS_LEVELS] = { "0", "&le;0.001", "&le;0.01", "&le;0.1", "&le;1", "&gt;1" };
    fputs("<p class=scale><span>Loss %:</span> ", out);
    for (int i = 0; i < HTML_LOSS_LEVELS; i++)
        fprintf(out, "<span class=\"key l%d\">%s</span>", i, labels[i]);
    fputs("<span class=\"key lu\">unknown</span><span class=\"key gap\">not observed</span><span class=\"key l5\">&times; "
          "outage</span></p>\n", out);
}

/* Addresses, and runs with their starts. */
static bool has_long_names(const struct longhaul_report *report)
{
    for (size_t i = 0; i < report->n_legs; i++)
        if (report->legs[i].is_detailed && strlen(wording_run(report, i).text) > SHORT_NAME)
            return true;
    return false;
}

void html_write_strip(FILE *out, const struct longhaul_report *report)
{
    struct strip strip = strip_of(report);
    struct piece *pieces = strip.n ? calloc(strip.n, sizeof *pieces) : NULL;
    if (pieces == NULL) {
        fputs("<p>The files do not say when they were written.\n", out);
        return;
    }
    bool is_day = strip.column_s == DAY_S;
    fprintf(out, "<div class=strip-box><div class=scroll tabindex=0 role=region aria-label=\"Loss by leg and time\">"
                 "<table class=\"strip%s\" id=strip><caption>Loss by leg and %s of UTC, from %.10s on: a column is an event of many legs, "
                 "a row is an ill leg</caption>",
            has_long_names(report) ? " long" : "", is_day ? "day" : "hour", wording_utc(strip.first_unix_s).text);
    write_strip_head(out, &strip);
    fputs("<tbody>\n", out);
    for (size_t i = 0; i < report->n_legs; i++) {
        if (isnan(longhaul_analysis_figures(report->legs[i].analysis)->start_unix_s) || !report->legs[i].is_detailed)
            continue;
        fill_pieces(&report->legs[i], &strip, pieces);
        fprintf(out, "<tr><th scope=row><a href=\"#leg%zu\" class=%s>", i, report_is_inbound(report, i) ? "in" : "out");
        markup_html(out, wording_run(report, i).text);
        fputs("</a>", out);
        for (size_t k = 0; k < strip.n; k++) {
            struct wording utc = wording_utc(strip.first_unix_s + (double)k * strip.column_s);
            utc.text[is_day ? 10 : 16] = 0;
            write_piece(out, &pieces[k], utc.text + (is_day ? 0 : 5));
        }
        fputs("\n", out);
    }
    fputs("</tbody></table></div>\n", out);
    write_scale(out);
    fputs("</div>\n", out);
    free(pieces);
}

/* ---- by source and destination */

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static size_t site_number(const char *const *sites, size_t n, const char *site)
{
    const char *const *found = bsearch(&site, sites, n, sizeof *sites, by_name);
    return found ? (size_t)(found - sites) : 0;
}

/* A few characters: what is exact stands in the cell's title. */
static struct wording dense_loss(double percent)
{
    int digits = percent >= 9.95 ? 0 : percent >= 0.995 ? 1 : percent >= 0.0995 ? 2 : 3;
    return percent == 0 ? wording_short(0, "") : wording_number(percent, digits, "");
}

static void write_cell(FILE *out, const struct longhaul_report *report, size_t i, bool is_roomy)
{
    const struct report_leg *leg = &report->legs[i];
    const struct longhaul_figures *f = longhaul_analysis_figures(leg->analysis);
    double loss = longhaul_analysis_loss(leg->analysis)->percent;
    double jitter = isnan(f->jitter_ms.p95) ? leg->summary.jitter_ms : f->jitter_ms.p95;
    int level = html_loss_level(loss);
    bool is_bad = longhaul_analysis_verdict(leg->analysis) == LONGHAUL_NOT_VALID, is_part = f->coverage < 0.999;
    fputs("<td class=\"", out);
    if (level >= 0)
        fprintf(out, "l%d", level);
    else
        fputs("lu", out);
    fprintf(out, "%s%s\" title=\"", is_bad ? " bad" : "", is_part ? " part" : "");
    markup_html(out, wording_run(report, i).text);
    fprintf(out, ": loss %s, jitter %s, observed %s%s\">", level >= 0 ? wording_short(loss, " %").text : "unknown",
            isnan(jitter) ? "unknown" : wording_short(jitter, " ms").text, wording_short(100 * f->coverage, " %").text,
            is_bad ? ", figures not valid" : "");
    if (leg->is_detailed)
        fprintf(out, "<a href=\"#leg%zu\">", i);
    fputs(level < 0 ? "?" : is_roomy ? wording_short(loss, " %").text : dense_loss(loss).text, out);
    fprintf(out, "%s%s", is_bad ? "&nbsp;&#10007;" : "", leg->is_detailed ? "</a>" : "");
    if (is_roomy) {
        fprintf(out, "<small>jitter %s</small>", isnan(jitter) ? "unknown" : wording_short(jitter, " ms").text);
        if (is_part)
            fprintf(out, "<small>observed %s</small>", wording_short(100 * f->coverage, " %").text);
    }
}

/* The newest run from one site to another stands in the cell: legs are sorted by start. */
static bool fill_matrix(const struct longhaul_report *report, const char *const *sites, size_t n, size_t *at)
{
    for (size_t i = 0; i < n * n; i++)
        at[i] = report->n_legs;
    for (size_t i = 0; i < report->n_legs; i++)
        at[site_number(sites, n, report->legs[i].info->source) * n + site_number(sites, n, report->legs[i].info->destination)] = i;
    return true;
}

static void write_site(FILE *out, const char *site, const char *scope)
{
    fprintf(out, "<th scope=%s><span>", scope);
    markup_html(out, site[0] ? site : "?");
    fputs("</span>", out);
}

void html_write_matrix(FILE *out, const struct longhaul_report *report)
{
    size_t n;
    const char **sites = report_sites(report, &n);
    size_t *at = sites && n > 0 && n <= 1000 ? calloc(n * n, sizeof *at) : NULL;
    if (at && fill_matrix(report, sites, n, at)) {
        bool is_roomy = n <= ROOMY_SITES;
        fprintf(out, "<div class=scroll tabindex=0 role=region aria-label=Matrix><table class=\"matrix %s\"><caption>From the "
                     "row's site to the column's: loss%s</caption><thead><tr><td>",
                is_roomy ? "roomy" : "dense", is_roomy ? ", 95th percentile of jitter" : " in %; more when you point at it");
        for (size_t k = 0; k < n; k++)
            write_site(out, sites[k], "col");
        fputs("</thead><tbody>\n", out);
        for (size_t r = 0; r < n; r++) {
            fputs("<tr>", out);
            write_site(out, sites[r], "row");
            for (size_t c = 0; c < n; c++)
                if (at[r * n + c] < report->n_legs)
                    write_cell(out, report, at[r * n + c], is_roomy);
                else
                    fputs(r == c ? "<td class=self>" : "<td class=off>", out);
            fputs("\n", out);
        }
        fputs("</tbody></table></div>\n", out);
    }
    free(at);
    free(sites);
}
