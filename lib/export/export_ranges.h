/* export_ranges.h - the times of the tests that were exported, by their labels. */
#ifndef EXPORT_RANGES_H
#define EXPORT_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct export_range {
    uint64_t labels, test; /* hashes: of the labels; of what tells one test from another */
    int64_t first_ms, last_ms;
};

struct export_ranges {
    struct export_range *range;
    size_t n, room;
};

enum export_clash { EXPORT_CLASH_NONE, EXPORT_CLASH_SAME, EXPORT_CLASH_OVERLAP };

/* What a range is to those that were added: SAME test if there is one, else OVERLAP if one with its labels does. */
enum export_clash export_ranges_find(const struct export_ranges *ranges, const struct export_range *range);
bool export_ranges_add(struct export_ranges *ranges, const struct export_range *range); /* false: out of memory */
void export_ranges_free(struct export_ranges *ranges);

#endif
