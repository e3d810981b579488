/* test_record.c - a record whose process was killed, or whose disk was full, compared with one without a fault: the
 * same rows count as observed, and no sum is smaller than what arrived. The memory for making a result does not grow
 * with the number of a leg's sessions. */

#include <jansson.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "check.h"
#include "record/record.h"

#define BEGAN_S 100 /* before now */
#define PAD_BYTES 300000

static char dir[64];
static unsigned n_records;
static struct clock_reading zero; /* the first session's start */

static struct clock_reading at(double s)
{
    struct clock_reading t = zero;
    t.boot_ns += (int64_t)(s * 1e9);
    t.monotonic_ns += (int64_t)(s * 1e9);
    t.wall_ns += (int64_t)(s * 1e9);
    return t;
}

static struct record *create(const char *role, const char *protocol)
{
    char stem[64];
    struct record *r = NULL;
    snprintf(stem, sizeof stem, "A-B-8M_100S_20251115_01%02u%02u", n_records / 60, n_records % 60);
    n_records++;
    zero = clock_read();
    zero.boot_ns -= BEGAN_S * NS_PER_S;
    zero.monotonic_ns -= BEGAN_S * NS_PER_S;
    zero.wall_ns -= BEGAN_S * NS_PER_S;
    json_t *header = json_pack("{s:i, s:s, s:s, s:s, s:s, s:i, s:f}", "format", 1, "source", "A", "destination", "B",
                               "role", role, "protocol", protocol, "duration_s", 100, "interval_s", 1.0);
    struct longhaul_error err = { 0 };
    if (record_create(dir, stem, header, &r, &err) != 0) {
        CHECK(false, "a record: %s", err.text);
        exit(1);
    }
    return r;
}

static void start(struct record *r, double s)
{
    char cookie[40];
    struct clock_reading now = at(s);
    snprintf(cookie, sizeof cookie, "cookie-of-second-%.1f", s);
    json_t *data = json_pack("{s:s, s:{s:i}}", "cookie", cookie, "test_start", "duration", 100);
    record_start(r, NULL, 0, data, &now);
    json_decref(data);
}

struct row {
    double end_s; /* of its session */
    int packets, lost;
    double ack_s;
    size_t pad;
};

/* Adds a row of one second in the session that began at begun_s. */
static void row(struct record *r, double begun_s, struct row v, bool is_receiver)
{
    struct longhaul_interval decoded;
    char *pad = calloc(1, v.pad + 1);
    memset(pad, 'x', v.pad);
    json_t *sum =
        json_pack("{s:f, s:f, s:f, s:i, s:f, s:i, s:b}", "start", v.end_s - 1, "end", v.end_s, "seconds", 1.0, "bytes",
                  v.packets * 1000, "bits_per_second", v.packets * 8000.0, "packets", v.packets, "omitted", 0);
    if (is_receiver)
        json_object_update_new(
            sum, json_pack("{s:i, s:f, s:f}", "lost_packets", v.lost, "jitter_ms", 0.25, "lost_percent", 0.0));
    json_t *data = json_pack("{s:[{s:i, s:s}], s:o}", "streams", "socket", 5, "pad", pad, "sum", sum);
    struct record_row told = {
        .data = data, .at = at(begun_s + v.end_s), .last_ack_s = v.ack_s, .order = { NAN, NAN, 0 },
        .delay = delay_none()
    };
    CHECK(record_interval(r, &told, &decoded), "a row that ends at %.1f s", begun_s + v.end_s);
    json_decref(data);
    free(pad);
}

/* Rows 1..n of a session: until good_s packets arrive and the last acknowledgement is recent; then nothing. */
static void rows(struct record *r, double begun_s, int n, double good_s, bool is_receiver)
{
    for (int i = 1; i <= n; i++) {
        bool is_good = i <= good_s;
        row(r, begun_s, (struct row){ i, is_good || !is_receiver ? 100 : 0, 0, is_good ? 0.4 : i - good_s + 0.4, 0 },
            is_receiver);
    }
}

static json_t *load(const char *path)
{
    json_t *result = json_load_file(path, 0, NULL);
    CHECK(result != NULL, "%s is JSON", strrchr(path, '/'));
    return result;
}

/* The result of a record that is closed as by kill -9; the caller owns it. */
static json_t *recovered(struct record *r)
{
    char *journal = strdup(record_journal_path(r)), result[4096];
    struct longhaul_error err = { 0 };
    record_close(r);
    int rc = longhaul_recover(journal, result, sizeof result, &err);
    CHECK(rc == 0, "recover: %s", rc ? err.text : "done");
    free(journal);
    return rc == 0 ? load(result) : NULL;
}

