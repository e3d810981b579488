/* markdown.h - the two parts of summary_report.md. */
#ifndef MARKDOWN_H
#define MARKDOWN_H

#include <stdio.h>

#include "report.h"

/* markdown_detail.c: what comes after the reference's part. */
void markdown_write_detail(FILE *out, const struct longhaul_report *report);
/* markdown_path.c: of it, TCP and round trips. */
void markdown_write_path(FILE *out, const struct longhaul_report *report);

#endif
