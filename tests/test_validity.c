/* test_validity.c - each rule with a test that breaks only this rule, and the figures from which artefacts are
 * excluded. */

#include "check.h"
#include "rows.h"

static bool has(const struct longhaul_analysis *a, const char *rule, bool is_fault)
{
    size_t n;
    const struct longhaul_finding *findings = longhaul_analysis_findings(a, &n);
    for (size_t i = 0; i < n; i++)
        if (strcmp(findings[i].rule, rule) == 0 && findings[i].is_fault == is_fault)
            return true;
    return false;
}

static const char *first_text(const struct longhaul_analysis *a)
{
    size_t n;
    const struct longhaul_finding *findings = longhaul_analysis_findings(a, &n);
    return n ? findings[0].text : "nothing found";
}

/* These rows break only this rule, as a fault or a note. */
static void expect(struct rows rows, const char *rule, bool is_fault)
{
    size_t n;
    struct longhaul_analysis *a = rows_analyse(rows, "HK-WUS");
    longhaul_analysis_findings(a, &n);
    CHECK(n == 1 && has(a, rule, is_fault) &&
              longhaul_analysis_verdict(a) ==
                  (is_fault ? LONGHAUL_VERDICT_NOT_VALID : LONGHAUL_VERDICT_VALID_WITH_NOTES),
          "%s: %s (%zu found)", rule, first_text(a), n);
    longhaul_analysis_free(a);
}

static struct rows with_end(struct rows rows, const char *end)
{
    rows.end = end;
    return rows;
}

static struct rows sender(size_t n)
{
    struct rows rows = rows_new(n);
    rows.is_sender = true;
    for (size_t i = 0; i < n; i++)
        rows.row[i].lost = NAN;
    return rows;
}

static void test_totals(void)
{
    expect(rows_new(0), "no_intervals", true);
    expect(with_end(rows_new(100), "{}"), "no_end", false);
    /* esnet/iperf#1534: a day's end on 3.12 */
    expect(with_end(sender(100), "{\"sum\":{\"lost_packets\":0,\"packets\":2147483647,\"lost_percent\":0}}"),
           "total_int_max", true);
    expect(with_end(rows_new(100), "{\"sum\":{\"lost_packets\":0,\"packets\":2147483647,\"lost_percent\":0}}"),
           "total_int_max", false);
    expect(with_end(sender(100), "{\"sum\":{\"lost_packets\":0,\"packets\":0,\"lost_percent\":0}}"), "total_zero",
           true);
    expect(with_end(sender(100), "{\"sum\":{\"lost_packets\":5,\"packets\":-90000}}"), "wrapped_counter", true);
    expect(with_end(sender(100), "{\"sum\":{\"lost_packets\":-5,\"packets\":90000}}"), "loss_out_of_range", true);
    expect(with_end(sender(100), "{\"sum\":{\"lost_packets\":1,\"packets\":90000,\"lost_percent\":-3.5}}"),
           "loss_out_of_range", true);
    expect(with_end(sender(100), "{\"sum\":{\"lost_packets\":1,\"packets\":90000,\"lost_percent\":104}}"),
           "loss_out_of_range", true);
    expect(with_end(sender(100), "{\"sum\":{\"lost_packets\":91000,\"packets\":90000}}"), "loss_out_of_range", true);
    /* 10 Mbit/s for 4,000 s are 5 GB: a 32-bit counter shows 705032704 of them */
    expect(with_end(sender(4000), "{\"sum_sent\":{\"bytes\":704993590}}"), "wrapped_counter", true);
}

static void test_sides(void)
{
    /* 90,187 packets were sent in 100 s */
    expect(
        with_end(sender(100),
                 "{\"sum\":{\"lost_packets\":0,\"packets\":90187,\"lost_percent\":0,\"seconds\":100},"
                 "\"sum_sent\":{\"bytes\":124999182,\"packets\":90187},\"sum_received\":{\"bytes\":0,\"packets\":0}}"),
        "receiver_unknown", true);
    struct longhaul_analysis *a =
        rows_analyse(with_end(sender(100), /* esnet/iperf#1984 */
                              "{\"sum\":{\"lost_packets\":0,\"packets\":90187,\"lost_percent\":0,\"seconds\":100},"
                              "\"sum_sent\":{\"bytes\":124999182,\"packets\":90187},"
                              "\"sum_received\":{\"bytes\":87499427,\"packets\":90187}}"),
                     "HK-WUS");
    CHECK(has(a, "sides_disagree", true) && has(a, "rate_not_reached", false), "sides_disagree: %s", first_text(a));
    longhaul_analysis_free(a);
    expect(with_end(sender(100), "{\"sum\":{\"lost_packets\":0,\"packets\":90187},\"sum_sent\":{\"packets\":90187},"
                                 "\"sum_received\":{\"packets\":80000}}"),
           "sides_disagree", true);
    expect(with_end(rows_new(100), "{\"sum\":{\"lost_packets\":50,\"packets\":90187}}"), "sides_disagree", true);
}

