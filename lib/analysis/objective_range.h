/* objective_range.h - a value that is at least and at most something: within a limit, not, or nobody knows. */
#ifndef OBJECTIVE_RANGE_H
#define OBJECTIVE_RANGE_H

#include <stdbool.h>

struct objective_range {
    double least, most; /* NAN: unknown */
};
enum objective_kept { OBJECTIVE_UNKNOWN, OBJECTIVE_KEPT, OBJECTIVE_BROKEN };
/* A relative difference of 1e-12 does not count: 0.1 % of 1440 minutes is not an exact number. */
enum objective_kept objective_keeps(struct objective_range range, double limit, bool is_least);
/* The share of what is known below which lie `share` of the values, when what is missing is all most, or all least:
 * below 0 when that is among the missing least ones, above 1 among the most. */
double objective_shifted(double share, double known, double missing, bool is_most);

#endif
