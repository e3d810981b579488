/* test_cells.c - divides a test into hours and days of UTC. An interval counts where it begins, as in reports; a
 * histogram of delays, of 10 s or a minute, too. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/analysis.h"
#include "archive/test.h"
#include "base/calendar.h"
#include "base/error.h"
#include "base/stats.h"
#include "base/units.h"
#include "read/series.h"

/* ---- the list of hours */

/* The first cell that does not begin before unix_s. */
static size_t place_of(const struct test_cells *list, double unix_s)
{
    size_t low = 0, high = list->n;
    if (high > 0 && list->cells[high - 1].unix_s < unix_s) /* mostly */
        return high;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (list->cells[middle].unix_s < unix_s)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool grow(struct test_cells *list)
{
    size_t capacity = list->capacity ? 2 * list->capacity : 26;
    if (list->n == TEST_MOST_HOURS)
        return false;
    if (list->n < list->capacity)
        return true;
    struct archive_cell *cells = realloc(list->cells, capacity * sizeof *cells);
    if (cells)
        list->cells = cells;
    struct test_histograms *histograms = cells ? realloc(list->histograms, capacity * sizeof *histograms) : NULL;
    list->has_failed = list->has_failed || histograms == NULL;
    if (histograms == NULL)
        return false;
    list->histograms = histograms;
    list->capacity = capacity;
    return true;
}

/* The index of the cell that begins at unix_s, or where it would be. */
static bool has_cell(const struct test_cells *list, double unix_s, size_t *at)
{
    *at = place_of(list, unix_s);
    return *at < list->n && list->cells[*at].unix_s == unix_s;
}

/* The cell that begins at unix_s, which is made if it is not there; false when out of memory, or if there are too
 * many. */
static bool cell_at(struct test_cells *list, double unix_s, size_t *at)
{
    if (has_cell(list, unix_s, at))
        return true;
    if (!grow(list))
        return false;
    size_t rest = list->n++ - *at;
    memmove(&list->cells[*at + 1], &list->cells[*at], rest * sizeof *list->cells);
    memmove(&list->histograms[*at + 1], &list->histograms[*at], rest * sizeof *list->histograms);
    cell_clear(&list->cells[*at], unix_s);
    memset(&list->histograms[*at], 0, sizeof *list->histograms);
    return true;
}

void test_cells_free(struct test_cells *list)
{
    for (size_t i = 0; i < list->n; i++) {
        free(list->cells[i].jitter);
        free(list->cells[i].delay);
    }
    free(list->cells);
    free(list->histograms);
    *list = (struct test_cells){ 0 };
}

/* NULL without values. False when out of memory. */
static bool text_of(const struct histogram *h, char **text)
{
    static const size_t most = 16 * HISTOGRAM_BINS;
    if (h->n == 0)
        return true;
    *text = malloc(most);
    size_t n = *text ? histogram_text(h, *text, most) : 0;
    char *shorter = *text ? realloc(*text, n + 1) : NULL;
    if (shorter)
        *text = shorter;
    return *text != NULL;
}

static bool make_texts(struct test_cells *list)
{
    bool good = true;
    for (size_t i = 0; good && i < list->n; i++)
        good = text_of(&list->histograms[i].jitter_us, &list->cells[i].jitter) &&
               text_of(&list->histograms[i].delay_us, &list->cells[i].delay);
    free(list->histograms);
    list->histograms = NULL;
    return good;
}

static double floor_to(double unix_s, double length_s)
{
    return floor(unix_s / length_s) * length_s;
}

/* The hour of a time of the test; *at is the hour that was used last. False also for a time that no calendar has. */
static bool hour_of(struct test_cells *hours, double unix_s, size_t *at)
{
    if (*at < hours->n && unix_s >= hours->cells[*at].unix_s && unix_s < hours->cells[*at].unix_s + HOUR_S)
        return true;
    return unix_s >= 0 && unix_s < CALENDAR_END_UNIX_S && cell_at(hours, floor_to(unix_s, HOUR_S), at);
}

/* ---- one interval */

struct walk {
    const struct view *v;
    size_t gap, rate_gap; /* the first gaps that may reach the interval */
    double shifts_ms;     /* by how much routes have changed the least transit so far */
    double limit_percent; /* of availability */
};

static void add_known(double *sum, double value)
{
    if (!isnan(value))
        *sum = isnan(*sum) ? value : *sum + value;
}

static void add_most(double *most, double *at, double value, double unix_s)
{
    if (isnan(value) || value <= *most)
        return;
    *most = value;
    *at = unix_s;
}

static void add_packets(struct archive_cell *c, const struct walk *w, size_t i, double unix_s)
{
    const struct view *v = w->v;
    bool is_dead = view_is_dead(v, i);
    add_known(&c->packets, v->packets[i]);
    add_known(&c->lost, v->lost[i]);
    if (!isnan(v->lost[i]))
        add_known(&c->known_packets, v->packets[i]);
    if (view_is_usable(v, i))
        add_most(&c->worst_lost, &c->worst_lost_at, v->lost[i], unix_s);
    double percent = v->packets[i] > 0 ? 100 * v->lost[i] / v->packets[i] : NAN;
    if (!view_has_loss(v, i) || (isnan(percent) && !is_dead))
        return;
    c->available_known_s += v->seconds[i];
    if (!is_dead && percent < w->limit_percent)
        c->available_s += v->seconds[i];
}

static void add_rate(struct archive_cell *c, struct walk *w, size_t i, double unix_s)
{
    const struct view *v = w->v;
    double arrived = analysis_arrived(v, i);
    bool is_delivered = !isnan(arrived);
    if (!analysis_is_observed(v, i, &w->rate_gap) || !(v->seconds[i] > 0) || (!is_delivered && isnan(v->bps[i])))
        return;
    double bits = is_delivered ? 8 * arrived : v->bps[i] * v->seconds[i], mbps = bits / v->seconds[i] / BPS_PER_MBPS;
    c->rate_bits += bits;
    c->rate_s += v->seconds[i];
    c->is_delivered = isnan(c->is_delivered) ? is_delivered : fmin(c->is_delivered, is_delivered);
    add_most(&c->max_mbps, &c->max_mbps_at, mbps, unix_s);
    if (!(mbps >= c->min_mbps)) {
        c->min_mbps = mbps;
        c->min_mbps_at = unix_s;
    }
}

static void add_delays(struct test_cells *hours, size_t hour, struct walk *w, size_t i, double unix_s)
{
    struct archive_cell *c = &hours->cells[hour];
    const struct view *v = w->v;
    if (view_has_jitter(v, i)) {
        histogram_add(&hours->histograms[hour].jitter_us, v->jitter_ms[i] * US_PER_MS);
        add_most(&c->jitter_max_ms, &c->jitter_max_at, v->jitter_ms[i], unix_s);
    }
    if (view_is_usable(v, i) && !isnan(v->delay.shift[i]))
        w->shifts_ms += v->delay.shift[i] / US_PER_MS;
    if (!view_has_delay(v, i))
        return;
    add_most(&c->delay_max_ms, &c->delay_max_at, v->delay.max[i] / US_PER_MS, unix_s);
    c->base_ms = c->base_n > 0 ? c->base_ms + (w->shifts_ms - c->base_ms) / (c->base_n + 1) : w->shifts_ms;
    c->base_n++;
    add_known(&c->loss_runs, v->delay.loss_runs[i]);
    c->longest_run = fmax(c->longest_run, v->delay.longest_run[i]); /* fmax ignores NAN */
    add_known(&c->n_silences, v->delay.silences[i]);
    c->longest_silence_ms = fmax(c->longest_silence_ms, v->delay.silence[i] / US_PER_MS);
}

static void add_interval(struct test_cells *hours, size_t hour, struct walk *w, size_t i)
{
    struct archive_cell *c = &hours->cells[hour];
    const struct view *v = w->v;
    double end_s = v->start_s[i] + v->seconds[i], unix_s = v->start_unix_s + v->start_s[i];
    if (v->artefacts[i] & LONGHAUL_ARTEFACT_REPEATED)
        return;
    double in_gaps_s = gaps_time_in(v->gaps, v->n_gaps, v->start_s[i], end_s, &w->gap);
    c->n_intervals++;
    c->observed_s += v->seconds[i] - fmin(in_gaps_s, v->seconds[i]);
    add_packets(c, w, i, unix_s);
    add_rate(c, w, i, unix_s);
    add_delays(hours, hour, w, i, unix_s);
}

/* ---- what is known for a longer time */

/* Adds the part of a time in each hour to a member of it. False if there are too many hours. */
static bool add_time(struct test_cells *hours, double from_s, double to_s, size_t member)
{
    for (double at = floor_to(from_s, HOUR_S); at < to_s; at += HOUR_S) {
        size_t hour;
        if (!cell_at(hours, at, &hour))
            return false;
        *(double *)(void *)((char *)&hours->cells[hour] + member) += fmin(to_s, at + HOUR_S) - fmax(from_s, at);
    }
    return true;
}

/* Outages that overlap count once; the events are sorted by start. */
static bool add_outages(struct archive_test *test)
{
    size_t n;
    const struct longhaul_event *events = longhaul_analysis_events(test->analysis, &n);
    double until_s = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        double from_s = fmax(events[i].start_unix_s, until_s), to_s = events[i].start_unix_s + events[i].seconds;
        if (events[i].kind != LONGHAUL_EVENT_OUTAGE || !(to_s > from_s))
            continue;
        if (!add_time(&test->hours, from_s, to_s, offsetof(struct archive_cell, outage_s)))
            return false;
        until_s = to_s;
    }
    return true;
}

