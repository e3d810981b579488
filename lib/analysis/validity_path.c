/* validity_path.c - findings about what the host itself dropped or read late, about a sender's clock that was set, and
 * about a TCP that does not use what the path offers. All are notes: the figures are correct, and these
 * explain what they measure. */

#include <math.h>

#include "analysis/analysis.h"
#include "base/units.h"

#define HELD_SHARE 0.1       /* of its busy time, from which a window or a buffer limits TCP */
#define SPURIOUS_SHARE 0.25  /* of the retransmissions */
#define SPURIOUS_LEAST 10
#define ENOUGH_RECEIVED 0.95 /* of what was sent; in a test that is not short, the rest is in buffers when it ends */
#define INFLATED_TIMES 2.0   /* the round trip during the test divided by the least one */
#define INFLATED_MS 5.0
#define LATE_MS 1000.0  /* an arrival that was read so late is told, */
#define LATE_LEAST 10   /* such intervals: at the start of a test some may be late */
#define LATE_SHARE 0.1  /* or intervals with one that was over 10 ms late, if they are more than this share */

/* ---- the host */

static double positive(double value)
{
    return value > 0 ? value : 0;
}

/* For a UDP receiver its sockets count, for a sender what could not be sent; the interface and its queue count for
 * both. */
static bool host_drops(struct longhaul_analysis *a, const struct longhaul_host_drops *d, bool is_sender)
{
    double sockets = a->has_tcp ? 0 : positive(is_sender ? d->udp_send_buffer : d->udp_receive_buffer);
    double queue = positive(d->backlog), interface = positive(is_sender ? d->interface_sent : d->interface_received);
    if (sockets + queue + interface == 0)
        return true;
    return finding_add(a, "host_drops", false,
                       "during the test the %s's own host dropped packets: UDP sockets %.0f, receive queue %.0f, "
                       "interface %.0f",
                       is_sender ? "sender" : "receiver", sockets, queue, interface);
}

/* ---- delays */

/* The sender's times are in the datagrams. */
static bool sender_clock_set(struct longhaul_analysis *a)
{
    const double *steps = a->view.delay.step;
    double most = 0;
    for (size_t i = 0; a->delays.n_steps > 0 && i < a->view.n; i++)
        if (view_is_usable(&a->view, i) && fabs(steps[i]) > fabs(most))
            most = steps[i];
    return most == 0 || finding_add(a, "sender_clock_set", false,
                                    "the sender's clock was set while it sent: %zu time%s, at most by %+.3f s; the "
                                    "delays do not have it in them",
                                    a->delays.n_steps, a->delays.n_steps == 1 ? "" : "s", most / US_PER_S);
}

/* The delays are by the kernel's times of arrival; the jitter is by when the program read. */
static bool read_late(struct longhaul_analysis *a)
{
    size_t n = 0;
    for (size_t i = 0; i < a->view.n; i++)
        n += view_is_usable(&a->view, i) && a->view.delay.read[i] > 0;
    bool is_often = n >= LATE_LEAST && (double)n > LATE_SHARE * (double)a->delays.n_intervals;
    return a->delays.n_intervals == 0 || !(a->delays.read_late_ms >= LATE_MS || is_often) ||
           finding_add(a, "read_late", false,
                       "the receiver's host was busy: in %zu of %zu intervals datagrams were read over 10 ms after "
                       "they had arrived, at most %s; the jitter has that in it, the delays do not",
                       n, a->delays.n_intervals, finding_seconds(a->delays.read_late_ms * US_PER_MS / US_PER_S).text);
}

/* ---- TCP */

static bool spurious(struct longhaul_analysis *a)
{
    const struct longhaul_tcp *t = &a->tcp;
    if (!(t->spurious_retransmits >= SPURIOUS_LEAST) || !(t->spurious_retransmits > SPURIOUS_SHARE * t->retransmits))
        return true;
    return finding_add(a, "tcp_spurious_retransmits", false,
                         "%.0f of %.0f segments were retransmitted needlessly: the receiver already had them",
                         t->spurious_retransmits, t->retransmits);
}

static bool rtt_inflated(struct longhaul_analysis *a)
{
    const struct longhaul_tcp *t = &a->tcp;
    if (!a->info.is_sender || !(t->rtt_ms.p50 > INFLATED_TIMES * t->min_rtt_ms) ||
        !(t->rtt_ms.p50 - t->min_rtt_ms > INFLATED_MS))
        return true;
    return finding_add(a, "tcp_rtt_inflated", false,
                       "the round trip is %.1f ms under load (median), its minimum %.1f ms, as with a queue on the "
                       "path",
                       t->rtt_ms.p50, t->min_rtt_ms);
}

/* The rates of both sides as iperf3 gives them, each over its own time. */
static bool less_received(struct longhaul_analysis *a)
{
    double sent = a->summary.sent_mbps, received = a->summary.received_mbps;
    if (!(received > 0) || !(received < ENOUGH_RECEIVED * sent))
        return true;
    return finding_add(a, "tcp_less_received", false,
                       "%s Mbps were sent and %s received: what was sent last had not arrived when the test ended",
                       finding_figure(sent).text, finding_figure(received).text);
}

static bool zero_window(struct longhaul_analysis *a)
{
    return !(a->tcp.n_zero_windows > 0) ||
           finding_add(a, "tcp_zero_window", false,
                       "the receiver's window was 0 at the end of %.0f of %zu intervals: it did not read in time",
                       a->tcp.n_zero_windows, a->view.n);
}

static bool held_by(struct longhaul_analysis *a, const char *rule, double seconds, const char *what)
{
    if (!(seconds > HELD_SHARE * a->tcp.busy_s))
        return true;
    return finding_add(a, rule, false, "%s limited TCP for %.0f %% of the time in which it had data to send", what,
                         100 * seconds / a->tcp.busy_s);
}

bool validity_judge_path(struct longhaul_analysis *a)
{
    if ((a->has_host_drops && !host_drops(a, &a->host_drops, a->info.is_sender)) ||
        (a->has_receiver_drops && !host_drops(a, &a->receiver_drops, false)) || !sender_clock_set(a) || !read_late(a))
        return false;
    return !a->has_tcp || (spurious(a) && rtt_inflated(a) && less_received(a) && zero_window(a) &&
                           held_by(a, "tcp_receiver_limited", a->tcp.rwnd_limited_s, "the receiver's window") &&
                           held_by(a, "tcp_sndbuf_limited", a->tcp.sndbuf_limited_s, "the send buffer"));
}
