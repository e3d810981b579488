/* markdown.h - the parts of summary_report.md. */
#ifndef MARKDOWN_H
#define MARKDOWN_H

#include <stdio.h>

#include "publish/publish.h"

/* markdown_detail.c: everything after the reference's part. */
void markdown_write_detail(FILE *out, const struct longhaul_report *report);
/* Parts of the detail: outages, gaps and events (markdown_events.c); TCP and round trips (markdown_path.c); hours
 * (markdown_hours.c). */
void markdown_write_events(FILE *out, const struct longhaul_report *report);
void markdown_write_path(FILE *out, const struct longhaul_report *report);
void markdown_write_hours(FILE *out, const struct longhaul_report *report);

#endif
