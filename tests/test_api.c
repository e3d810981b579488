/* test_api.c - the library as another program uses it: <longhaul.h> alone, and the functions that no command calls. A
 * journal that was left behind becomes a result, the result a series, the series figures. */

#include <longhaul.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

#define JOURNAL "HK-WUS-10M_24H_20251115_010046.journal"
#define TCP_RECORD "tests/data/tcp/HK-HUB-TCP_6S_20261124_161249.json"

static void test_version(void)
{
    unsigned major, minor, patch;
    int n = sscanf(longhaul_version(), "%u.%u.%u", &major, &minor, &patch);
    CHECK(strcmp(longhaul_version(), LONGHAUL_VERSION) == 0 && longhaul_version_hex() == LONGHAUL_VERSION_HEX,
          "header and library are of one version, %s", longhaul_version());
    CHECK(n == 3 && longhaul_version_hex() == (major << 16 | minor << 8 | patch), "0x%06x is %s",
          (unsigned)longhaul_version_hex(), longhaul_version());
}

static void test_topology(void)
{
    static const char text[] = "{\"format\":1,\"sites\":{\"HK\":{\"address\":\"172.17.0.4\",\"ports\":5201},"
                               "\"WUS\":{\"address\":\"172.16.0.4\",\"ports\":5201}},"
                               "\"legs\":[\"HK-WUS\"]}";
    struct longhaul_topology *topology = NULL;
    struct longhaul_error err = { 0 };
    char stem[LONGHAUL_STEM_MAX];
    int rc = longhaul_topology_parse(text, sizeof text - 1, "a text", &topology, &err);
    CHECK(rc == 0 && longhaul_topology_n_sites(topology) == 2 && longhaul_topology_n_legs(topology) == 1,
          "a topology of two sites from memory%s%s", *err.text ? ": " : "", err.text);
    const struct longhaul_sited_leg *leg = topology ? longhaul_topology_leg(topology, 0) : NULL;
    CHECK(leg && longhaul_leg_stem(&leg->leg, 1763168446, stem, &err) == 0 &&
              strcmp(stem, "HK-WUS-10M_24H_20251115_010046") == 0,
          "the stem of its leg's files: %s", leg ? stem : "");
    longhaul_topology_free(topology);
    memset(&err, 0, sizeof err);
    rc = longhaul_topology_parse("[]", 2, "a list", &topology, &err);
    CHECK(rc < 0 && rc == err.code && strstr(err.text, "a list"), "messages call it what the caller does: %s",
          err.text);
}

/* The nanoseconds of 2^55 seconds are a multiple of 2^64. */
#define WRAPS (INT64_C(1) << 55)

static void test_far_starts(void)
{
    const int64_t starts[] = { INT64_MAX, INT64_MIN, time(NULL) + 10 + WRAPS, 32503680000, -1 };
    struct longhaul_leg leg = { .source = "HK", .destination = "WUS", .peer = "127.0.0.1" };
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        struct longhaul_run_options options = { .start_unix_s = starts[i] };
        struct longhaul_run *run = NULL;
        struct longhaul_error err = { 0 };
        int rc = longhaul_run_new(&options, &run, &err);
        if (rc == 0)
            rc = longhaul_run_add(run, &leg, &err);
        CHECK(rc == LONGHAUL_EINVAL && strstr(err.text, "a year"), "a start at %lld: %s", (long long)starts[i],
              err.text);
        longhaul_run_free(run);
    }
}

static struct longhaul_series *read_one(const char *path)
{
    struct longhaul_reader *reader = NULL;
    struct longhaul_series *series = NULL;
    struct longhaul_error err = { 0 };
    if (longhaul_reader_open(path, NULL, &reader, &err) != 0 || longhaul_reader_next(reader, &series, &err) != 1)
        CHECK(false, "%s is read: %s", path, err.text);
    longhaul_reader_free(reader);
    return series;
}

