/* units.h - conversion factors between units; what a double counts exactly. */
#ifndef UNITS_H
#define UNITS_H

#include <stdint.h>

#define NS_PER_S INT64_C(1000000000)
#define NS_PER_MS INT64_C(1000000)
#define NS_PER_US INT64_C(1000)
#define US_PER_S INT64_C(1000000)
#define US_PER_MS INT64_C(1000)
#define MINUTE_S 60.0
#define HOUR_S 3600.0
#define DAY_S 86400.0
#define BPS_PER_MBPS 1e6
#define BYTES_PER_GB 1e9
#define MOST_EXACT 9007199254740992.0 /* 2^53: a larger count may have lost its last digits */

#endif
