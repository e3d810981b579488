/* hops_trace.c - a trace goes through three stages: the distance of the peer, rounds of probes, waiting for the last
 * answers. Decides what is sent when. */

#include "host/hops_trace.h"

#include <math.h>

#include "base/clock.h"
#include "host/hops_wire.h"

#define ROUNDS 3
#define ROUNDS_FOR_LOSS 10 /* Linux's routers answer 6 at once and 1 a second */
#define LOSS_NS (6 * NS_PER_S)
#define GAP_NS (20 * NS_PER_MS)     /* between two probes of a round: at least */
#define ROUND_NS (300 * NS_PER_MS)  /* for a round: at least */
#define LATE_NS (200 * NS_PER_MS)   /* what was due earlier is not caught up with */
#define PATIENT_NS (50 * NS_PER_MS) /* a short probe has no answer: this long, and two round trips */
#define DISTANCE_PROBES_MAX 20
#define DISTANCE_PROBES_IF_LOSSY 40
#define SILENT_AHEAD 5 /* the distance is unknown: so far beyond the last answer */

/* ---- the distance */

static bool begin_distance(struct hops *h)
{
    h->search = (struct hops_search){ .before = h->distance_before,
                                      .wants_router = h->by == HOPS_BY_ERRORS,
                                      .is_known = h->distance_before != 0,
                                      .is_lossy = h->is_for_loss };
    return hops_wire_begin_distance(h);
}

static void plan_rounds(struct hops *h)
{
    uint32_t size = h->last ? h->last : 1, left = h->n_used < HOPS_PROBES_MAX ? HOPS_PROBES_MAX - h->n_used : 0;
    uint32_t wanted = (h->is_for_loss ? ROUNDS_FOR_LOSS : ROUNDS) - h->round;
    uint32_t n = left / size < wanted ? left / size : wanted;
    h->n_rounds = h->round + n;
    h->gap_ns = (h->is_for_loss ? LOSS_NS / (n ? n : 1) : ROUND_NS) / size;
    if (h->gap_ns < GAP_NS)
        h->gap_ns = GAP_NS;
}

static void end_distance(struct hops *h, uint32_t distance, int64_t now_ns)
{
    uint32_t last = distance ? distance - 1 : HOPS_MAX;
    hops_wire_end_distance(h);
    hops_wire_take_label(h);
    if (h->by == HOPS_BY_ERRORS) /* plain ones: a router must have answered there just now */
        last = distance == 0 ? 0 : h->search.passed < last ? h->search.passed : last;
    h->distance = distance;
    h->last = last > HOPS_MAX ? HOPS_MAX : last;
    h->round = 0;
    h->ttl = 1;
    h->due_ns = now_ns;
    h->stage = HOPS_ROUNDS;
    plan_rounds(h);
    if (h->distance == 0 && h->n_rounds == 0)
        h->n_rounds = 1;
}

static void step_distance(struct hops *h, int64_t now_ns)
{
    if (hops_probes_first(&h->probes, HOPS_FOR_DISTANCE))
        return;
    uint32_t ttl = hops_search_next(&h->search),
             most = h->search.is_lossy ? DISTANCE_PROBES_IF_LOSSY : DISTANCE_PROBES_MAX;
    if (ttl == 0 || h->n_used >= most)
        end_distance(h, ttl == 0 ? hops_search_distance(&h->search) : 0, now_ns);
    else if (!hops_wire_send(h, HOPS_FOR_DISTANCE, HOPS_PLAIN, ttl))
        hops_search_silent(&h->search);
}

/* ---- rounds */

/* The distance is unknown: goes on while routers answer, and not round and round. */
static bool is_far_enough(const struct hops *h)
{
    return h->distance == 0 && h->round == 0 &&
           (h->ttl > hops_places_last(&h->places) + SILENT_AHEAD || hops_places_have_loop(&h->places));
}

static void end_growth(struct hops *h)
{
    h->last = hops_places_last(&h->places);
    h->round = 1;
    h->ttl = 1;
    plan_rounds(h);
}

static void advance(struct hops *h)
{
    if (++h->ttl <= h->last)
        return;
    h->ttl = 1;
    h->round++;
    if (h->round == 1 && h->distance == 0)
        end_growth(h);
}

