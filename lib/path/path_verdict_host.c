/* path_verdict_host.c - what this host's own settings, interface, clocks and drops mean for a plan. Turns facts into
 * findings. What the kernel did not tell has no finding. */

#include "path/path_measure.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"
#include "model/formula.h"
#include "model/leg.h"

#define MUCH_BPS 500e6       /* from this rate on, packets cost noticeable CPU time */
#define VERY_MUCH_BPS 1e9    /* from this rate on, one queue or a synthetic interface is a limit */
#define BUFFER_MS 20.0       /* the time for which a reader may be late */
#define SKB_BYTES 768        /* what the kernel charges a socket for each datagram in addition to its bytes */
#define DROPS_NOTED 0.001    /* of the datagrams since the host started */
#define BACKLOG_NOTED 10
#define STEAL_NOTED 0.02
#define STEAL_BAD 0.10
#define PORTS_FEW 1000

/* An unlimited plan is at least as much as any rate. */
static bool is_at_least(const struct path_facts *f, double bps)
{
    return !(leg_total_bps(&f->plan) < bps);
}

static bool is_tcp(const struct path_facts *f)
{
    return f->plan.protocol == LONGHAUL_PROTOCOL_TCP;
}

/* What affects only TCP is not a problem for a plan with UDP. */
static enum longhaul_path_level of_tcp(const struct path_facts *f)
{
    return is_tcp(f) ? LONGHAUL_PATH_LEVEL_PROBLEM : LONGHAUL_PATH_LEVEL_NOTE;
}

/* ---- TCP */

static void judge_window(const struct path_facts *f, struct path_findings *out)
{
    double bdp = f->theory.bdp_bytes;
    if (isnan(bdp) || isnan(f->theory.window_bytes))
        return;
    path_find(out, "tcp_window",
              "TCP's window is %.0f bytes, %s at %s ms; the plan's rate needs %.0f (BDP)",
              f->theory.window_bytes, path_rate(f->theory.window_limit_bps).text,
              path_figure(f->theory.rtt_ms, 3).text, bdp);
    if (f->theory.window_bytes < bdp)
        path_worse(out, of_tcp(f), "one window per round trip is less than the plan's rate",
                   "sysctl -w net.ipv4.tcp_rmem='4096 131072 %.0f' net.ipv4.tcp_wmem='4096 16384 %.0f' "
                   "net.core.rmem_max=%.0f net.core.wmem_max=%.0f",
                   4 * bdp, 4 * bdp, 4 * bdp, 4 * bdp);
}

static void judge_switches(const struct path_facts *f, struct path_findings *out)
{
    const struct host_facts *h = &f->host;
    bool is_long = f->theory.bdp_bytes > FORMULA_WINDOW_FIELD_MAX;
    if (!isnan(h->window_scaling)) {
        path_find(out, "window_scaling", "window scaling is %s", h->window_scaling != 0 ? "on" : "off");
        if (h->window_scaling == 0)
            path_worse(out, is_long ? of_tcp(f) : LONGHAUL_PATH_LEVEL_NOTE,
                       "without it no window is larger than 65,535 bytes", "sysctl -w net.ipv4.tcp_window_scaling=1");
    }
    if (!isnan(h->receive_autotuning)) {
        path_find(out, "receive_autotuning", "auto-tuning of receive buffers is %s",
                  h->receive_autotuning != 0 ? "on" : "off");
        if (h->receive_autotuning == 0)
            path_worse(out, f->theory.window_bytes < f->theory.bdp_bytes ? of_tcp(f) : LONGHAUL_PATH_LEVEL_NOTE,
                       "every connection keeps its first, small window", "sysctl -w net.ipv4.tcp_moderate_rcvbuf=1");
    }
    if (!isnan(h->sack)) {
        path_find(out, "sack", "selective acknowledgements are %s", h->sack != 0 ? "on" : "off");
        if (h->sack == 0)
            path_worse(out, LONGHAUL_PATH_LEVEL_NOTE, "on a long path each loss costs round trips, one after the other",
                       "sysctl -w net.ipv4.tcp_sack=1");
    }
    if (!isnan(h->timestamps)) {
        path_find(out, "timestamps", "TCP timestamps are %s", h->timestamps != 0 ? "on" : "off");
        if (h->timestamps == 0)
            path_worse(out, LONGHAUL_PATH_LEVEL_NOTE,
                       "round trips are measured poorly under loss, and wrapped sequence numbers go unnoticed at high "
                       "rates (RFC 7323, 5)",
                       "sysctl -w net.ipv4.tcp_timestamps=1");
    }
    if (h->no_pmtu_discovery > 0) {
        path_find(out, "no_pmtu_discovery", "path MTU discovery is switched off (ip_no_pmtu_disc %.0f)",
                  h->no_pmtu_discovery);
        path_worse(out, LONGHAUL_PATH_LEVEL_NOTE, "packets are fragmented on the path instead of being made to fit",
                   "sysctl -w net.ipv4.ip_no_pmtu_disc=0");
    }
}