static void check_figures(const struct longhaul_series *series)
{
    struct longhaul_analysis *analysis = NULL;
    struct longhaul_summary summary;
    struct longhaul_error err = { 0 };
    size_t n = longhaul_series_length(series), n_gaps, n_of_analysis, n_marked = 0;
    const double *bytes = longhaul_series_column(series, LONGHAUL_COLUMN_BYTES);
    const struct longhaul_gap *gaps = longhaul_series_gaps(series, &n_gaps);
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += bytes[i];
    longhaul_summarise(series, &summary);
    CHECK(n > 0 && summary.n_intervals == n && n_gaps > 0 && gaps[0].seconds > 0 && *gaps[0].cause,
          "%zu intervals; its first gap: %s, %g s", n, n_gaps ? gaps[0].cause : "", n_gaps ? gaps[0].seconds : NAN);
    if (longhaul_analyse(series, NULL, &analysis, &err) != 0) {
        CHECK(false, "analysed: %s", err.text);
        return;
    }
    longhaul_analysis_gaps(analysis, &n_of_analysis);
    const unsigned char *artefacts = longhaul_analysis_artefacts(analysis);
    for (size_t i = 0; i < n; i++)
        n_marked += artefacts[i] != 0;
    CHECK(n_of_analysis == n_gaps && n_marked <= n, "the analysis has its %zu gaps, and marks %zu intervals",
          n_of_analysis, n_marked);
    CHECK(longhaul_analysis_figures(analysis)->bytes == (int64_t)sum && longhaul_analysis_tcp(analysis) == NULL,
          "it counts %.0f bytes, and has no figures for TCP", sum);
    longhaul_analysis_free(analysis);
}

static bool copy(const char *from, const char *to)
{
    char block[8192];
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    size_t n;
    bool good = in && out;
    while (good && (n = fread(block, 1, sizeof block, in)) > 0)
        good = fwrite(block, 1, n, out) == n;
    if (in)
        fclose(in);
    return (out == NULL || fclose(out) == 0) && good;
}

static void test_recover_and_read(void)
{
    char dir[] = "/tmp/longhaul-api.XXXXXX", journal[128], result[256] = "", damaged[160];
    struct longhaul_error err = { 0 };
    if (mkdtemp(dir) == NULL || snprintf(journal, sizeof journal, "%s/%s", dir, JOURNAL) < 0 ||
        !copy("tests/data/left-behind.journal", journal)) {
        CHECK(false, "a copy of the journal");
        return;
    }
    int rc = longhaul_recover(journal, result, sizeof result, &err);
    CHECK(rc == 0 && strstr(result, ".json"), "the journal becomes %s%s", result, err.text);
    struct longhaul_series *series = rc == 0 ? read_one(result) : NULL;
    if (series)
        check_figures(series);
    longhaul_series_free(series);
    snprintf(damaged, sizeof damaged, "%s.damaged", journal);
    unlink(result), unlink(damaged), unlink(journal);
    CHECK(rmdir(dir) == 0, "it leaves nothing else");
}

static void test_tcp(void)
{
    struct longhaul_series *series = read_one(TCP_RECORD);
    struct longhaul_analysis *analysis = NULL;
    size_t n = 0;
    if (series == NULL || longhaul_analyse(series, NULL, &analysis, NULL) != 0)
        return;
    const struct longhaul_rtt_sample *rtt = longhaul_series_rtt(series, &n);
    const struct longhaul_host_drops *drops = longhaul_series_host_drops(series);
    const struct longhaul_host_drops *same = longhaul_analysis_host_drops(analysis);
    CHECK(n > 0 && rtt[0].rtt_ms > 0, "%zu round trips, the first of %.1f ms", n, n ? rtt[0].rtt_ms : NAN);
    CHECK(drops && same && drops->udp_receive_buffer == same->udp_receive_buffer, "its host's drops");
    CHECK(longhaul_analysis_tcp(analysis) && longhaul_analysis_tcp(analysis)->rtt_ms.p50 > 0, "figures for TCP");
    struct longhaul_span *spans = NULL;
    CHECK(longhaul_analysis_spans(analysis, series, 1e6, &spans, &n, NULL) == 0 && n > 0 && spans[0].n_intervals > 0,
          "spans of any length");
    free(spans);
    longhaul_analysis_free(analysis);
    longhaul_series_free(series);
}

static void test_figures(void)
{
    struct longhaul_formula_values values;
    struct longhaul_formula_figures *figures = NULL;
    char *json = NULL;
    longhaul_formula_values_clear(&values);
    values.rate_bps = 10e6, values.rtt_ms = 150;
    int rc = longhaul_formula_calculate(&values, &figures, NULL);
    double bdp = NAN;
    for (size_t i = 0; rc == 0 && i < longhaul_formula_figures_length(figures); i++)
        if (strcmp(longhaul_formula_figures_at(figures, i)->key, "bdp_bytes") == 0)
            bdp = longhaul_formula_figures_at(figures, i)->value;
    CHECK(bdp == 187500, "10 Mbit/s over 150 ms: %.0f bytes in flight", bdp);
    CHECK(rc == 0 && longhaul_formula_figures_json(figures, &json, NULL) == 0 && strstr(json, "\"bdp_bytes\":187500"),
          "as JSON, too");
    longhaul_text_free(json);
    longhaul_text_free(NULL);
    longhaul_formula_figures_free(figures);
}

