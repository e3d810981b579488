/* longhaul/path.h - is a path open before a day is spent on it, and what limits it. */
#ifndef LONGHAUL_PATH_H
#define LONGHAUL_PATH_H
#include <longhaul/formula.h>
#include <longhaul/topology.h>
LONGHAUL_BEGIN
enum longhaul_preflight_verdict {
    LONGHAUL_PREFLIGHT_OPEN,         /* TCP control connection and UDP data, both ways */
    LONGHAUL_PREFLIGHT_UNRESOLVED,   /* the peer's name has no address */
    LONGHAUL_PREFLIGHT_TCP_REFUSED,  /* nothing listens there, or a firewall rejects */
    LONGHAUL_PREFLIGHT_TCP_FILTERED, /* nobody answers */
    LONGHAUL_PREFLIGHT_UNREACHABLE,  /* a router, or this host, has no route to it */
    LONGHAUL_PREFLIGHT_BUSY,         /* the server has another test */
    LONGHAUL_PREFLIGHT_UDP_THERE,    /* TCP is open; UDP from here does not arrive there */
    LONGHAUL_PREFLIGHT_UDP_BACK,     /* TCP is open; UDP from there does not arrive here */
    LONGHAUL_PREFLIGHT_FAILED        /* something else: text says what */
};
struct longhaul_preflight_result {
    enum longhaul_preflight_verdict verdict;
    int64_t there_packets, there_lost_packets; /* of the test to the peer; -1 without such a test */
    int64_t back_packets, back_lost_packets;   /* of the test from the peer; likewise */
    char text[300];                            /* one line for people: says what to open */
};
struct longhaul_preflight_options {
    uint32_t seconds; /* of each way's test; 0 means 2 */
    const char *username, *password, *public_key; /* as in struct longhaul_run_options */
};
/* Tests n legs both ways, at most at each leg's rate: all at once, except one after the other on one port of a peer.
 * Returns when all are done: 0 when every leg could be examined, whatever was found. results has n elements. */
int longhaul_preflight(const struct longhaul_leg *legs, size_t n, const struct longhaul_preflight_options *options,
                       struct longhaul_preflight_result *results, struct longhaul_error *err);
/* The results as one JSON document; longhaul-preflight(1) has the keys. */
int longhaul_preflight_json(const struct longhaul_topology *topology, const struct longhaul_leg *legs,
                            const struct longhaul_preflight_result *results, size_t n, char **out,
                            struct longhaul_error *err);
const char *longhaul_preflight_text(enum longhaul_preflight_verdict verdict); /* "open", "tcp refused"...: static */

/* The last test of an earlier file. NAN where it does not say. */
struct longhaul_earlier_test {
    bool is_there;
    char path[256], protocol[8];
    double mean_mbps, target_mbps; /* target of all its streams */
    double loss_percent, jitter_ms, datagram_bytes, seconds;
};
/* Fails as longhaul_reader_open() and _next(), and with LONGHAUL_EFORMAT for a file without a test. */
int longhaul_earlier_test_read(const char *path, struct longhaul_earlier_test *out, struct longhaul_error *err);

typedef void longhaul_stage_cb(const char *what, void *payload); /* what is being measured now, for a progress line */

/* What is planned, and how to measure. All zero except leg.peer is a day of UDP at 10 Mbit/s. */
struct longhaul_path_options {
    struct longhaul_leg leg; /* the plan; source and destination may be ""; datagram_bytes of 0 is what fits the path */
    uint32_t n_flows;        /* of the whole plan through this host's source NAT; 0: this leg's streams and control */
    uint32_t snat_ports;     /* that the NAT gives this host; 0: unknown */
    double distance_km;      /* to the peer, with has_distance */
    bool has_distance;
    uint32_t n_probes;       /* of round trips by each method; 0 means 20; 3 to 1,000 */
    uint32_t flow_s;         /* of each short test; 0 means 2; 1 to 60 */
    bool wants_no_flows;     /* no test traffic: no reachability of UDP, no loss at the rate */
    bool wants_no_hops;
    const char *root;        /* folder in place of / for /proc and /sys, for tests; NULL means / */
    const struct longhaul_earlier_test
        *earlier;                /* to compare with; gives rate and datagram where leg has 0. May be NULL */
    longhaul_stage_cb *on_stage; /* may be NULL */
    void *payload;
};
struct longhaul_path;
/* Measures: some 15 s, more where packets vanish. LONGHAUL_EINVAL for options out of range, LONGHAUL_ENET when the
 * peer's name has no address; everything else that is wrong is a finding. */
int longhaul_path_measure(const struct longhaul_path_options *options, struct longhaul_path **out,
                          struct longhaul_error *err);
void longhaul_path_free(struct longhaul_path *path);
/* One line of JSON with everything that was measured, of this host too; longhaul-path(1) has the keys. */
int longhaul_path_json(const struct longhaul_path *path, char **out, struct longhaul_error *err);

enum longhaul_path_level { LONGHAUL_PATH_LEVEL_OK, LONGHAUL_PATH_LEVEL_NOTE, LONGHAUL_PATH_LEVEL_PROBLEM };
const char *longhaul_path_level_text(enum longhaul_path_level level); /* "ok", "note", "problem" */

/* The verdict of one rule; longhaul-path(1) lists the rules. */
struct longhaul_path_finding {
    const char *rule;  /* its name, static: "black_hole" */
    enum longhaul_path_level level;
    char text[300];    /* what was found, with the values; no full stop */
    char why[300];     /* why it matters for the planned rate; "" when all is well */
    char command[200]; /* that changes it, or what to do; may be "" */
};
/* *n of them, in a fixed order of rules; the worst level of them. */
const struct longhaul_path_finding *longhaul_path_findings(const struct longhaul_path *path, size_t *n);
enum longhaul_path_level longhaul_path_worst(const struct longhaul_path *path);
/* The leg of the options with its defaults, and what the earlier test and the path gave it. */
const struct longhaul_leg *longhaul_path_plan(const struct longhaul_path *path);
/* Both ends, numeric: the peer, and this host, "" when there is no route. */
const char *longhaul_path_address(const struct longhaul_path *path);
const char *longhaul_path_source(const struct longhaul_path *path);
/* Rates, limits, round trips, MTU, loss that were measured or follow from the plan and the measurements. */
const struct longhaul_formula_figures *longhaul_path_figures(const struct longhaul_path *path);

/* What could not be measured, and why: *n of them. */
struct longhaul_unmeasured {
    const char *what, *why;
};
const struct longhaul_unmeasured *longhaul_path_missing(const struct longhaul_path *path, size_t *n);

/* A router on the way. loss is the share of missing answers, 0-1; routers limit answers, so only the last hop's counts.
 */
struct longhaul_hop {
    int ttl;          /* from 1 */
    char address[64]; /* "" when it never answered */
    size_t n_sent;
    double loss, best_ms, mean_ms, worst_ms;
};
const struct longhaul_hop *longhaul_path_hops(const struct longhaul_path *path, size_t *n);
const char *longhaul_path_hops_by(const struct longhaul_path *path); /* "udp": datagrams of rising TTL; "" */
LONGHAUL_END
#endif
