/* compare_cells.c - what a leg's tests did in each cell of time: sums and histograms. Judges nothing. */

#include "report/compare_cells.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/analysis.h"
#include "base/units.h"
#include "read/series.h"

#define WANTED_CELLS 120.0
#define MOST_CELLS 1440          /* that are not by the time of day; even */
#define DELAYS_LEAST_CELL_S 60.0 /* of a test that is longer than ... */
#define DELAYS_SHORT_S 180.0     /* ... this, whose histograms are of a minute */

struct compare_grid compare_grid_for(double seconds, double usual_s)
{
    static const double lengths[] = { 21600, 3600, 1800, 600, 300, 120, 60, 30, 10, 5, 2, 1 };
    size_t i = 0, last = sizeof lengths / sizeof *lengths - 1;
    while (i < last && seconds / lengths[i] < WANTED_CELLS && lengths[i + 1] >= usual_s)
        i++;
    double delays = seconds > DELAYS_SHORT_S ? fmax(lengths[i], DELAYS_LEAST_CELL_S) : lengths[i];
    return (struct compare_grid){ lengths[i], delays, false };
}

/* ---- cells */

bool compare_cells_know(const struct compare_cells *cells, size_t i)
{
    return cells->is_delays ? cells->delays[i].n > 0 : cells->ratios[i].weight > 0;
}

double compare_cells_value(const struct compare_cells *cells, size_t i)
{
    if (!compare_cells_know(cells, i))
        return NAN;
    return cells->is_delays ? histogram_quantile(&cells->delays[i], HISTOGRAM_P99) / US_PER_MS
                            : cells->ratios[i].sum / cells->ratios[i].weight;
}

static bool have_room(struct compare_cells *cells, size_t capacity)
{
    void *grown = cells->is_delays ? realloc(cells->delays, capacity * sizeof *cells->delays)
                                   : (void *)realloc(cells->ratios, capacity * sizeof *cells->ratios);
    if (grown && cells->is_delays)
        cells->delays = grown;
    else if (grown)
        cells->ratios = grown;
    unsigned char *hours = grown ? realloc(cells->hours, capacity) : NULL;
    if (hours == NULL)
        return false;
    cells->hours = hours;
    cells->capacity = capacity;
    return true;
}

/* Makes room for n cells, the new ones unknown; false when out of memory. */
static bool grow(struct compare_cells *cells, size_t n)
{
    if (n > cells->capacity && !have_room(cells, n > 2 * cells->capacity ? n : 2 * cells->capacity))
        return false;
    for (; cells->n < n; cells->n++) {
        cells->hours[cells->n] = COMPARE_NO_HOUR;
        if (cells->is_delays)
            memset(&cells->delays[cells->n], 0, sizeof *cells->delays);
        else
            cells->ratios[cells->n] = (struct two_samples_cell){ 0, 0 };
    }
    return true;
}

/* Joins two at a time, of an even number. */
static void join(struct compare_cells *cells)
{
    for (size_t i = 0; i < cells->n / 2; i++) {
        cells->hours[i] = cells->hours[2 * i];
        if (cells->is_delays) {
            struct histogram both = cells->delays[2 * i];
            histogram_merge(&both, &cells->delays[2 * i + 1]);
            cells->delays[i] = both;
        } else {
            const struct two_samples_cell *x = &cells->ratios[2 * i], *y = x + 1;
            cells->ratios[i] = (struct two_samples_cell){ x->sum + y->sum, x->weight + y->weight };
        }
    }
    cells->n /= 2;
    cells->length_s *= 2;
}

/* ---- places */

/* A test of which one quantity is cut into cells. */
struct cutting {
    struct compare_cells *cells;
    const struct report_leg *test;
    bool is_by_day;
    double start_unix_s; /* NAN where it is unknown */
    double last;         /* number of its newest cell, where they are not by the time of day; -INFINITY before */
    struct two_samples_cell sum;
    struct histogram all; /* of delays */
    bool has_failed;      /* out of memory */
};

static unsigned char hour_of(double unix_s)
{
    return isnan(unix_s) ? COMPARE_NO_HOUR : (unsigned char)((unix_s - floor(unix_s / DAY_S) * DAY_S) / HOUR_S);
}

/* The cell in which a time on the test's axis is; SIZE_MAX for none. */
static size_t cell_at(struct cutting *c, double time_s)
{
    struct compare_cells *cells = c->cells;
    double unix_s = c->start_unix_s + time_s, t = isnan(c->start_unix_s) ? time_s : unix_s;
    if (!isfinite(t))
        return SIZE_MAX;
    if (c->is_by_day) {
        size_t i = (size_t)((t - floor(t / DAY_S) * DAY_S) / cells->length_s);
        return i < cells->n ? i : SIZE_MAX;
    }
    double number = floor(t / cells->length_s);
    if (number > c->last && cells->n == MOST_CELLS) {
        join(cells);
        number = floor(t / cells->length_s);
        c->last = floor(c->last / 2);
    }
    if (number > c->last) {
        if (!grow(cells, cells->n + 1))
            return c->has_failed = true, SIZE_MAX;
        c->last = number;
        cells->hours[cells->n - 1] = hour_of(unix_s);
    }
    return cells->n - 1;
}