static void judge_congestion(const struct path_facts *f, struct path_findings *out)
{
    const char *name = is_tcp(f) && *f->plan.congestion ? f->plan.congestion : f->host.congestion_control;
    if (*name == 0)
        return;
    path_find(out, "congestion_control", "congestion control is %s", name);
    if (strcmp(name, "reno") == 0 && f->theory.bdp_bytes > FORMULA_WINDOW_FIELD_MAX)
        path_worse(out, LONGHAUL_PATH_LEVEL_NOTE,
                   "it grows by one segment per round trip: after a loss on a long path that takes minutes",
                   "sysctl -w net.ipv4.tcp_congestion_control=cubic");
}

static void judge_ports(const struct path_facts *f, struct path_findings *out)
{
    const struct host_facts *h = &f->host;
    double n = h->last_port - h->first_port + 1;
    if (isnan(n))
        return;
    path_find(out, "ports",
              "%.0f ephemeral ports, %s s of TIME_WAIT (reuse %s): %s new connections a second to one port%s", n,
              path_figure(h->time_wait_s, 0).text, path_figure(h->time_wait_reuse, 0).text,
              path_figure(formula_connections_per_s(n, h->time_wait_s), 2).text,
              h->n_time_wait > n * 0.8 ? "; most of them wait" : "");
    if (h->n_time_wait > n * 0.8)
        path_worse(out, LONGHAUL_PATH_LEVEL_PROBLEM, "connections fail when all of them do",
                   "sysctl -w net.ipv4.ip_local_port_range='10240 60999' net.ipv4.tcp_tw_reuse=1");
    else if (n < PORTS_FEW || f->n_flows > n)
        path_worse(out, f->n_flows > n ? LONGHAUL_PATH_LEVEL_PROBLEM : LONGHAUL_PATH_LEVEL_NOTE,
                   "each stream and each control connection takes one",
                   "sysctl -w net.ipv4.ip_local_port_range='10240 60999'");
}

/* ---- UDP */

static bool has_host_drops(const struct path_findings *out)
{
    for (size_t i = 0; i < out->n; i++)
        if (strcmp(out->list[i].rule, "host_drops") == 0 && out->list[i].level != LONGHAUL_PATH_LEVEL_OK)
            return true;
    return false;
}

/* For how long a receiver may be late. A socket is charged for a datagram's bytes and for the kernel's overhead. */
static void judge_udp_buffer(const struct path_facts *f, struct path_findings *out)
{
    double asked = 2.0 * f->plan.window_bytes,
           buffer = f->plan.window_bytes > 0 ? fmin(asked, 2 * f->host.rmem_max_bytes) : f->host.rmem_default_bytes;
    double datagram = f->plan.datagram_bytes, rate = leg_total_bps(&f->plan);
    if (is_tcp(f) || isnan(buffer) || datagram <= 0 || isnan(rate))
        return;
    double holds_ms = buffer / (datagram + SKB_BYTES) * datagram * 8 / rate * 1e3;
    path_find(out, "udp_buffer", "a UDP socket's buffer of %.0f bytes holds %.0f ms of the plan's rate", buffer,
              holds_ms);
    if (holds_ms < BUFFER_MS && !has_host_drops(out))
        path_worse(out, LONGHAUL_PATH_LEVEL_NOTE,
                   "a receiver that is delayed for longer loses datagrams, and this loss is in the host",
                   "sysctl -w net.core.rmem_default=%d net.core.rmem_max=%d", 1 << 20, 4 << 20);
}

