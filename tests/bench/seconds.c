/* seconds.c - a leg's days as longhaul's receivers write them: rows of one second, with delays and what came with
 * losses, a histogram of delays and a round trip a minute. `seconds DIR LEG DAYS [SEED [LOSS_DAY [BASE_DAY]]]` makes a
 * file for each of DAYS from 2025-01-01 01:00:46Z on, compressed as it is made (a day is 62 MB). Loss and queues differ
 * by the hour and the day of the week; from LOSS_DAY on 0.02 points more are lost, from BASE_DAY on the round trip is
 * 1 ms longer. The figures are made up, from the seed; their digits are as many as libiperf writes. */

#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zstd.h>

#include "base/histogram.h"

#define START 1735693246 /* 2025-01-01 01:00:46Z, a Wednesday */
#define PPS 863
#define DATAGRAM 1448
#define DAY_S 86400
#define HOUR_S 3600
#define MINUTE_S 60
#define ROOM (128u << 20) /* for a day's text */
#define LOSS_POINTS 0.02
#define TRIP_MS 1.0
#define N_SHAPE 128

struct maker {
    const char *dir, *leg;
    long loss_day, base_day;
    uint64_t random;
    char *text, *at; /* of the day that is being made */
    void *packed;
    size_t packed_size;
    ZSTD_CCtx *packer;
    double shape[N_SHAPE]; /* quantiles of the noise, which days share */
    int64_t bytes, packets, lost;
};

