/* test_trouble.c - which intervals are a trouble, when it begins and when it ends. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "record/trouble.h"

static struct trouble_signs well(double packets)
{
    return (struct trouble_signs){
        .seconds = 1, .lost = 0, .packets = packets, .p95_us = 300, .shift_us = NAN, .unheard_s = 0.4
    };
}

/* Takes n intervals of the same kind; returns after how many the answer was first `wanted`, 0 for never. */
static int until(struct trouble *t, struct trouble_signs signs, int n, enum trace_why wanted)
{
    int first = 0;
    for (int i = 1; i <= n; i++)
        if (trouble_take(t, &signs) == wanted && first == 0)
            first = i;
    return first;
}

/* Each packet is lost with this share, by a generator that always gives the same numbers. */
static int random_until(struct trouble *t, double packets, double share, int n, enum trace_why wanted)
{
    int first = 0;
    for (int i = 1; i <= n; i++) {
        struct trouble_signs signs = well(packets);
        for (int k = 0; k < (int)packets; k++)
            signs.lost += drand48() < share;
        if (trouble_take(t, &signs) == wanted && first == 0)
            first = i;
    }
    return first;
}

static void test_loss(void)
{
    struct trouble t = { .now = TRACE_NONE };
    struct trouble_signs lossy = well(863), quiet = well(863);
    srand48(7);
    CHECK(random_until(&t, 863, 0, 600, TRACE_LOSS) == 0, "no loss, no trouble");
    lossy.lost = 86;
    CHECK(until(&t, lossy, 3, TRACE_LOSS) == 1, "10 %% of 863 a second: at once");
    CHECK(until(&t, quiet, 4, TRACE_NONE) == 0, "four quiet seconds are not the end");
    CHECK(until(&t, quiet, 4, TRACE_NONE) == 1, "five are");
    CHECK(until(&t, quiet, 60, TRACE_LOSS) == 0, "and stay");
    for (int percent = 1; percent <= 40; percent += 13) {
        int n = random_until(&t, 863, percent / 100.0, 5, TRACE_LOSS);
        CHECK(n >= 1 && n <= 2, "%d %%: after %d s", percent, n);
        until(&t, quiet, 60, TRACE_NONE);
    }
    struct trouble slow = { .now = TRACE_NONE };
    random_until(&slow, 6, 0, 600, TRACE_NONE);
    int n = random_until(&slow, 6, 0.4, 10, TRACE_LOSS);
    CHECK(n >= 1 && n <= 3, "a slow flow of 6 a second, 40 %%: after %d s", n);
    struct trouble thin = { .now = TRACE_NONE };
    random_until(&thin, 10, 0, 600, TRACE_NONE);
    n = random_until(&thin, 10, 0.1, 60, TRACE_LOSS);
    CHECK(n >= 1 && n <= 30, "10 a second, 10 %%: adds up, after %d s", n);
    struct trouble_signs unknown = well(863);
    unknown.lost = unknown.packets = NAN;
    struct trouble none = { .now = TRACE_NONE };
    CHECK(until(&none, unknown, 100, TRACE_LOSS) == 0, "an unknown loss is not one");
}

static void test_usual(void)
{
    struct trouble t = { .now = TRACE_NONE };
    int n_begins = 0;
    enum trace_why before = TRACE_NONE;
    srand48(11);
    for (int i = 0; i < 86400; i++) { /* a day of single losses, one in 10,000 */
        struct trouble_signs signs = well(863);
        for (int k = 0; k < 863; k++)
            signs.lost += drand48() < 1e-4;
        enum trace_why now = trouble_take(&t, &signs);
        n_begins += now == TRACE_LOSS && before != TRACE_LOSS;
        before = now;
    }
    CHECK(n_begins <= 3, "a day with single losses: %d troubles", n_begins);
    n_begins = 0;
    for (int i = 0; i < 86400; i++) { /* 1 % for a day: it becomes usual */
        struct trouble_signs signs = well(863);
        for (int k = 0; k < 863; k++)
            signs.lost += drand48() < 0.01;
        enum trace_why now = trouble_take(&t, &signs);
        n_begins += now == TRACE_LOSS && before != TRACE_LOSS;
        before = now;
    }
    CHECK(n_begins >= 1 && n_begins <= 10 && t.now == TRACE_NONE, "1 %% for a day: a trouble at first (%d), then usual",
          n_begins);
}

static void test_delay(void)
{
    struct trouble t = { .now = TRACE_NONE };
    struct trouble_signs signs = well(863);
    until(&t, signs, 100, TRACE_NONE);
    signs.p95_us = 30000;
    CHECK(until(&t, signs, 1, TRACE_DELAY) == 0 && until(&t, signs, 3, TRACE_DELAY) == 1,
          "30 ms in the second interval");
    CHECK(until(&t, well(863), 5, TRACE_NONE) == 5, "over after five quiet ones");
    signs.p95_us = 2400;
    CHECK(until(&t, signs, 20, TRACE_DELAY) == 0, "2.1 ms more than usual is not one");
    signs.p95_us = NAN;
    CHECK(until(&t, signs, 20, TRACE_DELAY) == 0, "an unknown one neither");
}

