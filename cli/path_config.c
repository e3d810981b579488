/* path_config.c - what a topology says about the path to a peer: its address, the plan of the leg, the distance. Flags
 * have priority. */

#include "path.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Finds the site that PEER names: by its code, or its address. */
static int find_peer(const struct longhaul_topology *topology, const char *peer, size_t *site,
                     struct longhaul_error *err)
{
    for (size_t i = 0; i < longhaul_topology_n_sites(topology); i++)
        if (strcmp(longhaul_topology_site(topology, i)->address, peer) == 0) {
            *site = i;
            return 0;
        }
    return longhaul_topology_find_site(topology, peer, site, err);
}

static size_t other_end(const struct longhaul_sited_leg *leg, size_t site)
{
    return leg->source == site ? leg->destination : leg->destination == site ? leg->source : SIZE_MAX;
}

/* The only site with legs to the peer; SIZE_MAX if there are several, or none. */
static size_t only_partner(const struct longhaul_topology *topology, size_t peer)
{
    size_t found = SIZE_MAX;
    for (size_t i = 0; i < longhaul_topology_n_legs(topology); i++) {
        size_t other = other_end(longhaul_topology_leg(topology, i), peer);
        if (other != SIZE_MAX && found != SIZE_MAX && other != found)
            return SIZE_MAX;
        found = other != SIZE_MAX ? other : found;
    }
    return found;
}

/* Fills in what the flags did not set. */
static void take_plan(const struct longhaul_leg *leg, struct longhaul_leg *plan)
{
    if (plan->rate_bps == 0)
        plan->rate_bps = leg->rate_bps;
    if (plan->datagram_bytes == 0)
        plan->datagram_bytes = leg->datagram_bytes;
    if (plan->n_streams == 0)
        plan->n_streams = leg->n_streams;
    if (plan->window_bytes == 0)
        plan->window_bytes = leg->window_bytes;
    if (plan->family == 0)
        plan->family = leg->family;
    if (plan->port == 0)
        plan->port = leg->port;
    if (leg->protocol == LONGHAUL_PROTOCOL_TCP)
        plan->protocol = LONGHAUL_PROTOCOL_TCP;
    if (*plan->congestion == 0)
        strcpy(plan->congestion, leg->congestion);
}

/* Adds up the legs that start here: each has its streams and a control connection through this host's NAT. */
static void take_legs(const struct longhaul_topology *topology, size_t here, size_t peer,
                      struct longhaul_path_options *o)
{
    uint32_t n_flows = 0;
    bool has_plan = false;
    for (size_t i = 0; i < longhaul_topology_n_legs(topology); i++) {
        const struct longhaul_sited_leg *t = longhaul_topology_leg(topology, i);
        if (t->starter != here)
            continue;
        uint32_t n = t->leg.n_flows > 1 ? t->leg.n_flows : t->leg.n_streams;
        n_flows += (n ? n : 1) + 1;
        if (t->server == peer && !has_plan) {
            has_plan = true;
            take_plan(&t->leg, &o->leg);
        }
    }
    if (o->n_flows == 0)
        o->n_flows = n_flows;
}

static void take_sites(const struct longhaul_site *here, const struct longhaul_site *peer,
                       struct longhaul_path_options *o)
{
    double km = longhaul_formula_distance_km(here->latitude, here->longitude, peer->latitude, peer->longitude);
    strcpy(o->leg.peer, peer->address);
    if (*o->leg.bind_address == 0)
        strcpy(o->leg.bind_address, here->bind_address);
    if (o->leg.port == 0 && peer->n_ports > 0)
        o->leg.port = peer->ports[0];
    if (!o->has_distance && !isnan(km)) {
        o->has_distance = true;
        o->distance_km = km;
    }
}

int path_take_config(const char *file, const char *site, struct longhaul_path_options *o)
{
    struct longhaul_topology *topology = NULL;
    struct longhaul_error err = { 0 };
    size_t here = SIZE_MAX, peer = SIZE_MAX;
    if (longhaul_topology_load(file, &topology, &err) != 0)
        return cmd_fail(&err);
    int status = EXIT_DONE, rc = find_peer(topology, o->leg.peer, &peer, &err);
    if (rc == 0 && site)
        rc = longhaul_topology_find_site(topology, site, &here, &err);
    else if (rc == 0)
        here = only_partner(topology, peer);
    if (rc != 0)
        status = cmd_refused("path", &err);
    else if (here == SIZE_MAX)
        status = cmd_misused("path", "--config needs --site: which of its sites is this host");
    else if (here == peer)
        status = cmd_misused("path", "%s is this host's own site", o->leg.peer);
    if (status == EXIT_DONE) {
        take_legs(topology, here, peer, o);
        take_sites(longhaul_topology_site(topology, here), longhaul_topology_site(topology, peer), o);
    }
    longhaul_topology_free(topology);
    return status;
}
