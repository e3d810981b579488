/* result_lines.h - a journal's lines to events, of which none is lost without a word. */
#ifndef RESULT_LINES_H
#define RESULT_LINES_H

#include <jansson.h>
#include <longhaul.h>

/* One event; it lives for the call only. */
struct result_event {
    const char *name;
    json_t *data;     /* an object */
    const char
        *text; /* of data, exactly one JSON object, which may be written as it stands; NULL when that is not at hand */
    size_t length;
    bool is_own_form; /* as longhaul writes an interval: no blanks around, and no key twice */
};

typedef void result_event_cb(const struct result_event *event, void *payload);

struct result_lines {
    const char *path; /* for the error */
    result_event_cb *on_event;
    void *payload;
    uint64_t n_lines;
    uint64_t n_damaged;          /* lines of which something is not JSON, or no event */
    struct longhaul_error
        error; /* of the first line that is JSON and could not be read: too large a number, or no memory */
};

/* For journal_each_line(), with a struct result_lines. Blank lines are nothing; several events in one line are as good
 * as in several. */
void result_take_line(const char *line, size_t length, void *lines);

#endif
