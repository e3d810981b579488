/* export_family.h - the names of exported time series. */
#ifndef EXPORT_FAMILY_H
#define EXPORT_FAMILY_H

#include <longhaul.h>

#define EXPORT_PREFIX "longhaul_leg_"

enum export_type { EXPORT_COUNTER, EXPORT_GAUGE, EXPORT_HISTOGRAM, EXPORT_INFO };

/* Where the values come from. */
enum export_source {
    EXPORT_FROM_COLUMN, EXPORT_FROM_ARRIVED, EXPORT_FROM_SHIFTS, EXPORT_FROM_OBSERVED, EXPORT_FROM_GAPS,
    EXPORT_FROM_SILENCES, EXPORT_FROM_RTT, EXPORT_FROM_UNANSWERED, EXPORT_FROM_PLAN, EXPORT_FROM_TARGET,
    EXPORT_FROM_INFO, EXPORT_FROM_DELAYS, EXPORT_FROM_ELSEWHERE /* export_events.c */
};

/* All series of one name. */
struct export_family {
    const char *name; /* after EXPORT_PREFIX; a histogram's without _bucket, _count, _sum */
    enum export_type type;
    const char *help;
    enum export_source source;
    enum longhaul_column column; /* EXPORT_FROM_COLUMN */
    double per;                  /* units of the column in one of the family's */
};

size_t export_family_count(void);
/* In the order in which their series are made. */
const struct export_family *export_family(size_t i);

#endif
