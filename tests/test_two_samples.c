/* test_two_samples.c - differences of two days and their intervals: against figures that are known, or calculated here
 * another way. How often days of the same kind differ by chance is in test_equal_days.c. */

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/two_samples.h"
#include "chance.h"
#include "check.h"
#include "two_days.h"

static bool is_near(double a, double b, double relative)
{
    return fabs(a - b) <= relative * fmax(fabs(a), fabs(b));
}

/* ---- Student's t */

/* The chance that t is exceeded: Simpson's rule over x = t/u. */
static double tail(double t, double degrees)
{
    enum { STEPS = 20000 };
    double scale = exp(lgamma((degrees + 1) / 2) - lgamma(degrees / 2)) / sqrt(degrees * PI), sum = 0;
    for (int i = 1; i <= STEPS; i++) { /* 0 at u = 0 */
        double u = (double)i / STEPS, x = t / u, f = pow(1 + x * x / degrees, -(degrees + 1) / 2) * t / (u * u);
        sum += f * (i == STEPS ? 1 : i % 2 ? 4 : 2);
    }
    return scale * sum / 3 / STEPS;
}

static void test_t(void)
{
    static const double errors[] = { 0.4, 0.1, 0.025, 0.01, 1e-3, 1e-5, 1e-8 };
    static const struct {
        double error, degrees, t;
    } table[] = { { 0.05, 5, 2.0150483733330233 },
                  { 0.025, 10, 2.2281388519649385 },
                  { 0.01, 3, 4.540702858698419 },
                  { 0.005, 30, 2.7499956535672259 },
                  { 0.025, 1e6, 1.959966356847 } };
    double worst = 0;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        worst = fmax(worst, fabs(two_samples_t(table[i].error, table[i].degrees) / table[i].t - 1));
    CHECK(worst < 1e-9, "quantiles of Student's t as in tables: to %.1e", worst);
    worst = 0;
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        double e = errors[i], a = 1 - 2 * e, alpha = 4 * e * (1 - e), root = sqrt(alpha);
        worst = fmax(worst, fabs(two_samples_t(e, 1) / (1 / tan(PI * e)) - 1));
        worst = fmax(worst, fabs(two_samples_t(e, 2) / (a * sqrt(2 / alpha)) - 1));
        worst = fmax(worst, fabs(two_samples_t(e, 4) / (2 * sqrt(cos(acos(root) / 3) / root - 1)) - 1));
    }
    CHECK(worst < 1e-9, "as in closed form, of 1, 2 and 4 degrees: to %.1e", worst);
    worst = 0;
    static const double degrees[] = { 3, 6, 7.5, 19, 143, 285.3, 1000 };
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        for (size_t k = 0; k < sizeof degrees / sizeof *degrees; k++)
            worst = fmax(worst, fabs(tail(two_samples_t(errors[i], degrees[k]), degrees[k]) / errors[i] - 1));
    CHECK(worst < 1e-9, "by numerical integration, also with fractions of degrees: to %.1e", worst);
}

/* ---- ratios */

static struct two_samples ratio(const struct two_samples_cell *before, size_t n_before,
                                const struct two_samples_cell *after, size_t n_after, bool is_matched, double error)
{
    struct two_samples r;
    struct two_samples_plan plan = { n_before, n_after, is_matched, error };
    if (!two_samples_ratio(before, after, &plan, &r))
        exit(1);
    return r;
}

/* Half the width for n parts in batches, calculated in another order. */
static double width_of_batches(const double *part, size_t n, size_t per_batch, double error)
{
    size_t k = n / per_batch;
    double mean = 0, squares = 0, fourths = 0;
    for (size_t i = 0; i < n; i++)
        mean += part[i] / (double)k;
    for (size_t b = 0; b < k; b++) {
        double sum = -mean;
        for (size_t i = b * per_batch; i < (b + 1) * per_batch; i++)
            sum += part[i];
        squares += pow(sum, 2);
        fourths += pow(sum, 4);
    }
    double degrees = fmax(1, fmin((double)(k - 1), (squares * squares - 2 * fourths / 3) / (fourths / 3)));
    return two_samples_t(error, degrees) * sqrt(squares * (double)k / (double)(k - 1));
}

static double widest(const double *part, size_t n, double error)
{
    static const size_t lengths[] = { 1, 2, 3, 6, 12 };
    double width = 0;
    for (size_t i = 0; i < 5; i++)
        if (n / lengths[i] >= 10)
            width = fmax(width, width_of_batches(part, n, lengths[i], error));
    return width;
}

