/* trend_read.c - reads the days, hours and months of all legs from the index, those of a time. One row at a time: what
 * is kept is bounded by legs and days, not by tests. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive/trend.h"
#include "base/calendar.h"
#include "base/error.h"
#include "base/text_safe.h"
#include "base/units.h"
#include "report/report.h"

#define MOST_DAYS 36600 /* a hundred years: what an index says of other times is not believed */
#define EPOCH_WEEKDAY 3 /* 1970-01-01 was a Thursday; Monday is 0 */

static int out_of_memory(struct longhaul_error *err)
{
    return error_set(err, LONGHAUL_ENOMEM, "trend: out of memory");
}

/* ---- which days */

struct extent {
    double first_s, last_s; /* of the days that the index has */
};

static int take_extent(void *payload, const struct store_row *row, struct longhaul_error *err)
{
    struct extent *e = payload;
    (void)err;
    e->first_s = fmin(e->first_s, row->cell->unix_s);
    e->last_s = fmax(e->last_s, row->cell->unix_s);
    return 0;
}

static double month_of(double unix_s)
{
    struct tm utc;
    if (!calendar_of(unix_s, &utc))
        return NAN;
    return floor(unix_s / DAY_S) * DAY_S - (utc.tm_mday - 1) * DAY_S;
}

static int find_months(struct longhaul_trend *t, struct longhaul_error *err)
{
    t->months = calloc(t->n_days + 1, sizeof *t->months);
    if (t->months == NULL)
        return out_of_memory(err);
    for (size_t i = 0; i < t->n_days; i++) {
        double month = month_of(t->first_unix_s + (double)i * DAY_S);
        if (t->n_months == 0 || month > t->months[t->n_months - 1])
            t->months[t->n_months++] = month;
    }
    return 0;
}

static int find_days(struct longhaul_trend *t, struct store *store, struct longhaul_error *err)
{
    const struct longhaul_trend_options *o = &t->options;
    struct extent e = { INFINITY, -INFINITY };
    double from_s = o->since_unix_s > 0 ? floor(o->since_unix_s / DAY_S) * DAY_S : -INFINITY;
    int rc = store_each_cell(store, true, false, from_s, o->until_unix_s > 0 ? o->until_unix_s : INFINITY, take_extent,
                             &e, err);
    if (rc == 0 && !(e.last_s >= e.first_s))
        rc = error_set(err, LONGHAUL_EFORMAT, "%s: the index has no day of this time", t->index_path);
    if (rc == 0 &&
        (e.last_s - e.first_s > MOST_DAYS * DAY_S || e.first_s < 0 || e.last_s > CALENDAR_END_UNIX_S - DAY_S))
        rc = error_set(err, LONGHAUL_ELIMIT,
                       "%s: its days are spread over more than %d: --since and --until choose some", t->index_path,
                       MOST_DAYS);
    if (rc != 0)
        return rc;
    t->first_unix_s = floor(e.first_s / DAY_S) * DAY_S;
    t->n_days = (size_t)((e.last_s - t->first_unix_s) / DAY_S) + 1;
    return find_months(t, err);
}

/* ---- legs */

static char *name_of(const struct store_leg *leg)
{
    char *name;
    bool is_udp = strcmp(leg->protocol, "UDP") == 0;
    if (asprintf(&name, "%s->%s%s%s", leg->source, leg->destination, is_udp ? "" : " ", is_udp ? "" : leg->protocol) <
        0)
        return NULL;
    return name;
}

static void clear_span(struct trend_span *span, double unix_s)
{
    cell_clear(&span->cell, unix_s);
    span->jitter_p50_ms = span->jitter_p95_ms = span->jitter_p99_ms = NAN;
    span->delay_p50_ms = span->delay_p95_ms = span->delay_p99_ms = NAN;
    span->loss_percent = span->lost = NAN;
    span->raw = STORE_RAW_GONE;
}

static int add_leg(struct longhaul_trend *t, const struct store_leg *from, struct longhaul_error *err)
{
    if (t->n_legs % 64 == 0) {
        struct trend_leg *grown = realloc(t->legs, (t->n_legs + 64) * sizeof *grown);
        if (grown == NULL)
            return out_of_memory(err);
        t->legs = grown;
    }
    struct trend_leg *leg = &t->legs[t->n_legs++];
    *leg = (struct trend_leg){ .id = from->id,
                               .name = name_of(from),
                               .source = strdup(from->source),
                               .destination = strdup(from->destination),
                               .protocol = strdup(from->protocol),
                               .days = calloc(t->n_days, sizeof *leg->days),
                               .months = calloc(t->n_months, sizeof *leg->months),
                               .levels = malloc(t->n_days * TREND_HOURS),
                               .season = calloc(TREND_WEEKDAYS, sizeof *leg->season) };
    if (!leg->name || !leg->source || !leg->destination || !leg->protocol || !leg->days || !leg->months ||
        !leg->levels || !leg->season)
        return out_of_memory(err);
    text_make_safe(leg->name); /* the index may say anything */
    text_make_safe(leg->source);
    text_make_safe(leg->destination);
    text_make_safe(leg->protocol);
    for (size_t i = 0; i < t->n_days; i++)
        clear_span(&leg->days[i], t->first_unix_s + (double)i * DAY_S);
    for (size_t i = 0; i < t->n_months; i++)
        clear_span(&leg->months[i], t->months[i]);
    clear_span(&leg->whole, t->first_unix_s);
    memset(leg->levels, TREND_UNKNOWN, t->n_days * TREND_HOURS);
    return 0;
}

