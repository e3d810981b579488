/* test_scan.c - the fast path gives exactly what Jansson gives: for the small files, for files in each of iperf3's
 * layouts, for thousands of mutated ones, and for the files of $CORPUS/files if that is set. */

#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "same_paths.h"

#define N_MUTATIONS 4000

static char *read_whole(const char *path, size_t *size)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    char *bytes = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? malloc((size_t)st.st_size + 1) : NULL;
    ssize_t n = bytes ? read(fd, bytes, (size_t)st.st_size) : -1;
    if (fd >= 0)
        close(fd);
    *size = n > 0 ? (size_t)n : 0;
    return bytes;
}

static void test_folder(const char *folder, size_t least_files)
{
    DIR *dir = opendir(folder);
    size_t n_files = 0, n_intervals = 0, n_scanned = 0, n_different = 0;
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        char path[1024];
        size_t size;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        char *bytes = read_whole(path, &size);
        if (bytes == NULL)
            continue;
        struct same_paths same = same_paths(bytes, size);
        if (same.difference[0])
            CHECK(false, "%s: %s", path, same.difference);
        n_different += same.difference[0] != 0;
        n_files++;
        n_intervals += same.n_intervals;
        n_scanned += same.n_scanned;
        free(bytes);
    }
    if (dir)
        closedir(dir);
    CHECK(n_files >= least_files && n_different == 0,
          "%zu files of %s: both paths agree on %zu intervals, %zu of them scanned", n_files, folder, n_intervals,
          n_scanned);
    CHECK(n_scanned > n_intervals / 2, "and most of them by the fast path");
}

/* ---- layouts */

struct text {
    char bytes[65536];
    size_t n;
};