static void test_ratio_by_hand(void)
{
    struct two_samples_cell before[20], after[20];
    for (int i = 0; i < 20; i++) {
        before[i] = (struct two_samples_cell){ 0, 1 };
        after[i] = (struct two_samples_cell){ i % 2 ? 2 : 0, 1 };
    }
    /* Parts of 1/20 and -1/20: a variance of 20/19 * 20/400 = 1/19. t of 19 degrees for 0.05: 1.729132811521. */
    double width = 1.729132811521367 * sqrt(1.0 / 19);
    struct two_samples r = ratio(before, 20, after, 20, true, 0.05);
    CHECK(r.before == 0 && r.after == 1 && r.effect == 1 && r.n == 20, "20 pairs: 0 before, 1 after");
    CHECK(is_near(r.low, 1 - width, 1e-9) && is_near(r.high, 1 + width, 1e-9), "1 - %.9f to 1 + %.9f: %.9f, %.9f",
          width, width, r.low, r.high);
    r = ratio(before, 20, after, 20, false, 0.05);
    CHECK(is_near(r.low, 1 - width, 1e-9) && is_near(r.high, 1 + width, 1e-9),
          "the same without pairs, when one side does not vary (Welch)");
    r = ratio(after, 20, after, 20, true, 0.05);
    CHECK(r.effect == 0 && r.low == 0 && r.high == 0, "a side compared with itself, in pairs: surely 0");
    r = ratio(after, 20, after, 20, false, 0.05);
    width = 1.685954461 * sqrt(2.0 / 19); /* t of 38 degrees for 0.05 */
    CHECK(r.effect == 0 && is_near(r.high, width, 1e-8) && r.low == -r.high, "the same as two sides: within %.8f",
          r.high);
}

static void test_ratio_known(void)
{
    struct two_samples_cell before[DAY], after[DAY];
    double part[DAY], sum = 0, weight = 0;
    for (size_t i = 0; i < DAY; i++) { /* blocks of 6 cells, whose weights differ */
        double w = 100 + (double)(i % 7) * 10;
        before[i] = (struct two_samples_cell){ 3 * w, w };
        after[i] = (struct two_samples_cell){ (double)(i / 6 * 7 % 10) * w, w };
        sum += after[i].sum;
        weight += w;
    }
    for (size_t i = 0; i < DAY; i++)
        part[i] = (after[i].sum - sum / weight * after[i].weight) / weight;
    struct two_samples r = ratio(before, DAY, after, DAY, true, 1e-3);
    double narrow = width_of_batches(part, DAY, 1, 1e-3), wide = widest(part, DAY, 1e-3);
    CHECK(is_near(r.effect, sum / weight - 3, 1e-12) && wide > 2 * narrow && is_near(r.high - r.effect, wide, 1e-9),
          "cells that depend on each other: batches make the interval %.2f times as wide", wide / narrow);
    for (size_t i = 0; i < DAY; i += 3)
        (i % 2 ? before : after)[i].weight = 0; /* unknown, whatever the sum */
    sum = weight = 0;
    for (size_t i = 0; i < DAY; i++)
        if (i % 3)
            sum += after[i].sum, weight += after[i].weight;
    r = ratio(before, DAY, after, DAY, true, 1e-3);
    CHECK(r.n == 96 && is_near(r.after, sum / weight, 1e-12) && is_near(r.before, 3, 1e-12),
          "pairs of which one side is unknown do not count: %zu of 144", r.n);
}

static void test_ratio_few(void)
{
    struct two_samples_cell cells[DAY] = { { 0, 0 } };
    struct two_samples r = ratio(cells, DAY, cells, DAY, true, 0.01);
    CHECK(isnan(r.before) && isnan(r.after) && isnan(r.effect) && isnan(r.low) && r.n == 0, "nothing is known");
    r = ratio(cells, 0, cells, 0, false, 0.01);
    CHECK(isnan(r.effect) && isnan(r.high) && r.n == 0, "no cells");
    for (size_t i = 0; i < DAY; i++)
        cells[i] = (struct two_samples_cell){ (double)(i % 5), 2 };
    r = ratio(cells, 19, cells, 19, true, 0.01);
    CHECK(r.effect == 0 && isnan(r.low) && isnan(r.high) && r.n == 19, "19 pairs: a difference without an interval");
    r = ratio(cells, 19, cells, DAY, false, 0.01);
    CHECK(!isnan(r.effect) && isnan(r.low) && r.n == 19, "19 cells of one side: the same");
    r = ratio(cells, 20, cells, DAY, false, 0.01);
    CHECK(r.low < r.effect && r.effect < r.high && r.n == 20, "20 cells of one side, 144 of the other: an interval");
}

