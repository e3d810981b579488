/* test_path_verdict.c - every verdict about a path is caused by the fact that it names, and only by that; without that
 * fact the same path has no finding. */

#include <longhaul.h>

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "path/path_measure.h"

static struct path_rtt round_trips(double ms)
{
    return (struct path_rtt){ .n_sent = 20,
                                       .n_received = 20, .min_ms = ms, .mean_ms = ms, .median_ms = ms, .p95_ms = ms,
                                       .max_ms = ms, .jitter_ms = 0 };
}

static struct path_flow flow(double rate_bps, double lost)
{
    double sent = rate_bps * 2 / 8 / 1372;
    return (struct path_flow){ .is_measured = true,
                                        .seconds = 2, .offered_bps = rate_bps, .received_bps = rate_bps * (1 - lost),
                                        .datagram_bytes = 1372, .sent_packets = sent, .lost_packets = sent * lost,
                                        .host_lost_packets = 0, .out_of_order = 0, .jitter_ms = 0.1, .retransmits = 0,
                                        .rtt_ms = 100, .rttvar_ms = 1, .cwnd_bytes = 1e6, .pmtu_bytes = 1500,
                                        .loaded = round_trips(100) };
}

static struct host_facts good_host(void)
{
    return (struct host_facts){
        .cloud = "azure", .interface = "eth0", .driver = "hv_netvsc", .accelerated_driver = "mlx5_core",
        .acceleration = HOST_ACCELERATION_HARDWARE, .mtu_bytes = 1500, .link_bps = 40e9, .tso = 1, .gso = 1, .gro = 1,
        .lro = 0, .n_rx_queues = 4, .n_tx_queues = 4, .n_rx_queues_max = 4, .n_tx_queues_max = 4, .n_rss_queues = 4,
        .n_cpus = 4, .tcp_rmem_bytes = { 4096, 131072, 6291456 }, .tcp_wmem_bytes = { 4096, 16384, 4194304 },
        .rmem_default_bytes = 1048576, .rmem_max_bytes = 4194304, .wmem_default_bytes = 212992,
        .wmem_max_bytes = 4194304, .receive_autotuning = 1, .window_scaling = 1, .sack = 1, .timestamps = 1,
        .congestion_control = "cubic", .mtu_probing = 0, .no_pmtu_discovery = 0, .first_port = 32768,
        .last_port = 60999, .time_wait_reuse = 2, .time_wait_s = 60, .n_time_wait = 3, .steal_share = 0,
        .steal_ticks = 0, .cpu_ticks = 1e6, .clock_source = "hyperv_clocksource_tsc_page", .is_clock_synchronised = 1,
        .clock_error_ms = 1,
        .drops = { .udp_received = 1e6, .udp_receive_buffer = 0, .udp_worst = NAN, .udp_worst_port = NAN }
    };
}

/* 10 Mbit/s over 9,600 km, without a fault. */
static struct path_facts good_facts(void)
{
    struct path_facts f = {
        .peer = "hub", .address = "172.16.0.4", .source = "172.17.0.4", .family = 4,
        .plan = { .source = "HK", .destination = "WUS", .peer = "hub", .rate_bps = 10000000, .datagram_bytes = 1372 },
        .theory = { .distance_km = 9600 }, .n_flows = 2, .host = good_host(), .steal_share = 0,
        .tcp = PATH_REACH_OPEN, .udp_there = PATH_REACH_OPEN, .udp_back = PATH_REACH_OPEN, .mss_bytes = 1448,
        .rtt_tcp = round_trips(100), .rtt_icmp = round_trips(100),
        .mtu = { .bytes = 1500, .probed_bytes = 1500, .fragments_pass = 1, .method = "icmp" }, .n_hops = 1,
        .hops_by = "udp", .there = flow(10e6, 0), .back = flow(10e6, 0), .there_half = flow(5e6, 0),
        .back_half = flow(5e6, 0), .transfer = flow(10e6, 0)
    };
    f.there_half.is_measured = f.back_half.is_measured = false;
    longhaul_leg_fill(&f.plan);
    f.plan.datagram_bytes = 1372;
    return f;
}

