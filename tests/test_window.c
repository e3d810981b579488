/* test_window.c - texts larger than the window through which they are read, pipes, files that change while they are
 * read, and files made to be slow. */

#include <fcntl.h>
#include <pthread.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "same_paths.h"

#define MIB (1u << 20)

struct text {
    char *bytes;
    size_t n, capacity;
};

static void add(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(struct text *t, const char *format, ...)
{
    va_list args;
    if (t->n + 4096 > t->capacity) {
        t->capacity = 2 * t->capacity + MIB;
        t->bytes = realloc(t->bytes, t->capacity);
    }
    va_start(args, format);
    t->n += (size_t)vsnprintf(t->bytes + t->n, 4096, format, args);
    va_end(args);
}

static void add_row(struct text *t, int i)
{
    add(t,
        "\"start\":%d,\"end\":%d.0%d,\"seconds\":1.%d,\"bytes\":%d,\"bits_per_second\":%d.00%d,\"packets\":902,"
        "\"omitted\":false,\"sender\":true}",
        i, i + 1, i % 97, i, i * 1386, 10000000 + i, i % 89);
}

static void add_interval(struct text *t, int i, int n_streams)
{
    add(t, "{\"streams\":[");
    for (int k = 0; k < n_streams; k++) {
        add(t, "%s{\"socket\":%d,", k ? "," : "", k);
        add_row(t, i);
    }
    add(t, "],\"sum\":{");
    add_row(t, i);
    add(t, "}");
}

static void check_same(const char *what, const struct text *t, size_t n_intervals, size_t least_scanned)
{
    struct same_paths same = same_paths(t->bytes, t->n);
    CHECK(same.difference[0] == 0 && same.n_intervals == n_intervals && same.n_scanned >= least_scanned,
          "%s (%zu kB): %zu intervals, %zu scanned; %s", what, t->n / 1000, same.n_intervals, same.n_scanned,
          same.difference[0] ? same.difference : "both paths agree");
}

static void test_large(void)
{
    struct text t = { 0 };
    add(&t, "{\"start\":{},\"intervals\":[");
    for (int i = 0; i < 20000; i++) {
        add(&t, i ? ",\n" : "\n");
        add_interval(&t, i, 1);
    }
    add(&t, "],\"end\":{\"sum\":{\"seconds\":20000}}}");
    check_same("a result of many windows", &t, 20000, 19999);
    t.n = 0;
    for (int i = 0; i < 20000; i++) {
        add(&t, "{\"event\":\"interval\",\"data\":");
        add_interval(&t, i, 1);
        add(&t, "}\n");
    }
    check_same("lines over many windows", &t, 20000, 19999);
    t.n = 0;
    add(&t, "{\"intervals\":[");
    for (int i = 0; i < 4; i++) {
        add(&t, i ? "," : "");
        add_interval(&t, i, 12000);
    }
    add(&t, "]}");
    check_same("intervals that are larger than the window", &t, 4, 0);
    t.n = 0;
    add(&t, "{\"start\":{},\"server_output_text\":\"");
    for (int i = 0; i < 400000; i++)
        add(&t, "[%d] {\\\"not\\\": JSON} ]]\\\\ ", i);
    add(&t, "\",\"server_output_json\":{\"intervals\":[");
    for (int i = 0; i < 40000; i++)
        add(&t, "%s{\"sum\":{\"bits_per_second\":1}}", i ? "," : "");
    add(&t, "]},\"intervals\":[");
    add_interval(&t, 0, 1);
    add(&t, "],\"end\":{\"sum\":{}}}");
    check_same("the server's output inside, larger than the window, is passed", &t, 1, 39999);
    free(t.bytes);
}

/* ---- what is found does not depend on where the window ends */

static void add_pad(struct text *t, size_t n)
{
    static const char pad[] = "----------------------------------------------------------------"; /* 64 */
    for (; n >= 64; n -= 64)
        add(t, pad);
    add(t, "%.*s", (int)n, pad);
}

/* A line of another program between two intervals, at any place of a window: the same warnings, and no interval is
 * lost. */
static void test_stray_line(void)
{
    struct text t = { 0 };
    size_t n_texts = 0, n_same = 0;
    for (size_t pad = 0; pad < MIB; pad += 3000, n_texts++) {
        t.n = 0;
        add(&t, "{\"start\":{},\"other\":\"");
        add_pad(&t, pad);
        add(&t, "\",\"intervals\":[\n");
        add_interval(&t, 0, 1);
        add(&t, ",\nos: cannot open\n");
        for (int i = 1; i < 30; i++) {
            add_interval(&t, i, 1);
            add(&t, i < 29 ? ",\n" : "]}\n");
        }
        struct same_paths same = same_paths(t.bytes, t.n);
        n_same += same.difference[0] == 0 && same.n_intervals == 30;
    }
    CHECK(n_same == n_texts, "a line of another program is left out at %zu of %zu places of a window", n_same, n_texts);
    free(t.bytes);
}

/* A long line of a log whose tabs are written as #011: one of them is torn wherever the text is read in parts. */
static void test_torn_tabs(void)
{
    struct text t = { 0 };
    size_t n_same = 0;
    for (size_t pad = 0; pad < 4; pad++) {
        t.n = 0;
        add(&t, "<14>Nov 15 01:00:46 hk iperf3: {#011\"start\":{},\"other\":\"");
        add_pad(&t, pad);
        add(&t, "\",\n");
        for (int line = 0; line < 10; line++) {
            add(&t, "<14>Nov 15 01:00:46 hk iperf3: \"tabs\":");
            for (int i = 0; i < 25000; i++)
                add(&t, "#011");
            add(&t, "1,\n");
        }
        add(&t, "<14>Nov 15 01:00:46 hk iperf3: #011\"intervals\":[\n<14>Nov 15 01:00:46 hk iperf3: #011#011");
        add_interval(&t, 0, 1);
        add(&t, "\n<14>Nov 15 01:00:46 hk iperf3: #011],\"end\":{}}\n");
        struct same_paths same = same_paths(t.bytes, t.n);
        n_same += same.difference[0] == 0 && same.n_intervals == 1;
    }
    CHECK(n_same == 4, "tabs that a log has written as #011 are read wherever they are torn (%zu of 4)", n_same);
    free(t.bytes);
}

static void copy_first_warning(const struct text *t, char out[256])
{
    struct longhaul_reader *reader = NULL;
    struct longhaul_series *series = NULL;
    out[0] = 0;
    if (reader_open_memory(t->bytes, t->n, NULL, &reader, NULL) != 0)
        return;
    while (longhaul_reader_next(reader, &series, NULL) == 1)
        longhaul_series_free(series);
    if (longhaul_reader_n_warnings(reader) > 0)
        snprintf(out, 256, "%s", longhaul_reader_warning(reader, 0));
    longhaul_reader_free(reader);
}

/* A member without a value, behind a member that is larger than the window: where the document breaks off, whether or
 * not more than a window follows. */
static void test_no_value(void)
{
    struct text t = { 0 };
    char first[256], second[256];
    add(&t, "{\"start\":{\"other\":\"");
    add_pad(&t, MIB);
    add(&t, "\"},\"other\":   }");
    copy_first_warning(&t, first);
    add_pad(&t, 2 * MIB);
    copy_first_warning(&t, second);
    CHECK(first[0] && strcmp(first, second) == 0,
          "a member without a value, at a text's end: %s; before two megabytes: %s", first, second);
    free(t.bytes);
}

static double seconds_of(const struct text *t, const char *what)
{
    struct timespec a, b;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
    struct same_paths same = same_paths(t->bytes, t->n);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
    double seconds = (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9;
    CHECK(same.difference[0] == 0 && seconds < 30, "%s: %zu kB in %.2f s, twice%s%s", what, t->n / 1000, seconds,
          same.difference[0] ? "; difference: " : "", same.difference);
    return seconds;
}

/* Texts that take a naive reader the square of their size. */
static void test_hostile(void)
{
    static const struct { const char *what, *unit; } cases[] = {
        { "objects in objects without end", "{\"a\":" },
        { "arrays in arrays without end", "{\"a\":[" },
        { "documents that break off at once", "{\"start\":{" },
        { "intervals that break off at once", "{\"intervals\":[{" },
        { "strings that never end", "{\"start\":{\"a\":\"\n" },
        { "keys that never end", "{\"" },
        { "events that never end", "{\"event\":\"interval\",\"data\":{" },
        { "braceless documents", "\"start\":{" },
        { "wrong numbers", "{\"intervals\":[1e999," },
        { "quotes", "{\"\"" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct text t = { 0 };
        while (t.n < MIB)
            add(&t, "%s", cases[i].unit);
        seconds_of(&t, cases[i].what);
        free(t.bytes);
    }
}

/* ---- files and pipes */

static size_t count_intervals(const char *path, size_t *n_warnings, void (*meanwhile)(void *), void *payload)
{
    struct longhaul_reader *reader = NULL;
    struct longhaul_series *series = NULL;
    size_t n = 0;
    if (longhaul_reader_open(path, NULL, &reader, NULL) != 0)
        return 0;
    if (meanwhile)
        meanwhile(payload);
    while (longhaul_reader_next(reader, &series, NULL) == 1) {
        n += longhaul_series_length(series);
        longhaul_series_free(series);
    }
    *n_warnings = longhaul_reader_n_warnings(reader);
    longhaul_reader_free(reader);
    return n;
}

static void cut_short(void *fd)
{
    if (ftruncate(*(int *)fd, 1000000) != 0)
        CHECK(false, "ftruncate");
}

static void *feed(void *payload)
{
    const struct text *t = payload;
    int fd = open("/dev/null", O_RDONLY);
    close(fd);
    for (size_t at = 0; at < t->n;) {
        ssize_t n = write((int)t->capacity, t->bytes + at, t->n - at < 7777 ? t->n - at : 7777);
        if (n <= 0)
            break;
        at += (size_t)n;
    }
    close((int)t->capacity);
    return NULL;
}

static void test_files(void)
{
    struct text t = { 0 };
    char path[] = "/tmp/longhaul-window.XXXXXX", from[32];
    int fd = mkstemp(path), ends[2];
    size_t n_warnings = 0;
    add(&t, "{\"start\":{},\"intervals\":[");
    for (int i = 0; i < 20000; i++) {
        add(&t, i ? "," : "");
        add_interval(&t, i, 1);
    }
    add(&t, "],\"end\":{\"sum\":{\"seconds\":20000}}}");
    if (write(fd, t.bytes, t.n) != (ssize_t)t.n)
        CHECK(false, "write");
    CHECK(count_intervals(path, &n_warnings, NULL, NULL) == 20000 && n_warnings == 0, "a file is read as a whole");
    size_t n = count_intervals(path, &n_warnings, cut_short, &fd);
    CHECK(n > 1000 && n < 20000 && n_warnings == 1,
          "a file that is cut short while it is read ends early (%zu intervals), with a warning", n);
    unlink(path);
    close(fd);
    pthread_t feeder;
    if (pipe(ends) == 0) {
        struct text fed = { t.bytes, t.n, (size_t)ends[1] };
        snprintf(from, sizeof from, "/dev/fd/%d", ends[0]);
        pthread_create(&feeder, NULL, feed, &fed);
        CHECK(count_intervals(from, &n_warnings, NULL, NULL) == 20000 && n_warnings == 0, "a pipe is read to its end");
        close(ends[0]);
        pthread_join(feeder, NULL);
    }
    free(t.bytes);
}

int main(void)
{
    test_large();
    test_stray_line();
    test_torn_tabs();
    test_no_value();
    test_hostile();
    test_files();
    return CHECK_DONE();
}
