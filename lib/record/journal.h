/* journal.h - the append-only record of a run, one JSON object per line. */
#ifndef JOURNAL_H
#define JOURNAL_H

#include <jansson.h>
#include <longhaul.h>

#define JOURNAL_FORMAT 1 /* of the journal and of the result's "longhaul" object */

struct journal;

/* Makes <dir>/<stem>.journal, and the folder. LONGHAUL_EBUSY when it, or <stem>.json, is already there. */
int journal_create(const char *dir, const char *stem, struct journal **out, struct longhaul_error *err);

/* Opens one that was left behind; a link is not followed. LONGHAUL_EBUSY while somebody writes it. */
int journal_open(const char *path, struct journal **out, struct longhaul_error *err);

/* Before anything is written to one that was found by its name: it begins with a journal's first line, whole or broken
 * off, and belongs to this user or to root. LONGHAUL_EFORMAT, LONGHAUL_EINVAL. */
int journal_check_own(const struct journal *journal, struct longhaul_error *err);

/* Appends a whole line (n bytes, with its newline). What the disk refuses is kept, in order, and tried again with the
 * next line and the next journal_sync(); of what is more than some minutes' worth, intervals are given up and counted
 * ("lost" event). The error says that the line is not in the file yet. */
int journal_append(struct journal *journal, const char *line, size_t n, struct longhaul_error *err);

/* The same for an event of longhaul's own: {"event":name,"data":data}. Takes data's reference. */
int journal_event(struct journal *journal, const char *name, json_t *data, struct longhaul_error *err);

/* n intervals that came to no line: counted as those that the disk did not take. */
void journal_lose(struct journal *journal, uint64_t n);

/* How many intervals were given up since it was created or opened. */
uint64_t journal_n_given_up(const struct journal *journal);

/* Of one that was left: the intervals that the process before this one could not write are counted in a line at its
 * end, where they are missing, and no longer in the tally. */
void journal_settle_tally(struct journal *journal);

/* Appends the line in which the number of intervals that are not in the file is kept up to date, in place, while the
 * disk takes no more. A journal that is opened goes on with the one it has. */
int journal_begin_tally(struct journal *journal, struct longhaul_error *err);

/* Forces it to disk, all of it. */
int journal_sync(struct journal *journal, struct longhaul_error *err);

/* Each whole line, without its newline, from the first; one of more than JOURNAL_LINE_MAX bytes is NULL, of length 0. A
 * last one without a newline is whole when it is a JSON object; has_torn_tail, which may be NULL: it is not. An error
 * when the file cannot be read to its end, or there is no memory for a line: then lines were not handed on. */
#define JOURNAL_LINE_MAX (16u << 20)
int journal_each_line(const struct journal *journal, void (*on_line)(const char *line, size_t length, void *payload),
                      void *payload, bool *has_torn_tail, struct longhaul_error *err);

/* Cuts a last line that is not whole: *n_cut bytes, 0 when there is none. *is_empty: no line is left. */
int journal_cut_tail(struct journal *journal, int64_t *n_cut, bool *is_empty, struct longhaul_error *err);

const char *journal_path(const struct journal *journal);
/* Where its result belongs. */
const char *journal_result_path(const struct journal *journal);

/* Lets go of it; the file stays. NULL is accepted. */
void journal_close(struct journal *journal);
/* Removes the file, if it is still the one of that name, and lets go of it. */
void journal_remove(struct journal *journal);

/* Something in it could not be read, and is in no result. */
void journal_set_damaged(struct journal *journal, bool is_damaged);
/* When its result is there: the same as journal_remove(), but for a damaged one, which stays as <stem>.journal.damaged.
 * When that name is taken it stays as it is, and that is an error. Lets go of it in any case. */
#define JOURNAL_ASIDE ".damaged"
int journal_retire(struct journal *journal, struct longhaul_error *err);

#endif
