/* generate.c - files as iperf3 3.12 writes them, byte for byte in their layout, of any length: what a test of a day, or
 * of a hundred, would have left. `generate sender|receiver SECONDS FILE [SEED]`; the figures are made up, from the
 * seed. */

#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DATAGRAM 1386

struct day {
    FILE *out;
    int is_receiver;
    uint64_t random;
    double time, jitter_ms;
    int64_t bytes, packets, lost;
};

/* One interval, or the sum of them. */
struct figures {
    double start, end, seconds, jitter_ms;
    int64_t bytes, packets, lost;
};

static uint64_t next_random(struct day *d) /* splitmix64 */
{
    uint64_t z = d->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static double next_unit(struct day *d)
{
    return (double)(next_random(d) >> 11) / 9007199254740992.0;
}

/* As the cJSON in libiperf prints numbers: 15 digits, or 17 when those are not enough. */
static void print_number(struct day *d, const char *indent, const char *key, double value, const char *after)
{
    char text[40];
    snprintf(text, sizeof text, "%1.15g", value);
    if (strtod(text, NULL) != value)
        snprintf(text, sizeof text, "%1.17g", value);
    fprintf(d->out, "%s\"%s\":\t%s%s", indent, key, text, after);
}

static void print_figures(struct day *d, const char *indent, const struct figures *f)
{
    print_number(d, indent, "start", f->start, ",\n");
    print_number(d, indent, "end", f->end, ",\n");
    print_number(d, indent, "seconds", f->seconds, ",\n");
    print_number(d, indent, "bytes", (double)f->bytes, ",\n");
    print_number(d, indent, "bits_per_second", (double)f->bytes * 8 / f->seconds, ",\n");
    if (d->is_receiver) {
        print_number(d, indent, "jitter_ms", f->jitter_ms, ",\n");
        print_number(d, indent, "lost_packets", (double)f->lost, ",\n");
    }
    print_number(d, indent, "packets", (double)f->packets, ",\n");
    if (d->is_receiver)
        print_number(d, indent, "lost_percent", 100.0 * (double)f->lost / (double)f->packets, ",\n");
    fprintf(d->out, "%s\"omitted\":\tfalse,\n%s\"sender\":\t%s\n", indent, indent, d->is_receiver ? "false" : "true");
}

static void print_start(struct day *d, long seconds, uint64_t seed)
{
    fprintf(
        d->out,
        "{\n\t\"start\":\t{\n\t\t\"connected\":\t[{\n\t\t\t\t\"socket\":\t5,\n\t\t\t\t\"local_host\":\t\"192.0.2.1\",\n"
        "\t\t\t\t\"local_port\":\t49152,\n\t\t\t\t\"remote_host\":\t\"192.0.2.2\",\n\t\t\t\t\"remote_port\":"
        "\t5201\n\t\t\t}],\n"
        "\t\t\"version\":\t\"iperf 3.12\",\n\t\t\"system_info\":\t\"Linux host 6.1.0-18-cloud-amd64 x86_64\",\n"
        "\t\t\"timestamp\":\t{\n\t\t\t\"time\":\t\"Sat, 15 Nov 2025 01:00:46 GMT\",\n\t\t\t\"timesecs\":\t%d\n\t\t},\n"
        "\t\t\"connecting_to\":\t{\n\t\t\t\"host\":\t\"192.0.2.2\",\n\t\t\t\"port\":\t5201\n\t\t},\n"
        "\t\t\"cookie\":\t\"cookie%029" PRIu64 "\",\n\t\t\"target_bitrate\":\t10000000,\n\t\t\"sock_bufsize\":\t0,\n"
        "\t\t\"sndbuf_actual\":\t212992,\n\t\t\"rcvbuf_actual\":\t212992,\n"
        "\t\t\"test_start\":\t{\n\t\t\t\"protocol\":\t\"UDP\",\n\t\t\t\"num_streams\":\t1,\n\t\t\t\"blksize\":\t%d,\n"
        "\t\t\t\"omit\":\t0,\n\t\t\t\"duration\":\t%ld,\n\t\t\t\"bytes\":\t0,\n\t\t\t\"blocks\":\t0,"
        "\n\t\t\t\"reverse\":\t%d,\n"
        "\t\t\t\"tos\":\t0,\n\t\t\t\"target_bitrate\":\t10000000,\n\t\t\t\"bidir\":\t0,\n\t\t\t\"fqrate\":\t0\n\t\t}"
        "\n\t},\n"
        "\t\"intervals\":\t[",
        1763168446, seed, DATAGRAM, seconds, d->is_receiver);
}

static void print_interval(struct day *d, int is_first)
{
    double length = (float)(1.0 + (next_unit(d) - 0.5) * 1e-4); /* iperf3's intervals are floats */
    int64_t packets = 901 + (next_unit(d) < 0.875), lost = 0;
    if (d->is_receiver && next_unit(d) < 0.002)
        lost = 1 + (int64_t)(next_unit(d) * next_unit(d) * 30);
    d->jitter_ms += (fabs(next_unit(d) - 0.5) * 0.04 - d->jitter_ms) / 16;
    struct figures f = { .start = d->time,
                         .end = round((d->time + length) * 1e6) / 1e6,
                         .seconds = length, .packets = packets, .bytes = (packets - lost) * DATAGRAM,
                         .jitter_ms = d->jitter_ms, .lost = lost };
    fputs(is_first ? "{\n\t\t\t\"streams\":\t[{\n" : ", {\n\t\t\t\"streams\":\t[{\n", d->out);
    print_number(d, "\t\t\t\t\t", "socket", 5, ",\n");
    print_figures(d, "\t\t\t\t\t", &f);
    fputs("\t\t\t\t}],\n\t\t\t\"sum\":\t{\n", d->out);
    print_figures(d, "\t\t\t\t", &f);
    fputs("\t\t\t}\n\t\t}", d->out);
    d->time = f.end;
    d->bytes += f.bytes;
    d->packets += packets;
    d->lost += lost;
}

static void print_sum(struct day *d, const char *key, int is_sender, const char *after)
{
    int64_t lost = d->is_receiver ? d->lost : d->packets / 50000; /* the sender hears of it in the end */
    fprintf(d->out, "\t\t\"%s\":\t{\n", key);
    print_number(d, "\t\t\t", "start", 0, ",\n");
    print_number(d, "\t\t\t", "end", d->time, ",\n");
    print_number(d, "\t\t\t", "seconds", d->time, ",\n");
    print_number(d, "\t\t\t", "bytes", (double)d->bytes, ",\n");
    print_number(d, "\t\t\t", "bits_per_second", (double)d->bytes * 8 / d->time, ",\n");
    print_number(d, "\t\t\t", "jitter_ms", d->jitter_ms, ",\n");
    print_number(d, "\t\t\t", "lost_packets", (double)lost, ",\n");
    print_number(d, "\t\t\t", "packets", (double)d->packets, ",\n");
    print_number(d, "\t\t\t", "lost_percent", 100.0 * (double)lost / (double)d->packets, ",\n");
    fprintf(d->out, "\t\t\t\"sender\":\t%s\n\t\t}%s", is_sender ? "true" : "false", after);
}

static void print_end(struct day *d)
{
    fputs("],\n\t\"end\":\t{\n\t\t\"streams\":\t[],\n", d->out);
    print_sum(d, "sum", !d->is_receiver, ",\n");
    print_sum(d, "sum_sent", 1, ",\n");
    print_sum(d, "sum_received", 0, "\n");
    fputs("\t}\n}\n", d->out);
}

int main(int argc, char **argv)
{
    long seconds = argc > 2 ? strtol(argv[2], NULL, 10) : 0;
    uint64_t seed = argc > 4 ? strtoull(argv[4], NULL, 10) : 1;
    struct day day = { .random = seed };
    if (argc < 4 || seconds < 1 || (strcmp(argv[1], "sender") != 0 && strcmp(argv[1], "receiver") != 0)) {
        fputs("usage: generate sender|receiver SECONDS FILE [SEED]\n", stderr);
        return 2;
    }
    day.is_receiver = argv[1][0] == 'r';
    day.out = fopen(argv[3], "w");
    if (day.out == NULL)
        return perror(argv[3]), 1;
    print_start(&day, seconds, seed);
    for (long i = 0; i < seconds; i++)
        print_interval(&day, i == 0);
    print_end(&day);
    if (fclose(day.out) != 0)
        return perror(argv[3]), 1;
    return 0;
}
