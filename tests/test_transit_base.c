/* test_transit_base.c - the line under the transits: drift of the clocks, shifts of the route, and queues, which are
 * neither. Datagrams with known delays, some 100 to 865 a second. */

#include <math.h>
#include <string.h>

#include "chance.h"
#include "check.h"
#include "engine/transit_base.h"

struct world {
    double ppm, noise_us, per_s, length_s;
    double shift_at_s, shift_us;
    double queue_from_s, queue_until_s, queue_us; /* swinging between 40 and 100 %, or ... */
    bool is_steady;                               /* ... between 85 and 100 % all the time */
};

struct seen {
    double worst_us;      /* of |told - true delay|, from 15 s on, without the 5 s after the shift */
    double trend_us;      /* difference of its means over the last and the first tenth */
    double shift_us, shift_at_s, told_at_s;
    size_t n_shifts;
    double queue_least_us; /* the least share of the queue's true delay that is told */
};

static double share_of(bool is_steady, double t)
{
    return is_steady ? 0.85 + 0.15 * uniform() : 0.65 + 0.25 * sin(t / 7) + 0.1 * uniform();
}

static struct seen look(struct world w)
{
    static struct transit_base b;
    struct seen seen = { .queue_least_us = 1 };
    double first = 0, last = 0, n_first = 0, n_last = 0;
    memset(&b, 0, sizeof b);
    chance = 88172645463325252u;
    for (double t = 0; t < w.length_s; t += 1 / w.per_s) {
        bool in_queue = t >= w.queue_from_s && t < w.queue_until_s;
        double path_us = w.ppm * t + (w.shift_us != 0 && t >= w.shift_at_s ? w.shift_us : 0),
               delay_us = -w.noise_us * log(uniform() + 1e-300) + 3 * uniform() +
                          (in_queue ? w.queue_us * share_of(w.is_steady, t) : 0),
               told_us = transit_base_add(&b, t, path_us + delay_us, 0), error_us = told_us - delay_us;
        if (b.shift.size_us != 0) {
            seen.n_shifts++;
            seen.shift_us = b.shift.size_us;
            seen.shift_at_s = b.shift.at_s;
            seen.told_at_s = t;
            b.shift.size_us = 0;
        }
        if (in_queue)
            seen.queue_least_us = fmin(seen.queue_least_us, told_us / delay_us);
        if (t < 15 || (w.shift_us != 0 && t >= w.shift_at_s && t < w.shift_at_s + 5))
            continue;
        seen.worst_us = fmax(seen.worst_us, fabs(error_us));
        first += t < w.length_s / 10 ? error_us : 0;
        n_first += t < w.length_s / 10;
        last += t > w.length_s * 0.9 ? error_us : 0;
        n_last += t > w.length_s * 0.9;
    }
    seen.trend_us = last / n_last - first / n_first;
    return seen;
}

/* An hour with clocks 50 ppm apart: no trend, and no shift. A day likewise. */
static void check_drift(void)
{
    static const struct world worlds[] = {
        { .ppm = 50, .noise_us = 5, .per_s = 865, .length_s = 3600 },
        { .ppm = -50, .noise_us = 5, .per_s = 865, .length_s = 3600 },
        { .ppm = 50, .noise_us = 300, .per_s = 865, .length_s = 3600 },
        { .ppm = -0.1, .noise_us = 30, .per_s = 100, .length_s = 86400 },
        { .ppm = 50, .noise_us = 5000, .per_s = 100, .length_s = 3600 },
    };
    for (size_t i = 0; i < sizeof worlds / sizeof *worlds; i++) {
        struct seen seen = look(worlds[i]);
        double limit_us = worlds[i].noise_us > 1000 ? 400 : 20;
        CHECK(fabs(seen.trend_us) < 20 && seen.worst_us < limit_us && seen.n_shifts == 0,
              "%g ppm, noise %g us, %g s: trend %.2f us, worst %.1f us, %zu shifts", worlds[i].ppm,
              worlds[i].noise_us, worlds[i].length_s, seen.trend_us, seen.worst_us, seen.n_shifts);
    }
}

