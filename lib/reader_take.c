/* reader_take.c - takes the document or the event line that a text stands at into a series: its intervals through scan.c, and those it
 * declines through Jansson, one by one. Where one breaks off the text stands behind it, with a warning. */

#include <stdio.h>
#include <string.h>

#include "reader_inside.h"

#define EXPECT_AFTER 60         /* intervals whose size tells how many there will be */
#define SCAN_AHEAD (128u << 10) /* an interval that scan.c declines so close to the window's end may be longer than that */

static void warn_tallies(struct longhaul_reader *r)
{
    tally_warn(&r->mended, &r->warnings, "mended: nan, inf or bytes that JSON does not have");
    tally_warn(&r->unusable, &r->warnings, "left out: an interval without bits_per_second");
    tally_warn(&r->unreadable, &r->warnings, "left out: an interval that is not JSON");
}

/* ---- values and intervals */

/* One value through Jansson; NULL leaves the text where it is. */
static json_t *take_value(struct longhaul_reader *r, struct json_text_got *got)
{
    uint64_t at = json_text_offset(&r->text);
    json_t *value = json_text_value(&r->text, got);
    if (value && got->is_mended)
        tally_count(&r->mended, at);
    return value;
}

/* Goes to where reading a value gave up: behind the byte that was wrong, before it when a document may begin with it. */
static void go_to_break(struct longhaul_reader *r, const struct json_text_got *got)
{
    size_t n = got->broken;
    if (n > 1 && json_text_here(&r->text)[n - 1] == '{')
        n--;
    r->text.at += n > 0 || json_text_left(&r->text) == 0 ? n : 1;
}

/* Hands out the last row of a series, when there are more than there were. */
static void give_row(const struct longhaul_reader *r, const struct longhaul_series *s, size_t n_before, size_t test)
{
    double values[LONGHAUL_N_COLUMNS];
    struct longhaul_row row;
    if (s == NULL || longhaul_series_length(s) == n_before)
        return;
    series_last_row(s, test, values, &row);
    r->options.on_row(&row, r->options.payload);
}

/* How long it will be when the rest of the file is intervals like the first ones. */
static void expect(const struct longhaul_reader *r, struct longhaul_series *s, size_t n)
{
    uint64_t so_far = json_text_offset(&r->text) - r->intervals_at, left = source_left(r->source) + json_text_left(&r->text);
    if (so_far > 0)
        series_expect(s, n + (size_t)((double)left / (double)so_far * (double)n) + n);
}

static int add_rows(struct longhaul_reader *r, struct longhaul_series *s, const struct series_interval *interval)
{
    const struct longhaul_series *reverse = series_reverse(s);
    size_t n = longhaul_series_length(s), n_reverse = reverse ? longhaul_series_length(reverse) : 0;
    if (n == 0)
        r->intervals_at = json_text_offset(&r->text);
    else if (n == EXPECT_AFTER)
        expect(r, s, n);
    if (series_add(s, interval) == SERIES_NO_MEMORY)
        return LONGHAUL_ENOMEM;
    if (r->options.on_row) {
        give_row(r, s, n, r->n_tests);
        give_row(r, series_reverse(s), n_reverse, r->n_tests + 1);
    }
    return 0;
}

/* Reads the interval that begins here by the fast path: 1, 0 when it is declined, negative without memory. */
static int scan_interval(struct longhaul_reader *r, struct longhaul_series *s, enum scan_root root)
{
    const struct series_interval *interval;
    struct json_text *t = &r->text;
    if (!r->is_scanning)
        return 0;
    size_t n = scan_match(r->scan, root, json_text_here(t), json_text_left(t), &interval);
    if (n == 0 && json_text_left(t) < SCAN_AHEAD && json_text_more(t))
        n = scan_match(r->scan, root, json_text_here(t), json_text_left(t), &interval);
    if (n == 0)
        return 0;
    t->at += n;
    r->n_scanned++;
    int rc = add_rows(r, s, interval);
    return rc < 0 ? rc : 1;
}

/* Adds an interval that Jansson has read, out of the bytes right before here; learns its layout. */
static int add_interval(struct longhaul_reader *r, struct longhaul_series *s, const json_t *data, enum scan_root root,
                        const struct json_text_got *got)
{
    struct series_interval interval;
    if (!series_decode(data, &interval)) {
        tally_count(&r->unusable, json_text_offset(&r->text) - got->length);
        return 0;
    }
    if (r->is_scanning && !got->is_mended && !got->is_wrapped)
        scan_learn(r->scan, root, json_text_here(&r->text) - got->length, got->length);
    return add_rows(r, s, &interval);
}

/* ---- documents: {"start":..., "intervals":[...], "end":...} */

