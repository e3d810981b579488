/* reader.c - opens what iperf3 and longhaul write and hands out its tests: `iperf3 -J` documents, --json-stream lines,
 * journals, results, several in one file, text around them. Maps the file and walks its outer structure, so memory is
 * flat beyond the columns. What is skipped or mended becomes a warning; a file without any test in it is refused. */

#include <longhaul.h>

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "json_text.h"
#include "series.h"

#define MAX_WARNINGS 100         /* of one file; then it says that there are more */
#define RELEASE_BYTES (8u << 20) /* pages of the file that were read are given back in such portions */
#define READ_BYTES (1u << 20)    /* what is no regular file grows by this */

/* Something that happens to many intervals is one warning: how often, and where first. */
struct tally {
    size_t n;
    size_t first_at;
};

struct longhaul_reader {
    char *path;
    struct longhaul_read_options options;
    struct json_text text;
    char *memory;     /* the text: mapped, or allocated */
    size_t mapped;    /* bytes of the mapping; 0 when allocated */
    size_t released;  /* bytes at its beginning that were given back */
    struct longhaul_series *stream; /* the test that event lines are describing */
    bool stream_has_end;
    bool stream_is_broken;
    size_t n_tests;
    size_t rescan_left; /* bytes that may be looked at again for documents inside of other objects */
    size_t skipped_at;  /* text that belongs to no document: where it begins */
    size_t skipped;     /* and how much of it there is */
    struct tally mended, unusable, unreadable;
    char **warnings;
    size_t n_warnings;
};

/* ---- warnings */

