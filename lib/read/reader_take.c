/* reader_take.c - reads the document at the current position into a series: its intervals through scan.c, and those
 * that scan.c declines through Jansson, one by one. If it breaks off, the text is left after it, with a warning.
 * reader_events.c reads event lines. */

#include <stdio.h>
#include <string.h>

#include "read/reader_inside.h"
#include "read/server_output.h"

#define EXPECT_AFTER 60         /* intervals whose size predicts how many there will be */
#define SCAN_AHEAD                                                                                                     \
    (128u << 10) /* an interval that scan.c declines this close to the window's end may be longer than the window */

_Static_assert(JSON_TEXT_PAD >= SCAN_PAD, "scan.c may read as far behind a text as the window has zeros");

static void warn_tallies(struct longhaul_reader *r)
{
    tally_warn(&r->mended, &r->warnings, "mended: nan, inf or bytes that JSON does not have");
    tally_warn(&r->unusable, &r->warnings, "left out: an interval without bits_per_second");
    tally_warn(&r->unreadable, &r->warnings, "left out: an interval that is not JSON");
    tally_warn(&r->strays, &r->warnings, "left out: a line of another program in between");
}

/* ---- intervals */

/* True if the two sums say that different sides sent them. */
static bool are_opposite(const json_t *first, const json_t *second)
{
    const json_t *a = json_object_get(first, "sender"), *b = json_object_get(second, "sender");
    return json_is_boolean(a) && json_is_boolean(b) && json_is_true(a) != json_is_true(b);
}

json_t *reader_other_direction(struct longhaul_reader *r, const json_t *object, const char *member,
                               const struct json_text_got *got)
{
    static const char *const sums[] = { "sum", "sum_sent", "sum_received", NULL };
    json_t *renamed = got->is_mended ? NULL : json_text_value_with_suffix(&r->text, got, sums, "_bidir_reverse");
    const json_t *both = member ? json_object_get(renamed, member) : renamed;
    for (size_t i = 0; renamed && sums[i]; i++) {
        char key[32];
        snprintf(key, sizeof key, "%s_bidir_reverse", sums[i]);
        if (json_object_get(object, key) == NULL &&
            are_opposite(json_object_get(both, sums[i]), json_object_get(both, key)))
            return renamed;
    }
    json_decref(renamed);
    return NULL;
}

/* Passes the last row of a series to the callback, if it is a new one. */
static void give_row(const struct longhaul_reader *r, const struct longhaul_series *s, size_t n_before, size_t test)
{
    double values[LONGHAUL_N_COLUMNS];
    struct longhaul_row row;
    if (s == NULL || longhaul_series_length(s) == n_before)
        return;
    series_last_row(s, test, values, &row);
    r->options.on_row(&row, r->options.payload);
}

/* Predicts the length, assuming that the rest of the file is intervals like the first ones. */
static void expect(const struct longhaul_reader *r, struct longhaul_series *s, size_t n)
{
    uint64_t so_far = json_text_offset(&r->text) - r->intervals_at,
             left = source_left(r->source) + json_text_left(&r->text);
    if (so_far > 0)
        series_expect(s, n + (size_t)((double)left / (double)so_far * (double)n) + n);
}

