/* test_flow_test.c - which flows are named: those that are worse, all of them, and hardly ever one where all are
 * alike. */

#include <math.h>
#include <stdint.h>

#include "analysis/flow_test.h"
#include "chance.h"
#include "check.h"

static double poisson(double mean)
{
    double n = 0, p = uniform(), least = exp(-mean);
    for (; p > least; p *= uniform())
        n++;
    return n;
}

static struct flow_count flows[FLOWS_MAX];
static bool is_worse[FLOWS_MAX];

static size_t named(size_t n, double mean, size_t n_bad, double bad_mean)
{
    size_t n_right = 0;
    for (size_t i = 0; i < n; i++)
        flows[i] = (struct flow_count){ poisson(i < n_bad ? bad_mean : mean), 1000, 1 };
    size_t n_named = flow_test(flows, n, is_worse);
    for (size_t i = 0; i < n_bad; i++)
        n_right += is_worse[i];
    return n_named == n_bad && n_right == n_bad ? 1 : 0;
}

static void check_bad(void)
{
    static const struct { size_t n, n_bad;
        double mean, bad;
    } cases[] = { { 16, 1, 0, 60 }, { 16, 4, 0, 60 },    { 16, 8, 2, 80 },   { 16, 12, 2, 80 }, { 2, 1, 1, 100 },
                  { 128, 1, 1, 60 }, { 128, 32, 1, 60 }, { 4, 1, 100, 300 }, { 16, 2, 100, 300 } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t n_right = 0;
        for (int k = 0; k < 100; k++)
            n_right += named(cases[i].n, cases[i].mean, cases[i].n_bad, cases[i].bad);
        CHECK(n_right >= 90, "%zu of %zu flows have %g events, the others %g: named in %zu of 100", cases[i].n_bad,
              cases[i].n, cases[i].bad, cases[i].mean, n_right);
    }
}

static void check_alike(void)
{
    static const double means[] = { 0.05, 0.5, 2, 10, 100 };
    size_t n_named = 0, n_tests = 0;
    for (size_t n = 2; n <= FLOWS_MAX; n *= 2)
        for (size_t m = 0; m < sizeof means / sizeof *means; m++)
            for (int k = 0; k < 400; k++, n_tests++)
                n_named += named(n, means[m], 0, 0) ? 0 : 1;
    CHECK(n_named <= 4, "flows that are alike: named in %zu of %zu tests", n_named, n_tests);
}

/* A burst is one event, however many packets it lost; and shares count. */
static void check_clumps(void)
{
    for (size_t i = 0; i < 16; i++)
        flows[i] = (struct flow_count){ i == 3 ? 60 : 0, 1000, i == 3 ? 60 : 1 };
    CHECK(flow_test(flows, 16, is_worse) == 0, "60 events at once are one");
    flows[3].clump = 2;
    CHECK(flow_test(flows, 16, is_worse) == 1 && is_worse[3], "60 events by two are many");
    for (size_t i = 0; i < 16; i++)
        flows[i] = (struct flow_count){ i == 3 ? 400 : 100, i == 3 ? 4000 : 1000, 1 };
    CHECK(flow_test(flows, 16, is_worse) == 0, "four times the packets, four times the losses");
    for (size_t i = 0; i < 16; i++)
        flows[i] = (struct flow_count){ 1000 + (double)i, 1000, 1 };
    CHECK(flow_test(flows, 16, is_worse) == 0, "all lose: none is worse");
    for (size_t i = 0; i < 16; i++)
        flows[i].events = 0;
    CHECK(flow_test(flows, 16, is_worse) == 0, "none loses");
}

int main(void)
{
    check_bad();
    check_alike();
    check_clumps();
    return CHECK_DONE();
}
