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
/* Why from_s to to_s of a test's axis was not observed: the cause of the gap that takes up the most of it, of the last
 * 64 that begin before its end; "" when there is none. The n gaps are by start. */
const char *gaps_cause(const struct longhaul_gap *gaps, size_t n, double from_s, double to_s);
/* What n gaps, by start, cover: those that touch or overlap are one, with the texts of the first that has a cause. Into
 * out, which has room for n and borrows the texts; returns how many. */
size_t gaps_merge(const struct longhaul_gap *gaps, size_t n, struct longhaul_gap *out);
/* Empties it. */
void gap_list_free(struct gap_list *list);

#endif
