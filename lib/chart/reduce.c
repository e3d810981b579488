/* reduce.c - reduces a day of intervals to the width of a picture: for each pixel column the true least and greatest
 * values, so that no spike is lost, and percentiles; and the times without observation. Knows nothing of the values'
 * meaning. */

#include "chart/reduce.h"

#include <math.h>
#include <stdlib.h>

#include "base/stats.h"

#define GAP_FACTOR 0.5 /* of an interval's length: a longer time without data is a gap */

static bool has_time(const struct reduce_line *line, size_t i)
{
    return isfinite(line->start_s[i]) && isfinite(line->end_s[i]);
}

bool reduce_is_after_gap(const struct reduce_line *line, size_t i)
{
    if (i == 0 || !has_time(line, i - 1) || !has_time(line, i))
        return i == 0;
    return line->start_s[i] - line->end_s[i - 1] > GAP_FACTOR * (line->end_s[i - 1] - line->start_s[i - 1]);
}

/* The column in which interval i ends; n_columns if it is outside the axis or unknown. An end exactly on a column's
 * edge belongs to the column before. */
static size_t column_of(const struct reduce_line *line, size_t i, size_t n_columns)
{
    double share = (line->end_s[i] + line->offset_s) / line->length_s;
    if (!has_time(line, i) || isnan(line->value[i]) || !(share >= 0) || share > 1.01)
        return n_columns;
    double column = ceil(share * (double)n_columns - 1e-6) - 1;
    return column < 0 ? 0 : column >= (double)n_columns ? n_columns - 1 : (size_t)column;
}

static void take(struct reduce_column *column, double value)
{
    if (column->n == 0)
        column->first = column->least = column->most = value;
    column->least = fmin(column->least, value);
    column->most = fmax(column->most, value);
    column->last = value;
    column->n++;
}

/* Stores each column's values next to each other. */
static bool add_percentiles(const struct reduce_line *line, struct reduce_column *columns, size_t n_columns)
{
    static const double shares[] = { 0.05, 0.5, 0.95 };
    double quantiles[3], *values = malloc((line->n + 1) * sizeof *values);
    size_t *next = malloc((n_columns + 1) * sizeof *next), at = 0;
    bool good = values && next;
    for (size_t c = 0; good && c < n_columns; c++) {
        next[c] = at;
        at += columns[c].n;
    }
    for (size_t i = 0; good && i < line->n; i++) {
        size_t c = column_of(line, i, n_columns);
        if (c < n_columns)
            values[next[c]++] = line->value[i];
    }
    for (size_t c = 0; good && c < n_columns; c++) {
        size_t n = columns[c].n;
        double *mine = values + next[c] - n;
        if (n == 0)
            continue;
        stats_quantiles(mine, n, shares, 3, quantiles);
        columns[c].p5 = quantiles[0];
        columns[c].median = quantiles[1];
        columns[c].p95 = quantiles[2];
    }
    free(values);
    free(next);
    return good;
}

struct reduce_column *reduce_columns(const struct reduce_line *line, size_t n_columns, bool with_percentiles)
{
    struct reduce_column *columns = calloc(n_columns + 1, sizeof *columns);
    bool is_broken = true; /* since the last value */
    for (size_t i = 0; columns && i < line->n; i++) {
        size_t c = column_of(line, i, n_columns);
        is_broken = is_broken || reduce_is_after_gap(line, i);
        is_broken = is_broken || isnan(line->value[i]);
        if (c == n_columns)
            continue;
        if (columns[c].n == 0)
            columns[c].is_joined = !is_broken;
        is_broken = false;
        take(&columns[c], line->value[i]);
    }
    if (columns && with_percentiles && !add_percentiles(line, columns, n_columns)) {
        free(columns);
        return NULL;
    }
    return columns;
}

/* ---- what was not observed */

struct reduce_span *reduce_gaps(const struct reduce_line *line, size_t *n)
{
    struct reduce_span *spans = malloc((line->n + 2) * sizeof *spans);
    double seen_s = 0, usual_s = 0; /* the end of what was observed so far; length of the previous interval */
    size_t count = 0;
    for (size_t i = 0; spans && i < line->n; i++) {
        if (!has_time(line, i))
            continue;
        double start_s = line->start_s[i] + line->offset_s, end_s = line->end_s[i] + line->offset_s;
        double length_s = line->end_s[i] - line->start_s[i];
        if (start_s > seen_s && start_s - seen_s > GAP_FACTOR * (usual_s > 0 ? usual_s : length_s) &&
            seen_s < line->length_s)
            spans[count++] = (struct reduce_span){ seen_s, fmin(start_s, line->length_s) };
        seen_s = fmax(seen_s, end_s);
        usual_s = length_s;
    }
    if (spans && line->length_s - seen_s > GAP_FACTOR * usual_s && line->length_s - seen_s > 1e-3 * line->length_s)
        spans[count++] = (struct reduce_span){ seen_s, line->length_s };
    *n = count;
    return spans;
}
