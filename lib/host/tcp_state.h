/* tcp_state.h - what the kernel knows about a session's TCP streams. */
#ifndef TCP_STATE_H
#define TCP_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sums over the streams since they began, except for the last three members. NAN where this kernel does not tell. */
struct tcp_state {
    uint32_t n_streams; /* 0 if nothing is known */
    double segments_out, segments_in; /* segments with data, including retransmissions */
    double dsack_dups;                /* segments that the receiver already had: retransmitted needlessly */
    double reorderings;               /* reordering events seen by the sender */
    double out_of_order_in;           /* segments that arrived out of order */
    double busy_s;                    /* time with data to send or unacknowledged */
    double rwnd_limited_s;            /* part of busy_s: limited by the receiver's advertised window */
    double sndbuf_limited_s;          /* part of busy_s: limited by a send buffer too small for the path */
    double mss_bytes;                 /* now: minimum over the streams */
    double min_rtt_ms;                /* now: minimum over the streams that have one */
    double zero_windows;              /* now: streams whose receiver advertises a window of 0 */
};

/* Reads n sockets; those that are not TCP connections are omitted. */
struct tcp_state tcp_state_read(const int *sockets, size_t n);

/* The growth of the sums from one reading to the next; the last three members are those of the later reading. */
struct tcp_state tcp_state_since(const struct tcp_state *later, const struct tcp_state *earlier);

#endif
