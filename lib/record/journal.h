/* journal.h - the append-only record of a run, with one JSON object per line. */
#ifndef JOURNAL_H
#define JOURNAL_H

#include <jansson.h>
#include <longhaul.h>

#include "model/event_line.h"

#define JOURNAL_FORMAT 1 /* format of the journal and of the result's "longhaul" object */

struct journal;

/* Makes <dir>/<stem>.journal, and the folder. LONGHAUL_EBUSY if it, or <stem>.json, already exists. */
int journal_create(const char *dir, const char *stem, struct journal **out, struct longhaul_error *err);

/* Opens an existing journal; does not follow a link. LONGHAUL_EBUSY while another process writes it. */
int journal_open(const char *path, struct journal **out, struct longhaul_error *err);

/* Checks a journal that was found by its name, before anything is written to it: it must begin with a journal's first
 * line, whole or broken off, and belong to this user or to root. LONGHAUL_EFORMAT, LONGHAUL_EINVAL. */
int journal_check_own(const struct journal *journal, struct longhaul_error *err);

/* Appends a whole line (n bytes, with its newline). If the disk refuses it, it is kept, in order, and tried again with
 * the next line and the next journal_sync(). Beyond some minutes' worth, intervals are given up and counted (the "lost"
 * event). An error means that the line is not in the file yet. */
int journal_append(struct journal *journal, const char *line, size_t n, struct longhaul_error *err);

/* Appends an event of longhaul's own: {"event":NAME,"data":data}. Takes the reference to data. */
int journal_event(struct journal *journal, enum event_kind kind, json_t *data, struct longhaul_error *err);

/* Counts n intervals for which there is no line as intervals that the disk did not take. */
void journal_lose(struct journal *journal, uint64_t n);

/* How many intervals were given up since it was created or opened. */
uint64_t journal_n_given_up(const struct journal *journal);

/* For a journal that was opened: moves the number of intervals that the earlier process could not write from the tally
 * to a line at the end, where they are missing. */
void journal_settle_tally(struct journal *journal);

/* Appends the tally: a line that holds the number of intervals missing in the file, and is updated in place while the
 * disk takes no more. A journal that is opened keeps the one it has. */
int journal_begin_tally(struct journal *journal, struct longhaul_error *err);

/* Forces all of it to disk. */
int journal_sync(struct journal *journal, struct longhaul_error *err);

/* Calls back for each whole line, without its newline; a line of more than JOURNAL_LINE_MAX bytes is passed as NULL
 * with length 0. A last line without a newline is whole if it is a JSON object; otherwise has_torn_tail, which may be
 * NULL, is set. Returns an error if the file cannot be read to its end or memory runs out: some lines were not passed
 * on then. */
#define JOURNAL_LINE_MAX (16u << 20)
int journal_each_line(const struct journal *journal, void (*on_line)(const char *line, size_t length, void *payload),
                      void *payload, bool *has_torn_tail, struct longhaul_error *err);

/* Cuts an incomplete last line: *n_cut bytes, 0 if none exists. *is_empty: no line is left. */
int journal_cut_tail(struct journal *journal, int64_t *n_cut, bool *is_empty, struct longhaul_error *err);

const char *journal_path(const struct journal *journal);
/* The path of its result. */
const char *journal_result_path(const struct journal *journal);

/* Closes it; the file stays. NULL is accepted. */
void journal_close(struct journal *journal);
/* Removes the file if the name still belongs to it, and closes it. */
void journal_remove(struct journal *journal);

/* Notes that part of it could not be read, and is in no result. */
void journal_set_damaged(struct journal *journal, bool is_damaged);
/* Called when its result exists: removes the journal as journal_remove() does, but renames a damaged one to
 * <stem>.journal.damaged. If that name exists, the journal keeps its name, and that is an error. Closes it in every
 * case. */
#define JOURNAL_ASIDE ".damaged"
int journal_retire(struct journal *journal, struct longhaul_error *err);

#endif
