/* reader_inside.h - what reader.c and reader_take.c share: a reader. */
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

#define READER_MOST_STREAMS 16 /* tests that event lines describe at the same time */
#define READER_LINE_SIZE 1024

/* A test that event lines are describing. */
struct stream {
    struct longhaul_series *series;
    bool has_end;
    uint64_t sockets[16]; /* a bit for each that its "start" names */
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
    struct longhaul_series *other;  /* the other direction of the test that was handed out last */
    struct stream streams[READER_MOST_STREAMS]; /* by their beginnings */
    size_t n_streams;
    char stream_cookie[64];         /* of the last test that event lines described: its document may follow */
    size_t n_tests;
    uint64_t n_rows;
    uint64_t progress; /* grows with rows, and with tests that have something */
    bool is_bare;   /* all tests so far are intervals without a document */
    bool is_inside; /* the text is what was in strings of other JSON: what is around it is not iperf3's */
    bool has_ended; /* and what there was to say of the end was said */
    char line[READER_LINE_SIZE]; /* what stands before here on its line, and belongs to no document */
    size_t n_line;               /* more than its size: too long to be kept */
    uint64_t skipped_at; /* text that belongs to no document: where it begins */
    uint64_t skipped;    /* and how much of it there is */
    char sample[41];     /* its beginning */
    bool is_in_server_output; /* a document within the document */
    struct tally mended, unusable, unreadable, strays;
    struct copies *copies; /* tests that were handed out */
    struct warnings warnings;
};

static inline int reader_out_of_memory(const struct longhaul_reader *r, struct longhaul_error *err)
{
    return error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", r->path);
}

/* What went wrong, and was not said yet: a negative code. */
int reader_failed(const struct longhaul_reader *r, int rc, struct longhaul_error *err);

/* reader.c: says what text lay before the document that comes now, with its beginning. */
void reader_warn_skipped(struct longhaul_reader *r);

/* reader_wrap.c: is the document that begins here, or would begin here, wrapped in something? Then that is taken off
 * from here on, and what begins here is to be looked at anew. is_known: as it is, a document or an event
 * begins here. */
bool reader_unwrap(struct longhaul_reader *r, bool is_known);
/* Reading gave up so many bytes behind here: is there a line of something else, as a warning that was written
 * meanwhile? Then such lines are left out from here on, and it is to be read anew. */
bool reader_drop_strays(struct longhaul_reader *r, size_t broken);

/* reader_take.c. 1 and *out when a test is complete, 0 when there is more to read, negative for an error. */
/* The document that begins here, with its brace or without. */
int reader_take_document(struct longhaul_reader *r, struct longhaul_series **out, struct longhaul_error *err);
/* The intervals that stand here without a document, in a list or one behind the other. */
int reader_take_bare(struct longhaul_reader *r, struct longhaul_series **out, struct longhaul_error *err);
/* Hands out a test that was read as a whole: 1, or negative for an error. Takes it over. */
int reader_give(struct longhaul_reader *r, struct longhaul_series *s, struct longhaul_series **out);
/* One value through Jansson; NULL leaves the text where it is. */
json_t *reader_take_value(struct longhaul_reader *r, struct json_text_got *got);
/* Reads the interval that begins here by the fast path: 1, 0 when it is declined, negative for an error. */
int reader_scan_interval(struct longhaul_reader *r, struct longhaul_series *s, enum scan_root root);
/* Adds an interval that Jansson has read, out of the bytes right before here; learns its layout. */
int reader_add_interval(struct longhaul_reader *r, struct longhaul_series *s, const json_t *data, enum scan_root root,
                        const struct json_text_got *got);
/* Of an object that was just read and has keys twice: the object in which the second ones are the other direction's, as
 * iperf3 3.7 to 3.10 write with --bidir; a reference of the caller's. NULL when they are not. object is the value, or
 * its member of that name, which is then to be taken out of the result too. */
json_t *reader_other_direction(struct longhaul_reader *r, const json_t *object, const char *member,
                               const struct json_text_got *got);

/* reader_events.c. The same. */
/* The event line that begins here: into the test that it belongs to. When a test is complete by that, it is handed out,
 * and the text stays before it. */
int reader_take_event(struct longhaul_reader *r, struct longhaul_series **out, struct longhaul_error *err);
/* Hands out the oldest test that the event lines before described. */
int reader_give_stream(struct longhaul_reader *r, struct longhaul_series **out);

#endif
