/* transit_base.c - draws a line under the transits, second by second. */

#include "engine/transit_base.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#define SLOT_S 1.0
#define PER_OLD 10          /* slots in a point of the old ones */
#define HORIZON_S 3600.0
#define SLOPE_FROM 5        /* points; fewer say nothing about a drift */
#define SLOPE_SURE_S 30.0   /* in a shorter time, a drift must be greater than ... */
#define SLOPE_NOISE 5.0     /* ... the noise so many times */
#define SLOPE_MOST 150.0    /* ppm: two quartz clocks, and the slewing of NTP */
#define SLOPE_KNOWN 600     /* slots */
#define SLOPE_CHANGE 0.002  /* ppm in a second, once it is known: quartz gets warm in minutes, queues fill in seconds */
#define NEAR_LEAST_US 100.0
#define NEAR_NOISE 4.0      /* times the usual height of a second's least transit */
#define SURE_SLOTS 5        /* before them, nothing is known of what is usual */
#define QUEUE_SLOTS 600     /* a longer queue may be taken for drift where little was seen before it */
#define SHIFT_LEAST_US 200.0
#define N_SHIFT BASE_SHIFT_SLOTS
#define EVEN_SHARE 0.01     /* how far their least transits may differ, besides what is near */
#define LOST_SHARE 0.01     /* of a slot's datagrams: with more, it is a full queue */
#define SPREAD_MOST 3.0     /* times the usual spread: a queue varies more than a path */
#define SPREAD_US 100.0
#define USUAL_PART 0.1      /* of a new slot in the usual spread */

static double line_at(const struct transit_base *b, double t_s)
{
    return b->level_us + b->slope * (t_s - b->origin_s);
}

double transit_base_at(const struct transit_base *b, double t_s)
{
    return b->has_begun ? line_at(b, t_s) : NAN;
}

bool transit_base_is_known(const struct transit_base *b)
{
    return b->n_slots >= SURE_SLOTS;
}

/* ---- the line under the points */

static double cross(struct base_point a, struct base_point b, struct base_point c)
{
    return (b.t_s - a.t_s) * (c.transit_us - a.transit_us) - (b.transit_us - a.transit_us) * (c.t_s - a.t_s);
}

/* The lower hull (A. M. Andrew's monotone chain); points are in order of time. Returns its length. */
static size_t hull_of(const struct base_point *point, size_t n, struct base_point *hull)
{
    size_t top = 0;
    for (size_t i = 0; i < n; i++) {
        while (top >= 2 && cross(hull[top - 2], hull[top - 1], point[i]) <= 0)
            top--;
        hull[top++] = point[i];
    }
    return top;
}

/* The slope of the hull's edge over the points' mean time. */
static double slope_of(const struct base_point *hull, size_t n, double mean_s)
{
    size_t i = 1;
    while (i + 1 < n && hull[i].t_s < mean_s)
        i++;
    double seconds = hull[i].t_s - hull[i - 1].t_s;
    return seconds > 0 ? (hull[i].transit_us - hull[i - 1].transit_us) / seconds : 0;
}

static size_t points_of(const struct transit_base *b, struct base_point *point)
{
    size_t n = 0;
    for (uint32_t i = 0; i < b->n_old; i++)
        if (b->old[i].t_s > b->slot_s - HORIZON_S)
            point[n++] = b->old[i];
    memcpy(point + n, b->recent, b->n_recent * sizeof *point);
    return n + b->n_recent;
}

/* Mean height of the points above a line of this slope that touches them. */
static double height_of(const struct base_point *point, size_t n, double slope)
{
    double sum_us = 0, least_us = INFINITY;
    for (size_t i = 0; i < n; i++) {
        double level_us = point[i].transit_us - slope * (point[i].t_s - point[0].t_s);
        sum_us += level_us;
        least_us = fmin(least_us, level_us);
    }
    return sum_us / (double)n - least_us;
}

/* To a slope that was found from these points. A few noisy ones say little. */
static void turn(struct transit_base *b, const struct base_point *point, size_t n, double slope)
{
    double change = b->n_slots < SLOPE_KNOWN ? 2 * SLOPE_MOST : SLOPE_CHANGE,
           seconds = point[n - 1].t_s - point[0].t_s;
    slope = fmax(-SLOPE_MOST, fmin(SLOPE_MOST, slope));
    if (seconds < SLOPE_SURE_S &&
        fabs(slope - b->slope) * seconds < SLOPE_NOISE * height_of(point, n, slope))
        return;
    b->slope = fmax(b->slope - change, fmin(b->slope + change, slope));
}

