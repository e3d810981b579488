/* html_glance.c - below the first lines of index.html: the incidents by kind, for how long legs were without data, and
 * how many legs have figures that can be relied on. Does not look into any series. */

#include "analysis/analysis.h"
#include "publish/html.h"
#include "report/wording.h"

void html_write_verdict(FILE *out, enum longhaul_verdict verdict)
{
    static const char *const classes[] = { "good", "noted", "bad" }, *const signs[] = { "&#10003;", "!", "&#10007;" };
    fprintf(out, "<span class=\"chip %s\"><span aria-hidden=true>%s</span> %s</span>", classes[verdict], signs[verdict],
            longhaul_verdict_text(verdict));
}

/* "Incidents: 2 outage, 1 loss", each in its colour. */
static void write_kinds(FILE *out, const struct longhaul_report *report)
{
    size_t n, counts[LONGHAUL_N_EVENT_KINDS] = { 0 };
    const struct longhaul_incident *list = longhaul_incidents_list(report->incidents, &n);
    for (size_t i = 0; i < n; i++)
        counts[list[i].kind]++;
    fputs("<li><a href=\"#incidents\">Incidents</a>:", out);
    for (int rank = 0; rank < LONGHAUL_N_EVENT_KINDS; rank++) {
        enum longhaul_event_kind kind = event_kind_at(rank);
        if (counts[kind] > 0)
            fprintf(out, " <span class=\"chip k-%s\"><b>%zu</b> %s</span>", event_kind_key(kind), counts[kind],
                    longhaul_event_kind_text(kind));
    }
}

void html_write_glance(FILE *out, const struct longhaul_report *report)
{
    size_t n[3] = { 0, 0, 0 };
    for (size_t i = 0; i < report->n_legs; i++)
        n[longhaul_analysis_verdict(report->legs[i].analysis)]++;
    fputs("<ul class=glance>", out);
    struct report_accounts accounts = report_accounts_of(report);
    if (accounts.n > 0)
        write_kinds(out, report);
    if (accounts.down_s > 0)
        fprintf(out, "<li>Without data: <b>%s</b>", wording_length(accounts.down_s).text);
    fputs("<li>Figures:", out);
    for (int v = 0; v < 3; v++)
        if (n[v] > 0) {
            fprintf(out, " <b>%zu</b> leg%s ", n[v], n[v] == 1 ? "" : "s");
            html_write_verdict(out, (enum longhaul_verdict)v);
        }
    fputs("</ul>\n", out);
}
