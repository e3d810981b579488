/* series_routes.c - the traces of a test's own five-tuple, as longhaul's records have them. */

#include <arpa/inet.h>
#include <string.h>

#include "host/hops.h"
#include "read/series.h"
#include "read/series_inside.h"

#define MOST_S 315576000.0 /* ten years */
#define MOST_MS 86400000.0 /* a day */
#define MOST_PROBES 1e6

/* A route while it is read, with room for its texts. */
struct reading {
    struct longhaul_route route;
    struct longhaul_route_hop hops[LONGHAUL_ROUTE_MAX];
    char addresses[LONGHAUL_ROUTE_MAX][HOPS_ADDRESS_SIZE], labels[LONGHAUL_ROUTE_MAX][HOPS_LABELS_SIZE];
};

const struct longhaul_route *longhaul_series_routes(const struct longhaul_series *s, size_t *n)
{
    *n = s->routes.n;
    return s->routes.routes;
}

const char *longhaul_route_reason_text(enum longhaul_route_reason reason)
{
    static const char *const texts[] = { "",     "start", "hourly", "change", "silence",
                                         "loss", "delay", "shift",  "ended",  "watch" };
    return (unsigned)reason < sizeof texts / sizeof *texts ? texts[reason] : "";
}

static enum longhaul_route_reason reason_of(const char *text)
{
    for (int i = LONGHAUL_ROUTE_REASON_START; text && i <= LONGHAUL_ROUTE_REASON_WATCH; i++)
        if (strcmp(text, longhaul_route_reason_text((enum longhaul_route_reason)i)) == 0)
            return (enum longhaul_route_reason)i;
    return LONGHAUL_ROUTE_REASON_OTHER;
}

/* A whole number from 0 to most. */
static bool take_count(const json_t *value, double most, uint32_t *count)
{
    double number = number_in(value);
    if (!(number >= 0 && number <= most && number == floor(number)))
        return false;
    *count = (uint32_t)number;
    return true;
}

/* sent and answered, of which there are no more. */
static bool take_counts(const json_t *sent, const json_t *answered, uint32_t *n_sent, uint32_t *n_answered)
{
    return take_count(sent, MOST_PROBES, n_sent) && take_count(answered, (double)*n_sent, n_answered);
}

/* In its shortest form, so that the same addresses are the same texts. False for another text. */
static bool take_address(const json_t *value, char address[HOPS_ADDRESS_SIZE])
{
    unsigned char bytes[sizeof(struct in6_addr)];
    const char *text = json_string_value(value);
    static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
    if (text == NULL || json_string_length(value) != strlen(text))
        return false;
    if (inet_pton(AF_INET, text, bytes) == 1)
        return inet_ntop(AF_INET, bytes, address, HOPS_ADDRESS_SIZE) != NULL;
    if (inet_pton(AF_INET6, text, bytes) != 1)
        return false;
    if (memcmp(bytes, mapped, sizeof mapped) == 0)
        return inet_ntop(AF_INET, bytes + sizeof mapped, address, HOPS_ADDRESS_SIZE) != NULL;
    return inet_ntop(AF_INET6, bytes, address, HOPS_ADDRESS_SIZE) != NULL;
}

/* "24005/0/1/254 16/0/1/254"; what is not like that is unknown. */
static void take_labels(const json_t *value, char labels[HOPS_LABELS_SIZE])
{
    const char *text = json_string_value(value);
    size_t n = json_string_length(value);
    if (text && n < HOPS_LABELS_SIZE && strspn(text, "0123456789/ ") == n)
        memcpy(labels, text, n + 1);
}

/* NAN without an answer, and without both. */
static bool take_times(const json_t *min, const json_t *max, struct longhaul_route_hop *hop)
{
    hop->min_ms = hop->max_ms = NAN;
    if (hop->n_answered == 0 || min == NULL || json_is_null(min))
        return true;
    hop->min_ms = number_in(min);
    hop->max_ms = number_in(max);
    return hop->min_ms >= 0 && hop->max_ms >= hop->min_ms && hop->max_ms <= MOST_MS;
}

/* [address, sent, answered, min_ms, max_ms, labels]. Who answered has an address. */
static bool take_hop(struct reading *r, uint32_t i, const json_t *value)
{
    struct longhaul_route_hop *hop = &r->hops[i];
    const json_t *address = json_array_get(value, 0);
    hop->address = r->addresses[i];
    hop->labels = r->labels[i];
    take_labels(json_array_get(value, 5), r->labels[i]);
    if (!take_counts(json_array_get(value, 1), json_array_get(value, 2), &hop->n_sent, &hop->n_answered) ||
        !take_times(json_array_get(value, 3), json_array_get(value, 4), hop))
        return false;
    if (take_address(address, r->addresses[i]))
        return true;
    return json_is_null(address) && hop->n_answered == 0;
}

/* Counts of hops that this trace did not reach are left out. */
static void take_watch(struct reading *r, const json_t *watch)
{
    const json_t *list = json_object_get(watch, "hops");
    double from_s = number_of(watch, "from_s");
    if (!(from_s >= -MOST_S && from_s <= r->route.at_s) || !json_is_array(list))
        return;
    for (uint32_t i = 0; i < r->route.n_hops && i < json_array_size(list); i++) {
        struct longhaul_route_hop *hop = &r->hops[i];
        const json_t *counts = json_array_get(list, i);
        if (!take_counts(json_array_get(counts, 0), json_array_get(counts, 1), &hop->n_watched,
                         &hop->n_watched_answered))
            hop->n_watched = hop->n_watched_answered = 0;
    }
    r->route.watched_from_s = from_s;
}

static bool take_head(struct longhaul_route *route, const json_t *data)
{
    const char *protocol = json_string_value(json_object_get(data, "protocol")),
               *by = json_string_value(json_object_get(data, "by"));
    uint32_t source = 0, destination = 0;
    route->at_s = number_of(data, "at_s");
    route->seconds = number_of(data, "seconds");
    route->reason = reason_of(json_string_value(json_object_get(data, "why")));
    route->is_tcp = protocol && strcmp(protocol, "TCP") == 0;
    route->is_by_errors = by && strcmp(by, "errors") == 0;
    if (!take_count(json_object_get(data, "distance"), UINT8_MAX, &route->distance))
        route->distance = 0;
    bool has_ports = take_count(json_object_get(data, "source_port"), UINT16_MAX, &source) &&
                     take_count(json_object_get(data, "destination_port"), UINT16_MAX, &destination);
    route->source_port = (uint16_t)source;
    route->destination_port = (uint16_t)destination;
    return has_ports && source > 0 && destination > 0 && fabs(route->at_s) <= MOST_S && route->seconds >= 0 &&
           route->seconds <= MOST_S;
}

/* What cannot be a trace is ignored as a whole. */
void series_take_route(struct longhaul_series *s, const json_t *data)
{
    const json_t *hops = json_object_get(data, "hops");
    struct reading r = { .route = { .watched_from_s = NAN } };
    if (!take_head(&r.route, data) || !json_is_array(hops) || json_array_size(hops) > LONGHAUL_ROUTE_MAX)
        return;
    r.route.hops = r.hops;
    for (r.route.n_hops = 0; r.route.n_hops < json_array_size(hops); r.route.n_hops++)
        if (!take_hop(&r, r.route.n_hops, json_array_get(hops, r.route.n_hops)))
            return;
    take_watch(&r, json_object_get(data, "watch"));
    route_list_add(&s->routes, &r.route); /* without memory it is unknown */
}
