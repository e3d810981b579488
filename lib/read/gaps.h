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
/* Adds copies of n gaps, and sorts the list by start. */
bool gap_list_take_sorted(struct gap_list *list, const struct longhaul_gap *gaps, size_t n);
/* Why from_s to to_s on a test's axis was not observed: the cause of the gap that covers most of it, among the last 64
 * that begin before its end; "" if none exists. The n gaps are sorted by start. */
const char *gaps_cause(const struct longhaul_gap *gaps, size_t n, double from_s, double to_s);
/* Merges n gaps, sorted by start: those that touch or overlap become one, with the texts of the first that has a cause.
 * out has room for n and borrows the texts; returns how many there are. */
size_t gaps_merge(const struct longhaul_gap *gaps, size_t n, struct longhaul_gap *out);
/* The time from from_s to to_s that lies in gaps, which gaps_merge() made. *first is the first gap that may reach it,
 * and advances: ask in the order of from_s. */
double gaps_time_in(const struct longhaul_gap *gaps, size_t n, double from_s, double to_s, size_t *first);
/* Empties the list. */
void gap_list_free(struct gap_list *list);

#endif
