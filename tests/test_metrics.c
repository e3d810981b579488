/* test_metrics.c - the metrics file by itself: labels that try to break out, unknown values, and figures that may not
 * decrease. */

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

#include "base/clock.h"
#include "base/histogram.h"
#include "base/units.h"
#include "model/delay.h"
#include "record/live.h"
#include "record/metrics.h"

static char path[] = "/tmp/longhaul-test-metrics.XXXXXX";

static char *written(const struct longhaul_leg *leg, const struct longhaul_status *status)
{
    struct metrics_leg one = { leg, *status };
    struct longhaul_error err = { 0 };
    static char text[16384];
    if (metrics_write_run(path, &one, 1, 1795533806.25, &err) != 0)
        return err.text[0] ? strcpy(text, err.text) : NULL;
    FILE *file = fopen(path, "r");
    text[file ? fread(text, 1, sizeof text - 1, file) : 0] = 0;
    if (file)
        fclose(file);
    return text;
}

static void test_labels(void)
{
    static const struct { const char *what, *peer, *label; } cases[] = {
        { "a name", "hub.example.net", "peer=\"hub.example.net\"" },
        { "a zone", "fe80::1%eth0", "peer=\"fe80::1%eth0\"" },
        { "quotes", "a\",x=\"b", "peer=\"a\\\",x=\\\"b\"" },
        { "a backslash", "a\\b", "peer=\"a\\\\b\"" },
        { "a line feed", "a\nlonghaul_run_bytes_total 1", "peer=\"a longhaul_run_bytes_total 1\"" },
        { "UTF-8", "h\xc3\xb6he\xf0\x9f\x8c\x8d", "peer=\"h\xc3\xb6he\xf0\x9f\x8c\x8d\"" },
        { "no UTF-8", "a\xff" "b", "peer=\"a\xef\xbf\xbd" "b\"" },
        { "a sequence that breaks off", "a\xe2\x82", "peer=\"a\xef\xbf\xbd\xef\xbf\xbd\"" },
        { "an overlong sequence", "\xc0\xaf", "peer=\"\xef\xbf\xbd\xef\xbf\xbd\"" },
        { "a surrogate", "\xed\xa0\x80", "peer=\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" } };
    struct longhaul_status none = { .jitter_ms = NAN, .bits_per_second = NAN };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct longhaul_leg leg = { .source = "HK", .destination = "WUS" };
        snprintf(leg.peer, sizeof leg.peer, "%s", cases[i].peer);
        longhaul_leg_fill(&leg);
        const char *text = written(&leg, &none), *info = strstr(text, "longhaul_run_info{");
        CHECK(info && strstr(info, cases[i].label) &&
                  strstr(info, ",port=\"5201\",direction=\"push\",protocol=\"UDP\""),
              "label, %s: escaped", cases[i].what);
    }
}

static void test_unknown(void)
{
    struct longhaul_leg leg = { .source = "HK", .destination = "WUS", .peer = "h" };
    struct longhaul_status s = { .jitter_ms = NAN, .bits_per_second = NAN, .planned_s = 86400, .remaining_s = 86400 };
    longhaul_leg_fill(&leg);
    const char *text = written(&leg, &s);
    CHECK(!strstr(text, "lost_packets") && !strstr(text, "jitter") && !strstr(text, "retransmits") &&
              !strstr(text, "nan") && !strstr(text, "coverage"),
          "what is not known is left out");
    CHECK(strstr(text, "longhaul_run_remaining_seconds{src=\"HK\",dst=\"WUS\"} 86400\n") != NULL,
          "whole numbers have no fraction");
    CHECK(strstr(text, "longhaul_run_target_bytes_per_second{src=\"HK\",dst=\"WUS\"} 1250000\n") != NULL,
          "the target is of bytes");
    CHECK(strstr(text, "state=\"connecting\"} 1\n") && strstr(text, "state=\"running\"} 0\n"), "the state");
    s = (struct longhaul_status){ .has_loss = true, .jitter_ms = 0.25, .elapsed_s = 200, .observed_s = 150,
                                  .bytes = 108000000000, .most_lost_packets = 7, .lost_packets = 5 };
    leg.rate_bps = LONGHAUL_RATE_UNLIMITED;
    text = written(&leg, &s);
    CHECK(strstr(text, "longhaul_run_lost_packets_total{src=\"HK\",dst=\"WUS\"} 7\n") != NULL,
          "a counter: the most that was lost so far");
    CHECK(strstr(text, "longhaul_run_jitter_seconds{src=\"HK\",dst=\"WUS\"} 0.00025\n") != NULL, "jitter in seconds");
    CHECK(strstr(text, "longhaul_run_coverage_ratio{src=\"HK\",dst=\"WUS\"} 0.75\n") != NULL, "coverage");
    CHECK(strstr(text, "longhaul_run_bytes_total{src=\"HK\",dst=\"WUS\"} 108000000000\n") != NULL,
          "a day's bytes, to the last one");
    CHECK(!strstr(text, "target"), "an unlimited leg has no target");
}

