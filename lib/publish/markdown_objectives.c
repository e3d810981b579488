/* markdown_objectives.c - the table of objectives in summary_report.md, before what happened: those that were missed
 * first, those that were met folded where there are many. */

#include "base/markup.h"
#include "publish/markdown.h"
#include "publish/markdown_cells.h"

static void write_row(FILE *out, const struct longhaul_leg_objective *o, const char *verdict)
{
    char objective[LONGHAUL_OBJECTIVE_TEXT], budget[LONGHAUL_PEOPLE_SIZE];
    longhaul_objective_text(&o->result.objective, objective);
    longhaul_objective_budget_text(&o->result, budget);
    fputs("| ", out);
    markup_markdown(out, o->source);
    fputs("->", out);
    markup_markdown(out, o->destination);
    if (o->is_one_of_two) {
        fputs(" ", out);
        markup_markdown(out, o->protocol);
    }
    fprintf(out, " | %s |", verdict);
    text_cell(out, objective);
    text_cell(out, o->result.text + o->result.seen_at);
    text_cell(out, *budget ? budget : "-");
    fputs("\n", out);
}

static void write_table(FILE *out, const struct longhaul_report *report, size_t first, size_t end)
{
    fputs("| Leg | Verdict | Objective | Observed | Error budget |\n|:---|:---|:---|:---|---:|\n", out);
    for (size_t v = first; v < end; v++)
        for (size_t i = 0; i < report->n_objectives; i++)
            if (report->objectives[i].result.verdict == report_verdicts[v].verdict)
                write_row(out, &report->objectives[i], report_verdicts[v].words);
}

void markdown_write_objectives(FILE *out, const struct longhaul_report *report)
{
    size_t n = report->n_objectives, n_met = report_n_objectives(report, LONGHAUL_OBJECTIVE_MET);
    bool is_folded = report_folds_objectives(report);
    if (n == 0)
        return;
    fputs("\n## Objectives\n\n**", out);
    markup_markdown(out, report->objectives_text);
    fputs("**\n\n", out);
    if (!is_folded || n_met < n)
        write_table(out, report, 0, is_folded ? REPORT_N_VERDICTS - 1 : REPORT_N_VERDICTS);
    if (!is_folded)
        return;
    fprintf(out, "\n<details><summary>%zu met</summary>\n\n", n_met);
    write_table(out, report, REPORT_N_VERDICTS - 1, REPORT_N_VERDICTS);
    fputs("\n</details>\n", out);
}
