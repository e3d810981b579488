/* test_arrivals.c - one stream's datagrams with known times: delays, silences, pauses of the sender, a clock that is
 * set, a host that reads late, hostile times. */

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "check.h"
#include "engine/arrivals.h"

#define SPACING_US 1000

static struct arrivals s;
static uint64_t number;
static uint32_t n_dropped;
static int64_t sent_us, ahead_us; /* the sender's clock; how far it is ahead of this host's */

static void send_one(int64_t delay_us, int64_t read_us)
{
    int64_t arrival_ns = (1000000 + sent_us + delay_us) * NS_PER_US;
    struct arrival d = { .number = ++number, .sent_ns = (sent_us + 50000000000 + ahead_us) * NS_PER_US,
                         .arrival_ns = arrival_ns, .read_ns = arrival_ns + read_us * NS_PER_US,
                         .n_dropped = n_dropped };
    arrivals_add(&s, &d, false);
    sent_us += SPACING_US;
}

static void send_many(int n, int64_t delay_us)
{
    while (n-- > 0)
        send_one(delay_us, 20);
}

static struct longhaul_delay take(void)
{
    struct longhaul_delay out = delay_none();
    struct histogram delay = { 0 }, ipdv = { 0 };
    arrivals_take(&s, (1000000 + sent_us) * NS_PER_US, &out, &delay, &ipdv);
    arrivals_percentiles(&out, &delay, &ipdv);
    return out;
}

static void begin(void)
{
    memset(&s, 0, sizeof s);
    number = 0;
    sent_us = ahead_us = 0;
    send_many(8000, 100);
    (void)take();
}

/* A queue of 41 ms that drains at half a millisecond for each datagram. */
static void check_queue(void)
{
    begin();
    send_many(500, 100);
    for (int64_t us = 41000; us > 0; us -= 500)
        send_one(100 + us, 20);
    send_many(418, 100);
    struct longhaul_delay out = take();
    CHECK(out.min_us == 0 && out.max_us == 41000 && out.p50_us < 1, "min %g, max %g, p50 %g us", out.min_us,
          out.max_us, out.p50_us);
    CHECK(fabs(out.p99_us / 36000 - 1) < 0.02 && fabs(out.p95_us / 16000 - 1) < 0.02, "p95 %g, p99 %g us", out.p95_us,
          out.p99_us);
    CHECK(out.ipdv50_us < 1 && fabs(out.ipdv99_us / 500 - 1) < 0.02, "ipdv p50 %g, p99 %g us", out.ipdv50_us,
          out.ipdv99_us);
    CHECK(isnan(out.shift_us) && isnan(out.step_us) && isnan(out.read_us), "nothing else");
    out = take();
    CHECK(isnan(out.p50_us) && isnan(out.max_us) && isnan(out.silence_us) && out.loss_runs == 0,
          "an interval without a datagram: unknown");
}

/* Lost, held, and not sent: the first two are silences. */
static void check_silences(void)
{
    begin();
    send_many(300, 100);
    number += 120;
    sent_us += 120 * SPACING_US;
    send_many(580, 100);
    struct longhaul_delay out = take();
    CHECK(out.silences == 1 && out.silence_us == 121000, "120 lost: %g us", out.silence_us);
    CHECK(fabs(out.silent_us - 701000) < 1100, "it began %g us before the end", out.silent_us);
    for (int64_t us = 300000; us > 0; us -= 1000)
        send_one(100 + us, 20);
    send_many(600, 100);
    out = take();
    CHECK(out.silences == 1 && fabs(out.silence_us - 301000) < 1100 && out.max_us == 300000, "300 ms held: %g us",
          out.silence_us);
    send_many(400, 100);
    sent_us += 500000;
    send_many(400, 100);
    out = take();
    CHECK(out.silences == 0 && out.silence_us < 2 * SPACING_US && isnan(out.silent_us) && out.max_us < 1,
          "a pause of the sender: %g us",
          out.silence_us);
    begin();
    number += 120;
    n_dropped += 120;
    sent_us += 120 * SPACING_US;
    send_many(400, 100);
    out = take();
    CHECK(out.silences == 0 && out.silence_us <= 2 * SPACING_US && out.max_us < 1,
          "120 found no room in this host's socket: %g us", out.silence_us);
    begin();
    number += 250;
    sent_us += 2500000;
    send_many(400, 100);
    out = take();
    CHECK(out.silences == 1 && fabs(out.silence_us - 251000) < 1100, "a pause in which 250 are lost: %g us",
          out.silence_us);
}

/* The sender's clock is set, forward and back, by little and by years. */
static void check_steps(void)
{
    static const int64_t steps[] = { 3600000000, -3600000000, 100000, -100000, 30000, -2000, 40000000000 };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        begin();
        send_many(500, 150);
        ahead_us += steps[i];
        send_many(5000, 150);
        struct longhaul_delay out = take();
        CHECK(fabs(out.step_us - (double)steps[i]) < 1100 && out.max_us < 200 && isnan(out.shift_us) &&
                  out.silence_us < 2 * SPACING_US && out.ipdv99_us < 60,
              "set by %g us: %g told; max %g us, silence %g", (double)steps[i], out.step_us, out.max_us,
              out.silence_us);
    }
}

/* A test's first datagrams may wait for an address, or for their sender's turn. */
static void check_slow_start(void)
{
    for (int n_slow = 1; n_slow < 40; n_slow += 6) {
        memset(&s, 0, sizeof s);
        number = 0;
        sent_us = ahead_us = 0;
        send_many(n_slow, 60100);
        sent_us += 59000;
        send_many(3000, 100);
        struct longhaul_delay out = take();
        CHECK(isnan(out.step_us) && isnan(out.shift_us), "%d slow at first: step %g", n_slow, out.step_us);
    }
}