static void draw_line(struct transit_base *b, bool may_turn)
{
    struct base_point point[BASE_OLD + BASE_RECENT], hull[BASE_OLD + BASE_RECENT];
    size_t n = points_of(b, point);
    double sum_s = 0;
    for (size_t i = 0; i < n; i++)
        sum_s += point[i].t_s;
    if (n >= SLOPE_FROM && may_turn)
        turn(b, point, n, slope_of(hull, hull_of(point, n, hull), sum_s / (double)n));
    b->origin_s = b->slot_s;
    b->level_us = INFINITY;
    for (size_t i = 0; i < n; i++)
        b->level_us = fmin(b->level_us, point[i].transit_us - b->slope * (point[i].t_s - b->origin_s));
}

/* ---- the points */

static void keep_old(struct transit_base *b, struct base_point point)
{
    if (b->n_old == BASE_OLD)
        memmove(b->old, b->old + 1, --b->n_old * sizeof *b->old);
    b->old[b->n_old++] = point;
}

static void keep_point(struct transit_base *b, struct base_point point)
{
    if (b->n_recent == BASE_RECENT) {
        struct base_point least = b->recent[0];
        for (uint32_t i = 1; i < PER_OLD; i++)
            if (b->recent[i].transit_us - line_at(b, b->recent[i].t_s) < least.transit_us - line_at(b, least.t_s))
                least = b->recent[i];
        keep_old(b, least);
        b->n_recent -= PER_OLD;
        memmove(b->recent, b->recent + PER_OLD, b->n_recent * sizeof *b->recent);
    }
    b->recent[b->n_recent++] = point;
}

/* ---- shifts */

static void begin_again(struct transit_base *b)
{
    b->n_old = b->n_recent = 0;
    for (uint32_t i = N_SHIFT; i-- > 0;)
        keep_point(b, b->last[i].least);
    b->n_last = 0;
    bool is_known = b->n_slots >= BASE_RECENT && b->slot_s >= b->slope_until_s;
    b->slope_until_s = b->slot_s + (is_known ? BASE_RECENT * SLOT_S : 0);
}

static void tell_shift(struct transit_base *b, double size_us, double at_s)
{
    b->shift = (struct base_shift){ b->shift.size_us + size_us, at_s };
    begin_again(b);
}

static double least_shift(const struct transit_base *b)
{
    return fmax(SHIFT_LEAST_US, 2 * b->near_us);
}

static double spread_of(const struct base_slot *slot)
{
    return slot->sum_us / slot->n - slot->above_us;
}

/* The oldest slot may have the loss of the change. */
static bool is_slot_of_path(const struct transit_base *b, const struct base_slot *slot, bool may_lose)
{
    return spread_of(slot) <= SPREAD_MOST * b->spread_us + SPREAD_US &&
           (may_lose || slot->n_lost <= LOST_SHARE * slot->n);
}

/* A higher level in all of the last slots, and the old one in the slot before: a queue takes its time. */
static bool has_risen(const struct transit_base *b, double *size_us)
{
    double least = INFINITY, most = 0;
    bool is_path = b->n_last > N_SHIFT && b->low_until_s >= b->last[N_SHIFT].start_s - SLOT_S;
    for (uint32_t i = 0; is_path && i < N_SHIFT; i++) {
        least = fmin(least, b->last[i].above_us);
        most = fmax(most, b->last[i].above_us);
        is_path = is_slot_of_path(b, &b->last[i], i == N_SHIFT - 1);
    }
    *size_us = least;
    return is_path && least >= least_shift(b) && most - least <= b->near_us + EVEN_SHARE * least;
}

/* The line falls at once, since nothing is faster than its path. It is a shift if the next slots touch the new level,
 * and no lower one: a queue that drains falls on. */
static bool has_fallen(struct transit_base *b)
{
    struct base_drop *drop = &b->drop;
    double near_us = b->near_us + EVEN_SHARE * drop->size_us;
    if (drop->n_slots++ == 0)
        drop->first_us = drop->size_us;
    if (drop->size_us < least_shift(b) || b->slot.above_us > near_us || drop->size_us > drop->first_us + near_us)
        *drop = (struct base_drop){ 0 };
    return drop->n_slots > N_SHIFT;
}

/* From the line as it was to the least transits since. */
static double fall_of(const struct transit_base *b)
{
    double fall_us = INFINITY;
    for (uint32_t i = 0; i < N_SHIFT; i++) {
        const struct base_point *least = &b->last[i].least;
        fall_us = fmin(fall_us, least->transit_us - b->drop.line_us - b->drop.slope * (least->t_s - b->drop.line_s));
    }
    return fall_us;
}

