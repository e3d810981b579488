/* longhaul/path.h - is a path open before a day is spent on it, and what limits it; formulas for the limits. */
#ifndef LONGHAUL_PATH_H
#define LONGHAUL_PATH_H
#include <longhaul/topology.h>
LONGHAUL_BEGIN
/* Formulas: what physics and TCP allow; nothing is measured. Each result names its formula's source. */
#define LONGHAUL_SCALE_MAX 14 /* of the window scale option (RFC 7323, 2.3) */
/* What is given; NAN for what is not, as longhaul_formula_values_clear() sets everything. Loss is a share of 1. */
struct longhaul_formula_values {
    double window_bytes, scale; /* the header's field, and its scale, 0 to LONGHAUL_SCALE_MAX */
    double rtt_ms, rate_bps, mss_bytes, loss;
    double mathis_c; /* constant of Mathis et al., CCR 27(3), 1997; NAN: both, sqrt(3/2) and sqrt(3/4) */
    double distance_km, latitude_a, longitude_a, latitude_b, longitude_b; /* degrees, north and east positive */
    double mtu_bytes, packet_bytes, datagram_bytes, duration_s; /* an IP packet; a UDP payload; NAN: a day */
    double n_ports, time_wait_s;
    int family; /* 4 or 6; 0 means 4 */
};
void longhaul_formula_values_clear(struct longhaul_formula_values *values);
/* One result. Lives as long as the figures. longhaul-path(1) lists the keys of longhaul_formula_calculate(). */
struct longhaul_formula_figure {
    const char *key, *what; /* for JSON, with the unit: "window_limit_bps"; for texts: "window limit" */
    double value, shown;    /* shown: value in the unit of the text, with this many decimals: */
    int decimals;
    const char *unit, *source; /* of the text: "Mbit/s"; formula, and where it is from, "" for what was measured */
};
struct longhaul_formula_figures;
/* All results that the values allow, in a fixed order; an MSS follows from the MTU, a distance from two places.
 * LONGHAUL_EINVAL for a value out of range, and when nothing follows. */
int longhaul_formula_calculate(const struct longhaul_formula_values *values, struct longhaul_formula_figures **out,
                               struct longhaul_error *err);
void longhaul_formula_figures_free(struct longhaul_formula_figures *figures);
size_t longhaul_formula_figures_length(const struct longhaul_formula_figures *figures);
const struct longhaul_formula_figure *longhaul_formula_figures_at(const struct longhaul_formula_figures *figures,
                                                                  size_t i); /* NULL for an index out of range */
/* "1,234.57": shown, rounded half away from zero in decimal (65.535 becomes 65.54), as printed tables do. */
void longhaul_formula_figure_text(const struct longhaul_formula_figure *figure, char *text, size_t size);
int longhaul_formula_figures_json(const struct longhaul_formula_figures *figures, char **out,
                                  struct longhaul_error *err); /* key: value */
/* Great circle between two places, degrees, north and east positive (haversine: Sinnott, Sky & Telescope 68, 1984), on
 * a sphere: within 0.6 % of the ellipsoid. NAN beyond 90 degrees of latitude or 180 of longitude. */
double longhaul_formula_distance_km(double latitude_a, double longitude_a, double latitude_b, double longitude_b);

enum longhaul_preflight_verdict {
    LONGHAUL_PREFLIGHT_OPEN,         /* TCP control connection and UDP data, both ways */
    LONGHAUL_PREFLIGHT_UNRESOLVED,   /* the peer's name has no address */
    LONGHAUL_PREFLIGHT_TCP_REFUSED,  /* nothing listens there, or a firewall rejects */
    LONGHAUL_PREFLIGHT_TCP_FILTERED, /* nobody answers */
    LONGHAUL_PREFLIGHT_UNREACHABLE, LONGHAUL_PREFLIGHT_BUSY, /* no route, here or at a router; server has a test */
    LONGHAUL_PREFLIGHT_UDP_THERE, LONGHAUL_PREFLIGHT_UDP_BACK, /* TCP is open; UDP from here, from there is lost */
    LONGHAUL_PREFLIGHT_FAILED        /* something else: text says what */
};
struct longhaul_preflight_result {
    enum longhaul_preflight_verdict verdict;
    /* Of the test to the peer, and of the one from the peer; -1 without such a test. */
    int64_t there_packets, there_lost_packets, back_packets, back_lost_packets;
    char text[300]; /* one line for people: says what to open */
};
struct longhaul_preflight_options {
    uint32_t seconds; /* of each way's test; 0 means 2 */
    const char *username, *password, *public_key; /* as in struct longhaul_run_options */
};
/* Tests n legs both ways, at most at each leg's rate: all at once, except one after the other on one port of a peer.
 * Returns when all are done: 0 when every leg could be examined, whatever was found. results has n elements. */
int longhaul_preflight(const struct longhaul_leg *legs, size_t n, const struct longhaul_preflight_options *options,
                       struct longhaul_preflight_result *results, struct longhaul_error *err);
int longhaul_preflight_json(const struct longhaul_topology *topology, const struct longhaul_leg *legs,
                            const struct longhaul_preflight_result *results, size_t n, char **out,
                            struct longhaul_error *err);
const char *longhaul_preflight_text(enum longhaul_preflight_verdict verdict); /* "open", "tcp refused"... */

struct longhaul_earlier_test { /* the last test of an earlier file; NAN where it does not say */
    bool is_there;
    char path[256], protocol[8];
    double mean_mbps, target_mbps, loss_percent, jitter_ms, datagram_bytes, seconds; /* target of all its streams */
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
    uint32_t n_probes, flow_s; /* round trips by each method, 3-1,000, 0 means 20; each short test, 1-60, 0 means 2 */
    bool wants_no_flows, wants_no_hops; /* no test traffic, so no reachability of UDP, no loss at the rate; no hops */
    const char *root;        /* folder in place of / for /proc and /sys, for tests; NULL means / */
    const struct longhaul_earlier_test *earlier; /* to compare with; gives rate and datagram where leg has 0; or NULL */
    longhaul_stage_cb *on_stage; /* may be NULL */
    void *payload;
};
struct longhaul_path;
/* Measures: some 15 s, more where packets vanish. LONGHAUL_EINVAL for options out of range, LONGHAUL_ENET when the
 * peer's name has no address; everything else that is wrong is a finding. */
int longhaul_path_measure(const struct longhaul_path_options *options, struct longhaul_path **out,
                          struct longhaul_error *err);
void longhaul_path_free(struct longhaul_path *path);
int longhaul_path_json(const struct longhaul_path *path, char **out, struct longhaul_error *err); /* of the host too */
enum longhaul_path_level { LONGHAUL_PATH_LEVEL_OK, LONGHAUL_PATH_LEVEL_NOTE, LONGHAUL_PATH_LEVEL_PROBLEM };
const char *longhaul_path_level_text(enum longhaul_path_level level);
/* The verdict of one rule; longhaul-path(1) lists the rules. */
struct longhaul_path_finding {
    const char *rule; /* its name, static: "black_hole" */
    enum longhaul_path_level level;
    char text[300]; /* what was found, with the values; no full stop */
    char why[300], command[200]; /* why it matters for the planned rate; what changes it, or what to do; or "" */
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
struct longhaul_unmeasured { const char *what, *why; }; /* what could not be measured, and why */
const struct longhaul_unmeasured *longhaul_path_missing(const struct longhaul_path *path, size_t *n);
/* A router on the way. loss: share of missing answers, 0-1; routers limit answers, so only the last hop's counts. */
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
