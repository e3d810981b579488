/* html_delays.c - the tables of index.html about delays, silences, losses in a row and routes, of the legs that know
 * them: those whose receiver was longhaul. Nothing, where no leg does. */

#include "publish/html.h"
#include "publish/html_cells.h"
#include "publish/html_form.h"

enum { MOST_FIGURES = 7 };

/* One table: its columns, and a leg's figures for them. The first n_counts are counts. */
struct delay_table {
    const char *id, *name;
    size_t n, n_counts;
    struct { const char *name, *title; } columns[MOST_FIGURES];
    void (*figures)(const struct longhaul_delays *delays, double *values);
};

static void take_delays(const struct longhaul_delays *d, double *values)
{
    const double all[] = { d->p50_ms, d->p95_ms, d->p99_ms, d->p99_9_ms, d->max_ms, d->ipdv_p50_ms, d->ipdv_p99_ms };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        values[i] = all[i];
}

static void take_gaps(const struct longhaul_delays *d, double *values)
{
    const double all[] = { d->n_silences, d->loss_runs, d->longest_run, (double)d->n_shifts, d->longest_silence_ms,
                           d->shift_ms };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        values[i] = all[i];
}

static const struct delay_table tables[] = {
    { "percentile-delay", "Delay in queues of all datagrams, ms", 7, 0,
      { { "p50", "median of the datagrams" },
        { "p95", "95th percentile of the datagrams" },
        { "p99", "99th percentile of the datagrams" },
        { "p99.9", "99.9th percentile of the datagrams" },
        { "max", "the greatest" },
        { "IPDV p50", "difference of successive datagrams' delays (RFC 3393): median of the intervals' medians" },
        { "IPDV p99", "the same: median of the intervals' 99th percentiles" } },
      take_delays },
    { "silences", "Silences, losses in a row, and routes", 6, 4,
      { { "Silences", "times without an arrival that were longer than 10 spacings of datagrams" },
        { "Loss runs", "losses in a row, a single one too (RFC 3357: loss periods)" },
        { "Longest run", "packets lost in a row" },
        { "Route changes", "changes of the least transit's level" },
        { "Longest silence ms", "the longest time without an arrival" },
        { "Greatest change ms", "of the least transit: above 0 where it got longer" } },
      take_gaps }
};

static const struct longhaul_delays *delays_of(const struct longhaul_report *report, size_t leg)
{
    const struct longhaul_delays *d = longhaul_analysis_delays(report->legs[leg].analysis);
    return report->legs[leg].is_detailed && d->n_intervals > 0 ? d : NULL;
}

static void write_row(FILE *out, const struct longhaul_report *report, size_t leg, const struct delay_table *table,
                      const struct html_form *forms)
{
    double values[MOST_FIGURES];
    const struct longhaul_delays *d = delays_of(report, leg);
    if (d == NULL)
        return;
    table->figures(d, values);
    fputs("<tr>", out);
    leg_head(out, report, leg);
    number_cell(out, d->n_datagrams > 0 ? d->n_datagrams : NAN,
                wording_count(d->n_datagrams > 0 ? d->n_datagrams : NAN));
    for (size_t k = 0; k < table->n; k++)
        number_cell(out, values[k],
                    k < table->n_counts ? wording_count(values[k]) : html_form_text(&forms[k], values[k]));
    fputs("\n", out);
}

static void write_table(FILE *out, const struct longhaul_report *report, const struct delay_table *table)
{
    struct html_form forms[MOST_FIGURES] = { 0 };
    double values[MOST_FIGURES];
    for (size_t i = 0; i < report->n_legs; i++) {
        const struct longhaul_delays *d = delays_of(report, i);
        if (d == NULL)
            continue;
        table->figures(d, values);
        for (size_t k = 0; k < table->n; k++)
            html_form_add(&forms[k], values[k]);
    }
    fprintf(out, "<h3 class=over>%s</h3>", table->name);
    begin_table(out, table->id, table->name);
    fputs("<th scope=col>Leg<th scope=col class=n title=\"that arrived, and whose delay is known\">Datagrams", out);
    for (size_t k = 0; k < table->n; k++)
        fprintf(out, "<th scope=col class=n title=\"%s\">%s", table->columns[k].title, table->columns[k].name);
    fputs("</thead><tbody>\n", out);
    for (size_t i = 0; i < report->n_legs; i++)
        write_row(out, report, report->gravest[i], table, forms);
    end_table(out);
}

void html_write_delays(FILE *out, const struct longhaul_report *report)
{
    if (!report_knows_delays(report))
        return;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        write_table(out, report, &tables[i]);
    fputs("<p class=hint>Delay: a datagram&rsquo;s transit above the least one, after the drift of the two clocks; it "
          "is time in queues, not a one-way delay. Of legs whose receiver was longhaul.\n",
          out);
}
