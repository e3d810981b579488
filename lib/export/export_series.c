/* export_series.c - a test as time series: counters that never fall, and gauges. What was not measured has no
 * sample. */

#include "export/export_series.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/units.h"
#include "read/series.h"

#define EXCLUDED                                                                                                       \
    (LONGHAUL_ARTEFACT_TINY | LONGHAUL_ARTEFACT_ABSURD_COUNT | LONGHAUL_ARTEFACT_UNCONFIRMED |                         \
     LONGHAUL_ARTEFACT_REPEATED)

/* ---- values of intervals */

/* value / per. A decimal of up to six places is divided as one, so that it is rounded once: 1.9 us is 0.0000019 s. */
static double in_units(double value, double per)
{
    static const double places[] = { 1, 10, 1e3, 1e6 };
    for (size_t i = 0; per != 1 && i < sizeof places / sizeof *places; i++) {
        double whole = nearbyint(value * places[i]);
        if (fabs(whole) < MOST_EXACT && whole / places[i] == value)
            return whole / (places[i] * per);
    }
    return value / per;
}

/* What a family's counter grows by in an interval; its value for a gauge. NAN: unknown. */
static double value_at(const struct export_test *test, const struct export_family *family, const double *column,
                       size_t i)
{
    unsigned marks = longhaul_analysis_artefacts(test->analysis)[i];
    if (family->type == EXPORT_COUNTER) {
        if ((marks & LONGHAUL_ARTEFACT_REPEATED) || !(fabs(column[i]) < MOST_EXACT))
            return NAN;
        return family->source == EXPORT_FROM_OBSERVED && (marks & LONGHAUL_ARTEFACT_UNCONFIRMED) ? NAN : column[i];
    }
    bool is_jitter = family->column == LONGHAUL_COLUMN_JITTER_MS;
    if ((marks & EXCLUDED) || (is_jitter && (marks & LONGHAUL_ARTEFACT_ABSURD_JITTER)))
        return NAN;
    return in_units(column[i], family->per);
}

/* A counter is 0 at the test's start, so that one before it is seen to have begun anew. Losses that were taken back
 * later are not counted: the counter is the least of the sums from there on, ends as the whole sum, and never falls. */
static int make_counter(struct export_maker *maker, const double *column)
{
    const struct export_test *test = maker->test;
    const struct export_family *family = maker->series.family;
    double sum = 0;
    export_maker_add(maker, test->start_ms, 0);
    for (size_t i = 0; i < test->n; i++) {
        double grows = value_at(test, family, column, i);
        if (isnan(grows))
            continue;
        sum += grows;
        export_maker_add(maker, test->ms[i], sum);
    }
    size_t n = maker->series.n;
    for (size_t i = n; i-- > 0 && n > 1;)
        maker->values[i] = fmax(0, i + 1 < n ? fmin(maker->values[i], maker->values[i + 1]) : maker->values[i]);
    maker->series.n = n > 1 ? n : 0;
    return export_maker_end(maker);
}

static int make_gauge(struct export_maker *maker, const double *column)
{
    for (size_t i = 0; i < maker->test->n; i++)
        export_maker_add(maker, maker->test->ms[i], value_at(maker->test, maker->series.family, column, i));
    return export_maker_end(maker);
}

static int make_from_column(struct export_maker *maker, const double *column)
{
    if (column == NULL)
        return 0;
    return maker->series.family->type == EXPORT_COUNTER ? make_counter(maker, column) : make_gauge(maker, column);
}

/* ---- others */

/* Where delays are known: 1 for each change of the base. */
static int make_shifts(struct export_maker *maker)
{
    const struct export_test *test = maker->test;
    const double *base = longhaul_series_column(test->series, LONGHAUL_COLUMN_BASE_US),
                 *shift = longhaul_series_column(test->series, LONGHAUL_COLUMN_SHIFT_US);
    double n = 0;
    for (size_t i = 0; base && shift && i < test->n; i++) {
        n += !isnan(shift[i]);
        if (maker->series.n == 0 && !isnan(base[i]))
            export_maker_add(maker, test->start_ms, 0);
        export_maker_add(maker, test->ms[i], isnan(base[i]) && isnan(shift[i]) ? NAN : n);
    }
    return export_maker_end(maker);
}

