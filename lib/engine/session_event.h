/* session_event.h - one event of libiperf's, taken apart. */
#ifndef SESSION_EVENT_H
#define SESSION_EVENT_H

#include <jansson.h>

#include "engine/engine.h"

/* Members that do not apply are NULL. */
struct session_event {
    json_t *parsed;                 /* owns the rest: json_decref() */
    json_t *start, *interval, *end; /* objects; an empty end is NULL */
    json_t *rest; /* array: intervals that are still in a document because no event reported them; NULL */
    const char *error;              /* libiperf's error message */
    bool is_verbatim;   /* the text is exactly {"event":"NAME","data":DATA} and valid JSON: DATA may be copied to a
                         * journal's line */
    bool is_unreadable; /* DATA is not a readable object, and start or interval is an empty one; or the event's name
                         * is unknown */
};

/* Parses an ENGINE_JSON; from libiperf older than 3.19 the last one, the document, has end and error at once. A text
 * that begins as a start or an interval is one, whatever follows. */
struct session_event session_event_parse(const struct engine_event *event);

#endif
