/* test_tcp.c - what readers know about TCP: columns from several streams, round trips, drops; figures next to their
 * limits; each finding, with a document that has just that fault. */

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "check.h"
#include "read/reader.h"

#define RECORD "tests/data/tcp/HK-HUB-TCP_6S_20261124_161249.json"

static bool is_near(double a, double b)
{
    return fabs(a - b) <= 1e-9 * fmax(fabs(a), fabs(b));
}

/* ---- a record of longhaul's: two streams over a wire with 20 ms that loses one packet in fifty */

static struct longhaul_series *read_file(const char *path)
{
    struct longhaul_reader *reader = NULL;
    struct longhaul_series *series = NULL;
    struct longhaul_error err = { 0 };
    bool good =
        longhaul_reader_open(path, NULL, &reader, &err) == 0 && longhaul_reader_next(reader, &series, &err) == 1;
    CHECK(good, "%s is read%s%s", path, err.text[0] ? ": " : "", err.text);
    longhaul_reader_free(reader);
    return series;
}

static void test_record(void)
{
    struct longhaul_series *s = read_file(RECORD);
    struct longhaul_analysis *a = NULL;
    size_t n_rtt;
    if (s == NULL || longhaul_analyse(s, NULL, &a, NULL) != 0)
        return;
    const struct longhaul_rtt_sample *rtt = longhaul_series_rtt(s, &n_rtt);
    const struct longhaul_host_drops *drops = longhaul_series_host_drops(s);
    const struct longhaul_tcp *t = longhaul_analysis_tcp(a);
    CHECK(longhaul_series_length(s) == 6 && n_rtt == 6 && rtt[0].start_s > 0.4 && rtt[0].start_s < 0.6 &&
              rtt[5].rtt_ms > 20 && strcmp(longhaul_series_info(s)->rtt_method, "icmp") == 0,
          "its round trips: %zu, the first %.3f ms", n_rtt, rtt[0].rtt_ms);
    CHECK(drops && drops->udp_receive_buffer == 0 && drops->interface_sent == 0, "its host dropped nothing");
    CHECK(t && t->retransmits == longhaul_series_info(s)->end_retransmits && t->retransmits > 50,
          "retransmits: %.0f, as its end says", t ? t->retransmits : NAN);
    CHECK(t && t->segments > 3000 && t->retransmit_percent > 1 && t->retransmit_percent < 4, "%.2f %% of %.0f segments",
          t ? t->retransmit_percent : NAN, t ? t->segments : NAN);
    CHECK(t && t->min_rtt_ms >= 20 && t->rtt_ms.p50 < 60 && t->mss_bytes == 1448 && t->pmtu_bytes == 1500,
          "round trip and sizes");
    CHECK(t && strcmp(t->limited_by, "loss") == 0 && t->limit_mbps == t->mathis_limit_mbps &&
              t->mathis_limit_mbps < t->window_limit_mbps && isnan(t->pacing_mbps),
          "the loss limits it: %.2f Mbps", t ? t->limit_mbps : NAN);
    CHECK(t && longhaul_analysis_summary(a)->mean_mbps < 1.3 * t->limit_mbps &&
              longhaul_analysis_summary(a)->mean_mbps > 0.5 * t->limit_mbps,
          "and it comes near: %.2f Mbps", longhaul_analysis_summary(a)->mean_mbps);
    longhaul_analysis_free(a);
    longhaul_series_free(s);
}

/* ---- documents */

struct document {
    char text[16384];
    size_t n;
};

