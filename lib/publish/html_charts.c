/* html_charts.c - the charts of index.html: for each pair of sites its legs, with room for interactive charts, and
 * gnuplot's picture, which is visible without scripts. Draws nothing. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/markup.h"
#include "publish/html.h"
#include "report/wording.h"

#define MOST_SVG_BYTES 700000   /* of one picture */
#define ALL_SVG_BYTES 1500000   /* of all pictures together: the page stays small */
#define MOST_OPEN 12            /* pairs where there is no mesh; if more, all stay closed until a reader opens them */

static void write_fact(FILE *out, const char *name, struct wording value)
{
    fprintf(out, "<span>%s <b>%s</b></span> ", name, value.text);
}

static void write_leg(FILE *out, const struct longhaul_report *report, size_t i)
{
    const struct report_leg *leg = &report->legs[i];
    const struct longhaul_figures *f = longhaul_analysis_figures(leg->analysis);
    double loss = longhaul_analysis_loss(leg->analysis)->percent;
    fprintf(out, "<article id=leg%zu class=\"leg %s\" data-leg=%zu><h4><span class=swatch aria-hidden=true></span>", i,
            report_is_inbound(report, i) ? "in" : "out", i);
    markup_html(out, wording_run(report, i).text);
    fputs("</h4><p class=facts>", out);
    html_write_verdict(out, longhaul_analysis_verdict(leg->analysis));
    fputs(" ", out);
    if (!isnan(loss) || strcmp(leg->info->protocol, "TCP") != 0)
        fprintf(out, "<span>loss <b>%s</b></span> ", isnan(loss) ? "unknown" : wording_short(loss, " %").text);
    if (f->jitter_ms.n > 0)
        write_fact(out, "jitter p95", wording_short(f->jitter_ms.p95, " ms"));
    const struct longhaul_delays *delays = longhaul_analysis_delays(leg->analysis);
    if (!isnan(delays->p99_ms))
        write_fact(out, "delay p99", wording_short(delays->p99_ms, " ms"));
    else if (!isnan(delays->max_ms))
        write_fact(out, "delay max", wording_short(delays->max_ms, " ms"));
    if (delays->n_shifts > 0)
        write_fact(out, "route changes", wording_count((double)delays->n_shifts));
    if (!isnan(leg->info->end_retransmits))
        write_fact(out, "retransmits", wording_count(leg->info->end_retransmits));
    enum longhaul_rate_kind kind = longhaul_analysis_rate(leg->analysis)->kind;
    write_fact(out, kind == LONGHAUL_RATE_KIND_UNKNOWN ? "rate" : longhaul_rate_kind_text(kind),
               wording_short(longhaul_analysis_rate(leg->analysis)->mbps, " Mbps"));
    if (!isnan(f->coverage) && f->coverage < 0.9995)
        write_fact(out, "observed", wording_share(100 * f->coverage, " %"));
    fputs("</p>", out);
    html_write_leg_routes(out, report, i);
    fputs("<div class=live></div></article>\n", out);
}

static bool is_of_pair(const struct report_chart *chart, const struct report_pair *pair)
{
    if (chart->kind != LONGHAUL_CHART_PAIR || chart->n_legs == 0)
        return false;
    for (size_t i = 0; i < pair->n; i++)
        if (pair->legs[i] == chart->legs[0])
            return true;
    return false;
}

static void write_link(FILE *out, const struct longhaul_report *report, const struct report_chart *chart)
{
    const char *ending = chart->has_png ? "png" : chart->has_svg ? "svg" : NULL;
    if (ending == NULL) {
        fputs(report->options->wants_no_render
                  ? "<p class=missing>The picture of this pair was not drawn: it was not requested.</p>\n"
                  : "<p class=missing>The picture of this pair was not drawn: see the notes.</p>\n",
              out);
        return;
    }
    fprintf(out, "<p class=missing><a href=\"%s.%s\">", chart->name, ending);
    markup_html(out, chart->subject);
    fprintf(out, "</a>: the picture is next to this page, as %s.%s.</p>\n", chart->name, ending);
}

