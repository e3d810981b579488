/* test_reader.c - the reader through its public functions, on the small files of tests/data/reader. */

#include <fcntl.h>
#include <longhaul.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "read/source.h"

#define DATA "tests/data/reader/"

/* Reads the first test of a file; NULL, after a failed CHECK, if the file has none. */
static struct longhaul_series *first_of(const char *path, bool with_omitted, size_t *n_warnings)
{
    struct longhaul_read_options options = { .wants_omitted = with_omitted };
    struct longhaul_error err = { 0 };
    struct longhaul_reader *reader = NULL;
    struct longhaul_series *series = NULL;
    if (longhaul_reader_open(path, &options, &reader, &err) == 0)
        longhaul_reader_next(reader, &series, &err);
    if (!series)
        CHECK(false, "%s: %s", path, err.text);
    if (n_warnings && reader)
        *n_warnings = longhaul_reader_n_warnings(reader);
    longhaul_reader_free(reader);
    return series;
}

static void test_columns(void)
{
    size_t n_warnings = 9;
    struct longhaul_series *s = first_of(DATA "pull.json", false, &n_warnings);
    if (!s)
        return;
    const double *lost = longhaul_series_column(s, LONGHAUL_COLUMN_LOST_PACKETS);
    CHECK(longhaul_series_length(s) == 5 && n_warnings == 0, "five intervals, nothing to warn of");
    CHECK(lost[1] == 2 && lost[4] == 1 && longhaul_series_column(s, LONGHAUL_COLUMN_JITTER_MS)[2] == 0.012,
          "the receiver's intervals know loss and jitter");
    CHECK(longhaul_series_column(s, LONGHAUL_COLUMN_BYTES)[2] == 901 * 1386 &&
              longhaul_series_column(s, LONGHAUL_COLUMN_END_S)[4] == 5 &&
              longhaul_series_column(s, LONGHAUL_COLUMN_START_S)[4] == 4,
          "bytes, start and end are the file's");
    CHECK(longhaul_series_column(s, LONGHAUL_N_COLUMNS) == NULL, "there is no column after the last");
    longhaul_series_free(s);
    s = first_of(DATA "push.json", false, NULL);
    if (!s)
        return;
    CHECK(isnan(longhaul_series_column(s, LONGHAUL_COLUMN_LOST_PACKETS)[0]) &&
              isnan(longhaul_series_column(s, LONGHAUL_COLUMN_JITTER_MS)[0]),
          "the sender's intervals know neither: NAN, not 0");
    longhaul_series_free(s);
}

