/* session_event.c - takes one event of libiperf's apart; the document of an older libiperf gives the same members as a
 * newer one's event. Loses none: an event that cannot be read still counts as the row, or the start, that it begins as.
 * Does not interpret it. */

#include "engine/session_event.h"

#include <math.h>
#include <string.h>

#include "base/json_mend.h"
#include "model/event_line.h"

/* True if the event's two members stand in this order, once, without blanks between them. */
static bool is_verbatim(const struct engine_event *event, enum event_kind kind, const json_t *parsed)
{
    static const char behind[] = EVENT_DATA "{";
    size_t at = sizeof EVENT_HEAD - 1 + strlen(event_name(kind)), k = sizeof behind - 1;
    return json_object_size(parsed) == 2 && event_begins_as(event->text, event->length, kind) &&
           event->length > at + k + 1 && memcmp(event->text + at, behind, k) == 0 &&
           memcmp(event->text + event->length - 2, "}}", 2) == 0 && memchr(event->text, '\n', event->length) == NULL;
}

/* What it is, from its member, else from its beginning; EVENT_NONE if neither tells. */
static enum event_kind kind_of(const struct engine_event *event, const json_t *parsed)
{
    json_t *data;
    enum event_kind kind = event_take(parsed, &data);
    for (int k = EVENT_START; kind == EVENT_NONE && k <= EVENT_DOCUMENT; k++)
        if (event_begins_as(event->text, event->length, (enum event_kind)k))
            kind = (enum event_kind)k;
    return kind;
}

/* An empty object in place of data that cannot be read. */
static json_t *stand_in(struct session_event *said)
{
    json_t *empty = json_object();
    said->is_unreadable = true;
    if (!json_is_object(said->parsed)) {
        json_decref(said->parsed);
        said->parsed = json_object();
    }
    return json_object_set_new(said->parsed, "data", empty) == 0 ? empty : NULL;
}

static void take_apart(struct session_event *said, enum event_kind kind, json_t *data)
{
    bool is_row = kind == EVENT_START || kind == EVENT_INTERVAL;
    if (is_row && !json_is_object(data))
        data = stand_in(said);
    switch (kind) {
    case EVENT_START: said->start = data; break;
    case EVENT_INTERVAL: said->interval = data; break;
    case EVENT_END: said->end = data; break;
    case EVENT_ERROR: said->error = json_string_value(data); break;
    case EVENT_DOCUMENT:
        said->rest = json_object_get(data, "intervals");
        said->end = json_object_get(data, "end");
        said->error = json_string_value(json_object_get(data, "error"));
        break;
    default: break;
    }
    if (json_object_size(said->end) == 0)
        said->end = NULL;
}

struct session_event session_event_parse(const struct engine_event *event)
{
    bool is_mended;
    struct session_event said = { .parsed = json_mend_load(event->text, event->length, &is_mended) };
    enum event_kind kind = kind_of(event, said.parsed);
    said.is_unreadable = !json_is_object(said.parsed);
    said.is_verbatim = !is_mended && is_verbatim(event, kind, said.parsed);
    take_apart(&said, kind, json_object_get(said.parsed, "data"));
    return said;
}
