/* cells.h - the intervals of a test as cells of about a second or more, in which events are searched. Intervals of 0.1
 * s are joined, so that one method fits all lengths. */
#ifndef CELLS_H
#define CELLS_H

#include "analysis/analysis.h"

/* Cell i has the intervals first[i] up to last[i], all of them known and outside of outages. */
struct cells {
    size_t n;
    size_t *first, *last;
    double *lost, *packets, *level; /* level: mean of those known; NAN */
    double seconds;                     /* median length of a cell */
    double pace;                        /* packets a second: the target's where they are close to it, else the median */
    double per_cell;                    /* pace x seconds */
};

/* mark: event_list.mark; intervals of outages and pauses are left out. wants: which intervals count; else, where it is
 * NULL, those whose level is known; level may be NULL. False when out of memory. */
bool cells_make(struct cells *cells, const struct view *view, const unsigned char *mark, double pace,
                bool wants(const struct view *, size_t), double level(const struct view *, size_t));
void cells_free(struct cells *cells);
double cells_start_s(const struct cells *cells, const struct view *view, size_t i);
double cells_end_s(const struct cells *cells, const struct view *view, size_t i);

#endif
