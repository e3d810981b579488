/* record_header.c - the header of a record. Writes no file. */

#include "record/record_header.h"

#include "base/units.h"
#include "model/leg.h"
#include "record/journal.h"
#include "record/json_put.h"

static json_t *count_or_null(uint64_t count)
{
    return count == 0 || count == LONGHAUL_RATE_UNLIMITED ? json_null() : json_integer((json_int_t)count);
}

/* What only the host that starts the leg knows. */
static json_t *parameters(const struct longhaul_leg *leg)
{
    return json_pack("{s:I, s:I, s:I, s:s, s:i}", "datagram_bytes", (json_int_t)leg->datagram_bytes, "streams",
                     (json_int_t)leg->n_streams, "window_bytes", (json_int_t)leg->window_bytes, "congestion",
                     leg->congestion, "tos", leg->tos);
}

json_t *record_header_new(const struct longhaul_leg *leg, enum record_writer writer, const char *key,
                          int64_t start_wall_ns)
{
    bool has_failed = false, is_pull = leg->direction == LONGHAUL_DIRECTION_PULL;
    bool is_receiver = is_pull || writer == RECORD_BY_SERVER;
    json_t *header = json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:s, s:o, s:I, s:f}", "format",
                               JOURNAL_FORMAT, "version", LONGHAUL_VERSION, "source", leg->source, "destination",
                               leg->destination, "direction", is_pull ? "pull" : "push", "role",
                               is_receiver ? "receiver" : "sender", "protocol",
                               leg->protocol == LONGHAUL_PROTOCOL_TCP ? "TCP" : "UDP", "peer", leg->peer, "port",
                               leg->port, "bind_address", leg->bind_address, "rate_bps", count_or_null(leg->rate_bps),
                               "duration_s", (json_int_t)leg->duration_s, "interval_s", leg->interval_s);
    if (writer == RECORD_BY_STARTER)
        json_put_all(header, parameters(leg), &has_failed);
    if (writer == RECORD_BY_STARTER && leg->mss_bytes)
        json_put(header, "mss_bytes", json_integer(leg->mss_bytes), &has_failed);
    if (writer == RECORD_BY_STARTER && leg->has_gsro)
        json_put(header, "gsro", json_true(), &has_failed);
    if (writer == RECORD_BY_STARTER && *leg->bind_device)
        json_put(header, "bind_device", json_string(leg->bind_device), &has_failed);
    if (leg->n_flows > 1)
        json_put(header, "flows", json_integer(leg->n_flows), &has_failed);
    json_put(header, "start_unix_us", json_integer(start_wall_ns / NS_PER_US), &has_failed);
    json_put(header, "libiperf", json_string(longhaul_iperf_version()), &has_failed);
    json_put(header, "intervals_by", json_string(longhaul_iperf_intervals()), &has_failed);
    if (key && *key)
        json_put(header, "key", json_string(key), &has_failed);
    if (!has_failed)
        return header;
    json_decref(header);
    return NULL;
}
