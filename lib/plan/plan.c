/* plan.c - assigns the legs of a topology to ports, rounds and starts, and computes the load on each host. Refuses what
 * cannot run: two tests on one port at one time, a site without enough ports, a site that would send more than its
 * limit. Opens no socket. */

#include "plan/plan.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/units.h"
#include "model/formula.h"
#include "model/leg.h"
#include "plan/rounds.h"

#define RATE_MOST 1e19 /* one site's tests can add up to more than 64 bits hold */

/* The legs of each round, in the order of the legs. */
struct per_round {
    size_t *legs;   /* of all rounds, one round after the other */
    size_t *first;  /* n_rounds + 1: index in legs at which a round begins */
};

static int out_of_memory(struct longhaul_error *err)
{
    return error_set(err, LONGHAUL_ENOMEM, "out of memory");
}

static const struct longhaul_site *site_of(const struct longhaul_plan *p, size_t site)
{
    return longhaul_topology_site(p->topology, site);
}

/* ---- rounds */

static int make_rounds(struct longhaul_plan *p, struct longhaul_error *err)
{
    struct rounds_test *tests = calloc(p->n_legs, sizeof *tests);
    uint32_t *limits = calloc(p->n_sites, sizeof *limits);
    bool good = tests && limits;
    for (size_t i = 0; good && i < p->n_sites; i++)
        limits[i] = site_of(p, i)->max_tests;
    for (size_t i = 0; good && i < p->n_legs; i++)
        tests[i] = (struct rounds_test){ .source = (uint32_t)p->legs[i].source,
                                         .destination = (uint32_t)p->legs[i].destination };
    good = good && rounds_colour(tests, p->n_legs, limits, p->n_sites, &p->n_rounds);
    for (size_t i = 0; good && i < p->n_legs; i++)
        p->legs[i].round = tests[i].colour;
    free(tests);
    free(limits);
    return good ? 0 : out_of_memory(err);
}

static bool sort_by_round(const struct longhaul_plan *p, struct per_round *of)
{
    of->legs = calloc(p->n_legs + 1, sizeof *of->legs);
    of->first = calloc(p->n_rounds + 2, sizeof *of->first);
    if (of->legs == NULL || of->first == NULL)
        return false;
    for (size_t i = 0; i < p->n_legs; i++)
        of->first[p->legs[i].round + 2]++;
    for (size_t r = 2; r <= p->n_rounds + 1; r++)
        of->first[r] += of->first[r - 1];
    for (size_t i = 0; i < p->n_legs; i++)
        of->legs[of->first[p->legs[i].round + 1]++] = i;
    return true;
}

/* Within a round no host begins two tests at the same time: each colour is a starting moment. */
static bool stagger_round(struct longhaul_plan *p, const size_t *legs, size_t n, uint32_t round, const uint32_t *ones)
{
    struct rounds_test *tests = calloc(n + 1, sizeof *tests);
    uint32_t n_moments = 0, longest_s = 0;
    if (tests == NULL)
        return false;
    for (size_t k = 0; k < n; k++)
        tests[k] = (struct rounds_test){ .source = (uint32_t)p->legs[legs[k]].source,
                                         .destination = (uint32_t)p->legs[legs[k]].destination };
    bool good = rounds_colour(tests, n, ones, p->n_sites, &n_moments);
    for (size_t k = 0; good && k < n; k++) {
        struct longhaul_planned_leg *leg = &p->legs[legs[k]];
        leg->start_s = p->round_start_s[round] + tests[k].colour * p->topology->stagger_s;
        longest_s = leg->leg.duration_s > longest_s ? leg->leg.duration_s : longest_s;
        double end_s = leg->start_s + leg->leg.duration_s;
        p->seconds = end_s > p->seconds ? end_s : p->seconds;
    }
    p->round_start_s[round + 1] = p->round_start_s[round] + (n_moments ? n_moments - 1 : 0) * p->topology->stagger_s +
                                  longest_s + p->topology->pause_s;
    free(tests);
    return good;
}

static int make_starts(struct longhaul_plan *p, const struct per_round *of, struct longhaul_error *err)
{
    uint32_t *ones = calloc(p->n_sites, sizeof *ones);
    p->round_start_s = calloc(p->n_rounds + 1, sizeof *p->round_start_s);
    bool good = ones && p->round_start_s;
    for (size_t i = 0; good && i < p->n_sites; i++)
        ones[i] = 1;
    for (uint32_t r = 0; good && r < p->n_rounds; r++)
        good = stagger_round(p, of->legs + of->first[r], of->first[r + 1] - of->first[r], r, ones);
    free(ones);
    return good ? 0 : out_of_memory(err);
}

