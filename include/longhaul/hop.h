/* longhaul/hop.h - the routes of a leg: traces of the test's own five-tuple (addresses, ports, protocol), in the
 * direction of the data, by the sender's host. longhaul-run(1) says when, doc/METHOD.md how they are compared. */
#ifndef LONGHAUL_HOP_H
#define LONGHAUL_HOP_H
#include <longhaul/flow.h>
LONGHAUL_BEGIN
enum { LONGHAUL_ROUTE_MAX = 30 }; /* hops of a trace, at most */
/* Why a trace was made. CHANGE: the watch saw another router, or one that is silent now. ENDED: the trouble ended.
 * WATCH: no trace, but what the watch counted until a leg's end. OTHER: as a later version says. */
enum longhaul_route_reason {
    LONGHAUL_ROUTE_REASON_OTHER, LONGHAUL_ROUTE_REASON_START, LONGHAUL_ROUTE_REASON_HOURLY,
    LONGHAUL_ROUTE_REASON_CHANGE, LONGHAUL_ROUTE_REASON_SILENCE, LONGHAUL_ROUTE_REASON_LOSS,
    LONGHAUL_ROUTE_REASON_DELAY, LONGHAUL_ROUTE_REASON_SHIFT, LONGHAUL_ROUTE_REASON_ENDED, LONGHAUL_ROUTE_REASON_WATCH
};
/* The router at a distance of 1, 2, ... from the sender. */
struct longhaul_route_hop {
    const char *address, *labels; /* "" unanswered; MPLS labels by RFC 4950, "label/class/bottom/TTL ...", or "" */
    uint32_t n_sent, n_answered;  /* probes of this trace */
    uint32_t n_watched, n_watched_answered; /* of the watch, before this trace: one probe a second, in turn */
    double min_ms, max_ms;        /* round trips of this trace; NAN */
};
/* A trace, or what the watch counted. */
struct longhaul_route {
    double at_s, seconds, watched_from_s; /* on the test's axis; of the watch until at_s, NAN without one */
    enum longhaul_route_reason reason;
    bool is_tcp, is_by_errors;            /* is_by_errors: without privilege, by the kernel's error queue */
    uint16_t source_port, destination_port; /* of the flow that was traced */
    uint32_t distance;                    /* of the peer, in hops; 0: unknown */
    uint32_t n_hops;                      /* at most LONGHAUL_ROUTE_MAX; the peer is not one of them */
    const struct longhaul_route_hop *hops;
};
/* The routes of a series, by time: n of them, borrowed; n is 0 in files of others, and in a receiver's record. */
const struct longhaul_route *longhaul_series_routes(const struct longhaul_series *series, size_t *n);
const char *longhaul_route_reason_text(enum longhaul_route_reason reason); /* "start"; "" for OTHER */
/* What the traces say about an event. UNKNOWN: nothing. SAME: traces before and during it are alike, as far as routers
 * answered. DIFFERS: the route changed. LOSES: probes are lost from a router on. LOOP: packets go in circles. */
enum longhaul_hops_sign { LONGHAUL_HOPS_SIGN_UNKNOWN, LONGHAUL_HOPS_SIGN_SAME, LONGHAUL_HOPS_SIGN_DIFFERS,
                          LONGHAUL_HOPS_SIGN_LOSES, LONGHAUL_HOPS_SIGN_LOOP };
struct longhaul_event_hops {
    enum longhaul_hops_sign sign;
    /* DIFFERS: it left the old route behind hop `from` (0: at this host) and was on it again at hop `to` (0: not before
     * the peer, as far as is known). LOSES: the first hop that loses is one of from..to, one alone where they are the
     * same. LOOP: one address answered at both. Else 0. */
    uint32_t from, to;
    uint32_t hop; /* DIFFERS, LOOP: the first that another address answered; else 0 */
    /* The addresses at `hop` before and during it; LOSES: after is that of hop `to`; LOOP: after is the one that
     * answered twice; "" if unknown. */
    char before[46], after[46];
    double before_s, at_s; /* when the two traces were made, on the axis; NAN */
    double lost_share;     /* LOSES: share of the probes that is lost there, 0-1; else NAN */
    uint32_t n_changes;    /* of a route that changed more than once: how often; else 1, or 0 */
    uint16_t source_port, destination_port; /* of the flow; 0 for UNKNOWN */
};
const char *longhaul_hops_sign_text(enum longhaul_hops_sign sign); /* "differs"; "" for UNKNOWN */
LONGHAUL_END
#endif