static void add(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(struct text *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    t->n += (size_t)vsnprintf(t->bytes + t->n, sizeof t->bytes - t->n, format, args);
    va_end(args);
}

/* The members after "seconds", in the forms of different versions and kinds of tests. */
static const char
    *const members[] = {
        "\"bytes\":131072,\"bits_per_second\":1048474.2598724918,\"retransmits\":0,\"snd_cwnd\":14480,\"omitted\":"
        "false", /* 3.0 */
        "\"bytes\":131072,\"bits_per_second\":1048474.2598724918,\"retransmits\":0,\"snd_cwnd\":14480,\"rtt\":512,"
        "\"omitted\":false", /* 3.1 */
        "\"bytes\":131072,\"bits_per_second\":1048474.2598724918,\"retransmits\":0,\"snd_cwnd\":14480,\"rtt\":512,"
        "\"rttvar\":20,\"pmtu\":1500,"
        "\"omitted\":false,\"sender\":true", /* 3.7 */
        "\"bytes\":131072,\"bits_per_second\":1048474.2598724918,\"retransmits\":0,\"snd_cwnd\":14480,\"snd_wnd\":"
        "64512,\"rtt\":512,"
        "\"rttvar\":20,\"pmtu\":1500,\"reorder\":3,\"omitted\":false,\"sender\":true", /* 3.20 */
        "\"bytes\":131072,\"bits_per_second\":1048474.2598724918,\"retransmits\":0,\"snd_cwnd\":-1,\"snd_wnd\":64512,"
        "\"rtt\":-1,"
        "\"rttvar\":-1,\"pmtu\":-1,\"reorder\":-1,\"omitted\":false,\"sender\":true", /* it cannot tell */
        "\"bytes\":1250172,\"bits_per_second\":10001564.380142696,\"packets\":902,\"omitted\":false", /* 3.1, UDP */
        "\"bytes\":1250172,\"bits_per_second\":10001564.380142696,\"packets\":902,\"omitted\":false,\"sender\":true",
        "\"bytes\":1250172,\"bits_per_second\":1.0001564380142696e+07,\"jitter_ms\":0.0012197944535135481,\"lost_"
        "packets\":-1,"
        "\"packets\":902,\"lost_percent\":1.5e-05,\"omitted\":false,\"sender\":false",
    };

static void add_row(struct text *t, const char *socket, int second, const char *rest)
{
    add(t, "{%s\"start\":%d,\"end\":%d.000%03d,\"seconds\":1.0000%d0363616943,%s}", socket, second, second + 1,
        second * 37 % 1000, second * 7 % 10, rest);
}

static void add_interval(struct text *t, int second, const char *rest, int n_streams, bool is_bidir, bool is_result)
{
    add(t, "{\"streams\":[");
    for (int i = 0; i < n_streams; i++) {
        add(t, i ? "," : "");
        add_row(t, "\"socket\":5,", second, rest);
    }
    add(t, "],\"sum\":");
    add_row(t, "", second, rest);
    if (is_bidir) {
        add(t, ",\"sum_bidir_reverse\":");
        add_row(t, "", second, members[7]);
    }
    if (is_result)
        add(t, ",\"longhaul\":{\"unix_us\":%lld,\"monotonic_us\":%d,\"segment\":0}",
            1763168446000000LL + second * 1000000LL, second);
    add(t, "}");
}

/* Prints compact JSON as cJSON does with tabs, or with CRLF, or as python does. */
static void print_as(const struct text *compact, int style, struct text *out)
{
    static const char *const ends[] = { "", "\n", "\r\n", "\n" };
    int depth = 0;
    out->n = 0;
    for (size_t i = 0; i < compact->n && out->n < sizeof out->bytes - 100; i++) {
        char c = compact->bytes[i];
        bool is_open = c == '{' || c == '[', is_close = c == '}' || c == ']';
        depth += is_open - is_close;
        if (is_close && style > 0)
            add(out, "%s%*s", ends[style], depth, "");
        add(out, "%c", c);
        if (c == ':' && style > 0)
            add(out, style == 3 ? " " : "\t");
        if ((is_open || c == ',') && style > 0)
            add(out, "%s%*s", ends[style], depth, "");
    }
}

static void test_layout(const char *what, const struct text *text, size_t n_intervals)
{
    struct same_paths same = same_paths(text->bytes, text->n);
    if (same.difference[0] || same.n_intervals != n_intervals || same.n_scanned != 19)
        CHECK(false, "%s: %s, %zu of %zu scanned", what, same.difference, same.n_scanned, same.n_intervals);
}

static void test_layouts(void)
{
    static struct text compact, styled;
    size_t n = 0;
    for (size_t m = 0; m < sizeof members / sizeof *members; m++)
        for (int kind = 0; kind < 6; kind++) { /* 1, 4 streams; bidirectional; longhaul's result; json-stream */
            int n_streams = kind == 1 ? 4 : 1;
            bool is_stream = kind >= 4;
            compact.n = 0;
            add(&compact, "%s", is_stream ? "" : "{\"start\":{},\"intervals\":[");
            for (int i = 0; i < 20; i++) {
                add(&compact, "%s", is_stream ? "{\"event\":\"interval\",\"data\":" : i ? "," : "");
                add_interval(&compact, i, members[m], n_streams, kind == 2, kind == 3 || kind == 5);
                add(&compact, "%s", is_stream ? "}\n" : "");
            }
            add(&compact, "%s", is_stream ? "" : "],\"end\":{\"sum\":{\"seconds\":20}}}");
            for (int style = 0; style < (is_stream ? 1 : 4); style++) {
                char what[64];
                snprintf(what, sizeof what, "members %zu, kind %d, style %d", m, kind, style);
                print_as(&compact, style, &styled);
                test_layout(what, &styled, kind == 2 ? 40 : 20);
                n++;
            }
        }
    CHECK(n > 100,
          "%zu layouts of iperf3's and longhaul's: the first interval teaches, the others are scanned, all agree", n);
}

/* ---- mutations */

static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

static size_t mutate(char *bytes, size_t n, uint64_t *state)
{
    static const char alphabet[] = "{}[]\",:0123456789.-+eEtfnu \t\n\r\\x\xff";
    for (uint64_t k = 1 + next_random(state) % 3; k > 0 && n > 2; k--) {
        size_t at = next_random(state) % n, length = 1 + next_random(state) % 40, from = next_random(state) % n;
        switch (next_random(state) % 5) {
        case 0: bytes[at] = alphabet[next_random(state) % (sizeof alphabet - 1)]; break;
        case 1: bytes[at] ^= (char)(1 << next_random(state) % 8); break;
        case 2: /* cut out */
            length = length < n - at ? length : n - at - 1;
            memmove(bytes + at, bytes + at + length, n - at - length);
            n -= length;
            break;
        case 3: /* copied over */
            length = length < n - at && length < n - from ? length : 1;
            memmove(bytes + at, bytes + from, length);
            break;
        default: n = next_random(state) % 4 ? n : at + 1; /* torn */
        }
    }
    return n;
}

/* How much of the mutations was read: intervals by the fast path, round trips and histograms. */
static struct same_paths mutate_all(const char *what, const char *bytes, size_t size)
{
    size_t n_different = 0;
    struct same_paths sum = { .difference = "" };
    uint64_t state = 20251115;
    char *copy = malloc(size + 1);
    for (int i = 0; copy && i < N_MUTATIONS; i++) {
        memcpy(copy, bytes, size);
        char *exact = malloc(size);
        size_t n = mutate(copy, size, &state);
        memcpy(exact, copy, n); /* so that reading behind the end is detected */
        struct same_paths same = same_paths(exact, n);
        if (same.difference[0] && n_different++ < 3)
            CHECK(false, "%s, mutation %d: %s", what, i, same.difference);
        sum.n_scanned += same.n_scanned;
        sum.n_rtt += same.n_rtt;
        sum.n_delays += same.n_delays;
        free(exact);
    }
    CHECK(copy && n_different == 0, "%s: both paths agree on %d mutations", what, N_MUTATIONS);
    free(copy);
    return sum;
}

static void test_mutations(const char *path)
{
    size_t size;
    char *bytes = read_whole(path, &size);
    CHECK(bytes && mutate_all(path, bytes, size).n_scanned > N_MUTATIONS, "%s: most are scanned", path);
    free(bytes);
}

/* ---- lists of longhaul's object */

static const char *const odd_trips[] = {
    "[1,2]",    "[ 1 , 2 ]", "[1.5,-0]",  "[-1,0.25]", "[1,null]", "[1]",          "[1,2,3]",
    "[01,2]",   "[1,\"2\"]", "[1,2e400]", "[1,nan]",   "[1,-2]",   "[2e1,3E-1]",   "[1,2 ]",
    "[1e9,2]",  "{}",        "7",         "[[1,2]]",   "[true,2]", "[1,86400001]", "[18446744073709551615,2]",
    "[1,18446744073709551615]",
};
static const char *const odd_delays[] = {
    "[0,60,\"AAB\"]",      "[60,120,\"AAB\"]",         "[50,60,\"AAB\"]",  "[120,180,\"A\"]",
    "[120,180,\"\"]",      "[120,180,\"AA\\u0042\"]",  "[180,240]",        "[180,240 ,\"AAB\"]",
    "[180,null,\"AAB\"]",  "[180,240,\"A*A\"]",        "[180,240,\"AAB\",1]", "[240,300,\"AA______P\"]",
    "[300,1e12,\"AAB\"]",  "[240,300,\"AA_________P\"]", "{\"from_s\":300}",
};

static void add_lists(struct text *t, const char *trip, const char *delay)
{
    t->n = 0;
    add(t,
        "{\"start\":{},\"intervals\":[{\"sum\":{\"start\":0,\"end\":1,\"seconds\":1,\"bytes\":1,\"bits_per_second\":"
        "8}}],\"end\":{},\"longhaul\":{\"format\":1,\"rtt\":[[0,150.25],%s,[60.5,150.123456]],"
        "\"delays\":[[0,0,\"AAB\"],%s,[300,360,\"BBCA\"]]}}",
        trip, delay);
}

/* Elements that the plain path takes, and such as it must leave to Jansson. */
static void test_lists(void)
{
    static struct text text;
    size_t n_rtt = 0, n_delays = 0;
    for (size_t i = 0; i < sizeof odd_trips / sizeof *odd_trips; i++)
        for (size_t k = 0; k < sizeof odd_delays / sizeof *odd_delays; k++) {
            add_lists(&text, odd_trips[i], odd_delays[k]);
            struct same_paths same = same_paths(text.bytes, text.n);
            if (same.difference[0])
                CHECK(false, "%s, %s: %s", odd_trips[i], odd_delays[k], same.difference);
            n_rtt += same.n_rtt;
            n_delays += same.n_delays;
        }
    CHECK(n_rtt > 600 && n_delays > 600, "odd elements of lists: both paths agree on %zu round trips, %zu histograms",
          n_rtt, n_delays);
    add_lists(&text, "[30.25,149],[45,0.5]", "[1,60,\"AAB\"],[60,120,\"_BCDEFG\"]");
    struct same_paths all = mutate_all("lists", text.bytes, text.n);
    CHECK(all.n_rtt > N_MUTATIONS && all.n_delays > N_MUTATIONS / 2, "lists: %zu round trips, %zu histograms",
          all.n_rtt, all.n_delays);
}

int main(void)
{
    const char *corpus = getenv("CORPUS");
    char files[1024];
    test_folder("tests/data/reader", 20);
    test_layouts();
    test_mutations("tests/data/reader/tabs.json");
    test_mutations("tests/data/reader/bidir.json");
    test_mutations("tests/data/reader/stream.json");
    test_mutations("tests/data/reader/HK-WUS-10M_14S_20251116_010046.json");
    test_lists();
    if (corpus) {
        snprintf(files, sizeof files, "%s/files", corpus);
        test_folder(files, 1);
    } else {
        printf("skip - both paths on a folder of real files: CORPUS does not name one\n");
    }
    return CHECK_DONE();
}
