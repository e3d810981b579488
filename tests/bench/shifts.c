/* shifts.c - how often a daily figure that keeps its level is told to have changed it, and how well a change is dated:
 * generated years of five figures of a leg. `shifts YEARS SEED` prints false alarms for each kind of noise;
 * `shifts --power SEEDS` prints how many shifts of 0.02 points of loss and of 1 ms of round trip are dated to the day,
 * and in how many their interval has the true size. The figures are made up, from the seed. */

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive/shift.h"
#include "archive/trend_rules.h"

enum { YEAR = 365 };

static uint64_t state;

static double next_unit(void) /* splitmix64 */
{
    uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return ((double)((z ^ z >> 31) >> 11) + 0.5) / 9007199254740992.0;
}

static double next_normal(void)
{
    return sqrt(-2 * log(next_unit())) * cos(2 * 3.14159265358979 * next_unit());
}

/* A kind of noise: correlation of successive days, share of bad days and their height in deviations, the week's swing
 * in deviations, the year's, days that are missing. */
struct noise {
    const char *name;
    double correlation, bad, height, week, year, missing;
};

static const struct noise noises[] = {
    { "independent", 0, 0, 0, 0, 0, 0 },           { "correlated 0.3", 0.3, 0, 0, 0, 0, 0 },
    { "correlated 0.5", 0.5, 0, 0, 0, 0, 0 },      { "5 % bad days", 0.2, 0.05, 30, 0, 0, 0 },
    { "weekends differ", 0.2, 0.02, 20, 2, 0, 0 }, { "a slow year", 0.2, 0.02, 20, 1, 0.5, 0 },
    { "days missing", 0.2, 0.02, 20, 1, 0, 0.2 },
};
enum { N_NOISES = sizeof noises / sizeof *noises };

static void make_year(const struct noise *noise, double level, double deviation, bool is_log, double *days)
{
    double x = next_normal(), phase = 6.28 * next_unit();
    for (int i = 0; i < YEAR; i++) {
        x = noise->correlation * x + sqrt(1 - noise->correlation * noise->correlation) * next_normal();
        double away = x + (i % 7 >= 5 ? noise->week : 0) + noise->year * sin(phase + 6.28 * i / YEAR);
        if (next_unit() < noise->bad)
            away += noise->height * next_unit();
        days[i] = is_log ? level * exp(deviation / level * away) : level + deviation * away;
        if (next_unit() < noise->missing)
            days[i] = NAN;
    }
}

/* Level, deviation: of figures of a healthy leg. */
static const double levels[TREND_N_QUANTITIES][2] = {
    [TREND_LOSS] = { 0.01, 0.003 },   [TREND_TRIP] = { 150, 0.15 },   [TREND_DELAY] = { 1.5, 0.2 },
    [TREND_JITTER] = { 0.05, 0.006 }, [TREND_RATE] = { 9.99, 0.004 },
};

static size_t find(const double *days, int quantity, struct shift *first)
{
    struct shift_rules rules = { trend_rules[quantity].least, trend_rules[quantity].least_share,
                                 (unsigned)(7 * next_unit()) };
    struct shift *list;
    size_t n;
    if (!shifts_find(days, YEAR, &rules, &list, &n))
        exit(1);
    if (n > 0)
        *first = list[0];
    free(list);
    return n;
}

static void alarms(long years)
{
    double days[YEAR];
    struct shift s;
    for (int k = 0; k < N_NOISES; k++) {
        long told = 0, by_quantity[TREND_N_QUANTITIES] = { 0 };
        for (long y = 0; y < years; y++) {
            long n = 0;
            for (int q = 0; q < TREND_N_QUANTITIES; q++) {
                make_year(&noises[k], levels[q][0], levels[q][1], q != TREND_RATE && q != TREND_TRIP, days);
                long now = (long)find(days, q, &s);
                by_quantity[q] += now;
                n += now;
            }
            told += n;
        }
        printf("%-16s %ld false in %ld leg-years: %.2f in 100 (", noises[k].name, told, years,
               100.0 * (double)told / (double)years);
        for (int q = 0; q < TREND_N_QUANTITIES; q++)
            printf("%s%s %ld", q > 0 ? ", " : "", trend_rules[q].key, by_quantity[q]);
        puts(")");
    }
}

static void power(long seeds, int quantity, double size)
{
    double days[YEAR];
    for (int k = 0; k < N_NOISES; k++) {
        long dated = 0, found = 0, enclosed = 0, others = 0;
        for (long i = 0; i < seeds; i++) {
            struct shift s = { 0 };
            size_t at = 20 + (size_t)(next_unit() * (YEAR - 40));
            make_year(&noises[k], levels[quantity][0], levels[quantity][1], quantity != TREND_TRIP, days);
            for (size_t d = at; d < YEAR; d++)
                days[d] += size;
            while (at < YEAR && isnan(days[at])) /* the first day that is known */
                at++;
            size_t n = find(days, quantity, &s);
            found += n > 0;
            others += n > 1;
            dated += n > 0 && s.at == at;
            enclosed += n > 0 && s.low <= size && size <= s.high;
        }
        printf("%s %+g, %-16s %ld of %ld found, %ld dated to the day, %ld with the size in the interval, %ld with "
               "another one\n",
               trend_rules[quantity].key, size, noises[k].name, found, seeds, dated, enclosed, others);
    }
}

int main(int argc, char **argv)
{
    bool is_power = argc > 1 && strcmp(argv[1], "--power") == 0;
    long n = argc > (is_power ? 2 : 1) ? strtol(argv[is_power ? 2 : 1], NULL, 10) : 100;
    state = argc > 2 && !is_power ? strtoull(argv[2], NULL, 10) : 1;
    if (!is_power) {
        alarms(n);
        return 0;
    }
    power(n, TREND_LOSS, 0.02);
    power(n, TREND_TRIP, 1);
    power(n, TREND_TRIP, -1);
    return 0;
}