/* A run in progress was planned until its data's end so far. */
static bool add_plan(struct archive_test *test, const struct longhaul_info *info)
{
    double end_s = test->start_unix_s + (isnan(info->stopped_s) ? info->planned_s : info->stopped_s);
    if (test->is_in_progress)
        end_s = fmin(end_s, test->end_unix_s);
    if (!(end_s > test->start_unix_s))
        return true;
    end_s = fmin(end_s, test->start_unix_s + TEST_MOST_HOURS * HOUR_S - DAY_S);
    return add_time(&test->hours, test->start_unix_s, end_s, offsetof(struct archive_cell, planned_s));
}

static void add_histograms(struct archive_test *test, const struct longhaul_series *series)
{
    size_t hour = 0;
    double from_s, until_s;
    for (size_t i = 0; series_delay_histogram(series, i, &from_s, &until_s, NULL); i++)
        if (hour_of(&test->hours, test->start_unix_s + fmax(from_s, 0), &hour))
            series_delay_histogram(series, i, &from_s, &until_s, &test->hours.histograms[hour].delay_us);
}

/* The round trips of one cell, from sample *at on: medians are of the samples themselves. */
static void add_trips_of(struct archive_cell *c, const struct longhaul_rtt_sample *samples, size_t n, size_t *at,
                         double until_s, double *room)
{
    size_t known = 0;
    c->rtt_unanswered = 0;
    do {
        if (isnan(samples[*at].rtt_ms))
            c->rtt_unanswered++;
        else
            room[known++] = samples[*at].rtt_ms;
    } while (++*at < n && samples[*at].start_s < until_s);
    c->rtt_n = (double)known;
    c->rtt_min_ms = stats_min(room, known);
    c->rtt_p50_ms = stats_median(room, known);
}