static int add_rows(struct longhaul_reader *r, struct longhaul_series *s, const struct series_interval *interval)
{
    const struct longhaul_series *reverse = series_reverse(s);
    size_t n = longhaul_series_length(s), n_reverse = reverse ? longhaul_series_length(reverse) : 0;
    r->progress++;
    r->n_rows += interval->has_reverse ? 2 : 1;
    if (r->n_rows > r->options.limits.max_rows)
        return LONGHAUL_ELIMIT;
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

int reader_scan_interval(struct longhaul_reader *r, struct longhaul_series *s, enum scan_root root)
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

int reader_add_interval(struct longhaul_reader *r, struct longhaul_series *s, const json_t *data, enum scan_root root,
                        const struct json_text_got *got)
{
    struct series_interval interval;
    json_t *both = json_text_repeated(&r->text, got) > 0
                       ? reader_other_direction(r, data, root == SCAN_EVENT ? "data" : NULL, got)
                       : NULL;
    bool is_usable = series_decode(both == NULL         ? data
                                   : root == SCAN_EVENT ? json_object_get(both, "data")
                                                        : both,
                                   &interval);
    json_decref(both);
    if (both)
        series_set_same_keys(s);
    if (!is_usable) {
        tally_count(&r->unusable, json_text_offset(&r->text) - got->length);
        return 0;
    }
    if (r->is_scanning && !got->is_mended && !got->is_wrapped)
        scan_learn(r->scan, root, json_text_here(&r->text) - got->length, got->length);
    return add_rows(r, s, &interval);
}

/* ---- documents: {"start":..., "intervals":[...], "end":...} */

/* Returns 1 if a member was read, 0 if the text is broken here, negative when out of memory. */
static int take_interval(struct longhaul_reader *r, struct longhaul_series *s)
{
    struct json_text_got got;
    size_t length = 0;
    json_t *interval = reader_take_value(r, &got);
    if (interval) {
        int rc = reader_add_interval(r, s, interval, SCAN_INTERVAL, &got);
        json_decref(interval);
        return rc < 0 ? rc : 1;
    }
    if (!json_text_look_value(&r->text, &length)) {
        reader_go_to_break(r, &got);
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
        int rc = reader_scan_interval(r, s, SCAN_INTERVAL);
        if (rc == 0)
            rc = take_interval(r, s);
        if (rc <= 0)
            return rc;
    } while (reader_take_sign(r, ','));
    return json_text_take(&r->text, ']');
}

/* iperf3 3.20 writes parts of an end twice when it is interrupted; 3.7 to 3.10 write both directions' sums under one
 * name. (It also repeats some sizes in "start", once per stream; that is harmless.) */
static void take_end(struct longhaul_reader *r, struct longhaul_series *s, json_t *end, const struct json_text_got *got)
{
    size_t distance = json_text_repeated(&r->text, got);
    json_t *both = distance > 0 ? reader_other_direction(r, end, NULL, got) : NULL;
    series_take_end(s, both ? both : end);
    server_output_take_end(s, both ? both : end);
    json_decref(both);
    if (distance > 0 && both == NULL)
        warnings_add(&r->warnings, json_text_offset(&r->text) - got->length + distance,
                     "repeated: a key in \"end\"; the last one counts");
}

static int take_document(struct longhaul_reader *r, struct longhaul_series *s);

/* The server's own document within the client's. Its intervals are not rows of this test. */
static int take_server_output(struct longhaul_reader *r, struct longhaul_series *s)
{
    json_text_blank(&r->text);
    if (r->is_in_server_output || json_text_look(&r->text, 0) != '{')
        return json_text_skip(&r->text);
    struct longhaul_series *server = series_new(r->path, r->options.wants_omitted);
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

/* Reads the member whose key begins at the offset at; *seen has a bit for each member so far. */
static int take_member(struct longhaul_reader *r, struct longhaul_series *s, const char *key, uint64_t at,
                       unsigned *seen)
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
    if (i == 3)
        return reader_take_longhaul(r, s);
    if (i == 4)
        return take_intervals(r, s);
    json_t *value = reader_take_value(r, &got);
    if (value == NULL) {
        reader_go_to_break(r, &got);
        return 0;
    }
    if (i == 0)
        series_take_start(s, value);
    else if (i == 1)
        take_end(r, s, value, &got);
    else
        series_take_error(s, value);
    json_decref(value);
    return 1;
}

/* Reads the document that begins here, with or without its brace. Returns 0, or negative when out of memory. If it
 * breaks off, the text is left there, with a warning. */
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
        bool has_key = reader_take_key(r, key, sizeof key);
        good = has_key ? take_member(r, s, key, at, &seen) : 0;
    } while (good > 0 && reader_take_sign(r, ','));
    if (good < 0)
        return good;
    if (good == 0 || !json_text_take(&r->text, '}'))
        warnings_add(&r->warnings, json_text_offset(&r->text), "the document breaks off here, after %zu intervals",
                     longhaul_series_length(s));
    return 0;
}

int reader_give(struct longhaul_reader *r, struct longhaul_series *s, struct longhaul_series **out)
{
    if (series_has_failed(s)) {
        longhaul_series_free(s);
        return LONGHAUL_ENOMEM;
    }
    struct longhaul_series *other = server_output_finish(s);
    r->progress +=
        longhaul_series_length(s) > 0 || longhaul_series_info(s)->is_complete || longhaul_series_info(s)->error[0];
    warn_tallies(r);
    if (copies_find(&r->copies, s))
        warnings_add(&r->warnings, json_text_offset(&r->text),
                     "the test before this point repeats an earlier one");
    r->other = other;
    r->n_tests += other ? 2 : 1;
    if (r->n_tests > r->options.limits.max_tests) {
        longhaul_series_free(s);
        return LONGHAUL_ELIMIT;
    }
    *out = s;
    return 1;
}

/* iperf3 --json-stream-full-output writes the whole document of the same test after the events. */
static bool was_streamed(struct longhaul_reader *r, const struct longhaul_series *s)
{
    bool is_same = r->stream_cookie[0] && strcmp(r->stream_cookie, series_cookie(s)) == 0;
    r->stream_cookie[0] = 0;
    return is_same;
}

