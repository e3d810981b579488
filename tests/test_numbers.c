/* test_numbers.c - order, duplicates and losses in a row from the numbers of datagrams, against a plain count of the
 * same numbers. */

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "check.h"
#include "engine/numbers.h"

#define SPACING_NS NS_PER_MS

static struct numbers s;
static int64_t now_ns;

static enum number_kind arrive(uint64_t number)
{
    now_ns += SPACING_NS;
    return numbers_add(&s, number, now_ns, false);
}

static void begin(void)
{
    memset(&s, 0, sizeof s);
    now_ns = NS_PER_S;
}

static bool has_run(uint32_t i, uint32_t distance, uint32_t length)
{
    return i < s.runs.n_listed && s.runs.listed[i].distance == distance && s.runs.listed[i].length == length;
}

/* Runs of 1, 2, 7 and 40 lost ones, after 100 that arrived. */
static void check_runs(void)
{
    static const uint32_t lengths[] = { 1, 2, 7, 40 };
    uint64_t number = 0;
    begin();
    for (size_t i = 0; i < 4; i++) {
        for (size_t k = 0; k < 100; k++)
            arrive(++number);
        number += lengths[i];
    }
    for (size_t k = 0; k < 300; k++)
        arrive(++number);
    CHECK(s.runs.n == 4 && s.runs.longest == 40 && s.runs.n_listed == 4, "%g runs, longest %g", s.runs.n,
          s.runs.longest);
    CHECK(has_run(0, 0, 1) && has_run(1, 101, 2) && has_run(2, 101, 7) && has_run(3, 101, 40),
          "their distances and lengths");
    number += 3;
    for (size_t k = 0; k < 50; k++)
        arrive(++number);
    CHECK(s.runs.n == 4, "a run is told when it can no longer be a reordering");
    numbers_settle(&s);
    CHECK(s.runs.n == 5 && has_run(4, 301, 3), "at the end, all");
}

/* Three datagrams that the third overtakes: no run, extents and times as in RFC 4737. */
static void check_reordering(void)
{
    begin();
    for (uint64_t i = 1; i <= 10; i++)
        arrive(i);
    CHECK(arrive(13) == NUMBER_NEW && arrive(11) == NUMBER_LATE && arrive(12) == NUMBER_LATE, "two are late");
    CHECK(s.extent == 2 && s.late_us == 2000, "extent %g, late by %g us", s.extent, s.late_us);
    CHECK(arrive(12) == NUMBER_TWICE && arrive(13) == NUMBER_TWICE && arrive(3) == NUMBER_TWICE, "three come twice");
    for (uint64_t i = 14; i <= 400; i++)
        arrive(i);
    CHECK(s.runs.n == 0, "what was reordered is not lost");
    for (uint64_t i = 401; i <= 700; i++)
        if (i != 450)
            arrive(i);
    CHECK(arrive(450) == NUMBER_LATE && s.runs.n == 1, "what comes 250 ms later was lost");
}

/* Two processors stamp a datagram and the one that overtook it: the latter's time is later. */
static void check_stamps(void)
{
    begin();
    for (uint64_t i = 1; i <= 10; i++)
        arrive(i);
    arrive(12);
    enum number_kind kind = numbers_add(&s, 11, now_ns - 3000, false);
    CHECK(kind == NUMBER_LATE && s.extent == 1 && s.late_us == 0, "late by less than nothing: %g us", s.late_us);
}

static double cpu_s(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

/* A peer that always sends late datagrams cannot make this host busy: each looks at a bounded number of others. */
static void check_cost(void)
{
    begin();
    double before_s = cpu_s();
    for (uint64_t i = 1; i <= 10000000; i++)
        numbers_add(&s, i, now_ns += 1000, false);
    double new_s = cpu_s() - before_s;
    uint64_t first = s.newest + NUMBERS_WINDOW - 1;
    numbers_add(&s, first, now_ns, false);
    before_s = cpu_s();
    for (uint64_t i = 1; i <= 20000; i++)
        numbers_add(&s, first - i, now_ns += 1000, false);
    double late_s = cpu_s() - before_s;
    CHECK(late_s < new_s, "20,000 late ones: %.3f s; ten million new ones: %.3f s", late_s, new_s);
}

/* Across the window, and far beyond it. */
static void check_window(void)
{
    begin();
    for (uint64_t i = 1; i <= 3 * NUMBERS_WINDOW; i++)
        if (i % 1000 != 0)
            numbers_add(&s, i, now_ns += 1000, false); /* a million in a second: more than the window in 0.1 s */
    numbers_settle(&s);
    CHECK(s.runs.n == 3 * NUMBERS_WINDOW / 1000 && s.runs.longest == 1, "%g runs of one", s.runs.n);
    s.runs = (struct number_runs){ 0 };
    uint64_t number = s.newest + 10 * NUMBERS_WINDOW + 1;
    for (uint64_t i = 0; i < 500; i++)
        arrive(number + i);
    CHECK(s.runs.n == 1 && s.runs.longest == 10 * NUMBERS_WINDOW, "an outage of ten windows: %g", s.runs.longest);
    CHECK(arrive(5) == NUMBER_LATE && arrive(5) == NUMBER_LATE, "too old to tell: late");
    begin();
    arrive(UINT64_MAX - 1);
    arrive(UINT64_MAX);
    numbers_settle(&s);
    CHECK(s.runs.n == 1 && s.runs.listed[0].length == UINT32_MAX, "the greatest numbers");
    CHECK(numbers_missing(&s, UINT64_MAX) == 0 && numbers_missing(&s, UINT64_MAX - 1) == 0 &&
              numbers_missing(&s, UINT64_MAX - 10) == 8,
          "after the greatest number, none is missing");
    CHECK(arrive(1) == NUMBER_LATE && arrive(UINT64_MAX) == NUMBER_TWICE, "nor is a number that wraps a new one");
}

/* Random losses, late datagrams and duplicates; the runs are counted again from what arrived in the end. */
static void check_random(void)
{
    static bool has_come[20001];
    double n_runs = 0, n_twice = 0, n_late = 0, told = 0;
    srand(7);
    begin();
    for (uint64_t i = 1; i <= 20000; i++) {
        bool is_lost = i < 19800 && i > 1 && rand() % 10 < (has_come[i - 1] ? 1 : 6);
        uint64_t again = i - (uint64_t)(rand() % 9) * (i > 9);
        if (is_lost)
            continue;
        arrive(i);
        has_come[i] = true;
        n_late += arrive(again) == NUMBER_LATE;
        n_twice += has_come[again];
        has_come[again] = true;
        told += s.runs.n;
        s.runs = (struct number_runs){ 0 };
    }
    for (uint64_t i = 2; i <= 20000; i++)
        n_runs += !has_come[i] && has_come[i - 1];
    numbers_settle(&s);
    CHECK(told + s.runs.n == n_runs && n_runs > 500, "%g runs of %g, with %g late and %g twice", told + s.runs.n,
          n_runs, n_late, n_twice);
    CHECK(numbers_missing(&s, s.newest - 100) == 0, "nothing is missing at the end");
}

int main(void)
{
    check_runs();
    check_reordering();
    check_stamps();
    check_cost();
    check_window();
    check_random();
    return CHECK_DONE();
}