static int make_longest_silence(struct export_maker *maker)
{
    const double *silence = longhaul_series_column(maker->test->series, LONGHAUL_COLUMN_SILENCE_US);
    double longest = NAN;
    for (size_t i = 0; silence && i < maker->test->n; i++) {
        longest = fmax(longest, in_units(silence[i], 1e6));
        export_maker_add(maker, maker->test->ms[i], longest);
    }
    return export_maker_end(maker);
}

static int make_gaps(struct export_maker *maker)
{
    const struct export_test *test = maker->test;
    size_t n;
    const struct longhaul_gap *gaps = longhaul_analysis_gaps(test->analysis, &n);
    size_t ended = 0; /* they are in the order of time */
    export_maker_add(maker, test->start_ms, 0);
    for (size_t i = 0; i < test->n; i++) {
        while (ended < n && export_time_ms(test, gaps[ended].start_s + gaps[ended].seconds) <= test->ms[i])
            ended++;
        export_maker_add(maker, test->ms[i], (double)ended);
    }
    return export_maker_end(maker);
}

static int make_rtt(struct export_maker *maker)
{
    size_t n;
    const struct longhaul_rtt_sample *samples = longhaul_series_rtt(maker->test->series, &n);
    double lost = 0;
    bool is_lost = maker->series.family->source == EXPORT_FROM_UNANSWERED;
    if (is_lost && n > 0)
        export_maker_add(maker, maker->test->start_ms, 0);
    for (size_t i = 0; i < n; i++) {
        lost += isnan(samples[i].rtt_ms);
        export_maker_add(maker, export_time_ms(maker->test, samples[i].start_s),
                         is_lost ? lost : in_units(samples[i].rtt_ms, 1e3));
    }
    return export_maker_end(maker);
}

/* A value that does not change: at the start, each minute, at the end. */
static int make_constant(struct export_maker *maker, double value)
{
    const struct export_test *test = maker->test;
    for (int64_t ms = test->start_ms; ms < test->last_ms; ms += export_every_ms(test))
        export_maker_add(maker, ms, value);
    export_maker_add(maker, test->last_ms, value);
    return export_maker_end(maker);
}

static int make_info(struct export_maker *maker)
{
    const struct longhaul_info *info = maker->test->info;
    export_maker_label(maker, "sides", export_sides(info));
    export_maker_label(maker, "version", info->longhaul_version);
    export_maker_label(maker, "iperf", info->version);
    export_maker_label(maker, "congestion", info->congestion);
    return make_constant(maker, 1);
}

static double target(const struct longhaul_info *info)
{
    double streams = info->n_streams > 0 ? info->n_streams : 1;
    return info->target_bps > 0 ? info->target_bps * streams / 8 : NAN;
}

/* ---- the whole */

static int make_family(struct export_maker *maker, const struct export_family *family)
{
    const struct longhaul_series *series = maker->test->series;
    export_maker_begin(maker, family->name);
    switch (family->source) {
    case EXPORT_FROM_COLUMN: return make_from_column(maker, longhaul_series_column(series, family->column));
    case EXPORT_FROM_ARRIVED: return make_from_column(maker, series_arrived(series));
    case EXPORT_FROM_OBSERVED: return make_from_column(maker, longhaul_series_column(series, LONGHAUL_COLUMN_SECONDS));
    case EXPORT_FROM_SHIFTS: return make_shifts(maker);
    case EXPORT_FROM_SILENCES: return make_longest_silence(maker);
    case EXPORT_FROM_GAPS: return make_gaps(maker);
    case EXPORT_FROM_RTT:
    case EXPORT_FROM_UNANSWERED: return make_rtt(maker);
    case EXPORT_FROM_PLAN: return make_constant(maker, maker->test->info->planned_s);
    case EXPORT_FROM_TARGET: return make_constant(maker, target(maker->test->info));
    case EXPORT_FROM_INFO: return make_info(maker);
    case EXPORT_FROM_DELAYS: return export_delays(maker);
    case EXPORT_FROM_ELSEWHERE: return 0;
    }
    return 0;
}

int export_series_each(const struct export_test *test, export_series_cb *take, void *payload,
                       struct longhaul_error *err)
{
    struct export_maker maker = { .test = test, .take = take, .payload = payload, .err = err };
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < export_family_count(); i++)
        rc = make_family(&maker, export_family(i));
    if (rc == 0)
        rc = export_events(&maker);
    if (rc == 0)
        rc = export_totals(&maker);
    free(maker.ms);
    free(maker.values);
    return rc;
}