static void send_next(struct hops *h, int64_t now_ns)
{
    bool is_raw = h->by == HOPS_BY_RAW, may_be_plain = is_raw && h->ttl + HOPS_PLAIN_AHEAD <= h->distance;
    enum hops_shape shape =
        is_raw ? hops_places_choose(&h->places, h->ttl, may_be_plain, now_ns, 2 * h->rtt_ns + PATIENT_NS) : HOPS_PLAIN;
    if (h->refused == 0 || h->ttl < h->refused) {
        hops_places_tried(&h->places, h->ttl, shape, hops_wire_send(h, HOPS_FOR_TRACE, shape, h->ttl), now_ns);
        h->due_ns = (h->due_ns < now_ns - LATE_NS ? now_ns - LATE_NS : h->due_ns) + h->gap_ns;
    }
    advance(h);
}

static void step_rounds(struct hops *h, int64_t now_ns)
{
    while (h->stage == HOPS_ROUNDS) {
        bool is_waiting = hops_probes_first(&h->probes, HOPS_FOR_TRACE) != NULL;
        if (h->last == 0 || h->round >= h->n_rounds || h->n_used >= HOPS_PROBES_MAX)
            h->stage = HOPS_WAIT;
        else if (h->by == HOPS_BY_ERRORS && is_waiting)
            return;
        else if (is_far_enough(h) && is_waiting)
            return;
        else if (is_far_enough(h))
            end_growth(h);
        else if (now_ns < h->due_ns)
            return;
        else
            send_next(h, now_ns);
    }
}

/* ---- the trace */

static void begin(struct hops *h, int64_t now_ns)
{
    h->begun_ns = h->answered_ns = now_ns;
    h->n_used = 0;
    h->rtt_before_ns = h->rtt_ns;
    h->rtt_ns = 0;
    h->late_ttl = 0;
    h->watched = (struct hops_route){ 0 };
    if (h->watch.is_on)
        hops_watch_fill(&h->watch, &h->watched);
    hops_probes_drop(&h->probes, HOPS_FOR_WATCH);
    hops_places_begin(&h->places, false);
    h->stage = HOPS_DISTANCE;
    if (!h->is_open && !hops_wire_open(h)) {
        end_distance(h, 0, now_ns);
        h->last = 0;
    } else if (!begin_distance(h)) {
        end_distance(h, 0, now_ns);
    }
}

struct hops_route hops_trace_nothing(const struct hops *h, int64_t at_ns)
{
    struct hops_route route = { .at_ns = at_ns,
                                .by = h->by,
                                .distance = h->distance,
                                .source_port = h->ends.local_port,
                                .destination_port = h->ends.peer_port };
    for (size_t i = 0; i < HOPS_MAX; i++)
        route.hop[i].min_ms = route.hop[i].max_ms = NAN;
    return route;
}

static void end(struct hops *h, int64_t now_ns)
{
    uint32_t n = h->distance ? h->last : hops_places_last(&h->places), watched = HOPS_MAX;
    struct hops_route route = hops_trace_nothing(h, h->begun_ns);
    hops_places_fill(&h->places, &route, n);
    bool is_complete = true;
    for (size_t i = 0; i < n; i++)
        is_complete &= route.hop[i].n_sent == route.hop[i].n_answered;
    for (size_t i = 0; i < HOPS_MAX; i++) { /* the path may have become shorter since */
        route.hop[i].n_watched = h->watched.hop[i].n_watched;
        route.hop[i].n_watched_answered = h->watched.hop[i].n_watched_answered;
    }
    route.watched_at_ns = h->watched.watched_at_ns;
    route.seconds = (double)((is_complete ? h->answered_ns : now_ns) - h->begun_ns) / NS_PER_S;
    h->route = route;
    h->has_route = true;
    h->stage = HOPS_IDLE;
    if (h->distance)
        h->distance_before = h->distance;
    if (h->by == HOPS_BY_ERRORS)
        watched = h->distance > HOPS_PLAIN_AHEAD ? h->distance - HOPS_PLAIN_AHEAD : 0;
    hops_watch_begin(&h->watch, &h->places, &h->route, watched, now_ns);
    h->watch_due_ns = now_ns + HOPS_WATCH_NS;
}

bool hops_trace_step(struct hops *h, int64_t now_ns)
{
    if (h->stage == HOPS_BEGIN)
        begin(h, now_ns);
    if (h->stage == HOPS_DISTANCE)
        step_distance(h, now_ns);
    if (h->stage == HOPS_ROUNDS)
        step_rounds(h, now_ns);
    if (h->stage != HOPS_WAIT || hops_probes_first(&h->probes, HOPS_FOR_TRACE))
        return false;
    end(h, now_ns);
    return true;
}
