/* html_cells.h - writes tables of index.html and their cells. Cells that scripts sort have their number in data-v. */
#ifndef HTML_CELLS_H
#define HTML_CELLS_H

#include <math.h>
#include <stdio.h>

#include "base/markup.h"
#include "report/report.h"
#include "report/wording.h"

/* A table that scrolls by itself; the keyboard can reach it. */
static inline void begin_table(FILE *out, const char *id, const char *name)
{
    fprintf(out,
            "<div class=scroll tabindex=0 role=region aria-label=\"%s\"><table class=sortable id=%s><caption "
            "class=vh>%s</caption>"
            "<thead><tr>",
            name, id, name);
}

static inline void end_table(FILE *out)
{
    fputs("</tbody></table></div>\n", out);
}

/* The first cell of a leg's row. */
static inline void leg_head(FILE *out, const struct longhaul_report *report, size_t leg)
{
    const struct longhaul_info *info = report->legs[leg].info;
    fprintf(out, "<th scope=row class=leg><a href=\"#leg%zu\" class=%s>", leg,
            report_is_inbound(report, leg) ? "in" : "out");
    markup_html(out, wording_run(report, leg).text);
    fputs("</a>", out);
    if (info->is_journal)
        fputs(" <span class=\"chip progress\">in progress</span>", out);
}

/* A number that is sorted by value; unknown values sort last. */
static inline void number_cell(FILE *out, double value, struct wording shown)
{
    if (!isfinite(value)) {
        fputs("<td class=n>&ndash;", out);
        return;
    }
    fprintf(out, "<td class=n data-v=\"%.9g\">", value);
    markup_html(out, shown.text);
}

/* A count of lost packets in words. */
static inline void lost_cell(FILE *out, enum longhaul_event_kind kind, double lost_packets)
{
    struct wording lost = wording_lost(kind, lost_packets);
    if (lost.text[0] == '-')
        fputs("<td class=n>&ndash;", out);
    else if (isfinite(lost_packets))
        number_cell(out, lost_packets, lost);
    else
        fprintf(out, "<td class=n>%s", lost.text);
}

static inline void text_cell(FILE *out, const char *text)
{
    fputs("<td>", out);
    markup_html(out, text);
}

#endif
