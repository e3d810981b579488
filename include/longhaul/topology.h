/* longhaul/topology.h - one file says who measures whom; a plan says when, and on which ports. */
#ifndef LONGHAUL_TOPOLOGY_H
#define LONGHAUL_TOPOLOGY_H
#include <longhaul/objective.h>
#include <longhaul/run.h>
LONGHAUL_BEGIN
#define LONGHAUL_TOPOLOGY_FORMAT 1 /* of the files; longhaul-topology(5) describes them */
/* A host. Borrowed from the topology, including its arrays and strings. */
struct longhaul_site {
    char code[LONGHAUL_CODE_MAX + 1], address[256]; /* where others reach it: IP or host name; "" if it serves nobody */
    char bind_address[64];  /* its own local IP address; "" for any */
    char bind_device[LONGHAUL_DEVICE_MAX + 1]; /* its own interface for the legs that it starts; "" for any */
    const uint16_t *ports;  /* n_ports on which it serves, in the file's order, each once; NULL for none */
    size_t n_ports;
    double latitude, longitude; /* degrees, north and east positive; NAN when unknown */
    const char *region;     /* the cloud's name for its place; "" without one */
    const char *ssh;        /* "[USER@]HOST[:PORT]" by which it is administered; "" without one */
    bool is_hub;
    uint64_t egress_limit_bps; /* that it may send in all its tests together; 0 for no limit, as the next */
    uint32_t max_tests;     /* at one time, sent and received; more are done in rounds */
};
/* A test between two sites, which are indices for longhaul_topology_site(). */
struct longhaul_sited_leg {
    struct longhaul_leg leg; /* peer and bind_... are filled in; port is 0 where the file leaves it to the plan */
    size_t source, destination, starter, server; /* starter: of `run` (push: source, pull: destination); of `serve` */
};
struct longhaul_topology;
/* From a file, or n bytes that messages call name; at most 4 MiB, 1,000 sites, 100,000 legs. LONGHAUL_EIO;
 * LONGHAUL_EFORMAT when it is not JSON or has a newer format; LONGHAUL_EINVAL for anything else that is refused, with
 * the text "<file>: <JSON path>: what is wrong, with the value". */
int longhaul_topology_load(const char *path, struct longhaul_topology **out, struct longhaul_error *err);
int longhaul_topology_parse(const char *text, size_t n, const char *name, struct longhaul_topology **out,
                            struct longhaul_error *err);
void longhaul_topology_free(struct longhaul_topology *topology);
const char *longhaul_topology_file(const struct longhaul_topology *topology); /* path or name, as given */
/* Sites in the order of the file; legs too, those of a shape by pairs. NULL for an index out of range. */
size_t longhaul_topology_n_sites(const struct longhaul_topology *topology);
const struct longhaul_site *longhaul_topology_site(const struct longhaul_topology *topology, size_t site);
size_t longhaul_topology_n_legs(const struct longhaul_topology *topology);
const struct longhaul_sited_leg *longhaul_topology_leg(const struct longhaul_topology *topology, size_t leg);
/* What a leg is to achieve: *n of them, borrowed; none for sites that the file does not measure like that. */
const struct longhaul_objective *longhaul_topology_objectives(const struct longhaul_topology *topology,
                                                              const char *source, const char *destination, size_t *n);
/* LONGHAUL_EINVAL, with the codes of all sites, when there is no such site. */
int longhaul_topology_find_site(const struct longhaul_topology *topology, const char *code, size_t *site,
                                struct longhaul_error *err);
/* From one spoke to another through a hub: great circles; least round trips of light in fibre, without forwarding. */
struct longhaul_detour { size_t a, b, hub; double direct_km, by_hub_km, direct_rtt_ms, by_hub_rtt_ms; };
/* false, and *out untouched, when a or b is not a spoke of that hub or a place is unknown. */
bool longhaul_topology_detour(const struct longhaul_topology *topology, size_t a, size_t b, size_t hub,
                              struct longhaul_detour *out);

