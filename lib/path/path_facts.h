/* path_facts.h - everything that is known of a path: what was asked for, measured and calculated. */
#ifndef PATH_FACTS_H
#define PATH_FACTS_H

#include <longhaul.h>

#include "host/host.h"

/* Round trips by one method. What was not measured is NAN, and why says why not. */
struct path_rtt {
    size_t n_sent;
    size_t n_received;
    double min_ms, mean_ms, median_ms, p95_ms, max_ms;
    double jitter_ms; /* mean difference of neighbours, without sign (RFC 3550, 6.4.1, not smoothed) */
    char why[160];    /* "" when it was measured */
};

enum path_reach {
    PATH_REACH_UNKNOWN = 0,
    PATH_REACH_OPEN,
    PATH_REACH_REFUSED,     /* the peer, or a firewall that answers for it, says no */
    PATH_REACH_FILTERED,    /* nobody answers */
    PATH_REACH_UNREACHABLE  /* a router, or this host, knows no way */
};

/* Path MTU to the peer, by probes that must not be fragmented. The way back is the peer's to measure. */
struct path_mtu {
    double bytes;             /* the largest packet that arrived; NAN when nothing could be measured */
    double probed_bytes;      /* the largest that was tried: the interface's MTU */
    bool is_black_hole;       /* larger ones vanish, and no router says so */
    char router[64];          /* who said "fragmentation needed" or "packet too big"; "" when nobody did */
    double fragments_pass;    /* does a datagram larger than that arrive in fragments? 0, 1, NAN when not known */
    char method[16];          /* "icmp", "udp", "tcp": what carried the probes; "" when none got through */
    char why[160];            /* "" when it was measured */
};

/* A short test through libiperf. NAN where nothing is known. */
struct path_flow {
    bool is_measured;
    double seconds;
    double offered_bps;        /* of payload, as sent */
    double received_bps;       /* as arrived */
    double datagram_bytes;
    double sent_packets;       /* UDP */
    double lost_packets;       /* of those, those that did not arrive at the receiver's program ... */
    double
        host_lost_packets; /* ... among them those that did arrive at this host, and found the socket's buffer full */
    double out_of_order;       /* UDP to here: packets; a peer does not tell of its own */
    double reorderings;        /* TCP from here: events of reordering that its sender saw */
    double jitter_ms;          /* UDP: at its end, RFC 1889 */
    double retransmits;        /* TCP: segments */
    double rtt_ms;             /* TCP_INFO, mean of the intervals; smoothed by the kernel */
    double rttvar_ms;          /* likewise */
    double cwnd_bytes;         /* TCP_INFO at the end */
    double pmtu_bytes;         /* likewise */
    struct path_rtt loaded; /* ICMP round trips while it ran */
    char why[200];             /* "" when it was measured */
};

/* The formulas, applied to the plan and the measurements. */
struct path_theory {
    double rtt_ms;       /* the least that was measured by any method */
    double distance_km;  /* as given; NAN when not known */
    double least_rtt_ms; /* that light in fibre needs */
    double bdp_bytes;
    double window_bytes; /* the most that this host's TCP allows */
    double window_limit_bps;
    double loss;         /* the network's, towards the peer, else on the way back; share */
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
    struct longhaul_host_drops drops; /* what grew while the path was measured */
    double steal_share;               /* of the CPUs' time meanwhile */
    enum path_reach tcp, udp_there, udp_back;
    double mss_bytes;                 /* what a segment of a connection to the server carries; NAN without one */
    bool is_busy;                     /* the server has another test: flows were not measured */
    struct path_rtt rtt_tcp, rtt_icmp;
    struct path_mtu mtu;
    size_t n_hops;
    struct longhaul_hop hops[PATH_HOPS_MAX];
    char hops_by[8];                  /* "udp": UDP datagrams of rising TTL, "" */
    char hops_why[160];
    struct path_flow there, back;           /* UDP at the planned rate */
    struct path_flow there_half, back_half; /* at half of what arrived: only when something was lost */
    struct path_flow transfer;              /* TCP, from here, at the planned rate */
    struct longhaul_earlier_test earlier;
    struct path_theory theory;
};

/* path_judge.c: the findings of these facts, as longhaul_path_measure() returns them for its own. */
int path_judge(const struct path_facts *facts, struct longhaul_path **out, struct longhaul_error *err);
const struct path_facts *path_facts_of(const struct longhaul_path *path);
/* "open", "refused", "filtered", "unreachable", "unknown". */
const char *path_reach_text(enum path_reach reach);

#endif
