/* result_lines.c - turns a journal's lines into events. Lines in longhaul's own form are passed on as they stand;
 * others, changed by an editor or by another system's line ends, by their content. Text that is not JSON is counted,
 * and JSON that cannot be read is an error: nothing is skipped silently. */

#include "record/result_lines.h"

#include <inttypes.h>
#include <string.h>

#include "base/error.h"
#include "base/json_check.h"

static bool is_blank(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r')
            return false;
    return true;
}

/* Loads an interval's data from a line in longhaul's own form, without blanks between its parts. NULL: it may still be
 * an event. */
static json_t *load_own_form(const char *line, size_t length, struct result_event *event)
{
    static const char head[] = EVENT_LINE(EVENT_NAME_INTERVAL);
    const size_t k = sizeof head - 1;
    if (length < k + 3 || memcmp(line, head, k) != 0 || line[k] != '{' || memcmp(line + length - 2, "}}", 2) != 0)
        return NULL;
    *event = (struct result_event){ EVENT_INTERVAL, NULL, line + k, length - k - 1, true };
    return json_loadb(event->text, event->length, JSON_REJECT_DUPLICATES, NULL);
}

/* A number that does not fit a 64-bit integer may be a real. */
static json_t *load_once(const char *text, size_t length, json_error_t *why)
{
    json_t *value = json_loadb(text, length, 0, why);
    return value ? value : json_loadb(text, length, JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL, why);
}

/* If memory runs out for a moment, Jansson's lexer drops a character and continues: "bytes" becomes "byte". So this
 * reads twice. */
static json_t *load(const char *text, size_t length, json_error_t *why)
{
    json_t *value = load_once(text, length, why), *again = value ? load_once(text, length, why) : NULL;
    bool is_same = value && json_equal(value, again);
    json_decref(again);
    if (is_same)
        return value;
    json_decref(value);
    return NULL;
}

/* Takes a complete value. */
static void take_value(struct result_lines *lines, const char *text, size_t length)
{
    json_error_t why = { .text = "" };
    json_t *value = load(text, length, &why), *data;
    enum event_kind kind = event_take(value, &data);
    if (value == NULL) {
        error_set(&lines->error, LONGHAUL_EFORMAT, "%s: line %" PRIu64 " cannot be read (%s): the journal stays",
                  lines->path, lines->n_lines, *why.text ? why.text : "out of memory");
    } else if (kind == EVENT_NONE || !json_is_object(data)) {
        lines->n_damaged++;
    } else {
        struct result_event event = { .kind = kind, .data = data };
        event.text = json_check_member(text, length, "data", &event.length);
        lines->on_event(&event, lines->payload);
    }
    json_decref(value);
}

/* The beginning of the next event in text that is not JSON; the end of the text if none exists. */
static size_t next_event(const char *text, size_t n)
{
    static const char head[] = EVENT_HEAD;
    const char *found = n > 0 ? memmem(text + 1, n - 1, head, sizeof head - 1) : NULL;
    return found ? (size_t)(found - text) : n;
}

static void take_values(struct result_lines *lines, const char *line, size_t length)
{
    bool is_damaged = false;
    while (!is_blank(line, length)) {
        size_t n = json_check(line, length);
        is_damaged = is_damaged || n == 0;
        if (n > 0)
            take_value(lines, line, n);
        else
            n = next_event(line, length);
        line += n;
        length -= n;
    }
    lines->n_damaged += is_damaged;
}

void result_take_line(const char *line, size_t length, void *payload)
{
    struct result_lines *lines = payload;
    struct result_event event;
    lines->n_lines++;
    if (line == NULL) { /* too long to be read */
        lines->n_damaged++;
        return;
    }
    event.data = load_own_form(line, length, &event);
    if (event.data)
        lines->on_event(&event, lines->payload);
    else
        take_values(lines, line, length);
    json_decref(event.data);
}