/* "rule=level rule=level" for everything that is not ok. */
static void found(const struct path_facts *f, char *text, size_t size, bool *is_told)
{
    struct longhaul_path *path = NULL;
    size_t n, at = 0;
    *text = 0;
    *is_told = path_judge(f, &path, NULL) == 0;
    const struct longhaul_path_finding *list = longhaul_path_findings(path, &n);
    for (size_t i = 0; i < n; i++) {
        if (list[i].level != LONGHAUL_PATH_LEVEL_OK)
            at += (size_t)snprintf(text + at, size - at, "%s%s=%s", at ? " " : "", list[i].rule,
                                   longhaul_path_level_text(list[i].level));
        *is_told = *is_told && *list[i].text &&
                   (list[i].level == LONGHAUL_PATH_LEVEL_OK || (*list[i].why && *list[i].command)) &&
                   strstr(list[i].text, "nan") == NULL && strstr(list[i].command, "nan") == NULL &&
                   strstr(list[i].text, "inf ") == NULL;
    }
    longhaul_path_free(path);
}

static void plan_tcp(struct path_facts *f, uint64_t rate_bps)
{
    f->plan.protocol = LONGHAUL_PROTOCOL_TCP;
    f->plan.datagram_bytes = 131072;
    f->plan.rate_bps = rate_bps;
    f->transfer.received_bps = (double)rate_bps;
}

