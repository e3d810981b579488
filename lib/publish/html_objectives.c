/* html_objectives.c - the table of objectives in index.html, before the incidents: those that were missed first, those
 * that were met folded where there are many. Nothing without objectives. */

#include "base/markup.h"
#include "publish/html.h"
#include "publish/html_cells.h"

#define MOST_OPEN 12 /* of more, those that were met are folded */

static const struct { enum longhaul_objective_verdict verdict;
    const char *class, *words;
} verdicts[] = { { LONGHAUL_OBJECTIVE_MISSED, "bad", "missed" },
                 { LONGHAUL_OBJECTIVE_CANNOT_SAY, "noted", "cannot say" },
                 { LONGHAUL_OBJECTIVE_MET, "good", "met" } };
#define N_VERDICTS (sizeof verdicts / sizeof *verdicts)

static struct wording budget(const struct longhaul_objective_result *r)
{
    return isnan(r->budget_left) ? wording_say("-") : wording_short(100 * r->budget_left, " %");
}

static void write_row(FILE *out, const struct longhaul_leg_objective *o, const char *class, const char *words)
{
    char text[LONGHAUL_OBJECTIVE_TEXT];
    longhaul_objective_text(&o->result.objective, text);
    fputs("<tr><th scope=row class=leg>", out);
    markup_html(out, o->source);
    markup_html(out, "->");
    markup_html(out, o->destination);
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
          "title=\"Of the windows that may be bad, the share that is left\">Budget left</tr></thead><tbody>\n", out);
    for (size_t v = first; v < end; v++)
        for (size_t i = 0; i < report->n_objectives; i++)
            if (report->objectives[i].result.verdict == verdicts[v].verdict)
                write_row(out, &report->objectives[i], verdicts[v].class, verdicts[v].words);
    end_table(out);
}

void html_write_objectives(FILE *out, const struct longhaul_report *report)
{
    size_t n = report->n_objectives, n_met = report_n_objectives(report, LONGHAUL_OBJECTIVE_MET);
    if (n == 0)
        return;
    bool is_folded = n > MOST_OPEN && n_met > 0;
    fputs("<div class=objectives><h2 class=said>", out);
    markup_html(out, report->objectives_text);
    fputs("</h2>\n", out);
    if (!is_folded || n_met < n)
        write_table(out, report, 0, is_folded ? N_VERDICTS - 1 : N_VERDICTS, "objectives");
    if (is_folded) {
        fprintf(out, "<details><summary>%zu met</summary>\n", n_met);
        write_table(out, report, N_VERDICTS - 1, N_VERDICTS, "objectives-met");
        fputs("</details>\n", out);
    }
    fputs("</div>\n", out);
}