/* A member was read (1), the text is broken here (0), or there is no memory (negative). */
static int take_interval(struct longhaul_reader *r, struct longhaul_series *s)
{
    struct json_text_got got;
    size_t length = 0;
    json_t *interval = take_value(r, &got);
    if (interval) {
        int rc = add_interval(r, s, interval, SCAN_INTERVAL, &got);
        json_decref(interval);
        return rc < 0 ? rc : 1;
    }
    if (!json_text_look_value(&r->text, &length)) {
        go_to_break(r, &got);
        return 0;
    }
    tally_count(&r->unreadable, json_text_offset(&r->text));
    r->text.at += length;
    return 1;
}

static int take_intervals(struct longhaul_reader *r, struct longhaul_series *s)
{
    series_clear_intervals(s);
    r->unusable = r->unreadable = (struct tally){ 0 };
    if (!json_text_take(&r->text, '['))
        return json_text_skip(&r->text);
    if (json_text_take(&r->text, ']'))
        return 1;
    do {
        json_text_blank(&r->text);
        int rc = scan_interval(r, s, SCAN_INTERVAL);
        if (rc == 0)
            rc = take_interval(r, s);
        if (rc <= 0)
            return rc;
    } while (json_text_take(&r->text, ','));
    return json_text_take(&r->text, ']');
}

/* iperf3 3.20 writes parts of an end twice when it is interrupted. (That of "start" it repeats some sizes for each stream says nothing.) */
static void warn_repeated(struct longhaul_reader *r, const struct json_text_got *got)
{
    size_t distance = json_text_repeated(&r->text, got);
    if (distance > 0)
        warnings_add(&r->warnings, json_text_offset(&r->text) - got->length + distance, "repeated: a key in \"end\"; the last one counts");
}

static int take_document(struct longhaul_reader *r, struct longhaul_series *s);

/* The server's own document in the client's. Its intervals are no rows of this test's. */
static int take_server_output(struct longhaul_reader *r, struct longhaul_series *s)
{
    json_text_blank(&r->text);
    if (r->is_in_server_output || json_text_look(&r->text, 0) != '{')
        return json_text_skip(&r->text);
    struct longhaul_series *server = series_new(r->path, r->options.with_omitted);
    if (server == NULL)
        return LONGHAUL_ENOMEM;
    longhaul_row_cb *on_row = r->options.on_row;
    struct tally unusable = r->unusable, unreadable = r->unreadable;
    r->options.on_row = NULL;
    r->is_in_server_output = true;
    int rc = take_document(r, server);
    r->is_in_server_output = false;
    r->options.on_row = on_row;
    r->unusable = unusable;
    r->unreadable = unreadable;
    series_set_server(s, server);
    return rc < 0 ? rc : 1;
}

/* The member whose key begins at the offset at; *seen has a bit for each one that there was. */
static int take_member(struct longhaul_reader *r, struct longhaul_series *s, const char *key, uint64_t at, unsigned *seen)
{
    static const char *const known[] = { "start", "end", "error", "longhaul", "intervals" };
    struct json_text_got got;
    unsigned i = 0;
    while (i < 5 && strcmp(key, known[i]) != 0)
        i++;
    if (i == 5)
        return strcmp(key, "server_output_json") == 0 ? take_server_output(r, s) : json_text_skip(&r->text);
    if (*seen & 1u << i)
        warnings_add(&r->warnings, at, "repeated: \"%s\"; the last one counts", key);
    *seen |= 1u << i;
    if (i == 4)
        return take_intervals(r, s);
    json_t *value = take_value(r, &got);
    if (value == NULL) {
        go_to_break(r, &got);
        return 0;
    }
    if (i == 0)
        series_take_start(s, value);
    else if (i == 1) {
        series_take_end(s, value);
        warn_repeated(r, &got);
    } else if (i == 2)
        series_take_error(s, value);
    else
        series_take_longhaul(s, value, false);
    json_decref(value);
    return 1;
}

/* Reads the document that begins here, with its brace or without. 0, or negative without memory. Where one breaks off the text
 * stands, with a warning. */
static int take_document(struct longhaul_reader *r, struct longhaul_series *s)
{
    char key[32];
    unsigned seen = 0;
    int good;
    if (!json_text_take(&r->text, '{'))
        warnings_add(&r->warnings, json_text_offset(&r->text), "mended: the document has no opening brace");
    do {
        json_text_blank(&r->text);
        uint64_t at = json_text_offset(&r->text);
        good = json_text_key(&r->text, key, sizeof key) ? take_member(r, s, key, at, &seen) : 0;
    } while (good > 0 && json_text_take(&r->text, ','));
    if (good < 0)
        return good;
    if (good == 0 || !json_text_take(&r->text, '}'))
        warnings_add(&r->warnings, json_text_offset(&r->text), "the document breaks off here, after %zu intervals",
                     longhaul_series_length(s));
    return 0;
}

