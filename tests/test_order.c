/* test_order.c - late datagrams: an interval's negative count is moved to where the loss was counted; iperf3's
 * spellings of a negative count; what is known about the order of arrival, and from where. */

#include "analysis/analysis.h"
#include "check.h"
#include "rows.h"

#define N 8

static const struct {
    double lost[N], out_of_order[N], settled[N];
} cases[] = {
    { { 1, -1, 0, 2, 0, -2, 0, 0 }, { NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN }, { 0, 0, 0, 0, 0, 0, 0, 0 } },
    { { 5, 1, -1, 0, 0, 0, 0, 0 },
      { NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN },
      { 5, 0, 0, 0, 0, 0, 0, 0 } }, /* the newest first */
    { { 0, -3, 2, 0, 0, 0, 0, 0 },
      { NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN },
      { 0, -3, 2, 0, 0, 0, 0, 0 } }, /* nothing to take back */
    { { 4, -3, 0, 0, 0, 0, 0, 0 },
      { 0, 1, 0, 0, 0, 0, 0, 0 },
      { 3, -2, 0, 0, 0, 0, 0, 0 } }, /* two of them came twice */
    { { 4, NAN, -3, NAN, 0, 0, 0, 0 }, { NAN, NAN, 3, NAN, 0, 0, 0, 0 }, { 1, NAN, 0, NAN, 0, 0, 0, 0 } },
};

static void check_settling(void)
{
    double settled[N];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        order_settle(cases[i].lost, cases[i].out_of_order, N, settled);
        for (size_t k = 0; k < N; k++)
            CHECK(settled[k] == cases[i].settled[k] || (isnan(settled[k]) && isnan(cases[i].settled[k])),
                  "case %zu, interval %zu: %g", i, k, settled[k]);
    }
    double far[12] = { 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -3 }, kept[12];
    order_settle(far, NULL, 12, kept);
    CHECK(kept[0] == 3 && kept[11] == -3, "eleven intervals later nothing is taken back");
}

/* Late datagrams look like bursts of loss that are made up for: no events. The same losses without that are events. */
static void check_events(void)
{
    struct rows rows = rows_new(600), lossy = rows_new(600);
    size_t n;
    for (size_t i = 200; i < 600; i += 200) {
        rows.row[i].lost = 200;
        rows.row[i + 1].lost = -200;
        rows_lose(&lossy, i, 200);
    }
    struct longhaul_analysis *a = rows_analyse(rows, "HK-WUS"), *b = rows_analyse(lossy, "HK-WUS");
    longhaul_analysis_events(a, &n);
    CHECK(n == 0 && longhaul_analysis_figures(a)->lost_packets == 0 && longhaul_analysis_loss(a)->lost == 0,
          "a path that reorders: %zu events", n);
    longhaul_analysis_events(b, &n);
    CHECK(n == 2, "a path that loses: %zu events", n);
    longhaul_analysis_free(a);
    longhaul_analysis_free(b);
}

/* A file with two intervals and an end. own: members of longhaul's object in each interval; "" for none. */
static struct longhaul_analysis *analyse(bool is_sender, const char *lost, const char *own, const char *end)
{
    char path[] = "/tmp/longhaul-order.XXXXXX";
    int fd = mkstemp(path);
    FILE *out = fd < 0 ? NULL : fdopen(fd, "w");
    struct longhaul_reader *reader = NULL;
    struct longhaul_series *series = NULL;
    struct longhaul_analysis *analysis = NULL;
    if (out == NULL)
        return NULL;
    fprintf(out, "{\"start\":{\"test_start\":{\"protocol\":\"UDP\",\"duration\":2,\"reverse\":%d}},\"intervals\":[",
            !is_sender);
    for (int i = 0; i < 2; i++)
        fprintf(out,
                "%s{\"sum\":{\"start\":%d,\"end\":%d,\"seconds\":1,\"bytes\":5000,\"bits_per_second\":40000,"
                "\"packets\":100,\"jitter_ms\":0.1,"
                "\"lost_packets\":%s,\"sender\":%s}%s}",
                i ? "," : "", i, i + 1, i ? lost : "1", is_sender ? "true" : "false", own);
    fprintf(out, "],\"end\":{\"sum\":{\"packets\":200,\"lost_packets\":0%s", end);
    fclose(out);
    if (longhaul_reader_open(path, NULL, &reader, NULL) == 0 && longhaul_reader_next(reader, &series, NULL) == 1)
        longhaul_analyse(series, NULL, &analysis, NULL);
    longhaul_series_free(series);
    longhaul_reader_free(reader);
    unlink(path);
    return analysis;
}

static const struct {
    const char *what;
    bool is_sender;
    const char *lost, *own, *end;
    double out_of_order, duplicates;
    int64_t lost_packets; /* of the intervals; -1: one of them is unknown */
} files[] = {
    { "iperf3 3.12's -1", false, "18446744073709551615", "", "}}}", NAN, NAN, 0 },
    { "-1", false, "-1", "", "}}}", NAN, NAN, 0 },
    { "no number", false, "-nan", "", "}}}", NAN, NAN, -1 },
    { "too large a number", false, "1e999", "", "}}}", NAN, NAN, -1 },
    { "iperf3's end, of a receiver", false, "0", "",
      "},\"streams\":[{\"udp\":{\"out_of_order\":3,\"sender\":false}},{\"udp\":{\"out_of_order\":4}}]}}", 7, NAN, 1 },
    { "iperf3's end, of a sender: nobody counted it", true, "0", "",
      "},\"streams\":[{\"udp\":{\"out_of_order\":0,\"sender\":true}}]}}", NAN, NAN, 1 },
    { "iperf3's end, both ways", false, "0", "",
      "},\"sum_bidir_reverse\":{\"packets\":3},\"streams\":[{\"udp\":{\"out_of_order\":3,\"sender\":false}},{\"udp\":{"
      "\"out_of_order\":9,\"sender\":true}}]}}",
      3, NAN, 1 },
    { "longhaul's rows", false, "0", ",\"longhaul\":{\"out_of_order\":5,\"duplicates\":2}", "}}}", 10, 4, 1 },
    { "longhaul's end", false, "0", ",\"longhaul\":{\"out_of_order\":5,\"duplicates\":2}",
      ",\"out_of_order\":11,\"duplicates\":0}}}", 11, 0, 1 },
    { "longhaul's rows without its counts", false, "0", ",\"longhaul\":{\"unix_us\":5}", "}}}", NAN, NAN, 1 },
};

static bool is_same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static void check_files(void)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct longhaul_analysis *a = analyse(files[i].is_sender, files[i].lost, files[i].own, files[i].end);
        CHECK(a != NULL, "%s", files[i].what);
        if (a == NULL)
            continue;
        const struct longhaul_order *o = longhaul_analysis_order(a);
        const struct longhaul_figures *f = longhaul_analysis_figures(a);
        CHECK(is_same(o->out_of_order_packets, files[i].out_of_order) &&
                  is_same(o->duplicate_packets, files[i].duplicates),
              "%s: %g out of order, %g twice", files[i].what, o->out_of_order_packets, o->duplicate_packets);
        CHECK(f->has_loss == (files[i].lost_packets >= 0) && (!f->has_loss || f->lost_packets == files[i].lost_packets),
              "%s: %g lost", files[i].what, (double)f->lost_packets);
        longhaul_analysis_free(a);
    }
}

int main(void)
{
    check_settling();
    check_events();
    check_files();
    return CHECK_DONE();
}