static void test_twice(void)
{
    struct longhaul_leg legs[2] = { { .source = "HK", .destination = "WUS" },
                                    { .source = "HK", .destination = "WUS" } };
    struct longhaul_error err = { 0 };
    CHECK(metrics_check(path, legs, 2, &err) == LONGHAUL_EINVAL && strstr(err.text, "HK->WUS is in the run twice"),
          "one series twice: %s", err.text);
    strcpy(legs[1].source, "KC");
    CHECK(metrics_check(path, legs, 2, NULL) == 0, "two series");
    CHECK(metrics_check_options("x", 0.01, NULL) == LONGHAUL_EINVAL &&
              metrics_check_options("x", NAN, NULL) == LONGHAUL_EINVAL && metrics_check_options("x", 0, NULL) == 0,
          "how often");
}

/* The value of a series; NAN if it is not there. */
static double value_in(const char *text, const char *series)
{
    const char *found = strstr(text, series);
    return found && (found == text || found[-1] == '\n') ? strtod(found + strlen(series), NULL) : NAN;
}

#define LEG "src=\"HK\",dst=\"WUS\""

/* Known delays: half of 2,000 datagrams 64 us, half 20 ms; the same again; then what is not a histogram. */
static void test_delays(void)
{
    struct longhaul_leg leg = { .source = "HK", .destination = "WUS", .peer = "h" };
    struct longhaul_status s;
    struct histogram h = { 0 };
    struct live l;
    struct longhaul_interval v = { .seconds = 1, .bytes = 100, .packets = 10, .has_loss = true, .delay = delay_none() };
    char coded[HISTOGRAM_BINS * 8];
    leg.direction = LONGHAUL_DIRECTION_PULL;
    longhaul_leg_fill(&leg);
    live_init(&l);
    live_session(&l);
    live_interval(&l, &v);
    live_status(&l, &s);
    const char *text = written(&leg, &s);
    CHECK(!strstr(text, "delay") && !strstr(text, "silence") && !strstr(text, "shift"),
          "no delays: not a word of them");
    v.delay.base_us = -3;
    v.delay.p50_us = 64;
    v.delay.p99_us = 20000;
    v.delay.silences = 2;
    v.delay.silence_us = 300000;
    v.delay.shift_us = -1500;
    live_interval(&l, &v);
    v.delay.shift_us = NAN;
    v.delay.silences = 0;
    v.delay.silence_us = 5000;
    live_interval(&l, &v);
    live_status(&l, &s);
    text = written(&leg, &s);
    CHECK(value_in(text, "longhaul_run_delay_p99_seconds{" LEG "} ") == 0.02, "p99 of the newest interval");
    CHECK(value_in(text, "longhaul_run_base_shifts_total{" LEG "} ") == 1 &&
              value_in(text, "longhaul_run_silences_total{" LEG "} ") == 2 &&
              value_in(text, "longhaul_run_longest_silence_seconds{" LEG "} ") == 0.3,
          "shifts, silences, and the longest one");
    CHECK(value_in(text, "longhaul_run_delay_seconds_count{" LEG "} ") == 0,
          "before the first histogram: none counted");
    for (int i = 0; i < 2000; i++)
        histogram_add(&h, i % 2 ? 64 : 20000);
    histogram_text(&h, coded, sizeof coded);
    live_delays(&l, coded);
    live_delays(&l, coded);
    live_delays(&l, "!");
    live_status(&l, &s);
    text = written(&leg, &s);
    static const struct { const char *bound; double n; } buckets[] = {
        { "0.0001", 2000 }, { "0.00025", 2000 }, { "0.01", 2000 }, { "0.025", 4000 }, { "10", 4000 }, { "+Inf", 4000 }
    };
    for (size_t i = 0; i < sizeof buckets / sizeof *buckets; i++) {
        char series[128];
        snprintf(series, sizeof series, "longhaul_run_delay_seconds_bucket{" LEG ",le=\"%s\"} ", buckets[i].bound);
        CHECK(value_in(text, series) == buckets[i].n, "%s %g", series, value_in(text, series));
    }
    CHECK(value_in(text, "longhaul_run_delay_seconds_count{" LEG "} ") == 4000, "all of them");
    double sum_s = value_in(text, "longhaul_run_delay_seconds_sum{" LEG "} "), exact_s = 2000 * (64e-6 + 20e-3);
    CHECK(fabs(sum_s - exact_s) < exact_s / 64, "their sum to 1.6 %%: %g, exactly %g", sum_s, exact_s);
}

