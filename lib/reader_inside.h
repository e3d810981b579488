/* reader_inside.h - what reader.c and reader_take.c share: a reader. */
#ifndef READER_INSIDE_H
#define READER_INSIDE_H

#include "cache.h"
#include "error.h"
#include "json_text.h"
#include "reader.h"
#include "scan.h"
#include "series.h"
#include "warnings.h"

struct longhaul_reader {
    char *path;
    struct longhaul_read_options options;
    bool is_scanning;
    struct source *source;
    struct json_text text;
    uint64_t intervals_at; /* where the first interval of the test began */
    struct scan *scan;
    size_t n_scanned;
    struct cache *cache;            /* what is read comes from it, or goes to it; NULL when there is none */
    struct longhaul_series *other;  /* the other direction of the test that was handed out last */
    struct longhaul_series *stream; /* the test that event lines are describing */
    bool stream_has_end;
    char stream_cookie[64];         /* of the last test that event lines described: its document may follow */
    size_t n_tests;
    bool has_ended; /* and what there was to say of the end was said */
    uint64_t skipped_at; /* text that belongs to no document: where it begins */
    uint64_t skipped;    /* and how much of it there is */
    char sample[41];     /* its beginning */
    bool is_in_server_output; /* a document within the document */
    struct tally mended, unusable, unreadable;
    struct warnings warnings;
};

static inline int reader_out_of_memory(const struct longhaul_reader *r, struct longhaul_error *err)
{
    return error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", r->path);
}

/* reader.c: says what text lay before the document that comes now, with its beginning. */
void reader_warn_skipped(struct longhaul_reader *r);

/* reader_take.c. 1 and *out when a test is complete, 0 when there is more to read, negative for an error. */
/* The document that begins here, with its brace or without. */
int reader_take_document(struct longhaul_reader *r, struct longhaul_series **out, struct longhaul_error *err);
/* The event line that begins here: into the test that such lines are describing. When it belongs to the next one, that is handed out,
 * and the text stays before it. */
int reader_take_event(struct longhaul_reader *r, struct longhaul_series **out, struct longhaul_error *err);
/* Hands out the test that the event lines before described. */
int reader_give_stream(struct longhaul_reader *r, struct longhaul_series **out);

#endif