static void warn(struct longhaul_reader *r, size_t at, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void warn(struct longhaul_reader *r, size_t at, const char *format, ...)
{
    char what[256], *line;
    va_list args;
    if (r->n_warnings > MAX_WARNINGS)
        return;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    int n = r->n_warnings == MAX_WARNINGS ? asprintf(&line, "byte %zu and after: more of the like", at)
                                          : asprintf(&line, "byte %zu: %s", at, what);
    char **grown = n < 0 ? NULL : realloc(r->warnings, (r->n_warnings + 1) * sizeof *grown);
    if (grown) {
        r->warnings = grown;
        r->warnings[r->n_warnings++] = line;
    } else if (n >= 0) {
        free(line);
    }
}

static void count(struct tally *tally, size_t at)
{
    if (tally->n++ == 0)
        tally->first_at = at;
}

static void warn_tally(struct longhaul_reader *r, struct tally *tally, const char *what)
{
    if (tally->n > 0)
        warn(r, tally->first_at, "%s (%zu in this test)", what, tally->n);
    *tally = (struct tally){ 0 };
}

static void warn_tallies(struct longhaul_reader *r)
{
    warn_tally(r, &r->mended, "mended: nan, inf or bytes that JSON does not have");
    warn_tally(r, &r->unusable, "left out: an interval without bits_per_second");
    warn_tally(r, &r->unreadable, "left out: an interval that is not JSON");
}

/* Says what text lay before the document that comes now, with its beginning. */
static void warn_skipped(struct longhaul_reader *r)
{
    char sample[41];
    size_t n = 0;
    if (r->skipped == 0)
        return;
    for (size_t i = r->skipped_at; i < r->text.size && n < r->skipped && n < sizeof sample - 1; i++)
        sample[n++] = isprint((unsigned char)r->text.bytes[i]) ? r->text.bytes[i] : ' ';
    sample[n] = 0;
    warn(r, r->skipped_at, "skipped: %zu bytes that belong to no document (%s)", r->skipped, sample);
    r->skipped = 0;
}

static void skip_text(struct longhaul_reader *r, size_t from, size_t to)
{
    while (from < to && isspace((unsigned char)r->text.bytes[from]))
        from++;
    if (from >= to)
        return;
    if (r->skipped == 0)
        r->skipped_at = from;
    r->skipped += to - from;
}

/* ---- the file */

static int read_all(struct longhaul_reader *r, int fd, struct longhaul_error *err)
{
    size_t size = 0;
    for (;;) {
        char *grown = realloc(r->memory, size + READ_BYTES);
        if (grown == NULL)
            return error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", r->path);
        r->memory = grown;
        ssize_t n = read(fd, r->memory + size, READ_BYTES);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_errno(err, LONGHAUL_EIO, "%s", r->path);
        if (n == 0)
            break;
        size += (size_t)n;
    }
    r->text = (struct json_text){ .bytes = r->memory, .size = size };
    return 0;
}

static int map_file(struct longhaul_reader *r, int fd, size_t size, struct longhaul_error *err)
{
    void *memory = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (memory == MAP_FAILED)
        return error_errno(err, LONGHAUL_EIO, "%s: cannot be mapped", r->path);
    posix_madvise(memory, size, POSIX_MADV_SEQUENTIAL);
    r->memory = memory;
    r->mapped = size;
    r->text = (struct json_text){ .bytes = memory, .size = size };
    return 0;
}

static int load_file(struct longhaul_reader *r, struct longhaul_error *err)
{
    struct stat st;
    int rc, fd = open(r->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0)
        rc = error_errno(err, LONGHAUL_EIO, "%s", r->path);
    else if (S_ISDIR(st.st_mode))
        rc = error_set(err, LONGHAUL_EIO, "%s: is a folder", r->path);
    else if (S_ISREG(st.st_mode) && st.st_size > 0)
        rc = map_file(r, fd, (size_t)st.st_size, err);
    else
        rc = read_all(r, fd, err);
    if (fd >= 0)
        close(fd);
    return rc;
}

static void unload_file(struct longhaul_reader *r)
{
    if (r->mapped)
        munmap(r->memory, r->mapped);
    else
        free(r->memory);
}

/* Gives back the pages that were read: a day's file would otherwise stay in memory as a whole. */
static void release_read(struct longhaul_reader *r)
{
    if (r->mapped == 0 || r->text.at < r->released + 2 * RELEASE_BYTES)
        return;
    madvise(r->memory + r->released, RELEASE_BYTES, MADV_DONTNEED);
    r->released += RELEASE_BYTES;
}

int longhaul_reader_open(const char *path, const struct longhaul_read_options *options, struct longhaul_reader **out,
                         struct longhaul_error *err)
{
    struct longhaul_reader *r = calloc(1, sizeof *r);
    if (r == NULL || (r->path = strdup(path)) == NULL) {
        free(r);
        return error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", path);
    }
    r->options = options ? *options : (struct longhaul_read_options){ 0 };
    int rc = load_file(r, err);
    if (rc) {
        longhaul_reader_free(r);
        return rc;
    }
    if (r->text.size >= 3 && memcmp(r->text.bytes, "\xef\xbb\xbf", 3) == 0)
        r->text.at = 3;
    r->rescan_left = 4 * r->text.size;
    *out = r;
    return 0;
}

void longhaul_reader_free(struct longhaul_reader *reader)
{
    if (reader == NULL)
        return;
    longhaul_series_free(reader->stream);
    for (size_t i = 0; i < reader->n_warnings; i++)
        free(reader->warnings[i]);
    free(reader->warnings);
    unload_file(reader);
    free(reader->path);
    free(reader);
}

size_t longhaul_reader_n_warnings(const struct longhaul_reader *reader)
{
    return reader->n_warnings;
}

const char *longhaul_reader_warning(const struct longhaul_reader *reader, size_t i)
{
    return i < reader->n_warnings ? reader->warnings[i] : NULL;
}

/* ---- values */

/* One value through Jansson; NULL leaves the text where reading it gave up. */
static json_t *take_value(struct longhaul_reader *r)
{
    bool is_mended = false;
    size_t at = r->text.at, broken_at = at;
    json_t *value = json_text_value(&r->text, &is_mended, &broken_at);
    if (is_mended)
        count(&r->mended, at);
    if (value == NULL)
        r->text.at = broken_at > at ? broken_at : at + 1;
    if (r->text.at > r->text.size)
        r->text.at = r->text.size;
    release_read(r);
    return value;
}

static void give_row(const struct longhaul_reader *r, const struct longhaul_series *s)
{
    double values[LONGHAUL_N_COLUMNS];
    struct longhaul_row row;
    series_last_row(s, r->n_tests, values, &row);
    r->options.on_row(&row, r->options.payload);
}

static int add_interval(struct longhaul_reader *r, struct longhaul_series *s, json_t *interval, size_t at)
{
    enum series_added added = series_add_interval(s, interval);
    if (added == SERIES_UNUSABLE)
        count(&r->unusable, at);
    if (added == SERIES_ADDED && r->options.on_row)
        give_row(r, s);
    return added == SERIES_NO_MEMORY ? LONGHAUL_ENOMEM : 0;
}

/* ---- documents: {"start":..., "intervals":[...], "end":...} */

/* A member was read (1), the text is broken here (0), or there is no memory (negative). */
static int take_interval(struct longhaul_reader *r, struct longhaul_series *s)
{
    size_t at = r->text.at;
    json_t *interval = take_value(r);
    if (interval == NULL) {
        struct json_text ahead = { r->text.bytes, r->text.size, at };
        if (!json_text_skip(&ahead))
            return 0;
        r->text.at = ahead.at;
        count(&r->unreadable, at);
        return 1;
    }
    int rc = add_interval(r, s, interval, at);
    json_decref(interval);
    return rc < 0 ? rc : 1;
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
        int rc = take_interval(r, s);
        if (rc <= 0)
            return rc;
    } while (json_text_take(&r->text, ','));
    return json_text_take(&r->text, ']');
}

