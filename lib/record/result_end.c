/* result_end.c - writes the "end" of a result in iperf3's own form, for UDP and TCP. Sums up nothing itself, and omits
 * what is unknown. */

#include "record/result_end.h"

#include <math.h>

#include "model/iperf_json.h"
#include "record/json_put.h"

/* ---- UDP */

static json_t *sum_begin(double seconds, const struct side *side)
{
    return json_pack("{s:i, s:f, s:f, s:I, s:f}", "start", 0, "end", seconds, "seconds", seconds, "bytes",
                     (json_int_t)side->bytes, "bits_per_second", seconds > 0 ? (double)side->bytes * 8 / seconds : 0.0);
}

void result_set_order(json_t *object, const struct result_order *order, bool *failed)
{
    if (!isnan(order->out_of_order))
        json_put(object, "out_of_order", json_integer((json_int_t)order->out_of_order), failed);
    if (!isnan(order->duplicates))
        json_put(object, "duplicates", json_integer((json_int_t)order->duplicates), failed);
}

static json_t *udp_sum(double seconds, const struct side *side, const struct loss *loss, bool is_sender, bool *failed)
{
    json_t *sum = sum_begin(seconds, side);
    if (loss && loss->is_known) {
        if (!isnan(loss->jitter_ms))
            json_put(sum, "jitter_ms", json_real(loss->jitter_ms), failed);
        json_put(sum, "lost_packets", json_integer(loss->lost_packets), failed);
    }
    if (side->is_known)
        json_put(sum, "packets", json_integer(side->packets), failed);
    if (side->is_known && loss && loss->is_known)
        json_put(sum, "lost_percent",
                 json_real(side->packets > 0 ? 100.0 * (double)loss->lost_packets / (double)side->packets : 0.0),
                 failed);
    json_put(sum, "sender", json_boolean(is_sender), failed);
    return sum;
}

static void add_udp(const struct result_totals *t, const struct side *sent, const struct side *received,
                    bool has_streams, json_t *end, bool *failed)
{
    json_t *sum = udp_sum(t->end_s, &t->here, &t->loss, !t->is_receiver, failed);
    if (t->is_receiver)
        result_set_order(sum, &t->order, failed);
    if (!has_streams)
        json_put(end, "streams", json_pack("[{s:O}]", "udp", sum), failed);
    json_put(end, "sum", sum, failed);
    if (sent->is_known)
        json_put(end, "sum_sent", udp_sum(t->end_s, sent, NULL, true, failed), failed);
    if (received->is_known)
        json_put(end, "sum_received", udp_sum(t->end_s, received, &t->loss, false, failed), failed);
}

/* ---- TCP: no "sum"; "sender" in both sums says what this host is */

void result_add_windows(struct result_totals *totals, const json_t *interval)
{
    struct windows *w = &totals->windows;
    size_t i;
    json_t *stream;
    json_array_foreach(json_object_get(interval, "streams"), i, stream) {
        double rtt = count_of(stream, "rtt");
        w->max_snd_cwnd = fmax(w->max_snd_cwnd, count_of(stream, "snd_cwnd"));
        w->max_snd_wnd = fmax(w->max_snd_wnd, count_of(stream, "snd_wnd"));
        if (!(rtt > 0))
            continue;
        w->max_rtt = fmax(w->max_rtt, rtt);
        w->min_rtt = fmin(w->min_rtt, rtt);
        w->sum_rtt += rtt;
        w->n_rtts++;
    }
}

static json_t *tcp_sum(const struct result_totals *t, const struct side *side, bool with_retransmits, bool *failed)
{
    json_t *sum = sum_begin(t->end_s, side);
    if (with_retransmits && t->retransmits.is_known)
        json_put(sum, "retransmits", json_integer(t->retransmits.n), failed);
    json_put(sum, "sender", json_boolean(!t->is_receiver), failed);
    return sum;
}

/* An integer, as libiperf writes it; omitted when it is unknown. */
static void put_known(json_t *object, const char *key, double value, bool *failed)
{
    if (value < 9e15)
        json_put(object, key, json_integer((json_int_t)value), failed);
}

/* One stream that stands for all. */
static json_t *tcp_stream(const struct result_totals *t, const struct side *sent, const struct side *received,
                          bool *failed)
{
    const struct windows *w = &t->windows;
    json_t *stream = json_object();
    if (sent->is_known) {
        json_t *sender = tcp_sum(t, sent, true, failed);
        put_known(sender, "max_snd_cwnd", w->max_snd_cwnd, failed);
        put_known(sender, "max_snd_wnd", w->max_snd_wnd, failed);
        put_known(sender, "max_rtt", w->max_rtt, failed);
        put_known(sender, "min_rtt", w->min_rtt, failed);
        put_known(sender, "mean_rtt", w->n_rtts > 0 ? w->sum_rtt / (double)w->n_rtts : NAN, failed);
        json_put(stream, "sender", sender, failed);
    }
    if (received->is_known)
        json_put(stream, "receiver", tcp_sum(t, received, false, failed), failed);
    return stream;
}

static void add_tcp(const struct result_totals *t, const struct side *sent, const struct side *received,
                    bool has_streams, json_t *end, bool *failed)
{
    if (!has_streams)
        json_put(end, "streams", json_pack("[o]", tcp_stream(t, sent, received, failed)), failed);
    if (sent->is_known)
        json_put(end, "sum_sent", tcp_sum(t, sent, true, failed), failed);
    if (received->is_known)
        json_put(end, "sum_received", tcp_sum(t, received, false, failed), failed);
}

/* ---- the whole */

json_t *result_end(const struct result_totals *t, bool is_one_session, const json_t *libiperf_end, bool *failed)
{
    static const char *const from_libiperf[] = { "cpu_utilization_percent", "sender_tcp_congestion",
                                                 "receiver_tcp_congestion" };
    const struct side *sent = t->is_receiver ? &t->peer : &t->here, *received = t->is_receiver ? &t->here : &t->peer;
    json_t *streams = json_object_get(libiperf_end, "streams");
    json_t *end = json_object();
    /* the streams are libiperf's own if the leg is one session with an end; else one stream has the leg's sums */
    bool has_streams = is_one_session && json_array_size(streams) > 0;
    if (has_streams)
        json_put(end, "streams", json_incref(streams), failed);
    if (t->is_tcp)
        add_tcp(t, sent, received, has_streams, end, failed);
    else
        add_udp(t, sent, received, has_streams, end, failed);
    for (size_t i = 0; i < sizeof from_libiperf / sizeof from_libiperf[0]; i++) {
        json_t *value = json_object_get(libiperf_end, from_libiperf[i]);
        if (value)
            json_put(end, from_libiperf[i], json_incref(value), failed);
    }
    return end;
}
