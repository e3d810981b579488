/* mesh.c - results of every leg between many sites, as the receivers' iperf3 writes them, for an hour by default: what
 * a test of a whole mesh would have left. `mesh DIR SITES [SECONDS [INTERVAL]]` makes SITES x (SITES - 1) files. Most
 * legs lose a packet now and then; a few are ill, a site is ill for a time, a pair has an outage, a leg ends early:
 * `mesh --story SITES SECONDS` prints which. The figures are made up, the same in every run. */

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DATAGRAM 1386
#define PACKETS_PER_S 902
#define START 1763168446 /* 2025-11-15 01:00:46Z */
#define BACKGROUND 0.0008 /* of the seconds of a healthy leg lose a packet or two */

static const char *const codes[] = { "AMS", "ATL", "BLR", "BOM", "CDG", "CPT", "DEN", "DFW", "DOH", "DUB",
                                     "DXB", "EZE", "FRA", "GRU", "HEL", "HKG", "HND", "IAD", "ICN", "JNB",
                                     "KIX", "KUL", "LAX", "LHR", "LIM", "MAA", "MAD", "MEL", "MIA", "MRS",
                                     "MXP", "NBO", "ORD", "OSL", "PER", "PRG", "SCL", "SEA", "SIN", "SJC",
                                     "SOF", "SVO", "SYD", "TLV", "TPE", "VIE", "WAW", "YUL", "YYZ", "ZRH" };

enum { MOST_SITES = sizeof codes / sizeof *codes };

/* A fault: from, until and loss; a site of -1 is every site. */
struct fault {
    const char *name;
    int source, destination;
    double begin, end; /* shares of the test's length */
    double loss;       /* 0-1; 1: nothing arrives: the receiver counts what it missed when packets come again */
    double mbps;       /* the rate that arrives at most; 0: no limit */
    bool is_end;       /* the record ends at begin */
};

struct mesh {
    int n_sites;
    long seconds, interval;
    struct fault faults[8];
    size_t n_faults;
};

static uint64_t next_random(uint64_t *state) /* splitmix64 */
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static double next_unit(uint64_t *state)
{
    return (double)(next_random(state) >> 11) / 9007199254740992.0;
}

static void make_story(struct mesh *m)
{
    int n = m->n_sites;
    const struct fault all[] = {
        { "outage", 1, 3 % n, 0.62, 0.65, 1, 0, false },       { "outage", 3 % n, 1, 0.62, 0.65, 1, 0, false },
        { "site", -1, n / 2, 0.25, 0.33, 0.06, 0, false },     { "ill", 2 % n, n - 1, 0, 1, 0.021, 0, false },
        { "ill", n - 2, 2 % n, 0, 1, 0.004, 0, false },        { "ill", n - 1, 0, 0.4, 0.5, 0.12, 0, false },
        { "cap", n - 3 > 0 ? n - 3 : 0, n - 1, 0.7, 0.8, 0, 6, false }, { "ended", 0, n - 1, 0.45, 1, 0, 0, true },
    };
    m->n_faults = sizeof all / sizeof *all;
    memcpy(m->faults, all, sizeof all);
}

static int64_t lost_in_second(const struct mesh *m, int a, int b, long second, uint64_t *random)
{
    int64_t lost = next_unit(random) < BACKGROUND ? 1 + (int64_t)(next_unit(random) * 2) : 0;
    double at = (double)second / (double)m->seconds;
    for (size_t i = 0; i < m->n_faults; i++) {
        const struct fault *f = &m->faults[i];
        if ((f->source >= 0 && f->source != a) || (f->destination >= 0 && f->destination != b) || at < f->begin ||
            at >= f->end)
            continue;
        if (f->loss > 0)
            lost += (int64_t)(PACKETS_PER_S * f->loss * (f->loss < 1 ? 0.5 + next_unit(random) : 1) + 0.5);
        if (f->mbps > 0)
            lost += (int64_t)(PACKETS_PER_S * (1 - f->mbps / 10));
    }
    return lost < PACKETS_PER_S ? lost : PACKETS_PER_S;
}

static void print_sum(FILE *out, double begin, double end, int64_t packets, int64_t lost, double jitter_ms)
{
    double seconds = end - begin;
    fprintf(out,
            "\"sum\":{\"start\":%g,\"end\":%g,\"seconds\":%g,\"bytes\":%" PRId64 ",\"bits_per_second\":%.8g,"
            "\"jitter_ms\":%.4g,\"lost_packets\":%" PRId64 ",\"packets\":%" PRId64
            ",\"lost_percent\":%.7g,\"omitted\":false,\"sender\":false}",
            begin, end, seconds, (packets - lost) * DATAGRAM, (double)((packets - lost) * DATAGRAM * 8) / seconds,
            jitter_ms, lost, packets, packets ? 100.0 * (double)lost / (double)packets : 0);
}