static uint64_t next_random(struct maker *m) /* splitmix64 */
{
    uint64_t z = m->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static double next_unit(struct maker *m)
{
    return ((double)(next_random(m) >> 11) + 0.5) / 9007199254740992.0;
}

static double next_normal(struct maker *m)
{
    return sqrt(-2 * log(next_unit(m))) * cos(2 * 3.14159265358979 * next_unit(m));
}

/* ---- text; printf would take most of the time */

static void put(struct maker *m, const char *text)
{
    size_t n = strlen(text);
    memcpy(m->at, text, n);
    m->at += n;
}

static void put_digits(struct maker *m, uint64_t value, int least)
{
    char digits[24];
    int n = 0;
    for (; value > 0 || n < least; value /= 10)
        digits[n++] = (char)('0' + value % 10);
    while (n > 0)
        *m->at++ = digits[--n];
}

static void put_count(struct maker *m, const char *before, int64_t value)
{
    put(m, before);
    put_digits(m, (uint64_t)value, 1);
}

/* value / 10^decimals, without zeros at its end. */
static void put_decimal(struct maker *m, const char *before, uint64_t value, int decimals)
{
    uint64_t unit = 1;
    for (int i = 0; i < decimals; i++)
        unit *= 10;
    put_count(m, before, (int64_t)(value / unit));
    if (value % unit == 0)
        return;
    *m->at++ = '.';
    put_digits(m, value % unit, decimals);
    while (m->at[-1] == '0')
        m->at--;
}

/* As longhaul does: tenths of a microsecond below a millisecond. */
static void put_us(struct maker *m, const char *before, double us)
{
    if (us < 999.9)
        put_decimal(m, before, (uint64_t)(us * 10 + 0.5), 1);
    else
        put_count(m, before, (int64_t)us);
}

/* ---- rows */

struct hour {
    double loss, queue_us, jitter_ms;
};

struct row {
    long day;
    uint64_t start_us, end_us;
    int64_t packets, lost;
    uint64_t fraction; /* of numbers that libiperf writes with 16 digits */
    double jitter_ms;
};

static void put_figures(struct maker *m, const struct row *r)
{
    uint64_t us = r->end_us - r->start_us;
    int64_t bytes = (r->packets - r->lost) * DATAGRAM;
    put_decimal(m, "\"start\":", r->start_us, 6);
    put_decimal(m, ",\"end\":", r->end_us, 6);
    put_decimal(m, ",\"seconds\":", us == 1000000 ? 1 : us * 10000000000 + r->fraction % 10000000000,
                us == 1000000 ? 0 : 16);
    put_count(m, ",\"bytes\":", bytes);
    put_decimal(m, ",\"bits_per_second\":",
                (uint64_t)(8e6 * (double)bytes / (double)us) * 1000000000 +
                    (us == 1000000 ? 0 : r->fraction % 1000000000),
                9);
    put_decimal(m, ",\"jitter_ms\":", (uint64_t)(r->jitter_ms * 1e17) + r->fraction % 1000, 17);
    put_count(m, ",\"lost_packets\":", r->lost);
    put_count(m, ",\"packets\":", r->packets);
    double percent = r->packets > 0 ? 100.0 * (double)r->lost / (double)r->packets : 0;
    put_decimal(m, ",\"lost_percent\":", (uint64_t)(percent * 1e16), 16);
    put(m, ",\"omitted\":false,\"sender\":false}");
}

static void put_own(struct maker *m, const struct row *r, const struct hour *h)
{
    double stretch = h->queue_us * (0.8 + 0.4 * next_unit(m)), silence_us = 1158 + 900 * next_unit(m);
    put_count(m, ",\"longhaul\":{\"unix_us\":", (START + r->day * DAY_S) * 1000000ll + (int64_t)r->end_us);
    put_count(m, ",\"monotonic_us\":", (int64_t)(r->end_us + 437231994));
    put(m, ",\"segment\":0,\"out_of_order\":0,\"duplicates\":0");
    if (r->packets > 0) {
        put_us(m, ",\"delay_us\":{\"base\":", 0.1 * (double)(r->fraction % 20));
        put_us(m, ",\"min\":", 0.02 * stretch);
        put_us(m, ",\"p50\":", stretch);
        put_us(m, ",\"p95\":", 2.8 * stretch);
        put_us(m, ",\"p99\":", 4.4 * stretch);
        put_us(m, ",\"max\":", 5.5 * stretch - 2 * h->queue_us * log(next_unit(m)));
        put_us(m, ",\"ipdv50\":", 0.4 * stretch);
        put_us(m, ",\"ipdv99\":", 3.1 * stretch);
        put_us(m, ",\"silence\":", silence_us);
        put(m, "}");
    }
    if (r->lost > 0 && r->packets < 2 * PPS) {
        put_count(m, ",\"loss_runs\":1,\"longest_run\":", r->lost);
        put_count(m, ",\"runs\":\"", (int64_t)(r->fraction % PPS) + 1);
        put_count(m, ",", r->lost);
        put(m, "\"");
    }
    put(m, "}}");
}

static struct hour make_hour(struct maker *m, long day, long hour, double level)
{
    double evening = 1 + 0.4 * cos((double)(hour - 20) / 24 * 6.2832), week = (day + 2) % 7 < 5 ? 1.1 : 0.8;
    struct hour h = { 0.0001 * level * evening * week * exp(0.2 * next_normal(m)),
                      40 * evening * week * exp(0.1 * next_normal(m)), 0.03 * evening * exp(0.1 * next_normal(m)) };
    if (next_unit(m) < 0.002)
        h.loss += 0.01 * next_unit(m);
    h.loss += day >= m->loss_day ? LOSS_POINTS / 100 : 0;
    return h;
}

/* Losses come in runs, of 1 to some tens of packets. */
static int64_t lost_of(struct maker *m, const struct hour *h)
{
    if (next_unit(m) >= h->loss * PPS / 4)
        return 0;
    return 1 + (int64_t)(-3.5 * log(next_unit(m)));
}

static void put_rows(struct maker *m, long day)
{
    struct hour h = { 0, 0, 0 };
    double level = exp(0.25 * next_normal(m));
    long outage = next_unit(m) < 1 / 30.0 ? (long)(next_unit(m) * DAY_S / 2) : -100;
    uint64_t end_us = 0;
    for (long i = 0; i < DAY_S; i++) {
        if (i % HOUR_S == 0)
            h = make_hour(m, day, 1 + i / HOUR_S, level);
        bool is_dead = i >= outage && i < outage + 20;
        struct row r = {
            .day = day, .start_us = end_us, .fraction = next_random(m) >> 20, .packets = is_dead ? 0 : PPS
        };
        end_us = (uint64_t)(i + 1) * 1000000 + (r.fraction % 3 ? 191 : 180 + r.fraction % 30);
        r.end_us = end_us;
        r.lost = is_dead ? 0 : lost_of(m, &h);
        if (i == outage + 20) { /* what was missed, by the numbers */
            r.lost += 20 * PPS;
            r.packets += 20 * PPS;
        }
        r.jitter_ms = h.jitter_ms * m->shape[next_random(m) % N_SHAPE] * (0.9 + 0.2 * next_unit(m));
        put(m, i ? ",\n{\"streams\":[{\"socket\":6," : "{\"streams\":[{\"socket\":6,");
        put_figures(m, &r);
        put(m, "],\"sum\":{");
        put_figures(m, &r);
        put_own(m, &r, &h);
        m->bytes += (r.packets - r.lost) * DATAGRAM;
        m->packets += r.packets;
        m->lost += r.lost;
    }
}

/* ---- what stands once a minute */

static void put_histogram(struct maker *m, long minute)
{
    char text[8192];
    struct histogram h = { 0 };
    double queue_us = 40 * (1 + 0.4 * cos((double)(minute / 60 - 19) / 24 * 6.2832)) * exp(0.1 * next_normal(m));
    for (int i = 0; i < N_SHAPE; i++) {
        size_t bin = 0;
        while (bin + 1 < HISTOGRAM_BINS && histogram_edge_us(bin + 1) <= queue_us * m->shape[i])
            bin++;
        h.count[bin] += (uint64_t)(PPS * MINUTE_S / N_SHAPE) - next_random(m) % 40;
    }
    for (size_t i = 0; i < HISTOGRAM_BINS; i++)
        h.n += h.count[i];
    histogram_text(&h, text, sizeof text);
    put_count(m, minute ? ",[" : "[", minute * MINUTE_S);
    put_count(m, ",", (minute + 1) * MINUTE_S);
    put(m, ",\"");
    put(m, text);
    put(m, "\"]");
}

static void put_trips(struct maker *m, long day)
{
    double base_ms = 150 + 0.05 * next_normal(m) + (day >= m->base_day ? TRIP_MS : 0);
    for (long at = 0; at < DAY_S; at += MINUTE_S) {
        put_decimal(m, at ? ",[" : "[", (uint64_t)at * 1000000000 + 500000000 + next_random(m) % 1000000, 9);
        put_decimal(m, ",", (uint64_t)((base_ms - 0.3 * log(next_unit(m))) * 1e15) + next_random(m) % 100, 15);
        put(m, "]");
    }
}

/* ---- a day */

static void put_head(struct maker *m, long day)
{
    long start = START + day * DAY_S;
    m->at += sprintf(m->at,
                     "{\"start\":{\"connected\":[{\"socket\":6,\"local_host\":\"192.0.2.1\",\"local_port\":5201,"
                     "\"remote_host\":\"192.0.2.2\",\"remote_port\":40000}],\"version\":\"iperf 3.12\",\"timestamp\":{"
                     "\"timesecs\":%ld},\"cookie\":\"%s%ldxxxxxxxxxxxxxxxx\",\"target_bitrate\":10000000,"
                     "\"test_start\":{\"protocol\":\"UDP\",\"num_streams\":1,\"blksize\":%d,\"omit\":0,\"duration\":%d,"
                     "\"bytes\":0,\"blocks\":0,\"reverse\":1,\"tos\":0,\"target_bitrate\":10000000}},\n"
                     "\"intervals\":[\n",
                     start, m->leg, start, DATAGRAM, DAY_S);
}

static void put_tail(struct maker *m, long day)
{
    const char *dash = strchr(m->leg, '-');
    m->at += sprintf(m->at,
                     "],\n\"end\":{\"sum\":{\"start\":0,\"end\":%d,\"seconds\":%d,\"bytes\":%" PRId64
                     ",\"bits_per_second\":%.17g,\"jitter_ms\":0.05,\"lost_packets\":%" PRId64 ",\"packets\":%" PRId64
                     ",\"lost_percent\":%.17g,\"sender\":false}},\n",
                     DAY_S, DAY_S, m->bytes, 8.0 * (double)m->bytes / DAY_S, m->lost, m->packets,
                     100.0 * (double)m->lost / (double)m->packets);
    m->at += sprintf(m->at,
                     "\"longhaul\":{\"format\":1,\"version\":\"0.2.0\",\"source\":\"%.*s\",\"destination\":\"%s\","
                     "\"direction\":\"pull\",\"role\":\"receiver\",\"protocol\":\"UDP\",\"duration_s\":%d,"
                     "\"interval_s\":1.0,\"start_unix_us\":%ld000000,\"gaps\":[],\"rtt_method\":\"icmp\",\"rtt\":[",
                     (int)(dash - m->leg), m->leg, dash + 1, DAY_S, START + day * DAY_S);
    put_trips(m, day);
    put(m, "],\"delays\":[");
    for (long minute = 0; minute < DAY_S / MINUTE_S; minute++)
        put_histogram(m, minute);
    put(m, "]}}\n");
}

static int make_day(struct maker *m, long day)
{
    char path[4096], stamp[32];
    time_t start = START + day * DAY_S;
    struct tm utc;
    m->at = m->text;
    m->bytes = m->packets = m->lost = 0;
    put_head(m, day);
    put_rows(m, day);
    put_tail(m, day);
    strftime(stamp, sizeof stamp, "%Y%m%d_%H%M%S", gmtime_r(&start, &utc));
    snprintf(path, sizeof path, "%s/%s-10M_24H_%s.json.zst", m->dir, m->leg, stamp);
    size_t n = ZSTD_compressCCtx(m->packer, m->packed, m->packed_size, m->text, (size_t)(m->at - m->text), 1);
    FILE *out = ZSTD_isError(n) ? NULL : fopen(path, "w");
    if (out == NULL || fwrite(m->packed, 1, n, out) != n || fclose(out) != 0)
        return perror(path), 1;
    printf("%s %td\n", path, m->at - m->text);
    return 0;
}

static long argument(int argc, char **argv, int i, long otherwise)
{
    return argc > i ? strtol(argv[i], NULL, 10) : otherwise;
}

int main(int argc, char **argv)
{
    long days = argument(argc, argv, 3, 0);
    struct maker m = { .random = 1000003 * (uint64_t)argument(argc, argv, 4, 1),
                       .loss_day = argument(argc, argv, 5, 1000000),
                       .base_day = argument(argc, argv, 6, 1000000),
                       .text = malloc(ROOM),
                       .packed_size = ZSTD_compressBound(ROOM),
                       .packer = ZSTD_createCCtx() };
    m.packed = malloc(m.packed_size);
    if (argc < 4 || days < 1 || strchr(argv[2], '-') == NULL || !m.text || !m.packed || !m.packer) {
        fputs("usage: seconds DIR LEG DAYS [SEED [LOSS_DAY [BASE_DAY]]]\n", stderr);
        return 2;
    }
    m.dir = argv[1];
    m.leg = argv[2];
    for (const char *c = m.leg; *c; c++)
        m.random = m.random * 31 + (unsigned char)*c;
    for (int i = 0; i < N_SHAPE; i++)
        m.shape[i] = exp(0.6 * next_normal(&m));
    for (long day = 0; day < days; day++)
        if (make_day(&m, day) != 0)
            return 1;
    return 0;
}
