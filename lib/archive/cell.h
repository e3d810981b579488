/* cell.h - the figures of one leg in an hour or a day of UTC, and how those of several tests become one. */
#ifndef CELL_H
#define CELL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/histogram.h"

/* Figures are NAN where nothing was measured, except for sums of time and of intervals, which are 0. Each ..._at is the
 * start of the interval, in seconds of UTC. doc/ARCHIVE.md describes each member, by its name. */
struct archive_cell {
    double unix_s; /* where it begins */
    double n_intervals, observed_s, planned_s, outage_s;
    double packets, lost, known_packets;   /* known_packets: of the intervals that know their loss */
    double available_s, available_known_s; /* as in struct longhaul_figures */
    double rate_bits, rate_s;              /* delivered, else sent */
    double is_delivered;                   /* 1 or 0; NAN without a rate */
    double min_mbps, min_mbps_at, max_mbps, max_mbps_at;
    double worst_lost, worst_lost_at; /* the interval that lost most */
    double jitter_max_ms, jitter_max_at, delay_max_ms, delay_max_at;
    double base_ms, base_n; /* mean of the delays' base above that of the test's first interval; intervals */
    double rtt_n, rtt_unanswered, rtt_min_ms, rtt_p50_ms;
    double loss_runs, longest_run, n_silences, longest_silence_ms;
    char *jitter, *delay; /* histograms in us, as texts; NULL without values */
};

enum cell_fold {
    CELL_SUM,
    CELL_MOST,
    CELL_LEAST, /* and the next member comes with it, if that is CELL_WITH */
    CELL_WITH,
    CELL_MEAN /* weighted by the member that follows or precedes: `weight` */
};

/* One figure: its column in the index, and how those of two cells become one. */
struct cell_member {
    const char *name;
    size_t offset, weight;
    enum cell_fold fold;
    bool is_known_zero; /* 0, not NAN, while nothing is known */
};

extern const struct cell_member cell_members[];
extern const size_t cell_n_members;

static inline double *cell_value(struct archive_cell *cell, const struct cell_member *member)
{
    return (double *)(void *)((char *)cell + member->offset);
}

static inline double cell_value_of(const struct archive_cell *cell, const struct cell_member *member)
{
    return *(const double *)(const void *)((const char *)cell + member->offset);
}

void cell_clear(struct archive_cell *cell, double unix_s);
/* Adds another cell of the same leg, or of an hour of the same day, but for its histograms. */
void cell_merge(struct archive_cell *into, const struct archive_cell *from);
/* 100 lost / packets; NAN when unknown. */
double cell_loss_percent(const struct archive_cell *cell);
double cell_mean_mbps(const struct archive_cell *cell);
/* In the unit of the histogram, which is us, as ms. */
double cell_quantile_ms(const struct histogram *h, double share);

#endif