static void print_head(FILE *out, const struct mesh *m)
{
    fprintf(out,
            "{\"start\":{\"connected\":[{\"local_host\":\"192.0.2.1\",\"remote_host\":\"192.0.2.2\"}],"
            "\"version\":\"iperf 3.12\",\"timestamp\":{\"timesecs\":%d},\"connecting_to\":{\"host\":\"192.0.2.2\"},"
            "\"test_start\":{\"protocol\":\"UDP\",\"num_streams\":1,\"blksize\":%d,\"duration\":%ld,\"reverse\":1,"
            "\"target_bitrate\":10000000}},\n\"intervals\":[",
            START, DATAGRAM, m->seconds);
}

/* Seconds of a leg's record: until its end, or until a fault ends it. */
static long length_of(const struct mesh *m, int a, int b)
{
    for (size_t i = 0; i < m->n_faults; i++)
        if (m->faults[i].is_end && m->faults[i].source == a && m->faults[i].destination == b)
            return (long)((double)m->seconds * m->faults[i].begin);
    return m->seconds;
}

static bool write_leg(const struct mesh *m, const char *dir, int a, int b)
{
    char path[4096];
    uint64_t random = (uint64_t)(a * MOST_SITES + b + 1);
    int64_t all = 0, all_lost = 0, missed = 0;
    long length = length_of(m, a, b);
    snprintf(path, sizeof path, "%s/%s-%s-10M_%ldS_20251115_010046.json", dir, codes[a], codes[b], m->seconds);
    FILE *out = fopen(path, "w");
    if (out == NULL)
        return perror(path), false;
    double jitter_ms = 0.02 + 0.1 * next_unit(&random), now_ms = jitter_ms;
    print_head(out, m);
    for (long at = 0; at < length; at += m->interval) {
        long end = at + m->interval < length ? at + m->interval : length;
        int64_t lost = 0, packets = 0;
        for (long second = at; second < end; second++) {
            int64_t now = lost_in_second(m, a, b, second, &random);
            missed += now == PACKETS_PER_S ? now : 0;
            if (now == PACKETS_PER_S)
                continue;
            lost += now + missed;
            packets += PACKETS_PER_S + missed;
            missed = 0;
        }
        now_ms += (jitter_ms * (0.5 + next_unit(&random)) - now_ms) / 4;
        fputs(at > 0 ? ",\n{" : "{", out);
        print_sum(out, (double)at, (double)end, packets, lost, now_ms);
        fputs("}", out);
        all += packets;
        all_lost += lost;
    }
    fputs("],\n\"end\":{", out);
    print_sum(out, 0, (double)length, all, all_lost, now_ms);
    fputs("}}\n", out);
    bool good = !ferror(out);
    return fclose(out) == 0 && good;
}

static void print_story(const struct mesh *m)
{
    for (size_t i = 0; i < m->n_faults; i++) {
        const struct fault *f = &m->faults[i];
        printf("%s %s %s %.0f %.0f\n", f->name, f->source < 0 ? "*" : codes[f->source],
               f->destination < 0 ? "*" : codes[f->destination], f->begin * (double)m->seconds,
               f->end * (double)m->seconds);
    }
}

int main(int argc, char **argv)
{
    struct mesh m = { .n_sites = argc > 2 ? atoi(argv[2]) : 0, .seconds = argc > 3 ? atol(argv[3]) : 3600,
                      .interval = argc > 4 ? atol(argv[4]) : 1 };
    if (m.n_sites < 5 || m.n_sites > MOST_SITES || m.seconds < 10 || m.interval < 1 || m.interval > m.seconds) {
        fprintf(stderr, "usage: mesh DIR|--story SITES [SECONDS [INTERVAL]] (5 to %d sites)\n", MOST_SITES);
        return 2;
    }
    make_story(&m);
    if (strcmp(argv[1], "--story") == 0)
        return print_story(&m), 0;
    for (int a = 0; a < m.n_sites; a++)
        for (int b = 0; b < m.n_sites; b++)
            if (a != b && !write_leg(&m, argv[1], a, b))
                return 1;
    return 0;
}
