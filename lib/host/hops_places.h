/* hops_places.h - what a trace learns of each distance. */
#ifndef HOPS_PLACES_H
#define HOPS_PLACES_H

#include <stdbool.h>
#include <stdint.h>

#include "host/hops.h"
#include "host/hops_answer.h"

#define HOPS_SEEN_MAX 4 /* addresses of one distance: balanced per packet, or changed during a trace */

struct hops_place {
    bool is_settled; /* of an earlier trace, too: probes of this shape are answered */
    enum hops_shape shape;
    uint32_t n_sent[HOPS_SHAPES], n_answered[HOPS_SHAPES];
    int64_t short_ns; /* when the last short one was sent, or tried; 0: none yet */
    char address[HOPS_SEEN_MAX][HOPS_ADDRESS_SIZE];
    uint32_t n_seen[HOPS_SEEN_MAX];
    double min_ms, max_ms;
    char labels[HOPS_LABELS_SIZE];
};

/* [ttl - 1] */
struct hops_places {
    struct hops_place place[HOPS_MAX];
};

/* Forgets everything but which shape is answered; also that, if is_new. */
void hops_places_begin(struct hops_places *places, bool is_new);

/* For the next probe. may_be_plain: a hop that has left short ones unanswered for patience_ns gets a plain one. */
enum hops_shape hops_places_choose(const struct hops_places *places, uint32_t ttl, bool may_be_plain, int64_t now_ns,
                                   int64_t patience_ns);

/* is_sent: false if this host's own filter did not let it pass, which is as good as no answer. */
void hops_places_tried(struct hops_places *places, uint32_t ttl, enum hops_shape shape, bool is_sent, int64_t now_ns);
/* rtt_ms: NAN if unknown. */
void hops_places_answered(struct hops_places *places, uint32_t ttl, enum hops_shape shape, const char *address,
                          const char *labels, double rtt_ms);

/* True if nobody has answered at that distance yet, and it was tried twice at most. */
bool hops_places_are_new(const struct hops_places *places, uint32_t ttl);
/* True if that address has answered at that distance. */
bool hops_places_have(const struct hops_places *places, uint32_t ttl, const char *address);

/* The largest ttl that was answered; 0: none. */
uint32_t hops_places_last(const struct hops_places *places);

/* One address at three distances. */
bool hops_places_have_loop(const struct hops_places *places);

/* Hops 1 to n of the route, without the watch. */
void hops_places_fill(const struct hops_places *places, struct hops_route *route, uint32_t n);

#endif
