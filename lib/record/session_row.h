/* session_row.h - an interval of a session in the form that a record takes. */
#ifndef SESSION_ROW_H
#define SESSION_ROW_H

#include "engine/session_event.h"
#include "record/record.h"

/* Converts the interval, or one of the rest. Borrows from both. */
struct record_row session_row(const struct session_event *said, const struct engine_event *event, json_t *interval);

#endif