static json_t *own_of(json_t *result)
{
    return json_object_get(result, "longhaul");
}

static double number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static bool is_near(double a, double b)
{
    return fabs(a - b) < 0.011;
}

static unsigned n_unconfirmed(json_t *result)
{
    unsigned n = 0;
    size_t i;
    json_t *interval;
    json_array_foreach(json_object_get(result, "intervals"), i, interval)
        n += json_is_false(json_object_get(json_object_get(interval, "longhaul"), "confirmed"));
    return n;
}

/* ------------------------------------------------------------------------------------------------------ a
 * silent cut */

enum after { KILLED, RESUMED, SESSION_THEN_KILLED, LIVE };
static const char *const after_names[] = { "killed, recovered", "killed, resumed", "its session ended, then killed",
                                           "alive to its end" };

static struct record *resume(struct record *r, double s)
{
    char *journal = strdup(record_journal_path(r));
    struct longhaul_error err = { 0 };
    record_close(r);
    r = NULL;
    CHECK(record_reopen(journal, RECORD_RESTARTED, "longhaul was not running", &r, &err) == 0 && r, "resumed: %s",
          err.text);
    free(journal);
    start(r, s);
    rows(r, s, 3, 3, false);
    return r;
}

/* Ten seconds, of which the first five are confirmed. Returns the result. */
static json_t *silence(bool is_receiver, enum after after)
{
    struct record *r = create(is_receiver ? "receiver" : "sender", "UDP");
    start(r, 0);
    rows(r, 0, 10, 5, is_receiver);
    if (after == SESSION_THEN_KILLED || after == LIVE)
        record_session(r, "the peer's host does not answer", false, RECORD_PATH_SILENT, NAN);
    if (after == LIVE)
        record_gap_until(r, 10);
    return recovered(after == RESUMED ? resume(r, 20) : r);
}

static void test_silence(bool is_receiver)
{
    const char *who = is_receiver ? "a receiver" : "a sender";
    double since_s = is_receiver ? 5 : 4.6; /* the last acknowledgement that a sender's rows report */
    for (enum after after = KILLED; after <= LIVE; after++) {
        json_t *result = silence(is_receiver, after), *own = own_of(result),
               *gap = json_array_get(json_object_get(own, "gaps"), 0);
        const char *cause = json_string_value(json_object_get(gap, "cause"));
        CHECK(json_array_size(json_object_get(own, "gaps")) == 1, "%s in a silence, %s: one gap", who,
              after_names[after]);
        CHECK(is_near(number(gap, "start_s"), since_s), "%s, %s: it begins at %.2f s", who, after_names[after],
              number(gap, "start_s"));
        CHECK(is_near(number(gap, "seconds"), (after == RESUMED ? 20 : 10) - since_s), "%s, %s: it is %.2f s long", who,
              after_names[after], number(gap, "seconds"));
        CHECK(cause && strcmp(cause, after == RESUMED ? "restarted" : "path-silent") == 0, "%s, %s: %s", who,
              after_names[after], cause ? cause : "no cause");
        CHECK(is_near(number(own, "observed_s"), since_s + (after == RESUMED ? 3 : 0)), "%s, %s: %.2f s observed", who,
              after_names[after], number(own, "observed_s"));
        CHECK(n_unconfirmed(result) == 5, "%s, %s: five rows say so", who, after_names[after]);
        json_decref(result);
    }
}

/* What heals, or ends as it should, is not a gap; nor is the second that ends every journal. */
static void test_no_silence(void)
{
    for (int way = 0; way < 4; way++) {
        static const char *const names[] = { "killed while all is well", "a silence that healed, then killed",
                                             "one that ended well, then killed", "one that was stopped" };
        struct record *r = create("sender", "UDP");
        start(r, 0);
        rows(r, 0, 8, way == 0 ? 8 : 4, false);
        if (way == 1)
            row(r, 0, (struct row){ 9, 100, 0, 0.2, 0 }, false);
        else if (way >= 2)
            record_session(r, way == 2 ? "complete" : "stopped", way == 2,
                           way == 2 ? RECORD_SESSION_ERROR : RECORD_STOPPED, NAN);
        json_t *result = recovered(r), *own = own_of(result);
        CHECK(json_array_size(json_object_get(own, "gaps")) == 0 && n_unconfirmed(result) == 0, "%s: no gap",
              names[way]);
        CHECK(is_near(number(own, "observed_s"), way == 1 ? 9 : 8), "%s: %.2f s observed", names[way],
              number(own, "observed_s"));
        json_decref(result);
    }
}

