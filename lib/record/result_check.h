/* result_check.h - checks that a result contains what it should. */
#ifndef RESULT_CHECK_H
#define RESULT_CHECK_H

#include <jansson.h>
#include <longhaul.h>

/* What a reader must find in a result. Starts with zeros. */
struct result_check {
    uint64_t n_rows;     /* that the reader accepts */
    uint64_t n_unusable; /* that it drops with a warning */
    uint64_t hash;       /* of the rows' figures */
    size_t n_segments, n_gaps;
    json_t *end;         /* borrowed */
};

/* Adds a row that is being written. */
void result_check_row(struct result_check *check, const json_t *interval);
/* Adds a gap that is being written. */
void result_check_gap(struct result_check *check, const json_t *gap);

/* Reads the file at path with the reader that reports use, and compares rows, sums, sessions and gaps with what should
 * be there. name, the file's later name, is for the message. */
int result_check_file(const struct result_check *check, const char *path, const char *name, struct longhaul_error *err);

/* How many intervals a result holds; 0 if it does not exist or cannot be read. */
size_t result_count_rows(const char *path);

#endif
