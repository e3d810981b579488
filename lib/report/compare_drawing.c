/* compare_drawing.c - what can be drawn of a figure that is compared: the distribution of its pieces of time, and its
 * hours. Draws nothing. */

#include <math.h>
#include <stdlib.h>

#include "base/units.h"
#include "report/compare.h"
#include "report/compare_cells.h"

/* True if a cell counts: others are those of the other side, or NULL. */
static bool counts(const struct compare_cells *cells, const struct compare_cells *others, size_t i)
{
    return compare_cells_know(cells, i) && (others == NULL || compare_cells_know(others, i));
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Values of pieces, sorted; of more than can be drawn those at equal shares. */
static bool fill_values(const struct compare_cells *cells, const struct compare_cells *others,
                        struct compare_side_drawing *side)
{
    double *values = malloc((cells->n + 1) * sizeof *values);
    size_t n = 0;
    if (values == NULL)
        return false;
    for (size_t i = 0; i < cells->n; i++)
        if (counts(cells, others, i))
            values[n++] = compare_cells_value(cells, i);
    if (n > 0)
        qsort(values, n, sizeof *values, ascending);
    side->n = n < COMPARE_POINTS ? n : COMPARE_POINTS;
    for (size_t i = 0; i < side->n; i++)
        side->values[i] = (float)values[(i + 1) * n / side->n - 1];
    free(values);
    return true;
}

/* The same of datagrams: where a share of all is below. */
static void fill_delays(const struct histogram *all, struct compare_side_drawing *side)
{
    side->n = all->n < COMPARE_POINTS ? (size_t)all->n : COMPARE_POINTS;
    for (size_t i = 0; i < side->n; i++)
        side->values[i] = (float)(histogram_quantile(all, (double)(i + 1) / (double)side->n) / US_PER_MS);
}

static double wider(double x, double y, int sign)
{
    return sign > 0 ? fmax(x, y) : fmin(x, y); /* ignores NAN */
}

static void fill_hour(const struct compare_cells *cells, const struct compare_cells *others, int hour,
                      struct compare_side_drawing *side, struct histogram *all)
{
    struct two_samples_cell sum = { 0, 0 };
    struct histogram delays = { 0 };
    double least = NAN, most = NAN, value = NAN;
    for (size_t i = 0; i < cells->n; i++) {
        if (cells->hours[i] != hour || !counts(cells, others, i))
            continue;
        value = compare_cells_value(cells, i);
        least = wider(least, value, -1);
        most = wider(most, value, 1);
        if (cells->is_delays) {
            histogram_merge(&delays, &cells->delays[i]);
        } else {
            sum.sum += cells->ratios[i].sum;
            sum.weight += cells->ratios[i].weight;
        }
    }
    if (cells->is_delays)
        value = histogram_quantile(&delays, HISTOGRAM_P99) / US_PER_MS;
    else if (sum.weight > 0)
        value = sum.sum / sum.weight;
    histogram_merge(all, &delays);
    if (hour == COMPARE_NO_HOUR)
        return;
    side->hours[hour] = (float)value;
    side->least[hour] = (float)least;
    side->most[hour] = (float)most;
}

static bool fill_side(const struct compare_cells *cells, const struct compare_cells *others,
                      struct compare_side_drawing *side)
{
    struct histogram all = { 0 };
    side->piece_s = cells->length_s;
    for (int hour = 0; hour < COMPARE_HOURS; hour++)
        fill_hour(cells, others, hour, side, &all);
    fill_hour(cells, others, COMPARE_NO_HOUR, side, &all);
    if (!cells->is_delays)
        return fill_values(cells, others, side);
    fill_delays(&all, side);
    return true;
}

bool compare_draw(const struct compare_cells *before, const struct compare_cells *after, bool is_matched,
                  struct compare_drawing *drawing)
{
    return fill_side(before, is_matched ? after : NULL, &drawing->before) &&
           fill_side(after, is_matched ? before : NULL, &drawing->after);
}

double compare_drawing_at(const struct compare_side_drawing *side, double share)
{
    if (side->n == 0)
        return NAN;
    double rank = ceil(share * (double)side->n - 1e-9);
    return side->values[rank < 1 ? 0 : rank > (double)side->n ? side->n - 1 : (size_t)rank - 1];
}
