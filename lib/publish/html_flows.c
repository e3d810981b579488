/* html_flows.c - the maps of index.html by flow and time: the loss of each flow of the legs in which some flows fared
 * worse than the others. Nothing, where no leg has such an event. */

#include <math.h>

#include "base/markup.h"
#include "publish/html.h"
#include "report/wording.h"

static void write_cell(FILE *out, const struct report_leg *leg, size_t flow, const struct report_columns *bins,
                       size_t k)
{
    double loss = (double)leg->flow_loss[flow * bins->n + k];
    int level = report_loss_level(loss);
    if (level < 0)
        fputs("<td class=off>", out);
    else
        fprintf(out, "<td class=l%d title=\"%s, %s: loss %s\"><span class=vh>%s</span>", level,
                wording_flow(leg, flow).text, html_column_time(bins, k).text, wording_short(loss, " %").text,
                wording_short(loss, " %").text);
}

static void write_flow(FILE *out, const struct report_leg *leg, const struct longhaul_flow *flow, size_t i,
                       const struct report_columns *bins)
{
    double loss = flow->packets > 0 ? 100 * flow->lost_packets / flow->packets : NAN;
    int level = report_loss_level(loss);
    bool is_named = report_is_flow_named(leg, i);
    fprintf(out, "<tr%s><th scope=row>%s", is_named ? " class=named" : "", wording_flow(leg, i).text);
    if (level < 0)
        fputs("<td class=\"whole lu\">&ndash;", out);
    else
        fprintf(out, "<td class=\"whole l%d\">%s", level, wording_short(loss, "").text);
    for (size_t k = 0; k < bins->n; k++)
        write_cell(out, leg, i, bins, k);
    fputs("\n", out);
}

static void write_leg(FILE *out, const struct longhaul_report *report, size_t index)
{
    const struct report_leg *leg = &report->legs[index];
    const struct report_columns *bins = &report->bins;
    size_t n;
    const struct longhaul_flow *flows = longhaul_analysis_flows(leg->analysis, &n);
    fprintf(out, "<div class=scroll tabindex=0 role=region aria-label=\"Flows of ");
    markup_html(out, wording_run(report, index).text);
    fprintf(out, "\"><table class=\"strip%s\" id=flows%zu><caption>", html_is_strip_fine(bins) ? " fine" : "", index);
    markup_html(out, wording_run(report, index).text);
    fprintf(out,
            ": loss by flow, named by its port, and %s of UTC. A row that stands out is one member of a bundle, or "
            "one of several ways; a bar is before those that incidents name</caption>",
            report_bin_name(bins));
    html_write_strip_head(out, bins, "Flow");
    fputs("<tbody>\n", out);
    for (size_t i = 0; i < n; i++)
        write_flow(out, leg, &flows[i], i, bins);
    fputs("</tbody></table></div>\n", out);
}

void html_write_flows(FILE *out, const struct longhaul_report *report)
{
    bool has_any = false;
    for (size_t i = 0; i < report->n_legs && report->bins.is_dated; i++) {
        const struct report_leg *leg = &report->legs[i];
        if (!leg->is_detailed || leg->flow_loss == NULL || report_n_flows(leg) == 0)
            continue;
        if (!has_any)
            fputs("<h3 id=flows>Flows</h3>\n", out);
        has_any = true;
        write_leg(out, report, i);
    }
    if (has_any)
        html_write_loss_scale(out);
}
