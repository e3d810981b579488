/* test_trace_plan.c - when the route is traced and why, by made times: the bucket, the round, troubles and their ends.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "check.h"
#include "record/trace_plan.h"

#define S(seconds) ((int64_t)((seconds) * (double)NS_PER_S))

/* Asks every 0.1 s from one second to another; writes "why@second/flow" of what was due. */
static void run(struct trace_plan *plan, double from_s, double until_s, char *text, size_t size)
{
    size_t n = 0, flow = 99;
    *text = 0;
    for (int64_t t = S(from_s); t < S(until_s); t += NS_PER_S / 10) {
        enum trace_why why = trace_plan_take(plan, &flow, t);
        if (why != TRACE_NONE && n < size)
            n += (size_t)snprintf(text + n, size - n, "%s%s@%g/%zu", n ? " " : "", trace_why_name(why),
                                  (double)t / (double)NS_PER_S, flow);
    }
}

static void is_run(struct trace_plan *plan, double from_s, double until_s, const char *wanted, const char *what)
{
    char text[4000];
    run(plan, from_s, until_s, text, sizeof text);
    CHECK(strcmp(text, wanted) == 0, "%s: %s", what, text);
}

static void test_bucket(void)
{
    struct bucket b = bucket_full(3, S(60), S(100));
    int n = 0;
    for (int64_t t = S(100); t < S(100 + 3600); t += NS_PER_S / 4)
        n += bucket_take(&b, 1, t);
    CHECK(n == 3 + 59, "a greedy hour takes three tokens and one a minute: %d", n);
    b = bucket_full(3, S(60), 0);
    CHECK(bucket_take(&b, 3, 0) && !bucket_take(&b, 3, S(59.9)) && bucket_due_ns(&b, 3) == S(60) &&
              bucket_take(&b, 3, S(60)),
          "full again after a minute");
    CHECK(bucket_take(&b, 1, 0) && b.tokens > 0.99 && b.tokens < 1.01, "a clock that goes back fills nothing");
}

static void test_round(void)
{
    struct trace_plan one = { .n_flows = 0 }, four = one, many = one;
    CHECK(trace_plan_due_ns(&one) == INT64_MAX, "nothing is due before the first session");
    is_run(&one, 0, 10, "", "nothing before the first session");
    trace_plan_begin(&one, 1, S(10));
    is_run(&one, 10, 7300, "start@10/0 hourly@3610/0 hourly@7210/0", "one flow: at the start and every hour");
    trace_plan_begin(&four, 4, 0);
    is_run(&four, 0, 3800,
           "start@0/0 start@60/1 start@120/2 start@180/3 hourly@3600/0 hourly@3660/1 hourly@3720/2 "
           "hourly@3780/3",
           "four flows, one a minute");
    trace_plan_begin(&many, 200, 0);
    size_t flow, n = 0;
    bool is_seen[FLOWS_MAX] = { false };
    for (int64_t t = 0; t < S(2.2 * 3600); t += NS_PER_S)
        if (trace_plan_take(&many, &flow, t) != TRACE_NONE && flow < FLOWS_MAX && ++n)
            is_seen[flow] = true;
    bool all = true;
    for (size_t i = 0; i < FLOWS_MAX; i++)
        all = all && is_seen[i];
    CHECK(all && n <= 133, "128 flows are traced in turn, one a minute: %zu", n);
}

static void test_troubles(void)
{
    struct trace_plan p = { .n_flows = 0 };
    trace_plan_begin(&p, 2, 0);
    is_run(&p, 0, 5, "start@0/0", "start");
    trace_plan_trouble(&p, TRACE_LOSS, 1);
    is_run(&p, 5, 6, "loss@5/1", "a loss, at once, on its flow; a token is left for its end");
    trace_plan_trouble(&p, TRACE_LOSS, 1);
    trace_plan_trouble(&p, TRACE_DELAY, 0);
    is_run(&p, 6, 20, "", "the same trouble, or a lesser one, gives no other trace");
    trace_plan_trouble(&p, TRACE_SILENCE, 0);
    is_run(&p, 20, 21, "silence@20/0", "a graver one does");
    trace_plan_quiet(&p);
    trace_plan_quiet(&p);
    is_run(&p, 21, 100, "ended@60/0", "its end, when there is a token: three in the first minute");
    is_run(&p, 100, 3000, "start@240/1", "then the round goes on when three are there");
    trace_plan_trouble(&p, TRACE_SHIFT, 1);
    is_run(&p, 3000, 3001, "shift@3000/1", "a shift");
    trace_plan_quiet(&p);
    is_run(&p, 3001, 3500, "", "which has no end");
    trace_plan_change(&p, 1);
    is_run(&p, 3500, 3501, "change@3500/1", "what the watch saw");
    trace_plan_trouble(&p, TRACE_LOSS, 0);
    trace_plan_change(&p, 0);
    is_run(&p, 3501, 3502, "loss@3501/0", "a trouble and a change of one flow: one trace");
    trace_plan_quiet(&p);
    is_run(&p, 3502, 3510, "ended@3502/0", "and its end");
    trace_plan_trouble(&p, TRACE_NONE, 0);
    trace_plan_trouble(&p, TRACE_HOURLY, 0);
    trace_plan_trouble(&p, (enum trace_why)77, 0);
    is_run(&p, 3510, 3580, "", "other reasons give no trace");
}

