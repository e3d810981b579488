/* html_matrix.c - the matrix of index.html: loss, jitter and coverage by source and destination. It is a table, so that
 * it works without scripts and with screen readers. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/markup.h"
#include "publish/html.h"
#include "report/wording.h"

#define ROOMY_SITES 10 /* up to this many sites, the cells of the matrix contain text */
#define LONG_SITE 14   /* characters of a name next to small cells */
#define TIGHT_SITES 24 /* with more, its cells are as small as two digits */

/* "; incidents 2, 3, ..."; "" without any. The smallest number is the gravest. */
static void write_incidents(FILE *out, const struct longhaul_report *report, size_t leg)
{
    size_t n, first = 0, n_all = report->legs[leg].n_incidents;
    longhaul_analysis_events(report->legs[leg].analysis, &n);
    for (size_t k = 0; k < n; k++) {
        size_t number = report->legs[leg].incident_numbers[k];
        first = number > 0 && (first == 0 || number < first) ? number : first;
    }
    if (first == 0)
        return;
    fprintf(out, "; incident %zu", first);
    if (n_all > 1)
        fprintf(out, " and %zu more", n_all - 1);
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

/* "delivered 9.24 Mbps", "sent 10 Mbps", "rate unknown" */
static struct wording rate_of(const struct report_leg *leg)
{
    const struct longhaul_rate *rate = longhaul_analysis_rate(leg->analysis);
    if (rate->kind == LONGHAUL_RATE_KIND_UNKNOWN)
        return wording_say("rate unknown");
    return wording_say("%s %s", longhaul_rate_kind_text(rate->kind), wording_short(rate->mbps, " Mbps").text);
}

/* "misses 1 of 3 objectives" */
static struct wording missed_of(const struct report_leg *leg)
{
    return wording_say("misses %zu of %zu objective%s", leg->n_missed, leg->n_objectives,
                       leg->n_objectives == 1 ? "" : "s");
}

/* What the pointer and the keyboard tell of a cell, and screen readers of an empty one. */
static void write_title(FILE *out, const struct longhaul_report *report, size_t i)
{
    const struct report_leg *leg = &report->legs[i];
    double coverage = longhaul_analysis_figures(leg->analysis)->coverage,
           loss = longhaul_analysis_loss(leg->analysis)->percent;
    markup_html(out, wording_run(report, i).text);
    fprintf(out, ": %s, loss %s, jitter %s, observed %s", rate_of(leg).text,
            isnan(loss) ? "unknown" : wording_short(loss, " %").text, jitter_of(leg).text,
            isnan(coverage) ? "unknown" : wording_short(100 * coverage, " %").text);
    if (longhaul_analysis_verdict(leg->analysis) == LONGHAUL_VERDICT_NOT_VALID)
        fputs(", figures not valid", out);
    if (leg->n_missed > 0)
        fprintf(out, "; %s", missed_of(leg).text);
    write_incidents(out, report, i);
}

static void write_cell(FILE *out, const struct longhaul_report *report, size_t i, bool is_roomy)
{
    const struct report_leg *leg = &report->legs[i];
    double coverage = longhaul_analysis_figures(leg->analysis)->coverage,
           loss = longhaul_analysis_loss(leg->analysis)->percent;
    int level = report_loss_level(loss);
    bool is_bad = longhaul_analysis_verdict(leg->analysis) == LONGHAUL_VERDICT_NOT_VALID, is_part = coverage < 0.999;
    fputs("<td class=\"", out);
    if (level >= 0)
        fprintf(out, "l%d", level);
    else
        fputs("lu", out);
    fprintf(out, "%s%s%s\"><a href=\"#leg%zu\" title=\"", is_bad ? " bad" : "", is_part ? " part" : "",
            leg->n_missed > 0 ? " miss" : "", i);
    write_title(out, report, i);
    fputs("\">", out);
    fputs(level < 0 ? "?" : is_roomy ? wording_short(loss, " %").text : wording_tiny_loss(loss).text, out);
    fprintf(out, "%s</a>", is_bad ? is_roomy ? "&nbsp;&#10007;" : "&#10007;" : "");
    if (is_roomy) {
        fprintf(out, "<small>jitter %s</small><small>%s</small>", jitter_of(leg).text, rate_of(leg).text);
        if (leg->n_missed > 0)
            fprintf(out, "<small class=missed>misses %zu of %zu</small>", leg->n_missed, leg->n_objectives);
        if (is_part)
            fprintf(out, "<small>observed %s</small>", wording_short(100 * coverage, " %").text);
    }
}

/* Shortens a long name in its middle: names of one mesh may begin alike. The head's title has all of it. */
static struct wording short_site(const char *site)
{
    size_t n = strlen(site), head = LONG_SITE / 2, tail = n - (LONG_SITE - head - 1);
    if (n <= LONG_SITE)
        return wording_say("%s", site);
    while (head > 0 && ((unsigned char)site[head] & 0xc0) == 0x80) /* not within a character */
        head--;
    while (((unsigned char)site[tail] & 0xc0) == 0x80)
        tail++;
    return wording_say("%.*s\xe2\x80\xa6%s", (int)head, site, site + tail);
}

static void write_site(FILE *out, const char *site, const char *scope, bool is_roomy)
{
    const char *name = site[0] ? site : "?";
    fprintf(out, "<th scope=%s title=\"", scope);
    markup_html(out, name);
    fputs("\"><span>", out);
    markup_html(out, is_roomy ? name : short_site(name).text);
    fputs("</span>", out);
}

void html_write_matrix(FILE *out, const struct longhaul_report *report)
{
    size_t n;
    const char **sites = report_sites(report, &n);
    size_t *at = sites && n > 0 && n <= 1000 ? report_matrix(report, sites, n) : NULL;
    if (at) {
        bool is_roomy = n <= ROOMY_SITES;
        fprintf(
            out,
            "<div class=matrix-box><p class=hint>From the row's site to the column's: loss%s</p>"
            "<div class=scroll tabindex=0 role=region aria-label=Matrix><table class=\"matrix %s%s\" id=matrix>"
            "<caption class=vh>Loss by source and destination</caption><thead><tr><td>",
            is_roomy ? ", jitter (95th percentile, or at the end) and rate"
                     : " of the whole test in %; below 0.01 the colour alone tells it",
            is_roomy ? "roomy" : "dense", n > TIGHT_SITES ? " tight" : "");
        for (size_t k = 0; k < n; k++)
            write_site(out, sites[k], "col", is_roomy);
        fputs("</thead><tbody>\n", out);
        for (size_t r = 0; r < n; r++) {
            fputs("<tr>", out);
            write_site(out, sites[r], "row", is_roomy);
            for (size_t c = 0; c < n; c++)
                if (at[r * n + c] < report->n_legs)
                    write_cell(out, report, at[r * n + c], is_roomy);
                else
                    fputs(r == c ? "<td class=self>" : "<td class=off>", out);
            fputs("\n", out);
        }
        fputs("</tbody></table></div>\n", out);
        html_write_loss_scale(out);
        fputs("</div>\n", out);
    }
    free(at);
    free(sites);
}