static void add(struct cutting *c, double time_s, double sum, double weight)
{
    size_t i = isfinite(sum) && weight >= 0 ? cell_at(c, time_s) : SIZE_MAX;
    if (i == SIZE_MAX)
        return;
    c->cells->ratios[i].sum += sum;
    c->cells->ratios[i].weight += weight;
    c->sum.sum += sum;
    c->sum.weight += weight;
}

/* ---- quantities */

/* Rate, loss and jitter, by spans of the analysis: of those that are wanted. */
static bool cut_spans(struct cutting *c, const bool *wanted)
{
    const struct report_leg *test = c->test;
    double length_s = 0;
    struct longhaul_span *spans;
    size_t n;
    for (int q = LONGHAUL_COMPARED_RATE; q <= LONGHAUL_COMPARED_JITTER; q++)
        length_s = wanted[q] ? fmax(length_s, c[q].cells->length_s) : length_s;
    if (length_s == 0)
        return true;
    if (longhaul_analysis_spans(test->analysis, test->series, length_s, &spans, &n, NULL) != 0)
        return false;
    for (size_t i = 0; i < n; i++) {
        const struct longhaul_span *s = &spans[i];
        double at_s = s->start_s + length_s / 2;
        if (wanted[LONGHAUL_COMPARED_RATE])
            add(&c[LONGHAUL_COMPARED_RATE], at_s, s->mean_mbps * s->observed_s, s->observed_s);
        if (wanted[LONGHAUL_COMPARED_LOSS])
            add(&c[LONGHAUL_COMPARED_LOSS], at_s, 100 * s->lost_packets, s->known_packets);
        if (wanted[LONGHAUL_COMPARED_JITTER])
            add(&c[LONGHAUL_COMPARED_JITTER], at_s, s->jitter_p50_ms * s->observed_s, s->observed_s);
    }
    free(spans);
    return true;
}

static void cut_delays(struct cutting *c)
{
    double from_s, until_s;
    for (size_t i = 0;; i++) {
        struct histogram h = { 0 };
        if (!series_delay_histogram(c->test->series, i, &from_s, &until_s, &h))
            return;
        size_t at = cell_at(c, (from_s + until_s) / 2);
        if (at == SIZE_MAX)
            continue;
        histogram_merge(&c->cells->delays[at], &h);
        histogram_merge(&c->all, &h);
    }
}

/* A column, times scale, per another one. */
static void cut_column(struct cutting *c, enum longhaul_column column, enum longhaul_column weight, double scale)
{
    const struct longhaul_series *s = c->test->series;
    const double *start_s = longhaul_series_column(s, LONGHAUL_COLUMN_START_S),
                 *end_s = longhaul_series_column(s, LONGHAUL_COLUMN_END_S), *value = longhaul_series_column(s, column),
                 *w = longhaul_series_column(s, weight);
    const unsigned char *artefacts = longhaul_analysis_artefacts(c->test->analysis);
    for (size_t i = 0; value && w && i < longhaul_series_length(s); i++)
        if (!(artefacts[i] & ARTEFACTS_EXCLUDED) && !isnan(value[i]) && !isnan(w[i]))
            add(c, (start_s[i] + end_s[i]) / 2, scale * value[i], w[i]);
}

/* Segments where the file has them, else by the bytes, which are as many but for those that were sent again. */
static void cut_retransmits(struct cutting *c)
{
    const double *segments = longhaul_series_column(c->test->series, LONGHAUL_COLUMN_SEGMENTS);
    const struct longhaul_tcp *tcp = longhaul_analysis_tcp(c->test->analysis);
    bool has_segments = false;
    for (size_t i = 0; segments && i < longhaul_series_length(c->test->series) && !has_segments; i++)
        has_segments = segments[i] > 0;
    if (has_segments)
        cut_column(c, LONGHAUL_COLUMN_RETRANSMITS, LONGHAUL_COLUMN_SEGMENTS, 100);
    else if (tcp && tcp->mss_bytes > 0)
        cut_column(c, LONGHAUL_COLUMN_RETRANSMITS, LONGHAUL_COLUMN_BYTES, 100 * tcp->mss_bytes);
}

static void cut_round_trips(struct cutting *c)
{
    size_t n;
    const struct longhaul_rtt_sample *rtt = longhaul_series_rtt(c->test->series, &n);
    for (size_t i = 0; i < n; i++)
        add(c, rtt[i].start_s, rtt[i].rtt_ms, 1);
}

