/* hop_json.c - writes a trace as JSON, checks one that a stranger wrote, and tells in one line what differs in another.
 * What a report says of traces is the reader's. */

#include "record/hop_json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/json_make.h"
#include "base/json_number.h"
#include "base/units.h"
#include "host/address.h"
#include "record/json_put.h"

#define SECONDS_MOST 3600.0    /* of a trace that somebody else tells of */
#define ABROAD_MOST_S 400000.0 /* from its watch's beginning to now: more than four days */
#define MS_MOST 1e6
#define PROBES_MOST 1000000

const char *hop_json_by(enum hops_by by)
{
    return by == HOPS_BY_RAW ? "raw" : "errors";
}

/* ---- writing */

static double rounded(double value, double unit)
{
    return round(value * unit) / unit;
}

static json_t *hop_of(const struct hop *hop)
{
    json_t *json =
        json_pack("[o, I, I, o, o]", *hop->address ? json_string(hop->address) : json_null(), (json_int_t)hop->n_sent,
                  (json_int_t)hop->n_answered, json_make_number(rounded(hop->min_ms, 1000)),
                  json_make_number(rounded(hop->max_ms, 1000)));
    if (json && *hop->labels)
        json_array_append_new(json, json_make_text(hop->labels));
    return json;
}

static bool has_watch(const struct hops_route *route)
{
    uint64_t n = 0;
    for (size_t i = 0; i < route->n; i++)
        n += route->hop[i].n_watched;
    return n > 0 && route->watched_at_ns != 0;
}

static double at_s(int64_t ns, int64_t zero_ns)
{
    return rounded((double)(ns - zero_ns) / NS_PER_S, 1000);
}

static json_t *watch_of(const struct hops_route *route, int64_t zero_ns)
{
    json_t *hops = json_array();
    for (size_t i = 0; i < route->n; i++)
        json_array_append_new(hops, json_pack("[I, I]", (json_int_t)route->hop[i].n_watched,
                                              (json_int_t)route->hop[i].n_watched_answered));
    return json_pack("{s:f, s:o}", "from_s", at_s(route->watched_at_ns, zero_ns), "hops", hops);
}

json_t *hop_json(const struct hops_route *route, enum trace_why why, bool is_tcp, int64_t zero_ns)
{
    bool has_failed = false;
    json_t *hops = json_array();
    for (size_t i = 0; i < route->n; i++)
        has_failed = json_array_append_new(hops, hop_of(&route->hop[i])) != 0 || has_failed;
    json_t *trace = json_pack("{s:f, s:f, s:s, s:i, s:i, s:s, s:s, s:o, s:o}", "at_s", at_s(route->at_ns, zero_ns),
                              "seconds", rounded(route->seconds, 1000), "why", trace_why_name(why), "source_port",
                              (int)route->source_port, "destination_port", (int)route->destination_port, "protocol",
                              is_tcp ? "TCP" : "UDP", "by", hop_json_by(route->by), "distance",
                              route->distance ? json_integer(route->distance) : json_null(), "hops", hops);
    if (has_watch(route))
        json_put(trace, "watch", watch_of(route, zero_ns), &has_failed);
    if (!has_failed)
        return trace;
    json_decref(trace);
    return NULL;
}

/* ---- checking */

static bool is_count(const json_t *value, json_int_t most)
{
    return json_is_integer(value) && json_integer_value(value) >= 0 && json_integer_value(value) <= most;
}

static bool is_pair(const json_t *sent, const json_t *answered)
{
    return is_count(sent, PROBES_MOST) && is_count(answered, PROBES_MOST) &&
           json_integer_value(answered) <= json_integer_value(sent);
}

static bool is_address(const json_t *value)
{
    struct sockaddr_storage any;
    const char *text = json_string_value(value);
    return json_is_null(value) ||
           (text && json_string_length(value) == strlen(text) && address_parse(text, &any) != 0);
}

static bool is_time(const json_t *value)
{
    return json_is_null(value) ||
           (json_is_number(value) && json_number_value(value) >= 0 && json_number_value(value) <= MS_MOST);
}

static bool are_labels(const json_t *value)
{
    const char *text = json_string_value(value);
    size_t n = text ? strspn(text, "0123456789/ ") : 0;
    return n > 0 && n == json_string_length(value) && n < sizeof((struct hop *)0)->labels;
}

static json_t *check_hop(const json_t *hop)
{
    const json_t *sent = json_array_get(hop, 1), *answered = json_array_get(hop, 2);
    size_t n = json_array_size(hop);
    if ((n != 5 && n != 6) || !is_address(json_array_get(hop, 0)) || !is_pair(sent, answered) ||
        !is_time(json_array_get(hop, 3)) || !is_time(json_array_get(hop, 4)) ||
        (n == 6 && !are_labels(json_array_get(hop, 5))))
        return NULL;
    return json_copy((json_t *)(uintptr_t)hop);
}

static json_t *check_watched(const json_t *hop)
{
    bool is_good = json_array_size(hop) == 2 && is_pair(json_array_get(hop, 0), json_array_get(hop, 1));
    return is_good ? json_copy((json_t *)(uintptr_t)hop) : NULL;
}

