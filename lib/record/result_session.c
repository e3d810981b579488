/* result_session.c - the sums of one session of a record: its intervals' counts, the peer's counts from its end, and
 * its share of the totals. Unknown values are omitted, never 0. Reads no file and writes none. */

#include <math.h>
#include <string.h>

#include "model/iperf_json.h"
#include "record/interval.h"
#include "record/json_put.h"
#include "record/result_inside.h"

bool result_take_count(const json_t *object, const char *key, int64_t *count)
{
    double value = number_of(object, key);
    if (isnan(value) || fabs(value) >= 9e15 || value == IPERF_LOST_COUNT)
        return false;
    *count = (int64_t)value;
    return true;
}

static void add_side(struct side *total, const struct side *part, bool is_first)
{
    total->is_known = part->is_known && (is_first || total->is_known);
    total->bytes = interval_add(total->bytes, part->bytes);
    total->packets = interval_add(total->packets, part->packets);
}

/* Takes what this host, the receiver, counted itself, where its intervals do not know it. libiperf's out_of_order
 * includes the duplicates. */
static void take_own_end(struct result *r, const json_t *end)
{
    struct segment *s = &r->segment;
    size_t i;
    json_t *stream;
    int64_t n = 0, sum = 0;
    bool is_known = json_array_size(json_object_get(end, "streams")) > 0;
    json_array_foreach(json_object_get(end, "streams"), i, stream) {
        is_known = is_known && result_take_count(json_object_get(stream, "udp"), "out_of_order", &n);
        sum = interval_add(sum, n);
    }
    if (is_known && isnan(s->order.out_of_order))
        s->order.out_of_order = (double)sum;
    if (s->n_unknown_losses > 0 && result_take_count(json_object_get(end, "sum"), "lost_packets", &n)) {
        s->loss.lost_packets = n;
        s->loss.is_known = true;
        s->n_unknown_losses = 0;
    }
}

/* The peer's figures are only claims: it cannot have lost more packets than it saw numbers, nor a negative number. */
static bool is_possible(const struct segment *s)
{
    return s->loss.lost_packets >= 0 && s->loss.lost_packets <= s->peer.packets && s->peer.bytes >= 0 &&
           s->loss.jitter_ms >= 0;
}

void result_session_end(struct result *r, const json_t *end)
{
    struct segment *s = &r->segment;
    const json_t *sum = json_object_get(end, "sum");
    const json_t *peer = json_object_get(end, r->totals.is_receiver ? "sum_sent" : "sum_received");
    /* If the peer has sent nothing, libiperf fills in zeros. */
    if (r->totals.is_tcp)
        s->peer.is_known =
            result_take_count(peer, "bytes", &s->peer.bytes) && (s->peer.bytes > 0 || s->here.bytes == 0);
    else
        s->peer.is_known = result_take_count(peer, "bytes", &s->peer.bytes) &&
                           result_take_count(peer, "packets", &s->peer.packets) &&
                           (s->peer.packets > 0 || s->here.packets == 0);
    if (r->totals.is_receiver) {
        s->retransmits.is_known = s->peer.is_known && result_take_count(peer, "retransmits", &s->retransmits.n);
        take_own_end(r, end);
        return;
    }
    s->loss.jitter_ms = number_of(sum, "jitter_ms");
    s->loss.is_known =
        s->peer.is_known && result_take_count(sum, "lost_packets", &s->loss.lost_packets) && is_possible(s);
}

static void set_side(struct result *r, json_t *object, const char *bytes, const char *packets, const struct side *side)
{
    if (!side->is_known)
        return;
    json_put(object, bytes, json_integer(side->bytes), &r->has_failed);
    if (!r->totals.is_tcp)
        json_put(object, packets, json_integer(side->packets), &r->has_failed);
}

/* Packets sent after the last one that arrived appear in no sequence number that the receiver saw: they are counted
 * separately. */
static void count_unseen(struct result *r, const struct segment *s, json_t *object)
{
    if (!s->peer.is_known || !s->here.is_known || r->totals.is_tcp)
        return;
    int64_t unseen = r->totals.is_receiver ? interval_subtract(s->peer.packets, s->here.packets)
                                           : interval_subtract(s->here.packets, s->peer.packets);
    json_put(object, "unseen_packets", json_integer(unseen), &r->has_failed);
    r->unseen_packets = interval_add(r->unseen_packets, unseen);
}

static void lose_rows(struct result *r)
{
    struct segment *s = &r->segment;
    s->n_unknown_counts++;
    s->n_unknown_losses += r->totals.is_receiver && !r->totals.is_tcp;
    s->has_lost_rows = true;
}

void result_session_lose(struct result *r, uint64_t n)
{
    r->n_lost += n;
    if (r->n_lost <= r->n_explained)
        return;
    if (r->segment.is_open)
        lose_rows(r);
    else
        r->has_stray = true;
}

bool result_session_settle(struct result *r)
{
    bool has_stray = r->has_stray && r->n_lost > r->n_explained;
    if (has_stray && r->segment.is_open)
        lose_rows(r);
    return !has_stray || r->segment.is_open;
}

