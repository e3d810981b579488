/* tcp_members.h - what longhaul adds to a TCP interval from the kernel (tcp_state.h), in its own object "tcp": one list
 * for the writer and the reader. A new member is a line here, and a member of the two structs. */
#ifndef TCP_MEMBERS_H
#define TCP_MEMBERS_H

#include "host/tcp_state.h"

#define TCP_STATE(member) offsetof(struct tcp_state, member)
#define TCP_UNKNOWN SIZE_MAX /* this side does not know it */

/* X(column; key, and member of struct longhaul_interval; its place in struct tcp_state when this host sends, and when
 * it receives) */
#define TCP_MEMBERS(X)                                                                                                 \
    X(LONGHAUL_COLUMN_SEGMENTS, segments, TCP_STATE(segments_out), TCP_STATE(segments_in))                             \
    X(LONGHAUL_COLUMN_OUT_OF_ORDER_SEGMENTS, out_of_order_segments, TCP_UNKNOWN, TCP_STATE(out_of_order_in))           \
    X(LONGHAUL_COLUMN_SPURIOUS_RETRANSMITS, spurious_retransmits, TCP_STATE(dsack_dups), TCP_UNKNOWN)                  \
    X(LONGHAUL_COLUMN_REORDERINGS, reorderings, TCP_STATE(reorderings), TCP_UNKNOWN)                                   \
    X(LONGHAUL_COLUMN_BUSY_S, busy_s, TCP_STATE(busy_s), TCP_UNKNOWN)                                                  \
    X(LONGHAUL_COLUMN_RWND_LIMITED_S, rwnd_limited_s, TCP_STATE(rwnd_limited_s), TCP_UNKNOWN)                          \
    X(LONGHAUL_COLUMN_SNDBUF_LIMITED_S, sndbuf_limited_s, TCP_STATE(sndbuf_limited_s), TCP_UNKNOWN)                    \
    X(LONGHAUL_COLUMN_ZERO_WINDOWS, zero_windows, TCP_STATE(zero_windows), TCP_UNKNOWN)                                \
    X(LONGHAUL_COLUMN_MIN_RTT_MS, min_rtt_ms, TCP_STATE(min_rtt_ms), TCP_UNKNOWN)                                      \
    X(LONGHAUL_COLUMN_MSS_BYTES, mss_bytes, TCP_STATE(mss_bytes), TCP_UNKNOWN)

#endif