static void test_ratio_monotony(void)
{
    struct two_samples_cell before[DAY], after[DAY], more[DAY];
    int n_good = 0;
    for (int k = 0; k < 100; k++) {
        double shift = uniform();
        for (size_t i = 0; i < DAY; i++) {
            before[i] = (struct two_samples_cell){ uniform(), 1 + uniform() };
            after[i] = (struct two_samples_cell){ uniform(), 1 + uniform() };
            more[i] = (struct two_samples_cell){ after[i].sum + shift * after[i].weight, after[i].weight };
        }
        for (int is_matched = 0; is_matched < 2; is_matched++) {
            struct two_samples r = ratio(before, DAY, after, DAY, is_matched, 0.01),
                               sure = ratio(before, DAY, after, DAY, is_matched, 0.0001),
                               up = ratio(before, DAY, more, DAY, is_matched, 0.01),
                               back = ratio(after, DAY, before, DAY, is_matched, 0.01);
            n_good += sure.low < r.low && r.high < sure.high && fabs(up.effect - r.effect - shift) < 1e-12 &&
                      fabs(up.low - r.low - shift) < 1e-12 && fabs(back.low + r.high) < 1e-12;
        }
    }
    CHECK(n_good == 200, "surer intervals are wider, a shift shifts them, sides exchanged mirror them: %d of 200",
          n_good);
}

/* ---- quantiles */

static void test_quantile_by_hand(void)
{
    memset(days, 0, sizeof days);
    for (size_t i = 0; i < 24; i++)
        for (size_t bin = 0; bin < 100; bin++) {
            put(&days[0][i], 200 + bin, 1 + i);
            put(&days[1][i], 240 + bin, 1 + i);
        }
    struct two_samples r = quantile(days[0], 24, days[1], 24, true, 0.5, 0.01);
    double before = histogram_edge_us(250), after = histogram_edge_us(290);
    CHECK(is_near(r.before, before, 1e-12) && is_near(r.after, after, 1e-12) && r.n == 24,
          "the median of 100 bins is the edge behind 50 of them: %g, %g us", r.before, r.after);
    CHECK(is_near(r.effect, after - before, 1e-9) && is_near(r.low, r.effect, 1e-6) && is_near(r.high, r.effect, 1e-6),
          "cells that are alike leave no doubt: %g to %g us", r.low, r.high);
    r = quantile(days[0], 24, days[1], 24, false, 0.995, 0.01);
    before = (histogram_edge_us(299) + histogram_edge_us(300)) / 2;
    CHECK(is_near(r.before, before, 1e-9), "within a bin values are spread evenly: %g us", r.before);
}

/* A cell's values below a value. */
static double below(const struct histogram *h, double us)
{
    double n = 0;
    for (size_t bin = 0; bin < HISTOGRAM_BINS; bin++) {
        double from = histogram_edge_us(bin), to = histogram_edge_us(bin + 1);
        n += (double)h->count[bin] * fmin(fmax((us - from) / (to - from), 0), 1);
    }
    return n;
}

/* The share of a side's values below a value. */
static double share_of(const struct histogram *h, double us)
{
    double all = 0, lower = 0;
    for (size_t i = 0; i < 24; i++)
        all += (double)h[i].n, lower += below(&h[i], us);
    return lower / all;
}

/* The value below which a side of n cells has a share. */
static double value_at_share(const struct histogram *h, size_t n, double share)
{
    double low = 0, high = histogram_edge_us(HISTOGRAM_BINS);
    for (int i = 0; i < 200; i++) {
        double middle = (low + high) / 2, all = 0, lower = 0;
        for (size_t k = 0; k < n; k++)
            all += (double)h[k].n, lower += below(&h[k], middle);
        *(lower < share * all ? &low : &high) = middle;
    }
    return high;
}