/* ---- ports */

static void name_of(const struct longhaul_planned_leg *leg, char text[2 * LONGHAUL_CODE_MAX + 2])
{
    snprintf(text, 2 * LONGHAUL_CODE_MAX + 2, "%s-%s", leg->leg.source, leg->leg.destination);
}

/* First the legs that name their port. */
static int take_named(struct longhaul_plan *p, const size_t *legs, size_t n, uint32_t **users,
                      struct longhaul_error *err)
{
    char a[2 * LONGHAUL_CODE_MAX + 2], b[2 * LONGHAUL_CODE_MAX + 2];
    for (size_t k = 0; k < n; k++) {
        struct longhaul_planned_leg *leg = &p->legs[legs[k]];
        const struct longhaul_site *server = site_of(p, leg->server);
        for (size_t i = 0; leg->leg.port && i < server->n_ports; i++) {
            uint32_t *user = &users[leg->server][i];
            if (server->ports[i] != leg->leg.port)
                continue;
            if (*user) {
                name_of(&p->legs[*user - 1], a);
                name_of(leg, b);
                return error_set(err, LONGHAUL_EINVAL, "%s: sites.%s.ports: %u is the port of %s and of %s at one time",
                                 p->topology->file, server->code, leg->leg.port, a, b);
            }
            *user = (uint32_t)legs[k] + 1;
        }
    }
    return 0;
}

/* Then the others, in order: each gets the first port that is free in this round. next is where the search continues,
 * per site. */
static int take_free(struct longhaul_plan *p, const size_t *legs, size_t n, uint32_t **users, size_t *next,
                     struct longhaul_error *err)
{
    char name[2 * LONGHAUL_CODE_MAX + 2];
    for (size_t k = 0; k < n; k++) {
        struct longhaul_planned_leg *leg = &p->legs[legs[k]];
        const struct longhaul_site *server = site_of(p, leg->server);
        if (leg->leg.port)
            continue;
        size_t *i = &next[leg->server];
        while (*i < server->n_ports && users[leg->server][*i])
            ++*i;
        if (*i == server->n_ports) {
            size_t n_served = 0;
            for (size_t j = 0; j < n; j++)
                n_served += p->legs[legs[j]].server == leg->server;
            name_of(leg, name);
            return error_set(
                err, LONGHAUL_EINVAL, "%s: sites.%s.ports: %zu port%s for %zu tests at one time: none is left for %s",
                p->topology->file, server->code, server->n_ports, server->n_ports == 1 ? "" : "s", n_served, name);
        }
        users[leg->server][*i] = (uint32_t)legs[k] + 1;
        leg->leg.port = server->ports[*i];
    }
    return 0;
}

static int make_ports(struct longhaul_plan *p, const struct per_round *of, struct longhaul_error *err)
{
    uint32_t **users =
        calloc(p->n_sites, sizeof *users); /* by site and port: 1 + the leg that uses it in this round */
    size_t *next = calloc(p->n_sites, sizeof *next);
    bool good = users && next;
    int rc = 0;
    for (size_t i = 0; good && i < p->n_sites; i++)
        good = (users[i] = calloc(site_of(p, i)->n_ports + 1, sizeof *users[i])) != NULL;
    for (uint32_t r = 0; good && rc == 0 && r < p->n_rounds; r++) {
        const size_t *legs = of->legs + of->first[r];
        size_t n = of->first[r + 1] - of->first[r];
        for (size_t k = 0; k < n; k++) {
            size_t server = p->legs[legs[k]].server;
            next[server] = 0;
            memset(users[server], 0, site_of(p, server)->n_ports * sizeof **users);
        }
        rc = take_named(p, legs, n, users, err);
        rc = rc ? rc : take_free(p, legs, n, users, next, err);
    }
    for (size_t i = 0; users && i < p->n_sites; i++)
        free(users[i]);
    free(users);
    free(next);
    return good ? rc : out_of_memory(err);
}

/* ---- loads */

static void cost_leg(struct longhaul_planned_leg *leg, const struct longhaul_topology *t, double price_per_gb)
{
    const struct longhaul_site *a = &t->sites[leg->source].is, *b = &t->sites[leg->destination].is;
    double seconds = leg->leg.duration_s;
    leg->bytes = leg_total_bps(&leg->leg) * seconds / 8;
    leg->bytes_per_day = leg_total_bps(&leg->leg) * fmin(seconds, DAY_S) / 8;
    leg->cost = price_per_gb > 0 ? leg->bytes / BYTES_PER_GB * price_per_gb : NAN;
    leg->distance_km = longhaul_formula_distance_km(a->latitude, a->longitude, b->latitude, b->longitude);
    leg->least_rtt_ms = formula_least_rtt_ms(leg->distance_km);
}

