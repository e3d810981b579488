/* test_equal_days.c - how often delays of days of the same kind differ by chance, with queues that follow the time of
 * day and their own past, and how often a day that is worse is found. */

#include <math.h>
#include <string.h>

#include "chance.h"
#include "check.h"
#include "two_days.h"

static double gauss(void)
{
    return sqrt(-2 * log(uniform())) * cos(2 * PI * uniform());
}

/* 1,000 datagrams a second in queues that follow the time of day, with an autoregressive level, whose memory is that
 * from cell to cell (0.7: half an hour); exponential within a cell. In us; sigma is of the logarithm of the level; each
 * delay is share_more longer. */
static void make_day_of(struct histogram *day, double sigma, double memory, double share_more)
{
    double level = gauss();
    memset(day, 0, DAY * sizeof *day);
    for (size_t i = 0; i < DAY; i++) {
        double hour = 24.0 * (double)i / DAY, mean_us = 500 + 2500 * exp(-pow((hour - 20) / 3, 2) / 2), above = 1;
        level = memory * level + sqrt(1 - memory * memory) * gauss();
        mean_us *= exp(sigma * level) * (1 + share_more);
        for (size_t bin = 0; bin < HISTOGRAM_BINS && above > 1e-7; bin++) {
            double more = exp(-histogram_edge_us(bin + 1) / mean_us);
            put(&day[i], bin, (uint64_t)(600e3 * (above - more) + uniform()));
            above = more;
        }
    }
}

static void make_day(struct histogram *day, double sigma, double share_more)
{
    make_day_of(day, sigma, 0.7, share_more);
}

#define MARGIN_US 1000   /* as the command's default */
#define ERROR (0.01 / 4) /* a leg with rate, loss, jitter and delay */

static bool is_worse(const struct two_samples *r)
{
    return r->low > 0 && r->effect >= MARGIN_US;
}

static void test_equal_days(void)
{
    int n_worse = 0, n_better = 0, n_odd = 0, n_beyond = 0;
    for (int k = 0; k < 1000; k++) {
        make_day(days[0], 0.1, 0);
        make_day(days[1], 0.1, 0);
        struct two_samples r = quantile(days[0], DAY, days[1], DAY, true, 0.99, ERROR);
        n_beyond += r.low > 0 || r.high < 0;
        n_worse += is_worse(&r);
        n_better += r.high < 0 && r.effect <= -MARGIN_US;
        for (size_t i = 0; i < DAY; i++) /* even hours of one day, and its odd ones */
            if (i / 6 % 2 == 0)
                days[1][i] = days[0][i], memset(&days[0][i], 0, sizeof days[0][i]);
            else
                memset(&days[1][i], 0, sizeof days[1][i]);
        r = quantile(days[0], DAY, days[1], DAY, false, 0.99, ERROR);
        n_odd += is_worse(&r);
    }
    CHECK(n_worse <= 10 && n_better <= 10, "1,000 pairs of equal days: %d worse, %d better", n_worse, n_better);
    CHECK(n_beyond <= 10, "intervals without the truth, of 1,000 pairs whose few busy hours decide: %d", n_beyond);
    CHECK(n_odd <= 10, "even and odd hours of 1,000 days: %d worse", n_odd);
}

/* Queues that vary by a quarter and more, for half an hour and for an hour and a half. */
static void test_slow_queues(void)
{
    static const struct {
        double sigma, memory;
        int most;
    } kinds[] = { { 0.25, 0.7, 3 }, { 0.5, 0.7, 3 }, { 0.25, 0.9, 5 } };
    for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++) {
        int n_worse = 0, n_better = 0;
        for (int k = 0; k < 300; k++) {
            make_day_of(days[0], kinds[kind].sigma, kinds[kind].memory, 0);
            make_day_of(days[1], kinds[kind].sigma, kinds[kind].memory, 0);
            struct two_samples r = quantile(days[0], DAY, days[1], DAY, true, 0.99, ERROR);
            n_worse += is_worse(&r);
            n_better += r.high < 0 && r.effect <= -MARGIN_US;
        }
        CHECK(n_worse <= kinds[kind].most && n_better <= kinds[kind].most,
              "300 pairs of equal days whose queues vary by %g %%, memory %g: %d worse, %d better",
              100 * kinds[kind].sigma, kinds[kind].memory, n_worse, n_better);
    }
}

static void test_worse_days(void)
{
    int n_worse = 0, n_better = 0;
    double p99 = 0;
    for (int k = 0; k < 20; k++) {
        make_day(days[0], 0.06, 0);
        p99 += quantile(days[0], DAY, days[0], DAY, true, 0.99, ERROR).before / 20;
    }
    for (int k = 0; k < 200; k++) {
        make_day(days[0], 0.06, 0);
        make_day(days[1], 0.06, 2000 / p99);
        struct two_samples r = quantile(days[0], DAY, days[1], DAY, true, 0.99, ERROR);
        n_worse += is_worse(&r);
        r = quantile(days[1], DAY, days[0], DAY, true, 0.99, ERROR);
        n_better += r.high < 0 && r.effect <= -MARGIN_US;
    }
    CHECK(n_worse >= 180, "2 ms more at the 99th percentile of %.1f ms: %d of 200 days are worse", p99 / 1000, n_worse);
    CHECK(n_better >= 180, "2 ms less: %d of 200 days are better", n_better);
}

int main(void)
{
    test_equal_days();
    test_slow_queues();
    test_worse_days();
    return CHECK_DONE();
}
