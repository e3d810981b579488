/* shift.c - level shifts of a daily figure: the days of the week are made equal, outliers are limited, PELT divides
 * what is left into levels, and the difference of each two is estimated by ranks. Knows nothing of networks. */

#include "archive/shift.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/change.h"
#include "base/stats.h"

#define WEEK 7
#define WEEKS_OF_PATTERN 5 /* known days of each weekday, for a pattern of the week */
#define NORMAL_MAD 1.4826  /* of a normal distribution: its deviation over the median of absolute deviations */
#define OWN_MEDIAN 1.2     /* a day is a part of the median that it is compared with: tests/bench/shifts.c */
#define NOISE_OF_LEAST 6.0 /* a change that is told is at least so many deviations of what counts as noise */
#define LIMIT 3.5          /* deviations from the median of 11 days, beyond which a day counts as if it were there */
#define LIMIT_WINDOW 5
#define PENALTY 45 /* of a change, in squares of the deviation: tests/bench/shifts.c */
#define MOST_INFLATION 6.0
#define PASSES 3
#define Z_95 1.959964
#define Z_SURE 6.5     /* of a change that is told */
#define MOST_PAIRS 400 /* days of a level that are compared with those of another */

struct days {
    double *y;    /* known values, without the pattern of the week */
    size_t *day;  /* of each */
    double *z;    /* limited, in deviations */
    double *room; /* for n, twice */
    double *medians;
    size_t n;
    double deviation, inflation;
};

static double median_around(const struct days *d, size_t i, size_t half)
{
    size_t first = i > half ? i - half : 0, last = i + half < d->n ? i + half : d->n - 1;
    memcpy(d->room, d->y + first, (last - first + 1) * sizeof *d->room);
    return stats_median(d->room, last - first + 1);
}

/* ---- the week */

/* The median of what one weekday differs from the weeks around it; 0 if that may be chance. */
static double effect_of(const struct days *d, unsigned first_weekday, unsigned weekday, const double *differences,
                        double deviation)
{
    size_t n = 0;
    double *own = d->room;
    for (size_t i = 0; i < d->n; i++)
        if ((d->day[i] + first_weekday) % WEEK == weekday)
            own[n++] = differences[i];
    double effect = n >= WEEKS_OF_PATTERN ? stats_median(own, n) : 0;
    return fabs(effect) > 3 * 1.2533 * deviation / sqrt((double)n + 1) ? effect : 0; /* 1.2533: of a median */
}

static double deviation_of(const struct days *d, const double *differences)
{
    for (size_t i = 0; i < d->n; i++)
        d->room[i] = fabs(differences[i]);
    return OWN_MEDIAN * NORMAL_MAD * stats_median(d->room, d->n);
}

static void differences_of(const struct days *d, double *out)
{
    for (size_t i = 0; i < d->n; i++)
        out[i] = d->y[i] - median_around(d, i, WEEK / 2);
}

static void remove_week(struct days *d, unsigned first_weekday, double *differences)
{
    double effects[WEEK], deviation;
    differences_of(d, differences);
    deviation = deviation_of(d, differences);
    for (unsigned w = 0; w < WEEK; w++)
        effects[w] = effect_of(d, first_weekday, w, differences, deviation);
    for (size_t i = 0; i < d->n; i++)
        d->y[i] -= effects[(d->day[i] + first_weekday) % WEEK];
}

/* ---- levels */

static void limit_days(struct days *d, double least)
{
    differences_of(d, d->z);
    d->deviation = fmax(deviation_of(d, d->z), least / NOISE_OF_LEAST);
    for (size_t i = 0; i < d->n; i++)
        d->medians[i] = median_around(d, i, LIMIT_WINDOW);
    for (size_t i = 0; i < d->n; i++) {
        double away = LIMIT * d->deviation;
        d->z[i] = fmin(fmax(d->y[i], d->medians[i] - away), d->medians[i] + away) / d->deviation;
    }
}

/* How much more the mean of days that depend on each other varies than that of independent ones: (1 + r) / (1 - r) for
 * the correlation r of successive days within levels (AR(1); Bartlett 1946). */
static double inflation_of(const struct days *d, const size_t *begin, size_t n_begin)
{
    double products = 0, squares = 0;
    for (size_t k = 0; k <= n_begin; k++) {
        size_t first = k == 0 ? 0 : begin[k - 1], end = k == n_begin ? d->n : begin[k];
        double mean = stats_mean(d->z + first, end - first);
        for (size_t i = first; i < end; i++) {
            squares += (d->z[i] - mean) * (d->z[i] - mean);
            if (i > first)
                products += (d->z[i] - mean) * (d->z[i - 1] - mean);
        }
    }
    double r = squares > 0 ? fmax(products / squares, 0) : 0;
    return r < 1 ? fmin((1 + r) / (1 - r), MOST_INFLATION) : MOST_INFLATION;
}

