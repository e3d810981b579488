/* reader.c - opens what iperf3 and longhaul write and returns its tests: `iperf3 -J` documents, --json-stream lines,
 * journals, results, several in one file, with other text around them. Finds where the next test begins, through a
 * window, so that memory stays constant apart from the columns; reader_take.c reads it. Skipped text becomes a warning;
 * a file without any test is refused. */

#include "read/reader.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read/reader_inside.h"

#define MOST_SUM_KEYS 16 /* of an interval's sum that are looked at */

/* ---- warnings */

/* Skips one byte that belongs to no document. White space before others does not count; nor does what is around strings
 * that are read. */
static void skip_byte(struct longhaul_reader *r)
{
    unsigned char c = (unsigned char)*json_text_here(&r->text);
    if (r->n_line < sizeof r->line)
        r->line[r->n_line] = (char)c;
    r->n_line = c == '\n' ? 0 : r->n_line < sizeof r->line ? r->n_line + 1 : r->n_line;
    if (r->is_inside) {
        r->text.at++;
        return;
    }
    if (r->skipped == 0 && !isspace(c))
        r->skipped_at = json_text_offset(&r->text);
    if (r->skipped > 0 || !isspace(c)) {
        if (r->skipped < sizeof r->sample - 1) {
            r->sample[r->skipped] = (char)(isprint(c) ? c : ' ');
            r->sample[r->skipped + 1] = 0;
        }
        r->skipped++;
    }
    r->text.at++;
}

/* ---- opening */

/* Begins to read r->source. */
static int begin(struct longhaul_reader *r, struct longhaul_error *err)
{
    if ((r->unwrap = unwrap_new(r->source)) == NULL || !json_text_init(&r->text, r->unwrap) ||
        (r->scan = scan_new()) == NULL)
        return reader_out_of_memory(r, err);
    source_limit(r->source, r->options.limits.max_bytes, r->options.limits.max_idle_s, &r->progress);
    for (size_t i = 0; i < 3 && json_text_look(&r->text, i) == (unsigned char)"\xef\xbb\xbf"[i]; i++)
        if (i == 2)
            r->text.at = 3;
    return 0;
}

static void set_limits(struct longhaul_read_limits *limits)
{
    limits->max_bytes = limits->max_bytes ? limits->max_bytes : LONGHAUL_DEFAULT_MAX_BYTES;
    limits->max_rows = limits->max_rows ? limits->max_rows : LONGHAUL_DEFAULT_MAX_ROWS;
    limits->max_tests = limits->max_tests ? limits->max_tests : LONGHAUL_DEFAULT_MAX_TESTS;
    limits->max_idle_s = limits->max_idle_s > 0 ? limits->max_idle_s : LONGHAUL_DEFAULT_MAX_IDLE_S;
}

static struct longhaul_reader *new_reader(const char *path, const struct reader_options *options)
{
    struct longhaul_reader *r = calloc(1, sizeof *r);
    if (r == NULL || (r->path = strdup(path)) == NULL) {
        free(r);
        return NULL;
    }
    r->options.wants_omitted = options && options->with_omitted;
    set_limits(&r->options.limits);
    r->is_bare = true;
    r->is_scanning = !(options && options->no_scan);
    return r;
}

/* Frees r if opening failed. */
static int finish_opening(struct longhaul_reader *r, int rc, struct longhaul_reader **out)
{
    if (rc == 0)
        *out = r;
    else
        longhaul_reader_free(r);
    return rc;
}

int reader_open_memory(const void *bytes, size_t size, const struct reader_options *options,
                       struct longhaul_reader **out, struct longhaul_error *err)
{
    struct longhaul_reader *r = new_reader("memory", options);
    if (r == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "out of memory");
    int rc = source_open_memory(bytes, size, &r->source, err);
    return finish_opening(r, rc ? rc : begin(r, err), out);
}

