/* result_check.h - is what was written what was to be written? */
#ifndef RESULT_CHECK_H
#define RESULT_CHECK_H

#include <jansson.h>
#include <longhaul.h>

/* What a result's reader must find in it. Begin with zeros. */
struct result_check {
    uint64_t n_rows;     /* that the reader takes */
    uint64_t n_unusable; /* that it leaves out with a warning */
    uint64_t hash;       /* of the rows' figures */
    size_t n_segments, n_gaps;
    json_t *end;         /* borrowed */
};

/* A row that is being written. */
void result_check_row(struct result_check *check, const json_t *interval);
/* A gap that is being written. */
void result_check_gap(struct result_check *check, const json_t *gap);

/* Reads the file at path with the product's own reader and holds rows, sums, sessions and gaps against what was to be
 * written. name, the file's to be, is for the message. */
int result_check_file(const struct result_check *check, const char *path, const char *name, struct longhaul_error *err);

/* How many intervals a result holds; 0 when it is not there or cannot be read. */
size_t result_count_rows(const char *path);

#endif
