/* markdown_routes.c - routes in summary_report.md: the traces around events, with a row for each hop; and the routes of
 * the legs that had several. */

#include <math.h>
#include <string.h>

#include "analysis/route_compare.h"
#include "publish/markdown.h"
#include "publish/markdown_cells.h"
#include "report/report_drawings.h"
#include "report/report_routes.h"

#define MOST_LISTED 6 /* routes of a leg */

/* ---- around events */

static void write_figures(FILE *out, const struct longhaul_route_hop *hop)
{
    if (!isnan(hop->min_ms))
        fprintf(out, ", %s", wording_short(hop->min_ms, " ms").text);
    if (hop->n_answered < hop->n_sent)
        fprintf(out, ", %u of %u", hop->n_answered, hop->n_sent);
}

/* What is not as before is bold. */
static void write_node(FILE *out, const struct longhaul_route *route, const struct longhaul_route *first, uint32_t hop,
                       enum report_node node)
{
    static const char *const words[] = { [REPORT_NODE_SILENT] = "no answer", [REPORT_NODE_SAME] = "",
                                         [REPORT_NODE_CHANGED] = "", [REPORT_NODE_GONE] = "",
                                         [REPORT_NODE_LOSES] = ", first loss", [REPORT_NODE_LOOPS] = ", loop" };
    const char *address = route_address(route, hop);
    bool is_known = first && strcmp(route_address(first, hop), address) == 0;
    if (node == REPORT_NODE_SAME && is_known)
        fputs("same", out);
    else
        fprintf(out, node > REPORT_NODE_SAME ? "**%s**%s" : "%s%s", address, words[node]);
    if (node != REPORT_NODE_SILENT)
        write_figures(out, &route->hops[hop - 1]);
}

static void write_row(FILE *out, const struct longhaul_report *report, const struct report_drawing *d,
                      enum report_node nodes[REPORT_ROWS][REPORT_MOST_NODES], uint32_t hop)
{
    const struct longhaul_route *first = d->routes[0] ? d->routes[0] : d->routes[1];
    fprintf(out, "| %u |", hop);
    for (int row = 0; row < REPORT_ROWS; row++) {
        const struct longhaul_route *route = d->routes[row];
        if (route == NULL)
            continue;
        fputs(" ", out);
        if (nodes[row][hop - 1] == REPORT_NODE_PEER)
            markup_markdown(out, report->legs[d->leg].info->destination);
        else if (nodes[row][hop - 1] != REPORT_NODE_NONE)
            write_node(out, route, route == first ? NULL : first, hop, nodes[row][hop - 1]);
        fputs(" |", out);
    }
    fputs("\n", out);
}

static void write_drawing(FILE *out, const struct longhaul_report *report, const struct report_drawing *d)
{
    char said[400];
    enum report_node nodes[REPORT_ROWS][REPORT_MOST_NODES];
    longhaul_event_hops_text(d->event, said, sizeof said);
    fprintf(out, "\nEvent %zu, ", d->number);
    markup_markdown(out, wording_run(report, d->leg).text);
    if (report->legs[d->leg].info->n_streams > 1)
        fprintf(out, ", flow from port %u", d->event->hops.source_port);
    fprintf(out, ": %s\n\n| Hop |", said);
    for (int row = 0; row < REPORT_ROWS; row++)
        if (d->routes[row]) {
            report_draw_row(d, row, nodes[row]);
            fprintf(out, " %s, %s |", report_row_name(d, row),
                    report_trace_time(report, d->leg, d->routes[row]->at_s, wording_needs_day(report)).text);
        }
    fputs("\n|---:|", out);
    for (int row = 0; row < REPORT_ROWS; row++)
        fputs(d->routes[row] ? "---|" : "", out);
    fputs("\n", out);
    for (uint32_t hop = 1; hop <= report_drawing_width(d); hop++)
        write_row(out, report, d, nodes, hop);
}

void markdown_write_drawings(FILE *out, const struct longhaul_report *report, size_t incident)
{
    for (size_t i = 0; i < report->n_drawings; i++)
        if (report->drawings[i].incident == incident)
            write_drawing(out, report, &report->drawings[i]);
}

/* ---- the routes of a leg */

static void write_ports(FILE *out, const struct report_route *route)
{
    for (size_t i = 0; i < route->n_flows && i < REPORT_MOST_PORTS; i++)
        fprintf(out, "%s%u", i > 0 ? ", " : " ", route->ports[i]);
    if (route->n_flows > REPORT_MOST_PORTS)
        fprintf(out, " and %zu more", route->n_flows - REPORT_MOST_PORTS);
    fputs(" |", out);
}

static void write_hops(FILE *out, const struct longhaul_route *route)
{
    for (uint32_t hop = 1; hop <= route->n_hops; hop++) {
        const char *address = route_address(route, hop);
        fprintf(out, "%s%s", hop > 1 ? ", " : " ", address[0] ? address : "-");
    }
    fputs(" |\n", out);
}

static void write_routes(FILE *out, const struct longhaul_report *report, size_t leg,
                         const struct report_routes *routes)
{
    for (size_t i = 0; i < routes->n && i < MOST_LISTED; i++) {
        const struct report_route *route = &routes->routes[i];
        leg_cell(out, report, leg);
        fprintf(out, " %c |", report_route_letter(i));
        cell(out, route->seconds > 0 ? wording_length(route->seconds) : (struct wording){ "-" });
        cell(out, report_trace_time(report, leg, route->first_s, true));
        cell(out, wording_count((double)route->n_traces));
        write_ports(out, route);
        write_hops(out, &route->route);
    }
}

void markdown_write_routes(FILE *out, const struct longhaul_report *report)
{
    bool has_any = false;
    for (size_t i = 0; i < report->n_legs; i++) {
        const struct report_routes *routes = report->legs[i].routes;
        if (routes == NULL || routes->n < 2)
            continue;
        if (!has_any)
            fputs("\n**Routes**, of the legs that had several, by traces with the test's own ports; a dash is a "
                  "router that did not answer\n\n"
                  "| Direction | Route | Time | First seen (UTC) | Traces | Ports of flows | Hops |\n"
                  "|---|---|---:|---|---:|---|---|\n", out);
        has_any = true;
        write_routes(out, report, i, routes);
    }
}