/* A low rate is not a silence that fills the journal: one packet in ten seconds. */
static void test_slow(void)
{
    struct record *r = create("receiver", "UDP");
    char *journal = strdup(record_journal_path(r)), line[4096];
    unsigned n = 0;
    start(r, 0);
    for (int i = 1; i <= 60; i++)
        row(r, 0, (struct row){ i, i % 10 == 0, 0, 0.4, 0 }, true);
    FILE *in = fopen(journal, "re");
    while (in && fgets(line, sizeof line, in))
        n += strstr(line, "confirmed\"") != NULL;
    if (in)
        fclose(in);
    CHECK(n <= 12, "a packet in ten seconds: %u lines more", n);
    free(journal);
    json_decref(recovered(r));
}

/* -------------------------------------------------------------------------------------------------- the disk
 * is full */

static void limit_files(off_t bytes)
{
    struct rlimit limits;
    getrlimit(RLIMIT_FSIZE, &limits);
    limits.rlim_cur = bytes ? (rlim_t)bytes : limits.rlim_max;
    setrlimit(RLIMIT_FSIZE, &limits);
}

enum full { THEN_BROKEN, THEN_CLEAN, THEN_KILLED, THEN_KILLED_AND_RESUMED };
static const char *const full_names[] = { "broke off", "ended well", "was killed", "was killed and resumed" };

/* 40 rows: the disk takes 5, memory about 13, and the last 22 are lost. */
static struct record *fill(const char *role, bool is_receiver)
{
    struct record *r = create(role, "UDP");
    start(r, 0);
    for (int i = 1; i <= 40; i++) {
        if (i == 6)
            limit_files(6 * PAD_BYTES);
        row(r, 0, (struct row){ i, 100, i % 2, 0.4, PAD_BYTES }, is_receiver);
    }
    return r;
}

static void end_well(struct record *r)
{
    json_t *side = json_pack("{s:f, s:f, s:f, s:i, s:i}", "start", 0.0, "end", 40.0, "seconds", 40.0, "bytes", 4000000,
                             "packets", 4000);
    json_t *end = json_pack("{s:{s:i, s:f, s:i}, s:o, s:O}", "sum", "lost_packets", 20, "jitter_ms", 0.25, "packets",
                            4000, "sum_sent", side, "sum_received", side);
    record_end(r, end);
    record_session(r, "complete", true, RECORD_SESSION_ERROR, NAN);
    json_decref(end);
}

static json_t *after_full(enum full how, bool is_receiver)
{
    struct record *r = fill(is_receiver ? "receiver" : "sender", is_receiver);
    if (how == THEN_BROKEN)
        record_session(r, "the client broke off", false, RECORD_PEER_CLOSED, NAN);
    else if (how == THEN_CLEAN)
        end_well(r);
    if (how == THEN_KILLED || how == THEN_KILLED_AND_RESUMED) {
        char *journal = strdup(record_journal_path(r));
        record_close(r);
        limit_files(0);
        CHECK(record_reopen(journal, RECORD_RESTARTED, "longhaul was not running", &r, NULL) == 0 && r, "reopened");
        free(journal);
    }
    limit_files(0);
    record_sync(r, clock_boot_ns(), 0);
    if (how == THEN_KILLED_AND_RESUMED) {
        start(r, 50);
        rows(r, 50, 3, 3, is_receiver);
        record_session(r, "the client broke off", false, RECORD_PEER_CLOSED, NAN);
    }
    return recovered(r);
}

/* The process's own counts are right even without its rows; if it was killed, the sums are unknown. */
static void test_full(bool is_receiver)
{
    for (enum full how = THEN_BROKEN; how <= THEN_KILLED_AND_RESUMED; how++) {
        json_t *result = after_full(how, is_receiver), *own = own_of(result), *end = json_object_get(result, "end");
        const char *who = is_receiver ? "receiver" : "sender", *key = is_receiver ? "sum_received" : "sum_sent";
        double packets = number(json_object_get(end, key), "packets"),
               bytes = number(json_object_get(end, key), "bytes");
        double lost = number(json_object_get(end, "sum"), "lost_packets"),
               n_rows = (double)json_array_size(json_object_get(result, "intervals"));
        bool is_known = how == THEN_BROKEN || how == THEN_CLEAN;
        CHECK(n_rows + number(own, "lost_intervals") == (how == THEN_KILLED_AND_RESUMED ? 43 : 40),
              "%s, full, %s: %.0f rows, %.0f lost", who, full_names[how], n_rows, number(own, "lost_intervals"));
        CHECK(is_known ? packets == 4000 && bytes == 4e6 : isnan(packets) && isnan(bytes),
              "%s, full, %s: %.0f packets, %.0f bytes", who, full_names[how], packets, bytes);
        if (is_receiver || how == THEN_CLEAN)
            CHECK(is_known ? lost == 20 : isnan(lost), "%s, full, %s: %.0f lost", who, full_names[how], lost);
        CHECK(isnan(lost) || lost == 20, "%s, full, %s: no loss that is too small", who, full_names[how]);
        json_decref(result);
    }
}