/* A shorter route is not a step, however much shorter. */
static void check_shift(void)
{
    begin();
    send_many(4000, 200100);
    send_many(8000, 200100);
    struct longhaul_delay up = take();
    send_many(8000, 100);
    struct longhaul_delay down = take();
    CHECK(isnan(up.step_us) && fabs(up.shift_us - 200000) < 100, "a longer route: %g", up.shift_us);
    CHECK(isnan(down.step_us) && fabs(down.shift_us + 200000) < 100, "a shorter one: %g, step %g", down.shift_us,
          down.step_us);
}

/* Datagrams that find no room in this host's socket are not lost on the path: it is another route all the same. What
 * the path loses makes it a full queue. */
static void check_shift_with_losses(bool of_host)
{
    begin();
    for (int i = 0; i < 8000; i++) {
        if (i > 100 && i % 30 == 0) {
            number += 3;
            sent_us += 3 * SPACING_US;
            n_dropped += of_host ? 3 : 0;
        }
        send_one(i < 100 ? 100 : 2100, 20);
    }
    struct longhaul_delay out = take();
    CHECK(of_host ? fabs(out.shift_us - 2000) < 100 : isnan(out.shift_us), "2 ms, with losses of %s: %g us",
          of_host ? "this host's socket" : "the path", out.shift_us);
}

/* libiperf's sender whose clock is set back waits until its time has come again. For the receiver that is what a longer
 * route is, without a loss: a silence, and a base that is higher by as much. */
static void check_waiting_sender(void)
{
    begin();
    send_many(500, 100);
    ahead_us -= 300000;
    sent_us += 300000;
    send_many(6000, 100);
    struct longhaul_delay out = take();
    CHECK(fabs(out.shift_us - 300000) < 100 && isnan(out.step_us) && out.silences == 1 &&
              fabs(out.silence_us - 301000) < 1100 && out.loss_runs == 0,
          "shift %g, step %g, silence %g us", out.shift_us, out.step_us, out.silence_us);
}

static void check_reading(void)
{
    begin();
    send_many(100, 100);
    send_one(100, 45000);
    send_many(100, 100);
    struct longhaul_delay out = take();
    CHECK(out.read_us == 45000 && out.max_us < 1, "read 45 ms late, and not delayed");
}

/* Its times say nothing of its pace. */
static void check_standing_clock(void)
{
    begin();
    memset(&s, 0, sizeof s);
    for (number = 1; number <= 1000; number++) {
        int64_t now_ns = (int64_t)number * NS_PER_MS + (number > 500 ? 300 * NS_PER_MS : 0);
        struct arrival d = { .number = number, .arrival_ns = NS_PER_S + now_ns, .read_ns = NS_PER_S + now_ns };
        arrivals_add(&s, &d, false);
    }
    struct longhaul_delay out = take();
    CHECK(out.silences == 0 && out.silence_us == 301000, "a sender's clock that stands: %g silences, longest %g us",
          out.silences, out.silence_us);
}

/* Without pages of files, as its code is; 0 if the kernel does not say. */
static long resident_kb(void)
{
    long kb = 0;
    char line[200];
    FILE *in = fopen("/proc/self/status", "r");
    while (in && fgets(line, sizeof line, in))
        if (sscanf(line, "RssAnon: %ld kB", &kb) == 1)
            break;
    if (in)
        fclose(in);
    return kb;
}

/* A day of 100 datagrams a second by a clock that runs 50 ppm slow: the memory is that of its first two hours, and the
 * drift is neither a delay nor another route. */
static void check_day(void)
{
    long before_kb = 0;
    double most_us = 0, n_shifts = 0;
    begin();
    for (int second = 0; second < 86400; second++) {
        for (int i = 0; i < 100; i++) {
            send_one(100 + (int64_t)(number * 7919 % 13), 20);
            sent_us += 9000;
        }
        ahead_us = -second * 50;
        struct longhaul_delay out = take();
        n_shifts += !isnan(out.shift_us);
        most_us = second > 60 ? fmax(most_us, out.max_us) : 0;
        before_kb = second == 7200 ? resident_kb() : before_kb;
    }
    long grown_kb = resident_kb() - before_kb;
    CHECK(n_shifts == 0 && most_us < 100, "a day: %g shifts, at most %.0f us", n_shifts, most_us);
    CHECK(grown_kb < 64, "%zu bytes for a stream, %zu of them its base; %ld kB after a day, %+ld kB since 02:00",
          sizeof s, sizeof s.base, before_kb + grown_kb, grown_kb);
}

/* Any times that a peer may write: every figure is finite and not negative. */
static void check_hostile(void)
{
    uint64_t state = 1;
    bool good = true;
    begin();
    for (int64_t i = 0; i < 200000; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        struct arrival d = { .number = state >> 60 == 0 ? state : number + (state >> 62),
                             .sent_ns = (int64_t)(state >> 32) * NS_PER_S + (int64_t)(uint32_t)state * NS_PER_US,
                             .arrival_ns = (i + 1000) * NS_PER_MS, .read_ns = (i + 1000) * NS_PER_MS };
        number = d.number;
        arrivals_add(&s, &d, false);
        if (i % 1000 != 0)
            continue;
        struct longhaul_delay out = take();
        good = good && !(out.min_us < 0) && !(out.silence_us < 0) && !isinf(out.max_us) && !isinf(out.base_us);
    }
    CHECK(good, "hostile times and numbers");
}

int main(void)
{
    check_queue();
    check_silences();
    check_steps();
    check_slow_start();
    check_shift();
    check_shift_with_losses(true);
    check_shift_with_losses(false);
    check_waiting_sender();
    check_reading();
    check_standing_clock();
    check_hostile();
    check_day();
    return CHECK_DONE();
}
