/* html_routes.c - in index.html: drawings of routes. A drawing is a table with a row for each trace and a column for
 * each hop, so that it can be read aloud, copied and printed; page.css makes nodes of its cells. */

#include <math.h>
#include <string.h>

#include "analysis/route_compare.h"
#include "publish/html.h"
#include "publish/html_cells.h"
#include "report/report_drawings.h"
#include "report/report_routes.h"

#define MOST_OPEN 3  /* drawings; if more, they stay closed until a reader opens them */
#define MOST_LISTED 6 /* routes of a leg */

/* ---- a cell */

/* A line may break in the middle of an IPv4 address, and behind the colons of an IPv6 one. */
static void write_address(FILE *out, const char *address)
{
    int n_dots = 0;
    for (const char *p = address; *p; p++) {
        markup_html(out, (char[]){ *p, 0 });
        n_dots += *p == '.';
        if ((*p == '.' && n_dots == 2) || (*p == ':' && p[1] && p[1] != ':'))
            fputs("<wbr>", out);
    }
}

/* All that is known of a hop, for the pointer. */
static void write_title(FILE *out, const struct longhaul_route_hop *hop)
{
    fputs(" title=\"", out);
    if (hop->address[0])
        markup_html(out, hop->address);
    else
        fputs("no answer", out);
    if (!isnan(hop->min_ms) && hop->max_ms > hop->min_ms)
        fprintf(out, ", %s to %s", wording_short(hop->min_ms, "").text, wording_short(hop->max_ms, " ms").text);
    fprintf(out, ", %u of %u probes answered", hop->n_answered, hop->n_sent);
    if (hop->n_watched > 0)
        fprintf(out, ", of the watch %u of %u", hop->n_watched_answered, hop->n_watched);
    if (hop->labels[0]) {
        fputs(", MPLS ", out);
        markup_html(out, hop->labels);
    }
    fputs("\"", out);
}

static void write_figures(FILE *out, const struct longhaul_route_hop *hop)
{
    fputs("<small>", out);
    if (!isnan(hop->min_ms))
        fprintf(out, "%s", wording_short(hop->min_ms, " ms").text);
    if (hop->n_answered < hop->n_sent)
        fprintf(out, "%s%u of %u", isnan(hop->min_ms) ? "" : "<br>", hop->n_answered, hop->n_sent);
    fputs("</small>", out);
}

static void write_peer(FILE *out, const struct longhaul_route *route, const char *name)
{
    fputs("<td class=p>", out);
    markup_html(out, name);
    if (route->distance != route->n_hops + 1)
        fprintf(out, "<small>hop %u</small>", route->distance);
}

static void write_node(FILE *out, const struct longhaul_route *route, const struct longhaul_route *first,
                       uint32_t hop, enum report_node node)
{
    static const char classes[] = { [REPORT_NODE_SILENT] = 'o', [REPORT_NODE_SAME] = 's', [REPORT_NODE_CHANGED] = 'c',
                                    [REPORT_NODE_GONE] = 'g', [REPORT_NODE_LOSES] = 'l', [REPORT_NODE_LOOPS] = 'r' };
    static const char *const words[] = { [REPORT_NODE_SILENT] = "no answer ", [REPORT_NODE_SAME] = "as before ",
                                         [REPORT_NODE_CHANGED] = "another router ", [REPORT_NODE_GONE] = "not later ",
                                         [REPORT_NODE_LOSES] = "first loss ", [REPORT_NODE_LOOPS] = "loop " };
    const struct longhaul_route_hop *h = &route->hops[hop - 1];
    const char *address = route_address(route, hop);
    bool is_known = first && strcmp(route_address(first, hop), address) == 0,
         is_said = node != REPORT_NODE_SAME || is_known;
    fprintf(out, "<td class=%c", classes[node]);
    write_title(out, h);
    fprintf(out, ">%s%s%s", is_said ? "<span class=vh>" : "", is_said ? words[node] : "", is_said ? "</span>" : "");
    if (!is_known || node > REPORT_NODE_SAME)
        write_address(out, address);
    write_figures(out, h);
}

/* ---- a drawing: rows, of which the first is what the others are compared with */

