/* units.h - conversion factors between units. */
#ifndef UNITS_H
#define UNITS_H

#include <stdint.h>

#define NS_PER_S INT64_C(1000000000)
#define NS_PER_MS INT64_C(1000000)
#define NS_PER_US INT64_C(1000)
#define US_PER_S INT64_C(1000000)
#define US_PER_MS INT64_C(1000)
#define BPS_PER_MBPS 1e6
#define BYTES_PER_GB 1e9

#endif