static int take_member(struct longhaul_reader *r, struct longhaul_series *s, const char *key)
{
    static const char *const known[] = { "start", "end", "error", "longhaul" };
    size_t i = 0;
    if (strcmp(key, "intervals") == 0)
        return take_intervals(r, s);
    while (i < 4 && strcmp(key, known[i]) != 0)
        i++;
    if (i == 4)
        return json_text_skip(&r->text);
    json_t *value = take_value(r);
    if (value == NULL)
        return 0;
    if (i == 0)
        series_take_start(s, value);
    else if (i == 1)
        series_take_end(s, value);
    else if (i == 2)
        series_take_error(s, value);
    else
        series_take_longhaul(s, value, false);
    json_decref(value);
    return 1;
}

static bool makes_a_document(const char *key)
{
    return strcmp(key, "start") == 0 || strcmp(key, "intervals") == 0 || strcmp(key, "end") == 0;
}

/* Reads the document that begins here, with its brace or without. 1, 0 when it is no document of iperf3's, or negative.
 * One that breaks off is a document, with a warning, and the text stands where it broke. */
static int take_document(struct longhaul_reader *r, struct longhaul_series *s)
{
    char key[32];
    bool is_document = false;
    size_t at = r->text.at;
    int good = 1;
    if (!json_text_take(&r->text, '{'))
        warn(r, at, "mended: the document has no opening brace");
    do {
        if (!json_text_key(&r->text, key, sizeof key)) {
            good = 0;
            break;
        }
        is_document = is_document || makes_a_document(key);
        good = take_member(r, s, key);
    } while (good > 0 && json_text_take(&r->text, ','));
    if (good < 0)
        return good;
    if (is_document && (good == 0 || !json_text_take(&r->text, '}')))
        warn(r, r->text.at, "the document breaks off here, after %zu intervals", longhaul_series_length(s));
    return is_document;
}

/* ---- events: {"event":"interval","data":{...}} in lines */

struct event {
    char name[16];
    json_t *data;
};

/* Is what begins here an event? Some tools sort keys, so "data" may come first. */
static bool is_event(struct json_text text)
{
    char key[16];
    if (!json_text_take(&text, '{') || !json_text_key(&text, key, sizeof key))
        return false;
    if (strcmp(key, "data") == 0)
        return json_text_skip(&text) && json_text_take(&text, ',') && json_text_key(&text, key, sizeof key) &&
               strcmp(key, "event") == 0;
    return strcmp(key, "event") == 0;
}

/* Reads one event. False when it breaks off; the text then stands where it broke. event->data may be NULL. */
static bool take_event(struct longhaul_reader *r, struct event *event)
{
    char key[16];
    json_text_take(&r->text, '{');
    do {
        json_t *value = json_text_key(&r->text, key, sizeof key) ? take_value(r) : NULL;
        if (value == NULL)
            return false;
        if (strcmp(key, "event") == 0 && json_is_string(value)) {
            snprintf(event->name, sizeof event->name, "%s", json_string_value(value));
        } else if (strcmp(key, "data") == 0) {
            json_decref(event->data);
            event->data = json_incref(value);
        }
        json_decref(value);
    } while (json_text_take(&r->text, ','));
    return json_text_take(&r->text, '}');
}

/* Does this event begin another test than the one that the lines before it describe? */
static bool begins_test(const struct longhaul_reader *r, const struct event *event)
{
    if (r->stream == NULL)
        return false;
    if (strcmp(event->name, "longhaul") == 0)
        return true;
    return strcmp(event->name, "start") == 0 && !longhaul_series_info(r->stream)->is_journal &&
           (r->stream_has_end || series_has_start(r->stream) || longhaul_series_length(r->stream) > 0);
}

static int apply_event(struct longhaul_reader *r, const struct event *event, size_t at)
{
    struct longhaul_series *s = r->stream;
    if (strcmp(event->name, "interval") == 0)
        return add_interval(r, s, event->data, at);
    if (strcmp(event->name, "start") == 0)
        series_take_start(s, event->data);
    else if (strcmp(event->name, "longhaul") == 0)
        series_take_longhaul(s, event->data, true);
    else if (strcmp(event->name, "error") == 0)
        series_take_error(s, event->data);
    else if (strcmp(event->name, "end") == 0) {
        series_take_end(s, event->data);
        r->stream_has_end = true;
    }
    return 0;
}

