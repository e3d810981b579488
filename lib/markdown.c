/* markdown.c - summary_report.md: the table and the observations of the reference script, to the last digit it prints.
 * What is not known is a dash in the table and "unknown" in a sentence, never 0. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "error.h"
#include "report.h"

#define FILE_NAME "summary_report.md"

static void write_number(FILE *out, double value, int digits, const char *unit, const char *unknown)
{
    if (isnan(value))
        fputs(unknown, out);
    else
        fprintf(out, "%.*f%s", digits, value, unit);
}

static void write_row(FILE *out, const struct report_leg *leg)
{
    const struct longhaul_summary *s = &leg->summary;
    fprintf(out, "| %s->%s | %.4f | %.4f | %.4f | %.4f | ", leg->info->source, leg->info->destination, s->mean_mbps,
            s->std_mbps, s->min_mbps, s->max_mbps);
    write_number(out, s->loss_percent, 6, "", "-");
    fputs(" | ", out);
    write_number(out, s->lost_packets, 0, "", "-");
    fputs("/", out);
    write_number(out, s->total_packets, 0, "", "-");
    fputs(" | ", out);
    write_number(out, s->jitter_ms, 4, "", "-");
    fputs(" |\n", out);
}

static void write_observation(FILE *out, const struct report_leg *leg)
{
    const struct longhaul_summary *s = &leg->summary;
    fprintf(out, "- %s->%s: mean %.4f Mbps, jitter ", leg->info->source, leg->info->destination, s->mean_mbps);
    write_number(out, s->jitter_ms, 4, " ms", "unknown");
    fputs(", loss ", out);
    write_number(out, s->loss_percent, 6, "%", "unknown");
    if (!isnan(s->lost_packets))
        fprintf(out, " (%.0f packets)", s->lost_packets);
    fputc('\n', out);
}

static void write_pair(FILE *out, const struct longhaul_report *report, const struct report_pair *pair)
{
    fprintf(out, "\n### %s <-> %s\n\n", pair->a, pair->b);
    for (size_t i = 0; i < pair->n; i++)
        write_observation(out, &report->legs[pair->legs[i]]);
    if (pair->n != 2)
        return;
    const struct report_leg *x = &report->legs[pair->legs[0]], *y = &report->legs[pair->legs[1]];
    const struct report_leg *faster = y->summary.mean_mbps > x->summary.mean_mbps ? y : x;
    fprintf(out, "- Directional delta: %.6f Mbps (higher on %s->%s)\n", fabs(x->summary.mean_mbps - y->summary.mean_mbps),
            faster->info->source, faster->info->destination);
}

/* What no end record holds: how loss and jitter were spread over the seconds. Only where somebody counted them: a receiver. */
static void write_spread(FILE *out, const struct report_leg *leg)
{
    struct longhaul_analysis *analysis = NULL;
    if (longhaul_analyse(leg->series, NULL, &analysis, NULL) != 0)
        return;
    const struct longhaul_figures *f = longhaul_analysis_figures(analysis);
    fprintf(out, "| %s->%s | %zu of %zu | ", leg->info->source, leg->info->destination, f->loss_percent.n, leg->summary.n_intervals);
    write_number(out, f->p_loss * 100, 4, "", "-");
    fputs(" | ", out);
    write_number(out, f->loss_percent.max, 4, "", "-");
    const double jitters[] = { f->jitter_ms.p50, f->jitter_ms.p95, f->jitter_ms.max };
    for (size_t i = 0; i < 3; i++) {
        fputs(" | ", out);
        write_number(out, jitters[i], 4, "", "-");
    }
    fprintf(out, " | %s |\n", leg->has_receiver ? "receiver's record" : leg->info->is_sender ? "-" : "this record");
    longhaul_analysis_free(analysis);
}

static void write_spreads(FILE *out, const struct longhaul_report *report)
{
    fputs("\n## Loss and jitter of the intervals\n\n"
          "| Direction | Intervals that know | With loss % | Worst loss % | Jitter p50 (ms) | p95 | max | From |\n"
          "|---|---:|---:|---:|---:|---:|---:|---|\n", out);
    for (size_t i = 0; i < report->n_legs; i++)
        write_spread(out, &report->legs[i]);
}

static void write_all(FILE *out, const struct longhaul_report *report, const struct report_pair *pairs, size_t n_pairs)
{
    char now[32];
    struct tm utc;
    time_t t = time(NULL);
    strftime(now, sizeof now, "%Y-%m-%d %H:%M:%SZ", gmtime_r(&t, &utc));
    fprintf(out, "# 24H iperf3 Summary\n\nGenerated on: %s\n\n\n", now);
    fputs("| Direction | Mean Mbps | Std Mbps | Min Mbps | Max Mbps | Loss % | Lost/Total pkts | Jitter (ms) |\n"
          "|---|---:|---:|---:|---:|---:|---:|---:|\n", out);
    for (size_t i = 0; i < report->n_legs; i++)
        write_row(out, &report->legs[i]);
    fputs("\n## Pair observations\n", out);
    for (size_t i = 0; i < n_pairs; i++)
        write_pair(out, report, &pairs[i]);
    write_spreads(out, report);
}

int report_write_markdown(struct longhaul_report *report, struct longhaul_error *err)
{
    size_t n_pairs, size;
    char *text = NULL;
    struct report_pair *pairs = report_pairs(report, &n_pairs);
    FILE *out = pairs ? open_memstream(&text, &size) : NULL;
    if (out)
        write_all(out, report, pairs, n_pairs);
    bool good = out && !ferror(out);
    if (out && fclose(out) != 0)
        good = false;
    int rc = good ? report_write_file(report, FILE_NAME, text, false, err)
                  : error_set(err, LONGHAUL_ENOMEM, FILE_NAME ": out of memory");
    free(text);
    if (pairs)
        report_pairs_free(pairs, n_pairs);
    return rc;
}
