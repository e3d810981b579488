/* server_output.c - the server's own document within a client's: the receiver's record of what the client sent. Decides
 * what to take from it; join.c joins the two records. */

#include "read/server_output.h"

#include <math.h>
#include <string.h>

#include "base/stats.h"
#include "read/join.h"
#include "read/series_inside.h"

/* A series from the document; NULL if it is not one, or when out of memory. */
static struct longhaul_series *read_document(const json_t *document, const char *path, bool with_omitted)
{
    struct longhaul_series *s = json_is_object(document) ? series_new(path, with_omitted) : NULL;
    size_t i;
    json_t *interval;
    if (s == NULL)
        return NULL;
    series_take_start(s, json_object_get(document, "start"));
    json_array_foreach(json_object_get(document, "intervals"), i, interval) {
        struct series_interval row;
        if (series_decode(interval, &row) && series_add(s, &row) == SERIES_NO_MEMORY) {
            longhaul_series_free(s);
            return NULL;
        }
    }
    series_take_end(s, json_object_get(document, "end"));
    return s;
}

static double sum_of(const struct longhaul_series *s, enum longhaul_column column)
{
    const double *values = longhaul_series_column(s, column);
    return values && s->length > 0 ? stats_sum(values, s->length) : NAN; /* NAN if an interval has no value */
}

/* The value at its end, else the sum of its intervals: an end may have zeros. */
static double end_or_sum(double end, const struct longhaul_series *s, enum longhaul_column column)
{
    return end > 0 ? end : sum_of(s, column);
}

static void take_received(struct longhaul_info *client, const struct longhaul_series *server)
{
    const struct longhaul_info *i = &server->info;
    double bytes = end_or_sum(i->end_received_bytes, server, LONGHAUL_COLUMN_BYTES);
    client->end_received_bytes = bytes;
    client->end_received_bits_per_second = i->end_received_bits_per_second;
    if (strcmp(client->protocol, "TCP") == 0) {
        double bps = i->end_received_bits_per_second;
        client->end_bits_per_second = bps > 0 ? bps : 8 * bytes / client->end_seconds;
        return;
    }
    bool has_end = i->end_packets > 0 && !isnan(i->end_lost_packets);
    double packets = has_end ? i->end_packets : sum_of(server, LONGHAUL_COLUMN_PACKETS);
    double lost = has_end ? i->end_lost_packets : sum_of(server, LONGHAUL_COLUMN_LOST_PACKETS);
    if (!(packets > 0) || isnan(lost))
        return;
    client->end_out_of_order_packets = i->end_out_of_order_packets;
    client->end_duplicate_packets = i->end_duplicate_packets;
    client->end_packets = client->end_received_packets = packets;
    client->end_lost_packets = lost;
    client->end_lost_percent = 100 * lost / packets;
    if (i->end_jitter_ms > 0)
        client->end_jitter_ms = i->end_jitter_ms;
}

static void take_sent(struct longhaul_info *client, const struct longhaul_series *server)
{
    const struct longhaul_info *i = &server->info;
    if (!(client->end_sent_packets > 0))
        client->end_sent_packets = end_or_sum(i->end_sent_packets, server, LONGHAUL_COLUMN_PACKETS);
    if (!(client->end_sent_bytes > 0))
        client->end_sent_bytes = end_or_sum(i->end_sent_bytes, server, LONGHAUL_COLUMN_BYTES);
    if (isnan(client->end_retransmits))
        client->end_retransmits = i->end_retransmits;
}

static void take(struct longhaul_series *client, const struct longhaul_series *server)
{
    if (client == NULL || server == NULL || client->info.is_sender == server->info.is_sender)
        return;
    if (server->length == 0 && !(server->info.end_packets > 0) && !(server->info.end_received_bytes > 0))
        return;
    /* A document that breaks off has some intervals, and no totals. */
    bool is_whole = server->info.is_complete || server->length + 1 >= client->length;
    client->info.has_server_record = true;
    if (is_whole && client->info.is_sender)
        take_received(&client->info, server);
    else if (is_whole)
        take_sent(&client->info, server);
    if (client->info.is_sender && client->length > 0 && server->length > 0)
        join_whole(client, server);
}

/* client and the series of its other direction (NULL: none) are finished, server is not. */
static void join_server(struct longhaul_series *client, struct longhaul_series *reverse, struct longhaul_series *server)
{
    struct longhaul_series *server_reverse = series_finish(server);
    bool is_same = client->cookie[0] == 0 || server->cookie[0] == 0 || strcmp(client->cookie, server->cookie) == 0;
    if (is_same) {
        take(client, server);
        take(reverse, server_reverse);
    }
    longhaul_series_free(server_reverse);
}

void server_output_take(struct longhaul_series *client, const json_t *document)
{
    if (json_is_object(document))
        series_set_server(client, read_document(document, client->path, client->with_omitted));
}

void server_output_take_end(struct longhaul_series *client, const json_t *end)
{
    if (!client->info.is_journal)
        server_output_take(client, json_object_get(end, "server_output_json"));
}

struct longhaul_series *server_output_finish(struct longhaul_series *client)
{
    struct longhaul_series *reverse = series_finish(client);
    if (client->server)
        join_server(client, reverse, client->server);
    series_set_server(client, NULL);
    return reverse;
}
