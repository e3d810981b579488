/* delay_day.c - six legs' records with delays, as longhaul's receivers write them: every datagram is made and goes
 * through the receiver's own code (engine/arrivals.c). `delay_day DIR SECONDS PER_SECOND [STORY]`: with queues at the
 * busy hours on WUS->HK, a queue for ten minutes on HK->WUS, a route that gets 3 ms longer at 14:00 in both directions
 * of UAE, and silences of 300 ms on KC->WUS; STORY 0: nothing of it. In a shorter test all times are in proportion, but
 * for the silences. Prints for each leg the exact percentiles of all delays that were made. */

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "engine/arrivals.h"
#include "record/interval_delay.h"

#define START 1763164800 /* 2025-11-15 00:00:00Z */
#define DAY_S 86400.0
#define BYTES 1448
#define N_SILENCES 9
#define SILENCE_S 0.3
#define HISTOGRAM_S 60
#define MOST_HISTOGRAMS 1500

struct leg {
    const char *source, *destination;
    double ppm, noise_us, path_us;
    double busy_us, queue_us, shift_us;
    int n_silences;
};

static const struct leg legs[] = {
    { "WUS", "HK", 12, 60, 71000, 38000, 0, 0, 0 }, { "HK", "WUS", -12, 60, 70000, 0, 20000, 0, 0 },
    { "WUS", "KC", 3, 40, 62000, 0, 0, 0, 0 },      { "KC", "WUS", -3, 40, 62000, 0, 0, 0, N_SILENCES },
    { "WUS", "UAE", 20, 90, 105000, 0, 0, 3000, 0 }, { "UAE", "WUS", -20, 90, 104000, 0, 0, 3000, 0 }
};

struct made {
    struct leg leg;
    FILE *out;
    double length_s, per_s;
    uint64_t random;
    struct arrivals arrivals;
    struct histogram since;
    double *delay; /* exact, of each datagram */
    size_t n, n_rows, n_histograms;
    char *histograms[MOST_HISTOGRAMS];
    double until_s[MOST_HISTOGRAMS];
    int64_t bytes, packets, lost;
};

static double unit(struct made *m)
{
    m->random = m->random * 6364136223846793005u + 1442695040888963407u;
    return ((double)(m->random >> 11) + 0.5) / 9007199254740992.0;
}

/* A hump over the busy hours, 10:00 to 15:00, whose queue fills and drains all the time. */
static double queue_us(struct made *m, double t)
{
    double day = t / m->length_s, hump = sin(fmin(fmax((day - 10 / 24.0) / (5 / 24.0), 0), 1) * 3.14159265358979);
    double swing = fmax(0, sin(t * 0.9) + 0.6 * sin(t * 0.37 + 1)) / 1.6;
    double busy = m->leg.busy_us * hump * hump * swing;
    bool in_queue = day >= 20 / 24.0 && day < 20 / 24.0 + 600 / DAY_S;
    return busy + (in_queue ? m->leg.queue_us * (0.85 + 0.15 * unit(m)) : 0);
}

static bool is_silent(const struct made *m, double t)
{
    for (int k = 0; k < m->leg.n_silences; k++) {
        double at = m->length_s * (0.06 + 0.1 * k + 0.013 * (k % 4));
        if (t >= at && t < at + SILENCE_S)
            return true;
    }
    return false;
}

static double path_us(const struct made *m, double t)
{
    return m->leg.path_us + (t >= m->length_s * 14 / 24 ? m->leg.shift_us : 0);
}

static void hand_out(struct made *m, double end_s)
{
    char text[8192];
    if (histogram_text(&m->since, text, sizeof text) > 0 && m->n_histograms < MOST_HISTOGRAMS) {
        m->histograms[m->n_histograms] = strdup(text);
        m->until_s[m->n_histograms++] = end_s;
    }
    m->since = (struct histogram){ 0 };
}

static void write_row(struct made *m, int64_t n_sent, int64_t n_lost)
{
    struct longhaul_delay delay = delay_none();
    struct histogram delays = { 0 }, ipdv = { 0 };
    char own[INTERVAL_DELAY_BYTES], sum[400];
    double start_s = (double)m->n_rows, end_s = start_s + 1;
    int64_t bytes = (n_sent - n_lost) * BYTES;
    arrivals_take(&m->arrivals, (int64_t)((end_s + 0.2) * NS_PER_S) + NS_PER_S, &delay, &delays, &ipdv);
    arrivals_percentiles(&delay, &delays, &ipdv);
    interval_delay_text(&delay, own);
    histogram_merge(&m->since, &delays);
    if ((m->n_rows + 1) % HISTOGRAM_S == 0)
        hand_out(m, end_s);
    snprintf(sum, sizeof sum,
             "\"start\":%.0f,\"end\":%.0f,\"seconds\":1,\"bytes\":%" PRId64 ",\"bits_per_second\":%" PRId64
             ",\"jitter_ms\":%.6f,\"lost_packets\":%" PRId64 ",\"packets\":%" PRId64
             ",\"lost_percent\":%.4f,\"omitted\":false,\"sender\":false",
             start_s, end_s, bytes, bytes * 8, 0.01 + 0.02 * unit(m), n_lost, n_sent,
             100.0 * (double)n_lost / (double)n_sent);
    fprintf(m->out,
            "%s\n{\"streams\":[{\"socket\":6,%s}],\"sum\":{%s},\"longhaul\":{\"unix_us\":%.0f,"
            "\"monotonic_us\":%.0f,\"segment\":0,\"out_of_order\":0,\"duplicates\":0%s}}",
            m->n_rows ? "," : "", sum, sum, (START + end_s) * 1e6, end_s * 1e6, own);
    m->n_rows++;
    m->bytes += bytes;
    m->packets += n_sent;
    m->lost += n_lost;
}

