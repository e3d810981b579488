/* hops_search.h - finds the distance of the peer by few probes: the least time to live that reaches it. */
#ifndef HOPS_SEARCH_H
#define HOPS_SEARCH_H

#include <stdbool.h>
#include <stdint.h>

#define HOPS_FAR 64 /* reaches each peer of this world */

/* One probe at a time. Ttl 0: none. */
struct hops_search {
    bool wants_router; /* goes on below the peer until a router has answered */
    uint32_t before;   /* the distance at the last trace; 0: unknown, or not tried any more */
    uint32_t high;     /* the least ttl that reached the peer; 0: none yet */
    uint32_t low;      /* the largest ttl below high that did not */
    uint32_t passed;   /* the largest ttl below high at which a router answered */
    uint32_t guess;    /* by the answer's own ttl, if both ways are alike; 0: none */
    uint32_t ttl;      /* of the probe that is waited for */
    uint32_t n_silent; /* probes of this ttl that nobody answered */
    uint32_t n_near;   /* probes next to the guess */
    uint32_t below;    /* wants_router: the last ttl tried */
    bool is_known;     /* the peer did answer at the last trace */
    bool is_lossy;     /* probes or answers are lost: known before, or one was answered when it came again */
    bool is_lost;      /* the peer does not answer */
};

/* The ttl of the next probe; 0: done, see hops_search_distance(). */
uint32_t hops_search_next(struct hops_search *search);

/* What became of that probe. reply_ttl: of the peer's answer when it arrived; 0: unknown. */
void hops_search_reached(struct hops_search *search, uint32_t reply_ttl);
void hops_search_passed(struct hops_search *search);
void hops_search_silent(struct hops_search *search);

/* 0: unknown. */
uint32_t hops_search_distance(const struct hops_search *search);

#endif
