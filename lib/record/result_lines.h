/* result_lines.h - turns a journal's lines into events, of which none is lost silently. */
#ifndef RESULT_LINES_H
#define RESULT_LINES_H

#include <jansson.h>
#include <longhaul.h>

#include "model/event_line.h"

/* One event; valid only during the call. */
struct result_event {
    enum event_kind kind; /* not EVENT_NONE */
    json_t *data;     /* an object */
    const char
        *text; /* the text of data, exactly one JSON object, which may be written as it stands; NULL if not available */
    size_t length;
    bool is_own_form; /* as longhaul writes an interval: no blanks around it, and no repeated key */
};

typedef void result_event_cb(const struct result_event *event, void *payload);

struct result_lines {
    const char *path; /* for the error */
    result_event_cb *on_event;
    void *payload;
    uint64_t n_lines;
    uint64_t n_damaged;          /* lines that are partly not JSON, or not an event */
    struct longhaul_error
        error; /* about the first JSON line that could not be read: too large a number, or out of memory */
};

/* For journal_each_line(), with a struct result_lines. Blank lines are ignored; several events in one line count as if
 * on several lines. */
void result_take_line(const char *line, size_t length, void *lines);

#endif