/* For the hours, or for the days. Samples outside of all cells are of no test. */
static bool add_trips(struct archive_test *test, const struct longhaul_series *series, struct test_cells *cells,
                      double length_s)
{
    size_t n, at = 0, cell;
    const struct longhaul_rtt_sample *samples = longhaul_series_rtt(series, &n);
    double *room = malloc((n + 1) * sizeof *room);
    while (room && at < n) {
        double start_s = floor_to(test->start_unix_s + samples[at].start_s, length_s);
        if (has_cell(cells, start_s, &cell))
            add_trips_of(&cells->cells[cell], samples, n, &at, start_s + length_s - test->start_unix_s, room);
        else
            at++;
    }
    free(room);
    return room != NULL;
}

/* ---- the whole */

static bool make_days(struct archive_test *test)
{
    for (size_t i = 0; i < test->hours.n; i++) {
        size_t day;
        if (!cell_at(&test->days, floor_to(test->hours.cells[i].unix_s, DAY_S), &day))
            return false;
        cell_merge(&test->days.cells[day], &test->hours.cells[i]);
        histogram_merge(&test->days.histograms[day].jitter_us, &test->hours.histograms[i].jitter_us);
        histogram_merge(&test->days.histograms[day].delay_us, &test->hours.histograms[i].delay_us);
    }
    return true;
}

static bool add_intervals(struct archive_test *test, const struct view *v)
{
    struct walk w = { .v = v, .limit_percent = longhaul_analysis_figures(test->analysis)->loss_limit_percent };
    size_t hour = 0;
    test->end_unix_s = test->start_unix_s;
    for (size_t i = 0; i < v->n; i++) {
        double unix_s = v->start_unix_s + v->start_s[i];
        if (!hour_of(&test->hours, unix_s, &hour))
            return false;
        add_interval(&test->hours, hour, &w, i);
        test->end_unix_s = fmax(test->end_unix_s, unix_s + v->seconds[i]);
    }
    return true;
}

int test_fill_cells(struct archive_test *test, const struct longhaul_series *series, struct longhaul_error *err)
{
    const struct longhaul_info *info = longhaul_series_info(series);
    struct view view;
    struct view_room room;
    bool good = analysis_view_again(test->analysis, series, &view, &room);
    bool is_placed = good && add_intervals(test, &view) && add_plan(test, info) && add_outages(test);
    analysis_view_free(&view, &room);
    if (good && !is_placed && !test->hours.has_failed)
        return error_set(err, LONGHAUL_ELIMIT,
                         "%s: its intervals are in more than %d hours, or in a time that no "
                         "calendar has",
                         info->path, TEST_MOST_HOURS);
    if (is_placed)
        add_histograms(test, series);
    good = is_placed && !test->hours.has_failed && add_trips(test, series, &test->hours, HOUR_S) && make_days(test) &&
           add_trips(test, series, &test->days, DAY_S) && make_texts(&test->hours) && make_texts(&test->days);
    return good ? 0 : error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", info->path);
}
