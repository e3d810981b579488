/* formula.h - the formulas that longhaul_formula_calculate() uses and the public header does not have. NAN for values
 * that make no sense. "The guide" is Microsoft's "TCP/IP performance tuning for Azure VMs"; longhaul-path(1) has its
 * tables and, as footnotes, where its print is wrong. */
#ifndef FORMULA_H
#define FORMULA_H

#include <longhaul.h>

#define FORMULA_WINDOW_FIELD_MAX 65535      /* the largest window in a TCP header's field: 16 bits (RFC 9293, 3.1) */
#define FORMULA_PACKET_MAX 65535            /* of IPv4, with its header (RFC 791, 3.1) */
#define FORMULA_FIBRE_KM_PER_MS 200.0       /* light in glass: the vacuum's 299.8 over a refractive index of 1.5 */
#define FORMULA_EARTH_RADIUS_KM 6371.0088   /* the mean of IUGG's ellipsoid */

/* Bandwidth-delay product: bytes in flight that fill a path, rate x RTT / 8 (RFC 1072, 1; RFC 7323, 1.1). */
double formula_bdp_bytes(double rate_bps, double rtt_ms);
/* The rate that a window allows, window x 8 / RTT: one window per round trip (RFC 7323, 1.1). */
double formula_window_limit_bps(double window_bytes, double rtt_ms);
/* The RTT up to which a window carries a rate, window x 8 / rate. */
double formula_window_rtt_ms(double window_bytes, double rate_bps);
/* The window that a header's field means, field x 2^scale (RFC 7323, 2.3). NAN for a scale above 14. */
double formula_scaled_window_bytes(double field_bytes, int scale);
/* The smallest scale with which the largest field (65,535) holds the BDP: 0 to 14; -1 when 14 is too small, or
 * for NAN. */
int formula_scale_needed(double rate_bps, double rtt_ms);

/* Receive-window auto-tuning levels of Windows and the scale that each leads to; -1 means no scaling (the guide's
 * table). */
struct formula_autotuning_level {
    const char *level; /* "disabled", "restricted", "highly restricted", "normal", "experimental" */
    int scale;
};
/* Returns level i, from 0; NULL after the last. */
const struct formula_autotuning_level *formula_autotuning(size_t i);

/* Mathis, Semke, Mahdavi and Ott, "The Macroscopic Behavior of the TCP Congestion Avoidance Algorithm", CCR 27(3),
 * 1997: rate = MSS x 8 / RTT x C / sqrt(loss); infinite without loss. C is sqrt(3/2) for periodic loss when every
 * segment is acknowledged, sqrt(3/4) with delayed acknowledgements (their equations 3 and 4); c of 0 means the first.
 * It describes Reno: CUBIC on a long path and BBR exceed it. */
#define FORMULA_MATHIS_C 1.224744871391589
#define FORMULA_MATHIS_C_DELAYED 0.8660254037844386
double formula_mathis_bps(double mss_bytes, double rtt_ms, double loss, double c);
/* MTU minus the headers of IP (20; IPv6 40) and TCP (20), as in the MSS option (RFC 879, 6691, 8200); with timestamps
 * 12 less, which is what a segment then carries (RFC 7323, appendix A). family is 4 or 6. NAN if nothing is left. */
double formula_mss_bytes(double mtu_bytes, int family, bool has_timestamps);
/* Least RTT over a distance, 2 x km / 200 (the guide). No cable is that straight. */
double formula_least_rtt_ms(double distance_km);
/* formula_mathis_bps() solved for the loss that a rate tolerates: at most 1. */
double formula_mathis_loss(double mss_bytes, double rtt_ms, double rate_bps, double c);
/* Segments that carry one window, rounded up (the guide). */
double formula_packets_per_window(double window_bytes, double mss_bytes);

/* The headers of IP (20; IPv6 40) and UDP (8). family is 4 or 6. */
double formula_udp_headers_bytes(int family);

/* The size of an IP packet on Ethernet, with all headers. */
struct formula_framing {
    double packet_bytes;    /* of the one packet: the payload, UDP's 8, IP's 20 or 40 */
    double n_packets; /* after fragmentation: pieces of whole 8 bytes, except the last (RFC 791, 3.2; RFC 8200, 4.5) */
    double last_bytes;      /* of the last fragment, with its own header */
    double ip_bytes;        /* of all fragments: each has its own IP header (IPv6: 8 bytes more) */
    double framing_bytes;   /* Ethernet's header and check sequence, 14 + 4 a frame (IEEE 802.3, 3.1.1) */
    double frame_bytes;     /* ip_bytes, framing, padding to 64 (IEEE 802.3, 4.4.2) */
    double wire_bytes;      /* plus the preamble, its delimiter and the gap between frames, 8 + 12 a frame */
    double payload_share;   /* payload / wire_bytes, 0-1; NAN for a packet whose payload is unknown */
};
/* For an IP packet (packet_bytes includes its header) and for a UDP datagram (payload alone). family is 4 or 6; all NAN
 * for a packet beyond 65,535 bytes, or an MTU too small for any fragment. */
struct formula_framing formula_frame_packet(double packet_bytes, double mtu_bytes, int family);
struct formula_framing formula_frame_datagram(double payload_bytes, double mtu_bytes, int family);

/* The volume of a stream of datagrams. rate_bps counts payload, as iperf3's -b does. */
struct formula_traffic {
    double packets_per_s;
    double packets;
    double payload_bytes;
    double ip_bytes;   /* what a provider bills: with IP's and UDP's headers, MTU 1,500 */
    double wire_bytes; /* with Ethernet's, see formula_framing.wire_bytes */
    double wire_bps;
};
struct formula_traffic formula_volume(double rate_bps, double datagram_bytes, double seconds, int family);

/* How many new connections per second to one port of a peer the ports and TIME_WAIT allow: ports / time_wait (RFC 9293,
 * 3.6.1). */
double formula_connections_per_s(double n_ports, double time_wait_s);

#endif
