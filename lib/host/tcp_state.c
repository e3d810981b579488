/* tcp_state.c - reads TCP_INFO of a session's streams with the kernel's own header, which cannot be included together
 * with the C library's older one. Changes no socket. */

#include "host/tcp_state.h"

#include <linux/tcp.h>
#include <math.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "base/units.h"

/* The kernel fills only as much of the struct as it knows. */
#define HAS(info_size, member)                                                                                         \
    ((info_size) >= offsetof(struct tcp_info, member) + sizeof(((struct tcp_info *)0)->member))

static double less(double a, double b)
{
    return isnan(a) || b < a ? b : a;
}

static void add(struct tcp_state *sum, const struct tcp_info *info, size_t size)
{
    sum->n_streams++;
    sum->segments_out += HAS(size, tcpi_data_segs_out) ? (double)info->tcpi_data_segs_out : NAN;
    sum->segments_in += HAS(size, tcpi_data_segs_in) ? (double)info->tcpi_data_segs_in : NAN;
    sum->dsack_dups += HAS(size, tcpi_dsack_dups) ? (double)info->tcpi_dsack_dups : NAN;
    sum->reorderings += HAS(size, tcpi_reord_seen) ? (double)info->tcpi_reord_seen : NAN;
    sum->out_of_order_in += HAS(size, tcpi_rcv_ooopack) ? (double)info->tcpi_rcv_ooopack : NAN;
    sum->busy_s += HAS(size, tcpi_busy_time) ? (double)info->tcpi_busy_time / US_PER_S : NAN;
    sum->rwnd_limited_s += HAS(size, tcpi_rwnd_limited) ? (double)info->tcpi_rwnd_limited / US_PER_S : NAN;
    sum->sndbuf_limited_s += HAS(size, tcpi_sndbuf_limited) ? (double)info->tcpi_sndbuf_limited / US_PER_S : NAN;
    sum->zero_windows += HAS(size, tcpi_snd_wnd) ? info->tcpi_snd_wnd == 0 : NAN;
    sum->mss_bytes = less(sum->mss_bytes, info->tcpi_snd_mss);
    if (HAS(size, tcpi_min_rtt) && info->tcpi_min_rtt != ~0u) /* no sample yet */
        sum->min_rtt_ms = less(sum->min_rtt_ms, (double)info->tcpi_min_rtt / US_PER_MS);
}

struct tcp_state tcp_state_read(const int *sockets, size_t n)
{
    struct tcp_state sum = { .mss_bytes = NAN, .min_rtt_ms = NAN };
    for (size_t i = 0; i < n; i++) {
        struct tcp_info info;
        socklen_t size = sizeof info;
        memset(&info, 0, sizeof info);
        if (getsockopt(sockets[i], IPPROTO_TCP, TCP_INFO, &info, &size) == 0)
            add(&sum, &info, size);
    }
    return sum;
}

struct tcp_state tcp_state_since(const struct tcp_state *later, const struct tcp_state *earlier)
{
    struct tcp_state since = *later;
    since.segments_out -= earlier->segments_out;
    since.segments_in -= earlier->segments_in;
    since.dsack_dups -= earlier->dsack_dups;
    since.reorderings -= earlier->reorderings;
    since.out_of_order_in -= earlier->out_of_order_in;
    since.busy_s -= earlier->busy_s;
    since.rwnd_limited_s -= earlier->rwnd_limited_s;
    since.sndbuf_limited_s -= earlier->sndbuf_limited_s;
    return since;
}
