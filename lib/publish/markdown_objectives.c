/* markdown_objectives.c - the table of objectives in summary_report.md, before what happened. */

#include "base/markup.h"
#include "publish/markdown.h"
#include "publish/markdown_cells.h"

void markdown_write_objectives(FILE *out, const struct longhaul_report *report)
{
    static const enum longhaul_objective_verdict order[] = { LONGHAUL_OBJECTIVE_MISSED, LONGHAUL_OBJECTIVE_CANNOT_SAY,
                                                             LONGHAUL_OBJECTIVE_MET };
    if (report->n_objectives == 0)
        return;
    fputs("\n## Objectives\n\n**", out);
    markup_markdown(out, report->objectives_text);
    fputs("**\n\n| Leg | Objective, verdict, what was observed | Budget left % |\n|:---|:---|---:|\n", out);
    for (size_t v = 0; v < sizeof order / sizeof *order; v++)
        for (size_t i = 0; i < report->n_objectives; i++) {
            const struct longhaul_leg_objective *o = &report->objectives[i];
            if (o->result.verdict != order[v])
                continue;
            fputs("| ", out);
            markup_markdown(out, o->source);
            fputs("->", out);
            markup_markdown(out, o->destination);
            fputs(" |", out);
            text_cell(out, o->result.text);
            cell(out, wording_short(100 * o->result.budget_left, ""));
            fputs("\n", out);
        }
}
