/* html.h - the parts of index.html. Each writes to a stream; the stream remembers errors. */
#ifndef HTML_H
#define HTML_H

#include <stdio.h>

#include "publish/publish.h"
#include "report/compare.h"

/* html.c: the beginning of a page, up to its title: what it may run, fetch and tell. */
void html_write_beginning(FILE *out, const struct report_stamp *stamp);

/* html_compare_draw.c: a figure that is compared: how its pieces are distributed, and its hours, with a text and
 * tables. */
void html_write_compared(FILE *out, const struct longhaul_compared_figure *figure, enum longhaul_compared quantity,
                         const struct compare_drawing *drawing);

/* html_objectives.c: nothing without objectives. */
void html_write_objectives(FILE *out, const struct longhaul_report *report);
/* html_incidents.c: the first lines, and the list of incidents, each with its legs and events. */
void html_write_first(FILE *out, const struct longhaul_report *report);
void html_write_incidents(FILE *out, const struct longhaul_report *report);
/* The number of an incident in the colour of its kind, as a link to its chart ("leg%zu"), or to its row in the list. */
void html_write_incident_number(FILE *out, const struct longhaul_incident *incident, const char *target);

/* html_events.c: all events, and the incidents they belong to. */
void html_write_events(FILE *out, const struct longhaul_report *report);

/* html_glance.c: how many legs have figures that can be relied on, and the incidents by kind. */
void html_write_verdict(FILE *out, enum longhaul_verdict verdict);
void html_write_glance(FILE *out, const struct longhaul_report *report);

/* html_tables.c */
void html_write_takeaways(FILE *out, const struct longhaul_report *report);
void html_write_summary(FILE *out, const struct longhaul_report *report);
void html_write_percentiles(FILE *out, const struct longhaul_report *report);
void html_write_findings(FILE *out, const struct longhaul_report *report);
void html_write_method(FILE *out, const struct longhaul_report *report);

/* html_delays.c */
void html_write_delays(FILE *out, const struct longhaul_report *report);

/* html_flows.c */
void html_write_flows(FILE *out, const struct longhaul_report *report);

/* html_routes.c: drawings of the route around events; that of event N has the id "rN". */
void html_write_routes(FILE *out, const struct longhaul_report *report);
/* What traces say about the event with that number, in a cell. */
void html_write_hops_cell(FILE *out, const struct longhaul_report *report, size_t number);
/* The routes of a leg that had several; false when out of memory. */
void html_write_leg_routes(FILE *out, const struct longhaul_report *report, size_t leg);

/* html_hours.c: loss by leg and time, or the rate where loss is unknown. */
void html_write_strip(FILE *out, const struct longhaul_report *report);
/* The head of such a table, whose first column has that name, and the loss of the whole test the second; a column's
 * time; true if its cells are narrower than numbers. */
void html_write_strip_head(FILE *out, const struct report_columns *strip, const char *first);
struct wording html_column_time(const struct report_columns *strip, size_t k);
bool html_is_strip_fine(const struct report_columns *strip);
/* The same of one leg as a small picture, with each html_small_cells() cells as one; false when out of memory. */
bool html_write_small_strip(FILE *out, const struct longhaul_report *report, size_t leg);
size_t html_small_cells(const struct longhaul_report *report);
/* The key of the colours of losses. */
void html_write_loss_scale(FILE *out);

/* html_legs.c: all legs of a large mesh, by source; false when out of memory. */
bool html_write_legs(FILE *out, const struct longhaul_report *report);

/* html_matrix.c: loss, jitter and coverage by source and destination. */
void html_write_matrix(FILE *out, const struct longhaul_report *report);

/* html_charts.c: a part for each pair, with gnuplot's picture in it and room for interactive charts. */
int html_write_charts(FILE *out, const struct longhaul_report *report, const struct report_pair *pairs, size_t n_pairs,
                      struct longhaul_error *err);

/* html_path.c: writes the n characters of an attribute "d" of gnuplot's, or of an area the "points" of its polygon, as
 * a "d" that draws the same to a tenth of a pixel. Returns false, with nothing written, for any other commands. */
bool html_write_path(FILE *out, const char *value, size_t n, bool is_area);

/* html_svg.c: writes gnuplot's SVG file at path as an element with the given title. Omits whatever could have an
 * effect, and prefixes all names. Returns false, with nothing written, if the file cannot be read, is not such an SVG,
 * or the element would have more than most_bytes. */
bool html_write_svg(FILE *out, const char *path, const char *title, const char *prefix, size_t most_bytes,
                    size_t *n_bytes);

/* html_data.c: the data of the interactive charts, as JSON: the least, middle and greatest value of each bucket, and
 * every interval around events. */
int html_write_data(FILE *out, const struct longhaul_report *report, struct longhaul_error *err);

/* html_trips.c: the round trips that were measured during a leg's test, as a member of its object, with a given number
 * combined into one. Writes nothing if none exist, or if TCP's own say more. False when out of memory. */
size_t html_trips_together(const struct longhaul_report *report);
bool html_write_trips(FILE *out, const struct report_leg *leg, size_t together);

/* html_marks.c: the events of a leg as a member of its object. False when out of memory. */
bool html_write_marks(FILE *out, const struct longhaul_report *report, const struct report_leg *leg);

#endif
