/* test_interval.c - one TCP interval with several streams, recorded and read: both give the same figures, and -1,
 * libiperf's "cannot tell", is never part of them. The text of an interval's delays. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "host/tcp_members.h"
#include "read/reader.h"
#include "read/series.h"
#include "record/interval.h"
#include "record/interval_delay.h"

#define N_ROWS 6

static const struct {
    const char *what, *streams;
    double cwnd, wnd, rtt, rttvar, pmtu;
} cases[] = {
    { "two streams that tell all", "{\"snd_cwnd\":10000,\"snd_wnd\":1,\"rtt\":20000,\"rttvar\":1000,\"pmtu\":1500},"
      "{\"snd_cwnd\":30000,\"snd_wnd\":2,\"rtt\":40000,\"rttvar\":3000,\"pmtu\":1400}", 40000, 3, 30, 2, 1400 },
    { "the second cannot tell", "{\"snd_cwnd\":50000,\"snd_wnd\":60000,\"rtt\":20000,\"rttvar\":1000,\"pmtu\":1500},"
      "{\"snd_cwnd\":-1,\"snd_wnd\":-1,\"rtt\":-1,\"rttvar\":-1,\"pmtu\":-1}", NAN, NAN, NAN, NAN, 1500 },
    { "the first cannot tell", "{\"snd_cwnd\":-1,\"snd_wnd\":-1,\"rtt\":-1,\"rttvar\":-1,\"pmtu\":-1},"
      "{\"snd_cwnd\":50000,\"snd_wnd\":60000,\"rtt\":20000,\"rttvar\":1000,\"pmtu\":1500}", NAN, NAN, NAN, NAN, 1500 },
    { "one of three cannot tell one thing",
      "{\"snd_cwnd\":1,\"snd_wnd\":5,\"rtt\":20000,\"rttvar\":1000,\"pmtu\":1500},"
      "{\"snd_cwnd\":2,\"snd_wnd\":-1,\"rtt\":30000,\"rttvar\":2000,\"pmtu\":1400},"
      "{\"snd_cwnd\":3,\"snd_wnd\":7,\"rtt\":40000,\"rttvar\":3000,\"pmtu\":1300}", 6, NAN, 30, 2, 1300 },
    { "none can tell", "{\"snd_cwnd\":-1,\"snd_wnd\":-1,\"rtt\":-1,\"rttvar\":-1,\"pmtu\":-1},"
      "{\"snd_cwnd\":-1,\"snd_wnd\":-1,\"rtt\":-1,\"rttvar\":-1,\"pmtu\":-1}", NAN, NAN, NAN, NAN, NAN },
    { "a mean is over the streams that have the member", "{\"snd_cwnd\":10,\"rttvar\":1000,\"pmtu\":1500},"
      "{\"snd_cwnd\":30,\"rtt\":40000,\"rttvar\":3000}", 40, NAN, 40, 2, 1500 },
    { "one stream", "{\"snd_cwnd\":10,\"rtt\":20000,\"pmtu\":-1}", 10, NAN, 20, NAN, NAN },
    { "0 is a figure", "{\"snd_cwnd\":0,\"snd_wnd\":0,\"rtt\":0,\"rttvar\":0,\"pmtu\":0},"
      "{\"snd_cwnd\":5,\"snd_wnd\":0,\"rtt\":20000,\"rttvar\":0,\"pmtu\":1500}", 5, 0, 10, 0, 0 },
    { "a sum that no number holds", "{\"snd_cwnd\":1e308,\"rtt\":20000},{\"snd_cwnd\":1e308,\"rtt\":20000}",
      NAN, NAN, 20, NAN, NAN },
};

static bool is_same(double a, double b)
{
    return isnan(a) ? isnan(b) : fabs(a - b) <= 1e-9 * fmax(1, fabs(b));
}

static int interval_text(char *text, size_t size, size_t i, int row)
{
    return snprintf(text, size,
                    "{\"streams\":[%s],\"sum\":{\"start\":%d,\"end\":%d,\"seconds\":1,\"bytes\":1000,"
                    "\"bits_per_second\":8000,\"retransmits\":0,\"omitted\":false,\"sender\":true}}",
                    cases[i].streams, row, row + 1);
}

static void test_live(size_t i)
{
    char text[1024];
    struct longhaul_interval v;
    interval_text(text, sizeof text, i, 0);
    json_t *interval = json_loads(text, 0, NULL);
    interval_decode(interval, 0, &v);
    CHECK(is_same(v.snd_cwnd_bytes, cases[i].cwnd) && is_same(v.snd_wnd_bytes, cases[i].wnd) &&
              is_same(v.rtt_ms, cases[i].rtt) && is_same(v.rttvar_ms, cases[i].rttvar) &&
              is_same(v.pmtu_bytes, cases[i].pmtu),
          "live: %s: %g %g %g %g %g", cases[i].what, v.snd_cwnd_bytes, v.snd_wnd_bytes, v.rtt_ms, v.rttvar_ms,
          v.pmtu_bytes);
    json_decref(interval);
}

/* A document, or the events of --json-stream. */
static struct longhaul_series *read_rows(size_t i, bool is_stream)
{
    static char text[16384];
    static const char start[] = "{\"version\":\"iperf 3.12\",\"test_start\":{\"protocol\":\"TCP\",\"duration\":6}}";
    struct longhaul_reader *reader = NULL;
    struct longhaul_series *series = NULL;
    int n = snprintf(text, sizeof text, is_stream ? "%s%s}\n" : "%s%s,\"intervals\":[",
                     is_stream ? "{\"event\":\"start\",\"data\":" : "{\"start\":", start);
    for (int row = 0; row < N_ROWS; row++) {
        n += snprintf(text + n, sizeof text - (size_t)n, "%s",
                      is_stream ? "{\"event\":\"interval\",\"data\":" : row ? "," : "");
        n += interval_text(text + n, sizeof text - (size_t)n, i, row);
        n += snprintf(text + n, sizeof text - (size_t)n, "%s", is_stream ? "}\n" : "");
    }
    n += snprintf(text + n, sizeof text - (size_t)n, "%s",
                  is_stream ? "{\"event\":\"end\",\"data\":{}}\n" : "],\"end\":{}}");
    if (reader_open_memory(text, (size_t)n, NULL, &reader, NULL) == 0)
        longhaul_reader_next(reader, &series, NULL);
    longhaul_reader_free(reader);
    return series;
}