int reader_take_document(struct longhaul_reader *r, struct longhaul_series **out, struct longhaul_error *err)
{
    struct longhaul_series *s = series_new(r->path, r->options.wants_omitted);
    reader_warn_skipped(r);
    int rc = s ? take_document(r, s) : LONGHAUL_ENOMEM;
    if (rc == 0 && r->text.has_failed)
        rc = LONGHAUL_ENOMEM;
    if (rc == 0 && !was_streamed(r, s))
        rc = reader_give(r, s, out);
    else
        longhaul_series_free(s);
    return rc < 0 ? reader_failed(r, rc, err) : rc;
}

/* ---- intervals without a document, as jq prints them */

/* Makes an interval of the value, which is one or only its sum. */
static json_t *as_interval(json_t *value)
{
    if (json_object_get(value, "sum") || json_object_get(value, "streams"))
        return value;
    json_t *interval = json_object();
    json_object_set_new(interval, "sum", value);
    return interval;
}

/* True if time begins anew with this interval. */
static bool begins_anew(const struct longhaul_series *s, const json_t *interval)
{
    struct series_interval decoded;
    double values[LONGHAUL_N_COLUMNS];
    struct longhaul_row row;
    if (longhaul_series_length(s) == 0 || !series_decode(interval, &decoded))
        return false;
    series_last_row(s, 0, values, &row);
    return decoded.forward.value[LONGHAUL_COLUMN_END_S] <= values[LONGHAUL_COLUMN_START_S];
}

/* Adds one interval: returns 1; 0 if the series ends before it. */
static int take_bare_interval(struct longhaul_reader *r, struct longhaul_series *s)
{
    struct json_text_got got;
    if (json_text_look(&r->text, 0) != '{')
        return 0;
    json_t *value = reader_take_value(r, &got);
    if (value == NULL) {
        warnings_add(&r->warnings, json_text_offset(&r->text), "the intervals break off here, after %zu",
                     longhaul_series_length(s));
        reader_go_to_break(r, &got);
        return 0;
    }
    json_t *interval = as_interval(value);
    bool is_next = begins_anew(s, interval);
    int rc = is_next ? 0 : reader_add_interval(r, s, interval, SCAN_INTERVAL, &got);
    if (is_next)
        r->text.at -= got.length;
    json_decref(interval);
    return rc < 0 ? rc : !is_next;
}

int reader_take_bare(struct longhaul_reader *r, struct longhaul_series **out, struct longhaul_error *err)
{
    struct longhaul_series *s = series_new(r->path, r->options.wants_omitted);
    int rc = s ? 1 : LONGHAUL_ENOMEM;
    reader_warn_skipped(r);
    json_text_take(&r->text, '[');
    while (rc > 0) {
        json_text_blank(&r->text);
        rc = take_bare_interval(r, s);
        if (rc > 0 && !json_text_take(&r->text, ',') && json_text_take(&r->text, ']'))
            break;
    }
    if (rc >= 0)
        rc = 0;
    if (rc == 0 && longhaul_series_length(s) > 0)
        rc = reader_give(r, s, out);
    else
        longhaul_series_free(s);
    return rc < 0 ? reader_failed(r, rc, err) : rc;
}

/* Warns about the text before the document that begins here, and quotes its beginning. */
void reader_warn_skipped(struct longhaul_reader *r)
{
    if (r->skipped > 0)
        warnings_add(&r->warnings, r->skipped_at, "skipped: %llu bytes that belong to no document (%s)",
                     (unsigned long long)r->skipped, r->sample);
    r->skipped = 0;
}

int reader_failed(const struct longhaul_reader *r, int rc, struct longhaul_error *err)
{
    const struct longhaul_read_limits *limits = &r->options.limits;
    if (rc != LONGHAUL_ELIMIT)
        return reader_out_of_memory(r, err);
    if (source_is_over(r->source) == SOURCE_BYTES_OVER)
        return error_set(err, rc, "%s: more than %llu bytes of text, which is the limit (--max-bytes)", r->path,
                         (unsigned long long)limits->max_bytes);
    if (source_is_over(r->source) == SOURCE_IDLE_OVER)
        return error_set(err, rc, "%s: %g s of CPU time without another interval, which is the limit (--max-idle)",
                         r->path, limits->max_idle_s);
    if (r->n_rows > limits->max_rows)
        return error_set(err, rc, "%s: more than %llu intervals, which is the limit (--max-rows)", r->path,
                         (unsigned long long)limits->max_rows);
    return error_set(err, rc, "%s: more than %llu tests, which is the limit (--max-tests)", r->path,
                     (unsigned long long)limits->max_tests);
}
