/* markdown_cells.h - writes the cells of tables in summary_report.md. */
#ifndef MARKDOWN_CELLS_H
#define MARKDOWN_CELLS_H

#include <stdio.h>

#include "base/markup.h"
#include "report/report.h"
#include "report/wording.h"

/* Text from a file. */
static inline void text_cell(FILE *out, const char *text)
{
    fputs(" ", out);
    markup_markdown(out, text);
    fputs(" |", out);
}

/* The first cell of a row. */
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
