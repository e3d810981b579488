/* topology_settings.c - what the defaults, a site or a leg of a topology say about tests, and how one overrides
 * another. */

#include "model/topology.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/plain_numbers.h"

/* The type that a setting has in JSON. A quantity is a string or a whole number. */
enum type { WHOLE, NUMBER, TEXT, QUANTITY, TRUTH };

static const struct {
    const char *key;
    unsigned bit;
    enum type type;
} keys[] = { { "rate", SETTING_RATE, QUANTITY },       { "duration", SETTING_DURATION, QUANTITY },
             { "interval", SETTING_INTERVAL, NUMBER }, { "datagram", SETTING_DATAGRAM, WHOLE },
             { "streams", SETTING_STREAMS, WHOLE },    { "window", SETTING_WINDOW, WHOLE },
             { "flows", SETTING_FLOWS, WHOLE },        { "hops", SETTING_HOPS, TRUTH },
             { "tos", SETTING_TOS, QUANTITY },         { "dscp", SETTING_TOS, QUANTITY },
             { "mss", SETTING_MSS, WHOLE },            { "gsro", SETTING_GSRO, TRUTH },
             { "family", SETTING_FAMILY, WHOLE },
             { "protocol", SETTING_PROTOCOL, TEXT },   { "congestion", SETTING_CONGESTION, TEXT },
             { "direction", SETTING_DIRECTION, TEXT }, { "port", SETTING_PORT, WHOLE } };

/* A value of the right type as longhaul_leg_set() reads it; NULL for another. */
static const char *text_of(const json_t *json, enum type type, char *number, size_t size)
{
    struct plain_numbers plain;
    bool is_whole = json_is_integer(json);
    if (type == TRUTH)
        return json_is_boolean(json) ? (json_is_true(json) ? "true" : "false") : NULL;
    if (type == TEXT || (type == QUANTITY && json_is_string(json)))
        return json_string_value(json);
    if (!is_whole && !(type == NUMBER && json_is_real(json)))
        return NULL;
    plain_numbers_begin(&plain);
    if (is_whole)
        snprintf(number, size, "%" JSON_INTEGER_FORMAT, json_integer_value(json));
    else
        snprintf(number, size, "%.15g", json_real_value(json));
    plain_numbers_end(&plain);
    return number;
}

static int read_setting(const struct value *value, enum type type, struct longhaul_leg *leg)
{
    char number[48];
    const char *text = text_of(value->json, type, number, sizeof number);
    return text && longhaul_leg_set(leg, value->key, text, NULL) == 0 ? 0 : value_refuse_option(value, value->key);
}

/* An array of texts, each of them an objective. */
static int read_objectives(const struct value *object, struct settings *s)
{
    struct value list = value_member(object, "objectives");
    if (list.json == NULL)
        return 0;
    if (!json_is_array(list.json))
        return value_refuse_quoting(&list, "is not an array of objectives");
    if (json_array_size(list.json) > LONGHAUL_OBJECTIVES_MAX)
        return value_refuse(&list, "%zu objectives: at most %d", json_array_size(list.json), LONGHAUL_OBJECTIVES_MAX);
    for (size_t i = 0; i < json_array_size(list.json); i++) {
        struct value item = value_item(&list, i);
        struct longhaul_objective objective;
        struct longhaul_error why = { 0 };
        if (!json_is_string(item.json))
            return value_refuse_quoting(&item, "is not an objective: a text such as \"outage <= 10s\"");
        if (longhaul_objective_parse(json_string_value(item.json), &objective, &why) != 0)
            return value_refuse(&item, "%s", why.text);
    }
    s->objectives = list.json;
    return 0;
}

struct longhaul_objective *settings_objectives(const json_t *array, size_t *n)
{
    struct longhaul_objective *list = json_array_size(array) ? calloc(json_array_size(array), sizeof *list) : NULL;
    *n = list ? json_array_size(array) : 0;
    for (size_t i = 0; i < *n; i++)
        longhaul_objective_parse(json_string_value(json_array_get(array, i)), &list[i], NULL);
    return list;
}

int settings_read(const struct value *object, struct settings *s)
{
    int rc = 0;
    *s = (struct settings){ .has = 0 };
    for (size_t i = 0; i < sizeof keys / sizeof keys[0] && rc == 0; i++) {
        struct value value = value_member(object, keys[i].key);
        if (value.json == NULL)
            continue;
        if (s->has & keys[i].bit)
            return value_refuse(&value, "one of tos and dscp, which is its upper six bits");
        rc = read_setting(&value, keys[i].type, &s->leg);
        s->has |= keys[i].bit;
    }
    return rc ? rc : read_objectives(object, s);
}

void settings_apply(struct settings *to, const struct settings *from)
{
    struct longhaul_leg *a = &to->leg;
    const struct longhaul_leg *b = &from->leg;
    unsigned has = from->has;
    a->rate_bps = has & SETTING_RATE ? b->rate_bps : a->rate_bps;
    a->duration_s = has & SETTING_DURATION ? b->duration_s : a->duration_s;
    a->interval_s = has & SETTING_INTERVAL ? b->interval_s : a->interval_s;
    a->datagram_bytes = has & SETTING_DATAGRAM ? b->datagram_bytes : a->datagram_bytes;
    a->n_streams = has & SETTING_STREAMS ? b->n_streams : a->n_streams;
    a->n_flows = has & SETTING_FLOWS ? b->n_flows : a->n_flows;
    a->has_no_hops = has & SETTING_HOPS ? b->has_no_hops : a->has_no_hops;
    a->window_bytes = has & SETTING_WINDOW ? b->window_bytes : a->window_bytes;
    a->tos = has & SETTING_TOS ? b->tos : a->tos;
    a->mss_bytes = has & SETTING_MSS ? b->mss_bytes : a->mss_bytes;
    a->has_gsro = has & SETTING_GSRO ? b->has_gsro : a->has_gsro;
    a->family = has & SETTING_FAMILY ? b->family : a->family;
    a->protocol = has & SETTING_PROTOCOL ? b->protocol : a->protocol;
    a->direction = has & SETTING_DIRECTION ? b->direction : a->direction;
    a->port = has & SETTING_PORT ? b->port : a->port;
    if (has & SETTING_CONGESTION)
        memcpy(a->congestion, b->congestion, sizeof a->congestion);
    if (from->objectives)
        to->objectives = from->objectives;
    to->has |= has;
}
