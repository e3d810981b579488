/* rows.h - tests of the analysis make a day of intervals, change some of them, and have it read and analysed: only with
 * the public interface, through a file as iperf3 writes it. */
#ifndef ROWS_H
#define ROWS_H

#include <longhaul.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROWS_START 1763168446 /* 2025-11-15T01:00:46Z */
#define ROWS_BYTES 1386
#define ROWS_RATE 901.875     /* packets a second in 10 Mbit/s: 902 in seven seconds of eight, 901 in one */

struct row {
    double start, seconds, bytes, packets, lost, jitter; /* lost NAN: a sender's interval */
    double unix_us, monotonic_us;                        /* NAN: not written */
};

struct rows {
    size_t n;
    struct row *row;
    const char *protocol; /* of test_start */
    double duration, target, n_streams;
    const char *end;      /* of the document; NULL for sums over the rows */
    const char *gaps;     /* of an object "longhaul"; NULL for none */
    bool is_sender;
};

/* 0..1, always the same sequence. */
static inline double rows_noise(unsigned long *state)
{
    *state = (*state * 6364136223846793005ul + 1442695040888963407ul);
    return (double)(*state >> 33) / 2147483648.0;
}

/* n seconds of 10 Mbit/s without loss; jitter 5 us, plus or minus 0.5. */
static inline struct rows rows_new(size_t n)
{
    struct rows rows = { .n = n, .row = malloc((n ? n : 1) * sizeof(struct row)), .protocol = "UDP",
                         .duration = (double)n, .target = 1e7, .n_streams = 1 };
    unsigned long state = 1;
    for (size_t i = 0; i < n; i++) {
        double packets = floor(ROWS_RATE * (double)(i + 1)) - floor(ROWS_RATE * (double)i);
        rows.row[i] = (struct row){ (double)i, 1,  packets * ROWS_BYTES,
                                    packets,   0,  0.0045 + 0.001 * rows_noise(&state),
                                    NAN,       NAN };
    }
    return rows;
}

/* Interval i loses packets. */
static inline void rows_lose(struct rows *rows, size_t i, double lost)
{
    rows->row[i].lost += lost;
    rows->row[i].bytes -= lost * ROWS_BYTES;
}

/* Nothing arrives in [first, first + n): the sequence numbers of the next interval tell how much was lost. */
static inline void rows_silence(struct rows *rows, size_t first, size_t n)
{
    double missed = 0;
    for (size_t i = first; i < first + n; i++) {
        missed += rows->row[i].packets;
        rows->row[i].packets = rows->row[i].bytes = 0;
    }
    if (first + n < rows->n) {
        rows->row[first + n].packets += missed;
        rows->row[first + n].lost += missed;
    }
}

static inline void rows_write(const struct rows *rows, const char *path)
{
    FILE *out = fopen(path, "w");
    double packets = 0, lost = 0, bytes = 0;
    fprintf(out,
            "{\"start\":{\"connected\":[{\"local_host\":\"192.0.2.1\",\"remote_host\":\"192.0.2.2\"}],\"version\":"
            "\"iperf 3.18\","
            "\"timestamp\":{\"timesecs\":%d},\"test_start\":{\"protocol\":\"%s\",\"num_streams\":%g,\"blksize\":%d,"
            "\"duration\":%g,"
            "\"reverse\":%d,\"target_bitrate\":%.0f}},\"intervals\":[",
            ROWS_START, rows->protocol, rows->n_streams, ROWS_BYTES, rows->duration, !rows->is_sender, rows->target);
    for (size_t i = 0; i < rows->n; i++) {
        const struct row *r = &rows->row[i];
        fprintf(out,
                "%s\n{\"streams\":[],\"sum\":{\"start\":%.17g,\"end\":%.17g,\"seconds\":%.17g,\"bytes\":%.0f,\"bits_"
                "per_second\":%.17g,",
                i ? "," : "", r->start, r->start + r->seconds, r->seconds, r->bytes,
                r->seconds > 0 ? 8 * r->bytes / r->seconds : 0.0);
        if (!isnan(r->lost))
            fprintf(out, "\"jitter_ms\":%.17g,\"lost_packets\":%.0f,", r->jitter, r->lost);
        fprintf(out, "\"packets\":%.0f,\"omitted\":false,\"sender\":%s}", r->packets,
                rows->is_sender ? "true" : "false");
        if (!isnan(r->unix_us))
            fprintf(out, ",\"longhaul\":{\"unix_us\":%.0f,\"monotonic_us\":%.0f}", r->unix_us, r->monotonic_us);
        fprintf(out, "}");
        packets += r->packets;
        bytes += r->bytes;
        lost += isnan(r->lost) ? 0 : r->lost;
    }
    if (rows->end)
        fprintf(out, "],\"end\":%s", rows->end);
    else
        fprintf(out,
                "],\"end\":{\"sum\":{\"seconds\":%zu,\"bits_per_second\":%g,\"jitter_ms\":0.005,\"lost_packets\":%.0f,"
                "\"packets\":%.0f,"
                "\"lost_percent\":%.17g},\"sum_sent\":{\"bytes\":%.0f,\"packets\":%.0f},\"sum_received\":{\"bytes\":%."
                "0f,\"packets\":%.0f}}",
                rows->n, 8 * bytes / (double)rows->n, lost, packets, packets > 0 ? 100 * lost / packets : 0.0,
                packets * ROWS_BYTES, packets, (packets - lost) * ROWS_BYTES, packets);
    if (rows->gaps)
        fprintf(out, ",\"longhaul\":{\"gaps\":%s}", rows->gaps);
    fputs("}\n", out);
    fclose(out);
}

/* Reads them as the file of a leg, "HK-WUS", and frees them. NULL on failure. */
static inline struct longhaul_analysis *rows_analyse(struct rows rows, const char *leg)
{
    char dir[] = "/tmp/longhaul-rows.XXXXXX", path[128];
    struct longhaul_reader *reader = NULL;
    struct longhaul_series *series = NULL;
    struct longhaul_analysis *analysis = NULL;
    if (mkdtemp(dir) == NULL)
        return NULL;
    snprintf(path, sizeof path, "%s/%s-10M_24H_20251115_010046.json", dir, leg);
    rows_write(&rows, path);
    if (longhaul_reader_open(path, NULL, &reader, NULL) == 0 && longhaul_reader_next(reader, &series, NULL) == 1)
        longhaul_analyse(series, NULL, &analysis, NULL);
    longhaul_series_free(series);
    longhaul_reader_free(reader);
    unlink(path);
    rmdir(dir);
    free(rows.row);
    return analysis;
}

#endif
