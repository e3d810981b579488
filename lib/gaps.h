/* gaps.h - a list of gaps that owns their texts. */
#ifndef GAPS_H
#define GAPS_H

#include <longhaul.h>

struct gap_list {
    struct longhaul_gap *gaps;
    size_t n;
};

/* Adds a copy. False when out of memory. */
bool gap_list_add(struct gap_list *list, const struct longhaul_gap *gap);
/* Adds copies of n gaps, and puts the list in the order of their starts. */
bool gap_list_take_sorted(struct gap_list *list, const struct longhaul_gap *gaps, size_t n);
/* Why from_s to to_s of a test's axis was not observed: the cause of the gap that takes up the most of it; "" when none of the n does. */
const char *gaps_cause(const struct longhaul_gap *gaps, size_t n, double from_s, double to_s);
/* Empties it. */
void gap_list_free(struct gap_list *list);

#endif
