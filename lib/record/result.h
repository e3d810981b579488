/* result.h - makes a journal's result: the JSON that iperf3 -J would have written, and the "longhaul" object. */
#ifndef RESULT_H
#define RESULT_H

#include <longhaul.h>

#include "record/journal.h"

/* Writes the journal's result to its place (whole or not at all); the journal stays. With is_last the result is read
 * back and compared with the journal, which may be removed then; a preliminary result is not compared, and takes
 * constant memory. The counts go to outcome, which may be NULL: n_intervals to has_loss. LONGHAUL_EFORMAT if there is
 * no interval to write. */
int result_write(struct journal *journal, bool is_last, struct longhaul_outcome *outcome, struct longhaul_error *err);

#endif