static void test_time(void)
{
    struct rows rows = rows_new(100);
    for (size_t i = 0; i < 100; i++) {
        rows.row[i].monotonic_us = 1e6 * (double)(i + 1);
        /* 50 us a second of drift are not a step */
        rows.row[i].unix_us = ROWS_START * 1e6 + 1e6 * (double)(i + 1) + 0.00005e6 * (double)i;
    }
    struct rows stepped = rows;
    stepped.row = malloc(100 * sizeof *stepped.row);
    memcpy(stepped.row, rows.row, 100 * sizeof *stepped.row);
    for (size_t i = 60; i < 100; i++)
        stepped.row[i].unix_us -= 2.5e6;
    expect(stepped, "clock_stepped", false);
    struct longhaul_analysis *a = rows_analyse(rows, "HK-WUS");
    CHECK(longhaul_analysis_verdict(a) == LONGHAUL_VERDICT_VALID &&
              longhaul_analysis_figures(a)->start_unix_s == ROWS_START,
          "drift is not a step");
    longhaul_analysis_free(a);

    rows = rows_new(100);
    rows.duration = 150;
    expect(rows, "short_run", false);
    rows = rows_new(100);
    rows.duration = 86400;
    expect(rows, "short_run", true);
    rows = rows_new(100);
    rows.duration = 110;
    for (size_t i = 50; i < 100; i++)
        rows.row[i].start += 10;
    expect(rows, "gaps", false);
    rows = rows_new(100);
    for (size_t i = 1; i < 100; i++)
        rows.row[i].start -= 0.5;
    expect(rows, "overlapping_intervals", false);
    rows = rows_new(100);
    for (size_t i = 50; i < 100; i++)
        rows.row[i].start = rows.row[i - 50].start;
    rows.duration = 50;
    expect(rows, "repeated_intervals", false);
}

static void test_intervals(void)
{
    struct rows rows = rows_new(101);
    rows.duration = 100;
    rows.row[100].seconds = 0.002;
    expect(rows, "tiny_interval", false);
    rows = rows_new(1000);
    rows.row[50].bytes = -1000;
    rows.end = "{\"sum\":{}}";
    expect(rows, "absurd_count", true);
    rows = rows_new(100);
    rows.row[40].lost = 3; /* as it seemed */
    rows.row[50].lost = -3;
    expect(rows, "absurd_loss", false);
    rows = rows_new(100);
    rows.row[0].jitter = 104857600;
    expect(rows, "absurd_jitter", false);
}

static void test_rates(void)
{
    struct rows rows = sender(100);
    rows.target = 1.1e7;
    expect(rows, "sender_limited", false);
    rows = sender(100);
    rows.target = 1e8;
    expect(rows, "sender_limited", true);
    rows = sender(100);
    rows.n_streams = 4; /* 10 Mbit/s each */
    expect(rows, "sender_limited", true);
    rows = rows_new(100);
    for (size_t i = 0; i < 100; i++)
        rows_lose(&rows, i, 200);
    expect(rows, "rate_not_reached", false);
}

static void test_artefacts_are_left_out(void)
{
    struct rows rows = rows_new(1001);
    rows.row[1000].seconds = 0.0003; /* three packets: 110 Mbit/s */
    rows.row[1000].bytes = 3 * ROWS_BYTES;
    rows.row[0].jitter = 1e8;
    rows.row[500].lost = -2;
    struct longhaul_analysis *a = rows_analyse(rows, "HK-WUS");
    const struct longhaul_figures *f = longhaul_analysis_figures(a);
    const struct longhaul_summary *s = longhaul_analysis_summary(a);
    CHECK(s->max_mbps > 100 && f->rate_mbps.max < 10.1 && f->rate_mbps.n == 1000,
          "the reference's maximum has the last 0.3 ms, percentiles do not");
    CHECK(f->jitter_ms.n == 999 && f->jitter_ms.max < 0.006, "a jitter of 10^8 is in no percentile");
    CHECK(f->loss_percent.n == 999 && f->loss_percent.min == 0 && f->lost_packets == -2,
          "a loss below 0 is in no percentile, but in the sum");
    CHECK(f->n_tiny == 1 && f->n_absurd_jitters == 1 && f->n_absurd_losses == 1 && f->n_absurd_counts == 0 &&
              f->n_overlapping == 0,
          "each is counted");
    const unsigned char *marks = longhaul_analysis_artefacts(a);
    CHECK(marks[0] == LONGHAUL_ARTEFACT_ABSURD_JITTER && marks[1] == 0 && marks[500] == LONGHAUL_ARTEFACT_ABSURD_LOSS &&
              marks[1000] == LONGHAUL_ARTEFACT_TINY,
          "and marked");
    longhaul_analysis_free(a);
}

static void test_limits(void)
{
    struct longhaul_analysis_options options = { .loss_limit_percent = 101 };
    struct longhaul_error err = { 0 };
    struct longhaul_reader *reader = NULL;
    struct longhaul_series *series = NULL;
    struct longhaul_analysis *a = NULL;
    if (longhaul_reader_open("tests/data/reader/pull.json", NULL, &reader, NULL) == 0 &&
        longhaul_reader_next(reader, &series, NULL) == 1) {
        CHECK(longhaul_analyse(series, &options, &a, &err) == LONGHAUL_EINVAL && a == NULL, "refused: %s", err.text);
        options.loss_limit_percent = 0.2; /* pull.json: 0, 2/902, 0, 0, 1/902 lost */
        CHECK(longhaul_analyse(series, &options, &a, &err) == 0 && longhaul_analysis_figures(a)->availability == 0.8,
              "available below 0.2 %%: 4 s of 5");
    }
    longhaul_analysis_free(a);
    longhaul_series_free(series);
    longhaul_reader_free(reader);
    longhaul_analysis_free(NULL);
}

int main(void)
{
    struct longhaul_analysis *good = rows_analyse(rows_new(100), "HK-WUS");
    CHECK(longhaul_analysis_verdict(good) == LONGHAUL_VERDICT_VALID, "a good test is valid: %s", first_text(good));
    longhaul_analysis_free(good);
    test_totals();
    test_sides();
    test_time();
    test_intervals();
    test_rates();
    test_artefacts_are_left_out();
    test_limits();
    return CHECK_DONE();
}