/* A new array of those elements that are good; NULL if one is not. */
static json_t *check_all(const json_t *hops, json_t *(*check)(const json_t *hop))
{
    json_t *good = json_is_array(hops) && json_array_size(hops) <= HOPS_MAX ? json_array() : NULL;
    for (size_t i = 0; good && i < json_array_size(hops); i++)
        if (json_array_append_new(good, check(json_array_get(hops, i))) != 0) {
            json_decref(good);
            good = NULL;
        }
    return good;
}

static bool is_one_of(const json_t *value, const char *a, const char *b)
{
    const char *text = json_string_value(value);
    return text && (strcmp(text, a) == 0 || strcmp(text, b) == 0);
}

static bool is_when(const json_t *value)
{
    return json_is_number(value) && fabs(json_number_value(value)) <= ABROAD_MOST_S;
}

static bool is_frame_good(const json_t *said)
{
    double seconds = number_of(said, "seconds");
    const json_t *distance = json_object_get(said, "distance");
    enum trace_why why = trace_why_of(json_string_value(json_object_get(said, "why")));
    return is_when(json_object_get(said, "at_s")) && seconds >= 0 && seconds <= SECONDS_MOST && why != TRACE_NONE &&
           is_count(json_object_get(said, "source_port"), UINT16_MAX) &&
           is_count(json_object_get(said, "destination_port"), UINT16_MAX) &&
           is_one_of(json_object_get(said, "protocol"), "UDP", "TCP") &&
           is_one_of(json_object_get(said, "by"), "raw", "errors") &&
           (json_is_null(distance) || is_count(distance, 255));
}

/* NULL without one; *is_good is false for one that cannot be. */
static json_t *check_watch(const json_t *watch, size_t n_hops, double shift_s, bool *is_good)
{
    if (watch == NULL)
        return NULL;
    json_t *hops = check_all(json_object_get(watch, "hops"), check_watched), *from_s = json_object_get(watch, "from_s");
    *is_good = hops && is_when(from_s) && json_array_size(hops) == n_hops;
    if (*is_good)
        return json_pack("{s:f, s:o}", "from_s", rounded(json_number_value(from_s) + shift_s, 1000), "hops", hops);
    json_decref(hops);
    return NULL;
}

json_t *hop_json_check(const json_t *said, double shift_s)
{
    static const char *const kept[] = { "seconds",  "why", "source_port", "destination_port",
                                        "protocol", "by",  "distance" };
    bool is_good = is_frame_good(said), has_failed = false;
    json_t *hops = is_good ? check_all(json_object_get(said, "hops"), check_hop) : NULL;
    json_t *watch = hops ? check_watch(json_object_get(said, "watch"), json_array_size(hops), shift_s, &is_good) : NULL;
    if (hops == NULL || !is_good) {
        json_decref(hops);
        return NULL;
    }
    json_t *trace = json_pack("{s:f}", "at_s", rounded(number_of(said, "at_s") + shift_s, 1000));
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
        json_put(trace, kept[i], json_copy(json_object_get(said, kept[i])), &has_failed);
    json_put(trace, "hops", hops, &has_failed);
    if (watch)
        json_put(trace, "watch", watch, &has_failed);
    if (!has_failed)
        return trace;
    json_decref(trace);
    return NULL;
}

/* ---- comparing */

static const char *address_at(const json_t *trace, size_t i)
{
    return json_string_value(json_array_get(json_array_get(json_object_get(trace, "hops"), i), 0));
}

static bool is_same_flow(const json_t *a, const json_t *b)
{
    static const char *const keys[] = { "source_port", "destination_port", "protocol" };
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (!json_equal(json_object_get(a, keys[i]), json_object_get(b, keys[i])))
            return false;
    return true;
}

/* 1: both answered with one address, -1: with two, 0: one of them did not answer. */
static int compare_at(const json_t *before, const json_t *after, size_t i)
{
    const char *a = address_at(before, i), *b = address_at(after, i);
    return a == NULL || b == NULL ? 0 : strcmp(a, b) == 0 ? 1 : -1;
}

bool hop_json_differs(const json_t *before, const json_t *after, char *text, size_t size)
{
    size_t na = json_array_size(json_object_get(before, "hops")), nb = json_array_size(json_object_get(after, "hops"));
    size_t n = na < nb ? na : nb, first = 0, same_before = 0, same_after = 0;
    if (before == NULL || !is_same_flow(before, after))
        return false;
    while (first < n && compare_at(before, after, first) >= 0) {
        if (compare_at(before, after, first) == 1)
            same_before = first + 1;
        first++;
    }
    if (first == n)
        return false;
    for (size_t i = first; i < n && same_after == 0; i++)
        same_after = compare_at(before, after, i) == 1 ? i + 1 : 0;
    int k = snprintf(text, size, "the route changed ");
    if (same_before && same_after)
        k += snprintf(text + k, size - (size_t)k, "between hop %zu and %zu", same_before, same_after);
    else if (same_before)
        k += snprintf(text + k, size - (size_t)k, "after hop %zu", same_before);
    else if (same_after)
        k += snprintf(text + k, size - (size_t)k, "before hop %zu", same_after);
    else
        k += snprintf(text + k, size - (size_t)k, "from hop %zu on", first + 1);
    snprintf(text + k, size - (size_t)k, ": %s instead of %s", address_at(after, first), address_at(before, first));
    return true;
}
