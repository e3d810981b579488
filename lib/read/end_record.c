/* end_record.c - decides which figures of a test's end record were really counted. iperf3 writes 0 for what it never
 * heard of (a server that vanished, the receiver's side in a server's own record, and vice versa), and lets counts wrap
 * below 0 after an omit period. What nobody counted is unknown here; nothing is corrected. */

#include "read/end_record.h"

#include <math.h>
#include <string.h>

#include "base/units.h"

#define MOST_COUNT 4611686018427387904.0 /* 2^62: a greater count is a negative one without its sign */
#define SENT_SHARE 1e-4    /* share of the packets sent that may be in flight when a test ends */
#define SENT_S 0.5         /* or the packets of this time, if they are more */
#define SENT_INTERVALS 2.0 /* but at most the packets of this many intervals */
#define LOST_SHARE 1e-3    /* of the packets: a receiver reads its bytes and packets one after the other */

static double sum_of(const double *values, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(values[i]))
            sum += values[i];
    return sum;
}

static bool has_any(const double *values, size_t n)
{
    size_t i = 0;
    while (i < n && !(values[i] > 0))
        i++;
    return i < n;
}

/* A count, unless it wrapped below 0. */
static double counted(double value)
{
    return value < MOST_COUNT && value > -MOST_COUNT ? value : NAN;
}

/* A count of the other side's: 0 or less means that it was not heard of. */
static double counted_by_peer(double value)
{
    return value > 0 ? counted(value) : NAN;
}

static bool is_udp(const struct longhaul_info *i)
{
    return strcmp(i->protocol, "TCP") != 0;
}

/* ---- which side was heard of */

/* longhaul's own records omit what they do not know. In other files, a receiver that counted has bytes, losses, or a
 * jitter: none of iperf3's running estimates is exactly 0. */
static bool is_unheard(const struct longhaul_info *i)
{
    if (!i->is_sender || i->is_journal || i->longhaul_version[0] || counted_by_peer(i->end_received_bytes) > 0 ||
        counted_by_peer(i->end_received_packets) > 0)
        return false;
    if (is_udp(i) && (i->end_lost_packets > 0 || i->end_lost_packets < 0 || i->end_jitter_ms > 0))
        return false;
    return i->end_received_bytes == 0 || (is_udp(i) && i->end_jitter_ms == 0);
}

static void take_counts(struct end_record *e, const struct longhaul_info *i)
{
    bool is_own = i->longhaul_version[0] != 0;
    *e = (struct end_record){
        .bits_per_second = i->end_bits_per_second, .jitter_ms = i->end_jitter_ms, .packets = counted(i->end_packets),
        .lost_packets = counted(i->end_lost_packets), .lost_percent = i->end_lost_percent,
        .sent_packets = counted(i->end_sent_packets), .sent_bytes = counted(i->end_sent_bytes),
        .received_packets = counted(i->end_received_packets), .received_bytes = counted(i->end_received_bytes),
        .is_unheard = is_unheard(i) };
    if (!i->is_sender && !is_own) {
        e->sent_packets = counted_by_peer(i->end_sent_packets);
        e->sent_bytes = counted_by_peer(i->end_sent_bytes);
    }
    if (e->is_unheard) {
        e->jitter_ms = e->lost_packets = e->lost_percent = NAN;
        e->received_packets = e->received_bytes = NAN;
    }
}

static double mbps_of(double bits_per_second, double bytes, double seconds)
{
    return (bits_per_second > 0 && bytes > 0 ? bits_per_second : 8 * bytes / seconds) / BPS_PER_MBPS;
}

/* Totals of 0 over intervals with bytes or packets are not totals. A sum that iperf3 took from the other side is
 * replaced by this side's. */
