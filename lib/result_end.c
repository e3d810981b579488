/* result_end.c - the "end" of a result, in iperf3's own form for UDP and for TCP. Sums nothing up itself, and leaves out what is not
 * known. */

#include "result_end.h"

/* ---- UDP */

static json_t *sum_begin(double seconds, const struct side *side)
{
    return json_pack("{s:i, s:f, s:f, s:I, s:f}", "start", 0, "end", seconds, "seconds", seconds, "bytes", (json_int_t)side->bytes,
                     "bits_per_second", seconds > 0 ? (double)side->bytes * 8 / seconds : 0.0);
}

static json_t *udp_sum(double seconds, const struct side *side, const struct loss *loss, bool is_sender)
{
    json_t *sum = sum_begin(seconds, side);
    if (loss && loss->is_known) {
        json_object_set_new(sum, "jitter_ms", json_real(loss->jitter_ms));
        json_object_set_new(sum, "lost_packets", json_integer(loss->lost_packets));
    }
    json_object_set_new(sum, "packets", json_integer(side->packets));
    if (loss && loss->is_known)
        json_object_set_new(sum, "lost_percent",
                            json_real(side->packets > 0 ? 100.0 * (double)loss->lost_packets / (double)side->packets : 0.0));
    json_object_set_new(sum, "sender", json_boolean(is_sender));
    return sum;
}

static void add_udp(const struct result_totals *t, const struct side *sent, const struct side *received, bool has_streams, json_t *end)
{
    json_t *sum = udp_sum(t->end_s, &t->here, &t->loss, !t->is_receiver);
    if (!has_streams)
        json_object_set_new(end, "streams", json_pack("[{s:O}]", "udp", sum));
    json_object_set_new(end, "sum", sum);
    if (sent->is_known)
        json_object_set_new(end, "sum_sent", udp_sum(t->end_s, sent, NULL, true));
    if (received->is_known)
        json_object_set_new(end, "sum_received", udp_sum(t->end_s, received, &t->loss, false));
}

/* ---- TCP: no "sum"; "sender" says in both what this host is */

void result_add_windows(struct result_totals *totals, const json_t *interval)
{
    struct windows *w = &totals->windows;
    size_t i;
    json_t *stream;
    json_array_foreach(json_object_get(interval, "streams"), i, stream) {
        int64_t cwnd = json_integer_value(json_object_get(stream, "snd_cwnd"));
        int64_t wnd = json_integer_value(json_object_get(stream, "snd_wnd"));
        int64_t rtt = json_integer_value(json_object_get(stream, "rtt"));
        w->max_snd_cwnd = cwnd > w->max_snd_cwnd ? cwnd : w->max_snd_cwnd;
        w->max_snd_wnd = wnd > w->max_snd_wnd ? wnd : w->max_snd_wnd;
        if (rtt <= 0)
            continue;
        w->max_rtt = rtt > w->max_rtt ? rtt : w->max_rtt;
        w->min_rtt = w->n_rtts == 0 || rtt < w->min_rtt ? rtt : w->min_rtt;
        w->sum_rtt += (double)rtt;
        w->n_rtts++;
    }
}

static json_t *tcp_sum(const struct result_totals *t, const struct side *side, bool with_retransmits)
{
    json_t *sum = sum_begin(t->end_s, side);
    if (with_retransmits && t->retransmits.is_known)
        json_object_set_new(sum, "retransmits", json_integer(t->retransmits.n));
    json_object_set_new(sum, "sender", json_boolean(!t->is_receiver));
    return sum;
}

/* One that stands for all. */
static json_t *tcp_stream(const struct result_totals *t, const struct side *sent, const struct side *received)
{
    const struct windows *w = &t->windows;
    json_t *stream = json_object();
    if (sent->is_known) {
        json_t *sender = tcp_sum(t, sent, true);
        if (w->n_rtts > 0)
            json_object_update_new(sender, json_pack("{s:I, s:I, s:I, s:I, s:I}", "max_snd_cwnd", (json_int_t)w->max_snd_cwnd, "max_snd_wnd",
                                                     (json_int_t)w->max_snd_wnd, "max_rtt", (json_int_t)w->max_rtt, "min_rtt",
                                                     (json_int_t)w->min_rtt, "mean_rtt", (json_int_t)(w->sum_rtt / (double)w->n_rtts)));
        json_object_set_new(stream, "sender", sender);
    }
    if (received->is_known)
        json_object_set_new(stream, "receiver", tcp_sum(t, received, false));
    return stream;
}

static void add_tcp(const struct result_totals *t, const struct side *sent, const struct side *received, bool has_streams, json_t *end)
{
    if (!has_streams)
        json_object_set_new(end, "streams", json_pack("[o]", tcp_stream(t, sent, received)));
    if (sent->is_known)
        json_object_set_new(end, "sum_sent", tcp_sum(t, sent, true));
    if (received->is_known)
        json_object_set_new(end, "sum_received", tcp_sum(t, received, false));
}

/* ---- */

json_t *result_end(const struct result_totals *t, bool is_one_session, const json_t *libiperf_end)
{
    static const char *const from_libiperf[] = { "cpu_utilization_percent", "sender_tcp_congestion", "receiver_tcp_congestion" };
    const struct side *sent = t->is_receiver ? &t->peer : &t->here, *received = t->is_receiver ? &t->here : &t->peer;
    json_t *streams = json_object_get(libiperf_end, "streams");
    json_t *end = json_object();
    /* libiperf's own when the leg is one session with its end; else the leg's sums stand for the one stream. */
    bool has_streams = is_one_session && json_array_size(streams) > 0;
    if (has_streams)
        json_object_set(end, "streams", streams);
    if (t->is_tcp)
        add_tcp(t, sent, received, has_streams, end);
    else
        add_udp(t, sent, received, has_streams, end);
    for (size_t i = 0; i < sizeof from_libiperf / sizeof from_libiperf[0]; i++) {
        json_t *value = json_object_get(libiperf_end, from_libiperf[i]);
        if (value)
            json_object_set(end, from_libiperf[i], value);
    }
    return end;
}
