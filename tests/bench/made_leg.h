/* made_leg.h - a leg's file as iperf3 3.12 writes it, made up from a random number: a background that can be of many
 * kinds, and faults in it. For the programs that measure how often a background is taken for an incident (alarms.c) and
 * which faults are found (power.c). */
#ifndef MADE_LEG_H
#define MADE_LEG_H
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MADE_START 1763168446 /* 2025-11-15 01:00:46Z */
#define MADE_PI 3.14159265358979323846

enum made_shape { MADE_FLAT, MADE_SINE, MADE_HUMP, MADE_OFFICE, MADE_WALK };

enum made_half { MADE_ALL, MADE_FIRST, MADE_SECOND, MADE_EVEN_HOURS, MADE_ODD_HOURS };

struct made_fault {
    double start, seconds, loss, jitter_factor; /* on the leg's axis; 0: none, else what the usual is multiplied with */
    int64_t lost;                               /* out: packets that it lost */
};

struct made_leg {
    uint64_t random;
    double row_s, seconds, bps, phase_s; /* phase_s: time of day of the start */
    double slower;                       /* the share of bps, which is the target, that is not reached */
    double more_loss; /* independent, at any time of day, 0-1 */
    enum made_half half;                 /* the rows that are written */
    bool has_row;
    int datagram;
    bool is_sender, is_tcp, has_target;
    double loss;                         /* independent, 0-1 */
    double ge_bad_s, ge_good_s, ge_loss; /* Gilbert-Elliott: mean sojourns, and the loss in the bad state */
    double single_per_s, single_alpha,
        single_most; /* groups of losses: rate, tail exponent, largest as a share of a second */
    enum made_shape loss_shape, jitter_shape;
    double loss_factor, jitter_factor; /* highest of the shape over its lowest */
    double jitter_ms, jitter_sigma, jitter_memory,
        jitter_spike;                        /* median, of the logarithm, AR(1) of rows, share of rows */
    double reordered, duplicated;            /* share of packets */
    double wobble;                           /* of the rows' lengths and of the sender's pace, a share of a row */
    double tcp_dip, tcp_period_s, tcp_noise; /* what a loss leaves of the rate; time between losses; of the capacity */
    struct made_fault *faults;
    size_t n_faults;
    /* while it is made */
    FILE *out;
    double t, walk, jitter_state, ge_left, tcp_level, owed;
    bool ge_is_bad;
    int64_t late, bytes, packets, lost, retransmits, held;
};

