/* report_drawings.h - the drawings of a report: the traces of a route before, during and after an event, and what each
 * of their hops is. */
#ifndef REPORT_DRAWINGS_H
#define REPORT_DRAWINGS_H

#include "report/report.h"
#include "report/wording.h"

/* A place in a row: a router that did not answer, answered as before, is another one, is not there any more in the
 * next row, from which on probes are lost, or that answered at several distances of a loop; the peer. NONE: behind the
 * end. */
enum report_node {
    REPORT_NODE_NONE, REPORT_NODE_SILENT, REPORT_NODE_SAME, REPORT_NODE_CHANGED, REPORT_NODE_GONE, REPORT_NODE_LOSES,
    REPORT_NODE_LOOPS, REPORT_NODE_PEER
};
enum { REPORT_MOST_NODES = LONGHAUL_ROUTE_MAX + 1, REPORT_ROWS = 3 };

struct report_drawing {
    size_t leg, number, incident; /* number of the first of its events; incident 0: none */
    const struct longhaul_event *event;
    const struct longhaul_route *routes[REPORT_ROWS]; /* before, during and after it; NULL for none */
};

/* Fills drawings, once there are incidents: of events of which two traces tell something. The gravest incidents first,
 * few of each; events with the same traces have one. */
int report_find_drawings(struct longhaul_report *report, struct longhaul_error *err);
/* The drawing that has the traces of the event with that number; NULL for none. The first of an incident. */
const struct report_drawing *report_drawing_of_event(const struct longhaul_report *report, size_t number);
const struct report_drawing *report_drawing_of_incident(const struct longhaul_report *report, size_t number);
/* What row of a drawing shows, from hop 1 on. */
void report_draw_row(const struct report_drawing *drawing, int row, enum report_node nodes[REPORT_MOST_NODES]);
/* The same for a route that is compared with another one; without one, nothing differs. */
void report_draw_route(const struct longhaul_route *route, const struct longhaul_route *other,
                       enum report_node nodes[REPORT_MOST_NODES]);
/* How many places a row has, with the peer's. */
size_t report_n_nodes(const struct longhaul_route *route);
/* How many of them a drawing needs: of a loop the first ones tell all. */
size_t report_drawing_width(const struct report_drawing *drawing);
/* The name of a row: "before", "during", "after"; where the route stays another one, "since" and "later". */
const char *report_row_name(const struct report_drawing *drawing, int row);
/* When a trace was made: the time of day, with the day if asked for; else its place on the leg's axis. */
struct wording report_trace_time(const struct longhaul_report *report, size_t leg, double at_s, bool with_day);

#endif