/* Percentiles of a total are those of the sum of histograms: 99.5 % of 200,000 datagrams in the second minute have
 * 300 us, so the 1,000 of the first minute, all of 20 ms, are only its last half percent. */
static void test_total_delay(void)
{
    static const struct { double us; int n; double p99_us; } minutes[] = { { 20000, 1000, 20000 },
                                                                           { 300, 199000, 300 } };
    char coded[HISTOGRAM_BINS * 8];
    struct longhaul_status s;
    struct live l;
    live_init(&l);
    live_status(&l, &s);
    CHECK(isnan(s.delays.p99_us), "no histogram yet: no total");
    for (size_t i = 0; i < 2; i++) {
        struct histogram h = { 0 };
        for (int k = 0; k < minutes[i].n; k++)
            histogram_add(&h, minutes[i].us);
        histogram_text(&h, coded, sizeof coded);
        live_delays(&l, coded);
        live_delays(&l, "!");
        live_status(&l, &s);
        CHECK(fabs(s.delays.p99_us - minutes[i].p99_us) <= minutes[i].p99_us / 64, "p99 of all: %g us, not %g",
              s.delays.p99_us, minutes[i].p99_us);
    }
}

/* Losses that turn out to be reordering, a session that broke silently, and the same record read again. */
static void test_live(void)
{
    struct live l;
    struct longhaul_interval v = { .seconds = 1, .bytes = 100, .packets = 10, .lost_packets = 4, .has_loss = true };
    live_init(&l);
    CHECK(live_observed_s(&l) == 0, "nothing yet");
    live_session(&l);
    live_interval(&l, &v);
    live_confirm(&l, 1);
    v.start_s = 1;
    v.lost_packets = -3;
    live_interval(&l, &v);
    CHECK(l.lost_packets == 1 && l.most_lost_packets == 4, "losses that are taken back: 1, at most 4");
    CHECK(fabs(live_observed_s(&l) - 1) < 1e-9, "what nobody confirmed is not observed");
    live_gap(&l, 1, 5, false);
    live_session(&l);
    v.start_s = 5;
    live_interval(&l, &v);
    live_confirm(&l, 6);
    CHECK(fabs(live_observed_s(&l) - 2) < 1e-9 && l.n_sessions == 2 && l.n_gaps == 1, "a gap: %g s observed",
          live_observed_s(&l));
    v.bytes = -5;
    v.packets = -1;
    live_interval(&l, &v);
    CHECK(l.bytes == 300 && l.packets == 30, "nonsense of a peer's takes nothing away");
}

/* The newest interval and the mean, for those who watch. */
static void test_newest(void)
{
    struct live l;
    struct longhaul_status s;
    struct longhaul_interval v = { .seconds = 1, .bytes = 100, .packets = 10, .lost_packets = 4, .has_loss = true,
                                   .bits_per_second = 800, .monotonic_ns = clock_monotonic_ns() - 3 * NS_PER_S };
    live_init(&l);
    live_session(&l);
    live_status(&l, &s);
    CHECK(isnan(s.newest_loss_percent) && isnan(s.newest_age_s) && isnan(s.mean_bits_per_second) &&
              isnan(s.start_unix_s) && isnan(s.end_unix_s) && isnan(s.target_bits_per_second),
          "before the first interval nothing is known");
    live_interval(&l, &v);
    live_status(&l, &s);
    CHECK(fabs(s.newest_loss_percent - 40) < 1e-9 && s.newest_age_s >= 3 && s.newest_age_s < 60, "40 %%, 3 s ago");
    v = (struct longhaul_interval){ .start_s = 9, .seconds = 3, .bytes = 300, .packets = 20, .lost_packets = -2,
                                    .has_loss = true };
    live_interval(&l, &v);
    live_status(&l, &s);
    CHECK(s.newest_loss_percent == 0 && isnan(s.newest_age_s), "late packets are no loss; from a file: of no age");
    CHECK(fabs(s.mean_bits_per_second - 800) < 1e-9, "the mean is over what was measured, not over gaps: %g",
          s.mean_bits_per_second);
    v.packets = v.lost_packets = 0;
    live_interval(&l, &v);
    live_status(&l, &s);
    CHECK(isnan(s.newest_loss_percent), "no packet: no loss is known");
    v.packets = 10;
    v.has_loss = false;
    live_interval(&l, &v);
    live_status(&l, &s);
    CHECK(isnan(s.newest_loss_percent) && s.has_loss, "the newest interval does not know, older ones did");
}

