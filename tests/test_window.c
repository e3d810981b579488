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

static void add_interval(struct text *t, int i, int n_streams)
{
    add(t, "{\"streams\":[");
    for (int k = 0; k < n_streams; k++)
        add(t,
            "%s{\"socket\":%d,\"start\":%d,\"end\":%d,\"seconds\":1,\"bytes\":1250172,\"bits_per_second\":10001%d.25,"
            "\"packets\":902,"
            "\"omitted\":false,\"sender\":true}",
            k ? "," : "", k, i, i + 1, i % 1000);
    add(t,
        "],\"sum\":{\"start\":%d,\"end\":%d.0%d,\"seconds\":1.%d,\"bytes\":%d,\"bits_per_second\":%d.00%d,\"packets\":"
        "902,"
        "\"omitted\":false,\"sender\":true}}",
        i, i + 1, i % 97, i, i * 1386, 10000000 + i, i % 89);
}

static void check_same(const char *what, const struct text *t, size_t n_intervals)
{
    struct same_paths same = same_paths(t->bytes, t->n);
    CHECK(same.difference[0] == 0 && same.n_intervals == n_intervals, "%s (%zu kB): %zu intervals, %zu scanned; %s",
          what, t->n / 1000, same.n_intervals, same.n_scanned,
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
    check_same("a result of many windows", &t, 20000);
    t.n = 0;
    for (int i = 0; i < 20000; i++) {
        add(&t, "{\"event\":\"interval\",\"data\":");
        add_interval(&t, i, 1);
        add(&t, "}\n");
    }
    check_same("lines over many windows", &t, 20000);
    t.n = 0;
    add(&t, "{\"intervals\":[");
    for (int i = 0; i < 4; i++) {
        add(&t, i ? "," : "");
        add_interval(&t, i, 12000);
    }
    add(&t, "]}");
    check_same("intervals that are larger than the window", &t, 4);
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
    check_same("the server's output inside, larger than the window, is passed", &t, 1);
    free(t.bytes);
}

static double seconds_of(const struct text *t, const char *what)
{
    struct timespec a, b;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
    struct same_paths same = same_paths(t->bytes, t->n);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
    double seconds = (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9;
    CHECK(same.difference[0] == 0 && seconds < 30, "%s: %zu kB in %.2f s, twice", what, t->n / 1000, seconds);
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
    test_hostile();
    test_files();
    return CHECK_DONE();
}