int longhaul_reader_open(const char *path, const struct longhaul_read_options *options, struct longhaul_reader **out,
                         struct longhaul_error *err)
{
    struct longhaul_reader *r =
        new_reader(path, &(struct reader_options){ .with_omitted = options && options->wants_omitted });
    if (r == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", path);
    r->options = options ? *options : (struct longhaul_read_options){ 0 };
    set_limits(&r->options.limits);
    int rc = source_open(path, &r->source, err);
    return finish_opening(r, rc ? rc : begin(r, err), out);
}

void longhaul_reader_free(struct longhaul_reader *reader)
{
    if (reader == NULL)
        return;
    for (size_t i = 0; i < reader->n_streams; i++)
        longhaul_series_free(reader->streams[i].series);
    longhaul_series_free(reader->other);
    copies_free(reader->copies);
    warnings_free(&reader->warnings);
    scan_free(reader->scan);
    json_text_clear(&reader->text);
    unwrap_free(reader->unwrap);
    source_free(reader->source);
    free(reader->path);
    free(reader);
}

size_t longhaul_reader_n_warnings(const struct longhaul_reader *reader)
{
    return reader->warnings.n;
}

const char *longhaul_reader_warning(const struct longhaul_reader *reader, size_t i)
{
    return i < reader->warnings.n ? reader->warnings.lines[i] : NULL;
}

bool reader_has_read_fault(const struct longhaul_reader *reader)
{
    return source_has_read_fault(reader->source);
}

size_t reader_n_scanned(const struct longhaul_reader *reader)
{
    return reader->n_scanned;
}

/* ---- what comes next */

enum kind { KIND_NONE, KIND_DOCUMENT, KIND_EVENT, KIND_BARE };

/* True if a member with this name and kind of value belongs to a document. */
static bool makes_a_document(struct json_text *text, const char *key, size_t i)
{
    if (strcmp(key, "intervals") == 0)
        return json_text_look_for(text, &i, '[');
    return (strcmp(key, "start") == 0 || strcmp(key, "end") == 0) && json_text_look_for(text, &i, '{');
}

/* The name of an event: some lower-case letters. Other values of a log's key "event" do not count. */
static bool is_event_name(struct json_text *text, size_t i)
{
    static const char usual[] = "interval\"";
    int c;
    if (!json_text_look_for(text, &i, '"'))
        return false;
    if (json_text_left(text) >= i + sizeof usual - 1 && memcmp(json_text_here(text) + i, usual, sizeof usual - 1) == 0)
        return true;
    while ((c = json_text_look(text, i)) >= 0 && (islower(c) || c == '_'))
        i++;
    return c < 0 || c == '"';
}

/* What kind of object begins here, according to its keys. Some tools sort them, so "data" may come before "event". */
static enum kind kind_of_object(struct json_text *text)
{
    char key[16], before[16] = "";
    size_t i = 0;
    if (!json_text_look_for(text, &i, '{'))
        return KIND_NONE;
    for (size_t n = 0; json_text_look_key(text, &i, key, sizeof key); n++) {
        if (makes_a_document(text, key, i))
            return KIND_DOCUMENT;
        if (strcmp(key, "event") == 0 && (n == 0 || (n == 1 && strcmp(before, "data") == 0)) && is_event_name(text, i))
            return KIND_EVENT;
        memcpy(before, key, sizeof key);
        if (!json_text_look_value(text, &i) || !json_text_look_for(text, &i, ','))
            break;
    }
    return KIND_NONE;
}

/* True for the key "start" with an object, outside any object: a document that lost its opening brace. */
static bool is_braceless(struct json_text *text)
{
    static const char start[] = "\"start\"";
    char key[16];
    size_t i = 0;
    for (size_t k = 0; k < sizeof start - 1; k++)
        if (json_text_look(text, k) != start[k])
            return false;
    return json_text_look_key(text, &i, key, sizeof key) && json_text_look_for(text, &i, '{');
}

/* True if the object at the distance i is an interval without a document, or the sum of one. */
static bool is_bare_interval(struct json_text *text, size_t i)
{
    char key[24];
    bool has_start = false;
    if (!json_text_look_for(text, &i, '{'))
        return false;
    for (size_t n = 0; n < MOST_SUM_KEYS && json_text_look_key(text, &i, key, sizeof key); n++) {
        size_t value = i;
        if ((strcmp(key, "streams") == 0 && json_text_look_for(text, &value, '[')) ||
            (strcmp(key, "sum") == 0 && json_text_look_for(text, &value, '{')) ||
            (strcmp(key, "bits_per_second") == 0 && has_start))
            return true;
        has_start = has_start || strcmp(key, "start") == 0;
        if (!json_text_look_value(text, &i) || !json_text_look_for(text, &i, ','))
            break;
    }
    return false;
}

/* Applies only if a file has nothing else: after a document that broke off, they are the rest of it. */
static bool is_bare(struct longhaul_reader *r, int c)
{
    size_t i = 0;
    if (!r->is_bare || r->n_streams > 0 || (c == '[' && !json_text_look_for(&r->text, &i, '[')))
        return false;
    return is_bare_interval(&r->text, i);
}

/* What begins here. */
static enum kind kind_of(struct longhaul_reader *r, int c)
{
    enum kind kind = KIND_NONE;
    if (c == '{')
        kind = kind_of_object(&r->text);
    else if (c == '"' && is_braceless(&r->text))
        kind = KIND_DOCUMENT;
    return kind == KIND_NONE && (c == '{' || c == '[') && is_bare(r, c) ? KIND_BARE : kind;
}

/* Goes to the beginning of the next document or event. */
static enum kind find_next(struct longhaul_reader *r)
{
    for (int c; (c = json_text_look(&r->text, 0)) >= 0; skip_byte(r)) {
        if (c != '{' && c != '"' && c != '[' && c != 0x1b)
            continue;
        enum kind kind = kind_of(r, c);
        while (reader_unwrap(r, kind != KIND_NONE) && (c = json_text_look(&r->text, 0)) >= 0)
            kind = kind_of(r, c);
        if (kind != KIND_NONE || c < 0)
            return kind;
    }
    return KIND_NONE;
}

/* ---- the end */

static void warn_left_out(struct longhaul_reader *r)
{
    uint64_t n = unwrap_n_left_out(r->unwrap);
    if (n > 0 && !r->has_ended)
        warnings_add(&r->warnings, json_text_offset(&r->text), "left out: %llu lines of other programs in between",
                     (unsigned long long)n);
}

/* The text has ended. */
static int finish(struct longhaul_reader *r, struct longhaul_series **out, struct longhaul_error *err)
{
    const char *fault = source_fault(r->source);
    int rc = 0;
    while (rc == 0 && r->n_streams > 0)
        rc = reader_give_stream(r, out);
    if (rc != 0)
        return rc < 0 ? reader_failed(r, rc, err) : rc;
    if (unwrap_is_out_of_memory(r->unwrap) || r->text.has_failed)
        return reader_out_of_memory(r, err);
    if (source_is_over(r->source) != SOURCE_WITHIN)
        return reader_failed(r, LONGHAUL_ELIMIT, err);
    if (r->n_tests > 0) {
        reader_warn_skipped(r);
        warn_left_out(r);
        if (fault[0] && !r->has_ended)
            warnings_add(&r->warnings, json_text_offset(&r->text), "the text ends here: %s", fault);
        r->has_ended = true;
        return 0;
    }
    if (fault[0])
        return error_set(err, LONGHAUL_EFORMAT, "%s: %s", r->path, fault);
    if (json_text_offset(&r->text) == 0)
        return error_set(err, LONGHAUL_EFORMAT, "%s: is empty", r->path);
    return error_set(err, LONGHAUL_EFORMAT, "%s: contains nothing that iperf3 or longhaul writes", r->path);
}

static int take(struct longhaul_reader *r, enum kind kind, struct longhaul_series **out, struct longhaul_error *err)
{
    r->n_line = 0;
    switch (kind) {
    case KIND_EVENT: return reader_take_event(r, out, err);
    case KIND_BARE: return reader_take_bare(r, out, err);
    default: return reader_take_document(r, out, err);
    }
}

/* The next test of the text. */
int longhaul_reader_next(struct longhaul_reader *r, struct longhaul_series **out, struct longhaul_error *err)
{
    int rc = 0;
    if (r->other) {
        *out = r->other;
        r->other = NULL;
        return 1;
    }
    while (rc == 0) {
        enum kind kind = find_next(r);
        if (kind == KIND_NONE)
            return finish(r, out, err);
        r->is_bare = r->is_bare && kind == KIND_BARE;
        if (kind == KIND_DOCUMENT && r->n_streams > 0) {
            rc = reader_give_stream(r, out);
            if (rc < 0)
                return reader_failed(r, rc, err);
            continue;
        }
        rc = take(r, kind, out, err);
        reader_warn_skipped(r);
    }
    return rc;
}