static void write_head(FILE *out, const char *first, size_t n)
{
    fprintf(out, "<thead><tr><th scope=col>%s", first);
    for (size_t hop = 1; hop <= n; hop++)
        fprintf(out, "<th scope=col>%zu", hop);
    fputs("</thead><tbody>\n", out);
}

/* In n columns; of a loop the first ones tell all. */
static void write_nodes(FILE *out, const struct longhaul_route *route, const struct longhaul_route *first,
                        const enum report_node *nodes, size_t n, const char *peer)
{
    for (uint32_t hop = 1; hop <= n; hop++) {
        enum report_node node = hop <= REPORT_MOST_NODES ? nodes[hop - 1] : REPORT_NODE_NONE;
        if (node == REPORT_NODE_NONE)
            fputs("<td>", out);
        else if (node == REPORT_NODE_PEER)
            write_peer(out, route, peer);
        else
            write_node(out, route, first, hop, node);
    }
    if (route->n_hops > n)
        fprintf(out, "<small>&hellip; to hop %u</small>", route->n_hops);
    fputs("\n", out);
}

static void begin_drawing(FILE *out, const struct longhaul_report *report, size_t leg, const char *name)
{
    fputs("<div class=scroll tabindex=0 role=region aria-label=\"", out);
    fprintf(out, "%s ", name);
    markup_html(out, wording_run(report, leg).text);
    fputs("\"><table class=hops><caption class=vh>", out);
    fprintf(out, "%s ", name);
    markup_html(out, wording_run(report, leg).text);
    fputs(", hop by hop</caption>", out);
}

/* ---- around events */

static void write_caption(FILE *out, const struct longhaul_report *report, const struct report_drawing *d)
{
    char said[400];
    longhaul_event_hops_text(d->event, said, sizeof said);
    fputs("<figcaption>", out);
    if (d->incident > 0) {
        char target[32];
        snprintf(target, sizeof target, "i%zu", d->incident);
        html_write_incident_number(out, report_incident(report, d->incident), target);
        fputs(" ", out);
    }
    markup_html(out, wording_run(report, d->leg).text);
    if (report->legs[d->leg].info->n_streams > 1)
        fprintf(out, ", flow from port %u", d->event->hops.source_port);
    fputs(": ", out);
    markup_html(out, said);
    fputs("</figcaption>\n", out);
}

static void write_drawing(FILE *out, const struct longhaul_report *report, const struct report_drawing *d,
                          bool with_day)
{
    const struct longhaul_route *first = d->routes[0] ? d->routes[0] : d->routes[1];
    size_t n = report_drawing_width(d);
    fprintf(out, "<figure class=route id=r%zu>", d->number);
    write_caption(out, report, d);
    begin_drawing(out, report, d->leg, "Route of");
    write_head(out, "Hop", n);
    for (int row = 0; row < REPORT_ROWS; row++) {
        enum report_node nodes[REPORT_MOST_NODES];
        const struct longhaul_route *route = d->routes[row];
        if (route == NULL)
            continue;
        report_draw_row(d, row, nodes);
        fprintf(out, "<tr><th scope=row>%s <small>%s</small>", report_row_name(d, row),
                report_trace_time(report, d->leg, route->at_s, with_day).text);
        write_nodes(out, route, route == first ? NULL : first, nodes, n, report->legs[d->leg].info->destination);
    }
    end_table(out);
    fputs("</figure>\n", out);
}

static void write_key(FILE *out)
{
    fputs("<p class=\"scale hops-key\">Traces with the flow's own addresses and ports, from the sender; below each "
          "router the least round trip, and how many probes were answered if not all. <span class=s>answered as "
          "before</span> <span class=c>another router</span> <span class=g>not there later</span> "
          "<span class=l>first loss</span> <span class=r>loop</span> <span class=o>no answer</span> "
          "<span class=p>the peer</span></p>\n",
          out);
}