/* Adds the load of one round on each site, and of all rounds. */
static void add_round(struct longhaul_plan *p, const size_t *legs, size_t n, struct longhaul_load *round)
{
    memset(round, 0, p->n_sites * sizeof *round);
    for (size_t k = 0; k < n; k++) {
        const struct longhaul_planned_leg *leg = &p->legs[legs[k]];
        struct longhaul_load *starter = &round[leg->starter], *server = &round[leg->server];
        starter->n_started++;
        server->n_served++;
        starter->n_at_a_time++;
        server->n_at_a_time++;
        round[leg->source].sent_bps += leg_total_bps(&leg->leg);
        round[leg->destination].received_bps += leg_total_bps(&leg->leg);
    }
    for (size_t i = 0; i < p->n_sites; i++) {
        struct longhaul_load *all = &p->loads[i], *now = &round[i];
        size_t n_ports = site_of(p, i)->n_ports;
        now->n_processes = (now->n_started ? 1 + now->n_started : 0) + (n_ports ? 1 + n_ports : 0);
        all->n_started += now->n_started;
        all->n_served += now->n_served;
        all->n_at_a_time = now->n_at_a_time > all->n_at_a_time ? now->n_at_a_time : all->n_at_a_time;
        all->n_processes = now->n_processes > all->n_processes ? now->n_processes : all->n_processes;
        /* once NAN, it stays NAN */
        all->sent_bps = isnan(now->sent_bps) || now->sent_bps > all->sent_bps ? now->sent_bps : all->sent_bps;
        all->received_bps =
            isnan(now->received_bps) || now->received_bps > all->received_bps ? now->received_bps : all->received_bps;
    }
}

static int check_egress(const struct longhaul_plan *p, const struct longhaul_load *round, uint32_t number,
                        struct longhaul_error *err)
{
    for (size_t i = 0; i < p->n_sites; i++) {
        const struct longhaul_site *site = site_of(p, i);
        char limit[32], sent[48] = "without limit";
        if (site->egress_limit_bps == 0 || round[i].sent_bps <= (double)site->egress_limit_bps)
            continue;
        longhaul_rate_text(site->egress_limit_bps, limit, sizeof limit);
        if (round[i].sent_bps < RATE_MOST)
            longhaul_rate_text((uint64_t)round[i].sent_bps, sent, sizeof sent);
        else if (!isnan(round[i].sent_bps))
            snprintf(sent, sizeof sent, "%.3g bit/s", round[i].sent_bps);
        return error_set(err, LONGHAUL_EINVAL,
                         "%s: sites.%s.egress_limit: \"%s\", and its tests send %s at one time (round %" PRIu32 ")",
                         p->topology->file, site->code, limit, sent, number + 1);
    }
    return 0;
}

static int make_loads(struct longhaul_plan *p, const struct per_round *of, double price_per_gb,
                      struct longhaul_error *err)
{
    struct longhaul_load *round = calloc(p->n_sites, sizeof *round);
    int rc = round ? 0 : out_of_memory(err);
    for (uint32_t r = 0; rc == 0 && r < p->n_rounds; r++) {
        add_round(p, of->legs + of->first[r], of->first[r + 1] - of->first[r], round);
        rc = check_egress(p, round, r, err);
    }
    for (size_t i = 0; i < p->n_legs; i++) {
        struct longhaul_planned_leg *leg = &p->legs[i];
        cost_leg(leg, p->topology, price_per_gb);
        p->loads[leg->source].bytes += leg->bytes;
        p->loads[leg->source].bytes_per_day += leg->bytes_per_day;
    }
    for (size_t i = 0; i < p->n_sites; i++)
        p->loads[i].cost = price_per_gb > 0 ? p->loads[i].bytes / BYTES_PER_GB * price_per_gb : NAN;
    free(round);
    return rc;
}

/* ---- public */

static int make(struct longhaul_plan *p, double price_per_gb, struct longhaul_error *err)
{
    struct per_round of = { 0 };
    int rc = make_rounds(p, err);
    if (rc == 0 && !sort_by_round(p, &of))
        rc = out_of_memory(err);
    if (rc == 0 && (rc = make_starts(p, &of, err)) == 0 && (rc = make_ports(p, &of, err)) == 0)
        rc = make_loads(p, &of, price_per_gb, err);
    free(of.legs);
    free(of.first);
    return rc;
}