static void add(struct document *d, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(struct document *d, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    d->n += (size_t)vsnprintf(d->text + d->n, sizeof d->text - d->n, format, args);
    va_end(args);
}

/* Ten intervals of one second with 1 MB each. streams and own belong to the interval; longhaul to the document. */
static void write_document(struct document *d, const char *streams, const char *own, const char *end,
                           const char *longhaul)
{
    d->n = 0;
    add(d, "{\"start\":{\"version\":\"iperf "
           "3.12\",\"test_start\":{\"protocol\":\"TCP\",\"num_streams\":2,\"duration\":10}},\"intervals\":[");
    for (int i = 0; i < 10; i++)
        add(d,
            "%s{\"streams\":[%s],\"sum\":{\"start\":%d,\"end\":%d,\"seconds\":1,\"bytes\":1000000,\"bits_per_second\":"
            "8e6,"
            "\"retransmits\":%d,\"omitted\":false,\"sender\":true},\"longhaul\":{\"unix_us\":%d000000,\"monotonic_us\":"
            "%d000000%s}}",
            i ? "," : "", streams, i, i + 1, i, 1700000001 + i, 5 + i, own);
    add(d, "],\"end\":{\"sum_sent\":{\"seconds\":10,\"bytes\":10000000,\"bits_per_second\":8e6,\"retransmits\":45},"
           "\"sum_received\":{\"seconds\":10,\"bytes\":9600000,\"bits_per_second\":7.68e6}%s}%s}\n", end, longhaul);
}

static struct longhaul_series *read_document(const struct document *d)
{
    struct longhaul_reader *reader = NULL;
    struct longhaul_series *series = NULL;
    if (reader_open_memory(d->text, d->n, NULL, &reader, NULL) == 0)
        longhaul_reader_next(reader, &series, NULL);
    longhaul_reader_free(reader);
    return series;
}

static double last_of(const struct longhaul_series *s, enum longhaul_column column)
{
    const double *values = longhaul_series_column(s, column);
    return values ? values[longhaul_series_length(s) - 1] : NAN;
}

static void test_streams(void)
{
    static struct document d;
    write_document(
        &d,
        "{\"snd_cwnd\":10000,\"snd_wnd\":-1,\"rtt\":20000,\"rttvar\":1000,\"pmtu\":1500,\"reorder\":3,\"sender\":true},"
        "{\"snd_cwnd\":30000,\"snd_wnd\":-1,\"rtt\":40000,\"rttvar\":3000,\"pmtu\":1400,\"reorder\":4,\"sender\":true}",
        "", "", "");
    struct longhaul_series *s = read_document(&d);
    if (!CHECK(s != NULL && longhaul_series_length(s) == 10, "two streams are read"))
        return;
    CHECK(is_near(last_of(s, LONGHAUL_COLUMN_SND_CWND_BYTES), 40000) &&
              is_near(last_of(s, LONGHAUL_COLUMN_RTT_MS), 30) && is_near(last_of(s, LONGHAUL_COLUMN_RTTVAR_MS), 2) &&
              last_of(s, LONGHAUL_COLUMN_PMTU_BYTES) == 1400 && last_of(s, LONGHAUL_COLUMN_RETRANSMITS) == 9,
          "windows add up, round trips are means, the path MTU is the least");
    CHECK(isnan(last_of(s, LONGHAUL_COLUMN_SND_WND_BYTES)), "-1 is what libiperf cannot tell");
    CHECK(longhaul_series_column(s, LONGHAUL_COLUMN_REORDERINGS)[0] == 7 &&
              last_of(s, LONGHAUL_COLUMN_REORDERINGS) == 0,
          "libiperf counts reorderings from the session's start");
    CHECK(isnan(last_of(s, LONGHAUL_COLUMN_SEGMENTS)) && longhaul_series_info(s)->end_seconds == 10 &&
              longhaul_series_info(s)->end_bits_per_second == 7.68e6 && longhaul_series_info(s)->end_retransmits == 45,
          "TCP's end is the receiver's sum");
    longhaul_series_free(s);
    write_document(&d, "{\"snd_cwnd\":10000,\"rtt\":20000,\"sender\":true}",
                   ",\"tcp\":{\"segments\":700,\"reorderings\":2,\"busy_s\":0.5}", "", "");
    s = read_document(&d);
    CHECK(s && last_of(s, LONGHAUL_COLUMN_SEGMENTS) == 700 && last_of(s, LONGHAUL_COLUMN_REORDERINGS) == 2 &&
              last_of(s, LONGHAUL_COLUMN_BUSY_S) == 0.5,
          "what longhaul saw itself");
    longhaul_series_free(s);
}

/* One of two streams cannot tell: libiperf writes -1 for it, which is not part of a sum. */
static void test_a_stream_that_cannot_tell(void)
{
    static struct document d;
    write_document(
        &d,
        "{\"snd_cwnd\":50000,\"snd_wnd\":60000,\"rtt\":20000,\"rttvar\":1000,\"pmtu\":1500,\"reorder\":2,\"sender\":"
        "true},"
        "{\"snd_cwnd\":-1,\"snd_wnd\":70000,\"rtt\":-1,\"rttvar\":-1,\"pmtu\":-1,\"reorder\":-1,\"sender\":true}",
        "", "", "");
    struct longhaul_series *s = read_document(&d);
    if (!CHECK(s != NULL && longhaul_series_length(s) == 10, "two streams, one of which cannot tell"))
        return;
    for (size_t i = 0; i < 10; i += 9) /* the first interval is read by Jansson, the last by the fast path */
        CHECK(isnan(longhaul_series_column(s, LONGHAUL_COLUMN_SND_CWND_BYTES)[i]) &&
                  isnan(longhaul_series_column(s, LONGHAUL_COLUMN_RTT_MS)[i]) &&
                  isnan(longhaul_series_column(s, LONGHAUL_COLUMN_RTTVAR_MS)[i]) &&
                  longhaul_series_column(s, LONGHAUL_COLUMN_SND_WND_BYTES)[i] == 130000 &&
                  longhaul_series_column(s, LONGHAUL_COLUMN_PMTU_BYTES)[i] == 1500,
              "interval %zu: sums and means are unknown, the least is known", i);
    CHECK(longhaul_series_column(s, LONGHAUL_COLUMN_REORDERINGS) == NULL ||
              isnan(last_of(s, LONGHAUL_COLUMN_REORDERINGS)),
          "nor are reorderings known");
    longhaul_series_free(s);
}

static void test_udp_has_none(void)
{
    struct longhaul_series *s = read_file("tests/data/reader/pull.json");
    size_t n;
    struct longhaul_analysis *a = NULL;
    CHECK(s && longhaul_series_column(s, LONGHAUL_COLUMN_RTT_MS) == NULL && longhaul_series_rtt(s, &n) == NULL &&
              n == 0 && longhaul_series_host_drops(s) == NULL,
          "UDP has no TCP columns");
    CHECK(s && longhaul_analyse(s, NULL, &a, NULL) == 0 && longhaul_analysis_tcp(a) == NULL &&
              longhaul_analysis_host_drops(a) == NULL,
          "and no figures of it");
    longhaul_analysis_free(a);
    longhaul_series_free(s);
}

/* ---- limits */

static void test_limits(void)
{
    static struct document d;
    struct longhaul_analysis *a = NULL;
    static const char stream[] = "{\"snd_cwnd\":50000,\"snd_wnd\":32767,\"rtt\":30000,\"pmtu\":1500,\"sender\":true}";
    static const char own[] =
        ",\"tcp\":{\"segments\":1000,\"spurious_retransmits\":1,\"mss_bytes\":1460,\"min_rtt_ms\":30}";
    char both[256];
    snprintf(both, sizeof both, "%s,%s", stream, stream);
    write_document(&d, both, own, ",\"sender_tcp_congestion\":\"reno\"", "");
    struct longhaul_series *s = read_document(&d);
    if (!CHECK(s && longhaul_analyse(s, NULL, &a, NULL) == 0, "a document to hold against its limits"))
        return;
    const struct longhaul_tcp *t = longhaul_analysis_tcp(a);
    /* 65,534 bytes in 30 ms; 45 of 10,000 segments were retransmitted, 10 of them needlessly; two streams */
    CHECK(is_near(t->window_limit_mbps, 65534 * 8 / 0.03 / 1e6), "window: %.3f Mbps", t->window_limit_mbps);
    CHECK(is_near(t->mathis_limit_mbps, 2 * 1460 * 8 / 0.03 * sqrt(1.5) / sqrt(35.0 / 10000) / 1e6),
          "Mathis: %.3f Mbps", t->mathis_limit_mbps);
    CHECK(strcmp(t->limited_by, "loss") == 0 && t->limit_mbps == t->mathis_limit_mbps &&
              is_near(t->retransmit_percent, 0.45),
          "the least of them");
    longhaul_analysis_free(a);
    longhaul_series_free(s);
    write_document(&d, both, own, ",\"sender_tcp_congestion\":\"bbr2\"", "");
    s = read_document(&d);
    a = NULL;
    CHECK(s && longhaul_analyse(s, NULL, &a, NULL) == 0 && isnan(longhaul_analysis_tcp(a)->mathis_limit_mbps) &&
              strcmp(longhaul_analysis_tcp(a)->limited_by, "window") == 0, "BBR does not heed loss");
    longhaul_analysis_free(a);
    longhaul_series_free(s);
}

/* ---- findings: each document has one fault, and nothing else is named */

static const char *rules_of(const struct document *d, char *text, size_t size)
{
    struct longhaul_series *s = read_document(d);
    struct longhaul_analysis *a = NULL;
    size_t n = 0, used = 0;
    text[0] = 0;
    if (s && longhaul_analyse(s, NULL, &a, NULL) == 0) {
        const struct longhaul_finding *findings = longhaul_analysis_findings(a, &n);
        for (size_t i = 0; i < n; i++)
            used += (size_t)snprintf(text + used, size - used, "%s%s%s", i ? " " : "", findings[i].rule,
                                     findings[i].is_fault ? "!" : "");
    }
    longhaul_analysis_free(a);
    longhaul_series_free(s);
    return text;
}

static void test_findings(void)
{
#define STREAM "{\"snd_cwnd\":50000,\"snd_wnd\":65535,\"rtt\":%s,\"pmtu\":1500,\"sender\":true}"
    static const struct { const char *rtt, *own, *host, *rules;
    } cases[] = { { "21000",
                    "\"busy_s\":1,\"rwnd_limited_s\":0,\"sndbuf_limited_s\":0,\"spurious_retransmits\":0,\"min_rtt_"
                    "ms\":20,\"zero_windows\":0",
                    "\"udp_receive_buffer\":9,\"udp_send_buffer\":0,\"backlog\":0,\"interface_sent\":0", "" },
                  { "21000", "\"busy_s\":1,\"rwnd_limited_s\":0.11", "", "tcp_receiver_limited" },
                  { "21000", "\"busy_s\":1,\"rwnd_limited_s\":0.09", "", "" },
                  { "21000", "\"busy_s\":1,\"sndbuf_limited_s\":0.5", "", "tcp_sndbuf_limited" },
                  { "21000", "\"spurious_retransmits\":2", "", "tcp_spurious_retransmits" },
                  { "21000", "\"spurious_retransmits\":1", "", "" },
                  { "21000", "\"zero_windows\":1", "", "tcp_zero_window" },
                  { "61000", "\"min_rtt_ms\":20", "", "tcp_rtt_inflated" },
                  { "900", "\"min_rtt_ms\":0.1", "", "" },
                  { "21000", "\"segments\":700", "\"interface_sent\":3", "host_drops" },
                  { "21000", "\"segments\":700", "\"backlog\":3", "host_drops" } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static struct document d;
        char stream[256], own[256], longhaul[256], rules[512];
        snprintf(stream, sizeof stream, STREAM, cases[i].rtt);
        snprintf(own, sizeof own, ",\"tcp\":{%s}", cases[i].own);
        snprintf(longhaul, sizeof longhaul, ",\"longhaul\":{\"format\":1,\"duration_s\":10,\"host\":{\"drops\":{%s}}}",
                 cases[i].host);
        write_document(&d, stream, own, "", longhaul);
        rules_of(&d, rules, sizeof rules);
        CHECK(strcmp(rules, cases[i].rules) == 0, "rtt %s us, %s, host %s: '%s', wanted '%s'", cases[i].rtt,
              cases[i].own, cases[i].host, rules, cases[i].rules);
    }
}

/* A UDP receiver whose own socket was full. */
static void test_host_of_udp(void)
{
    static struct document d;
    char rules[512];
    d.n = 0;
    add(&d, "{\"start\":{\"test_start\":{\"protocol\":\"UDP\",\"num_streams\":1,\"duration\":2,\"reverse\":1}},"
            "\"intervals\":[");
    for (int i = 0; i < 2; i++)
        add(&d,
            "%s{\"streams\":[],\"sum\":{\"start\":%d,\"end\":%d,\"seconds\":1,\"bytes\":1000000,\"bits_per_second\":"
            "8e6,\"jitter_ms\":0.1,"
            "\"lost_packets\":5,\"packets\":1000,\"lost_percent\":0.5,\"sender\":false}}",
            i ? "," : "", i, i + 1);
    add(&d, "],\"end\":{\"sum\":{\"seconds\":2,\"bytes\":2000000,\"bits_per_second\":8e6,\"jitter_ms\":0.1,\"lost_"
            "packets\":10,\"packets\":2000,"
            "\"lost_percent\":0.5}},\"longhaul\":{\"format\":1,\"rtt\":[[0.5,12.5],[1.5,null]],\"rtt_method\":\"tcp\","
            "\"host\":{\"drops\":"
            "{\"udp_receive_buffer\":10,\"udp_send_buffer\":0,\"backlog\":0,\"interface_received\":0}}}}");
    CHECK(strcmp(rules_of(&d, rules, sizeof rules), "host_drops") == 0, "a receiver's full socket is named: '%s'",
          rules);
    struct longhaul_series *s = read_document(&d);
    struct longhaul_analysis *a = NULL;
    CHECK(s && longhaul_analyse(s, NULL, &a, NULL) == 0 && longhaul_analysis_figures(a)->path_rtt_ms.n == 1 &&
              longhaul_analysis_figures(a)->path_rtt_ms.p50 == 12.5 &&
              longhaul_analysis_figures(a)->n_rtt_unanswered == 1 &&
              strcmp(longhaul_analysis_info(a)->rtt_method, "tcp") == 0,
          "round trips of a UDP leg, and one without an answer");
    longhaul_analysis_free(a);
    longhaul_series_free(s);
}

int main(void)
{
    test_record();
    test_streams();
    test_a_stream_that_cannot_tell();
    test_udp_has_none();
    test_limits();
    test_findings();
    test_host_of_udp();
    return CHECK_DONE();
}
