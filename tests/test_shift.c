/* test_shift.c - changed levels of daily figures: found, dated and sized where they are, and nowhere else. */

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "archive/shift.h"
#include "check.h"

enum { YEAR = 365 };

static uint64_t state = 1;

static double next_unit(void) /* splitmix64 */
{
    uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return ((double)((z ^ z >> 31) >> 11) + 0.5) / 9007199254740992.0;
}

static double next_normal(void)
{
    return sqrt(-2 * log(next_unit())) * cos(6.283185307179586 * next_unit());
}

static const struct shift_rules rules = { 0.004, 0, 0 };

static size_t find(const double *days, size_t n, struct shift *out, size_t most)
{
    struct shift *list;
    size_t n_found = 0;
    if (!shifts_find(days, n, &rules, &list, &n_found))
        return SIZE_MAX;
    for (size_t i = 0; i < n_found && i < most; i++)
        out[i] = list[i];
    free(list);
    return n_found;
}

static void make_noise(double *days, size_t n, double week)
{
    for (size_t i = 0; i < n; i++)
        days[i] = 0.01 + 0.003 * next_normal() + (i % 7 >= 5 ? week : 0);
}

static void test_quiet(void)
{
    double days[YEAR];
    struct shift s;
    size_t told = 0;
    for (int k = 0; k < 40; k++) {
        make_noise(days, YEAR, k % 2 ? 0.01 : 0);
        for (int bad = 0; bad < 8; bad++)
            days[(size_t)(next_unit() * YEAR)] += 0.1;
        told += find(days, YEAR, &s, 1);
    }
    CHECK(told == 0, "40 years without a change, with bad days, half of them with weekends that differ: %zu are told",
          told);
}

static void test_change(void)
{
    double days[YEAR];
    size_t dated = 0, sized = 0;
    for (size_t k = 0; k < 20; k++) {
        struct shift s = { 0 };
        size_t at = 30 + 15 * k;
        make_noise(days, YEAR, 0.005);
        for (size_t i = at; i < YEAR; i++)
            days[i] += 0.02;
        size_t n = find(days, YEAR, &s, 1);
        dated += n == 1 && s.at == at;
        sized += n == 1 && s.low <= 0.02 && 0.02 <= s.high && fabs(s.size - 0.02) < 0.002;
    }
    CHECK(dated >= 18, "a change of 0.02: dated to the day in %zu of 20", dated);
    CHECK(sized >= 17, "its interval has it in %zu of 20", sized);
}

static void test_there_and_back(void)
{
    double days[YEAR];
    struct shift s[3] = { { 0 } };
    make_noise(days, YEAR, 0);
    for (size_t i = 100; i < 130; i++)
        days[i] += 0.03;
    size_t n = find(days, YEAR, s, 3);
    CHECK(n == 2 && s[0].at == 100 && s[1].at == 130, "a month of more loss: two changes");
    CHECK(n == 2 && s[0].size > 0 && s[1].size < 0 && s[0].before < 0.015 && s[0].after > 0.035,
          "up and down, with both levels");
}

static void test_unknown(void)
{
    double days[YEAR];
    struct shift s = { 0 };
    make_noise(days, YEAR, 0);
    for (size_t i = 0; i < YEAR; i++)
        days[i] = i % 3 == 1 ? NAN : days[i] + (i >= 201 ? 0.02 : 0);
    CHECK(find(days, YEAR, &s, 1) == 1 && s.at == 201, "days that are not known: the first known one of the new level");
    for (size_t i = 0; i < YEAR; i++)
        days[i] = NAN;
    CHECK(find(days, YEAR, &s, 1) == 0, "nothing is known: nothing is told");
    CHECK(find(days, 0, &s, 1) == 0, "no days");
    for (size_t i = 0; i < YEAR; i++)
        days[i] = i < 100 ? 0 : INFINITY;
    CHECK(find(days, YEAR, &s, 1) == 0, "what is infinite is not known");
}

static void test_few(void)
{
    double days[20];
    struct shift s = { 0 };
    for (size_t i = 0; i < 20; i++)
        days[i] = i < 14 ? 0 : 0.5;
    CHECK(find(days, 20, &s, 1) == 1 && s.at == 14, "six days after fourteen of nothing lost");
    CHECK(find(days, 13, &s, 1) == 0, "13 days are too few");
    for (size_t i = 0; i < 20; i++)
        days[i] = i < 10 ? 0 : 0.003;
    CHECK(find(days, 20, &s, 1) == 0, "a change that is too small to be told");
    for (size_t i = 0; i < 20; i++)
        days[i] = i == 17 ? 40 : 0;
    CHECK(find(days, 20, &s, 1) == 0, "one bad day is not a level");
}

int main(void)
{
    test_quiet();
    test_change();
    test_there_and_back();
    test_unknown();
    test_few();
    return CHECK_DONE();
}