int longhaul_plan_make(const struct longhaul_topology *topology, const struct longhaul_plan_options *options,
                       struct longhaul_plan **out, struct longhaul_error *err)
{
    double price = options ? options->price_per_gb : 0;
    if (!(price >= 0 && price <= 1e6))
        return error_set(err, LONGHAUL_EINVAL, "price %g for 1e9 bytes: from 0 to 1000000", price);
    struct longhaul_plan *p = calloc(1, sizeof *p);
    if (p == NULL)
        return out_of_memory(err);
    p->topology = topology;
    p->n_sites = topology->n_sites;
    p->n_legs = topology->n_legs;
    p->has_price = price > 0;
    p->legs = calloc(p->n_legs, sizeof *p->legs);
    p->loads = calloc(p->n_sites, sizeof *p->loads);
    for (size_t i = 0; p->legs && i < p->n_legs; i++) {
        const struct longhaul_sited_leg *leg = &topology->legs[i];
        p->legs[i] = (struct longhaul_planned_leg){ .leg = leg->leg, .source = leg->source,
                                                    .destination = leg->destination, .starter = leg->starter,
                                                    .server = leg->server };
    }
    int rc = p->legs && p->loads ? make(p, price, err) : out_of_memory(err);
    if (rc == 0)
        *out = p;
    else
        longhaul_plan_free(p);
    return rc;
}

void longhaul_plan_free(struct longhaul_plan *p)
{
    if (p == NULL)
        return;
    free(p->round_start_s);
    free(p->loads);
    free(p->legs);
    free(p);
}

size_t longhaul_plan_n_legs(const struct longhaul_plan *p)
{
    return p->n_legs;
}

const struct longhaul_planned_leg *longhaul_plan_leg(const struct longhaul_plan *p, size_t leg)
{
    return leg < p->n_legs ? &p->legs[leg] : NULL;
}

int longhaul_plan_find_leg(const struct longhaul_plan *p, const char *name, size_t *leg, struct longhaul_error *err)
{
    char its[2 * LONGHAUL_CODE_MAX + 2];
    for (size_t i = 0; i < p->n_legs; i++) {
        name_of(&p->legs[i], its);
        if (strcmp(its, name) == 0) {
            *leg = i;
            return 0;
        }
    }
    return error_set(err, LONGHAUL_EINVAL, "%s: no leg \"%.70s\" (longhaul plan lists them)", p->topology->file, name);
}

const struct longhaul_load *longhaul_plan_load(const struct longhaul_plan *p, size_t site)
{
    return site < p->n_sites ? &p->loads[site] : NULL;
}

uint32_t longhaul_plan_n_rounds(const struct longhaul_plan *p)
{
    return p->n_rounds;
}

double longhaul_plan_round_start_s(const struct longhaul_plan *p, uint32_t round)
{
    return round < p->n_rounds ? p->round_start_s[round] : NAN;
}

double longhaul_plan_seconds(const struct longhaul_plan *p)
{
    return p->seconds;
}

/* Light does not travel via the hub, but packets do where no better route exists; the detour is what the hub costs. */
bool longhaul_topology_detour(const struct longhaul_topology *t, size_t a, size_t b, size_t hub,
                              struct longhaul_detour *out)
{
    if (a >= t->n_sites || b >= t->n_sites || hub >= t->n_sites || a == b || t->sites[a].is.is_hub ||
        t->sites[b].is.is_hub || !topology_is_hub_of(t, hub, a) || !topology_is_hub_of(t, hub, b))
        return false;
    const struct longhaul_site *x = &t->sites[a].is, *y = &t->sites[b].is, *h = &t->sites[hub].is;
    struct longhaul_detour d = { .a = a, .b = b, .hub = hub };
    d.direct_km = longhaul_formula_distance_km(x->latitude, x->longitude, y->latitude, y->longitude);
    d.by_hub_km = longhaul_formula_distance_km(x->latitude, x->longitude, h->latitude, h->longitude) +
                  longhaul_formula_distance_km(h->latitude, h->longitude, y->latitude, y->longitude);
    d.direct_rtt_ms = formula_least_rtt_ms(d.direct_km);
    d.by_hub_rtt_ms = formula_least_rtt_ms(d.by_hub_km);
    if (isnan(d.direct_km) || isnan(d.by_hub_km))
        return false;
    *out = d;
    return true;
}