/* Writes the picture itself while the page has room for it, else a link to it. */
static int write_picture(FILE *out, const struct longhaul_report *report, size_t c, size_t *room,
                         struct longhaul_error *err)
{
    const struct report_chart *chart = &report->charts[c];
    char prefix[32], title[400];
    char *path;
    size_t n = 0;
    if (asprintf(&path, "%s/%s.svg", report->out_dir, chart->name) < 0)
        return error_set(err, LONGHAUL_ENOMEM, "index.html: out of memory");
    snprintf(prefix, sizeof prefix, "c%zu-", c);
    snprintf(title, sizeof title, "Chart of %s over time; the tables have the figures", chart->subject);
    fputs("<figure class=static>", out);
    bool is_there =
        chart->has_svg && html_write_svg(out, path, title, prefix, *room < MOST_SVG_BYTES ? *room : MOST_SVG_BYTES, &n);
    *room -= n < *room ? n : *room;
    if (is_there) {
        fputs("<figcaption>", out);
        markup_html(out, chart->subject);
        fprintf(out, ", from %s</figcaption>", wording_utc(chart->start_unix_s).text);
    } else {
        write_link(out, report, chart);
    }
    fputs("</figure>\n", out);
    free(path);
    return 0;
}

/* The leg towards the hub first. */
static void write_legs(FILE *out, const struct longhaul_report *report, const struct report_pair *pair)
{
    for (int inbound = 1; inbound >= 0; inbound--)
        for (size_t i = 0; i < pair->n; i++)
            if (report_is_inbound(report, pair->legs[i]) == inbound && report->legs[pair->legs[i]].is_detailed)
                write_leg(out, report, pair->legs[i]);
}

static bool is_detailed(const struct longhaul_report *report, const struct report_pair *pair)
{
    for (size_t i = 0; i < pair->n; i++)
        if (report->legs[pair->legs[i]].is_detailed)
            return true;
    return false;
}

static int write_pair(FILE *out, const struct longhaul_report *report, const struct report_pair *pair, size_t p,
                      bool is_open, size_t *room, struct longhaul_error *err)
{
    size_t n_charts = 0;
    fprintf(out, "<details class=pair id=pair%zu%s><summary><h3>", p, is_open ? " open" : "");
    markup_html(out, pair->a);
    fputs(" &harr; ", out);
    markup_html(out, pair->b);
    fputs("</h3></summary>\n", out);
    write_legs(out, report, pair);
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < report->n_charts; i++)
        if (is_of_pair(&report->charts[i], pair)) {
            rc = write_picture(out, report, i, room, err);
            n_charts++;
        }
    if (n_charts == 0)
        fputs("<p class=missing>No picture of this pair was requested.</p>\n", out);
    fputs("</details>\n", out);
    return rc;
}

/* A pair, and the rank of the gravest of its legs. */
struct ranked {
    size_t pair, rank;
};

static int by_rank(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    return (x->rank > y->rank) - (x->rank < y->rank);
}

/* In the order of their sites; in a mesh the gravest first. NULL when out of memory. */
static struct ranked *rank(const struct longhaul_report *report, const struct report_pair *pairs, size_t n_pairs)
{
    struct ranked *order = calloc(n_pairs + 1, sizeof *order);
    size_t *ranks = calloc(report->n_legs + 1, sizeof *ranks);
    for (size_t i = 0; ranks && i < report->n_legs; i++)
        ranks[report->gravest[i]] = i;
    for (size_t p = 0; order && ranks && p < n_pairs; p++) {
        order[p] = (struct ranked){ p, report->n_legs };
        for (size_t k = 0; k < pairs[p].n; k++)
            order[p].rank = ranks[pairs[p].legs[k]] < order[p].rank ? ranks[pairs[p].legs[k]] : order[p].rank;
    }
    if (order && ranks && report_is_mesh(report))
        qsort(order, n_pairs, sizeof *order, by_rank);
    if (ranks == NULL) {
        free(order);
        order = NULL;
    }
    free(ranks);
    return order;
}

int html_write_charts(FILE *out, const struct longhaul_report *report, const struct report_pair *pairs, size_t n_pairs,
                      struct longhaul_error *err)
{
    size_t room = ALL_SVG_BYTES;
    int rc = 0;
    struct ranked *order = rank(report, pairs, n_pairs);
    if (order == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "index.html: out of memory");
    for (size_t k = 0; rc == 0 && k < n_pairs; k++) {
        const struct report_pair *pair = &pairs[order[k].pair];
        bool is_open = report_is_mesh(report) ? order[k].rank < REPORT_WORST : n_pairs <= MOST_OPEN;
        if (is_detailed(report, pair))
            rc = write_pair(out, report, pair, order[k].pair, is_open, &room, err);
    }
    free(order);
    return rc;
}