struct longhaul_planned_leg {
    struct longhaul_leg leg; /* complete: for longhaul_run_add_later() at its starter */
    size_t source, destination, starter, server; /* sites */
    uint32_t round; /* from 0; legs of one round run at the same time */
    double start_s; /* since the plan's start: earlier rounds, and the stagger */
    /* Payload: rate x streams x duration / 8; the same for a day, or for the whole leg when that is shorter; bytes /
     * 1e9 x price. NAN when unlimited, cost also without a price. */
    double bytes, bytes_per_day, cost;
    double distance_km, least_rtt_ms; /* longhaul_formula_distance_km() and _least_rtt_ms(); NAN without both places */
};
struct longhaul_load {
    size_t n_started, n_served; /* tests of the whole plan that it starts, that come to its ports */
    size_t n_at_a_time, n_processes; /* most in one round: tests, a process each; with idle ports, a run, a serve */
    double sent_bps, received_bps; /* most in one round; NAN when a rate is unlimited, as the next three */
    double bytes, bytes_per_day, cost; /* that it sends in the whole plan */
};
struct longhaul_plan_options { double price_per_gb; }; /* for 1e9 bytes sent; 0 for none */
struct longhaul_plan;
/* LONGHAUL_EINVAL when two tests need one port of a server at one time, or a site lacks ports or sends more than its
 * egress_limit_bps: the text names file, site and figures. Borrows the topology for the plan's life. */
int longhaul_plan_make(const struct longhaul_topology *topology, const struct longhaul_plan_options *options,
                       struct longhaul_plan **out, struct longhaul_error *err);
void longhaul_plan_free(struct longhaul_plan *plan);
size_t longhaul_plan_n_legs(const struct longhaul_plan *plan); /* legs as in the topology; loads by site */
const struct longhaul_planned_leg *longhaul_plan_leg(const struct longhaul_plan *plan, size_t leg);
const struct longhaul_load *longhaul_plan_load(const struct longhaul_plan *plan, size_t site);
/* By name, "HK-WUS". LONGHAUL_EINVAL when the plan has no such leg. */
int longhaul_plan_find_leg(const struct longhaul_plan *plan, const char *name, size_t *leg, struct longhaul_error *err);
uint32_t longhaul_plan_n_rounds(const struct longhaul_plan *plan);
double longhaul_plan_round_start_s(const struct longhaul_plan *plan, uint32_t round); /* since the plan's start */
double longhaul_plan_seconds(const struct longhaul_plan *plan); /* from its start to the end of its last leg */
int longhaul_plan_json(const struct longhaul_plan *plan, char **out, struct longhaul_error *err);
/* Rules for Prometheus about its legs' objectives, as YAML. Free it with longhaul_text_free(). LONGHAUL_ENOMEM. */
int longhaul_plan_rules(const struct longhaul_plan *plan, char **out, struct longhaul_error *err);
struct longhaul_schedule { /* when a plan began at a site */
    int64_t start_unix_s;
    bool is_resumed; /* the options ask for it and a run of this plan was interrupted: its rounds keep their times */
    bool is_given;   /* by start_unix_s of the options: rounds count from it, whenever this host starts */
};
/* Begins now, or at start_unix_s of the options, or when the interrupted run began. The start of a plan with several
 * rounds is kept in <dir>/<SITE>.rounds. LONGHAUL_EINVAL when start_unix_s is so long ago that the plan is over. */
int longhaul_plan_begin(const struct longhaul_plan *plan, size_t site, const struct longhaul_run_options *options,
                        struct longhaul_schedule *out, struct longhaul_error *err);
/* Seconds from now to a leg's start, for longhaul_run_add_later(). */
double longhaul_plan_delay_s(const struct longhaul_plan *plan, const struct longhaul_schedule *schedule, size_t leg);
LONGHAUL_END
#endif
