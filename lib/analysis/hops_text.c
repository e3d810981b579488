/* hops_text.c - what traces say about an event, and a leg's traces, for people and programs. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/analysis.h"
#include "base/json_make.h"

/* ---- texts */

const char *longhaul_hops_sign_text(enum longhaul_hops_sign sign)
{
    static const char *const texts[] = { "", "same", "differs", "loses", "loop" };
    return (unsigned)sign < sizeof texts / sizeof *texts ? texts[sign] : "";
}

/* "between hop 4 and 7", "from hop 4 on" */
static void tell_hops(const struct longhaul_event_hops *h, char *text, size_t size)
{
    if (h->to == 0)
        snprintf(text, size, "from hop %u on", h->hop);
    else if (h->from == 0)
        snprintf(text, size, "between this host and hop %u", h->to);
    else
        snprintf(text, size, "between hop %u and %u", h->from, h->to);
}

/* " (198.18.4.1 before, 198.18.9.1 since)" */
static void tell_addresses(const struct longhaul_event_hops *h, char *text, size_t size)
{
    *text = 0;
    if (h->before[0] && h->after[0])
        snprintf(text, size, " (%s before, %s since)", h->before, h->after);
    else if (h->before[0] || h->after[0])
        snprintf(text, size, " (%s %s)", h->before[0] ? h->before : h->after, h->before[0] ? "before" : "since");
}

struct hops_words hops_where(const struct longhaul_event_hops *h)
{
    struct hops_words w = { "" };
    char hops[60], addresses[120];
    tell_hops(h, hops, sizeof hops);
    tell_addresses(h, addresses, sizeof addresses);
    snprintf(w.text, sizeof w.text, "%s%s", hops, addresses);
    return w;
}

static void tell_loss(const struct longhaul_event_hops *h, char *text, size_t size)
{
    char name[64] = "";
    if (h->after[0])
        snprintf(name, sizeof name, " (%s)", h->after);
    if (h->from == h->to)
        snprintf(text, size, "first loss at hop %u%s", h->to, name);
    else
        snprintf(text, size, "first loss at one of hops %u to %u", h->from, h->to);
}

void longhaul_event_hops_text(const struct longhaul_event *e, char *text, size_t size)
{
    const struct longhaul_event_hops *h = &e->hops;
    if (size > 0)
        *text = 0;
    if (h->sign == LONGHAUL_HOPS_SIGN_LOSES)
        tell_loss(h, text, size);
    else if (h->sign == LONGHAUL_HOPS_SIGN_LOOP)
        snprintf(text, size, "the route is a loop: %s answers at hop %u and %u", h->after, h->from, h->to);
    else if (h->sign == LONGHAUL_HOPS_SIGN_DIFFERS && h->n_changes > 1)
        snprintf(text, size, "the route changed %u times, first %s", h->n_changes, hops_where(h).text);
    else if (h->sign == LONGHAUL_HOPS_SIGN_DIFFERS)
        snprintf(text, size, "the route changed %s", hops_where(h).text);
}

/* ---- JSON */

static json_t *text_or_null(const char *text)
{
    return text[0] ? json_make_text(text) : json_null();
}

static json_t *count_or_null(uint32_t count)
{
    return count > 0 ? json_integer(count) : json_null();
}

json_t *hops_event_object(const struct longhaul_event *e)
{
    const struct longhaul_event_hops *h = &e->hops;
    bool is_place = h->sign > LONGHAUL_HOPS_SIGN_SAME;
    char text[400];
    json_t *o = json_object();
    longhaul_event_hops_text(e, text, sizeof text);
    json_object_set_new(o, "sign", json_string(longhaul_hops_sign_text(h->sign)));
    json_object_set_new(o, "from", is_place ? json_integer(h->from) : json_null());
    json_object_set_new(o, "to", count_or_null(h->to));
    json_object_set_new(o, "hop", count_or_null(h->hop));
    json_object_set_new(o, "before", text_or_null(h->before));
    json_object_set_new(o, "after", text_or_null(h->after));
    json_object_set_new(o, "before_s", json_make_number(h->before_s));
    json_object_set_new(o, "at_s", json_make_number(h->at_s));
    json_object_set_new(o, "lost_share", json_make_number(h->lost_share));
    json_object_set_new(o, "n_changes", count_or_null(h->n_changes));
    json_object_set_new(o, "source_port", json_integer(h->source_port));
    json_object_set_new(o, "destination_port", json_integer(h->destination_port));
    json_object_set_new(o, "text", json_make_text(text));
    return o;
}

static json_t *hop_object(const struct longhaul_route_hop *h)
{
    json_t *o = json_object();
    json_object_set_new(o, "address", text_or_null(h->address));
    json_object_set_new(o, "sent", json_integer(h->n_sent));
    json_object_set_new(o, "answered", json_integer(h->n_answered));
    json_object_set_new(o, "min_ms", json_make_number(h->min_ms));
    json_object_set_new(o, "max_ms", json_make_number(h->max_ms));
    if (h->labels[0])
        json_object_set_new(o, "mpls", json_make_text(h->labels));
    if (h->n_watched > 0) {
        json_object_set_new(o, "watched", json_integer(h->n_watched));
        json_object_set_new(o, "watched_answered", json_integer(h->n_watched_answered));
    }
    return o;
}

json_t *hops_array(const struct longhaul_analysis *a)
{
    json_t *array = json_array();
    for (size_t i = 0; i < a->routes.n; i++) {
        const struct longhaul_route *r = &a->routes.routes[i];
        json_t *o = json_object(), *hops = json_array();
        for (uint32_t k = 0; k < r->n_hops; k++)
            json_array_append_new(hops, hop_object(&r->hops[k]));
        json_object_set_new(o, "at_unix_s", json_make_number(a->view.start_unix_s + r->at_s));
        json_object_set_new(o, "at_s", json_make_number(r->at_s));
        json_object_set_new(o, "seconds", json_make_number(r->seconds));
        json_object_set_new(o, "reason", text_or_null(longhaul_route_reason_text(r->reason)));
        json_object_set_new(o, "protocol", json_string(r->is_tcp ? "TCP" : "UDP"));
        json_object_set_new(o, "source_port", json_integer(r->source_port));
        json_object_set_new(o, "destination_port", json_integer(r->destination_port));
        json_object_set_new(o, "by", json_string(r->is_by_errors ? "errors" : "raw"));
        json_object_set_new(o, "distance", count_or_null(r->distance));
        json_object_set_new(o, "watched_from_s", json_make_number(r->watched_from_s));
        json_object_set_new(o, "hops", hops);
        json_array_append_new(array, o);
    }
    return array;
}
