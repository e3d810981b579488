/* calendar.h - a time as a date in UTC. */
#ifndef CALENDAR_H
#define CALENDAR_H

#include <math.h>
#include <stdbool.h>
#include <time.h>

#define CALENDAR_END_UNIX_S 253402300800.0 /* year 10000 */

/* false for NAN and for a time that has no date with a four-digit year: a file may say anything. */
static inline bool calendar_of(double unix_s, struct tm *utc)
{
    if (!(fabs(unix_s) < CALENDAR_END_UNIX_S))
        return false;
    time_t seconds = (time_t)floor(unix_s);
    return gmtime_r(&seconds, utc) != NULL;
}

#endif
