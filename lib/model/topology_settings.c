/* topology_settings.c - what the defaults, a site or a leg of a topology say about tests, and how one overrides
 * another. */

#include "model/topology.h"

#include <string.h>

#include "model/leg.h"

static int read_protocol(const struct value *object, struct settings *s)
{
    struct value protocol = value_member(object, "protocol"), congestion = value_member(object, "congestion");
    const char *text = "udp", *name = "";
    int rc = value_string(&protocol, &text);
    if (rc != 0 || (rc = value_string(&congestion, &name)) != 0)
        return rc;
    if (strcmp(text, "udp") != 0 && strcmp(text, "tcp") != 0)
        return value_refuse_quoting(&protocol, "is neither \"udp\" nor \"tcp\"");
    s->leg.protocol = strcmp(text, "tcp") == 0 ? LONGHAUL_PROTOCOL_TCP : LONGHAUL_PROTOCOL_UDP;
    size_t n = strlen(name);
    if (congestion.json &&
        (n == 0 || n > LONGHAUL_CONGESTION_MAX || strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") != n))
        return value_refuse_quoting(&congestion, "is no congestion control (1 to %d of a-z 0-9 _ -)",
                                    LONGHAUL_CONGESTION_MAX);
    memcpy(s->leg.congestion, name, n + 1);
    return 0;
}

static int read_direction(const struct value *object, struct settings *s)
{
    struct value direction = value_member(object, "direction");
    const char *text = "push";
    int rc = value_string(&direction, &text);
    if (rc == 0 && strcmp(text, "push") != 0 && strcmp(text, "pull") != 0)
        return value_refuse_quoting(&direction, "is neither \"push\" nor \"pull\"");
    s->leg.direction = strcmp(text, "pull") == 0 ? LONGHAUL_DIRECTION_PULL : LONGHAUL_DIRECTION_PUSH;
    return rc;
}

/* Reads whole numbers within the range that any leg may have; limits that depend on the protocol are checked with the
 * leg. */
static int read_numbers(const struct value *object, struct settings *s)
{
    struct value datagram = value_member(object, "datagram"), streams = value_member(object, "streams");
    struct value window = value_member(object, "window"), tos = value_member(object, "tos"),
                 port = value_member(object, "port");
    int64_t n_bytes = 0, n_streams = 0, n_window = 0, bits = 0, number = 0;
    int rc;
    if ((rc = value_integer(&datagram, 1, 1048576, &n_bytes)) || (rc = value_integer(&streams, 1, 128, &n_streams)) ||
        (rc = value_integer(&window, 1, 512 << 20, &n_window)) || (rc = value_integer(&tos, 0, 255, &bits)) ||
        (rc = value_integer(&port, 1, 65535, &number)))
        return rc;
    s->leg.datagram_bytes = (uint32_t)n_bytes;
    s->leg.n_streams = (uint32_t)n_streams;
    s->leg.window_bytes = (uint32_t)n_window;
    s->leg.tos = (uint8_t)bits;
    s->leg.port = (uint16_t)number;
    return 0;
}

static int read_family(const struct value *object, struct settings *s)
{
    struct value family = value_member(object, "family");
    int64_t number = 0;
    int rc = value_integer(&family, 4, 6, &number);
    if (rc == 0 && number == 5)
        return value_refuse_quoting(&family, "is neither 4 nor 6");
    s->leg.family = (uint8_t)number;
    return rc;
}

int settings_read(const struct value *object, struct settings *s)
{
    static const struct { const char *key; unsigned bit;
    } keys[] = { { "rate", SETTING_RATE },
                 { "duration", SETTING_DURATION },
                 { "interval", SETTING_INTERVAL },
                 { "datagram", SETTING_DATAGRAM },
                 { "streams", SETTING_STREAMS },
                 { "window", SETTING_WINDOW },
                 { "tos", SETTING_TOS },
                 { "family", SETTING_FAMILY },
                 { "protocol", SETTING_PROTOCOL },
                 { "congestion", SETTING_CONGESTION },
                 { "direction", SETTING_DIRECTION },
                 { "port", SETTING_PORT } };
    struct value rate = value_member(object, "rate"), duration = value_member(object, "duration");
    struct value interval = value_member(object, "interval");
    int rc;
    *s = (struct settings){ .has = 0 };
    if ((rc = value_rate(&rate, &s->leg.rate_bps)) || (rc = value_duration(&duration, &s->leg.duration_s)) ||
        (rc = value_real(&interval, 0.1, 60, &s->leg.interval_s)) || (rc = read_numbers(object, s)) ||
        (rc = read_family(object, s)) || (rc = read_protocol(object, s)) || (rc = read_direction(object, s)))
        return rc;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (json_object_get(object->json, keys[i].key))
            s->has |= keys[i].bit;
    return 0;
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
    a->window_bytes = has & SETTING_WINDOW ? b->window_bytes : a->window_bytes;
    a->tos = has & SETTING_TOS ? b->tos : a->tos;
    a->family = has & SETTING_FAMILY ? b->family : a->family;
    a->protocol = has & SETTING_PROTOCOL ? b->protocol : a->protocol;
    a->direction = has & SETTING_DIRECTION ? b->direction : a->direction;
    a->port = has & SETTING_PORT ? b->port : a->port;
    if (has & SETTING_CONGESTION)
        memcpy(a->congestion, b->congestion, sizeof a->congestion);
    to->has |= has;
}
