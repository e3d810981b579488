/* markdown_cells.h - the cells of a table of summary_report.md, for the files that write one. */
#ifndef MARKDOWN_CELLS_H
#define MARKDOWN_CELLS_H

#include <stdio.h>

#include "base/markup.h"
#include "report/report.h"
#include "report/wording.h"

/* Text of a file's. */
static inline void text_cell(FILE *out, const char *text)
{
    fputs(" ", out);
    markup_markdown(out, text);
    fputs(" |", out);
}

/* The first of a row. */
static inline void leg_cell(FILE *out, const struct longhaul_report *report, size_t leg)
{
    fputs("|", out);
    text_cell(out, wording_run(report, leg).text);
}

static inline void cell(FILE *out, struct wording w)
{
    fprintf(out, " %s |", w.text);
}

#endif
