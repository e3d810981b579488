/* markdown_delays.c - the tables of summary_report.md about delays, silences, losses in a row and routes, of the legs
 * that know them: those whose receiver was longhaul. Nothing, where no leg does. */

#include "publish/markdown.h"

#include <math.h>

#include "publish/markdown_cells.h"

static const struct longhaul_delays *delays_of(const struct longhaul_report *report, size_t leg)
{
    const struct longhaul_delays *d = longhaul_analysis_delays(report->legs[leg].analysis);
    return report->legs[leg].is_detailed && d->n_intervals > 0 ? d : NULL;
}

static void write_cells(FILE *out, const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        cell(out, wording_short(values[i], ""));
}

static void write_percentiles(FILE *out, const struct longhaul_report *report)
{
    fputs("\n**Delay in queues of all datagrams, ms**: a datagram's transit above the least one, after the drift of "
          "the two clocks; not a one-way delay. IPDV: difference of successive datagrams' delays (RFC 3393), medians "
          "of the intervals' percentiles\n\n"
          "| Direction | Datagrams | p50 | p95 | p99 | p99.9 | max | IPDV p50 | IPDV p99 |\n"
          "|---|---:|---:|---:|---:|---:|---:|---:|---:|\n", out);
    for (size_t i = 0; i < report->n_legs; i++) {
        const struct longhaul_delays *d = delays_of(report, i);
        if (d == NULL)
            continue;
        const double values[] = { d->p50_ms, d->p95_ms, d->p99_ms, d->p99_9_ms, d->max_ms, d->ipdv_p50_ms,
                                  d->ipdv_p99_ms };
        leg_cell(out, report, i);
        cell(out, wording_count(d->n_datagrams > 0 ? d->n_datagrams : NAN));
        write_cells(out, values, sizeof values / sizeof *values);
        fputs("\n", out);
    }
}

static void write_gaps(FILE *out, const struct longhaul_report *report)
{
    fputs("\n**Silences, losses in a row, and routes**: a silence is longer than 10 spacings of datagrams; a route "
          "change is one of the least transit's level, above 0 where it got longer\n\n"
          "| Direction | Silences | Longest ms | Loss runs | Longest run | Route changes | Greatest ms |\n"
          "|---|---:|---:|---:|---:|---:|---:|\n", out);
    for (size_t i = 0; i < report->n_legs; i++) {
        const struct longhaul_delays *d = delays_of(report, i);
        if (d == NULL)
            continue;
        leg_cell(out, report, i);
        cell(out, wording_count(d->n_silences));
        cell(out, wording_short(d->longest_silence_ms, ""));
        cell(out, wording_count(d->loss_runs));
        cell(out, wording_count(d->longest_run));
        cell(out, wording_count((double)d->n_shifts));
        cell(out, wording_short(d->shift_ms, ""));
        fputs("\n", out);
    }
}

void markdown_write_delays(FILE *out, const struct longhaul_report *report)
{
    if (!report_knows_delays(report))
        return;
    write_percentiles(out, report);
    write_gaps(out, report);
}
