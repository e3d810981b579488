/* flags_path.c - the flags of longhaul path, their lines of --help, and how they are completed. */

#include "flags.h"

static const struct flag list[] = {
    { .help = "The plan, with the flags of `longhaul run`:" },
    { 'p', 0, "port", "N", NULL, "port of the server (5201)" },
    { 'b', 0, "bitrate", "RATE", NULL,
      "target of each stream, such as 10M; both directions are tested at this rate (10M)" },
    { 'l', 0, "length", "BYTES", NULL, "payload of a datagram (the control connection's MSS)" },
    { 'P', 0, "parallel", "N", NULL, "number of streams (1)" },
    { 'R', 0, "pull", NULL, NULL, "only PEER sends at that rate" },
    { 0, LEG_ARGS_TCP, "tcp", NULL, NULL, "the plan is a TCP leg" },
    { 'C', 0, "congestion", "ALG", "bbr cubic reno", "congestion control for TCP" },
    { 'w', 0, "window", "BYTES", NULL, "size of the socket buffers (the system's)" },
    { 'B', 0, "bind", "ADDRESS", NULL, "local address" },
    { '4', 0, NULL, NULL, NULL, "use one address family only" },
    { '6', 0, NULL, NULL, NULL, FLAG_ALSO },
    { 0, OPTION_CONFIG, "config", "FILE", FLAG_FILES,
      "a topology: PEER is one of its sites; port, distance and the rest of the plan are those of the leg" },
    { 0, OPTION_SITE, "site", "CODE", FLAG_SITES, "which site of the topology this host is" },
    { 0, OPTION_FILE, "file", "RESULT", FLAG_FILES,
      "compare with this result of the same path; it gives rate and datagram where no flag does" },
    { 0, OPTION_DISTANCE, "distance", "KM", NULL, "distance to PEER, for the minimum possible RTT" },
    { 0, OPTION_FLOWS, "flows", "N", NULL, "number of flows through this host's source NAT" },
    { 0, OPTION_SNAT, "snat-ports", "N", NULL, "number of ports that the NAT has for this host" },
    { .help = "The measurement:" },
    { 'c', 0, "count", "N", NULL, "number of ICMP echoes; TCP handshakes: at most 10 (20)" },
    { 't', 0, "time", "SECS", NULL, "length of each short test (2)" },
    { 0, OPTION_NO_FLOWS, "no-flows", NULL, NULL, "send no test traffic" },
    { 0, OPTION_NO_HOPS, "no-hops", NULL, NULL, "do not look for hops" },
    { 0, OPTION_NO_MTR, "no-mtr", NULL, NULL, "accepted for scripts for 0.1; has no effect" },
    { 0, OPTION_ROOT, "root", "DIR", FLAG_FOLDERS, "read /proc and /sys below DIR, saved from another host" },
    { 0, OPTION_JSON, "json", NULL, NULL, "print one line of JSON" },
    { 'v', 0, "verbose", NULL, NULL, "print also what is ok, and the hops" },
    { 'h', 0, "help", NULL, NULL, "print this text" },
    /* accepted, not shown */
    FLAGS_OF_IPERF3,
    { 0 },
};

const struct flags flags_path = {
    "path",
    "check whether a path is fit for a plan; calculate what TCP allows",
    "usage: longhaul path PEER [flags]\n"
    "       longhaul path calc VALUES      (longhaul path calc --help)\n"
    "\n"
    "Checks whether the path to PEER, and this host, are fit for a test as\n"
    "`longhaul run` would do it. Measures for some 15 s against `longhaul serve` or\n"
    "`iperf3 -s` at PEER. Each finding is ok, a note or a problem; the last two say\n"
    "why, and how to change it. Values in parentheses are defaults.\n",
    list,
    "Exit status: 0 no problem, 1 failed, 2 misused, 3 a problem was found.\n",
    23,
    FLAG_PEERS,
    flags_refused_run,
};