/* Hands out a test that was read as a whole. */
static int give(struct longhaul_reader *r, struct longhaul_series *s, struct longhaul_series **out)
{
    r->other = series_finish(s);
    r->n_tests += r->other ? 2 : 1;
    warn_tallies(r);
    *out = s;
    return 1;
}

/* iperf3 --json-stream-full-output: after the events the whole document of the same test. */
static bool was_streamed(struct longhaul_reader *r, const struct longhaul_series *s)
{
    bool is_same = r->stream_cookie[0] && strcmp(r->stream_cookie, series_cookie(s)) == 0;
    r->stream_cookie[0] = 0;
    return is_same;
}

int reader_take_document(struct longhaul_reader *r, struct longhaul_series **out, struct longhaul_error *err)
{
    struct longhaul_series *s = series_new(r->path, r->options.with_omitted);
    reader_warn_skipped(r);
    int rc = s ? take_document(r, s) : LONGHAUL_ENOMEM;
    if (rc == 0 && !was_streamed(r, s))
        return give(r, s, out);
    longhaul_series_free(s);
    return rc < 0 ? reader_out_of_memory(r, err) : 0;
}

/* ---- events: {"event":"interval","data":{...}} in lines */

/* Does this event begin another test than the one that the lines before it describe? */
static bool begins_test(const struct longhaul_reader *r, const char *name)
{
    if (r->stream == NULL)
        return false;
    if (strcmp(name, "longhaul") == 0)
        return true;
    return strcmp(name, "start") == 0 && !longhaul_series_info(r->stream)->is_journal &&
           (r->stream_has_end || series_has_start(r->stream) || longhaul_series_length(r->stream) > 0);
}

static int apply_event(struct longhaul_reader *r, const char *name, json_t *data, const struct json_text_got *got)
{
    struct longhaul_series *s = r->stream;
    if (strcmp(name, "interval") == 0)
        return add_interval(r, s, data, SCAN_EVENT, got);
    if (strcmp(name, "start") == 0)
        series_take_start(s, data);
    else if (strcmp(name, "longhaul") == 0)
        series_take_longhaul(s, data, true);
    else if (strcmp(name, "error") == 0)
        series_take_error(s, data);
    else if (strcmp(name, "server_output_json") == 0)
        series_take_server_output(s, data);
    else if (strcmp(name, "gap") == 0)
        series_take_gap(s, data);
    else if (strcmp(name, "rtt") == 0)
        series_take_rtt(s, data);
    else if (strcmp(name, "host") == 0)
        series_take_host(s, data);
    else if (strcmp(name, "end") == 0) {
        series_take_end(s, data);
        r->stream_has_end = true;
    }
    return 0;
}

int reader_give_stream(struct longhaul_reader *r, struct longhaul_series **out)
{
    struct longhaul_series *s = r->stream;
    snprintf(r->stream_cookie, sizeof r->stream_cookie, "%s", series_cookie(s));
    r->stream = NULL;
    r->stream_has_end = false;
    return give(r, s, out);
}

static void pass_line(struct longhaul_reader *r)
{
    int c;
    while ((c = json_text_look(&r->text, 0)) >= 0 && c != '\n')
        r->text.at++;
}

/* Takes an event into the test in progress; 1 and *out when it belongs to the next test, and the text stays before it. */
static int take_event(struct longhaul_reader *r, json_t *event, const struct json_text_got *got, struct longhaul_series **out)
{
    const char *name = json_string_value(json_object_get(event, "event"));
    if (name && begins_test(r, name)) {
        r->text.at -= got->length;
        return reader_give_stream(r, out);
    }
    if (r->stream == NULL)
        r->stream = series_new(r->path, r->options.with_omitted);
    if (r->stream == NULL)
        return LONGHAUL_ENOMEM;
    return name ? apply_event(r, name, json_object_get(event, "data"), got) : 0;
}

int reader_take_event(struct longhaul_reader *r, struct longhaul_series **out, struct longhaul_error *err)
{
    struct json_text_got got;
    int rc = r->stream ? scan_interval(r, r->stream, SCAN_EVENT) : 0;
    if (rc == 0) {
        json_t *event = take_value(r, &got);
        if (event) {
            rc = take_event(r, event, &got, out);
            json_decref(event);
        } else {
            warnings_add(&r->warnings, json_text_offset(&r->text), "left out: a line that breaks off");
            pass_line(r);
        }
    } else if (rc > 0) {
        rc = 0;
    }
    return rc < 0 ? reader_out_of_memory(r, err) : rc;
}
