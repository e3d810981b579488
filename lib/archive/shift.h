/* shift.h - finds on which days a daily figure changed its level for good: only arithmetic. doc/METHOD.md describes the
 * method, its false alarms and its power. */
#ifndef SHIFT_H
#define SHIFT_H

#include <stdbool.h>
#include <stddef.h>

enum { SHIFT_LEAST_DAYS = 14, SHIFT_LEAST_LEVEL = 5 }; /* known days; of each level */

/* A change of less than least, and of less than least_share of the level before, is not told. */
struct shift_rules {
    double least, least_share;
    unsigned weekday; /* of the first day: 0 to 6; which is which does not matter */
};

struct shift {
    size_t at;              /* the first day of the new level */
    double before, after;   /* medians of the days of both levels */
    double size, low, high; /* by how much (Hodges and Lehmann), and its interval of 95 % */
};

/* Searches n days, NAN where unknown. *out (may become NULL) is freed with free(). False when out of memory. */
bool shifts_find(const double *days, size_t n, const struct shift_rules *rules, struct shift **out, size_t *n_out);

#endif