/* Half the width of the difference of shares of 24 pairs: batches of 1 and 2, as there are 10 of them. */
static double width_at(const struct histogram *before, const struct histogram *after, const struct two_samples *r)
{
    double part[24], all[2] = { 0, 0 };
    for (size_t i = 0; i < 24; i++)
        all[0] += (double)before[i].n, all[1] += (double)after[i].n;
    for (size_t i = 0; i < 24; i++)
        part[i] = (below(&after[i], r->after) - 0.9 * (double)after[i].n) / all[1] -
                  (below(&before[i], r->before) - 0.9 * (double)before[i].n) / all[0];
    return widest(part, 24, 0.01);
}

/* A cell's values within six bins of a value. */
static double near_by(const struct histogram *h, double us)
{
    double n = 0, place = 0;
    for (size_t bin = 0; bin < HISTOGRAM_BINS; bin++)
        if (histogram_edge_us(bin) <= us)
            place = (double)bin + (us - histogram_edge_us(bin)) / (histogram_edge_us(bin + 1) - histogram_edge_us(bin));
    for (size_t bin = 0; bin < HISTOGRAM_BINS; bin++)
        n += (double)h->count[bin] * fmax(0, fmin((double)bin + 1, place + 6) - fmax((double)bin, place - 6));
    return n;
}

/* The same of the logarithm of after by before, by the levels of busy cells, whose values on both sides are a quarter
 * of the day's or more: batches of 1, 2 and 3, as long as there are 5. */
static double width_of_levels(const struct histogram *before, const struct histogram *after,
                              const struct two_samples *r)
{
    double level[24], weight[24], sum = 0, all[2] = { 0, 0 }, width = 0, least = fmin(r->before, r->after) / 4;
    size_t n = 0;
    for (size_t i = 0; i < 24; i++)
        all[0] += (double)before[i].n, all[1] += (double)after[i].n;
    for (size_t i = 0; i < 24; i++) {
        double x = value_at_share(&before[i], 1, 0.9), y = value_at_share(&after[i], 1, 0.9),
               heavy = near_by(&before[i], r->before) / all[0] + near_by(&after[i], r->after) / all[1];
        sum += heavy;
        if (x >= least && y >= least)
            level[n] = log(y) - log(x), weight[n++] = heavy;
    }
    for (size_t length = 1; n / length >= 5; length++) {
        double squares = 0, weights = 0, mean = 0, k = (double)(n / length);
        for (size_t i = 0; i < n; i++)
            mean += level[i] / (double)n;
        for (size_t b = 0, i = 0; b < n / length; b++) {
            double its = 0, heavy = 0, m = 0;
            for (; i < (b + 1) * n / (n / length); i++, m++)
                its += level[i] - mean, heavy += weight[i] / sum;
            squares += its * its / (m * m);
            weights += heavy * heavy;
        }
        if (length <= 3)
            width = fmax(width, two_samples_t(0.01, k - 1) * sqrt(squares / (k - 1) * weights));
    }
    return width;
}

/* A share whose odds are moved by a width. */
static double moved(double share, double width)
{
    return 1 / (1 + exp(-log(share / (1 - share)) - width / share / (1 - share)));
}

static void test_quantile_interval(void)
{
    int n_good = 0, n_by_levels = 0;
    for (int k = 0; k < 20; k++) {
        double vary = k % 2 ? 0.1 : 2; /* when hours differ in shares alone, or in levels too */
        memset(days, 0, sizeof days);
        for (size_t i = 0; i < 24; i++)
            for (int n = 0; n < 500; n++) {
                histogram_add(&days[0][i], -3000 * log(uniform()) * (1 + vary * (double)(i % 5)));
                histogram_add(&days[1][i], -3000 * log(uniform()) * (1 + vary * (double)(i % 4)));
            }
        struct two_samples r = quantile(days[0], 24, days[1], 24, true, 0.9, 0.01);
        double half = width_at(days[0], days[1], &r) / 2, factor = exp(width_of_levels(days[0], days[1], &r) / 2),
               less = moved(0.9, -half), more = moved(0.9, half),
               low = value_at_share(days[1], 24, less) - value_at_share(days[0], 24, more),
               high = value_at_share(days[1], 24, more) - value_at_share(days[0], 24, less),
               level_low = r.after / factor - r.before * factor, level_high = r.after * factor - r.before / factor;
        n_by_levels += level_low < low;
        n_good += is_near(share_of(days[0], r.before), 0.9, 1e-9) && is_near(share_of(days[1], r.after), 0.9, 1e-9) &&
                  is_near(r.low, fmax(fmin(low, level_low), -r.before), 1e-8) &&
                  is_near(r.high, fmax(high, level_high), 1e-8);
        struct two_samples back = quantile(days[1], 24, days[0], 24, true, 0.9, 0.01);
        n_good -= !(is_near(back.high, -r.low, 1e-9) || r.low == -r.before);
    }
    CHECK(n_good == 20, "both shares moved by half the error, or the levels of hours; exchanged sides: %d of 20",
          n_good);
    CHECK(n_by_levels > 0 && n_by_levels < 20, "either is wider at times: levels in %d of 20", n_by_levels);
}

