/* partners.h - which runs of a pair share a chart. */
#ifndef PARTNERS_H
#define PARTNERS_H

#include "report/report.h"

/* For each of the pair's legs, the number (in pair->legs) of the run of the opposite direction that is shown with it:
 * the two overlap, and each is the one that began closest to the other; pair->n for none. The caller frees the list.
 * NULL when out of memory. */
size_t *partners_of_pair(const struct longhaul_report *report, const struct report_pair *pair);

/* The numbers of the pair's legs, newest first. The caller frees the list. NULL when out of memory. */
size_t *partners_newest_first(const struct longhaul_report *report, const struct report_pair *pair);

#endif