static uint64_t made_bits(struct made_leg *m) /* splitmix64 */
{
    uint64_t z = m->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static double made_unit(struct made_leg *m)
{
    return ((double)(made_bits(m) >> 11) + 0.5) / 9007199254740992.0;
}
static double made_uniform(struct made_leg *m, double a, double b)
{
    return a + (b - a) * made_unit(m);
}
static double made_log_uniform(struct made_leg *m, double a, double b)
{
    return a * pow(b / a, made_unit(m));
}
static double made_wait(struct made_leg *m, double mean)
{
    return -mean * log(made_unit(m));
}

static double made_gauss(struct made_leg *m)
{
    return sqrt(-2 * log(made_unit(m))) * cos(2 * MADE_PI * made_unit(m));
}

/* Of n packets, each with chance p: exact by the distances between the hits, near the middle by the normal
 * distribution. */
static int64_t made_binomial(struct made_leg *m, int64_t n, double p)
{
    if (n <= 0 || p <= 0)
        return 0;
    if (p > 0.5)
        return n - made_binomial(m, n, 1 - p);
    if ((double)n * p > 60) {
        double x = floor((double)n * p + made_gauss(m) * sqrt((double)n * p * (1 - p)) + 0.5);
        return (int64_t)fmin(fmax(x, 0), (double)n);
    }
    double by = log1p(-p), at = 0;
    for (int64_t hits = 0;; hits++)
        if ((at += 1 + floor(log(made_unit(m)) / by)) > (double)n)
            return hits;
}

/* 1 to factor, by the time of day. */
static double made_shape_at(struct made_leg *m, enum made_shape shape, double factor)
{
    double hour = fmod(m->phase_s + m->t, 86400) / 3600, up = 0;
    switch (shape) {
    case MADE_FLAT: return 1;
    case MADE_WALK: return exp(m->walk);
    case MADE_SINE: up = 0.5 - 0.5 * cos(2 * MADE_PI * (hour - 4) / 24); break;
    case MADE_HUMP: up = exp(-pow((hour - 20) / 2, 2) / 2); break;
    case MADE_OFFICE: up = fmax(0, fmin(1, fmin(hour - 8, 18 - hour))); break;
    }
    return 1 + (factor - 1) * up;
}

static void made_step_walk(struct made_leg *m, double factor, double seconds)
{
    double most = log(factor) / 2;
    m->walk += 0.35 * sqrt(seconds / 3600) * made_gauss(m);
    if (fabs(m->walk) > most)
        m->walk = copysign(2 * most, m->walk) - m->walk;
}

/* Of n packets in the next seconds, what the chain loses: by the share of the time that it is in its bad state. */
static int64_t made_chain(struct made_leg *m, int64_t n, double seconds)
{
    double bad = 0, left = seconds;
    while (left > 0) {
        if (m->ge_left <= 0) {
            m->ge_is_bad = !m->ge_is_bad;
            m->ge_left = made_wait(m, m->ge_is_bad ? m->ge_bad_s : m->ge_good_s);
        }
        double step = fmin(left, m->ge_left);
        bad += m->ge_is_bad ? step : 0;
        left -= step;
        m->ge_left -= step;
    }
    return bad > 0 ? made_binomial(m, (int64_t)floor((double)n * bad / seconds + made_unit(m)), m->ge_loss) : 0;
}

static int64_t made_singles(struct made_leg *m, int64_t n, double seconds)
{
    int64_t lost = 0;
    double most = fmax(1, m->single_most * m->bps / 8 / m->datagram);
    for (double at = made_wait(m, 1 / m->single_per_s); at < seconds; at += made_wait(m, 1 / m->single_per_s))
        lost += (int64_t)fmin(most, pow(made_unit(m), -1 / m->single_alpha));
    return lost < n ? lost : n;
}

/* What of n packets the background loses, and then the faults. */
static int64_t made_lose(struct made_leg *m, int64_t n, double seconds, double *jitter_scale)
{
    int64_t lost = made_binomial(m, n, m->loss * made_shape_at(m, m->loss_shape, m->loss_factor) + m->more_loss);
    if (m->ge_bad_s > 0)
        lost += made_chain(m, n, seconds);
    if (m->single_per_s > 0)
        lost += made_singles(m, n, seconds);
    lost = lost < n ? lost : n;
    for (size_t i = 0; i < m->n_faults; i++) {
        struct made_fault *f = &m->faults[i];
        double share = (fmin(m->t + seconds, f->start + f->seconds) - fmax(m->t, f->start)) / seconds;
        if (share <= 0)
            continue;
        int64_t gone = made_binomial(m, (int64_t)floor((double)(n - lost) * share + made_unit(m)), f->loss);
        f->lost += gone;
        lost += gone;
        if (f->jitter_factor > 0 && share > 0.5)
            *jitter_scale *= f->jitter_factor;
    }
    return lost;
}

static double made_jitter(struct made_leg *m, double scale)
{
    double a = m->jitter_memory;
    m->jitter_state = a * m->jitter_state + sqrt(1 - a * a) * made_gauss(m);
    if (m->jitter_spike > 0 && made_unit(m) < m->jitter_spike)
        scale *= made_log_uniform(m, 3, 30);
    return m->jitter_ms * scale * exp(m->jitter_sigma * m->jitter_state) *
           made_shape_at(m, m->jitter_shape, m->jitter_factor);
}

/* ---- the file */
static void made_put_count(FILE *out, const char *key, int64_t value)
{
    char text[24], *at = text + sizeof text;
    uint64_t left = (uint64_t)(value < 0 ? -value : value);
    do
        *--at = (char)('0' + left % 10);
    while (left /= 10);
    if (value < 0)
        *--at = '-';
    fputs_unlocked(key, out);
    fwrite_unlocked(at, 1, (size_t)(text + sizeof text - at), out);
}

static void made_put(FILE *out, const char *key, double value) /* six decimals; not below 0 */
{
    uint64_t all = (uint64_t)llround(value * 1e6), part = all % 1000000;
    char text[8] = "."; /* the decimals */
    for (int i = 6; i > 0; i--, part /= 10)
        text[i] = (char)('0' + part % 10);
    made_put_count(out, key, (int64_t)(all / 1000000));
    fwrite_unlocked(text, 1, 7, out);
}

struct made_row {
    double end, seconds, jitter_ms;
    int64_t bytes, packets, lost, retransmits;
};

static void made_put_row(struct made_leg *m, const struct made_row *r)
{
    made_put(m->out, "\"start\":", m->t);
    made_put(m->out, ",\"end\":", r->end);
    made_put(m->out, ",\"seconds\":", r->seconds);
    made_put_count(m->out, ",\"bytes\":", r->bytes);
    made_put(m->out, ",\"bits_per_second\":", (double)r->bytes * 8 / r->seconds);
    if (m->is_tcp && m->is_sender)
        made_put_count(m->out, ",\"retransmits\":", r->retransmits);
    if (!m->is_tcp && !m->is_sender) {
        made_put(m->out, ",\"jitter_ms\":", r->jitter_ms);
        made_put_count(m->out, ",\"lost_packets\":", r->lost);
        made_put(m->out, r->lost < 0 ? ",\"lost_percent\":-" : ",\"lost_percent\":",
                 r->packets ? 100.0 * fabs((double)r->lost) / (double)r->packets : 0);
    }
    if (!m->is_tcp)
        made_put_count(m->out, ",\"packets\":", r->packets);
    fputs_unlocked(m->is_sender ? ",\"omitted\":false,\"sender\":true" : ",\"omitted\":false,\"sender\":false", m->out);
}

static bool made_is_written(const struct made_leg *m)
{
    bool is_odd = fmod(floor(m->t / 3600), 2) > 0, is_second = m->t >= m->seconds / 2;
    return m->half == MADE_ALL || m->half == (is_second ? MADE_SECOND : MADE_FIRST) ||
           m->half == (is_odd ? MADE_ODD_HOURS : MADE_EVEN_HOURS);
}

static void made_write_interval(struct made_leg *m, const struct made_row *r, double rtt_ms)
{
    fputs_unlocked(m->has_row ? ",\n{\"streams\":[{\"socket\":5," : "{\"streams\":[{\"socket\":5,", m->out);
    made_put_row(m, r);
    if (m->is_tcp && m->is_sender) {
        made_put_count(m->out, ",\"snd_cwnd\":", (int64_t)((double)r->bytes / r->seconds * rtt_ms / 1000) + 14480);
        made_put_count(m->out, ",\"rtt\":", (int64_t)(rtt_ms * 1000));
        made_put_count(m->out, ",\"rttvar\":", (int64_t)(rtt_ms * 20));
        fputs_unlocked(",\"snd_wnd\":16777216,\"pmtu\":1500", m->out);
    }
    fputs_unlocked("}],\"sum\":{", m->out);
    made_put_row(m, r);
    fputs_unlocked("}}", m->out);
    m->has_row = true;
}

static void made_put_interval(struct made_leg *m, const struct made_row *r, double rtt_ms)
{
    if (made_is_written(m))
        made_write_interval(m, r, rtt_ms);
    m->t = r->end;
    m->bytes += r->bytes;
    m->packets += r->packets;
    m->lost += r->lost;
    m->retransmits += r->retransmits;
}

static void made_put_start(struct made_leg *m, uint64_t id)
{
    fprintf(
        m->out,
        "{\"start\":{\"connected\":[{\"socket\":5,\"local_host\":\"192.0.2.1\",\"local_port\":49152,\"remote_host\":"
        "\"192.0.2.2\",\"remote_port\":5201}],\"version\":\"iperf 3.12\",\"system_info\":\"Linux\",\"timestamp\":{"
        "\"timesecs\":%d},\"connecting_to\":{\"host\":\"192.0.2.2\",\"port\":5201},\"cookie\":\"cookie%029" PRIu64
        "\",%s\"target_bitrate\":%.0f,\"test_start\":{\"protocol\":\"%s\",\"num_streams\":1,\"blksize\":%d,\"omit\":0,"
        "\"duration\":%.0f,\"bytes\":0,\"blocks\":0,\"reverse\":%d,\"tos\":0,\"target_bitrate\":%.0f,\"bidir\":0,"
        "\"fqrate\":0}},\n\"intervals\":[",
        MADE_START, id, m->is_tcp ? "\"tcp_mss_default\":1448," : "", m->has_target ? m->bps : 0,
        m->is_tcp ? "TCP" : "UDP", m->is_tcp ? 131072 : m->datagram, m->seconds, !m->is_sender,
        m->has_target ? m->bps : 0);
}

static void made_put_sum(struct made_leg *m, const char *key, bool is_sender, const char *after)
{
    fprintf(m->out, "\"%s\":{\"start\":0,\"end\":%.6f,\"seconds\":%.6f,\"bytes\":%" PRId64 ",\"bits_per_second\":%.3f,",
            key, m->t, m->t, m->bytes, (double)m->bytes * 8 / m->t);
    if (m->is_tcp && is_sender)
        fprintf(m->out, "\"retransmits\":%" PRId64 ",", m->retransmits);
    if (!m->is_tcp)
        fprintf(m->out,
                "\"jitter_ms\":%.6f,\"lost_packets\":%" PRId64 ",\"packets\":%" PRId64 ",\"lost_percent\":%.6f,",
                m->jitter_ms, m->lost, m->packets, m->packets ? 100.0 * (double)m->lost / (double)m->packets : 0);
    fprintf(m->out, "\"sender\":%s}%s", is_sender ? "true" : "false", after);
}

/* ---- rows */
static void made_udp_row(struct made_leg *m, double end)
{
    struct made_row r = { .end = end, .seconds = end - m->t };
    double pace = m->bps * (1 - m->slower) / 8 / m->datagram;
    bool is_late = m->wobble > 0 && made_unit(m) < 0.05; /* the sender's timer was: the next row has them */
    double owed = is_late ? m->wobble * pace * r.seconds * made_unit(m) : 0;
    r.packets = (int64_t)floor(pace * end - owed) - m->held;
    r.packets = r.packets > 0 ? r.packets : 0;
    m->held += r.packets;
    double scale = 1;
    int64_t lost = made_lose(m, r.packets, r.seconds, &scale);
    r.bytes = (r.packets - lost) * m->datagram;
    /* Those that come after a later one count as lost for a while: until the next row when they straddle its beginning.
     */
    int64_t late = m->reordered > 0 ? made_binomial(m, r.packets - lost, m->reordered * fmin(1, 0.01 / m->row_s)) : 0;
    r.lost = lost + late - m->late;
    r.bytes += (m->late - late) * m->datagram;
    m->late = late;
    if (m->duplicated > 0) { /* iperf3 takes each for a lost packet that came after all, as long as it knows of some */
        int64_t twice = made_binomial(m, r.packets - lost, m->duplicated), known = m->lost + r.lost;
        r.bytes += twice * m->datagram;
        r.lost -= twice < known ? twice : known > 0 ? known : 0;
    }
    r.lost = r.lost < -m->lost ? -m->lost : r.lost; /* it counts none back that it did not count as lost */
    r.jitter_ms = made_jitter(m, scale);
    if (m->is_sender) {
        m->lost += lost;
        r.bytes = r.packets * m->datagram;
    }
    made_put_interval(m, &r, 0);
}

/* Additive increase from what a loss leaves to the capacity, then the next loss; with a target, the rate is that where
 * the window allows it, and what a dip held back is sent after it. */
static void made_tcp_row(struct made_leg *m, double end)
{
    struct made_row r = { .end = end, .seconds = end - m->t };
    double sum = 0, step = fmin(r.seconds, 0.5), bps = m->bps * (1 - m->slower),
           capacity = bps * (m->has_target ? 1.3 : 1);
    m->jitter_state = 0.98 * m->jitter_state + 0.2 * made_gauss(m);
    capacity *= exp(m->tcp_noise * m->jitter_state);
    for (double at = 0; at < r.seconds - 1e-9; at += step) {
        m->tcp_level += step / m->tcp_period_s * (1 - m->tcp_dip) * made_log_uniform(m, 0.5, 2);
        if (m->tcp_level > 1) {
            m->tcp_level = m->tcp_dip;
            r.retransmits += 1 + (int64_t)made_wait(m, 5);
        }
        double can = m->tcp_level * capacity * step, wants = m->has_target ? bps * step + m->owed : can;
        m->owed = m->has_target ? fmax(0, wants - can) : 0;
        sum += fmin(can, wants);
    }
    r.bytes = (int64_t)(sum / 8 / 1448) * 1448;
    made_put_interval(m, &r, 80 + 40 * m->tcp_level);
}

/* Writes the file; 0 or -1. */
static int made_write(struct made_leg *m, const char *path)
{
    static char buffer[1 << 18];
    m->out = fopen(path, "w");
    if (m->out == NULL)
        return -1;
    setvbuf(m->out, buffer, _IOFBF, sizeof buffer);
    m->t = 0;
    m->ge_left = m->ge_bad_s > 0 ? made_wait(m, m->ge_good_s) : 0;
    m->tcp_level = m->tcp_dip;
    made_put_start(m, made_bits(m) >> 10);
    long rows = lround(m->seconds / m->row_s);
    for (long i = 1; i <= rows; i++) {
        double end = (double)i * m->row_s + (m->wobble > 0 ? m->wobble * m->row_s * made_uniform(m, -0.5, 0.5) : 0);
        end += made_unit(m) * 2e-4 * m->row_s;
        if (m->is_tcp)
            made_tcp_row(m, round(end * 1e6) / 1e6);
        else
            made_udp_row(m, round(end * 1e6) / 1e6);
        if (m->loss_shape == MADE_WALK || m->jitter_shape == MADE_WALK)
            made_step_walk(m, fmax(m->loss_factor, m->jitter_factor), m->row_s);
    }
    fputs("],\n\"end\":{\"streams\":[],", m->out);
    if (!m->is_tcp)
        made_put_sum(m, "sum", m->is_sender, ",");
    made_put_sum(m, "sum_sent", true, ",");
    made_put_sum(m, "sum_received", false, "}}\n");
    return fclose(m->out);
}
#endif