/* A later session of the same leg is not affected by what an earlier one lost. */
static void test_full_then_well(void)
{
    struct record *r = fill("receiver", true);
    record_session(r, "the client broke off", false, RECORD_PEER_CLOSED, NAN);
    limit_files(0);
    start(r, 50);
    rows(r, 50, 3, 3, true);
    record_session(r, "the client broke off", false, RECORD_PEER_CLOSED, NAN);
    json_t *result = recovered(r), *segments = json_object_get(own_of(result), "segments"),
           *sum = json_object_get(json_object_get(result, "end"), "sum");
    CHECK(number(json_array_get(segments, 0), "seen_packets") == 4000 &&
              number(json_array_get(segments, 0), "lost_packets") == 20,
          "full, then well: the first session");
    CHECK(number(json_array_get(segments, 1), "seen_packets") == 300 &&
              number(json_array_get(segments, 1), "lost_packets") == 0,
          "full, then well: the second");
    CHECK(number(sum, "packets") == 4300 && number(sum, "lost_packets") == 20, "full, then well: both");
    json_decref(result);
}

/* ---- many sessions */

static long peak_kb(void)
{
    char line[256];
    long kb = 0;
    FILE *in = fopen("/proc/self/status", "re");
    while (in && fgets(line, sizeof line, in))
        if (sscanf(line, "VmHWM: %ld kB", &kb) == 1)
            break;
    if (in)
        fclose(in);
    return kb;
}

/* Like a server's record of a leg that breaks again and again. */
static void test_many_sessions(void)
{
    enum { N = 300, WARM = 60 };
    long warm_kb = 0;
    struct record *r = create("receiver", "UDP");
    char *journal = strdup(record_journal_path(r)), *path = strdup(record_result_path(r));
    for (int i = 0; i < N; i++) {
        struct longhaul_interval decoded;
        if (i > 0 &&
            (record_reopen(journal, RECORD_PEER_CLOSED, "no session of the client's", &r, NULL) != 0 || r == NULL)) {
            CHECK(false, "session %d", i);
            break;
        }
        start(r, i * 0.2);
        json_t *data = json_pack("{s:[{s:i}], s:{s:f, s:f, s:f, s:i, s:f, s:i, s:i, s:f}}", "streams", "socket", 5,
                                 "sum", "start", 0.0, "end", 0.1, "seconds", 0.1, "bytes", 1000, "bits_per_second",
                                 80000.0, "packets", 1, "lost_packets", 0, "jitter_ms", 0.1);
        struct record_row told = { .data = data, .at = at(i * 0.2 + 0.1), .last_ack_s = 0.1, .order = { 0, 0, 0 },
                                   .delay = delay_none() };
        record_interval(r, &told, &decoded);
        json_decref(data);
        record_session(r, "the client broke off", false, RECORD_PEER_CLOSED, NAN);
        record_finish(r, true, NULL, NULL);
        if (i == WARM)
            warm_kb = peak_kb();
    }
    long grown_kb = peak_kb() - warm_kb;
    json_t *result = load(path);
    CHECK(json_array_size(json_object_get(own_of(result), "segments")) == N &&
              json_array_size(json_object_get(own_of(result), "gaps")) == N - 1,
          "%d sessions, %d gaps", N, N - 1);
    json_decref(result);
#if defined(__SANITIZE_ADDRESS__)
    (void)grown_kb;
    printf("skip - memory of many sessions: the sanitizer keeps what is freed\n");
#else
    CHECK(grown_kb < 200, "sessions %d to %d: the process' peak grew by %ld kB", WARM, N, grown_kb);
#endif
    free(journal);
    free(path);
}

int main(void)
{
    char command[128];
    snprintf(dir, sizeof dir, "%s/longhaul-record.XXXXXX",
             getenv("TMPDIR") && strlen(getenv("TMPDIR")) < 30 ? getenv("TMPDIR") : "/tmp");
    signal(SIGXFSZ, SIG_IGN);
    if (mkdtemp(dir) == NULL)
        return 1;
    test_many_sessions(); /* first: the peak is that of the whole process */
    test_silence(false);
    test_silence(true);
    test_no_silence();
    test_slow();
    test_full(true);
    test_full(false);
    test_full_then_well();
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    CHECK(system(command) == 0, "the folder is removed");
    return CHECK_DONE();
}
