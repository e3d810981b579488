/* result_host.c - combines a journal's readings of its host: a record that was continued has several stretches, each
 * with its own counters. Reads nothing from the host itself. */

#include "record/result_host.h"

#include <string.h>

#include "host/host_json.h"
#include "record/json_put.h"

static void add_drops(struct result_host *h, const json_t *before, json_t *after)
{
    const char *key;
    json_t *value;
    if (h->drops == NULL)
        h->drops = json_object();
    h->has_failed = h->has_failed || !h->drops;
    json_object_foreach(after, key, value) {
        const json_t *was = json_object_get(before, key), *sum = json_object_get(h->drops, key);
        if (host_json_is_counter(key) && json_is_number(value) && json_is_number(was))
            json_put(h->drops, key,
                     json_real(json_number_value(sum) + json_number_value(value) - json_number_value(was)),
                     &h->has_failed);
    }
}

void result_host_add(struct result_host *h, const json_t *data)
{
    const char *when = json_string_value(json_object_get(data, "when"));
    json_t *facts = json_object_get(data, "facts");
    if (when == NULL || !json_is_object(facts))
        return;
    if (strcmp(when, "start") == 0) {
        h->is_partial = h->is_partial || h->begun;
        json_decref(h->begun);
        h->begun = json_incref(facts);
    } else if (h->begun) {
        add_drops(h, json_object_get(h->begun, "drops"), json_object_get(facts, "drops"));
        json_decref(h->begun);
        h->begun = NULL;
    }
    if (h->first == NULL)
        h->first = json_incref(facts);
    json_decref(h->last);
    h->last = json_incref(facts);
}

json_t *result_host_object(struct result_host *h)
{
    if (h->first == NULL)
        return NULL;
    json_t *object = json_pack("{s:O}", "start", h->first);
    h->has_failed = h->has_failed || !object;
    if (h->last != h->first)
        json_put(object, "end", json_incref(h->last), &h->has_failed);
    if (h->drops)
        json_put(object, "drops", json_incref(h->drops), &h->has_failed);
    if (h->is_partial || h->begun)
        json_put(object, "drops_are_partial", json_true(), &h->has_failed);
    return object;
}

void result_host_clear(struct result_host *h)
{
    json_decref(h->first);
    json_decref(h->last);
    json_decref(h->begun);
    json_decref(h->drops);
}