static void test_silence(void)
{
    struct trouble t = { .now = TRACE_NONE };
    struct trouble_signs signs = well(0);
    until(&t, well(863), 10, TRACE_NONE);
    signs.is_silent = true;
    signs.p95_us = NAN;
    CHECK(until(&t, signs, 3, TRACE_SILENCE) == 2, "nothing arrives for 2 s");
    CHECK(until(&t, well(863), 10, TRACE_NONE) == 5, "and its end");
    struct trouble_signs unheard = {
        .seconds = 1, .lost = NAN, .packets = NAN, .p95_us = NAN, .shift_us = NAN, .unheard_s = 1.9
    };
    CHECK(until(&t, unheard, 3, TRACE_SILENCE) == 0, "a sender: heard of 1.9 s ago");
    unheard.unheard_s = 2.3;
    CHECK(until(&t, unheard, 1, TRACE_SILENCE) == 1, "2.3 s ago");
    struct trouble other = { .now = TRACE_NONE };
    unheard.unheard_s = INFINITY;
    CHECK(until(&other, unheard, 3, TRACE_SILENCE) == 0, "a peer that reads nothing is not a silent path");
    unheard.unheard_s = NAN;
    CHECK(until(&other, unheard, 3, TRACE_SILENCE) == 0, "unknown");
}

static void test_shift(void)
{
    struct trouble t = { .now = TRACE_NONE };
    struct trouble_signs signs = well(863);
    signs.shift_us = -3000;
    CHECK(trouble_take(&t, &signs) == TRACE_SHIFT && until(&t, well(863), 1, TRACE_NONE) == 1, "a shift, once");
    signs.shift_us = 0;
    CHECK(trouble_take(&t, &signs) == TRACE_NONE, "by nothing");
    signs.shift_us = 3000;
    signs.lost = 100;
    CHECK(trouble_take(&t, &signs) == TRACE_LOSS, "with a loss it is a loss");
}

static void test_signs(void)
{
    struct longhaul_interval v = { .seconds = 1, .bytes = 0, .has_loss = true, .lost_packets = 7, .packets = 90 };
    v.delay.p95_us = 12;
    v.delay.shift_us = NAN;
    struct trouble_signs signs = trouble_signs_of(&v, true, NAN);
    CHECK(signs.is_silent && signs.lost == 7 && signs.packets == 90 && signs.p95_us == 12, "of a receiver");
    v.has_loss = false;
    signs = trouble_signs_of(&v, true, NAN);
    CHECK(isnan(signs.lost), "an unknown loss");
    signs = trouble_signs_of(&v, false, 3);
    CHECK(!signs.is_silent && isnan(signs.lost) && signs.unheard_s == 3,
          "a sender, UDP, who knows nothing of loss");
    v.has_tcp = true;
    v.retransmits = 9;
    v.segments = 100;
    signs = trouble_signs_of(&v, false, 0.2);
    CHECK(signs.is_silent && signs.lost == 9 && signs.packets == 100, "a sender, TCP: segments sent again");
}

static void is_flow(enum trace_why why, const char *interval, const char *seen, size_t wanted)
{
    json_t *json = json_loads(interval, 0, NULL);
    size_t flow = trouble_flow(why, json, seen);
    CHECK(flow == wanted, "%s of %s: flow %zu", trace_why_name(why), interval, flow);
    json_decref(json);
}

#define STREAM(socket, lost, bytes) "{\"socket\":" #socket ",\"lost_packets\":" #lost ",\"bytes\":" #bytes "}"

static void test_flow(void)
{
    const char *three = "{\"streams\":[" STREAM(5, 0, 900) "," STREAM(6, 7, 100) "," STREAM(8, 2, 0) "]}";
    is_flow(TRACE_LOSS, three, "", 1);
    is_flow(TRACE_SILENCE, three, "", 2);
    is_flow(TRACE_DELAY, three, "5 0 0 0 0 0 12 40 0 1 nan\n6 0 0 0 0 0 15 90 0 1 nan\n8 0 0 0 0 0 9000 1 0 1 nan\n",
            2);
    is_flow(TRACE_SHIFT, three, "5 0 0 0 0 0 12 40 0 1 -5000\n6 0 0 0 0 0 15 90 0 1 nan\n8 0 0 0 0 0 9 1 0 1 300\n", 0);
    is_flow(TRACE_DELAY, three, "", 0);
    is_flow(TRACE_LOSS, "{\"streams\":[{\"retransmits\":1},{\"retransmits\":4}]}", "", 1); /* TCP */
    is_flow(TRACE_LOSS, "{\"streams\":5}", "", 0);
    is_flow(TRACE_LOSS, "{}", "x", 0);
    is_flow(TRACE_LOSS, "{\"streams\":[null,3,{\"lost_packets\":\"many\"}]}", NULL, 0);
}

int main(void)
{
    test_loss();
    test_usual();
    test_delay();
    test_silence();
    test_shift();
    test_signs();
    test_flow();
    return CHECK_DONE();
}
