/* path_measure.h - the parts of longhaul_path_measure(): each measures one thing and fills its own part of
 * the facts. */
#ifndef PATH_MEASURE_H
#define PATH_MEASURE_H

#include <sys/socket.h>

#include <longhaul.h>

#include "host/rtt.h"
#include "path/path_facts.h"

/* Both ends, as numeric addresses. */
struct path_ends {
    int family; /* AF_INET, AF_INET6 */
    socklen_t size;
    struct sockaddr_storage peer;  /* with the server's port */
    struct sockaddr_storage local; /* bind address, port 0; ss_family is 0 if none exists */
    char address[64];
    char source[64];               /* the kernel's source address; "" if it knows no route */
};

/* path_ends.c. LONGHAUL_ENET if the peer's name has no address, LONGHAUL_EINVAL if the bind address has none. */
int path_ends_find(const struct longhaul_leg *leg, struct path_ends *ends, struct longhaul_error *err);
/* The peer's address with another port. */
struct sockaddr_storage path_ends_at(const struct path_ends *ends, uint16_t port);

/* path_reach.c: tries three times whether TCP can connect to the server's port. *mss_bytes: what a segment of the
 * connection carries, at the path MTU *pmtu_bytes that the kernel knows (less than the interface's if it learnt of a
 * smaller one lately). */
enum path_reach path_reach_tcp(const struct path_ends *ends, double *mss_bytes, double *pmtu_bytes);
/* Whether UDP reaches the peer's host. Open if the host answers that nobody listens on the port, unknown if there is no
 * answer. */
enum path_reach path_reach_udp(const struct path_ends *ends);

/* path_rtt.c: n round trips one after the other. */
void path_rtt_series(const struct path_ends *ends, enum rtt_method method, uint16_t port, size_t n,
                     struct path_rtt *out);
/* Round trips while something else runs. path_load_new() returns NULL if there is no ICMP (the reason is in out). */
struct path_load;
struct path_load *path_load_new(const struct path_ends *ends, struct path_rtt *out);
/* Does what is due; returns after at most wait_ms, or when other_fd is readable. */
void path_load_tend(struct path_load *load, int other_fd, int wait_ms);
void path_load_end(struct path_load *load, struct path_rtt *out);

/* path_mtu.c. rtt_ms: how long a reply may take, NAN if unknown. mtu_bytes: the interface's MTU. */
void path_mtu_search(const struct path_ends *ends, enum path_reach tcp, double mtu_bytes, double rtt_ms,
                     struct path_mtu *out);

/* path_trace.c: hops by UDP probes of rising TTL, answers from the error queue; needs no right. After
 * path_rtt_series(): of a peer that answers echoes, the last hop has their figures. */
void path_trace_run(const struct path_ends *ends, struct path_facts *facts);

/* path_flow.c: a test with one stream of leg (defaults filled in) for some seconds. */
struct path_flow_outcome {
    bool is_busy;     /* the server is busy with another test */
    bool is_udp_dead; /* the control connection works, but UDP's first exchange failed; stuck says in which direction */
    int stuck;        /* the session's i_errno if it did not begin: ENGINE_STUCK_THERE... */
};
void path_flow_run(const struct path_ends *ends, const struct longhaul_leg *leg, uint32_t seconds, const char *root,
                   struct path_flow *flow, struct path_flow_outcome *outcome);
/* Sets all figures to unknown. */
void path_flow_forget(struct path_flow *flow);

/* path_verdict.c and path_verdict_host.c: turn facts into findings, in their order. */
enum { PATH_FINDINGS_MAX = 64 };
struct path_findings {
    size_t n;
    struct longhaul_path_finding list[PATH_FINDINGS_MAX];
};
void path_judge_network(const struct path_facts *facts, struct path_findings *findings);
void path_judge_host(const struct path_facts *facts, struct path_findings *findings);
/* path_finding.c: adds the finding of a rule, with its text and the level ok. path_worse() makes the newest one a note
 * or a problem. */
void path_find(struct path_findings *findings, const char *rule, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void path_worse(struct path_findings *findings, enum longhaul_path_level level, const char *why, const char *command,
                ...) __attribute__((format(printf, 4, 5)));
/* A figure in a finding's text: "100.250", or "unknown" if it is not finite. */
struct path_figure {
    char text[48];
};
struct path_figure path_figure(double value, int decimals);
/* With three significant digits: "101", "0.35"; "unknown". */
struct path_figure path_short(double value);
/* "10.000 Mbit/s", "2.4 Tbit/s"; "unknown". */
struct path_figure path_rate(double rate_bps);
/* True if there is already a note or a problem of this rule. */
bool path_has_found(const struct path_findings *findings, const char *rule);

/* path_theory.c: applies the formulas to the plan and the measurements. */
void path_theory_fill(struct path_facts *facts);

#endif