static void test_info(void)
{
    static const struct {
        const char *file, *source, *destination;
        bool is_sender, is_complete, is_journal;
        double planned_s;
    } cases[] = {
        { DATA "push.json", "192.0.2.1", "192.0.2.2", true, true, false, 5 },
        { DATA "pull.json", "192.0.2.2", "192.0.2.1", false, true, false, 5 },
        { DATA "server.json", "192.0.2.2", "192.0.2.1", false, true, false, 5 },
        { DATA "HK-WUS-10M_14S_20251116_010046.json", "HK", "WUS", true, true, false, 14 },
        { DATA "HK-WUS-10M_20S_20251115_010046.journal", "HK", "WUS", true, false, true, 20 },
        { DATA "WUS-HK-10M_20S_20251115_010046.journal", "WUS", "HK", false, false, true, 20 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct longhaul_series *s = first_of(cases[i].file, false, NULL);
        if (!s)
            continue;
        const struct longhaul_info *info = longhaul_series_info(s);
        CHECK(strcmp(info->source, cases[i].source) == 0 && strcmp(info->destination, cases[i].destination) == 0 &&
                  info->is_sender == cases[i].is_sender && info->is_complete == cases[i].is_complete &&
                  info->is_journal == cases[i].is_journal && info->planned_s == cases[i].planned_s &&
                  info->target_bps == 1e7 && info->datagram_bytes == 1386,
              "%s: %s to %s, plan %g s", cases[i].file, info->source, info->destination, info->planned_s);
        longhaul_series_free(s);
    }
}

static void test_unknown(void)
{
    struct longhaul_series *s = first_of(DATA "HK-WUS-10M_14S_20251116_010046.json", false, NULL);
    struct longhaul_summary sum;
    if (!s)
        return;
    longhaul_summarise(s, &sum);
    CHECK(isnan(sum.loss_percent) && isnan(sum.lost_packets) && isnan(sum.jitter_ms),
          "a result without loss: not known, not 0");
    CHECK(sum.observed_s == 10 && sum.n_intervals == 10 && longhaul_series_info(s)->start_unix_s == 1763254846,
          "observed are the intervals, without the gap");
    longhaul_series_free(s);
    s = first_of(DATA "WUS-HK-10M_20S_20251115_010046.journal", false, NULL);
    if (!s)
        return;
    longhaul_summarise(s, &sum);
    CHECK(sum.lost_packets == 6 && sum.total_packets == 9018 && fabs(sum.loss_percent - 600.0 / 9018) < 1e-12,
          "a journal of the receiver's: loss is that of its intervals so far");
    longhaul_series_free(s);
}

static void test_omitted(void)
{
    struct longhaul_series *without = first_of(DATA "omitted.json", false, NULL),
                           *with = first_of(DATA "omitted.json", true, NULL);
    if (without && with)
        CHECK(longhaul_series_length(without) == 2 && longhaul_series_length(with) == 3,
              "omitted intervals only when wanted");
    longhaul_series_free(without);
    longhaul_series_free(with);
}

static void test_several(void)
{
    struct longhaul_error err = { 0 };
    struct longhaul_reader *reader = NULL;
    struct longhaul_series *s;
    size_t n = 0;
    if (!CHECK(longhaul_reader_open(DATA "two.json", NULL, &reader, &err) == 0,
               "two documents in one file can be opened"))
        return;
    while (longhaul_reader_next(reader, &s, &err) == 1) {
        n++;
        longhaul_series_free(s);
    }
    CHECK(n == 2 && longhaul_reader_next(reader, &s, &err) == 0,
          "both are read, and then there are no more, however often one asks");
    longhaul_reader_free(reader);
}

static void test_refused(void)
{
    static const struct { const char *path; int code; const char *says;
    } cases[] = {
        { DATA "empty.json", LONGHAUL_EFORMAT, DATA "empty.json: is empty" },
        { DATA "not_json.json", LONGHAUL_EFORMAT,
          DATA "not_json.json: contains nothing that iperf3 or longhaul writes" },
        { DATA "not_iperf.json", LONGHAUL_EFORMAT,
          DATA "not_iperf.json: contains nothing that iperf3 or longhaul writes" },
        { DATA "nowhere.json", LONGHAUL_EIO, DATA "nowhere.json: No such file or directory" },
        { "tests/data", LONGHAUL_EIO, "tests/data: is a folder" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct longhaul_error err = { 0 };
        struct longhaul_reader *reader = NULL;
        struct longhaul_series *untouched = (struct longhaul_series *)&err, *s = untouched;
        int rc = longhaul_reader_open(cases[i].path, NULL, &reader, &err);
        if (rc == 0)
            rc = longhaul_reader_next(reader, &s, &err);
        CHECK(rc == cases[i].code && s == untouched && strcmp(err.text, cases[i].says) == 0, "refused: %s", err.text);
        longhaul_reader_free(reader);
    }
    longhaul_reader_free(NULL);
    longhaul_series_free(NULL);
}

/* Cut after every single byte: never a crash, never more intervals than there were. */
static void test_cut_anywhere(void)
{
    char bytes[8192], path[] = "/tmp/longhaul-cut.XXXXXX";
    int in = open(DATA "pull.json", O_RDONLY), out = mkstemp(path);
    ssize_t size = in >= 0 ? read(in, bytes, sizeof bytes) : -1;
    size_t most = 0, last = 0, shrunk = 0;
    for (ssize_t cut = 0; out >= 0 && cut <= size; cut++) {
        struct longhaul_reader *reader = NULL;
        struct longhaul_series *s = NULL;
        size_t n = 0;
        if (ftruncate(out, 0) != 0 || pwrite(out, bytes, (size_t)cut, 0) != cut)
            break;
        if (longhaul_reader_open(path, NULL, &reader, NULL) == 0 && longhaul_reader_next(reader, &s, NULL) == 1)
            n = longhaul_series_length(s);
        shrunk += n < last;
        last = n;
        most = n > most ? n : most;
        longhaul_series_free(s);
        longhaul_reader_free(reader);
    }
    CHECK(size > 4000 && most == 5 && last == 5 && shrunk == 0,
          "a file cut after any byte gives the intervals before the cut");
    if (in >= 0)
        close(in);
    close(out);
    unlink(path);
}

static double worked_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A host that is busy, or a program that is stopped, costs a good file nothing: only work counts. */
static void test_idle(void)
{
    static const char text[4096];
    char piece[1024];
    uint64_t progress = 0;
    struct longhaul_error err;
    struct source *source = NULL;
    CHECK(source_open_memory(text, sizeof text, &source, &err) == 0, "a text in memory");
    source_limit(source, 0, 0.2, &progress);
    usleep(400000);
    CHECK(source_read(source, piece, sizeof piece) == sizeof piece, "0.4 s without a processor, of 0.2 s: it is read");
    double began_s = worked_s();
    while (worked_s() - began_s < 0.3)
        ;
    progress++;
    CHECK(source_read(source, piece, sizeof piece) == sizeof piece, "0.3 s of work, and an interval: it is read");
    began_s = worked_s();
    while (worked_s() - began_s < 0.3)
        ;
    CHECK(source_read(source, piece, sizeof piece) == 0 && source_is_over(source) == SOURCE_IDLE_OVER,
          "0.3 s of work without an interval: it ends");
    source_free(source);
}

int main(void)
{
    test_idle();
    test_columns();
    test_info();
    test_unknown();
    test_omitted();
    test_several();
    test_refused();
    test_cut_anywhere();
    return CHECK_DONE();
}
