/* delay.c - the bounds of the buckets in which delays are counted for a monitoring system. */

#include "model/delay.h"

static const double bounds_s[LONGHAUL_DELAY_BOUNDS] = { 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                                        0.05,   0.1,     0.25,   0.5,   1,      2.5,   5,    10 };

const double *longhaul_delay_bounds_s(void)
{
    return bounds_s;
}