/* Hands out the test that the event lines before described. */
static int give_stream(struct longhaul_reader *r, struct longhaul_series **out)
{
    series_finish(r->stream);
    *out = r->stream;
    r->stream = NULL;
    r->stream_has_end = false;
    r->n_tests++;
    warn_tallies(r);
    return 1;
}

static void pass_line(struct longhaul_reader *r)
{
    const char *end = memchr(r->text.bytes + r->text.at, '\n', r->text.size - r->text.at);
    r->text.at = end ? (size_t)(end - r->text.bytes) : r->text.size;
}

/* Takes one event into the test in progress; 1 and *out when it belongs to the next test, and the text stays before it. */
static int follow_event(struct longhaul_reader *r, struct longhaul_series **out, struct longhaul_error *err)
{
    struct event event = { .data = NULL };
    size_t at = r->text.at;
    int rc = 0;
    if (!take_event(r, &event)) {
        warn(r, at, "left out: a line that breaks off");
        pass_line(r);
    } else if (begins_test(r, &event)) {
        r->text.at = at;
        rc = give_stream(r, out);
    } else {
        if (r->stream == NULL)
            r->stream = series_new(r->path, r->options.with_omitted);
        rc = r->stream ? apply_event(r, &event, at) : LONGHAUL_ENOMEM;
        if (rc < 0)
            error_set(err, rc, "%s: out of memory", r->path);
    }
    json_decref(event.data);
    return rc;
}

/* ---- what comes next */

/* The key "start" with an object, outside of any: a document that lost its opening brace. */
static bool is_braceless(struct json_text text)
{
    char key[16];
    return json_text_key(&text, key, sizeof key) && strcmp(key, "start") == 0 && json_text_take(&text, '{');
}

static bool is_object(struct json_text text)
{
    return json_text_take(&text, '{') && json_text_take(&text, '"');
}

/* Goes to where a document or an event may begin. False when there is none. */
static bool find_object(struct longhaul_reader *r)
{
    static const char start[] = "\"start\"";
    struct json_text *t = &r->text;
    size_t from = t->at;
    for (; t->at < t->size; t->at++) {
        char c = t->bytes[t->at];
        if (c == '{' && is_object(*t))
            break;
        if (c == '"' && t->size - t->at > sizeof start && memcmp(t->bytes + t->at, start, sizeof start - 1) == 0 &&
            is_braceless(*t))
            break;
    }
    skip_text(r, from, t->at);
    return t->at < t->size;
}

/* An object that is no document of iperf3's, from at to the text's position: looks inside of it, or leaves it out. */
static void skip_object(struct longhaul_reader *r, size_t at)
{
    size_t size = r->text.at - at;
    if (size <= r->rescan_left) {
        r->rescan_left -= size;
        r->text.at = at + 1;
    }
    skip_text(r, at, r->text.at);
}

static int follow_document(struct longhaul_reader *r, struct longhaul_series **out, struct longhaul_error *err)
{
    struct longhaul_series *s = series_new(r->path, r->options.with_omitted);
    size_t at = r->text.at;
    int rc = s ? take_document(r, s) : LONGHAUL_ENOMEM;
    if (rc > 0) {
        warn_skipped(r);
        warn_tallies(r);
        series_finish(s);
        r->n_tests++;
        *out = s;
        return 1;
    }
    longhaul_series_free(s);
    if (rc < 0)
        return error_set(err, rc, "%s: out of memory", r->path);
    r->mended = r->unusable = r->unreadable = (struct tally){ 0 };
    skip_object(r, at);
    return 0;
}

static int finish(struct longhaul_reader *r, struct longhaul_series **out, struct longhaul_error *err)
{
    if (r->stream)
        return give_stream(r, out);
    if (r->n_tests > 0) {
        warn_skipped(r);
        return 0;
    }
    if (r->text.size == 0)
        return error_set(err, LONGHAUL_EFORMAT, "%s: is empty", r->path);
    return error_set(err, LONGHAUL_EFORMAT, "%s: nothing in it that iperf3 or longhaul writes", r->path);
}

int longhaul_reader_next(struct longhaul_reader *reader, struct longhaul_series **out, struct longhaul_error *err)
{
    int rc = 0;
    while (rc == 0 && find_object(reader)) {
        if (is_event(reader->text)) {
            rc = follow_event(reader, out, err);
            warn_skipped(reader);
        } else if (reader->stream) {
            return give_stream(reader, out);
        } else {
            rc = follow_document(reader, out, err);
        }
    }
    return rc ? rc : finish(reader, out, err);
}
