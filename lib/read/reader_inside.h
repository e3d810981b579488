/* reader_inside.h - a reader, shared by the parts of it. */
#ifndef READER_INSIDE_H
#define READER_INSIDE_H

#include "base/error.h"
#include "read/copies.h"
#include "read/json_text.h"
#include "read/reader.h"
#include "read/scan.h"
#include "read/series.h"
#include "read/unwrap.h"
#include "read/warnings.h"

#define READER_MOST_STREAMS 16 /* tests that event lines may describe at the same time */
#define READER_LINE_SIZE 1024

/* A test that event lines are describing. */
struct stream {
    struct longhaul_series *series;
    bool has_end;
    uint64_t sockets[16]; /* one bit for each socket in its "start" */
    double start_unix_s;
};

struct longhaul_reader {
    char *path;
    struct longhaul_read_options options;
    bool is_scanning;
    struct source *source;
    struct unwrap *unwrap; /* between source and text */
    struct json_text text;
    uint64_t intervals_at; /* where the first interval of the test began */
    struct scan *scan;
    size_t n_scanned;
    struct longhaul_series *other;  /* the other direction of the test that was returned last */
    struct stream streams[READER_MOST_STREAMS]; /* sorted by their beginnings */
    size_t n_streams;
    char stream_cookie[64];         /* of the last test that event lines described: its document may follow */
    size_t n_tests;
    uint64_t n_rows;
    uint64_t progress; /* grows with rows, and with tests that have content */
    bool is_bare;   /* all tests so far are intervals without a document */
    bool is_inside; /* the text comes from strings of other JSON: what is around it is not iperf3's */
    bool has_ended; /* and the warnings about the end were added */
    char line[READER_LINE_SIZE]; /* what precedes the current position on its line, and belongs to no document */
    size_t n_line;               /* greater than its size if it is too long to be kept */
    uint64_t skipped_at; /* where text that belongs to no document begins */
    uint64_t skipped;    /* its length */
    char sample[41];     /* its beginning */
    bool is_in_server_output; /* inside a document within a document */
    struct tally mended, unusable, unreadable, strays;
    struct copies *copies; /* tests that were returned */
    struct warnings warnings;
};

static inline int reader_out_of_memory(const struct longhaul_reader *r, struct longhaul_error *err)
{
    return error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", r->path);
}

/* Reports an error, a negative code, unless it was reported already. */
int reader_failed(const struct longhaul_reader *r, int rc, struct longhaul_error *err);

/* reader.c: warns about the text before the document that begins here, and quotes its beginning. */
void reader_warn_skipped(struct longhaul_reader *r);

/* reader_wrap.c: returns true if the document that begins here, or would begin here, is wrapped in something, which is
 * removed from here on; then the caller must look again at what begins here. is_known: a document or an event begins
 * here as it is. */
bool reader_unwrap(struct longhaul_reader *r, bool is_known);
/* Reading failed this many bytes after the current position. Returns true if there is a line of another program, such
 * as a warning: such lines are removed from here on, and the caller must read again. */
bool reader_drop_strays(struct longhaul_reader *r, size_t broken);

/* reader_values.c. */
/* Reads one value with Jansson; NULL leaves the text where it is. */
json_t *reader_take_value(struct longhaul_reader *r, struct json_text_got *got);
/* These do the same as json_text_take() and json_text_key(), but skip lines of other programs. */
bool reader_take_sign(struct longhaul_reader *r, char c);
bool reader_take_key(struct longhaul_reader *r, char *key, size_t size);
/* Goes to where reading a value failed: after the wrong byte, or before it if a document may begin there. */
void reader_go_to_break(struct longhaul_reader *r, const struct json_text_got *got);

/* reader_take.c. They return 1 and *out if a test is complete, 0 if there is more to read, negative for an error. */
/* Takes the document that begins here, with or without its brace. */
int reader_take_document(struct longhaul_reader *r, struct longhaul_series **out, struct longhaul_error *err);
/* Takes the intervals that stand here without a document, in a list or one after the other. */
int reader_take_bare(struct longhaul_reader *r, struct longhaul_series **out, struct longhaul_error *err);
/* Returns a test that was read completely: 1, or negative for an error. Takes ownership of it. */
int reader_give(struct longhaul_reader *r, struct longhaul_series *s, struct longhaul_series **out);
/* Reads the interval that begins here by the fast path: 1, 0 if that declines it, negative for an error. */
int reader_scan_interval(struct longhaul_reader *r, struct longhaul_series *s, enum scan_root root);
/* Adds an interval that Jansson has read from the bytes just before the current position; learns its layout. */
int reader_add_interval(struct longhaul_reader *r, struct longhaul_series *s, const json_t *data, enum scan_root root,
                        const struct json_text_got *got);
/* For an object that was just read and has repeated keys: the object in which the second ones are the other
 * direction's, as iperf3 3.7 to 3.10 write with --bidir; the caller owns the reference. NULL if they are not. object is
 * the value, or its member of that name, which must then also be taken from the result. */
json_t *reader_other_direction(struct longhaul_reader *r, const json_t *object, const char *member,
                               const struct json_text_got *got);

/* reader_longhaul.c: takes the object "longhaul" of a result: 1, or 0 if the text is broken in it. */
int reader_take_longhaul(struct longhaul_reader *r, struct longhaul_series *s);

/* reader_events.c, with the same return values as those of reader_take.c. */
/* Adds the event line that begins here to its test. If that completes a test, returns the test and leaves the text
 * before the line. */
int reader_take_event(struct longhaul_reader *r, struct longhaul_series **out, struct longhaul_error *err);
/* Returns the oldest test that event lines have described. */
int reader_give_stream(struct longhaul_reader *r, struct longhaul_series **out);

#endif