static void judge_counters(const struct path_facts *f, struct path_findings *out)
{
    const struct longhaul_host_drops *d = &f->host.drops;
    double seen = d->udp_received + d->udp_receive_buffer;
    if (!isnan(seen)) {
        char worst[80] = "";
        if (d->udp_worst > 0 && !isnan(d->udp_worst_port))
            snprintf(worst, sizeof worst, "; the open socket on port %.0f dropped %.0f", d->udp_worst_port,
                     d->udp_worst);
        path_find(out, "udp_drops", "since this host started, %.0f of %.0f datagrams found their buffer full%s",
                  d->udp_receive_buffer, seen, worst);
        if (seen > 0 && d->udp_receive_buffer / seen > DROPS_NOTED)
            path_worse(out, LONGHAUL_PATH_LEVEL_NOTE,
                       "this host loses datagrams that the network delivered: a day's loss may be its own",
                       "sysctl -w net.core.rmem_default=%d net.core.rmem_max=%d    # and see ss -uamp", 1 << 20,
                       4 << 20);
    }
    if (!isnan(f->drops.backlog)) {
        path_find(out, "backlog_drops",
                  "%.0f packets were dropped before the stack while the path was measured (softnet_stat)",
                  f->drops.backlog);
        if (f->drops.backlog > BACKLOG_NOTED &&
            !(f->back.lost_packets == 0)) /* they belong to other traffic if the test lost nothing */
            path_worse(out, LONGHAUL_PATH_LEVEL_NOTE,
                       "the CPU does not keep up with the interface: packets dropped here are lost in the host, not "
                       "in the network",
                       "sysctl -w net.core.netdev_max_backlog=5000");
    }
    if (!isnan(f->drops.reassembly) && f->drops.reassembly > 0) {
        path_find(out, "reassembly", "%.0f datagrams lacked fragments while the path was measured",
                  f->drops.reassembly);
        path_worse(out, LONGHAUL_PATH_LEVEL_NOTE,
                   "fragments are lost or come too late: datagrams of full size suffer most",
                   "longhaul run -l %.0f ...",
                   fmin(f->mtu.bytes > 100 ? f->mtu.bytes : 1400, 1400) - formula_udp_headers_bytes(f->family));
    }
}

/* ---- interface */

static void judge_link(const struct path_facts *f, struct path_findings *out)
{
    const struct host_facts *h = &f->host;
    double rate = leg_total_bps(&f->plan);
    if (isnan(h->link_bps))
        return;
    path_find(out, "link_speed", "%s (%s) says %.0f Mbit/s", h->interface, *h->driver ? h->driver : "no driver",
              h->link_bps / 1e6);
    if (rate > h->link_bps)
        path_worse(out, LONGHAUL_PATH_LEVEL_PROBLEM, "the plan's rate is more than the link carries",
                   "longhaul run -b %.0fM ...", h->link_bps / BPS_PER_MBPS * 0.9);
}

static void judge_offloads(const struct path_facts *f, struct path_findings *out)
{
    const struct host_facts *h = &f->host;
    static const char *const switches[] = { "off", "on", "?" };
    if (isnan(h->tso) && isnan(h->gso) && isnan(h->gro))
        return;
    path_find(out, "offloads", "%s: TSO %s, GSO %s, GRO %s, LRO %s", h->interface,
              switches[isnan(h->tso) ? 2 : h->tso != 0], switches[isnan(h->gso) ? 2 : h->gso != 0],
              switches[isnan(h->gro) ? 2 : h->gro != 0], switches[isnan(h->lro) ? 2 : h->lro != 0]);
    if (is_at_least(f, MUCH_BPS) && (h->gso == 0 || h->gro == 0 || (h->tso == 0 && is_tcp(f))))
        path_worse(out, LONGHAUL_PATH_LEVEL_NOTE,
                   "at this rate the CPU handles each packet separately, and becomes the limit before the path does",
                   "ethtool -K %s tso on gso on gro on", h->interface);
}

