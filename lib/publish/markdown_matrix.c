/* markdown_matrix.c - in summary_report.md of a mesh: the losses by source and destination. */

#include <math.h>
#include <stdlib.h>

#include "publish/markdown.h"
#include "publish/markdown_cells.h"

#define MOST_SITES 60 /* with more, the table is too wide to be read */

static void write_head(FILE *out, const char *const *sites, size_t n)
{
    fputs("\n## Loss by source and destination\n\nLoss of the whole test in %, from the row's site to the column's; an "
          "empty cell lost less than 0.01 %, ? is unknown, - was not measured.\n\n| From \\ to |",
          out);
    for (size_t k = 0; k < n; k++)
        text_cell(out, sites[k]);
    fputs("\n|---|", out);
    for (size_t k = 0; k < n; k++)
        fputs("---:|", out);
    fputs("\n", out);
}

static void write_loss(FILE *out, const struct longhaul_report *report, size_t leg)
{
    if (leg == report->n_legs) {
        fputs(" - |", out);
        return;
    }
    double percent = longhaul_analysis_loss(report->legs[leg].analysis)->percent;
    bool is_bad = longhaul_analysis_verdict(report->legs[leg].analysis) == LONGHAUL_VERDICT_NOT_VALID;
    fprintf(out, " %s%s |", isnan(percent) ? "?" : wording_tiny_loss(percent).text, is_bad ? "\xe2\x9c\x97" : "");
}

static void write_rows(FILE *out, const struct longhaul_report *report, const char *const *sites, size_t n,
                       const size_t *at)
{
    size_t n_bad = 0;
    for (size_t r = 0; r < n; r++) {
        fputs("|", out);
        text_cell(out, sites[r]);
        for (size_t c = 0; c < n; c++)
            write_loss(out, report, at[r * n + c]);
        fputs("\n", out);
    }
    for (size_t i = 0; i < report->n_legs; i++)
        n_bad += longhaul_analysis_verdict(report->legs[i].analysis) == LONGHAUL_VERDICT_NOT_VALID;
    if (n_bad > 0)
        fputs("\n\xe2\x9c\x97: the figures are not valid.\n", out);
}

void markdown_write_matrix(FILE *out, const struct longhaul_report *report)
{
    size_t n;
    const char **sites = report_sites(report, &n);
    size_t *at = sites && n <= MOST_SITES ? report_matrix(report, sites, n) : NULL;
    if (at) {
        write_head(out, sites, n);
        write_rows(out, report, sites, n, at);
    }
    free(at);
    free(sites);
}
