/* markdown.h - the parts of summary_report.md. */
#ifndef MARKDOWN_H
#define MARKDOWN_H

#include <stdio.h>

#include "publish/publish.h"

/* markdown_detail.c: everything after the reference's part. */
void markdown_write_detail(FILE *out, const struct longhaul_report *report);
/* markdown_objectives.c: nothing without objectives. */
void markdown_write_objectives(FILE *out, const struct longhaul_report *report);
/* markdown_incidents.c: the first lines, directly after the reference's table. */
void markdown_write_first(FILE *out, const struct longhaul_report *report);
/* markdown_matrix.c: the losses by source and destination, if the sites are not too many for a table. */
void markdown_write_matrix(FILE *out, const struct longhaul_report *report);
/* Parts of the detail.
 * markdown_incidents.c: incidents, their events, gaps. */
void markdown_write_incidents(FILE *out, const struct longhaul_report *report);
/* markdown_path.c: TCP and round trips. */
void markdown_write_path(FILE *out, const struct longhaul_report *report);
/* markdown_delays.c: delays, where a leg knows them. */
void markdown_write_delays(FILE *out, const struct longhaul_report *report);
/* markdown_flows.c: flows, where a leg has several. */
void markdown_write_flows(FILE *out, const struct longhaul_report *report);
/* markdown_routes.c: the traces around the events of an incident, or around those of none (0); the routes of legs. */
void markdown_write_drawings(FILE *out, const struct longhaul_report *report, size_t incident);
void markdown_write_routes(FILE *out, const struct longhaul_report *report);
/* markdown_hours.c */
void markdown_write_hours(FILE *out, const struct longhaul_report *report);

#endif
