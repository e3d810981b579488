/* html_trips.c - the round trips during a test, as the interactive charts show them: one by one, or, if all legs
 * together have too many, several combined, with their median, their greatest, and the number without an answer.
 * page/chart_data.js decodes them. */

#include <math.h>
#include <stdlib.h>

#include "base/stats.h"
#include "publish/html.h"
#include "publish/html_columns.h"

#define ALL_TRIPS 12000.0 /* of all legs together: the page stays small */
#define UNIT_MS 1e-3      /* page/chart_data.js has the same number; times are in seconds */

/* The columns that are written. */
enum { AT, N, MD, HI, NONE, N_COLUMNS };

static const struct longhaul_rtt_sample *samples_of(const struct report_leg *leg, size_t *n)
{
    size_t n_rows = longhaul_series_length(leg->series);
    const double *own = longhaul_series_column(leg->series, LONGHAUL_COLUMN_RTT_MS);
    const struct longhaul_rtt_sample *samples = longhaul_series_rtt(leg->series, n);
    if (!leg->is_detailed || (own && html_columns_has(own, n_rows)))
        *n = 0;
    return samples;
}

size_t html_trips_together(const struct longhaul_report *report)
{
    double all = 0;
    for (size_t i = 0; i < report->n_legs; i++) {
        size_t n;
        samples_of(&report->legs[i], &n);
        all += (double)n;
    }
    return (size_t)fmax(1, ceil(all / ALL_TRIPS));
}

static void fill_row(double *const *columns, size_t row, const struct longhaul_rtt_sample *samples, size_t n,
                     double *room)
{
    size_t n_known = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(samples[i].rtt_ms))
            room[n_known++] = samples[i].rtt_ms;
    columns[AT][row] = round(samples[0].start_s);
    columns[N][row] = (double)n;
    columns[MD][row] = round(stats_median(room, n_known) / UNIT_MS);
    columns[HI][row] = round(stats_max(room, n_known) / UNIT_MS) - columns[MD][row];
    columns[NONE][row] = (double)(n - n_known);
}

/* Omits columns that say nothing: single round trips have no greatest, and usually all are answered. */
static void write_columns(FILE *out, double *const *columns, size_t n, size_t together)
{
    html_columns_difference(columns[AT], n);
    html_columns_difference(columns[MD], n);
    html_columns_write(out, "at", columns[AT], n);
    html_columns_write(out, "md", columns[MD], n);
    if (together > 1) {
        html_columns_write(out, "n", columns[N], n);
        html_columns_write(out, "hi", columns[HI], n);
        html_columns_write(out, "none", columns[NONE], n);
    }
}

bool html_write_trips(FILE *out, const struct report_leg *leg, size_t together)
{
    size_t n, n_rows = 0;
    const struct longhaul_rtt_sample *samples = samples_of(leg, &n);
    if (n == 0)
        return true;
    double *columns[N_COLUMNS], *room = malloc((n * N_COLUMNS + together) * sizeof *room);
    if (room == NULL)
        return false;
    for (int c = 0; c < N_COLUMNS; c++)
        columns[c] = room + together + (size_t)c * n;
    for (size_t i = 0; i < n; i += together)
        fill_row(columns, n_rows++, samples + i, n - i < together ? n - i : together, room);
    double every_s = n > 1 ? (samples[n - 1].start_s - samples[0].start_s) / (double)(n - 1) : 60;
    fprintf(out, ",\"trips\":{\"every\":%.3f", every_s * (double)together);
    write_columns(out, columns, n_rows, together);
    fputc('}', out);
    free(room);
    return true;
}