void html_write_routes(FILE *out, const struct longhaul_report *report)
{
    size_t n = report->n_drawings;
    bool with_day = wording_needs_day(report);
    if (n == 0)
        return;
    fprintf(out, "<details class=fold id=routes%s><summary><h3>Routes before, during and after events: %zu drawing%s"
                 "</h3></summary>\n", n <= MOST_OPEN ? " open" : "", n, n == 1 ? "" : "s");
    write_key(out);
    for (size_t i = 0; i < n; i++)
        write_drawing(out, report, &report->drawings[i], with_day);
    if (report->has_more_drawings)
        fputs("<p class=hint>A few of each incident, the gravest first; <code>longhaul show --json</code> has all "
              "traces.\n", out);
    fputs("</details>\n", out);
}

void html_write_hops_cell(FILE *out, const struct longhaul_report *report, size_t number)
{
    const struct longhaul_event *e = report->events[number - 1].event;
    const struct report_drawing *d = report_drawing_of_event(report, number);
    char said[400];
    longhaul_event_hops_text(e, said, sizeof said);
    fputs("<td class=hops-said>", out);
    if (d)
        fprintf(out, "<a href=\"#r%zu\">", d->number);
    markup_html(out, said[0] ? said : e->hops.sign == LONGHAUL_HOPS_SIGN_SAME ? "the same" : "\xe2\x80\x93");
    fputs(d ? "</a>" : "", out);
}

/* ---- the routes of a leg */

static void write_route_head(FILE *out, const struct report_route *route, size_t i)
{
    fprintf(out, "<tr><th scope=row>%c <small>", report_route_letter(i));
    if (route->seconds > 0)
        fprintf(out, "%s, ", wording_length(route->seconds).text);
    fprintf(out, "%s trace%s", wording_count((double)route->n_traces).text, route->n_traces == 1 ? "" : "s");
    fputs("</small>", out);
}

/* Which flows took a route, unless all took all. */
static void write_flows_of(FILE *out, const struct report_routes *routes)
{
    bool is_split = false;
    for (size_t i = 0; i < routes->n; i++)
        is_split = is_split || routes->routes[i].n_flows < routes->n_flows;
    if (!is_split)
        return;
    fprintf(out, "<p class=hint>By the %s port of the flow:", routes->are_destinations ? "destination" : "source");
    for (size_t i = 0; i < routes->n && i < MOST_LISTED; i++) {
        const struct report_route *route = &routes->routes[i];
        fprintf(out, "%s %c", i > 0 ? ";" : "", report_route_letter(i));
        for (size_t k = 0; k < route->n_flows && k < REPORT_MOST_PORTS; k++)
            fprintf(out, "%s %u", k > 0 ? "," : "", route->ports[k]);
        if (route->n_flows > REPORT_MOST_PORTS)
            fprintf(out, " and %zu more", route->n_flows - REPORT_MOST_PORTS);
    }
    fputs("</p>\n", out);
}

static void write_routes(FILE *out, const struct longhaul_report *report, size_t leg,
                         const struct report_routes *routes)
{
    char text[200];
    size_t n = routes->n < MOST_LISTED ? routes->n : MOST_LISTED, width = 0;
    const struct longhaul_route *first = &routes->routes[0].route;
    for (size_t i = 0; i < n; i++)
        if (report_n_nodes(&routes->routes[i].route) > width)
            width = report_n_nodes(&routes->routes[i].route);
    report_routes_text(routes, text, sizeof text);
    fprintf(out, "<details class=ways><summary>%s</summary>", text);
    write_flows_of(out, routes);
    begin_drawing(out, report, leg, "Routes of");
    write_head(out, "Hop", width);
    for (size_t i = 0; i < n; i++) {
        enum report_node nodes[REPORT_MOST_NODES];
        const struct longhaul_route *route = &routes->routes[i].route;
        report_draw_route(route, first, nodes);
        write_route_head(out, &routes->routes[i], i);
        write_nodes(out, route, i > 0 ? first : NULL, nodes, width, report->legs[leg].info->destination);
    }
    end_table(out);
    fputs("</details>", out);
}

void html_write_leg_routes(FILE *out, const struct longhaul_report *report, size_t leg)
{
    const struct report_routes *routes = report->legs[leg].routes;
    if (routes && routes->n > 1)
        write_routes(out, report, leg, routes);
}