/* The functions of compare.h, with two reports of one file. */
static void check_comparison(const struct longhaul_comparison *c)
{
    size_t n;
    char text[100], *json = NULL, *markdown = NULL;
    const struct longhaul_compared_leg *legs = longhaul_comparison_legs(c, &n);
    const struct longhaul_compared_figure *loss = &legs[0].figures[LONGHAUL_COMPARED_LOSS];
    CHECK(n == 1 && legs[0].n_before == 1 && legs[0].n_after == 1 && legs[0].is_matched, "one leg, matched");
    CHECK(loss->is_known && loss->effect == 0 && isnan(loss->low) && *loss->why &&
              loss->difference == LONGHAUL_DIFFERENCE_CANNOT_SAY,
          "a few seconds are too few pieces of time: %s", loss->why);
    CHECK(!legs[0].figures[LONGHAUL_COMPARED_RETRANSMITS].is_known &&
              isnan(legs[0].figures[LONGHAUL_COMPARED_RTT].before),
          "what UDP does not have is unknown");
    CHECK(longhaul_comparison_n(c, LONGHAUL_DIFFERENCE_CANNOT_SAY) == 3 &&
              longhaul_comparison_n(c, LONGHAUL_DIFFERENCE_WORSE) == 0 && !longhaul_comparison_is_complete(c),
          "nothing is said: %s", longhaul_comparison_verdict(c));
    CHECK(longhaul_comparison_error(c) == 0.03 / 3, "each of 3 figures has a third of the error");
    longhaul_compared_value_text(loss, 0.04567, text, sizeof text);
    CHECK(strcmp(text, "0.046") == 0, "a value: %s", text);
    longhaul_compared_effect_text(loss, text, sizeof text);
    CHECK(strcmp(text, "0.000") == 0, "a difference without an interval: %s", text);
    CHECK(longhaul_comparison_json(c, &json, NULL) == 0 && strstr(json, "\"cannot_say\":3"), "JSON");
    CHECK(longhaul_comparison_markdown(c, &markdown, NULL) == 0 && strstr(markdown, "| loss, % |"), "Markdown");
    longhaul_text_free(json);
    longhaul_text_free(markdown);
}

static void test_compare(void)
{
    static const char *const paths[] = { "tests/data/reader/pull.json" };
    struct longhaul_compare_options options = { .error = 0.03 };
    struct longhaul_report *before = NULL, *after = NULL;
    struct longhaul_comparison *c = NULL;
    struct longhaul_error err = { 0 };
    int rc = longhaul_report_read(paths, 1, NULL, &before, &err) ||
             longhaul_report_read(paths, 1, NULL, &after, &err) || longhaul_compare(before, after, &options, &c, &err);
    CHECK(rc == 0 && c, "a file compared with itself%s%s", *err.text ? ": " : "", err.text);
    if (c)
        check_comparison(c);
    longhaul_comparison_free(c);
    longhaul_comparison_free(NULL);
    c = NULL;
    options.margins[LONGHAUL_COMPARED_LOSS] = -1;
    CHECK(longhaul_compare(before, after, &options, &c, &err) == LONGHAUL_EINVAL && !c, "a margin below 0: %s",
          err.text);
    options = (struct longhaul_compare_options){ .error = 0.5 };
    CHECK(longhaul_compare(before, after, &options, &c, NULL) == LONGHAUL_EINVAL && !c, "an error of 0.5");
    for (int q = 0; q < LONGHAUL_N_COMPARED; q++)
        CHECK(longhaul_compare_margin((enum longhaul_compared)q) > 0 &&
                  *longhaul_compared_unit((enum longhaul_compared)q),
              "%s has a margin and a unit", longhaul_compared_text((enum longhaul_compared)q));
    CHECK(strcmp(longhaul_difference_text(LONGHAUL_DIFFERENCE_WORSE), "worse") == 0 &&
              strcmp(longhaul_difference_words(LONGHAUL_DIFFERENCE_CANNOT_SAY), "cannot say") == 0,
          "words of the verdicts");
    longhaul_report_free(before);
    longhaul_report_free(after);
}

