/* html.h - the parts of index.html. Each writes to a stream; errors show on the stream. */
#ifndef HTML_H
#define HTML_H

#include <stdio.h>

#include "publish/publish.h"

/* How bad a loss is, 0 for none to HTML_LOSS_LEVELS - 1, by powers of ten from 0.001 %; -1 when it is not known. */
enum { HTML_LOSS_LEVELS = 6 };
int html_loss_level(double loss_percent);

/* html_glance.c: how many legs there are whose figures can be relied on, and whom the events befell. */
void html_write_verdict(FILE *out, enum longhaul_verdict verdict);
void html_write_glance(FILE *out, const struct longhaul_report *report);

/* html_tables.c */
void html_write_takeaways(FILE *out, const struct longhaul_report *report);
void html_write_summary(FILE *out, const struct longhaul_report *report);
void html_write_events(FILE *out, const struct longhaul_report *report);
void html_write_percentiles(FILE *out, const struct longhaul_report *report);
void html_write_findings(FILE *out, const struct longhaul_report *report);
void html_write_method(FILE *out, const struct longhaul_report *report);

/* html_strip.c: loss, or what is known where that is not, by leg and hour (or day). */
void html_write_strip(FILE *out, const struct longhaul_report *report);

/* html_maps.c: loss, jitter and coverage by source and destination. */
void html_write_matrix(FILE *out, const struct longhaul_report *report);

/* html_charts.c: a part for each pair, with gnuplot's picture in it and room for live charts. */
int html_write_charts(FILE *out, const struct longhaul_report *report, const struct report_pair *pairs, size_t n_pairs,
                      struct longhaul_error *err);

/* html_svg.c: writes the SVG of the file at path (of gnuplot's) as an element, called title; what could do anything is
 * left out, and its names get the prefix. False, with nothing written, when it cannot be read, is longer than
 * most_bytes, or is no such SVG. */
bool html_write_svg(FILE *out, const char *path, const char *title, const char *prefix, size_t most_bytes,
                    size_t *n_bytes);

/* html_data.c: what the live charts show, as JSON: the least, middle and greatest of each bucket; everything around
 * events. */
int html_write_data(FILE *out, const struct longhaul_report *report, struct longhaul_error *err);

/* html_trips.c: the round trips that were measured beside a leg, as a member of its object, so many together as one;
 * nothing when there are none, or when TCP's own say more. False when out of memory. */
size_t html_trips_together(const struct longhaul_report *report);
bool html_write_trips(FILE *out, const struct report_leg *leg, size_t together);

#endif