static bool divide(struct days *d, size_t *begin, size_t *n_begin)
{
    d->inflation = 1;
    for (int pass = 0; pass < PASSES; pass++) {
        if (!change_points(d->z, d->n, PENALTY * d->inflation, SHIFT_LEAST_LEVEL, begin, n_begin))
            return false;
        double inflation = inflation_of(d, begin, *n_begin);
        if (inflation <= d->inflation)
            break;
        d->inflation = inflation;
    }
    return true;
}

/* ---- how large a change is */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The median of all differences between a day after and a day before, and the order statistics that enclose it (Hodges
 * and Lehmann 1963; Moses 1965; Lehmann, Nonparametrics, 2.5), widened for days that depend on each other. */
static bool estimate(const struct days *d, size_t first, size_t at, size_t end, double z, struct shift *s)
{
    size_t from = at - first > MOST_PAIRS ? at - MOST_PAIRS : first, to = end - at > MOST_PAIRS ? at + MOST_PAIRS : end;
    double n_before = (double)(at - from), n_after = (double)(to - at), pairs = n_before * n_after;
    double *differences = malloc((size_t)pairs * sizeof *differences);
    size_t n = 0;
    if (differences == NULL)
        return false;
    for (size_t i = from; i < at; i++)
        for (size_t k = at; k < to; k++)
            differences[n++] = d->y[k] - d->y[i];
    qsort(differences, n, sizeof *differences, by_value);
    double out = pairs / 2 - z * sqrt(d->inflation * pairs * (n_before + n_after + 1) / 12);
    s->size = n % 2 ? differences[n / 2] : (differences[n / 2 - 1] + differences[n / 2]) / 2;
    s->low = out >= 1 ? differences[(size_t)out] : -INFINITY;
    s->high = out >= 1 ? differences[n - 1 - (size_t)out] : INFINITY;
    free(differences);
    memcpy(d->room, d->y + first, (at - first) * sizeof *d->room);
    s->before = stats_median(d->room, at - first);
    memcpy(d->room, d->y + at, (end - at) * sizeof *d->room);
    s->after = stats_median(d->room, end - at);
    s->at = d->day[at];
    return true;
}

static bool is_told(const struct shift *s, const struct shift_rules *rules)
{
    return fabs(s->size) >= fmax(rules->least, rules->least_share * fabs(s->before)) && s->low * s->high > 0;
}

/* Where the days are few, their ranks cannot make sure; the distance of levels in deviations can. */
static bool is_sure(const struct days *d, const size_t *begin, size_t n_begin, size_t k,
                    const struct shift_rules *rules, struct shift *s, bool *good)
{
    size_t first = k == 0 ? 0 : begin[k - 1], end = k + 1 == n_begin ? d->n : begin[k + 1];
    double n_before = (double)(begin[k] - first), n_after = (double)(end - begin[k]);
    *good = estimate(d, first, begin[k], end, Z_95, s);
    double error = d->deviation * sqrt(d->inflation * (1 / n_before + 1 / n_after));
    return *good && is_told(s, rules) && fabs(s->size) >= Z_SURE * error;
}

static void drop(size_t *begin, size_t *n_begin, size_t k)
{
    memmove(begin + k, begin + k + 1, (*n_begin - k - 1) * sizeof *begin);
    (*n_begin)--;
}

/* A change that is not told makes its two levels one, which may change what is told about its neighbours. */
static bool choose(const struct days *d, size_t *begin, size_t *n_begin, const struct shift_rules *rules,
                   struct shift *out)
{
    bool good = true;
    for (size_t k = 0; good && k < *n_begin;) {
        bool is = is_sure(d, begin, *n_begin, k, rules, &out[k], &good);
        if (good && !is) {
            drop(begin, n_begin, k);
            k = 0;
        } else {
            k++;
        }
    }
    return good;
}

/* ---- the whole */

static bool days_new(struct days *d, const double *days, size_t n)
{
    d->y = malloc((n + 1) * 5 * sizeof *d->y);
    d->day = malloc((n + 1) * sizeof *d->day);
    if (d->y == NULL || d->day == NULL)
        return false;
    d->z = d->y + n + 1;
    d->medians = d->z + n + 1;
    d->room = d->medians + n + 1;
    for (size_t i = 0; i < n; i++)
        if (isfinite(days[i])) {
            d->y[d->n] = days[i];
            d->day[d->n++] = i;
        }
    return true;
}

bool shifts_find(const double *days, size_t n, const struct shift_rules *rules, struct shift **out, size_t *n_out)
{
    struct days d = { 0 };
    size_t *begin = malloc((n + 1) * sizeof *begin);
    struct shift *list = NULL;
    bool good = days_new(&d, days, n) && begin;
    *out = NULL;
    *n_out = 0;
    if (good && d.n >= SHIFT_LEAST_DAYS) {
        remove_week(&d, rules->weekday, d.medians);
        limit_days(&d, rules->least);
        list = calloc(d.n, sizeof *list);
        good = list && divide(&d, begin, n_out) && choose(&d, begin, n_out, rules, list);
    }
    free(d.y);
    free(d.day);
    free(begin);
    if (good && *n_out > 0) {
        *out = list;
        return true;
    }
    free(list);
    *n_out = 0;
    return good;
}