/* Found within 5 s, its size within 0.1 ms. */
static void check_shifts(void)
{
    static const double sizes[] = { 2000, -2000, 500, -500, 30000, -30000 };
    static const double noises[] = { 5, 300, 3000 };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (size_t k = 0; k < sizeof noises / sizeof *noises; k++)
            for (int at = 0; at < 4; at++) {
                struct world w = { .ppm = 30, .noise_us = noises[k], .per_s = 865, .length_s = 400,
                                   .shift_at_s = 120.13 + 0.25 * at, .shift_us = sizes[i] };
                struct seen seen = look(w);
                CHECK(seen.n_shifts == 1 && fabs(seen.shift_us - w.shift_us) < 100 &&
                          fabs(seen.shift_at_s - w.shift_at_s) < 0.3 && seen.told_at_s - w.shift_at_s < 5,
                      "shift of %g us at %g s, noise %g: %zu found, %.1f us at %.2f s, told at %.2f", w.shift_us,
                      w.shift_at_s, w.noise_us, seen.n_shifts, seen.shift_us, seen.shift_at_s, seen.told_at_s);
            }
}

/* A queue is a delay, and not a shift, whether it stands for seconds or for half an hour. */
static void check_queues(void)
{
    static const double lengths[] = { 1.5, 3, 6, 30, 600, 1500 };
    for (size_t i = 0; i < 2 * (sizeof lengths / sizeof *lengths); i++) {
        struct world w = { .ppm = 30, .noise_us = 50, .per_s = 200, .length_s = 3700 + 2 * lengths[i / 2],
                           .queue_from_s = 3600.4, .queue_until_s = 3600.4 + lengths[i / 2], .queue_us = 20000,
                           .is_steady = i % 2 };
        struct seen seen = look(w);
        CHECK(seen.n_shifts == 0 && seen.queue_least_us > 0.9, "queue of %g s%s: %zu shifts, at least %.3f of it told",
              lengths[i / 2], i % 2 ? ", always full" : "", seen.n_shifts, seen.queue_least_us);
    }
}

/* A datagram that was a little faster than any before it, in the second in which the route gets shorter, is not the
 * shift. */
static void check_fall_before(void)
{
    static struct transit_base b;
    double told_s = NAN, size_us = NAN;
    memset(&b, 0, sizeof b);
    for (int i = 0; i < 20000; i++) {
        double t = i * 0.01, path_us = t < 120.9 ? 5000 : 3000;
        transit_base_add(&b, t, path_us + 100 + 50 * uniform() - (i == 12005 ? 60 : 0), 0);
        if (b.shift.size_us == 0)
            continue;
        size_us = b.shift.size_us;
        told_s = b.shift.at_s;
        b.shift.size_us = 0;
    }
    CHECK(fabs(told_s - 120.9) < 0.05 && fabs(size_us + 2000) < 100, "a shift of %.0f us at %.2f s", size_us, told_s);
}

/* The transits after the sender's clock was set are compared with those before. */
static void check_step(void)
{
    static struct transit_base b;
    double worst_us = 0;
    bool is_set = false;
    for (double t = 0; t < 100; t += 0.01) {
        if (t > 50 && !is_set) {
            transit_base_step(&b, 7e6);
            is_set = true;
        }
        double delay_us = 100 * uniform(), told_us = transit_base_add(&b, t, delay_us + (is_set ? 7e6 : 0), 0);
        worst_us = t > 15 ? fmax(worst_us, fabs(told_us - delay_us)) : 0;
    }
    CHECK(worst_us < 10 && b.shift.size_us == 0, "a clock set by 7 s: worst %.1f us", worst_us);
    CHECK(sizeof b < 8192, "a day in %zu bytes, as a minute", sizeof b);
}

int main(void)
{
    check_drift();
    check_shifts();
    check_queues();
    check_fall_before();
    check_step();
    return CHECK_DONE();
}
