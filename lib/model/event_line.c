/* event_line.c - names of events. Reads and writes no file. */

#include "model/event_line.h"

#include <string.h>

static const char *const names[EVENT_N_KINDS] = { [EVENT_NONE] = "",
                                                  [EVENT_OTHER] = "",
                                                  [EVENT_START] = "start",
                                                  [EVENT_INTERVAL] = EVENT_NAME_INTERVAL,
                                                  [EVENT_END] = "end",
                                                  [EVENT_ERROR] = "error",
                                                  [EVENT_SERVER_OUTPUT] = "server_output_json",
                                                  [EVENT_DOCUMENT] = EVENT_NAME_DOCUMENT,
                                                  [EVENT_HEADER] = EVENT_NAME_HEADER,
                                                  [EVENT_SESSION] = "session",
                                                  [EVENT_GAP] = "gap",
                                                  [EVENT_UNCONFIRMED] = "unconfirmed",
                                                  [EVENT_CONFIRMED] = "confirmed",
                                                  [EVENT_CLOCK] = "clock",
                                                  [EVENT_RTT] = "rtt",
                                                  [EVENT_DELAYS] = "delays",
                                                  [EVENT_HOPS] = "hops",
                                                  [EVENT_HOST] = "host",
                                                  [EVENT_LEFT_OUT] = "left_out",
                                                  [EVENT_TORN] = "torn",
                                                  [EVENT_LOST] = EVENT_NAME_LOST,
                                                  [EVENT_STOPPED] = "stopped" };

enum event_kind event_kind_of(const char *name)
{
    if (name == NULL)
        return EVENT_NONE;
    if (strcmp(name, EVENT_NAME_INTERVAL) == 0) /* most are */
        return EVENT_INTERVAL;
    for (int kind = EVENT_START; kind < EVENT_N_KINDS; kind++)
        if (strcmp(name, names[kind]) == 0)
            return (enum event_kind)kind;
    return EVENT_OTHER;
}

const char *event_name(enum event_kind kind)
{
    return (unsigned)kind < EVENT_N_KINDS ? names[kind] : "";
}

enum event_kind event_take(const json_t *event, json_t **data)
{
    *data = json_object_get(event, "data");
    return event_kind_of(json_string_value(json_object_get(event, "event")));
}

bool event_begins_as(const char *text, size_t n, enum event_kind kind)
{
    static const char head[] = EVENT_HEAD;
    const char *name = event_name(kind);
    size_t k = sizeof head - 1, m = strlen(name);
    return n > k + m && memcmp(text, head, k) == 0 && memcmp(text + k, name, m) == 0 && text[k + m] == '"';
}
