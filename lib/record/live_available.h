/* live_available.h - how long a leg was not available so far. */
#ifndef LIVE_AVAILABLE_H
#define LIVE_AVAILABLE_H

#include <longhaul.h>

/* All zero at first. */
struct live_available {
    bool is_known;              /* an interval knew its loss */
    double unavailable_s;       /* never falls */
    double silent_from_s, silent_s; /* intervals without an arrival that are not confirmed yet: a gap may replace
                                     * them */
};

void live_available_interval(struct live_available *available, const struct longhaul_interval *interval);
/* The record is confirmed up to until_s on its axis. */
void live_available_confirm(struct live_available *available, double until_s);
/* A gap from start_s to until_s is over. */
void live_available_gap(struct live_available *available, double start_s, double until_s, bool is_outage);

#endif