static void judge_queues(const struct path_facts *f, struct path_findings *out)
{
    const struct host_facts *h = &f->host;
    if (isnan(h->n_rx_queues))
        return;
    double spread = isnan(h->n_rss_queues) ? h->n_rx_queues : h->n_rss_queues,
           possible = isnan(h->n_rx_queues_max) ? h->n_rx_queues : h->n_rx_queues_max;
    path_find(out, "queues", "%s: %.0f receive queue%s of %.0f, RSS over %.0f, %s CPU%s", h->interface, h->n_rx_queues,
              h->n_rx_queues == 1 ? "" : "s", possible, spread, path_figure(h->n_cpus, 0).text,
              h->n_cpus == 1 ? "" : "s");
    if (is_at_least(f, VERY_MUCH_BPS) && spread < 2 && h->n_cpus > 1)
        path_worse(out, LONGHAUL_PATH_LEVEL_NOTE, "one CPU handles all arriving packets",
                   possible > 1 ? "ethtool -L %s combined %.0f; ethtool -X %s equal %.0f"
                                : "a VM size whose %s has more than %.0f queue",
                   h->interface, fmin(possible, h->n_cpus), h->interface, fmin(possible, h->n_cpus));
}

static void judge_acceleration(const struct path_facts *f, struct path_findings *out)
{
    const struct host_facts *h = &f->host;
    if (h->acceleration == HOST_ACCELERATION_UNKNOWN)
        return;
    path_find(out, "acceleration", "accelerated networking: %s (%s%s%s)", host_acceleration_text(h->acceleration),
              h->driver, *h->accelerated_driver ? ", below it " : "", h->accelerated_driver);
    if (h->acceleration == HOST_ACCELERATION_NONE)
        path_worse(out, is_at_least(f, VERY_MUCH_BPS) ? LONGHAUL_PATH_LEVEL_PROBLEM : LONGHAUL_PATH_LEVEL_NOTE,
                   "every packet passes the host's software switch: more latency, more jitter, fewer packets a second",
                   "az network nic update -g GROUP -n NIC --accelerated-networking true    # with the VM stopped");
}

/* ---- CPUs and clocks */

static void judge_steal(const struct path_facts *f, struct path_findings *out)
{
    double steal = isnan(f->steal_share) ? f->host.steal_share : f->steal_share;
    if (isnan(steal))
        return;
    path_find(out, "steal", "the hypervisor took %s %% of the CPUs' time during the measurement, %s %% since the start",
              path_figure(100 * f->steal_share, 2).text, path_figure(100 * f->host.steal_share, 2).text);
    if (steal > STEAL_NOTED)
        path_worse(out, steal > STEAL_BAD ? LONGHAUL_PATH_LEVEL_PROBLEM : LONGHAUL_PATH_LEVEL_NOTE,
                   "a paused sender sends bursts, a paused receiver loses packets: jitter and loss are then caused by "
                   "the VM",
                   "a VM size that is not shared (not a burstable one)");
}

static void judge_clocks(const struct path_facts *f, struct path_findings *out)
{
    static const char *const slow[] = { "hpet", "acpi_pm", "jiffies", "refined-jiffies", "pit" };
    const struct host_facts *h = &f->host;
    if (*h->clock_source) {
        path_find(out, "clock_source", "clock source is %s", h->clock_source);
        for (size_t i = 0; i < sizeof slow / sizeof slow[0]; i++)
            if (strcmp(h->clock_source, slow[i]) == 0)
                path_worse(out, LONGHAUL_PATH_LEVEL_NOTE,
                           "reading it takes long, and pacing and jitter depend on reading it",
                           "cat /sys/devices/system/clocksource/clocksource0/available_clocksource    # tsc, "
                           "kvm-clock, hyperv_clocksource_tsc_page");
    }
    if (!isnan(h->is_clock_synchronised)) {
        if (h->is_clock_synchronised != 0)
            path_find(out, "clock", "the clock is synchronised, within %s ms", path_figure(h->clock_error_ms, 1).text);
        else
            path_find(out, "clock", "the clock is not synchronised");
        if (h->is_clock_synchronised == 0)
            path_worse(out, LONGHAUL_PATH_LEVEL_NOTE, "UTC times of events in different legs cannot be compared",
                       "timedatectl set-ntp true    # or chrony, systemd-timesyncd");
    }
}

void path_judge_host(const struct path_facts *f, struct path_findings *out)
{
    judge_window(f, out);
    judge_switches(f, out);
    judge_congestion(f, out);
    judge_ports(f, out);
    judge_udp_buffer(f, out);
    judge_counters(f, out);
    judge_link(f, out);
    judge_offloads(f, out);
    judge_queues(f, out);
    judge_acceleration(f, out);
    judge_steal(f, out);
    judge_clocks(f, out);
}
