/* session_event.c - one event of libiperf's, taken apart: what the document of an older one has is found where the event of a newer
 * one has it. Means nothing by it. */

#include "session_event.h"

#include <string.h>

struct session_event session_event_parse(const struct engine_event *event)
{
    struct session_event said = { .parsed = json_loadb(event->text, event->length, 0, NULL) };
    const char *name = json_string_value(json_object_get(said.parsed, "event"));
    json_t *data = json_object_get(said.parsed, "data");
    if (name == NULL)
        return said;
    if (strcmp(name, "start") == 0)
        said.start = data;
    else if (strcmp(name, "interval") == 0)
        said.interval = data;
    else if (strcmp(name, "end") == 0)
        said.end = data;
    else if (strcmp(name, "error") == 0)
        said.error = json_string_value(data);
    else if (strcmp(name, "document") == 0) {
        said.end = json_object_get(data, "end");
        said.error = json_string_value(json_object_get(data, "error"));
    }
    if (json_object_size(said.end) == 0)
        said.end = NULL;
    return said;
}