static void tcp_refused(struct path_facts *f) { f->tcp = PATH_REACH_REFUSED; }
static void tcp_filtered(struct path_facts *f) { f->tcp = PATH_REACH_FILTERED; }
static void tcp_unreachable(struct path_facts *f) { f->tcp = PATH_REACH_UNREACHABLE; }
static void udp_there(struct path_facts *f)
{
    f->udp_there = PATH_REACH_FILTERED, f->udp_back = PATH_REACH_UNKNOWN,
    f->there.is_measured = f->back.is_measured = false;
}
static void udp_back(struct path_facts *f)
{
    f->udp_back = PATH_REACH_FILTERED, f->back = flow(10e6, 1);
}
static void busy(struct path_facts *f) { f->is_busy = true; }
static void faster_than_light(struct path_facts *f) { f->theory.distance_km = 11000; }
static void detour(struct path_facts *f) { f->theory.distance_km = 3000; }
static void queue(struct path_facts *f) { f->there.loaded = round_trips(180); }
static void delays(struct path_facts *f, double p50_ms, double p99_ms, double max_ms)
{
    f->back.delay_p50_ms = p50_ms, f->back.delay_p99_ms = p99_ms, f->back.delay_max_ms = max_ms;
}
static void standing(struct path_facts *f) { delays(f, 40, 80, 81); }
static void burst(struct path_facts *f) { delays(f, 0.1, 60, 70); }
static void waiting(struct path_facts *f) { delays(f, 12, 20, 25); }
static void no_queue(struct path_facts *f) { f->there.loaded = round_trips(125); }
static void loss_slight(struct path_facts *f) { f->there = flow(10e6, 0.005); }
static void loss_there(struct path_facts *f) { f->there = flow(10e6, 0.02), f->there_half = flow(5e6, 0.02); }
static void loss_back(struct path_facts *f) { f->back = flow(10e6, 0.02), f->back_half = flow(5e6, 0.018); }
static void loss_of_one(struct path_facts *f) { f->there = flow(10e6, 0.0005); }
static void narrow_there(struct path_facts *f)
{
    f->there = flow(10e6, 0.5), f->there_half = flow(2.5e6, 0), f->there.loaded = round_trips(200);
}
static void narrow_back(struct path_facts *f)
{
    f->back = flow(10e6, 0.05), f->back_half = flow(4.75e6, 0.001);
}
static void unlimited(struct path_facts *f)
{
    narrow_there(f), f->plan.rate_bps = LONGHAUL_RATE_UNLIMITED, f->there.loaded = round_trips(100);
}
static void unlimited_lossy(struct path_facts *f) { unlimited(f), f->there_half = flow(2.5e6, 0.02); }
static void host_drops(struct path_facts *f)
{
    f->back = flow(10e6, 0.1), f->back.host_lost_packets = f->back.lost_packets;
}
static void host_drops_slight(struct path_facts *f)
{
    f->back = flow(10e6, 0.005), f->back.host_lost_packets = f->back.lost_packets;
}
static void reordered(struct path_facts *f) { f->back.out_of_order = 5; }
static void reordered_there(struct path_facts *f) { f->transfer.reorderings = 5; }
static void reordered_under_loss(struct path_facts *f) { loss_there(f), f->transfer.reorderings = 5; }
static void reordered_much(struct path_facts *f) { f->back.out_of_order = 300; }
static void tcp_slow(struct path_facts *f) { plan_tcp(f, 10000000), f->transfer.received_bps = 5e6; }
static void small_mtu(struct path_facts *f)
{
    f->mtu =
        (struct path_mtu){ .bytes = 1400, .probed_bytes = 1500, .router = "10.0.0.1", .fragments_pass = 1 };
}
static void small_mtu_large_datagram(struct path_facts *f) { small_mtu(f), f->plan.datagram_bytes = 1386; }
static void no_fragments(struct path_facts *f) { small_mtu_large_datagram(f), f->mtu.fragments_pass = 0; }
static void black_hole(struct path_facts *f)
{
    small_mtu_large_datagram(f), f->mtu.is_black_hole = true, f->mtu.router[0] = 0;
}
static void azure_fragments(struct path_facts *f) { f->plan.datagram_bytes = 1386; }
static void azure_fits(struct path_facts *f) { f->plan.datagram_bytes = 1372; }
static void elsewhere_fits(struct path_facts *f)
{
    f->plan.datagram_bytes = 1386, strcpy(f->host.cloud, "gcp");
}
static void raised_mtu(struct path_facts *f) { f->host.mtu_bytes = f->mtu.bytes = f->mtu.probed_bytes = 9000; }
static void vpn(struct path_facts *f)
{
    f->host.is_tunnel = true, f->host.mtu_bytes = f->mtu.bytes = f->mtu.probed_bytes = 1420,
    strcpy(f->host.interface, "wg0");
}
static void vpn_fits(struct path_facts *f)
{
    vpn(f), f->host.mtu_bytes = f->mtu.bytes = f->mtu.probed_bytes = 1400;
}
static void nat(struct path_facts *f) { strcpy(f->address, "20.1.2.3"); }
static void nat_full(struct path_facts *f) { nat(f), f->snat_ports = 128, f->n_flows = 130; }
static void nat_nearly_full(struct path_facts *f) { nat(f), f->snat_ports = 128, f->n_flows = 104; }
static void nat_with_room(struct path_facts *f) { nat(f), f->snat_ports = 128, f->n_flows = 12; }
static void nat_of_ipv6(struct path_facts *f)
{
    strcpy(f->source, "fd00::5"), strcpy(f->address, "2001:db8::1");
}
static void result_slow(struct path_facts *f)
{
    f->earlier = (struct longhaul_earlier_test){
        .is_there = true, .path = "x.json", .mean_mbps = 9, .target_mbps = 10, .loss_percent = 0, .jitter_ms = 1
    };
}
static void result_lossy(struct path_facts *f)
{
    result_slow(f), f->earlier.mean_mbps = 9.9, f->earlier.loss_percent = 1;
}
static void result_good(struct path_facts *f) { result_slow(f), f->earlier.mean_mbps = 10; }
static void window_small(struct path_facts *f) { f->host.tcp_rmem_bytes[2] = 131072; }
static void window_small_tcp(struct path_facts *f)
{
    plan_tcp(f, 10000000), f->host.tcp_rmem_bytes[2] = 131072;
}
static void window_asked_for(struct path_facts *f) { plan_tcp(f, 10000000), f->plan.window_bytes = 65536; }
static void no_scaling(struct path_facts *f) { plan_tcp(f, 10000000), f->host.window_scaling = 0; }
static void no_autotuning(struct path_facts *f) { plan_tcp(f, 10000000), f->host.receive_autotuning = 0; }
static void no_sack(struct path_facts *f) { f->host.sack = 0; }
static void no_timestamps(struct path_facts *f) { f->host.timestamps = 0; }
static void no_pmtud(struct path_facts *f) { f->host.no_pmtu_discovery = 1; }
static void reno(struct path_facts *f) { strcpy(f->host.congestion_control, "reno"); }
static void reno_asked_for(struct path_facts *f) { plan_tcp(f, 10000000), strcpy(f->plan.congestion, "reno"); }
static void ports_few(struct path_facts *f) { f->host.last_port = f->host.first_port + 99; }
static void ports_too_few(struct path_facts *f) { ports_few(f), f->n_flows = 120; }
static void ports_waiting(struct path_facts *f) { f->host.n_time_wait = 25000; }
static void buffer_small(struct path_facts *f) { f->host.rmem_default_bytes = 30000; }
static void buffer_asked_for(struct path_facts *f) { f->plan.window_bytes = 8192; }
static void drops_before(struct path_facts *f)
{
    f->host.drops.udp_receive_buffer = 5000, f->host.drops.udp_worst = 7, f->host.drops.udp_worst_port = 5201;
}
static void backlog(struct path_facts *f) { f->drops.backlog = 50, f->back = flow(10e6, 0.0005); }
static void backlog_of_others(struct path_facts *f) { f->drops.backlog = 50; }
static void reassembly(struct path_facts *f) { f->drops.reassembly = 3; }
static void link_slow(struct path_facts *f) { f->host.link_bps = 5e6; }
static void offloads_off(struct path_facts *f)
{
    f->plan.rate_bps = 600000000, f->host.gro = 0, f->host.tcp_rmem_bytes[2] = 1e9, f->host.tcp_wmem_bytes[2] = 1e9,
    f->host.rmem_default_bytes = 1e8;
}
static void offloads_off_slow(struct path_facts *f) { f->host.gro = f->host.gso = f->host.tso = 0; }
static void one_queue(struct path_facts *f)
{
    offloads_off(f), f->host.gro = 1, f->plan.rate_bps = 2000000000, f->host.n_rss_queues = 1;
}
static void not_accelerated(struct path_facts *f)
{
    f->host.acceleration = HOST_ACCELERATION_NONE, f->host.accelerated_driver[0] = 0;
}
static void not_accelerated_fast(struct path_facts *f)
{
    one_queue(f), f->host.n_rss_queues = 4, not_accelerated(f);
}
static void steal(struct path_facts *f) { f->steal_share = 0.05; }
static void steal_much(struct path_facts *f) { f->steal_share = 0.2; }
static void slow_clock(struct path_facts *f) { strcpy(f->host.clock_source, "acpi_pm"); }
static void no_ntp(struct path_facts *f) { f->host.is_clock_synchronised = 0; }
static void loss_slight_half_clean(struct path_facts *f) { loss_slight(f), f->there_half = flow(5e6, 0); }
static void loss_there_half_unknown(struct path_facts *f) { f->there = flow(10e6, 0.02); }
static void loss_of_the_far_host(struct path_facts *f) { loss_slight(f), f->there.host_lost_packets = NAN; }
static void result_lossy_path_unknown(struct path_facts *f)
{
    result_lossy(f), f->there.is_measured = f->back.is_measured = false,
                     f->rtt_icmp.n_sent = f->rtt_icmp.n_received = 5;
}
static void one_round_trip(struct path_facts *f) { f->rtt_icmp.n_received = 1, f->rtt_icmp.jitter_ms = NAN; }
static void one_queue_alone(struct path_facts *f)
{
    one_queue(f), f->host.n_rx_queues = f->host.n_rx_queues_max = 1;
}
static void steal_before(struct path_facts *f) { f->steal_share = NAN, f->host.steal_share = 0.01; }
static void nothing(struct path_facts *f) { (void)f; }
/* The kernel tells nothing, and there are no replies. */
static void all_unknown(struct path_facts *f)
{
    struct path_flow none = { .seconds = NAN,
                                       .lost_packets = NAN, .sent_packets = NAN, .host_lost_packets = NAN,
                                       .received_bps = NAN, .out_of_order = NAN, .reorderings = NAN,
                                       .retransmits = NAN, .rtt_ms = NAN,
                                       .delay_p50_ms = NAN, .delay_p99_ms = NAN, .delay_max_ms = NAN,
                                       .loaded = { .median_ms = NAN, .min_ms = NAN } };
    struct host_options options = { .root = "/nonexistent" };
    host_read(&options, &f->host, NULL);
    f->drops = f->host.drops;
    f->there = f->back = f->there_half = f->back_half = f->transfer = none;
    f->tcp = f->udp_there = f->udp_back = PATH_REACH_UNKNOWN;
    f->rtt_icmp = f->rtt_tcp = none.loaded;
    f->mtu.bytes = f->mtu.probed_bytes = f->mss_bytes = f->steal_share = NAN;
    f->n_hops = 0;
}

