/* path_facts.h - everything that is known about a path: what was asked for, measured and calculated. */
#ifndef PATH_FACTS_H
#define PATH_FACTS_H

#include <longhaul.h>

#include "host/host.h"

/* Round trips by one method. A value that was not measured is NAN, and why gives the reason. */
struct path_rtt {
    size_t n_sent;
    size_t n_received;
    double min_ms, mean_ms, median_ms, p95_ms, max_ms;
    double jitter_ms; /* mean difference of neighbours, without sign (RFC 3550, 6.4.1, not smoothed) */
    char why[160];    /* "" if measured */
};

enum path_reach {
    PATH_REACH_UNKNOWN = 0,
    PATH_REACH_OPEN,
    PATH_REACH_REFUSED,     /* the peer, or a firewall in its place, refuses */
    PATH_REACH_FILTERED,    /* no answer */
    PATH_REACH_UNREACHABLE  /* a router, or this host, has no route */
};

/* Path MTU to the peer, from probes that must not be fragmented. The peer must measure the way back. */
struct path_mtu {
    double bytes;             /* the largest packet that arrived; NAN if nothing could be measured */
    double probed_bytes;      /* the largest size tried: the interface's MTU */
    bool is_black_hole;       /* larger packets vanish, and no router reports it */
    char router[64];          /* who reported "fragmentation needed" or "packet too big"; "" if nobody did */
    double fragments_pass;    /* whether a larger datagram arrives in fragments: 0, 1, NAN if unknown */
    char method[16];          /* "icmp", "udp", "tcp": the protocol of the probes; "" if none got through */
    char why[160];            /* "" if measured */
};

/* A short test through libiperf. Unknown values are NAN. */
struct path_flow {
    bool is_measured;
    double seconds;
    double offered_bps;        /* of payload, as sent */
    double received_bps;       /* as arrived */
    double datagram_bytes;
    double sent_packets;       /* UDP */
    double lost_packets;       /* those that did not reach the receiver's program ... */
    double host_lost_packets;  /* ... including those that arrived at this host and found the socket's buffer full */
    double out_of_order;       /* UDP to here: packets; a peer does not report its own */
    double reorderings;        /* TCP from here: reordering events seen by its sender */
    double jitter_ms;          /* UDP: at its end, RFC 1889 */
    double delay_p50_ms;       /* UDP to here: of all datagrams, above the least transit (longhaul/delay.h) ... */
    double delay_p99_ms;       /* ... likewise ... */
    double delay_max_ms;       /* ... the greatest */
    double retransmits;        /* TCP: segments */
    double rtt_ms;             /* TCP_INFO, mean of the intervals; smoothed by the kernel */
    double rttvar_ms;          /* likewise */
    double cwnd_bytes;         /* TCP_INFO at the end */
    double pmtu_bytes;         /* likewise */
    struct path_rtt loaded; /* ICMP round trips while it ran */
    char why[200];             /* "" if measured */
};

/* The formulas, applied to the plan and the measurements. */
struct path_theory {
    double rtt_ms;       /* the least measured by any method */
    double distance_km;  /* as given; NAN if unknown */
    double least_rtt_ms; /* the minimum for light in fibre */
    double bdp_bytes;
    double window_bytes; /* the largest that this host's TCP allows */
    double window_limit_bps;
    double loss;         /* in the network, towards the peer, else on the way back; a share */
    double mathis_limit_bps;
};

enum { PATH_HOPS_MAX = 40 };

struct path_facts {
    char peer[256];           /* as given */
    char address[64];         /* numeric */
    char source[64];          /* from here */
    int family;               /* 4 or 6 */
    struct longhaul_leg plan; /* defaults filled in; datagram_bytes is what will be sent */
    uint32_t n_flows, snat_ports;
    struct host_facts host;        /* before */
    struct longhaul_host_drops drops; /* their growth while the path was measured */
    double steal_share;               /* of the CPUs' time during the measurement */
    enum path_reach tcp, udp_there, udp_back;
    double mss_bytes;                 /* what a segment of a connection to the server carries; NAN without a
                                       * connection */
    bool is_busy;                     /* the server is busy with another test: flows were not measured */
    struct path_rtt rtt_tcp, rtt_icmp;
    struct path_mtu mtu;
    size_t n_hops;
    struct longhaul_hop hops[PATH_HOPS_MAX];
    char hops_by[8];                  /* "udp": UDP datagrams with increasing TTL, "" */
    char hops_why[160];
    struct path_flow there, back;           /* UDP at the planned rate */
    struct path_flow there_half, back_half; /* at half of the rate that arrived: only if something was lost */
    struct path_flow transfer;              /* TCP, from here, at the planned rate */
    struct longhaul_earlier_test earlier;
    struct path_theory theory;
};

/* path_judge.c: makes the findings from these facts, like longhaul_path_measure() from its own. */
int path_judge(const struct path_facts *facts, struct longhaul_path **out, struct longhaul_error *err);
const struct path_facts *path_facts_of(const struct longhaul_path *path);
/* "open", "refused", "filtered", "unreachable", "unknown". */
const char *path_reach_text(enum path_reach reach);

#endif