static void test_quantile_odd(void)
{
    memset(days, 0, sizeof days);
    struct two_samples r = quantile(days[0], DAY, days[1], DAY, true, 0.99, 0.01);
    CHECK(isnan(r.effect) && isnan(r.low) && r.n == 0, "no values");
    for (size_t i = 0; i < DAY; i++) {
        put(&days[0][i], 300, 100);
        put(&days[1][i], i % 8 ? 300 : HISTOGRAM_BINS - 1, 100); /* 1 of 8 cells has only the highest values */
    }
    r = quantile(days[0], DAY, days[1], DAY, true, 0.88, 0.001);
    CHECK(isfinite(r.low) && r.high == INFINITY, "more may be too high for any histogram than the share: no upper end");
    r = quantile(days[1], DAY, days[0], DAY, true, 0.88, 0.001);
    CHECK(r.effect < 0 && isfinite(r.low) && isfinite(r.high) && r.low >= -r.before, "the other way round: %g to %g us",
          r.low, r.high);
    r = quantile(days[0], 19, days[1], 19, true, 0.5, 0.01);
    CHECK(!isnan(r.effect) && isnan(r.low) && isnan(r.high) && r.n == 19, "19 pairs: no interval");
    for (size_t i = 0; i < DAY; i++)
        memset(&days[i % 2][i], 0, sizeof days[0][i]);
    r = quantile(days[0], DAY, days[1], DAY, true, 0.5, 0.01);
    CHECK(isnan(r.effect) && r.n == 0, "no cell that both know: nothing is compared");
    r = quantile(days[0], DAY, days[1], DAY, false, 0.5, 0.01);
    CHECK(!isnan(r.effect) && !isnan(r.low) && r.n == DAY / 2, "as two sides of %zu cells they are", r.n);
}

/* ---- whole tests */

static void test_tests(void)
{
    static const double before[] = { 1, 2, 3, 4, 5, 6, 7 }, after[] = { 10, 12 };
    struct two_samples start = { 4, 10, 6, 5, 7, 144 }, r = start;
    two_samples_add_tests(&r, before, 7, after, 1, 0.01);
    double width = 3.142668403290985 * sqrt(28.0 / 6 * (1 + 1.0 / 7)); /* t of 6 degrees for 0.01 */
    CHECK(is_near(r.low, 6 - width, 1e-9) && is_near(r.high, 6 + width, 1e-9), "a day and 7 others: %.4f to %.4f",
          r.low, r.high);
    r = start;
    two_samples_add_tests(&r, before, 2, after, 2, 0.01);
    width = 6.964556734283269 * sqrt(2.5 / 2); /* of 2 degrees; squares of 0.5 and 2 */
    CHECK(is_near(r.high, 6 + width, 1e-9), "two days and two: to %.4f", r.high);
    r = start;
    two_samples_add_tests(&r, before, 2, after, 1, 0.01);
    CHECK(r.low == 5 && r.high == 7, "three tests are too few");
    static const double same[] = { 4, 4, 4, 4 };
    two_samples_add_tests(&r, same, 4, after, 1, 0.01);
    CHECK(r.low == 5 && r.high == 7, "days that are alike do not make the interval narrower");
    r.low = r.high = NAN;
    two_samples_add_tests(&r, before, 7, after, 1, 0.01);
    CHECK(isnan(r.low) && isnan(r.high), "without an interval nothing is widened");
}

int main(void)
{
    test_t();
    test_ratio_by_hand();
    test_ratio_known();
    test_ratio_few();
    test_ratio_monotony();
    test_quantile_by_hand();
    test_quantile_interval();
    test_quantile_odd();
    test_tests();
    return CHECK_DONE();
}
