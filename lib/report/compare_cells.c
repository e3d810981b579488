/* compare_cells.c - what a leg's tests did in each cell of time: sums and histograms. Judges nothing. */

#include "report/compare_cells.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/analysis.h"
#include "base/units.h"
#include "read/series.h"

#define DAY_S 86400.0
#define HOUR_S 3600.0
#define WANTED_CELLS 120.0

double compare_cell_s(double seconds, double usual_s)
{
    static const double lengths[] = { 21600, 3600, 1800, 600, 300, 120, 60, 30, 10, 5, 2, 1 };
    size_t i = 0, last = sizeof lengths / sizeof *lengths - 1;
    while (i < last && seconds / lengths[i] < WANTED_CELLS && lengths[i + 1] >= usual_s)
        i++;
    return lengths[i];
}

/* ---- places */

/* A test that is cut into cells of its own. */
struct cutting {
    const struct compare_grid *grid;
    const struct report_leg *test;
    double start_unix_s; /* 0 where it is unknown */
    bool is_delays;
    struct two_samples_cell *ratios;
    struct histogram *delays;
    size_t n, capacity; /* not by the time of day: only cells of which something is known, in the order of time */
    double last;        /* number of the newest of these */
    bool has_failed;    /* out of memory */
};

static bool cutting_grow(struct cutting *c, size_t n)
{
    size_t size = c->is_delays ? sizeof *c->delays : sizeof *c->ratios;
    if (n > c->capacity) {
        size_t capacity = n > 2 * c->capacity ? n : 2 * c->capacity;
        void *grown = realloc(c->is_delays ? (void *)c->delays : (void *)c->ratios, capacity * size);
        if (grown == NULL)
            return false;
        memset((char *)grown + c->capacity * size, 0, (capacity - c->capacity) * size);
        if (c->is_delays)
            c->delays = grown;
        else
            c->ratios = grown;
        c->capacity = capacity;
    }
    c->n = n;
    return true;
}

/* The cell in which a time on the test's axis is; SIZE_MAX for none. */
static size_t cell_at(struct cutting *c, double time_s)
{
    double t = c->start_unix_s + time_s;
    if (!isfinite(t))
        return SIZE_MAX;
    if (c->grid->is_by_day) {
        double i = floor((t - floor(t / DAY_S) * DAY_S) / c->grid->cell_s);
        return i < (double)c->n ? (size_t)i : SIZE_MAX;
    }
    double number = floor(t / c->grid->cell_s);
    if (c->n == 0 || number > c->last) {
        if (!cutting_grow(c, c->n + 1))
            return c->has_failed = true, SIZE_MAX;
        c->last = number;
    }
    return c->n - 1;
}

static void add(struct cutting *c, double time_s, double sum, double weight)
{
    size_t i = isfinite(sum) && weight >= 0 ? cell_at(c, time_s) : SIZE_MAX;
    if (i == SIZE_MAX)
        return;
    c->ratios[i].sum += sum;
    c->ratios[i].weight += weight;
}

/* ---- quantities */

/* Rate, loss and jitter, by spans of the analysis. */
static bool cut_spans(struct cutting *c, enum longhaul_compared quantity)
{
    struct longhaul_span *spans;
    size_t n;
    if (longhaul_analysis_spans(c->test->analysis, c->test->series, c->grid->cell_s, &spans, &n, NULL) != 0)
        return false;
    for (size_t i = 0; i < n; i++) {
        const struct longhaul_span *s = &spans[i];
        double at_s = s->start_s + c->grid->cell_s / 2;
        if (quantity == LONGHAUL_COMPARED_RATE)
            add(c, at_s, s->mean_mbps * s->observed_s, s->observed_s);
        else if (quantity == LONGHAUL_COMPARED_LOSS)
            add(c, at_s, 100 * s->lost_packets, s->known_packets);
        else
            add(c, at_s, s->jitter_p50_ms * s->observed_s, s->observed_s);
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
        if (at != SIZE_MAX)
            histogram_merge(&c->delays[at], &h);
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

static bool cut(struct cutting *c, enum longhaul_compared quantity)
{
    switch (quantity) {
    case LONGHAUL_COMPARED_RATE:
    case LONGHAUL_COMPARED_LOSS:
    case LONGHAUL_COMPARED_JITTER: return cut_spans(c, quantity);
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
    return true;
}

/* ---- all tests of a side */

static double figure_of(const struct cutting *c)
{
    struct two_samples_cell sum = { 0, 0 };
    struct histogram all = { 0 };
    for (size_t i = 0; i < c->n; i++) {
        if (c->is_delays) {
            histogram_merge(&all, &c->delays[i]);
        } else {
            sum.sum += c->ratios[i].sum;
            sum.weight += c->ratios[i].weight;
        }
    }
    if (c->is_delays)
        return histogram_quantile(&all, COMPARE_SHARE);
    return sum.weight > 0 ? sum.sum / sum.weight : NAN;
}

/* Makes room for n cells, all unknown; false when out of memory. */
static bool grow(struct compare_cells *cells, size_t n, bool is_delays)
{
    size_t size = is_delays ? sizeof *cells->delays : sizeof *cells->ratios;
    void *grown = realloc(is_delays ? (void *)cells->delays : (void *)cells->ratios, (n + 1) * size);
    if (grown == NULL)
        return false;
    memset((char *)grown + cells->n * size, 0, (n - cells->n) * size);
    if (is_delays)
        cells->delays = grown;
    else
        cells->ratios = grown;
    cells->n = n;
    return true;
}

static void merge(struct compare_cells *cells, size_t first, const struct cutting *c)
{
    for (size_t i = 0; i < c->n; i++) {
        if (c->is_delays) {
            histogram_merge(&cells->delays[first + i], &c->delays[i]);
        } else {
            cells->ratios[first + i].sum += c->ratios[i].sum;
            cells->ratios[first + i].weight += c->ratios[i].weight;
        }
    }
}

static bool take_test(const struct report_leg *test, enum longhaul_compared quantity, const struct compare_grid *grid,
                      struct compare_cells *cells)
{
    double start_unix_s = longhaul_analysis_figures(test->analysis)->start_unix_s;
    struct cutting c = { .grid = grid,
                         .test = test,
                         .start_unix_s = isnan(start_unix_s) ? 0 : start_unix_s,
                         .is_delays = quantity == LONGHAUL_COMPARED_DELAY };
    size_t first = grid->is_by_day ? 0 : cells->n;
    bool good = (!grid->is_by_day || cutting_grow(&c, (size_t)ceil(DAY_S / grid->cell_s))) && cut(&c, quantity) &&
                !c.has_failed && (first + c.n <= cells->n || grow(cells, first + c.n, c.is_delays));
    if (good) {
        double figure = figure_of(&c);
        merge(cells, first, &c);
        if (!isnan(figure))
            cells->tests[cells->n_tests++] = figure;
    }
    free(c.delays);
    free(c.ratios);
    return good;
}

bool compare_cells_fill(const struct report_leg *const *tests, size_t n, enum longhaul_compared quantity,
                        const struct compare_grid *grid, struct compare_cells *cells)
{
    *cells = (struct compare_cells){ .tests = malloc((n + 1) * sizeof(double)) };
    bool good = cells->tests != NULL;
    for (size_t i = 0; i < n && good; i++)
        good = take_test(tests[i], quantity, grid, cells);
    return good;
}

void compare_cells_free(struct compare_cells *cells)
{
    free(cells->ratios);
    free(cells->delays);
    free(cells->tests);
}