/* A report that writes nothing: its incidents, and the accounts of what was lost. */
static void test_report_read(void)
{
    static const char *const paths[] = { "tests/data/reader/pull.json" };
    struct longhaul_report_options options = { .out_dir = "/nonexistent" };
    struct longhaul_report *report = NULL;
    struct longhaul_error err = { 0 };
    int rc = longhaul_report_read(paths, 1, &options, &report, &err);
    CHECK(rc == 0 && longhaul_report_n_legs(report) == 1 && longhaul_report_n_files(report) == 0,
          "a report is read, and no file is written%s%s", *err.text ? ": " : "", err.text);
    if (rc != 0)
        return;
    size_t n = 1;
    const struct longhaul_incidents *incidents = longhaul_report_incidents(report);
    const struct longhaul_loss *loss = longhaul_analysis_loss(longhaul_report_analysis(report, 0));
    longhaul_incidents_list(incidents, &n);
    CHECK(n == 0 && loss->lost == 3 && longhaul_incidents_lost_outside(incidents) == loss->lost,
          "%zu incidents: the %g lost packets are outside of them (%g)", n, loss->lost,
          longhaul_incidents_lost_outside(incidents));
    CHECK(strcmp(longhaul_incidents_verdict(incidents), "No incident found; 0.0665 % lost") == 0, "the verdict: %s",
          longhaul_incidents_verdict(incidents));
    CHECK(longhaul_incidents_of(incidents, 0, 0) == 0 && longhaul_incidents_of(incidents, 1, 0) == 0,
          "an event that is not there is in no incident");
    longhaul_report_free(report);
}