static const struct {
    const char *what;
    void (*spoil)(struct path_facts *f);
    const char *wanted;
} cases[] = {
    { "all is well", nothing, "" },
    { "nothing is known", all_unknown, "" },
    { "TCP is refused", tcp_refused, "tcp_control=problem" },
    { "TCP is dropped", tcp_filtered, "tcp_control=problem" },
    { "no way to the peer", tcp_unreachable, "tcp_control=problem" },
    { "UDP is dropped", udp_there, "udp_there=problem" },
    { "UDP is dropped on the way back", udp_back, "udp_back=problem" },
    { "the server is busy", busy, "server_busy=note" },
    { "faster than light", faster_than_light, "rtt_floor=note" },
    { "a detour", detour, "rtt_floor=note" },
    { "a queue under load", queue, "rtt_loaded=note" },
    { "a little more under load", no_queue, "" },
    { "datagrams that wait in a queue", standing, "delay_back=note" },
    { "datagrams of which a few wait", burst, "" },
    { "datagrams that all wait a little", waiting, "" },
    { "0.5 % loss", loss_slight, "loss_there=note" },
    { "2 % loss", loss_there, "loss_there=problem" },
    { "2 % loss on the way back", loss_back, "loss_back=problem" },
    { "a datagram or two", loss_of_one, "" },
    { "5 Mbit/s of 10, with a queue", narrow_there, "rate_there=problem" },
    { "9.5 Mbit/s of 10 on the way back", narrow_back, "rate_back=problem" },
    { "5 Mbit/s where the plan is as fast as it goes", unlimited, "" },
    { "the same, with 2 % loss at half of it", unlimited_lossy, "loss_there=problem" },
    { "a full buffer in this host", host_drops, "host_drops=problem" },
    { "a buffer that was full at times", host_drops_slight, "host_drops=note" },
    { "a few out of order", reordered, "reordering=note" },
    { "reordering that TCP saw", reordered_there, "reordering=note" },
    { "reordering that TCP may have seen in losses", reordered_under_loss, "loss_there=problem" },
    { "many out of order", reordered_much, "reordering=problem" },
    { "TCP below its rate", tcp_slow, "tcp_rate=problem" },
    { "MTU 1400 on the way", small_mtu, "path_mtu=note" },
    { "MTU 1400, and a datagram of 1386", small_mtu_large_datagram, "path_mtu=note fragments=note" },
    { "MTU 1400, and fragments do not arrive", no_fragments, "path_mtu=note fragments=problem" },
    { "a PMTU black hole", black_hole, "black_hole=problem" },
    { "1386 bytes in Azure", azure_fragments, "azure_fragments=note" },
    { "1372 bytes in Azure", azure_fits, "" },
    { "1386 bytes elsewhere", elsewhere_fits, "" },
    { "an MTU of 9000 in Azure", raised_mtu, "raised_mtu=note" },
    { "a tunnel of MTU 1420", vpn, "vpn=note" },
    { "a tunnel of MTU 1400", vpn_fits, "" },
    { "private to public", nat, "source_nat=note" },
    { "more flows than the NAT's ports", nat_full, "source_nat=problem" },
    { "nearly as many", nat_nearly_full, "source_nat=note" },
    { "a NAT with room", nat_with_room, "" },
    { "private to public, IPv6", nat_of_ipv6, "source_nat=note" },
    { "a result below its rate", result_slow, "result=note" },
    { "a result that lost more than the path does", result_lossy, "result=note" },
    { "a good result", result_good, "" },
    { "a window below the BDP, planned is UDP", window_small, "tcp_window=note" },
    { "a window below the BDP", window_small_tcp, "tcp_window=problem" },
    { "a window asked for below the BDP", window_asked_for, "tcp_window=problem" },
    { "no window scaling", no_scaling, "tcp_window=problem window_scaling=problem" },
    { "no auto-tuning", no_autotuning, "tcp_window=problem receive_autotuning=problem" },
    { "no SACK", no_sack, "sack=note" },
    { "no timestamps", no_timestamps, "timestamps=note" },
    { "no path MTU discovery", no_pmtud, "no_pmtu_discovery=note" },
    { "Reno on a long path", reno, "congestion_control=note" },
    { "Reno asked for", reno_asked_for, "congestion_control=note" },
    { "few ephemeral ports", ports_few, "ports=note" },
    { "fewer ports than flows", ports_too_few, "ports=problem" },
    { "most ports in TIME_WAIT", ports_waiting, "ports=problem" },
    { "a small UDP buffer", buffer_small, "udp_buffer=note" },
    { "a small UDP buffer asked for", buffer_asked_for, "udp_buffer=note" },
    { "full buffers since the host began", drops_before, "udp_drops=note" },
    { "drops before the stack", backlog, "backlog_drops=note" },
    { "drops before the stack, of other traffic", backlog_of_others, "" },
    { "fragments that never all came", reassembly, "reassembly=note" },
    { "a link below the rate", link_slow, "link_speed=problem" },
    { "offloads off at 600 Mbit/s", offloads_off, "offloads=note" },
    { "offloads off at 10 Mbit/s", offloads_off_slow, "" },
    { "one queue at 2 Gbit/s", one_queue, "queues=note" },
    { "no accelerated networking", not_accelerated, "acceleration=note" },
    { "no accelerated networking at 2 Gbit/s", not_accelerated_fast, "acceleration=problem" },
    { "5 % steal", steal, "steal=note" },
    { "20 % steal", steal_much, "steal=problem" },
    { "a slow clock source", slow_clock, "clock_source=note" },
    { "no NTP", no_ntp, "clock=note" },
    { "0.5 % loss, none at half the rate", loss_slight_half_clean, "loss_there=note" },
    { "2 % loss, half the rate not measured", loss_there_half_unknown, "loss_there=problem" },
    { "0.5 % loss, what the far host dropped is unknown", loss_of_the_far_host, "loss_there=note" },
    { "a result that lost, while the path's loss is unknown", result_lossy_path_unknown, "" },
    { "one queue, and no more to have, at 2 Gbit/s", one_queue_alone, "queues=note" },
    { "one round trip alone", one_round_trip, "" },
    { "steal known since the start only", steal_before, "" },
};

