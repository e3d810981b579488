/* session_event.h - one event of libiperf's, taken apart. */
#ifndef SESSION_EVENT_H
#define SESSION_EVENT_H

#include <jansson.h>

#include "engine.h"

/* What it is not is NULL. */
struct session_event {
    json_t *parsed;                 /* the rest lives in it: json_decref() */
    json_t *start, *interval, *end; /* objects; an end with nothing in it is none */
    const char *error;              /* what libiperf says went wrong */
};

/* Of an ENGINE_JSON; from libiperf older than 3.19 the last one, the document, has end and error at once. */
struct session_event session_event_parse(const struct engine_event *event);

#endif
