/* route_loss.h - from which hop on probes are lost. Pure arithmetic. */
#ifndef ROUTE_LOSS_H
#define ROUTE_LOSS_H

#include <longhaul.h>

/* Probes of one kind to a hop: of traces with few probes, of those with many, of the watch. Routers limit their
 * answers, so each kind has a share of its own. */
enum route_loss_kind { ROUTE_LOSS_FEW, ROUTE_LOSS_MANY, ROUTE_LOSS_WATCH, ROUTE_LOSS_N_KINDS };

struct route_loss_count {
    double sent, answered;
};

struct route_loss_hop {
    struct route_loss_count usual[ROUTE_LOSS_N_KINDS], now[ROUTE_LOSS_N_KINDS]; /* outside of the trouble, during it */
};

struct route_loss_found {
    uint32_t from, to;  /* the first hop that loses is one of these */
    double share;       /* of the probes that is lost there, 0-1 */
};

/* The loss of the test's datagrams, 0-1, says about how many of the probes that pass the place are lost. True if from
 * some hop on probes are lost, with a probability of at least 0.95; false where nothing can be said. n hops, from hop 1
 * on, at most LONGHAUL_ROUTE_MAX. doc/METHOD.md has the model. */
bool route_loss_find(const struct route_loss_hop *hops, uint32_t n, double loss, struct route_loss_found *found);
/* What Linux lets through at most of n probes in a time: 6 at once and 1 a second to one host (net/ipv4/inetpeer.c,
 * inet_peer_xrlim_allow()). More unanswered ones say nothing. */
struct route_loss_count route_loss_limited(double sent, double answered, double seconds);

#endif
