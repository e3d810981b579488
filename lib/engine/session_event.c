/* session_event.c - takes one event of libiperf's apart; the document of an older libiperf gives the same members as a
 * newer one's event. Loses none: an event that cannot be read still counts as the row, or the start, that it begins as.
 * Does not interpret it. */

#include "engine/session_event.h"

#include <math.h>
#include <string.h>

#include "base/json_mend.h"

/* True if the text begins as libiperf's event of that name does. */
static bool begins_as(const struct engine_event *event, const char *name)
{
    static const char before[] = "{\"event\":\"";
    size_t n = strlen(name), k = sizeof before - 1;
    return event->length > k + n && memcmp(event->text, before, k) == 0 && memcmp(event->text + k, name, n) == 0 &&
           event->text[k + n] == '"';
}

/* True if the event's two members stand in this order, once, without blanks between them. */
static bool is_verbatim(const struct engine_event *event, const char *name, const json_t *parsed)
{
    static const char behind[] = "\",\"data\":{";
    size_t at = sizeof "{\"event\":\"" - 1 + strlen(name), k = sizeof behind - 1;
    return json_object_size(parsed) == 2 && begins_as(event, name) && event->length > at + k + 1 &&
           memcmp(event->text + at, behind, k) == 0 && memcmp(event->text + event->length - 2, "}}", 2) == 0 &&
           memchr(event->text, '\n', event->length) == NULL;
}

/* Its name, from its member, else from its beginning; "" if neither tells. */
static const char *name_of(const struct engine_event *event, const json_t *parsed)
{
    static const char *const names[] = { "interval", "start", "end", "document", "error" };
    const char *name = json_string_value(json_object_get(parsed, "event"));
    for (size_t i = 0; name == NULL && i < sizeof names / sizeof *names; i++)
        if (begins_as(event, names[i]))
            return names[i];
    return name ? name : "";
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

static void take_apart(struct session_event *said, const char *name, json_t *data)
{
    bool is_row = strcmp(name, "start") == 0 || strcmp(name, "interval") == 0;
    if (is_row && !json_is_object(data))
        data = stand_in(said);
    if (strcmp(name, "start") == 0)
        said->start = data;
    else if (strcmp(name, "interval") == 0)
        said->interval = data;
    else if (strcmp(name, "end") == 0)
        said->end = data;
    else if (strcmp(name, "error") == 0)
        said->error = json_string_value(data);
    else if (strcmp(name, "document") == 0) {
        said->rest = json_object_get(data, "intervals");
        said->end = json_object_get(data, "end");
        said->error = json_string_value(json_object_get(data, "error"));
    }
    if (json_object_size(said->end) == 0)
        said->end = NULL;
}

struct session_event session_event_parse(const struct engine_event *event)
{
    bool is_mended;
    struct session_event said = { .parsed = json_mend_load(event->text, event->length, &is_mended) };
    const char *name = name_of(event, said.parsed);
    said.is_unreadable = !json_is_object(said.parsed);
    said.is_verbatim = !is_mended && is_verbatim(event, name, said.parsed);
    take_apart(&said, name, json_object_get(said.parsed, "data"));
    return said;
}