size_t trend_leg_of(const struct longhaul_trend *t, int64_t id)
{
    size_t i = 0;
    while (i < t->n_legs && t->legs[i].id != id)
        i++;
    return i;
}

/* ---- days */

/* A span and its histograms while rows are added to it. */
struct sum {
    struct trend_span *span;
    struct histogram jitter_us, delay_us;
};

struct walk {
    struct longhaul_trend *trend;
    struct trend_leg *leg; /* of the row before; NULL */
    struct sum day, month, whole;
};

static void begin(struct sum *sum, struct trend_span *span)
{
    memset(&sum->jitter_us, 0, sizeof sum->jitter_us);
    memset(&sum->delay_us, 0, sizeof sum->delay_us);
    sum->span = span;
}

static void end(struct sum *sum)
{
    struct trend_span *span = sum->span;
    if (span == NULL)
        return;
    span->jitter_p50_ms = cell_quantile_ms(&sum->jitter_us, 0.5);
    span->jitter_p95_ms = cell_quantile_ms(&sum->jitter_us, 0.95);
    span->jitter_p99_ms = cell_quantile_ms(&sum->jitter_us, 0.99);
    span->delay_p50_ms = cell_quantile_ms(&sum->delay_us, 0.5);
    span->delay_p95_ms = cell_quantile_ms(&sum->delay_us, 0.95);
    span->delay_p99_ms = cell_quantile_ms(&sum->delay_us, 0.99);
    span->n_jitter = (double)sum->jitter_us.n;
    span->n_delay = (double)sum->delay_us.n;
    span->loss_percent = cell_loss_percent(&span->cell);
    span->lost = span->cell.known_packets > 0 ? span->cell.lost : NAN;
    sum->span = NULL;
}

static void add(struct sum *sum, const struct store_row *row)
{
    struct trend_span *span = sum->span;
    if (!span->is_known)
        span->raw = row->raw;
    else if (span->raw != row->raw)
        span->raw = STORE_RAW_PARTLY;
    span->is_known = true;
    cell_merge(&span->cell, row->cell);
    span->most_observed_s = fmax(span->most_observed_s, row->cell->observed_s);
    span->most_planned_s = fmax(span->most_planned_s, row->cell->planned_s);
    span->most_outage_s = fmax(span->most_outage_s, row->cell->outage_s);
    /* A text that says something else adds nothing. */
    histogram_read(&sum->jitter_us, row->cell->jitter, strlen(row->cell->jitter));
    histogram_read(&sum->delay_us, row->cell->delay, strlen(row->cell->delay));
}

static void end_all(struct walk *w)
{
    end(&w->day);
    end(&w->month);
    end(&w->whole);
}

/* Rows come by leg, then by time. */
static int take_leg(struct walk *w, const struct store_leg *leg, struct longhaul_error *err)
{
    if (w->leg && w->leg->id == leg->id)
        return 0;
    end_all(w);
    int rc = add_leg(w->trend, leg, err);
    w->leg = &w->trend->legs[w->trend->n_legs - 1];
    if (rc == 0)
        begin(&w->whole, &w->leg->whole);
    return rc;
}

static bool day_index(const struct longhaul_trend *t, double unix_s, size_t *day)
{
    double at = floor((unix_s - t->first_unix_s) / DAY_S);
    if (!(at >= 0 && at < (double)t->n_days))
        return false;
    *day = (size_t)at;
    return true;
}

size_t trend_month_of(const struct longhaul_trend *t, double unix_s)
{
    size_t i = t->n_months;
    while (i > 0 && t->months[i - 1] > unix_s)
        i--;
    return i > 0 ? i - 1 : 0;
}

struct trend_times trend_month_times(const struct longhaul_trend *t, size_t month)
{
    double end_s = t->first_unix_s + (double)t->n_days * DAY_S;
    return (struct trend_times){ fmax(t->months[month], t->first_unix_s),
                                 month + 1 < t->n_months ? t->months[month + 1] : end_s };
}

