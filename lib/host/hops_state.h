/* hops_state.h - a prober, for hops_*.c alone. */
#ifndef HOPS_STATE_H
#define HOPS_STATE_H

#include "base/units.h"
#include "host/hops.h"
#include "host/hops_errors.h"
#include "host/hops_packet.h"
#include "host/hops_places.h"
#include "host/hops_probes.h"
#include "host/hops_raw.h"
#include "host/hops_search.h"
#include "host/hops_watch.h"

#define HOPS_PLAIN_AHEAD 3 /* hops between a plain probe and the peer, the peer included */
#define HOPS_WATCH_NS NS_PER_S

enum hops_stage { HOPS_IDLE, HOPS_BEGIN, HOPS_DISTANCE, HOPS_ROUNDS, HOPS_WAIT };

struct hops {
    enum hops_by by;
    struct hops_ends ends;
    bool is_tcp, is_open; /* is_open: the sockets are those of this flow */
    uint16_t control_port;
    struct hops_raw raw;
    struct hops_errors errors;
    struct hops_probes probes;
    int64_t rtt_ns;        /* the longest of this trace */
    int64_t rtt_before_ns; /* of the one before */
    uint8_t late_ttl;      /* of the trace's last probe that was given up; 0: none, or its answer came late */
    uint8_t refused;       /* from this ttl on, a filter answers probes, which may be an error to the flow's own
                            * socket; 0: none */
    /* The trace. */
    enum hops_stage stage;
    bool is_for_loss;
    struct hops_search search;
    struct hops_places places;
    uint32_t distance, distance_before; /* 0: unknown */
    uint32_t last;                      /* the largest ttl of this trace */
    uint32_t n_rounds, round, ttl;      /* the next probe */
    uint32_t n_used;                    /* probes */
    int64_t begun_ns, answered_ns, due_ns, gap_ns;
    /* The watch. */
    struct hops_watch watch;
    int64_t watch_due_ns;
    bool has_route;
    struct hops_route route, watched;
};

#endif