static double value_of(const struct longhaul_series *s, enum longhaul_column column, size_t row)
{
    const double *values = longhaul_series_column(s, column);
    return values ? values[row] : NAN;
}

/* The first row is read by Jansson, the others by the fast path. */
static void test_read(size_t i, bool is_stream)
{
    struct longhaul_series *s = read_rows(i, is_stream);
    bool good = s && longhaul_series_length(s) == N_ROWS;
    for (size_t row = 0; good && row < N_ROWS; row++)
        good = is_same(value_of(s, LONGHAUL_COLUMN_SND_CWND_BYTES, row), cases[i].cwnd) &&
               is_same(value_of(s, LONGHAUL_COLUMN_SND_WND_BYTES, row), cases[i].wnd) &&
               is_same(value_of(s, LONGHAUL_COLUMN_RTT_MS, row), cases[i].rtt) &&
               is_same(value_of(s, LONGHAUL_COLUMN_RTTVAR_MS, row), cases[i].rttvar) &&
               is_same(value_of(s, LONGHAUL_COLUMN_PMTU_BYTES, row), cases[i].pmtu);
    CHECK(good, "%s: %s", is_stream ? "json-stream" : "file", cases[i].what);
    longhaul_series_free(s);
}

/* What the kernel knows goes through a journal's line into the columns of the reader, by one list (tcp_members.h). */
static void test_tcp_members(bool is_sender)
{
    enum { N = (sizeof(struct tcp_state) - offsetof(struct tcp_state, segments_out)) / sizeof(double) };
    static const struct { enum longhaul_column column; size_t sender, receiver; } list[] = {
#define ROW(column, member, sender, receiver) { column, sender, receiver },
        TCP_MEMBERS(ROW)
#undef ROW
    };
    struct tcp_state tcp = { .n_streams = 1 };
    struct longhaul_interval v;
    struct series_interval read;
    char text[1024];
    size_t n_known = 0;
    bool good = true;
    for (size_t i = 0; i < N; i++)
        (&tcp.segments_out)[i] = 101.25 + (double)i;
    interval_text(text, sizeof text, 0, 0);
    json_t *interval = json_loads(text, 0, NULL);
    interval_decode(interval, 0, &v);
    interval_add_tcp(&v, &tcp, is_sender);
    char *line = interval_line(NULL, 0, interval, 0, NULL, &v);
    json_t *event = line ? json_loads(line, 0, NULL) : NULL;
    good = event && series_decode(json_object_get(event, "data"), &read);
    for (size_t i = 0; good && i < sizeof list / sizeof *list; i++) {
        size_t offset = is_sender ? list[i].sender : list[i].receiver;
        double value = read.forward.value[list[i].column];
        good = offset == TCP_UNKNOWN ? isnan(value) : value == *(const double *)(void *)((char *)&tcp + offset);
        n_known += offset != TCP_UNKNOWN;
    }
    CHECK(good && n_known == (is_sender ? 9 : 2), "%s: %zu members of the kernel's, as written and as read",
          is_sender ? "sender" : "receiver", n_known);
    CHECK(sizeof list / sizeof *list + 1 == N, "every member of tcp_state is in the list; segments is in it for two");
    json_decref(event);
    json_decref(interval);
    free(line);
}

