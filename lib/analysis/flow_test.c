/* flow_test.c - names the flows that fare worse than their siblings. */

#include "analysis/flow_test.h"

#include <math.h>
#include <stdlib.h>

#define LEAST_EVENTS 4.0
#define LEAST_RATIO 1.5
#define LEAST_SPREAD 1.5 /* of counts, times that of independent events: what few siblings cannot show */
#define SPLIT_TAKES 3.0  /* times less varies what is split at its best place, even if all flows are alike */

struct ranked {
    double events, share, clump;
    size_t flow;
};

static double rate_of(const struct ranked *r)
{
    return r->events / r->share;
}

static int by_rate(const void *a, const void *b)
{
    double x = rate_of(a), y = rate_of(b);
    return (x > y) - (x < y);
}

/* The part of a Poisson likelihood's logarithm that a group with its own rate contributes. */
static double gain(double events, double share)
{
    return events > 0 ? events * log(events / share) : 0;
}

/* How many of the flows, the least ill first, are below the best split; n if none of them has events. */
static size_t split_of(const struct ranked *r, size_t n)
{
    double all_events = 0, all_share = 0, events = 0, share = 0, best = -INFINITY;
    size_t at = n;
    for (size_t i = 0; i < n; i++) {
        all_events += r[i].events;
        all_share += r[i].share;
    }
    for (size_t i = 0; i + 1 < n && all_events > 0; i++) {
        events += r[i].events;
        share += r[i].share;
        double value = gain(events, share) + gain(all_events - events, all_share - share);
        if (value > best) {
            best = value;
            at = i + 1;
        }
    }
    return at;
}

/* Sum of the squared differences from a group's rate, each over what is expected (Pearson's chi-squared). */
static double chi_squared(const struct ranked *r, size_t n)
{
    double events = 0, share = 0, sum = 0;
    for (size_t i = 0; i < n; i++) {
        events += r[i].events;
        share += r[i].share;
    }
    for (size_t i = 0; i < n && events > 0; i++) {
        double expected = events * r[i].share / share;
        sum += (r[i].events - expected) * (r[i].events - expected) / expected;
    }
    return sum;
}

/* The bound for so many of n events, each with chance p. */
static double chance_of(double events, double n, double p)
{
    double part = events / n;
    if (part <= p)
        return 1;
    double rest = part < 1 ? (1 - part) * log((1 - part) / (1 - p)) : 0;
    return exp(-n * (part * log(part / p) + rest));
}

/* How much more the counts within the two groups vary than those of independent events. */
static double spread_of(const struct ranked *r, size_t n, size_t low)
{
    double within = n > 2 ? (chi_squared(r, low) + chi_squared(r + low, n - low)) / (double)(n - 2) : 0;
    return fmax(LEAST_SPREAD, SPLIT_TAKES * within);
}

/* Of the flows above the split, those that stand out from all below it: they are marked, and their number returned. */
static size_t name_worse(const struct ranked *r, size_t n, size_t low, bool is_worse[FLOWS_MAX])
{
    double spread = spread_of(r, n, low), low_events = 0, low_share = 0;
    size_t n_worse = 0;
    for (size_t i = 0; i < low; i++) {
        low_events += r[i].events;
        low_share += r[i].share;
    }
    for (size_t i = low; i < n; i++) {
        double both = r[i].events + low_events, p = r[i].share / (r[i].share + low_share),
               each = fmax(spread, r[i].clump);
        bool is = r[i].events >= LEAST_EVENTS && rate_of(&r[i]) * low_share >= LEAST_RATIO * low_events &&
                  chance_of(r[i].events / each, both / each, p) * (double)n <= FLOW_TEST_ALARM;
        is_worse[r[i].flow] = is;
        n_worse += is;
    }
    return n_worse;
}

size_t flow_test(const struct flow_count *flows, size_t n, bool is_worse[FLOWS_MAX])
{
    struct ranked r[FLOWS_MAX];
    for (size_t i = 0; i < n; i++) {
        r[i] = (struct ranked){ flows[i].events, flows[i].share, flows[i].clump, i };
        is_worse[i] = false;
    }
    qsort(r, n, sizeof *r, by_rate);
    size_t low = split_of(r, n), n_worse = 0;
    /* One that does not stand out is a sibling like those below: the others are compared with it too. */
    for (; low < n; low++) {
        n_worse = name_worse(r, n, low, is_worse);
        if (is_worse[r[low].flow])
            return n_worse;
    }
    return 0;
}