/* Objectives as a program uses them: parsed, judged for a test, in a report, and of a topology. */
static void test_objectives(void)
{
    static const char topology_text[] =
        "{\"format\":1,\"sites\":{\"HK\":{},\"WUS\":{\"address\":\"172.16.0.4\",\"ports\":\"5201-5202\",\"hub\":true}},"
        "\"legs\":\"hub-and-spoke\",\"defaults\":{\"objectives\":[\"loss<=0.1%\",\"outage<=10s\"]}}";
    static const char *const paths[] = { "tests/data/reader/pull.json" };
    struct longhaul_objective o;
    struct longhaul_objective_result result;
    struct longhaul_topology *topology = NULL;
    struct longhaul_report *report = NULL;
    struct longhaul_analysis *analysis = NULL;
    char text[LONGHAUL_OBJECTIVE_TEXT];
    size_t n = 0;
    CHECK(longhaul_objective_parse("loss<=0.1% in 99.9% of minutes", &o, NULL) == 0 && o.limit == 0.1 &&
              o.share == 99.9 && o.window_s == 60, "an objective is parsed");
    longhaul_objective_text(&o, text);
    CHECK(strcmp(text, "loss <= 0.1 % in 99.9 % of minutes") == 0, "and written: %s", text);
    int rc = longhaul_topology_parse(topology_text, sizeof topology_text - 1, "a text", &topology, NULL);
    const struct longhaul_objective *list =
        rc == 0 ? longhaul_topology_objectives(topology, "HK", "WUS", &n) : NULL;
    CHECK(list && n == 2 && list[1].quantity == LONGHAUL_OBJECTIVE_OUTAGE && isnan(list[1].share), "a leg has %zu", n);
    CHECK(topology && longhaul_topology_objectives(topology, "HK", "KC", &n) == NULL && n == 0, "an unknown one none");
    struct longhaul_series *series = read_one(paths[0]);
    if (series == NULL || list == NULL || longhaul_analyse(series, NULL, &analysis, NULL) != 0)
        return;
    const struct longhaul_analysis *tests[] = { analysis };
    const struct longhaul_series *of[] = { series };
    o.limit = 0.06, o.share = NAN, o.window_s = 0;
    CHECK(longhaul_objective_judge(&o, tests, of, 1, &result, NULL) == 0 &&
              result.verdict == LONGHAUL_OBJECTIVE_MISSED && isnan(result.n_good) &&
              strcmp(longhaul_objective_verdict_text(result.verdict), "missed") == 0,
          "a test is judged: %s", result.text);
    CHECK(strncmp(result.text + result.seen_at - 2, ": ", 2) == 0 && !strchr(result.text + result.seen_at, ':'),
          "what was observed is its end: %s", result.text + result.seen_at);
    static const struct longhaul_objective bad[] = {
        { .quantity = (enum longhaul_objective_kind)99, .limit = 1, .share = NAN },
        { .quantity = (enum longhaul_objective_kind)-1, .limit = 1, .share = NAN },
        { .limit = -1, .share = NAN }, { .limit = NAN, .share = NAN }, { .limit = 101, .share = NAN },
        { .quantity = LONGHAUL_OBJECTIVE_RATE, .limit = INFINITY, .share = NAN },
        { .limit = 1, .share = NAN, .window_s = 60 }, { .limit = 1, .share = 99 },
        { .limit = 1, .share = 99, .window_s = 61 }, { .limit = 1, .share = 0, .window_s = 60 },
        { .limit = 1, .share = 101, .window_s = 60 }, { .limit = 1, .share = -1, .window_s = 60 },
        { .quantity = LONGHAUL_OBJECTIVE_OUTAGE, .limit = 1, .share = 99, .window_s = 60 }
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct longhaul_error err = { 0 };
        struct longhaul_objective_result kept = { .n_tests = 77 };
        CHECK(longhaul_objective_judge(&bad[i], tests, of, 1, &kept, &err) == LONGHAUL_EINVAL && kept.n_tests == 77 &&
                  strncmp(err.text, "objective: ", 11) == 0,
              "an objective that nobody can ask for, %zu: %s", i, err.text);
    }
    CHECK(longhaul_objective_judge(&o, tests, of, 0, &result, NULL) == LONGHAUL_EINVAL, "without a test");
    static const struct { double left, unobserved_s, n_unknown; const char *text; } budgets[] = {
        { 0.9, 0, NAN, "90 % left" },       { 0.9, 60, NAN, "at most 90 % left" }, { 1, 0, 3, "at most 100 % left" },
        { -0.286, 0, NAN, "1.29 times used" }, { -68.4, 60, 3, "69.4 times used" }, { 0, 0, 0, "0 % left" },
        { NAN, 60, 3, "" } };
    for (size_t i = 0; i < sizeof budgets / sizeof *budgets; i++) {
        const struct longhaul_objective_result r = { .budget_left = budgets[i].left, .n_unknown = budgets[i].n_unknown,
                                                     .unobserved_s = budgets[i].unobserved_s };
        char budget[LONGHAUL_PEOPLE_SIZE];
        longhaul_objective_budget_text(&r, budget);
        CHECK(strcmp(budget, budgets[i].text) == 0, "a budget of %g: %s", budgets[i].left, budget);
    }
    longhaul_objective_text(&bad[0], text);
    CHECK(text[0] == 0, "no text for an unknown quantity");
    struct longhaul_report_options options = { .out_dir = "/nonexistent", .objectives = &o, .n_objectives = 1 };
    rc = longhaul_report_read(paths, 1, &options, &report, NULL);
    const struct longhaul_leg_objective *all = rc == 0 ? longhaul_report_objectives(report, &n) : NULL;
    CHECK(all && n == 1 && all[0].result.value == result.value &&
              strcmp(longhaul_report_objectives_text(report), "1 of 1 objective missed") == 0,
          "the report has it: %s", all ? longhaul_report_objectives_text(report) : "");
    longhaul_report_free(report);
    longhaul_analysis_free(analysis);
    longhaul_series_free(series);
    longhaul_topology_free(topology);
}

