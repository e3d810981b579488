/* test_histogram.c - times are known to 1.6 %, sums do not depend on their order, and no text harms the reader. */

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/histogram.h"
#include "chance.h"
#include "check.h"

#define N 20000
#define PARTS 7

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static const struct histogram empty;
static double value[N], sorted[N];
static struct histogram part[PARTS];

/* 1 us to 100 s, as many in each octave. */
static void fill(void)
{
    for (size_t i = 0; i < N; i++) {
        value[i] = sorted[i] = exp(uniform() * log(1e8));
        histogram_add(&part[i % PARTS], value[i]);
    }
    qsort(sorted, N, sizeof *sorted, by_value);
}

static void check_quantiles(void)
{
    static const double shares[] = { 0, 0.001, 0.01, 0.05, 0.5, 0.9, 0.99, 0.999, 1 };
    struct histogram sum = empty;
    for (size_t i = 0; i < PARTS; i++)
        histogram_merge(&sum, &part[i]);
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        size_t rank = (size_t)ceil(shares[i] * N);
        double exact = sorted[rank > 0 ? rank - 1 : 0], told = histogram_quantile(&sum, shares[i]);
        CHECK(fabs(told / exact - 1) <= 1.0 / 64, "share %g: %g us, exactly %g", shares[i], told, exact);
    }
    CHECK(sum.n == N && isnan(histogram_quantile(&empty, 0.5)), "%d values; no value of none", N);
}

static void check_order(void)
{
    struct histogram up = empty, down = empty, read = empty;
    char a[8192], b[8192];
    for (size_t i = 0; i < PARTS; i++) {
        histogram_merge(&up, &part[i]);
        histogram_merge(&down, &part[PARTS - 1 - i]);
    }
    size_t n = histogram_text(&up, a, sizeof a);
    CHECK(n > 0 && histogram_text(&down, b, sizeof b) == n && strcmp(a, b) == 0, "any order, the same %zu bytes", n);
    CHECK(histogram_read(&read, a, n) && memcmp(&read, &up, sizeof up) == 0, "the text is read again exactly");
    histogram_read(&read, a, n);
    CHECK(read.n == 2 * up.n, "a text adds to what is there");
    CHECK(histogram_text(&up, b, n) == 0 && *b == 0 && histogram_text(&empty, b, sizeof b) == 0,
          "no room, or no value: no text");
}

static void check_extremes(void)
{
    static const double odd[] = { -1, 0, NAN, 0.999, -INFINITY };
    struct histogram h = empty, large = empty;
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        histogram_add(&h, odd[i]);
    CHECK(h.count[0] == 5 && histogram_quantile(&h, 1) == 0.5, "below 1 us");
    histogram_add(&h, INFINITY);
    histogram_add(&h, 1e300);
    CHECK(h.count[HISTOGRAM_BINS - 1] == 2, "what is too long counts as the longest");
    large.count[3] = large.n = UINT64_C(1) << 45;
    char text[64];
    struct histogram read = empty;
    CHECK(histogram_read(&read, text, histogram_text(&large, text, sizeof text)) && read.count[3] == large.n,
          "a count of years");
}

/* Each is refused, and leaves the histogram as it was. */
static void check_hostile(void)
{
    static const char *const bad[] = { "A", "AA", "AAg", "gggggggggggggggA", "A*A", "AA\"", "AAA A", "AgbA", "A/bAAAAA",
                                       "AAA=AAA", "9999999999999999999999", "_____________" };
    struct histogram h = empty;
    char random[64];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(!histogram_is_text(bad[i], strlen(bad[i])) && !histogram_read(&h, bad[i], strlen(bad[i])) &&
                  memcmp(&h, &empty, sizeof h) == 0,
              "refused, and nothing is left of it: %s", bad[i]);
    CHECK(!histogram_read(&h, "AA_____________f", 15) && !histogram_read(&h, "AB__________PA", 14) &&
              memcmp(&h, &empty, sizeof h) == 0, "refused: more values than there can be");
    for (size_t i = 0; i < 100000; i++) /* 2^49 each: 2^64 would be reached in 2^15 texts */
        histogram_read(&h, "AA_________P", 12);
    CHECK(h.n == HISTOGRAM_MOST && h.count[0] == h.n && histogram_quantile(&h, 0.5) == 0.5,
          "a sum is right, or a text is refused: %" PRIu64, h.n);
    h = empty;
    size_t n_taken = 0;
    for (size_t i = 0; i < 100000; i++) {
        for (size_t k = 0; k < sizeof random; k++)
            random[k] = (char)(32 + uniform() * 95);
        n_taken += histogram_read(&h, random, (size_t)(uniform() * sizeof random));
    }
    uint64_t sum = 0;
    for (size_t i = 0; i < HISTOGRAM_BINS; i++)
        sum += h.count[i];
    CHECK(sum == h.n, "100000 random texts: %zu taken, the counts agree", n_taken);
}

int main(void)
{
    fill();
    check_quantiles();
    check_order();
    check_extremes();
    check_hostile();
    return CHECK_DONE();
}