/* Takes what its process had counted, if the disk did not take every row. */
static void take_counted(struct result *r, const json_t *session)
{
    struct segment *s = &r->segment;
    const json_t *counted = json_object_get(session, "counted");
    int64_t n_lost = 0;
    result_take_count(session, "lost_intervals", &n_lost);
    r->n_explained += n_lost > 0 ? (uint64_t)n_lost : 0;
    if (n_lost > 0 && json_is_object(counted)) {
        s->n_unknown_counts = !(result_take_count(counted, "bytes", &s->here.bytes) &&
                                result_take_count(counted, "packets", &s->here.packets));
        s->retransmits.is_known = s->retransmits.is_known || json_object_get(counted, "retransmits");
        result_take_count(counted, "retransmits", &s->retransmits.n);
    }
    if (n_lost > 0 && json_is_object(counted) && r->totals.is_receiver && !r->totals.is_tcp) {
        s->loss.is_known = result_take_count(counted, "lost_packets", &s->loss.lost_packets);
        s->n_unknown_losses = !s->loss.is_known;
        s->loss.jitter_ms = number_of(counted, "jitter_ms");
    }
    if (n_lost > 0 || s->has_lost_rows)
        s->order = (struct result_order){ NAN, NAN };
    if (s->has_lost_rows && !json_is_object(counted))
        s->retransmits.is_known = s->retransmits.is_known && r->totals.is_receiver; /* the peer's claim, from its end */
}

void result_session_close(struct result *r, const json_t *session)
{
    struct segment *s = &r->segment;
    if (!s->is_open)
        return;
    take_counted(r, session);
    const char *ending = json_string_value(json_object_get(session, "ending"));
    json_t *object = json_pack("{s:O?}", "cookie", s->cookie);
    if (s->n > 0)
        json_put_all(object, json_pack("{s:I, s:I}", "first_interval", (json_int_t)s->first, "last_interval",
                                       (json_int_t)(s->first + s->n) - 1), &r->has_failed);
    json_put_all(object, json_pack("{s:f, s:f, s:s}", "start_s", s->start_s, "end_s", s->end_s, "ending",
                                   ending ? ending : "the journal ends here"), &r->has_failed);
    s->here.is_known = s->n_unknown_counts == 0;
    set_side(r, object, "sent_bytes", "sent_packets", r->totals.is_receiver ? &s->peer : &s->here);
    set_side(r, object, "received_bytes", "seen_packets", r->totals.is_receiver ? &s->here : &s->peer);
    s->loss.is_known = s->loss.is_known && s->n_unknown_losses == 0;
    if (s->loss.is_known)
        json_put(object, "lost_packets", json_integer(s->loss.lost_packets), &r->has_failed);
    result_set_order(object, &s->order, &r->has_failed);
    if (s->retransmits.is_known)
        json_put(object, "retransmits", json_integer(s->retransmits.n), &r->has_failed);
    count_unseen(r, s, object);
    spill_add(&r->segments, object);
    if (s->n > 0) { /* a session that measured nothing leaves nothing unknown */
        bool is_first = r->n_measured++ == 0;
        add_side(&r->totals.here, &s->here, is_first);
        add_side(&r->totals.peer, &s->peer, is_first);
        r->totals.loss.is_known = s->loss.is_known && (is_first || r->totals.loss.is_known);
        r->totals.loss.lost_packets = interval_add(r->totals.loss.lost_packets, s->loss.lost_packets);
        r->totals.loss.jitter_ms = s->loss.jitter_ms;
        r->totals.order.out_of_order = s->order.out_of_order + (is_first ? 0 : r->totals.order.out_of_order);
        r->totals.order.duplicates = s->order.duplicates + (is_first ? 0 : r->totals.order.duplicates);
        r->totals.retransmits.is_known = s->retransmits.is_known && (is_first || r->totals.retransmits.is_known);
        r->totals.retransmits.n = interval_add(r->totals.retransmits.n, s->retransmits.n);
    }
    json_decref(s->cookie);
    memset(s, 0, sizeof *s);
}

/* ---- intervals */

/* If nothing arrived, nothing arrived out of order; a sender knows neither. */
static void add_order(const struct result *r, struct segment *s, const struct longhaul_interval *v)
{
    if (r->totals.is_receiver && v->bytes == 0 && !(v->unreadable & LONGHAUL_UNREADABLE_BYTES))
        return;
    s->order.out_of_order += v->out_of_order_packets;
    s->order.duplicates += v->duplicate_packets;
}

static void add_loss(const struct result *r, struct segment *s, const struct longhaul_interval *v)
{
    if (!r->totals.is_receiver || r->totals.is_tcp)
        return;
    s->n_unknown_losses += !v->has_loss;
    s->loss.is_known = s->loss.is_known || v->has_loss;
    if (v->has_loss)
        s->loss.lost_packets = interval_add(s->loss.lost_packets, v->lost_packets);
    if (!isnan(v->jitter_ms))
        s->loss.jitter_ms = v->jitter_ms;
}

void result_session_add(struct result *r, const struct longhaul_interval *v, const json_t *data)
{
    struct segment *s = &r->segment;
    s->n_unknown_counts += (v->unreadable & (LONGHAUL_UNREADABLE_BYTES | LONGHAUL_UNREADABLE_PACKETS)) != 0;
    s->here.bytes = interval_add(s->here.bytes, v->bytes);
    s->here.packets = interval_add(s->here.packets, v->packets);
    add_loss(r, s, v);
    add_order(r, s, v);
    if (!v->has_tcp)
        return;
    s->retransmits.is_known = true;
    s->retransmits.n = interval_add(s->retransmits.n, v->retransmits);
    result_add_windows(&r->totals, data);
}
