/* year.c - results of a leg's days as longhaul writes them, of a receiver, one file a day: what a long archive has.
 * `year DIR LEG DAYS [INTERVAL_S [SECONDS [SEED [CHANGE_DAY [LOSS_POINTS [RTT_MS]]]]]]` makes DAYS files of LEG
 * (HK-WUS) from 2025-01-01 on, with intervals of INTERVAL_S (60); from day CHANGE_DAY on there is more loss, and a
 * longer round trip. Loss is by the hour, more in the evening and on weekdays, with a bad hour now and then and an
 * outage a month. The figures are made up, from the seed. */

#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define START 1735689600 /* 2025-01-01 00:00:00Z, a Wednesday */
#define PPS 902
#define DATAGRAM 1386
#define DAY_S 86400
#define TRIP_EVERY_S 60

struct maker {
    const char *dir, *leg;
    long interval_s, seconds, change_day;
    double loss_points, trip_ms;
    uint64_t random;
};

static double next_unit(struct maker *m) /* splitmix64 */
{
    uint64_t z = m->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return ((double)((z ^ z >> 31) >> 11) + 0.5) / 9007199254740992.0;
}

static double next_normal(struct maker *m)
{
    return sqrt(-2 * log(next_unit(m))) * cos(2 * 3.14159265358979 * next_unit(m));
}

/* The loss of an hour, 0-1. */
static double loss_of(struct maker *m, long day, long hour, double level)
{
    double evening = 1 + 0.4 * cos((double)(hour - 20) / 24 * 6.2832), week = (day + 2) % 7 < 5 ? 1.1 : 0.8;
    double loss = 0.0001 * level * evening * week * exp(0.2 * next_normal(m));
    if (next_unit(m) < 0.001)
        loss += 0.002 * next_unit(m);
    return loss + (day >= m->change_day ? m->loss_points / 100 : 0);
}

static long lost_of(struct maker *m, double expected)
{
    return (long)fmax(floor(expected + sqrt(expected) * next_normal(m) + next_unit(m)), 0);
}

struct sums {
    int64_t bytes, packets, lost;
};

static void write_interval(FILE *out, const struct maker *m, long at, int64_t packets, int64_t lost, double jitter_ms)
{
    int64_t bytes = (packets - lost) * DATAGRAM;
    fprintf(out,
            "%s{\"streams\":[],\"sum\":{\"start\":%ld,\"end\":%ld,\"seconds\":%ld,\"bytes\":%" PRId64
            ",\"bits_per_second\":%.17g,\"jitter_ms\":%.6g,\"lost_packets\":%" PRId64 ",\"packets\":%" PRId64
            ",\"lost_percent\":%.17g,\"omitted\":false,\"sender\":false}}",
            at > 0 ? ",\n" : "", at, at + m->interval_s, m->interval_s, bytes,
            8.0 * (double)bytes / (double)m->interval_s, jitter_ms, lost, packets,
            packets > 0 ? 100.0 * (double)lost / (double)packets : 0);
}

static void write_intervals(FILE *out, struct maker *m, long day, struct sums *sums)
{
    double level = exp(0.25 * next_normal(m)), jitter_ms = 0.05 * exp(0.1 * next_normal(m)), loss = 0;
    long outage = next_unit(m) < 1 / 30.0 ? (long)(next_unit(m) * (double)(m->seconds / 2)) / m->interval_s : -10;
    for (long at = 0, i = 0; at < m->seconds; at += m->interval_s, i++) {
        if (at % 3600 == 0)
            loss = loss_of(m, day, at / 3600 % 24, level);
        int is_dead = i >= outage && i < outage + 3;
        int64_t packets = is_dead ? 0 : PPS * m->interval_s, lost = lost_of(m, loss * (double)packets);
        if (i == outage + 3) { /* what was missed, by the numbers */
            lost += 3 * PPS * m->interval_s;
            packets += 3 * PPS * m->interval_s;
        }
        write_interval(out, m, at, packets, lost, jitter_ms * exp(0.3 * next_normal(m)));
        sums->bytes += (packets - lost) * DATAGRAM;
        sums->packets += packets;
        sums->lost += lost;
    }
}

