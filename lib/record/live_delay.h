/* live_delay.h - the delays of a record so far. */
#ifndef LIVE_DELAY_H
#define LIVE_DELAY_H

#include <longhaul/delay.h>

#include "base/histogram.h"

void live_delay_init(struct longhaul_delay_totals *totals);
/* Adds what a row told. */
void live_delay_interval(struct longhaul_delay_totals *totals, const struct longhaul_delay *delay);
/* Adds a histogram's text to the sum of those so far, which the totals then tell; what is not one adds nothing. */
void live_delay_histogram(struct longhaul_delay_totals *totals, struct histogram *sum, const char *text);

#endif
