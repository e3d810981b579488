/* tell_json.h - the JSON of an event: doc/events.schema.json. */
#ifndef TELL_JSON_H
#define TELL_JSON_H

#include "tell.h"
#include "tell_command.h"
#include "tell_watch.h"

/* One line. role: "run" or "serve". */
void tell_json(const char *role, const struct tell_leg *leg, const struct tell_event *event, double now_unix_s,
               char text[TELL_TEXT]);

#endif