/* ---- the summary of an interval: "sum", else the first stream */

static const struct { const char *sum; double bytes; } sums[] = {
    { "\"sum\":{\"start\":%d,\"end\":%d,\"seconds\":1,\"bytes\":7000,\"bits_per_second\":56000},", 7000 },
    { "\"sum\":{},", 3000 },
    { "", 3000 },
    { "\"sum\":null,", 3000 },
    { "\"sum\":[],", 3000 },
    { "\"sum\":[{\"bytes\":9}],", 3000 },
    { "\"sum\":\"none\",", 3000 },
    { "\"sum\":5,", 3000 },
};

static int row_text(char *text, size_t size, const char *sum, int row)
{
    char head[256];
    snprintf(head, sizeof head, sum, row, row + 1);
    return snprintf(text, size, "{%s\"streams\":[{\"socket\":5,\"start\":%d,\"end\":%d,\"seconds\":1,\"bytes\":3000,"
                    "\"bits_per_second\":24000},{\"socket\":5,\"start\":%d,\"end\":%d,\"seconds\":1,\"bytes\":4000,"
                    "\"bits_per_second\":32000}]}", head, row, row + 1, row, row + 1);
}

static struct longhaul_series *read_sums(const char *sum)
{
    char text[4096] = "{\"start\":{},\"intervals\":[";
    size_t n = strlen(text);
    struct longhaul_reader *reader = NULL;
    struct longhaul_series *series = NULL;
    for (int row = 0; row < N_ROWS; row++) {
        n += (size_t)snprintf(text + n, sizeof text - n, "%s", row ? "," : "");
        n += (size_t)row_text(text + n, sizeof text - n, sum, row);
    }
    n += (size_t)snprintf(text + n, sizeof text - n, "],\"end\":{}}");
    if (reader_open_memory(text, n, NULL, &reader, NULL) == 0)
        longhaul_reader_next(reader, &series, NULL);
    longhaul_reader_free(reader);
    return series;
}

static void test_sum(size_t i)
{
    char text[1024];
    struct longhaul_interval v;
    row_text(text, sizeof text, sums[i].sum, 0);
    json_t *interval = json_loads(text, 0, NULL);
    interval_decode(interval, 0, &v);
    struct longhaul_series *s = read_sums(sums[i].sum);
    CHECK((double)v.bytes == sums[i].bytes && s && longhaul_series_length(s) == N_ROWS &&
              value_of(s, LONGHAUL_COLUMN_BYTES, 0) == sums[i].bytes &&
              value_of(s, LONGHAUL_COLUMN_BYTES, N_ROWS - 1) == sums[i].bytes,
          "%.8s: %.0f bytes, live and as read", *sums[i].sum ? sums[i].sum : "no sum", sums[i].bytes);
    longhaul_series_free(s);
    json_decref(interval);
}