static void make(struct made *m)
{
    int64_t n_sent = 0, n_lost = 0;
    uint64_t number = 0;
    for (double t = 0; t < m->length_s; t = (double)number / m->per_s) {
        if (t >= (double)m->n_rows + 1) {
            write_row(m, n_sent, n_lost);
            n_sent = n_lost = 0;
        }
        number++;
        n_sent++;
        if (is_silent(m, t)) {
            n_lost++;
            continue;
        }
        double queued_us = queue_us(m, t) - m->leg.noise_us * log(unit(m)), transit_us = path_us(m, t) + queued_us;
        int64_t arrival_ns = (int64_t)(t * NS_PER_S + transit_us * NS_PER_US) + NS_PER_S;
        struct arrival d = { .number = number, .arrival_ns = arrival_ns, .read_ns = arrival_ns + 20000,
                             .sent_ns = (int64_t)(t * (NS_PER_S - m->leg.ppm * 1000)) + 7777 * NS_PER_S };
        arrivals_add(&m->arrivals, &d, false);
        m->delay[m->n++] = queued_us;
    }
    write_row(m, n_sent, n_lost);
    hand_out(m, (double)m->n_rows);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double exactly_ms(struct made *m, double share)
{
    return m->delay[(size_t)ceil(share * (double)m->n) - 1] / 1000;
}

static void write_head(struct made *m)
{
    double bps = m->per_s * BYTES * 8;
    fprintf(m->out,
            "{\"start\":{\"connected\":[{\"socket\":6,\"local_host\":\"10.0.0.1\",\"local_port\":5201,"
            "\"remote_host\":\"10.0.0.2\",\"remote_port\":40000}],\"version\":\"iperf 3.12\",\"timestamp\":{"
            "\"time\":\"\",\"timesecs\":%d},\"target_bitrate\":%.0f,\"test_start\":{\"protocol\":\"UDP\","
            "\"num_streams\":1,\"blksize\":%d,\"omit\":0,\"duration\":%.0f,\"bytes\":0,\"blocks\":0,"
            "\"reverse\":1,\"tos\":0,\"target_bitrate\":%.0f}},\n\"intervals\":[",
            START, bps, BYTES, m->length_s, bps);
}

static void write_end(struct made *m)
{
    double seconds = (double)m->n_rows;
    fprintf(m->out,
            "],\n\"end\":{\"sum\":{\"start\":0,\"end\":%.0f,\"seconds\":%.0f,\"bytes\":%" PRId64
            ",\"bits_per_second\":%f,\"jitter_ms\":0.02,\"lost_packets\":%" PRId64 ",\"packets\":%" PRId64
            ",\"lost_percent\":%f,\"sender\":false}},\n",
            seconds, seconds, m->bytes, (double)m->bytes * 8 / seconds, m->lost, m->packets,
            100.0 * (double)m->lost / (double)m->packets);
    fprintf(m->out,
            "\"longhaul\":{\"format\":1,\"version\":\"0.2.0\",\"source\":\"%s\",\"destination\":\"%s\","
            "\"role\":\"receiver\",\"protocol\":\"UDP\",\"delays\":[",
            m->leg.source, m->leg.destination);
    for (size_t i = 0; i < m->n_histograms; i++) {
        fprintf(m->out, "%s[%.0f,%.0f,\"%s\"]", i ? "," : "", i ? m->until_s[i - 1] : 0, m->until_s[i],
                m->histograms[i]);
        free(m->histograms[i]);
    }
    fputs("]}}\n", m->out);
}

int main(int argc, char **argv)
{
    static struct made m;
    if (argc < 4)
        return 2;
    for (size_t i = 0; i < sizeof legs / sizeof *legs; i++) {
        char name[4096];
        m = (struct made){ .leg = legs[i], .length_s = atof(argv[2]), .per_s = atof(argv[3]), .random = i + 1 };
        if (argc > 4 && atoi(argv[4]) == 0)
            m.leg.busy_us = m.leg.queue_us = m.leg.shift_us = m.leg.n_silences = 0;
        snprintf(name, sizeof name, "%s/%s-%s-10M_24H_20251115_000000.json", argv[1], m.leg.source, m.leg.destination);
        m.out = fopen(name, "w");
        m.delay = malloc((size_t)(m.length_s * m.per_s + 10) * sizeof *m.delay);
        if (m.out == NULL || m.delay == NULL)
            return 1;
        write_head(&m);
        make(&m);
        write_end(&m);
        fclose(m.out);
        qsort(m.delay, m.n, sizeof *m.delay, by_value);
        printf("%s->%s p50 %.6f p95 %.6f p99 %.6f p99.9 %.6f of %zu\n", m.leg.source, m.leg.destination,
               exactly_ms(&m, 0.5), exactly_ms(&m, 0.95), exactly_ms(&m, 0.99), exactly_ms(&m, 0.999), m.n);
        free(m.delay);
    }
    return 0;
}
