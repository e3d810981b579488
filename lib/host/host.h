/* host.h - reads what the kernel and the interface say of this host; the parts each fill their own members and leave
 * NAN where nothing is known. */
#ifndef HOST_H
#define HOST_H

#include <longhaul.h>

enum host_acceleration {
    HOST_ACCELERATION_UNKNOWN = 0,
    HOST_ACCELERATION_NONE,      /* a synthetic interface (hv_netvsc) without its virtual function */
    HOST_ACCELERATION_VIRTIO,    /* paravirtual: no hardware to reach past the hypervisor */
    HOST_ACCELERATION_HARDWARE   /* SR-IOV's virtual function, or the cloud's own: mlx4, mlx5, mana, ena, gve... */
};

/* Facts of this host; NAN where the kernel does not tell, 0 or 1 for a switch. */
struct host_facts {
    char cloud[16];                /* "azure", "aws", "gcp", "oracle", "" (/sys/class/dmi/id) */
    char interface[16];            /* towards the peer; "" when not known, and then nothing is known of it */
    char driver[32];
    char accelerated_driver[32];   /* of the virtual function below a synthetic interface; "" without one */
    enum host_acceleration acceleration;
    bool is_tunnel; /* the interface wraps packets: tun, wireguard, ipip, gre, vti, xfrm, ppp, vxlan... */
    bool is_loopback;
    double mtu_bytes;              /* of the interface */
    double link_bps;               /* as the driver says; NAN where it does not (virtual machines often) */
    double tso, gso, gro, lro;
    double n_rx_queues, n_tx_queues;         /* in use */
    double n_rx_queues_max, n_tx_queues_max; /* that the device has */
    double n_rss_queues;           /* that RSS spreads flows over; NAN where it does not tell */
    double n_cpus;

    double tcp_rmem_bytes[3], tcp_wmem_bytes[3]; /* least, default, most of one socket */
    double rmem_default_bytes, rmem_max_bytes, wmem_default_bytes, wmem_max_bytes;
    double receive_autotuning;     /* tcp_moderate_rcvbuf */
    double window_scaling, sack, timestamps;
    char congestion_control[16];
    double mtu_probing;            /* tcp_mtu_probing: 0 no, 1 after a black hole, 2 always */
    double no_pmtu_discovery;      /* ip_no_pmtu_disc */
    double first_port, last_port;  /* ephemeral ports */
    double time_wait_reuse;        /* tcp_tw_reuse: 0 no, 1 yes, 2 on loopback */
    double time_wait_s;            /* how long a closed connection holds its port: 60, fixed in Linux */
    double n_time_wait;            /* connections that wait so now */

    double steal_share;            /* of the CPUs' time since boot that the hypervisor gave to others, 0-1 */
    double steal_ticks,
        cpu_ticks; /* what that is made of: the share of a stretch is the quotient of two readings' growth */
    char clock_source[32];
    double is_clock_synchronised;  /* by NTP or PTP, as the kernel sees it: adjtimex(2) */
    double clock_error_ms;         /* the kernel's bound of its error */
    struct longhaul_host_drops drops;
};

struct host_options {
    /* Folder in place of / for /proc and /sys; NULL means /. In another folder, what is not a file on Linux is read
     * from saved text: ethtool/INTERFACE (the output of ethtool -i, -k, -l, -x, one after the other) and adjtimex
     * ("synchronised 1", "maxerror_us 500"). */
    const char *root;
    const char *interface; /* NULL or "": the one towards peer */
    const char *peer;      /* numeric address; NULL: no interface unless one is named */
};

/* host.c. Never fails for what the kernel does not tell: that is NAN. LONGHAUL_EINVAL if the interface's name or the
 * address does not parse. */
int host_read(const struct host_options *options, struct host_facts *host, struct longhaul_error *err);
/* host_nic.c: host->interface, and everything that is known of it. */
void host_read_interface(const char *root, struct host_facts *host);
/* "unknown", "none", ...: a static string. */
const char *host_acceleration_text(enum host_acceleration acceleration);
/* host_drops.c: the counters. interface may be "". */
void host_read_drops(const char *root, const char *interface, struct longhaul_host_drops *drops);
/* host_json.c: what each counter grew by. Sockets come and go: of those it has what after says. */
struct longhaul_host_drops host_drops_between(const struct longhaul_host_drops *before,
                                              const struct longhaul_host_drops *after);

#endif
