/* markdown.c - summary_report.md: first the table and the observations of the reference script, identical to the last
 * digit, with the first lines between them, then the detail (markdown_detail.c). Of a mesh that is too large for that,
 * the first lines and a matrix come first, then the same of the gravest legs, and at the end the table of all. An
 * unknown value is a dash in the table and "unknown" in a sentence, never 0. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/markup.h"
#include "base/units.h"
#include "publish/markdown.h"
#include "report/wording.h"

#define FILE_NAME PUBLISH_TEXT

static void write_number(FILE *out, double value, int digits, const char *unit, const char *unknown)
{
    if (isnan(value))
        fputs(unknown, out);
    else
        fprintf(out, "%.*f%s", digits, value, unit);
}

static void write_label(FILE *out, const struct longhaul_info *info)
{
    markup_markdown(out, info->source);
    fputs("->", out);
    markup_markdown(out, info->destination);
}

/* The end's counts, as the reference prints them, where they are the leg's loss. */
static void write_row(FILE *out, const struct report_leg *leg)
{
    const struct longhaul_summary *s = &leg->summary;
    const struct longhaul_loss *loss = longhaul_analysis_loss(leg->analysis);
    bool is_of_rows = loss->origin == LONGHAUL_LOSS_ORIGIN_INTERVALS;
    fputs("| ", out);
    write_label(out, leg->info);
    const double rates[] = { s->mean_mbps, s->std_mbps, s->min_mbps, s->max_mbps };
    fputs(" | ", out);
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        write_number(out, rates[i], 4, "", "-");
        fputs(" | ", out);
    }
    write_number(out, is_of_rows ? loss->percent : s->loss_percent, 6, "", "-");
    fputs(" | ", out);
    write_number(out, is_of_rows ? loss->lost : s->lost_packets, 0, "", "-");
    fputs("/", out);
    write_number(out, is_of_rows ? loss->total : s->total_packets, 0, "", "-");
    fputs(" | ", out);
    write_number(out, s->jitter_ms, 4, "", "-");
    fputs(" |\n", out);
}

static void write_observation(FILE *out, const struct report_leg *leg)
{
    const struct longhaul_summary *s = &leg->summary;
    const struct longhaul_loss *loss = longhaul_analysis_loss(leg->analysis);
    fputs("- ", out);
    write_label(out, leg->info);
    fputs(": mean ", out);
    write_number(out, s->mean_mbps, 4, " Mbps", "unknown");
    fputs(", jitter ", out);
    write_number(out, s->jitter_ms, 4, " ms", "unknown");
    fputs(", loss ", out);
    write_number(out, loss->percent, 6, "%", "unknown");
    if (loss->origin != LONGHAUL_LOSS_ORIGIN_UNKNOWN)
        fprintf(out, " (%.0f packets%s)", loss->lost,
                loss->origin == LONGHAUL_LOSS_ORIGIN_INTERVALS ? ", from the intervals" : "");
    const struct longhaul_order *order = longhaul_analysis_order(leg->analysis);
    if (order->out_of_order_packets > 0)
        fprintf(out, ", %.0f packets out of order", order->out_of_order_packets);
    if (order->duplicate_packets > 0)
        fprintf(out, ", %.0f duplicate packets", order->duplicate_packets);
    fputc('\n', out);
}

static void write_pair(FILE *out, const struct longhaul_report *report, const struct report_pair *pair)
{
    fputs("\n### ", out);
    markup_markdown(out, pair->a);
    fputs(" <-> ", out);
    markup_markdown(out, pair->b);
    fputs("\n\n", out);
    for (size_t i = 0; i < pair->n; i++)
        write_observation(out, &report->legs[pair->legs[i]]);
    if (pair->n != 2)
        return;
    const struct report_leg *x = &report->legs[pair->legs[0]], *y = &report->legs[pair->legs[1]];
    if (isnan(x->summary.mean_mbps) || isnan(y->summary.mean_mbps)) {
        fputs("- Directional delta: unknown\n", out);
        return;
    }
    const struct report_leg *faster = y->summary.mean_mbps > x->summary.mean_mbps ? y : x;
    fprintf(out, "- Directional delta: %.6f Mbps (higher on ", fabs(x->summary.mean_mbps - y->summary.mean_mbps));
    write_label(out, faster->info);
    fputs(")\n", out);
}

/* Of all legs in the report's order, or of the gravest. */
static void write_table(FILE *out, const struct longhaul_report *report, bool are_all)
{
    fputs("| Direction | Mean Mbps | Std Mbps | Min Mbps | Max Mbps | Loss % | Lost/Total pkts | Jitter (ms) |\n"
          "|---|---:|---:|---:|---:|---:|---:|---:|\n", out);
    for (size_t i = 0; i < report->n_legs && (are_all || i < report_n_detailed(report)); i++)
        write_row(out, &report->legs[are_all ? i : report->gravest[i]]);
}

static bool has_detailed(const struct longhaul_report *report, const struct report_pair *pair)
{
    for (size_t i = 0; i < pair->n; i++)
        if (report->legs[pair->legs[i]].is_detailed)
            return true;
    return false;
}

/* Of a day, as in the title of the reference script. */
static struct wording length_of(const struct longhaul_report *report)
{
    struct report_extent e = report_extent_of(report);
    bool is_day = !e.is_open && fabs(e.planned_s - DAY_S) < DAY_S / 100;
    struct wording day = { "" };
    longhaul_duration_text((uint32_t)DAY_S, day.text, sizeof day.text);
    return is_day ? day : wording_measured(report);
}

static void write_all(FILE *out, const struct longhaul_report *report, const struct report_pair *pairs, size_t n_pairs,
                      const char *made)
{
    bool is_cut = report->n_legs > report_n_detailed(report);
    fprintf(out, "# %s iperf3 Summary\n\nGenerated on: %s\n\n\n", length_of(report).text, made);
    if (!is_cut)
        write_table(out, report, true);
    markdown_write_objectives(out, report);
    markdown_write_first(out, report);
    if (report_is_mesh(report))
        markdown_write_matrix(out, report);
    if (is_cut) {
        fprintf(out, "\n## The gravest %zu legs\n\nThe table of all %zu is [at the end](#all-legs).\n\n",
                report_n_detailed(report), report->n_legs);
        write_table(out, report, false);
    }
    fputs("\n## Pair observations\n", out);
    for (size_t i = 0; i < n_pairs; i++)
        if (has_detailed(report, &pairs[i]))
            write_pair(out, report, &pairs[i]);
    markdown_write_detail(out, report);
    if (is_cut) {
        fputs("\n## All legs\n\n", out);
        write_table(out, report, true);
    }
    fputs("\n<!-- " REPORT_MARK " " LONGHAUL_VERSION " -->\n", out);
}

static int make_text(const struct longhaul_report *report, const struct report_stamp *stamp, char **text,
                     struct longhaul_error *err)
{
    size_t n_pairs, size;
    char *made = NULL;
    struct report_pair *pairs = report_pairs(report, &n_pairs);
    FILE *out = pairs ? open_memstream(&made, &size) : NULL;
    if (out)
        write_all(out, report, pairs, n_pairs, stamp->made);
    bool good = out && !ferror(out);
    if (out && fclose(out) != 0)
        good = false;
    if (pairs)
        report_pairs_free(pairs, n_pairs);
    if (good)
        *text = made;
    else
        free(made);
    return good ? 0 : error_set(err, LONGHAUL_ENOMEM, FILE_NAME ": out of memory");
}

int report_write_markdown(struct longhaul_report *report, struct longhaul_error *err)
{
    return report_write_stamped(report, FILE_NAME, make_text, err);
}