static void write_trips(FILE *out, struct maker *m, long day)
{
    double base_ms = 150 + 0.05 * next_normal(m) + (day >= m->change_day ? m->trip_ms : 0);
    for (long at = 0; at < m->seconds; at += TRIP_EVERY_S)
        fprintf(out, "%s[%ld,%.4f]", at > 0 ? "," : "", at, base_ms - 0.3 * log(next_unit(m)));
}

static void write_day(FILE *out, struct maker *m, long day)
{
    struct sums sums = { 0, 0, 0 };
    const char *dash = strchr(m->leg, '-');
    long start = START + day * DAY_S;
    fprintf(out,
            "{\"start\":{\"connected\":[{\"local_host\":\"192.0.2.1\",\"remote_host\":\"192.0.2.2\"}],\"version\":"
            "\"iperf 3.12\",\"timestamp\":{\"timesecs\":%ld},\"cookie\":\"%s%ldxxxxxxxxxxxxxxxx\",\"test_start\":{"
            "\"protocol\":\"UDP\",\"num_streams\":1,\"blksize\":%d,\"omit\":0,\"duration\":%ld,\"reverse\":1,"
            "\"target_bitrate\":10000000}},\n\"intervals\":[",
            start, m->leg, start, DATAGRAM, m->seconds);
    write_intervals(out, m, day, &sums);
    fprintf(out,
            "],\n\"end\":{\"sum\":{\"start\":0,\"end\":%ld,\"seconds\":%ld,\"bytes\":%" PRId64
            ",\"bits_per_second\":%.17g,\"jitter_ms\":0.05,\"lost_packets\":%" PRId64 ",\"packets\":%" PRId64
            ",\"lost_percent\":%.17g,\"sender\":false}},\n",
            m->seconds, m->seconds, sums.bytes, 8.0 * (double)sums.bytes / (double)m->seconds, sums.lost, sums.packets,
            100.0 * (double)sums.lost / (double)sums.packets);
    fprintf(
        out,
        "\"longhaul\":{\"format\":1,\"version\":\"0.2.0\",\"role\":\"receiver\",\"source\":\"%.*s\",\"destination\":"
        "\"%s\",\"protocol\":\"UDP\",\"direction\":\"pull\",\"duration_s\":%ld,\"start_unix_us\":%ld000000,\"gaps\":[],"
        "\"rtt_method\":\"icmp\",\"rtt\":[",
        (int)(dash - m->leg), m->leg, dash + 1, m->seconds, start);
    write_trips(out, m, day);
    fputs("]}}\n", out);
}

static int make_day(struct maker *m, long day)
{
    char path[4096], stamp[32];
    time_t start = START + day * DAY_S;
    struct tm utc;
    strftime(stamp, sizeof stamp, "%Y%m%d_%H%M%S", gmtime_r(&start, &utc));
    snprintf(path, sizeof path, "%s/%s-10M_%ldS_%s.json", m->dir, m->leg, m->seconds, stamp);
    FILE *out = fopen(path, "w");
    if (out == NULL)
        return perror(path), 1;
    write_day(out, m, day);
    if (fclose(out) != 0)
        return perror(path), 1;
    return 0;
}

static double argument(int argc, char **argv, int i, double otherwise)
{
    return argc > i ? strtod(argv[i], NULL) : otherwise;
}

int main(int argc, char **argv)
{
    struct maker m = { .dir = argv[1],
                       .leg = argv[2],
                       .interval_s = (long)argument(argc, argv, 4, 60),
                       .seconds = (long)argument(argc, argv, 5, DAY_S),
                       .random = 1000003 * (uint64_t)argument(argc, argv, 6, 1),
                       .change_day = (long)argument(argc, argv, 7, 1e9),
                       .loss_points = argument(argc, argv, 8, 0),
                       .trip_ms = argument(argc, argv, 9, 0) };
    long days = (long)argument(argc, argv, 3, 0);
    if (argc < 4 || days < 1 || m.interval_s < 1 || m.seconds < m.interval_s || strchr(m.leg, '-') == NULL) {
        fputs("usage: year DIR LEG DAYS [INTERVAL_S [SECONDS [SEED [CHANGE_DAY [LOSS_POINTS [RTT_MS]]]]]]\n", stderr);
        return 2;
    }
    for (const char *c = m.leg; *c; c++)
        m.random = m.random * 31 + (unsigned char)*c;
    for (long day = 0; day < days; day++)
        if (make_day(&m, day) != 0)
            return 1;
    return 0;
}
