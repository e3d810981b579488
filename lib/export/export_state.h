/* export_state.h - the file that remembers what a server has: lines that are appended, so that a killed export knows
 * which batch is in doubt. */
#ifndef EXPORT_STATE_H
#define EXPORT_STATE_H

#include <longhaul.h>

#include "export/export_ranges.h"

struct export_state;

/* What is known of a batch. */
enum export_batch_state { EXPORT_BATCH_NEW, EXPORT_BATCH_DOUBT, EXPORT_BATCH_SENT };

/* target: a hash of where the export goes; what the file says of others is kept, and not used. LONGHAUL_EBUSY while
 * another export has the file. */
int export_state_open(const char *path, uint64_t target, struct export_state **out, struct longhaul_error *err);
void export_state_close(struct export_state *state);

bool export_state_has_file(const struct export_state *state, uint64_t mark);
int export_state_add_file(struct export_state *state, uint64_t mark, struct longhaul_error *err);

/* test: a hash of all its samples. */
bool export_state_has_test(const struct export_state *state, uint64_t test);
/* True if a batch of it was begun. */
bool export_state_knows(const struct export_state *state, uint64_t test);
int export_state_add_test(struct export_state *state, uint64_t test, const struct export_range *range,
                          struct longhaul_error *err);
/* The times of the tests that are there. */
const struct export_ranges *export_state_ranges(const struct export_state *state);

enum export_batch_state export_state_batch(const struct export_state *state, uint64_t test, uint64_t batch);
/* Is on disk when it returns: the batch is begun, or sent. */
int export_state_begin(struct export_state *state, uint64_t test, uint64_t batch, struct longhaul_error *err);
int export_state_end(struct export_state *state, uint64_t test, uint64_t batch, struct longhaul_error *err);

#endif
