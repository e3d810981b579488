/* transit_base.h - the least transit of one stream as time goes on: what is above it is delay in queues. Two hosts'
 * clocks differ, and drift apart: so the least transit is a line under all of the last hour's transits. The line is the
 * edge of their lower convex hull that minimizes the mean distance (L. Zhang, Z. Liu, C. H. Xia: Clock synchronization
 * algorithms for network measurements, INFOCOM 2002; S. Moon, P. Skelly, D. Towsley: Estimation and removal of clock
 * skew from network delay measurements, INFOCOM 1999). Memory is constant: the least transit of each of the last 60
 * seconds, and of each 10 seconds of the hour before. A queue of 25 minutes is a delay; a longer one becomes a part of
 * the base while it lasts.
 * A jump of the least transit that stays for 3 s, with a like spread and without losses, is a shift: another route. */
#ifndef TRANSIT_BASE_H
#define TRANSIT_BASE_H

#include <stdbool.h>
#include <stdint.h>

#define BASE_RECENT 60
#define BASE_OLD 360
#define BASE_SHIFT_SLOTS 3 /* so many seconds at a new level are a shift */

struct base_point { double t_s, transit_us; };

/* The least transit of a second, and what tells a longer path from a full queue. */
struct base_slot {
    double start_s;
    struct base_point least;
    double above_us;  /* of that one above the line */
    double sum_us;    /* of all above the line */
    uint32_t n, n_lost;
};

/* How far the line fell, the line as it was before, and the seconds that touched the new one since; size_us is 0 if it
 * did not fall. */
struct base_drop {
    double size_us, first_us;       /* first_us: in its first second */
    double line_us, line_s, slope;  /* the line as it was at line_s */
    double most_us, at_s;           /* the greatest fall by one datagram, and when that came */
    uint32_t n_slots;
};

struct base_shift {
    double size_us, at_s; /* at_s on the axis of the transits */
};

struct transit_base {
    bool has_begun;
    double slope, level_us, origin_s; /* the line: level_us + slope * (t - origin_s); slope in us/s, which is ppm */
    double noise_us;            /* usual height of a second's least transit above the line */
    double near_us;             /* what is so near to the line may be on the path's own level */
    double spread_us;           /* usual mean of a second's transits above their least */
    double slope_until_s;       /* after a shift, the slope is kept so long */
    double low_until_s;         /* when a transit near the line was last seen */
    struct base_drop drop;
    struct base_slot slot;      /* the second that is open, from slot_s on */
    double slot_s;
    struct base_slot last[BASE_SHIFT_SLOTS + 1]; /* closed ones, the newest first; n_last since the last shift */
    uint32_t n_last, n_slots, n_in_doubt;
    struct base_point recent[BASE_RECENT], old[BASE_OLD];
    uint32_t n_recent, n_old;
    struct base_shift shift;    /* the newest; size_us is 0 once it was taken */
};

/* A datagram that arrived at t_s with this transit, n_lost after the one before. Times must not fall by more than what
 * is reordered. Returns its delay above the base, at least 0. */
double transit_base_add(struct transit_base *b, double t_s, double transit_us, uint32_t n_lost);

/* The clocks' difference was changed by so much: the transits before now are moved. */
void transit_base_step(struct transit_base *b, double step_us);

/* Enough was seen for the line to be the path's own level, and for its changes to be changes of the path or of a clock.
 */
bool transit_base_is_known(const struct transit_base *b);

double transit_base_at(const struct transit_base *b, double t_s); /* NAN before the first datagram */

#endif
