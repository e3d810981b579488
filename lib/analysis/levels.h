/* levels.h - finds stretches in which a quantity is a multiple of its usual value: of jitter and of delay. */
#ifndef LEVELS_H
#define LEVELS_H

#include "analysis/analysis.h"

/* What is searched for. Times in s, levels in the quantity's unit. */
struct level_kind {
    enum longhaul_event_kind kind;
    double (*value)(const struct view *view, size_t i); /* of an interval; NAN when unknown */
    double floor;                 /* less is as good as this */
    double least_rise, least_s;   /* of an event above the usual, and its length */
    double slight_rise, slight_s; /* a smaller rise is told when it lasts so long: a busy host does as much */
    size_t least_cells;
};

/* room: for 2 n doubles. False when out of memory. */
bool levels_find(const struct level_kind *kind, const struct view *view, double *room, struct event_list *list);

#endif