static int take_day(void *payload, const struct store_row *row, struct longhaul_error *err)
{
    struct walk *w = payload;
    size_t day, month;
    int rc = take_leg(w, &row->leg, err);
    if (rc != 0 || !day_index(w->trend, row->cell->unix_s, &day))
        return rc;
    month = trend_month_of(w->trend, row->cell->unix_s);
    if (w->day.span != &w->leg->days[day]) {
        end(&w->day);
        begin(&w->day, &w->leg->days[day]);
    }
    if (w->month.span != &w->leg->months[month]) {
        end(&w->month);
        begin(&w->month, &w->leg->months[month]);
    }
    add(&w->day, row);
    add(&w->month, row);
    add(&w->whole, row);
    return 0;
}

/* ---- hours */

struct hour_walk {
    struct longhaul_trend *trend;
    size_t leg;
    struct archive_cell cell; /* of the hour that is open: several tests may have it */
};

unsigned trend_weekday(double unix_s)
{
    return (unsigned)fmod(floor(unix_s / DAY_S) + EPOCH_WEEKDAY, TREND_WEEKDAYS);
}

static void end_hour(struct hour_walk *w)
{
    size_t day;
    const struct archive_cell *c = &w->cell;
    if (w->leg >= w->trend->n_legs || !day_index(w->trend, c->unix_s, &day))
        return;
    struct trend_leg *leg = &w->trend->legs[w->leg];
    size_t hour = (size_t)fmod(floor(c->unix_s / HOUR_S), TREND_HOURS);
    int level = report_bin_level(cell_loss_percent(c), c->outage_s, c->observed_s);
    struct trend_season *season = &leg->season[trend_weekday(c->unix_s)][hour];
    leg->levels[day * TREND_HOURS + hour] = level < 0 ? TREND_UNKNOWN : (unsigned char)level;
    if (c->known_packets > 0) {
        season->lost += c->lost;
        season->known_packets += c->known_packets;
    }
}

static int take_hour(void *payload, const struct store_row *row, struct longhaul_error *err)
{
    struct hour_walk *w = payload;
    (void)err;
    bool is_leg = w->leg < w->trend->n_legs && w->trend->legs[w->leg].id == row->leg.id;
    if (!is_leg || row->cell->unix_s > w->cell.unix_s) {
        end_hour(w);
        if (!is_leg) /* in the order of the legs */
            w->leg = w->leg + 1 < w->trend->n_legs && w->trend->legs[w->leg + 1].id == row->leg.id
                         ? w->leg + 1
                         : trend_leg_of(w->trend, row->leg.id);
        cell_clear(&w->cell, row->cell->unix_s);
    }
    cell_merge(&w->cell, row->cell);
    return 0;
}

/* ---- losses that only the ends of tests know */

static void add_test(struct trend_span *span, const struct store_test *test)
{
    if (!isnan(span->loss_percent) && !span->is_loss_of_test)
        return;
    double total = span->is_loss_of_test ? 100 * span->lost / span->loss_percent : 0;
    span->lost = (span->is_loss_of_test ? span->lost : 0) + test->lost;
    span->loss_percent = 100 * span->lost / ((isfinite(total) ? total : 0) + test->total);
    span->is_loss_of_test = true;
}

static int take_test(void *payload, const struct store_test *test, struct longhaul_error *err)
{
    struct longhaul_trend *t = payload;
    double middle_s = (test->start_unix_s + test->end_unix_s) / 2;
    size_t leg = trend_leg_of(t, test->leg.id), day;
    (void)err;
    if (leg == t->n_legs || isnan(test->lost) || !(test->total > 0) || !day_index(t, middle_s, &day))
        return 0;
    add_test(&t->legs[leg].days[day], test);
    add_test(&t->legs[leg].months[trend_month_of(t, middle_s)], test);
    add_test(&t->legs[leg].whole, test);
    return 0;
}

int trend_load(struct longhaul_trend *t, struct store *store, struct longhaul_error *err)
{
    struct walk *w = calloc(1, sizeof *w);
    int rc = w ? find_days(t, store, err) : out_of_memory(err);
    double from_s = t->first_unix_s, to_s = from_s + (double)t->n_days * DAY_S;
    if (rc == 0) {
        w->trend = t;
        rc = store_each_cell(store, true, true, from_s, to_s, take_day, w, err);
        end_all(w);
    }
    free(w);
    struct hour_walk hours = { .trend = t, .leg = SIZE_MAX - 1 };
    if (rc == 0)
        rc = store_each_cell(store, false, false, from_s, to_s, take_hour, &hours, err);
    if (rc == 0)
        end_hour(&hours);
    return rc == 0 ? store_each_test(store, from_s, to_s, take_test, t, err) : rc;
}
