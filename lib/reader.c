/* reader.c - opens what iperf3 and longhaul write and hands out its tests: `iperf3 -J` documents, --json-stream lines,
 * journals, results, several in one file, text around them. Finds where in the text the next one begins, through a window, so that
 * memory is flat beyond the columns; reader_take.c takes it. What is skipped becomes a warning; a file without any test in it
 * is refused. */

#include "reader.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reader_inside.h"

/* ---- warnings */

/* Says what text lay before the document that comes now, with its beginning. */
void reader_warn_skipped(struct longhaul_reader *r)
{
    if (r->skipped > 0)
        warnings_add(&r->warnings, r->skipped_at, "skipped: %llu bytes that belong to no document (%s)",
                     (unsigned long long)r->skipped, r->sample);
    r->skipped = 0;
}

/* Reads on over one byte that belongs to no document. White space before others does not count. */
static void skip_byte(struct longhaul_reader *r)
{
    unsigned char c = (unsigned char)*json_text_here(&r->text);
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
    if (!json_text_init(&r->text, r->source) || (r->scan = scan_new()) == NULL)
        return reader_out_of_memory(r, err);
    for (size_t i = 0; i < 3 && json_text_look(&r->text, i) == (unsigned char)"\xef\xbb\xbf"[i]; i++)
        if (i == 2)
            r->text.at = 3;
    return 0;
}

static struct longhaul_reader *new_reader(const char *path, const struct reader_options *options)
{
    struct longhaul_reader *r = calloc(1, sizeof *r);
    if (r == NULL || (r->path = strdup(path)) == NULL) {
        free(r);
        return NULL;
    }
    r->options.with_omitted = options && options->with_omitted;
    r->is_scanning = !(options && options->no_scan);
    return r;
}

/* Takes r over when opening failed. */
static int finish_opening(struct longhaul_reader *r, int rc, struct longhaul_reader **out)
{
    if (rc == 0)
        *out = r;
    else
        longhaul_reader_free(r);
    return rc;
}

int reader_open_memory(const void *bytes, size_t size, const struct reader_options *options, struct longhaul_reader **out,
                       struct longhaul_error *err)
{
    struct longhaul_reader *r = new_reader("memory", options);
    if (r == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "out of memory");
    int rc = source_open_memory(bytes, size, &r->source, err);
    return finish_opening(r, rc ? rc : begin(r, err), out);
}

int reader_open_file(const char *path, const struct reader_options *options, struct longhaul_reader **out, struct longhaul_error *err)
{
    struct longhaul_reader *r = new_reader(path, options);
    if (r == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", path);
    int rc = source_open(path, &r->source, err);
    return finish_opening(r, rc ? rc : begin(r, err), out);
}

int longhaul_reader_open(const char *path, const struct longhaul_read_options *options, struct longhaul_reader **out,
                         struct longhaul_error *err)
{
    struct longhaul_reader *r = new_reader(path, &(struct reader_options){ .with_omitted = options && options->with_omitted });
    if (r == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", path);
    r->options = options ? *options : (struct longhaul_read_options){ 0 };
    int rc = source_open(path, &r->source, err);
    if (rc == 0 && !r->options.no_cache && r->options.on_row == NULL) /* rows are handed out in the order of the file */
        r->cache = cache_open(path, source_fd(r->source), r->options.with_omitted, &r->warnings);
    if (rc == 0 && !(r->cache && cache_is_loaded(r->cache)))
        rc = begin(r, err);
    return finish_opening(r, rc, out);
}

void longhaul_reader_free(struct longhaul_reader *reader)
{
    if (reader == NULL)
        return;
    cache_free(reader->cache);
    longhaul_series_free(reader->stream);
    longhaul_series_free(reader->other);
    warnings_free(&reader->warnings);
    scan_free(reader->scan);
    json_text_clear(&reader->text);
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

size_t reader_n_scanned(const struct longhaul_reader *reader)
{
    return reader->n_scanned;
}

/* ---- what comes next */

enum kind { KIND_NONE, KIND_DOCUMENT, KIND_EVENT };

/* Is a member of this name and kind of value a document's? */
static bool makes_a_document(struct json_text *text, const char *key, size_t i)
{
    if (strcmp(key, "intervals") == 0)
        return json_text_look_for(text, &i, '[');
    return (strcmp(key, "start") == 0 || strcmp(key, "end") == 0) && json_text_look_for(text, &i, '{');
}

/* What the object that begins here is, by its keys. Some tools sort them, so "data" may come before "event". */
static enum kind kind_of_object(struct json_text *text)
{
    char key[16], before[16] = "";
    size_t i = 0;
    if (!json_text_look_for(text, &i, '{'))
        return KIND_NONE;
    for (size_t n = 0; json_text_look_key(text, &i, key, sizeof key); n++) {
        if (makes_a_document(text, key, i))
            return KIND_DOCUMENT;
        if (strcmp(key, "event") == 0 && (n == 0 || (n == 1 && strcmp(before, "data") == 0)))
            return KIND_EVENT;
        memcpy(before, key, sizeof key);
        if (!json_text_look_value(text, &i) || !json_text_look_for(text, &i, ','))
            break;
    }
    return KIND_NONE;
}

/* The key "start" with an object, outside of any: a document that lost its opening brace. */
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

/* Goes to where a document or an event begins. */
static enum kind find_next(struct longhaul_reader *r)
{
    struct json_text *t = &r->text;
    for (int c; (c = json_text_look(t, 0)) >= 0; skip_byte(r)) {
        enum kind kind = KIND_NONE;
        if (c == '{')
            kind = kind_of_object(t);
        else if (c == '"' && is_braceless(t))
            kind = KIND_DOCUMENT;
        if (kind != KIND_NONE)
            return kind;
    }
    return KIND_NONE;
}

static int finish(struct longhaul_reader *r, struct longhaul_series **out, struct longhaul_error *err)
{
    const char *fault = source_fault(r->source);
    if (r->stream)
        return reader_give_stream(r, out);
    if (r->n_tests > 0) {
        reader_warn_skipped(r);
        if (fault[0] && !r->has_ended)
            warnings_add(&r->warnings, json_text_offset(&r->text), "the text ends here: %s", fault);
        r->has_ended = true;
        return 0;
    }
    if (fault[0])
        return error_set(err, LONGHAUL_EFORMAT, "%s: %s", r->path, fault);
    if (json_text_offset(&r->text) == 0)
        return error_set(err, LONGHAUL_EFORMAT, "%s: is empty", r->path);
    return error_set(err, LONGHAUL_EFORMAT, "%s: nothing in it that iperf3 or longhaul writes", r->path);
}

/* The next test of the text. */
static int read_next(struct longhaul_reader *r, struct longhaul_series **out, struct longhaul_error *err)
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
        if (kind == KIND_DOCUMENT && r->stream)
            return reader_give_stream(r, out);
        rc = kind == KIND_EVENT ? reader_take_event(r, out, err) : reader_take_document(r, out, err);
        reader_warn_skipped(r);
    }
    return rc;
}

int longhaul_reader_next(struct longhaul_reader *reader, struct longhaul_series **out, struct longhaul_error *err)
{
    if (reader->cache && cache_is_loaded(reader->cache))
        return cache_next(reader->cache, out);
    int rc = read_next(reader, out, err);
    if (reader->cache && rc > 0)
        cache_add(reader->cache, *out);
    if (reader->cache && rc == 0 && source_fault(reader->source)[0] == 0)
        cache_commit(reader->cache, &reader->warnings);
    return rc;
}
