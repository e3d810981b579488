/* markdown_flows.c - the table of summary_report.md about the flows of the legs in which some fared worse than the
 * others. Nothing, where no leg has such an event. */

#include <math.h>

#include "publish/markdown.h"
#include "publish/markdown_cells.h"

static void write_flow(FILE *out, const struct longhaul_report *report, size_t leg, const struct longhaul_flow *flow,
                       size_t i)
{
    bool is_named = report_is_flow_named(&report->legs[leg], i);
    leg_cell(out, report, leg);
    fprintf(out, is_named ? " **%s** |" : " %s |", wording_flow(&report->legs[leg], i).text);
    cell(out, wording_count(flow->packets));
    cell(out, wording_count(flow->lost_packets));
    cell(out, wording_short(flow->packets > 0 ? 100 * flow->lost_packets / flow->packets : NAN, ""));
    cell(out, wording_count(flow->loss_runs));
    cell(out, wording_count(flow->silences));
    fputs("\n", out);
}

void markdown_write_flows(FILE *out, const struct longhaul_report *report)
{
    bool has_any = false;
    for (size_t i = 0; i < report->n_legs; i++) {
        size_t n;
        const struct longhaul_flow *flows = longhaul_analysis_flows(report->legs[i].analysis, &n);
        if (!report->legs[i].is_detailed || report_n_flows(&report->legs[i]) == 0)
            continue;
        if (!has_any)
            fputs("\n**Flows**, of the legs in which some fared worse than the others; those are bold\n\n"
                  "| Direction | Port | Packets | Lost | Loss % | Loss runs | Silences |\n"
                  "|---|---|---:|---:|---:|---:|---:|\n", out);
        has_any = true;
        for (size_t k = 0; k < n; k++)
            write_flow(out, report, i, &flows[k], k);
    }
}