static void pass(struct live *l, double start_s, int64_t bytes, int64_t packets, int64_t lost, double jitter_ms,
                 double confirmed_s)
{
    const struct longhaul_interval v = { .start_s = start_s, .seconds = 1, .bytes = bytes, .packets = packets,
                                         .lost_packets = lost, .has_loss = true, .jitter_ms = jitter_ms,
                                         .delay = delay_none() };
    live_interval(l, &v);
    live_confirm(l, confirmed_s);
}

/* Availability as that of a finished test, and a histogram of the intervals' jitter; a sender knows neither. */
static void test_availability(void)
{
    struct longhaul_leg leg = { .source = "HK", .destination = "WUS", .peer = "h" };
    struct longhaul_interval sent = { .seconds = 1, .bytes = 100, .packets = 10, .jitter_ms = NAN };
    struct longhaul_status s;
    struct live l;
    longhaul_leg_fill(&leg);
    live_init(&l);
    live_session(&l);
    live_interval(&l, &sent);
    live_status(&l, &s);
    CHECK(isnan(s.unavailable_s) && !strstr(written(&leg, &s), "unavailable") && !strstr(written(&leg, &s), "jitter"),
          "where the loss is not known, nor is the availability or the jitter");
    live_init(&l);
    live_session(&l);
    pass(&l, 0, 1000, 100, 0, 0.05, 1);
    pass(&l, 1, 1000, 100, 1, 0.1, 2);
    pass(&l, 2, 1000, 200, 1, 7, 3);
    pass(&l, 3, 1000, 100, -3, 3e4, 4);
    live_status(&l, &s);
    CHECK(s.unavailable_s == 1, "a second with 1 %% of loss is not available, one with less is: %g", s.unavailable_s);
    const char *text = written(&leg, &s);
    CHECK(value_in(text, "longhaul_run_unavailable_seconds_total{" LEG "} ") == 1, "so says the metric");
    CHECK(value_in(text, "longhaul_run_interval_jitter_seconds_bucket{" LEG ",le=\"0.0001\"} ") == 2 &&
              value_in(text, "longhaul_run_interval_jitter_seconds_bucket{" LEG ",le=\"0.005\"} ") == 2 &&
              value_in(text, "longhaul_run_interval_jitter_seconds_bucket{" LEG ",le=\"0.01\"} ") == 3 &&
              value_in(text, "longhaul_run_interval_jitter_seconds_bucket{" LEG ",le=\"10\"} ") == 3 &&
              value_in(text, "longhaul_run_interval_jitter_seconds_bucket{" LEG ",le=\"+Inf\"} ") == 4 &&
              value_in(text, "longhaul_run_interval_jitter_seconds_count{" LEG "} ") == 4,
          "the jitter of each interval is counted once");
    pass(&l, 4, 0, 0, 0, NAN, 5);
    live_status(&l, &s);
    CHECK(s.unavailable_s == 2, "nor is a second without an arrival: %g", s.unavailable_s);
    for (int i = 5; i < 8; i++)
        pass(&l, i, 0, 0, 0, NAN, 5);
    live_status(&l, &s);
    CHECK(s.unavailable_s == 2, "unless nobody confirms it, for then it may be this host's: %g", s.unavailable_s);
    live_gap(&l, 5, 20, true);
    live_status(&l, &s);
    CHECK(s.unavailable_s == 17, "a gap of a silent path has it: %g", s.unavailable_s);
    live_session(&l);
    pass(&l, 20, 0, 0, 0, NAN, 20);
    pass(&l, 21, 0, 0, 0, NAN, 20);
    live_gap(&l, 21, 40, false);
    live_status(&l, &s);
    CHECK(s.unavailable_s == 18, "of a gap in which nobody looked, nothing is known: %g", s.unavailable_s);
    live_session(&l);
    pass(&l, 40, 0, 0, 0, NAN, 40);
    pass(&l, 41, 1000, 200, 100, 1, 42);
    live_status(&l, &s);
    CHECK(s.unavailable_s == 20, "what is confirmed later counts then: %g", s.unavailable_s);
}

int main(void)
{
    int fd = mkstemp(path);
    if (fd < 0)
        return 1;
    close(fd);
    test_labels();
    test_unknown();
    test_twice();
    test_delays();
    test_total_delay();
    test_live();
    test_newest();
    test_availability();
    unlink(path);
    return CHECK_DONE();
}