/* Two flows, of which the second loses, in a file as a receiver writes it. */
static void test_flows(void)
{
    const char *path = "build/tests/test_api.flows.json";
    size_t n, n_troubles, n_kept;
    FILE *out = fopen(path, "w");
    fputs("{\"start\":{\"connected\":[{\"local_port\":5201,\"remote_port\":20000},{\"local_port\":5201,"
          "\"remote_port\":20001}],\"test_start\":{\"protocol\":\"UDP\",\"num_streams\":2}},\"intervals\":[", out);
    for (int i = 0; i < 100; i++)
        fprintf(out, "%s{\"sum\":{\"start\":%d,\"end\":%d,\"seconds\":1,\"bytes\":100000,\"bits_per_second\":8e5,"
                     "\"jitter_ms\":0,\"lost_packets\":%d,\"packets\":100},\"longhaul\":{\"flows\":\"50 50%s\"}}",
                i ? "," : "", i, i + 1, i % 2 ? 3 : 0, i % 2 ? "l3r2g2" : "");
    fputs("],\"longhaul\":{\"role\":\"receiver\",\"flows\":2}}", out);
    fclose(out);
    struct longhaul_series *series = read_one(path);
    const struct longhaul_flow *flows = longhaul_series_flows(series, &n);
    const struct longhaul_flow_trouble *troubles = longhaul_series_flow_troubles(series, &n_troubles);
    CHECK(n == 2 && flows[0].source_port == 20000 && flows[1].destination_port == 5201 && flows[0].packets == 5000 &&
              flows[0].lost_packets == 0 && flows[1].lost_packets == 150 && flows[1].loss_runs == 100,
          "two flows, %g and %g lost", flows[0].lost_packets, flows[1].lost_packets);
    CHECK(n_troubles == 50 && troubles[0].flow == 1 && troubles[0].start_s == 1 && troubles[0].longest_run == 2 &&
              troubles[0].packets == 50 && isnan(troubles[0].p99_us) && troubles[49].start_s == 99,
          "their troubles: %zu", n_troubles);
    struct longhaul_analysis *analysis = NULL;
    CHECK(longhaul_analyse(series, NULL, &analysis, NULL) == 0, "analysed");
    longhaul_series_free(series);
    flows = longhaul_analysis_flows(analysis, &n_kept);
    const struct longhaul_event *events = longhaul_analysis_events(analysis, &n);
    CHECK(n_kept == 2 && flows[1].source_port == 20001 && n > 0 && events[0].scope == LONGHAUL_SCOPE_FLOW &&
              events[0].n_flows == 2 && events[0].n_flows_affected == 1 && events[0].flow_ports[0] == 20001 &&
              events[0].flow_ports[1] == 0 && !events[0].is_flow_destination,
          "the second one is named");
    longhaul_analysis_free(analysis);
    unlink(path);
}

/* Two traces, between which the route has changed. */
static void test_routes(void)
{
    const char *path = "build/tests/test_api.routes.json";
    const struct longhaul_route *at[3];
    size_t n;
    char text[200];
    FILE *out = fopen(path, "w");
    fputs("{\"start\":{\"test_start\":{\"protocol\":\"UDP\"}},\"intervals\":[", out);
    for (int i = 0; i < 100; i++)
        fprintf(out, "%s{\"sum\":{\"start\":%d,\"end\":%d,\"seconds\":1,\"bytes\":100000,\"bits_per_second\":8e5,"
                     "\"packets\":100}}", i ? "," : "", i, i + 1);
    fputs("],\"longhaul\":{\"role\":\"sender\",\"hops\":[", out);
    for (int i = 0; i < 2; i++)
        fprintf(out, "%s{\"at_s\":%d,\"seconds\":1.5,\"why\":\"%s\",\"source_port\":16384,\"destination_port\":5201,"
                     "\"protocol\":\"UDP\",\"by\":\"raw\",\"distance\":4,\"hops\":[[\"198.18.1.1\",3,3,0.05,0.06],"
                     "[null,3,0,null,null],[\"198.18.%d.1\",3,2,0.1,0.2,\"24005/0/1/254\"]]}",
                i ? "," : "", 50 * i, i ? "change" : "start", 3 + i);
    fputs("]}}", out);
    fclose(out);
    struct longhaul_series *series = read_one(path);
    const struct longhaul_route *routes = longhaul_series_routes(series, &n);
    CHECK(n == 2 && routes[1].at_s == 50 && routes[1].n_hops == 3 && routes[1].distance == 4 &&
              routes[1].source_port == 16384 && strcmp(routes[1].hops[2].address, "198.18.4.1") == 0 &&
              strcmp(routes[1].hops[2].labels, "24005/0/1/254") == 0 && routes[1].hops[2].n_answered == 2 &&
              routes[1].hops[1].address[0] == 0 && isnan(routes[1].hops[1].min_ms) &&
              strcmp(longhaul_route_reason_text(routes[1].reason), "change") == 0,
          "two routes: %zu", n);
    struct longhaul_analysis *analysis = NULL;
    CHECK(longhaul_analyse(series, NULL, &analysis, NULL) == 0, "analysed");
    longhaul_series_free(series);
    routes = longhaul_analysis_routes(analysis, &n);
    CHECK(n == 2 && strcmp(routes[0].hops[0].address, "198.18.1.1") == 0, "their analysis has them");
    const struct longhaul_event *events = longhaul_analysis_events(analysis, &n);
    bool is_one = n == 1 && events[0].kind == LONGHAUL_EVENT_ROUTE && strcmp(events[0].cause, "hops") == 0;
    CHECK(is_one && isnan(events[0].level) && events[0].hops.hop == 3 && events[0].hops.from == 1 &&
              strcmp(longhaul_hops_sign_text(events[0].hops.sign), "differs") == 0,
          "one change: %zu", n);
    if (is_one) {
        longhaul_event_hops_text(&events[0], text, sizeof text);
        CHECK(strcmp(text, "the route changed from hop 3 on (198.18.3.1 before, 198.18.4.1 since)") == 0, "%s", text);
        longhaul_analysis_event_routes(analysis, &events[0], at);
        CHECK(at[0] == &routes[0] && at[1] == &routes[1] && at[2] == NULL, "routes before, during and after it");
    }
    longhaul_analysis_free(analysis);
    unlink(path);
}

