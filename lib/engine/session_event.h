/* session_event.h - one event of libiperf's, taken apart. */
#ifndef SESSION_EVENT_H
#define SESSION_EVENT_H

#include <jansson.h>

#include "engine/engine.h"

/* What it is not is NULL. */
struct session_event {
    json_t *parsed;                 /* the rest lives in it: json_decref() */
    json_t *start, *interval, *end; /* objects; an end with nothing in it is none */
    json_t *rest; /* array: intervals that are still in a document, which is why no event said them; NULL */
    const char *error;              /* what libiperf says went wrong */
    bool is_verbatim;   /* the text is {"event":"NAME","data":DATA} and nothing else, as JSON: a line of a journal may
                           have DATA as it came */
    bool is_unreadable; /* DATA is not an object that can be read, and start or interval is an empty one; or it is not
                           known what it is */
};

/* Of an ENGINE_JSON; from libiperf older than 3.19 the last one, the document, has end and error at once. What begins
 * as a start or an interval is one, whatever comes behind. */
struct session_event session_event_parse(const struct engine_event *event);

#endif