/* TCP's round trips, weighted by time. */
static void cut_tcp_round_trips(struct cutting *c)
{
    const struct longhaul_series *s = c->test->series;
    const double *start_s = longhaul_series_column(s, LONGHAUL_COLUMN_START_S),
                 *end_s = longhaul_series_column(s, LONGHAUL_COLUMN_END_S),
                 *rtt_ms = longhaul_series_column(s, LONGHAUL_COLUMN_RTT_MS);
    const unsigned char *artefacts = longhaul_analysis_artefacts(c->test->analysis);
    for (size_t i = 0; rtt_ms && i < longhaul_series_length(s); i++)
        if (!(artefacts[i] & ARTEFACTS_EXCLUDED))
            add(c, (start_s[i] + end_s[i]) / 2, rtt_ms[i] * (end_s[i] - start_s[i]), end_s[i] - start_s[i]);
}

/* An hour's silences; of the intervals that know their delays. */
static void cut_silences(struct cutting *c)
{
    const struct longhaul_series *s = c->test->series;
    const double *start_s = longhaul_series_column(s, LONGHAUL_COLUMN_START_S),
                 *end_s = longhaul_series_column(s, LONGHAUL_COLUMN_END_S),
                 *silences = longhaul_series_column(s, LONGHAUL_COLUMN_SILENCES);
    const unsigned char *artefacts = longhaul_analysis_artefacts(c->test->analysis);
    for (size_t i = 0; silences && i < longhaul_series_length(s); i++)
        if (!(artefacts[i] & ARTEFACTS_EXCLUDED))
            add(c, (start_s[i] + end_s[i]) / 2, silences[i], (end_s[i] - start_s[i]) / HOUR_S);
}

static void cut(struct cutting *c, enum longhaul_compared quantity)
{
    switch (quantity) {
    case LONGHAUL_COMPARED_RATE:
    case LONGHAUL_COMPARED_LOSS:
    case LONGHAUL_COMPARED_JITTER: break; /* cut_spans() */
    case LONGHAUL_COMPARED_DELAY: cut_delays(c); break;
    case LONGHAUL_COMPARED_SILENCES: cut_silences(c); break;
    case LONGHAUL_COMPARED_RETRANSMITS: cut_retransmits(c); break;
    case LONGHAUL_COMPARED_RTT:
        if (longhaul_analysis_tcp(c->test->analysis))
            cut_tcp_round_trips(c);
        else
            cut_round_trips(c);
        break;
    }
}

/* ---- all tests of a side */

static double figure_of(const struct cutting *c)
{
    if (c->cells->is_delays)
        return histogram_quantile(&c->all, HISTOGRAM_P99);
    return c->sum.weight > 0 ? c->sum.sum / c->sum.weight : NAN;
}

static bool take_test(const struct report_leg *test, const bool *wanted, bool is_by_day, struct compare_cells *cells)
{
    struct cutting *c = calloc(LONGHAUL_N_COMPARED, sizeof *c);
    if (c == NULL)
        return false;
    for (int q = 0; q < LONGHAUL_N_COMPARED; q++)
        c[q] = (struct cutting){ .cells = &cells[q],
                                 .test = test,
                                 .is_by_day = is_by_day,
                                 .start_unix_s = longhaul_analysis_figures(test->analysis)->start_unix_s,
                                 .last = -INFINITY };
    bool good = cut_spans(c, wanted);
    for (int q = 0; q < LONGHAUL_N_COMPARED; q++) {
        if (!wanted[q] || !good)
            continue;
        cut(&c[q], (enum longhaul_compared)q);
        good = !c[q].has_failed;
        double figure = figure_of(&c[q]);
        if (!isnan(figure))
            cells[q].tests[cells[q].n_tests++] = figure;
    }
    free(c);
    return good;
}

/* Room for n tests, and where cells are by the time of day, all of these. */
static bool begin(struct compare_cells *cells, size_t n, bool is_by_day)
{
    cells->tests = malloc((n + 1) * sizeof *cells->tests);
    if (cells->tests == NULL || !grow(cells, is_by_day ? (size_t)ceil(DAY_S / cells->length_s) : 0))
        return false;
    for (size_t i = 0; i < cells->n; i++)
        cells->hours[i] = hour_of((double)i * cells->length_s);
    return true;
}

bool compare_cells_fill(const struct report_leg *const *tests, size_t n, const bool *wanted,
                        const struct compare_grid *grid, struct compare_cells *cells)
{
    bool good = true;
    for (int q = 0; q < LONGHAUL_N_COMPARED; q++) {
        bool is_delays = q == LONGHAUL_COMPARED_DELAY;
        cells[q] = (struct compare_cells){ .is_delays = is_delays,
                                           .length_s = is_delays ? grid->delays_cell_s : grid->cell_s };
        good = good && (!wanted[q] || begin(&cells[q], n, grid->is_by_day));
    }
    for (size_t i = 0; i < n && good; i++)
        good = take_test(tests[i], wanted, grid->is_by_day, cells);
    return good;
}

void compare_cells_free(struct compare_cells *cells)
{
    for (int q = 0; q < LONGHAUL_N_COMPARED; q++) {
        free(cells[q].ratios);
        free(cells[q].delays);
        free(cells[q].hours);
        free(cells[q].tests);
    }
}
