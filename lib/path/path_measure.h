/* path_measure.h - the parts of longhaul_path_measure(): each measures one thing and fills its own part of
 * the facts. */
#ifndef PATH_MEASURE_H
#define PATH_MEASURE_H

#include <sys/socket.h>

#include <longhaul.h>

#include "host/rtt.h"

/* Both ends, numeric. */
struct path_ends {
    int family; /* AF_INET, AF_INET6 */
    socklen_t size;
    struct sockaddr_storage peer;  /* with the server's port */
    struct sockaddr_storage local; /* bind address, port 0; ss_family 0 when there is none */
    char address[64];
    char source[64];               /* what the kernel sends from, "" when it knows no way */
};

/* path_ends.c. LONGHAUL_ENET when the peer's name, LONGHAUL_EINVAL when the bind address has no address. */
int path_ends_find(const struct longhaul_leg *leg, struct path_ends *ends, struct longhaul_error *err);
/* The peer's address with another port. */
struct sockaddr_storage path_ends_at(const struct path_ends *ends, uint16_t port);

/* path_reach.c: may TCP connect to the server's port? Three tries. *mss_bytes: what a segment of the connection
 * carries, at a path MTU of *pmtu_bytes as the kernel knows it (less than the interface's when it has learnt that
 * lately). */
enum longhaul_path_reach path_reach_tcp(const struct path_ends *ends, double *mss_bytes, double *pmtu_bytes);
/* Does UDP reach the peer's host? Open when the host itself says that nobody listens on the port, unknown when it says
 * nothing. */
enum longhaul_path_reach path_reach_udp(const struct path_ends *ends);

/* path_rtt.c: n round trips one after the other. */
void path_rtt_series(const struct path_ends *ends, enum rtt_method method, uint16_t port, size_t n,
                     struct longhaul_path_rtt *out);
/* Round trips while something else runs. path_load_new() gives NULL where there is no ICMP (why in out). */
struct path_load;
struct path_load *path_load_new(const struct path_ends *ends, struct longhaul_path_rtt *out);
/* What is due; returns after at most wait_ms, or when other_fd is readable. */
void path_load_tend(struct path_load *load, int other_fd, int wait_ms);
void path_load_end(struct path_load *load, struct longhaul_path_rtt *out);
/* Fills the figures from n values in ms (their order is that of time; it is changed). */
void path_rtt_figures(double *values_ms, size_t n, struct longhaul_path_rtt *out);

/* path_mtu.c. rtt_ms: what an answer may take, NAN when not known. mtu_bytes: the interface's. */
void path_mtu_search(const struct path_ends *ends, enum longhaul_path_reach tcp, double mtu_bytes, double rtt_ms,
                     struct longhaul_path_mtu *out);

/* path_trace.c: hops by UDP probes of rising TTL, answers from the error queue; needs no right. After
 * path_rtt_series(): of a peer that answers echoes, the last hop has their figures. */
void path_trace_run(const struct path_ends *ends, struct longhaul_path_facts *facts);

/* path_flow.c: a test of one stream of leg (defaults filled in) for seconds. */
struct path_flow_outcome {
    bool is_busy;     /* the server has another test */
    bool is_udp_dead; /* the control connection is there, and UDP's first exchange did not come through: stuck says on
                         which way */
    int stuck;        /* the session's i_errno when it did not begin: ENGINE_STUCK_THERE... */
};
void path_flow_run(const struct path_ends *ends, const struct longhaul_leg *leg, uint32_t seconds, const char *root,
                   struct longhaul_path_flow *flow, struct path_flow_outcome *outcome);
/* Nothing is known of it. */
void path_flow_forget(struct longhaul_path_flow *flow);

/* path_verdict.c and path_verdict_host.c: facts to findings, in their order. */
enum { PATH_FINDINGS_MAX = 64 };
struct path_findings {
    size_t n;
    struct longhaul_path_finding list[PATH_FINDINGS_MAX];
};
void path_judge_network(const struct longhaul_path_facts *facts, struct path_findings *findings);
void path_judge_host(const struct longhaul_path_facts *facts, struct path_findings *findings);
/* path_finding.c: adds the finding of a rule: ok, with its text. path_worse() turns the newest one into a note or a
 * problem. */
void path_find(struct path_findings *findings, const char *rule, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void path_worse(struct path_findings *findings, enum longhaul_path_level level, const char *why, const char *command,
                ...) __attribute__((format(printf, 4, 5)));
/* A figure in a finding's text: "100.250", "unknown" where it is not finite. */
struct path_figure {
    char text[48];
};
struct path_figure path_figure(double value, int decimals);
/* There is a note or a problem of this rule already. */
bool path_has_found(const struct path_findings *findings, const char *rule);

/* path_theory.c: what the formulas make of the plan and what was measured. */
void path_theory_fill(struct longhaul_path_facts *facts);

#endif
