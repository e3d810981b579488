/* plan_json.c - a plan as one JSON document; longhaul-plan(1) lists the keys. An unknown value is null. */

#include "plan/plan.h"

#include "base/error.h"
#include "base/json_make.h"

#define PLAN_FORMAT 1

static json_t *rate(uint64_t rate_bps)
{
    return rate_bps == LONGHAUL_RATE_UNLIMITED ? json_null() : json_integer((json_int_t)rate_bps);
}

static json_t *objectives_json(const struct longhaul_topology *topology, const struct longhaul_leg *leg)
{
    size_t n;
    const struct longhaul_objective *list =
        longhaul_topology_objectives(topology, leg->source, leg->destination, &n);
    json_t *array = json_array();
    for (size_t i = 0; i < n; i++) {
        char text[LONGHAUL_OBJECTIVE_TEXT];
        longhaul_objective_text(&list[i], text);
        json_array_append_new(array, json_string(text));
    }
    return array;
}

static json_t *leg_json(const struct longhaul_plan *p, const struct longhaul_planned_leg *leg)
{
    const struct longhaul_leg *l = &leg->leg;
    char name[2 * LONGHAUL_CODE_MAX + 2];
    snprintf(name, sizeof name, "%s-%s", l->source, l->destination);
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:s, s:s, s:i, s:o, s:o, s:I, s:o, s:I, s:I, s:I, s:b, s:i, s:o, s:o, "
        "s:o, s:o, s:o, s:o, s:o, s:b, s:s}",
        "leg", name, "source", l->source, "destination", l->destination, "starter",
        p->topology->sites[leg->starter].is.code, "server", p->topology->sites[leg->server].is.code, "peer", l->peer,
        "port", l->port, "direction", l->direction == LONGHAUL_DIRECTION_PULL ? "pull" : "push", "protocol",
        l->protocol == LONGHAUL_PROTOCOL_TCP ? "tcp" : "udp", "round", (int)leg->round + 1, "start_s",
        json_make_number(leg->start_s), "rate_bps", rate(l->rate_bps), "duration_s", (json_int_t)l->duration_s,
        "interval_s", json_make_number(l->interval_s), "datagram_bytes", (json_int_t)l->datagram_bytes, "streams",
        (json_int_t)l->n_streams, "flows", (json_int_t)l->n_flows, "hops", !l->has_no_hops, "tos", l->tos, "bytes",
        json_make_number(leg->bytes), "bytes_per_day", json_make_number(leg->bytes_per_day), "cost",
        json_make_number(leg->cost), "distance_km", json_make_number(leg->distance_km), "least_rtt_ms",
        json_make_number(leg->least_rtt_ms), "objectives", objectives_json(p->topology, l),
        "mss_bytes", l->mss_bytes ? json_integer(l->mss_bytes) : json_null(), "gsro", l->has_gsro, "bind_dev",
        l->bind_device);
}

static json_t *site_json(const struct longhaul_plan *p, size_t i)
{
    const struct longhaul_site *site = &p->topology->sites[i].is;
    const struct longhaul_load *load = &p->loads[i];
    json_t *ports = json_array();
    for (size_t k = 0; k < site->n_ports; k++)
        json_array_append_new(ports, json_integer(site->ports[k]));
    return json_pack("{s:s, s:s, s:s, s:o, s:b, s:o, s:o, s:I, s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:o}", "site",
                     site->code, "address", site->address, "region", site->region, "ports", ports, "hub", site->is_hub,
                     "egress_limit_bps", site->egress_limit_bps ? rate(site->egress_limit_bps) : json_null(),
                     "max_tests", site->max_tests ? json_integer(site->max_tests) : json_null(), "tests_started",
                     (json_int_t)load->n_started, "tests_served", (json_int_t)load->n_served, "tests_at_a_time",
                     (json_int_t)load->n_at_a_time, "processes", (json_int_t)load->n_processes, "sent_bps",
                     json_make_number(load->sent_bps), "received_bps", json_make_number(load->received_bps), "bytes",
                     json_make_number(load->bytes), "bytes_per_day", json_make_number(load->bytes_per_day), "cost",
                     json_make_number(load->cost));
}

static json_t *detours_json(const struct longhaul_topology *t)
{
    json_t *all = json_array();
    struct longhaul_detour d;
    for (size_t a = 0; a < t->n_sites; a++)
        for (size_t b = a + 1; b < t->n_sites; b++)
            for (size_t hub = 0; hub < t->n_sites; hub++)
                if (longhaul_topology_detour(t, a, b, hub, &d))
                    json_array_append_new(
                        all, json_pack("{s:[ss], s:s, s:o, s:o, s:o, s:o}", "spokes", t->sites[a].is.code,
                                       t->sites[b].is.code, "hub", t->sites[hub].is.code, "direct_km",
                                       json_make_number(d.direct_km), "by_hub_km", json_make_number(d.by_hub_km),
                                       "direct_rtt_ms", json_make_number(d.direct_rtt_ms), "by_hub_rtt_ms",
                                       json_make_number(d.by_hub_rtt_ms)));
    return all;
}

int longhaul_plan_json(const struct longhaul_plan *p, char **out, struct longhaul_error *err)
{
    json_t *sites = json_array(), *rounds = json_array(), *legs = json_array();
    for (size_t i = 0; i < p->n_sites; i++)
        json_array_append_new(sites, site_json(p, i));
    for (uint32_t r = 0; r < p->n_rounds; r++)
        json_array_append_new(
            rounds, json_pack("{s:i, s:o}", "round", (int)r + 1, "start_s", json_make_number(p->round_start_s[r])));
    for (size_t i = 0; i < p->n_legs; i++)
        json_array_append_new(legs, leg_json(p, &p->legs[i]));
    json_t *all = json_pack("{s:i, s:s, s:o, s:o, s:o, s:o, s:o}", "format", PLAN_FORMAT, "topology", p->topology->file,
                            "seconds", json_make_number(p->seconds), "sites", sites, "rounds", rounds, "legs", legs,
                            "detours", detours_json(p->topology));
    return json_make_document(all, p->topology->file, out, err);
}
