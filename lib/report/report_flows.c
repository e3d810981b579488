/* report_flows.c - what each flow of a leg with several did in the cells of the report's maps. */

#include <math.h>
#include <stdlib.h>

#include "analysis/analysis.h"
#include "read/series.h"
#include "report/report.h"
#include "report/wording.h"

/* The cell of a time on the leg's axis; n outside of the map. */
static size_t cell_at(const struct report_columns *bins, const struct report_leg *leg, double at_s)
{
    double start = bins->is_dated ? longhaul_analysis_figures(leg->analysis)->start_unix_s : 0,
           at = floor((start + at_s - bins->first_s) / bins->step_s);
    return at >= 0 && at < (double)bins->n ? (size_t)at : bins->n;
}

bool report_find_flows(const struct report_columns *bins, struct report_leg *leg)
{
    size_t n_flows, n_troubles;
    const struct longhaul_flow *flows = longhaul_series_flows(leg->series, &n_flows);
    const struct longhaul_flow_trouble *troubles = longhaul_series_flow_troubles(leg->series, &n_troubles);
    double all = 0;
    if (n_flows < 2)
        return true;
    leg->flow_loss = calloc(n_flows * bins->n + 1, sizeof *leg->flow_loss);
    double *packets = calloc(bins->n + 1, sizeof *packets);
    for (size_t i = 0; i < n_flows; i++)
        all += flows[i].packets;
    for (size_t k = 0; packets && k < leg->n_bins; k++)
        packets[cell_at(bins, leg, leg->bins[k].start_s + bins->step_s / 2)] += fmax(0, leg->bins[k].known_packets);
    for (size_t k = 0; leg->flow_loss && k < n_troubles; k++) {
        size_t cell = cell_at(bins, leg, troubles[k].start_s);
        if (cell < bins->n && troubles[k].flow < n_flows)
            leg->flow_loss[troubles[k].flow * bins->n + cell] += troubles[k].lost_packets;
    }
    for (size_t i = 0; leg->flow_loss && packets && i < n_flows * bins->n; i++) {
        double sent = packets[i % bins->n] * flows[i / bins->n].packets / all;
        leg->flow_loss[i] = sent > 0 ? fminf(100, 100 * leg->flow_loss[i] / (float)sent) : NAN;
    }
    bool good = leg->flow_loss && packets;
    free(packets);
    return good;
}

size_t report_n_flows(const struct report_leg *leg)
{
    size_t n, n_events;
    const struct longhaul_event *events = longhaul_analysis_events(leg->analysis, &n_events);
    longhaul_analysis_flows(leg->analysis, &n);
    for (size_t i = 0; i < n_events; i++)
        if (events[i].n_flows > 0)
            return n;
    return 0;
}

struct wording wording_flow(const struct report_leg *leg, size_t flow)
{
    size_t n;
    const struct longhaul_flow *flows = longhaul_analysis_flows(leg->analysis, &n);
    bool differ = n > 1 && !flows_have_one_source(flows, n);
    unsigned port = differ ? flows[flow].source_port : flows[flow].destination_port;
    return port == 0 ? wording_say("flow %zu", flow + 1) : wording_say("%s %u", differ ? "from" : "to", port);
}

bool report_is_flow_named(const struct report_leg *leg, size_t flow)
{
    size_t n, n_events;
    const struct longhaul_flow *flows = longhaul_analysis_flows(leg->analysis, &n);
    const struct longhaul_event *events = longhaul_analysis_events(leg->analysis, &n_events);
    for (size_t i = 0; i < n_events; i++)
        for (size_t k = 0; k < LONGHAUL_EVENT_PORTS && events[i].flow_ports[k] != 0; k++)
            if (events[i].flow_ports[k] ==
                (events[i].is_flow_destination ? flows[flow].destination_port : flows[flow].source_port))
                return true;
    return false;
}