/* Prints each case's findings for tests/cli/sentences.sh: a line "== CASE", then a line for each text, reason and
 * command. */
static int say_all(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct path_facts f = good_facts();
        struct longhaul_path *path = NULL;
        size_t n;
        cases[i].spoil(&f);
        path_theory_fill(&f);
        if (path_judge(&f, &path, NULL) != 0)
            return 1;
        const struct longhaul_path_finding *list = longhaul_path_findings(path, &n);
        printf("== %s\n", cases[i].what);
        for (size_t k = 0; k < n; k++)
            printf("%s\n%s\n%s\n", list[k].text, list[k].why, list[k].command);
        longhaul_path_free(path);
    }
    return 0;
}

/* Whatever is unknown, no text contains "nan" or "inf": sets each double of the facts to NAN in turn, for each case. */
static void test_unknown(void)
{
    static const size_t flows[] = { offsetof(struct path_facts, there),
                                    offsetof(struct path_facts, back),
                                    offsetof(struct path_facts, transfer) };
    static const struct { size_t from, to;
    } doubles[] = {
        { offsetof(struct path_facts, host.mtu_bytes),
          offsetof(struct path_facts, host.congestion_control) },
        { offsetof(struct path_facts, host.mtu_probing),
          offsetof(struct path_facts, host.clock_source) },
        { offsetof(struct path_facts, host.is_clock_synchronised), offsetof(struct path_facts, tcp) },
        { offsetof(struct path_facts, rtt_tcp.min_ms), offsetof(struct path_facts, rtt_tcp.why) },
        { offsetof(struct path_facts, rtt_icmp.min_ms), offsetof(struct path_facts, rtt_icmp.why) },
        { offsetof(struct path_facts, earlier.mean_mbps), offsetof(struct path_facts, theory) },
        { offsetof(struct path_facts, theory.distance_km), offsetof(struct path_facts, theory.least_rtt_ms) }
    };
    size_t at[512], n = 0;
    for (size_t i = 0; i < sizeof doubles / sizeof *doubles; i++)
        for (size_t k = doubles[i].from; k + sizeof(double) <= doubles[i].to; k += sizeof(double))
            at[n++] = k;
    for (size_t i = 0; i < sizeof flows / sizeof *flows; i++)
        for (size_t k = offsetof(struct path_flow, seconds); k < offsetof(struct path_flow, loaded);
             k += sizeof(double))
            at[n++] = flows[i] + k;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++)
        for (size_t i = 0; i < n; i++) {
            struct path_facts f = good_facts();
            char text[1024];
            bool is_told;
            cases[c].spoil(&f);
            *(double *)(void *)((char *)&f + at[i]) = NAN;
            path_theory_fill(&f);
            found(&f, text, sizeof text, &is_told);
            if (!is_told)
                CHECK(is_told, "%s, with the double at %zu unknown: a text without nan and inf", cases[c].what, at[i]);
        }
    CHECK(n > 100, "each of %zu figures unknown in turn", n);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--say") == 0)
        return say_all();
    test_unknown();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct path_facts f = good_facts();
        char text[1024];
        bool is_told;
        cases[i].spoil(&f);
        path_theory_fill(&f);
        found(&f, text, sizeof text, &is_told);
        CHECK(strcmp(text, cases[i].wanted) == 0, "%s: \"%s\"", cases[i].what, text);
        if (!is_told)
            CHECK(is_told, "%s: each finding has a text, and one that is not ok says why and what to do",
                  cases[i].what);
    }
    return CHECK_DONE();
}
