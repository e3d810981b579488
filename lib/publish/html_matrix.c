/* html_matrix.c - the matrix of index.html: loss, jitter and coverage by source and destination. It is a table, so that
 * it works without scripts and with screen readers. */

#include <math.h>
#include <stdlib.h>

#include "base/markup.h"
#include "publish/html.h"
#include "report/wording.h"

#define ROOMY_SITES 10  /* up to this many sites, the cells of the matrix contain text */

/* A few characters; the cell's title has the exact value. */
static struct wording dense_loss(double percent)
{
    int digits = percent >= 9.95 ? 0 : percent >= 0.995 ? 1 : percent >= 0.0995 ? 2 : 3;
    return percent == 0 ? wording_short(0, "") : wording_number(percent, digits, "");
}

/* The 95th percentile of the intervals, or the value at the end if that is unknown. */
static struct wording jitter_of(const struct report_leg *leg)
{
    double p95 = longhaul_analysis_figures(leg->analysis)->jitter_ms.p95;
    if (!isnan(p95))
        return wording_short(p95, " ms");
    return isnan(leg->summary.jitter_ms) ? (struct wording){ "unknown" }
                                         : wording_short(leg->summary.jitter_ms, " ms at the end");
}

/* "delivered 9.2369 Mbps", "sent 10.0000 Mbps", "rate unknown" */
static struct wording rate_of(const struct report_leg *leg)
{
    const struct longhaul_rate *rate = longhaul_analysis_rate(leg->analysis);
    struct wording w = { "rate unknown" };
    if (rate->kind != LONGHAUL_RATE_KIND_UNKNOWN)
        snprintf(w.text, sizeof w.text, "%s %.4f Mbps", longhaul_rate_kind_text(rate->kind), rate->mbps);
    return w;
}

static void write_cell(FILE *out, const struct longhaul_report *report, size_t i, bool is_roomy)
{
    const struct report_leg *leg = &report->legs[i];
    const struct longhaul_figures *f = longhaul_analysis_figures(leg->analysis);
    double loss = longhaul_analysis_loss(leg->analysis)->percent;
    struct wording jitter = jitter_of(leg);
    int level = report_loss_level(loss);
    bool is_bad = longhaul_analysis_verdict(leg->analysis) == LONGHAUL_VERDICT_NOT_VALID, is_part = f->coverage < 0.999;
    fputs("<td class=\"", out);
    if (level >= 0)
        fprintf(out, "l%d", level);
    else
        fputs("lu", out);
    fprintf(out, "%s%s\" title=\"", is_bad ? " bad" : "", is_part ? " part" : "");
    markup_html(out, wording_run(report, i).text);
    fprintf(out, ": %s, loss %s, jitter %s, observed %s%s\">", rate_of(leg).text,
            level >= 0 ? wording_short(loss, " %").text : "unknown", jitter.text,
            isnan(f->coverage) ? "unknown" : wording_short(100 * f->coverage, " %").text,
            is_bad ? ", figures not valid" : "");
    if (leg->is_detailed)
        fprintf(out, "<a href=\"#leg%zu\">", i);
    fputs(level < 0 ? "?" : is_roomy ? wording_short(loss, " %").text : dense_loss(loss).text, out);
    fprintf(out, "%s%s", is_bad ? "&nbsp;&#10007;" : "", leg->is_detailed ? "</a>" : "");
    if (is_roomy) {
        fprintf(out, "<small>jitter %s</small><small>%s</small>", jitter.text, rate_of(leg).text);
        if (is_part)
            fprintf(out, "<small>observed %s</small>", wording_short(100 * f->coverage, " %").text);
    }
}

/* A cell shows the newest run from one site to another: legs are sorted by start. */
static void fill_matrix(const struct longhaul_report *report, const char *const *sites, size_t n, size_t *at)
{
    for (size_t i = 0; i < n * n; i++)
        at[i] = report->n_legs;
    for (size_t i = 0; i < report->n_legs; i++)
        at[report_site_number(sites, n, report->legs[i].info->source) * n +
           report_site_number(sites, n, report->legs[i].info->destination)] = i;
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
    if (at) {
        fill_matrix(report, sites, n, at);
        bool is_roomy = n <= ROOMY_SITES;
        fprintf(
            out,
            "<div class=scroll tabindex=0 role=region aria-label=Matrix><table class=\"matrix %s\"><caption>From the "
            "row's site to the column's: loss%s</caption><thead><tr><td>",
            is_roomy ? "roomy" : "dense",
            is_roomy ? ", jitter (95th percentile, or at the end) and rate" : " in %; more when you point at it");
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
