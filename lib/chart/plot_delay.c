/* plot_delay.c - a panel of the delays of datagrams over time: for each pixel column the area below p50, a band from
 * p50 to p99, and one up to the greatest. */

#include <math.h>
#include <stdlib.h>

#include "base/stats.h"
#include "base/units.h"
#include "chart/plot_layers.h"

#define LASTING_S 30.0 /* a p99 that is exceeded for longer is on the axis */

enum { P50, P99, GREATEST, N_VALUES };
static const enum longhaul_column columns_of[N_VALUES] = { LONGHAUL_COLUMN_DELAY_P50_US, LONGHAUL_COLUMN_DELAY_P99_US,
                                                           LONGHAUL_COLUMN_DELAY_MAX_US };

/* The intervals that know their delays, each of them in parts that are at most about half a pixel column wide. */
struct parts {
    double *start_s, *end_s, *value_ms[N_VALUES];
    size_t n;
};

static void parts_free(struct parts *parts)
{
    free(parts->start_s); /* the others are in the same block */
}

static bool parts_make(struct parts *parts, const struct quantity_columns *c, size_t n_columns)
{
    size_t n_known = 0;
    for (size_t i = 0; i < c->n; i++)
        n_known += isnan(quantity_delay.value(c, i)) ? 0 : 1;
    size_t each = 2 * n_columns / (n_known > 0 ? n_known : 1) + 1, room = n_known * each + 1;
    *parts = (struct parts){ .start_s = malloc((2 + N_VALUES) * room * sizeof(double)) };
    if (parts->start_s == NULL)
        return false;
    parts->end_s = parts->start_s + room;
    for (int v = 0; v < N_VALUES; v++)
        parts->value_ms[v] = parts->end_s + (size_t)(v + 1) * room;
    for (size_t i = 0; i < c->n; i++) {
        if (isnan(quantity_delay.value(c, i)))
            continue;
        double length_s = (c->end_s[i] - c->start_s[i]) / (double)each;
        for (size_t k = 0; k < each; k++, parts->n++) {
            parts->start_s[parts->n] = c->start_s[i] + (double)k * length_s;
            parts->end_s[parts->n] = c->start_s[i] + (double)(k + 1) * length_s;
            for (int v = 0; v < N_VALUES; v++)
                parts->value_ms[v][parts->n] = longhaul_series_column(c->series, columns_of[v])[i] / US_PER_MS;
        }
    }
    return true;
}

/* Where a band begins and ends: the median of its intervals' p50, and that of their p99; and the greatest delay of
 * all, so that no spike is lost. */
static struct reduce_column *bands_of(const struct parts *parts, const struct plot_place *place, size_t n_columns)
{
    struct reduce_column *of[N_VALUES];
    for (int v = 0; v < N_VALUES; v++) {
        struct reduce_line line = { parts->start_s, parts->end_s, parts->value_ms[v], parts->n, place->offset_s,
                                    plot_length_s(place) };
        of[v] = reduce_columns(&line, n_columns, v != GREATEST);
    }
    struct reduce_column *bands = of[P50] && of[P99] && of[GREATEST] ? of[GREATEST] : NULL;
    for (size_t i = 0; bands && i < n_columns; i++) {
        bands[i].p5 = bands[i].least = of[P50][i].median;
        bands[i].p95 = of[P99][i].median;
    }
    free(of[P50]);
    free(of[P99]);
    if (bands == NULL)
        free(of[GREATEST]);
    return bands;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The p99 that is exceeded for LASTING_S at most, all columns together; 0 without any. values has room for n. */
static double lasting_of(const struct reduce_column *bands, size_t n, double length_s, double *values)
{
    size_t n_known = 0, n_above = (size_t)(LASTING_S * (double)n / length_s);
    for (size_t i = 0; i < n; i++)
        if (bands[i].n > 0)
            values[n_known++] = bands[i].p95;
    qsort(values, n_known, sizeof *values, by_value);
    return n_known > n_above ? values[n_known - 1 - n_above] : 0;
}

/* By the columns' greatest delays: those of single intervals are beyond the axis far more often. A queue that lasts is
 * on it, even for a small share of the time: it is what the panel is for. False when out of memory. */
static bool find_axis(const struct reduce_column *bands, size_t n, double length_s, struct axis *axis)
{
    static const double shares[] = { 0.5, 0.98 };
    double *values = malloc((n + 1) * sizeof *values), q[2], greatest = 0;
    size_t n_known = 0;
    if (values == NULL)
        return false;
    double lasting = lasting_of(bands, n, length_s, values);
    for (size_t i = 0; i < n; i++) {
        if (bands[i].n == 0)
            continue;
        values[n_known++] = bands[i].most;
        greatest = fmax(greatest, bands[i].most);
    }
    stats_quantiles(values, n_known, shares, 2, q);
    *axis = quantity_delay.axis(0, q[0], fmax(q[1], lasting), greatest);
    free(values);
    return true;
}

static bool set_axis(struct plot *plot, struct plot_panel *panel, const struct reduce_column *bands, size_t n,
                     const struct plot_place *place)
{
    double *x_s = malloc(2 * (n + 1) * sizeof *x_s), *most = x_s ? x_s + n + 1 : NULL;
    bool good = most && find_axis(bands, n, plot_length_s(place), &panel->axis);
    for (size_t i = 0; good && i < n; i++) {
        x_s[i] = ((double)i + 0.5) / (double)n * plot_length_s(place);
        most[i] = bands[i].n > 0 ? bands[i].most : NAN;
    }
    struct reduce_line line = { x_s, x_s, most, n, 0, plot_length_s(place) };
    if (good)
        plot_layer_beyond(plot, panel, &line, place);
    free(x_s);
    return good;
}

void plot_layer_delays(struct plot *plot, struct plot_panel *panel, const struct quantity_columns *c,
                       const struct plot_place *place, struct plot_legend *legend)
{
    size_t n_columns = (size_t)plot_columns(&plot->frame);
    struct parts parts;
    struct reduce_column *bands = parts_make(&parts, c, n_columns) ? bands_of(&parts, place, n_columns) : NULL;
    if (bands && set_axis(plot, panel, bands, n_columns, place)) {
        panel->step = place->time.high / (double)n_columns;
        plot_layer_columns(plot, panel, "under", bands, (int)n_columns, place);
        plot_layer_columns(plot, panel, "extremes", bands, (int)n_columns, place);
        plot_layer_columns(plot, panel, "band", bands, (int)n_columns, place);
        plot_legend_add(legend, "delay p50-p99", "delay");
        plot_legend_add(legend, "greatest delay", "delay_band");
    } else {
        plot->has_failed = true;
    }
    free(bands);
    parts_free(&parts);
}