static void test_tokens(void)
{
    struct trace_plan p = { .n_flows = 0 };
    char text[4000];
    trace_plan_begin(&p, 1, 0);
    size_t flow, n = 0;
    for (int64_t t = 0; t < S(86400); t += NS_PER_S) { /* a route that flaps for a day */
        trace_plan_change(&p, 0);
        if (t / NS_PER_S % 7 == 0)
            trace_plan_trouble(&p, TRACE_SILENCE, 0);
        else
            trace_plan_quiet(&p);
        n += trace_plan_take(&p, &flow, t) != TRACE_NONE;
    }
    CHECK(n <= 3 + 1440 && n >= 1440, "a day of troubles: one trace a minute: %zu", n);
    p = (struct trace_plan){ .n_flows = 0 };
    trace_plan_begin(&p, 1, 0);
    run(&p, 0, 1, text, sizeof text);
    for (int i = 0; i < 2; i++) {
        trace_plan_trouble(&p, TRACE_LOSS, 0);
        run(&p, 1 + i, 2 + i, text, sizeof text);
        trace_plan_quiet(&p);
        p.is_end_wanted = false;
    }
    trace_plan_trouble(&p, TRACE_LOSS, 0);
    is_run(&p, 3, 10, "", "no token is left");
    trace_plan_quiet(&p);
    is_run(&p, 10, 70, "ended@60/0", "a trouble that was over before there was one: its end alone");
}

static void test_repeats(void)
{
    struct trace_plan p = { .n_flows = 0 };
    trace_plan_begin(&p, 1, 0);
    is_run(&p, 0, 200, "start@0/0", "start");
    trace_plan_trouble(&p, TRACE_LOSS, 0);
    is_run(&p, 200, 200.05, "loss@200/0", "a loss that lasts");
    CHECK(trace_plan_due_ns(&p) <= S(200), "is due again at once: few probes tell little");
    is_run(&p, 206, 2000, "loss@206/0 loss@266/0 loss@386/0 loss@626/0 loss@1106/0", "then after pauses that double");
    trace_plan_quiet(&p);
    is_run(&p, 2000, 3000, "ended@2000/0", "its end");
    trace_plan_trouble(&p, TRACE_DELAY, 0);
    is_run(&p, 3000, 3500, "delay@3000/0", "a delay that lasts is traced once");
}

/* A loss that comes back before the trace of its end could be made. */
static void test_again(void)
{
    struct trace_plan p = { .n_flows = 0 };
    trace_plan_begin(&p, 1, 0);
    is_run(&p, 0, 200, "start@0/0", "start");
    trace_plan_trouble(&p, TRACE_LOSS, 0);
    is_run(&p, 200, 200.05, "loss@200/0", "a loss");
    trace_plan_quiet(&p);
    trace_plan_trouble(&p, TRACE_LOSS, 0);
    is_run(&p, 207, 600, "loss@207/0 loss@260/0 loss@320/0 loss@440/0", "which is back at once: nothing has ended");
    trace_plan_quiet(&p);
    is_run(&p, 600, 700, "ended@600/0", "now it has");
}

/* Whoever waits until the next thing is due must not wait for the past: that would keep a processor busy. */
static void test_due(void)
{
    static const enum trace_why whys[] = { TRACE_SHIFT, TRACE_DELAY, TRACE_LOSS, TRACE_SILENCE };
    struct trace_plan p = { .n_flows = 0 };
    size_t flow, n_past = 0;
    trace_plan_begin(&p, 3, 0);
    srand48(5);
    for (int64_t t = 0; t < S(40000); t += S(1)) {
        double x = drand48();
        if (x < 0.003)
            trace_plan_trouble(&p, whys[lrand48() % 4], (size_t)(lrand48() % 3));
        else if (x < 0.006)
            trace_plan_quiet(&p);
        else if (x < 0.007)
            trace_plan_change(&p, 1);
        else if (x < 0.0072)
            trace_plan_begin(&p, 1 + (size_t)(lrand48() % 3), t);
        n_past += trace_plan_take(&p, &flow, t) == TRACE_NONE && trace_plan_due_ns(&p) <= t;
    }
    CHECK(n_past == 0, "what is not made now is due later: %zu times it was not", n_past);
}

static void test_sessions(void)
{
    struct trace_plan p = { .n_flows = 0 };
    trace_plan_begin(&p, 1, 0);
    is_run(&p, 0, 2, "start@0/0", "start");
    trace_plan_trouble(&p, TRACE_SILENCE, 0);
    is_run(&p, 2, 3, "silence@2/0", "silence");
    trace_plan_begin(&p, 1, S(30));
    is_run(&p, 30, 40, "ended@30/0", "a session after a trouble");
    trace_plan_begin(&p, 1, S(400));
    is_run(&p, 400, 410, "start@400/0", "a session after none");
    trace_plan_trouble(&p, TRACE_LOSS, 5);
    is_run(&p, 410, 420, "loss@410/0", "a flow that is not there is the first one");
}

static void test_names(void)
{
    bool good =
        trace_why_of(NULL) == TRACE_NONE && trace_why_of("") == TRACE_NONE && trace_why_of("hops") == TRACE_NONE;
    for (int why = TRACE_START; why < TRACE_N_WHYS; why++)
        good = good && trace_why_of(trace_why_name((enum trace_why)why)) == (enum trace_why)why;
    CHECK(good && *trace_why_name((enum trace_why)99) == 0, "each reason by its name");
}

int main(void)
{
    test_bucket();
    test_round();
    test_troubles();
    test_tokens();
    test_repeats();
    test_again();
    test_due();
    test_sessions();
    test_names();
    return CHECK_DONE();
}
