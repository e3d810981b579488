/* tcp_state.h - what the kernel knows of a session's TCP streams. */
#ifndef TCP_STATE_H
#define TCP_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sums over streams since they began, but for the last three. What this kernel does not tell is NAN. */
struct tcp_state {
    uint32_t n_streams; /* 0: nothing is known */
    double segments_out, segments_in; /* with data; those that were sent again too */
    double dsack_dups;                /* segments that the receiver had already: sent again for nothing */
    double reorderings;               /* events of reordering that the sender saw */
    double out_of_order_in;           /* segments that arrived out of order */
    double busy_s;                    /* with data to send or unacknowledged */
    double rwnd_limited_s;            /* of these: held back by the window that the receiver offers */
    double sndbuf_limited_s;          /* of these: by a send buffer too small for the path */
    double mss_bytes;                 /* now: least of the streams */
    double min_rtt_ms;                /* now: least of the streams, of those that have one */
    double zero_windows;              /* now: streams whose receiver offers nothing */
};

/* Of n sockets; such as are no TCP connection are left out. */
struct tcp_state tcp_state_read(const int *sockets, size_t n);

/* What came to the sums from one reading to the next, with the last three of the later. */
struct tcp_state tcp_state_since(const struct tcp_state *later, const struct tcp_state *earlier);

#endif
