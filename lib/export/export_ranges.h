/* export_ranges.h - the times of the tests that were exported, by their labels. */
#ifndef EXPORT_RANGES_H
#define EXPORT_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct export_range {
    uint64_t labels, test; /* hashes: of the labels; of what tells one test from another that begins when it does */
    int64_t first_ms, last_ms;
    size_t n; /* intervals; 0 for a range of the state file, which does not know them */
};

struct export_ranges {
    struct export_range *range;
    size_t n, room;
};

enum export_clash { EXPORT_CLASH_NONE, EXPORT_CLASH_CHANGED, EXPORT_CLASH_OVERLAP, EXPORT_CLASH_SAME };

/* What a range is to those that were added: SAME if its test is there, with as many intervals; else OVERLAP if another
 * test with its labels is at its time; else CHANGED if its test is there with other intervals. */
enum export_clash export_ranges_find(const struct export_ranges *ranges, const struct export_range *range);
bool export_ranges_add(struct export_ranges *ranges, const struct export_range *range); /* false: out of memory */
void export_ranges_free(struct export_ranges *ranges);

#endif
