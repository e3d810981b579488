/* html_objectives.c - the table of objectives in index.html, before the incidents: those that were missed first, those
 * that were met folded where there are many. Nothing without objectives. */

#include "base/markup.h"
#include "publish/html.h"
#include "publish/html_cells.h"

/* As report_verdicts. */
static const char *const classes[REPORT_N_VERDICTS] = { "bad", "noted", "good" };

static struct wording budget(const struct longhaul_objective_result *r)
{
    char text[LONGHAUL_PEOPLE_SIZE];
    longhaul_objective_budget_text(r, text);
    return wording_say("%s", *text ? text : "-");
}

static void write_row(FILE *out, const struct longhaul_leg_objective *o, const char *class, const char *words)
{
    char text[LONGHAUL_OBJECTIVE_TEXT];
    longhaul_objective_text(&o->result.objective, text);
    fputs("<tr><th scope=row class=leg>", out);
    markup_html(out, o->source);
    markup_html(out, "->");
    markup_html(out, o->destination);
    if (o->is_one_of_two) {
        fputs(" ", out);
        markup_html(out, o->protocol);
    }
    fprintf(out, "<td><span class=\"chip %s\">%s</span>", class, words);
    text_cell(out, text);
    text_cell(out, o->result.text + o->result.seen_at);
    number_cell(out, o->result.budget_left, budget(&o->result));
    fputs("\n", out);
}

static void write_table(FILE *out, const struct longhaul_report *report, size_t first, size_t end, const char *id)
{
    begin_table(out, id, "Objectives");
    fputs("<th scope=col>Leg<th scope=col>Verdict<th scope=col>Objective<th scope=col>Observed<th scope=col class=n "
          "title=\"Of the windows that may be bad, or of the loss or time that the limit allows\">Error budget</tr>"
          "</thead><tbody>\n", out);
    for (size_t v = first; v < end; v++)
        for (size_t i = 0; i < report->n_objectives; i++)
            if (report->objectives[i].result.verdict == report_verdicts[v].verdict)
                write_row(out, &report->objectives[i], classes[v], report_verdicts[v].words);
    end_table(out);
}

void html_write_objectives(FILE *out, const struct longhaul_report *report)
{
    size_t n = report->n_objectives, n_met = report_n_objectives(report, LONGHAUL_OBJECTIVE_MET);
    if (n == 0)
        return;
    bool is_folded = report_folds_objectives(report);
    fputs("<div class=objectives><h2 class=said>", out);
    markup_html(out, report->objectives_text);
    fputs("</h2>\n", out);
    if (!is_folded || n_met < n)
        write_table(out, report, 0, is_folded ? REPORT_N_VERDICTS - 1 : REPORT_N_VERDICTS, "objectives");
    if (is_folded) {
        fprintf(out, "<details><summary>%zu met</summary>\n", n_met);
        write_table(out, report, REPORT_N_VERDICTS - 1, REPORT_N_VERDICTS, "objectives-met");
        fputs("</details>\n", out);
    }
    fputs("</div>\n", out);
}