static void find_shift(struct transit_base *b)
{
    double size_us;
    if (has_fallen(b)) {
        tell_shift(b, fall_of(b), b->drop.at_s);
        b->drop = (struct base_drop){ 0 };
    } else if (has_risen(b, &size_us)) {
        tell_shift(b, size_us, b->low_until_s);
    }
}

/* ---- seconds */

/* What is usual is learnt while the level stands. */
static void learn(struct transit_base *b)
{
    double part = b->n_slots < 1 / USUAL_PART ? 1 / (b->n_slots + 1.0) : USUAL_PART;
    if (b->slot.above_us > least_shift(b) && b->n_slots > N_SHIFT)
        return;
    double spread_us = spread_of(&b->slot);
    if (b->n_slots > N_SHIFT) /* the second in which a queue begins has both */
        spread_us = fmin(spread_us, 2 * b->spread_us + SPREAD_US);
    b->spread_us += (spread_us - b->spread_us) * part;
    b->noise_us += (b->slot.above_us - b->noise_us) * part;
    b->near_us = fmax(NEAR_LEAST_US, NEAR_NOISE * b->noise_us);
}

/* Not in a queue, nor while a shift may have begun: the next seconds tell. But what stays is the path. */
static bool may_turn(struct transit_base *b)
{
    bool is_in_doubt = b->n_slots > SURE_SLOTS && (b->slot.above_us > least_shift(b) || b->drop.size_us > 0);
    b->n_in_doubt = is_in_doubt ? b->n_in_doubt + 1 : 0;
    return b->slot_s >= b->slope_until_s &&
           (b->n_in_doubt == 0 || b->n_in_doubt > (b->n_slots < BASE_RECENT ? 2 * N_SHIFT : QUEUE_SLOTS));
}

static void close_slot(struct transit_base *b)
{
    memmove(b->last + 1, b->last, sizeof b->last - sizeof *b->last);
    b->last[0] = b->slot;
    b->n_last += b->n_last <= N_SHIFT;
    learn(b);
    keep_point(b, b->slot.least);
    b->n_slots++;
    if (b->n_slots > SURE_SLOTS) {
        find_shift(b);
    } else {
        b->drop = (struct base_drop){ 0 };
        b->n_last = 0;
    }
    draw_line(b, may_turn(b));
}

static void open_slot(struct transit_base *b, double t_s)
{
    b->slot = (struct base_slot){ .start_s = t_s, .above_us = INFINITY };
    b->slot_s = t_s;
}

static void begin(struct transit_base *b, double t_s, double transit_us)
{
    b->has_begun = true;
    b->level_us = transit_us;
    b->origin_s = b->low_until_s = t_s;
    b->near_us = NEAR_LEAST_US;
    open_slot(b, t_s);
}

/* A datagram below the line. Noise lets the line fall a little: the greatest fall of all tells when a shift began. */
static void fall(struct transit_base *b, double t_s, double by_us)
{
    struct base_drop *drop = &b->drop;
    if (drop->size_us == 0)
        *drop = (struct base_drop){ .line_us = line_at(b, t_s), .line_s = t_s, .slope = b->slope };
    if (by_us > drop->most_us && drop->n_slots == 0) {
        drop->most_us = by_us;
        drop->at_s = t_s;
    }
    drop->size_us += by_us;
    b->level_us -= by_us;
}

double transit_base_add(struct transit_base *b, double t_s, double transit_us, uint32_t n_lost)
{
    if (!b->has_begun)
        begin(b, t_s, transit_us);
    if (t_s >= b->slot_s + SLOT_S) {
        close_slot(b);
        open_slot(b, t_s);
    }
    double above_us = transit_us - line_at(b, t_s);
    if (above_us < 0) {
        fall(b, t_s, -above_us);
        above_us = 0;
    }
    if (above_us <= b->slot.above_us) {
        b->slot.least = (struct base_point){ t_s, transit_us };
        b->slot.above_us = above_us;
    }
    if (above_us <= b->near_us)
        b->low_until_s = t_s;
    b->slot.sum_us += above_us;
    b->slot.n++;
    b->slot.n_lost += n_lost < UINT32_MAX - b->slot.n_lost ? n_lost : UINT32_MAX - b->slot.n_lost;
    return above_us;
}

void transit_base_step(struct transit_base *b, double step_us)
{
    for (uint32_t i = 0; i < b->n_recent; i++)
        b->recent[i].transit_us += step_us;
    for (uint32_t i = 0; i < b->n_old; i++)
        b->old[i].transit_us += step_us;
    for (uint32_t i = 0; i <= N_SHIFT; i++)
        b->last[i].least.transit_us += step_us;
    b->drop.line_us += step_us;
    b->slot.least.transit_us += step_us;
    b->level_us += step_us;
}