static void mend_zeros(struct end_record *e, const struct longhaul_info *i)
{
    double *own_bytes = i->is_sender ? &e->sent_bytes : &e->received_bytes;
    double *own_packets = i->is_sender ? &e->sent_packets : &e->received_packets;
    double bps = i->is_sender ? i->end_sent_bits_per_second : i->end_received_bits_per_second;
    if (*own_bytes == 0)
        *own_bytes = NAN;
    if (*own_packets == 0)
        *own_packets = NAN;
    if (e->bits_per_second == 0)
        e->bits_per_second = *own_bytes > 0 ? BPS_PER_MBPS * mbps_of(bps, *own_bytes, i->end_seconds) : NAN;
    if (e->packets == 0) {
        e->packets = e->lost_packets = e->lost_percent = NAN;
        if (e->jitter_ms == 0)
            e->jitter_ms = NAN;
    }
}

/* A sender's total wrapped below 0: its losses are correct nevertheless, and the packets sent are known from its
 * receiver or the intervals. */
static void mend_wrapped(struct end_record *e, double packets)
{
    e->packets = e->received_packets > 0 ? e->received_packets : packets > 0 ? packets : NAN;
    e->lost_percent = 100 * e->lost_packets / e->packets;
}

/* ---- whether the two sides agree */

/* Packets that may be in flight when a test ends: the receiver counts them neither as arrived nor as lost. */
static double in_flight(const struct longhaul_info *i, double packets, size_t n)
{
    double seconds = i->end_seconds > 0 ? i->end_seconds : i->planned_s, of_time = SENT_S * packets / seconds;
    double of_intervals = n > 0 ? SENT_INTERVALS * packets / (double)n : INFINITY;
    if (i->longhaul_version[0] || !(of_time < of_intervals)) /* longhaul's record has sessions, each with an end */
        of_time = of_intervals;
    return fmax(of_time, SENT_SHARE * packets);
}

/* The packets sent, as the sender counted them. In a receiver's record of 3.9 and older they are the bytes of "sum",
 * which may also be its own: then they are not more than what it saw. */
static double sent_by_sender(const struct end_record *e, const struct longhaul_info *i, double reach)
{
    double of_sum = i->is_sender ? NAN : counted_by_peer(i->end_bytes) / i->datagram_bytes;
    if (e->sent_packets > 0)
        return e->sent_packets;
    return e->sent_bytes > 0 ? e->sent_bytes / i->datagram_bytes : of_sum > reach ? of_sum : NAN;
}

static void compare_sides(struct end_record *e, const struct longhaul_info *i, size_t n)
{
    double n_streams = i->n_streams > 1 ? i->n_streams : 1, arrived = e->received_bytes / i->datagram_bytes;
    double reach = e->received_packets > 0 ? e->received_packets : i->is_sender ? NAN : e->packets;
    double sent = sent_by_sender(e, i, reach);
    bool is_reach_known = reach > 0;
    e->unseen = sent - reach;
    e->unseen_slack = in_flight(i, sent, n);
    if (!i->has_omitted) /* otherwise the two sides begin to count at different packets */
        e->uncounted = (is_reach_known ? reach : sent) - e->lost_packets - arrived;
    e->uncounted_slack = is_reach_known ? fmax(2 * n_streams, LOST_SHARE * reach) : e->unseen_slack;
    e->is_contradicted = !isnan(e->lost_packets) && (e->unseen > e->unseen_slack || e->uncounted > e->uncounted_slack);
}

void end_record_read(const struct longhaul_series *series, struct end_record *e)
{
    const struct longhaul_info *i = longhaul_series_info(series);
    size_t n = longhaul_series_length(series);
    bool is_own = i->longhaul_version[0] != 0; /* longhaul's records say themselves what they do not know */
    take_counts(e, i);
    if (!is_own && has_any(longhaul_series_column(series, LONGHAUL_COLUMN_BYTES), n))
        mend_zeros(e, i);
    if (!is_own && i->is_sender && (i->end_packets < 0 || i->end_packets >= MOST_COUNT))
        mend_wrapped(e, sum_of(longhaul_series_column(series, LONGHAUL_COLUMN_PACKETS), n));
    e->sent_mbps = mbps_of(i->end_sent_bits_per_second, e->sent_bytes, i->end_seconds);
    e->received_mbps = mbps_of(i->end_received_bits_per_second, e->received_bytes, i->end_seconds);
    e->unseen = e->uncounted = e->unseen_slack = e->uncounted_slack = NAN;
    if (is_udp(i))
        compare_sides(e, i, n);
}