/* Two tests on one socket in one file: rows go to their test by their times, even if an empty sum has none. */
static void test_two_writers(void)
{
    static const char start[] = "{\"event\":\"start\",\"data\":{\"timestamp\":{\"timesecs\":%d},"
                                "\"connected\":[{\"socket\":5}]}}\n";
    static const int rows[] = { 0, 1, -1, 0, 2, 1, 3, 2 };
    char text[8192];
    struct longhaul_reader *reader = NULL;
    struct longhaul_series *first = NULL, *second = NULL;
    size_t n = (size_t)snprintf(text, sizeof text, start, 1700000000);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i] < 0) {
            n += (size_t)snprintf(text + n, sizeof text - n, start, 1700000002);
            continue;
        }
        n += (size_t)snprintf(text + n, sizeof text - n, "{\"event\":\"interval\",\"data\":");
        n += (size_t)row_text(text + n, sizeof text - n, "\"sum\":{},", rows[i]);
        n += (size_t)snprintf(text + n, sizeof text - n, "}\n");
    }
    if (reader_open_memory(text, n, NULL, &reader, NULL) == 0 && longhaul_reader_next(reader, &first, NULL) == 1)
        longhaul_reader_next(reader, &second, NULL);
    CHECK(first && second && longhaul_series_length(first) == 4 && longhaul_series_length(second) == 3 &&
              !longhaul_series_info(first)->is_mixed && !longhaul_series_info(second)->is_mixed,
          "two tests in one file, with empty sums: none of their rows is mixed");
    longhaul_series_free(first);
    longhaul_series_free(second);
    longhaul_reader_free(reader);
}

/* ---- numbers and addresses */

static void test_members(void)
{
    static const char *const texts[] = { "{}", "{\"connected\":[]}", "{\"connected\":{}}", "{\"connected\":[5]}",
                                         "{\"connected\":[{\"local_host\":7,\"remote_host\":null}]}" };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        json_t *start = json_loads(texts[i], 0, NULL);
        CHECK(start && start_local_address(start) == NULL && start_remote_address(start) == NULL, "%s: no address",
              texts[i]);
        json_decref(start);
    }
    json_t *start = json_loads("{\"connected\":[{\"local_host\":\"a\",\"remote_host\":\"b\"},{\"local_host\":\"c\"}],"
                               "\"n\":-1,\"zero\":0,\"text\":\"5\",\"real\":2.5}", 0, NULL);
    CHECK(start && strcmp(start_local_address(start), "a") == 0 && strcmp(start_remote_address(start), "b") == 0,
          "the addresses are those of the first stream");
    CHECK(number_of(start, "n") == -1 && isnan(count_of(start, "n")) && count_of(start, "zero") == 0 &&
              count_of(start, "real") == 2.5, "-1 is a number, and not a count");
    CHECK(isnan(number_of(start, "text")) && number_or_0(start, "text") == 0 && number_or_0(start, "none") == 0 &&
              isnan(count_of(start, "none")), "a text is not a number");
    json_decref(start);
}

static void check_delay_text(const char *what, const struct longhaul_delay *delay, const char *wanted)
{
    char text[INTERVAL_DELAY_BYTES];
    size_t n = interval_delay_text(delay, text);
    CHECK(n == strlen(text) && strcmp(text, wanted) == 0, "delays of a row, %s: %s", what, text);
}

/* Each digit is there once a second: those below what the sender's clock has are not. */
static void test_delays(void)
{
    struct longhaul_delay delay = delay_none();
    check_delay_text("nothing is known", &delay, "");
    delay.base_us = -2.335;
    delay.min_us = 0.04;
    delay.p50_us = 62.75;
    delay.p95_us = 999.97;
    delay.p99_us = 1023.5;
    delay.max_us = 4123456.7;
    delay.ipdv50_us = 0.5;
    delay.ipdv99_us = 512.46;
    delay.silence_us = 1998.2;
    delay.silences = delay.loss_runs = delay.longest_run = 0;
    check_delay_text("as usual", &delay,
                     ",\"delay_us\":{\"base\":-2.3,\"min\":0,\"p50\":62.8,\"p95\":1000,\"p99\":1024,"
                     "\"max\":4123457,\"ipdv50\":0.5,\"ipdv99\":512.5,\"silence\":1998}");
    delay = delay_none();
    delay.base_us = -0.04;
    delay.shift_us = -2000.6;
    delay.loss_runs = delay.n_listed = 1;
    delay.longest_run = 7;
    delay.runs[0] = (struct longhaul_loss_run){ 0, 7 };
    check_delay_text("a shift and a loss", &delay,
                     ",\"delay_us\":{\"base\":0,\"shift\":-2001},\"loss_runs\":1,\"longest_run\":7,\"runs\":\"0,7\"");
}

int main(void)
{
    test_members();
    test_delays();
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++)
        test_sum(i);
    test_two_writers();
    test_tcp_members(true);
    test_tcp_members(false);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        test_live(i);
        test_read(i, false);
        test_read(i, true);
    }
    return CHECK_DONE();
}