static void test_delay_bounds(void)
{
    const double *bounds_s = longhaul_delay_bounds_s();
    size_t n_rising = 1;
    while (n_rising < LONGHAUL_DELAY_BOUNDS && bounds_s[n_rising] > bounds_s[n_rising - 1])
        n_rising++;
    CHECK(n_rising == LONGHAUL_DELAY_BOUNDS && bounds_s[0] == 100e-6 && bounds_s[n_rising - 1] == 10,
          "bounds of delays rise from 100 us to 10 s");
}

/* How long a loop has been idle is known while it runs: for a watchdog. */
static void test_idle(void)
{
    const struct longhaul_leg leg = { .source = "A", .destination = "B", .peer = "127.0.0.1", .port = 1 };
    const struct longhaul_run_options options = { .dir = "/tmp", .wait_s = 2 };
    const uint16_t ports[] = { 49151 };
    const struct longhaul_server_options served = { .ports = ports, .n_ports = 1, .dir = "/tmp",
                                                    .bind_address = "127.0.0.1" };
    struct longhaul_run *run = NULL;
    struct longhaul_server *server = NULL;
    struct longhaul_error err = { 0 };
    if (longhaul_run_new(&options, &run, &err) == LONGHAUL_ENOTBUILT)
        return;
    CHECK(longhaul_run_add(run, &leg, &err) == 0, "a leg: %s", err.text);
    CHECK(isnan(longhaul_run_idle_s(run)), "before the start no idle time is known");
    double most_s = -1;
    if (CHECK(longhaul_run_start(run, &err) == 0, "it starts: %s", err.text)) {
        for (int i = 0; i < 15; i++) {
            nanosleep(&(struct timespec){ .tv_nsec = 100000000 }, NULL);
            most_s = fmax(most_s, longhaul_run_idle_s(run));
        }
        CHECK(most_s >= 0 && most_s < 10, "it is awake while it tries to connect: %g s", most_s);
        longhaul_run_wait(run, NULL);
        CHECK(isnan(longhaul_run_idle_s(run)), "nor when it is over");
    }
    longhaul_run_free(run);
    if (longhaul_server_new(&served, &server, &err) != 0) { /* the port is taken */
        printf("skip - longhaul_server_idle_s(): %s\n", err.text);
        return;
    }
    CHECK(isnan(longhaul_server_idle_s(server)), "a server that does not serve yet");
    CHECK(longhaul_server_dispatch(server, &err) == 1 && longhaul_server_idle_s(server) < 10, "one that does");
    nanosleep(&(struct timespec){ .tv_nsec = 300000000 }, NULL);
    CHECK(longhaul_server_idle_s(server) >= 0.3, "one whose program does not call it is idle");
    longhaul_server_stop(server);
    CHECK(longhaul_server_dispatch(server, &err) == 0 && isnan(longhaul_server_idle_s(server)), "one that was stopped");
    longhaul_server_free(server);
}

int main(void)
{
    test_delay_bounds();
    test_compare();
    test_objectives();
    test_flows();
    test_routes();
    test_version();
    test_topology();
    test_far_starts();
    test_recover_and_read();
    test_tcp();
    test_figures();
    test_report_read();
    test_idle();
    return CHECK_DONE();
}
