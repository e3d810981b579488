/* flags_run.c - the flags of longhaul run, their lines of --help, and how they are completed. */

#include "flags.h"

#define DSCP_NAMES                                                                                                     \
    "EF VA LE DF CS0 CS1 CS2 CS3 CS4 CS5 CS6 CS7 AF11 AF12 AF13 AF21 AF22 AF23 AF31 AF32 AF33 AF41 AF42 AF43"

static const struct flag list[] = {
    { .help = "The test:" },
    { 'p', 0, "port", "N", NULL, "port of the server (5201)" },
    { 0, LEG_ARGS_TCP, "tcp", NULL, NULL,
      "TCP instead of UDP: retransmits, windows and RTT for every interval, where this host sends" },
    { 'C', 0, "congestion", "ALG", "bbr cubic reno", "congestion control for TCP (the system's)" },
    { 'b', 0, "bitrate", "RATE", NULL,
      "target of each stream, such as 10M or 1.5G; 0 is unlimited (10M; unlimited for TCP)" },
    { 't', 0, "time", "DUR", NULL, "how long, such as 24h, 1h30m, or 90 for seconds (24h)" },
    { 'i', 0, "interval", "SECS", NULL, "length of an interval, from 0.1 to 60 (1)" },
    { 'l', 0, "length", "BYTES", NULL,
      "payload of a datagram (the control connection's MSS); for TCP, size of each write (128K, or what a limited "
      "rate sends in 10 ms if that is less)" },
    { 'P', 0, "parallel", "N", NULL, "number of streams (1)" },
    { 0, LEG_ARGS_FLOWS, "flows", "N", NULL,
      "for UDP: N streams share the rate; each has a port of its own, and so a way of its own where routers choose "
      "by ports; bad ones are named (1)" },
    { 0, LEG_ARGS_NO_HOPS, "no-hops", NULL, NULL, "do not trace the route of what is sent" },
    { 'R', 0, "pull", NULL, NULL,
      "PEER sends: it is SRC, and this host is DST; loss and jitter are then known for every interval" },
    { 0, OPTION_BOTH, "both", NULL, NULL,
      "two legs at once: SRC to DST on the port, and DST to SRC on the next port" },
    { 'w', 0, "window", "BYTES", NULL, "size of the socket buffers (the system's)" },
    { 'M', 0, "set-mss", "BYTES", NULL, "TCP's maximum segment size (the path's)" },
    { 'S', 0, "tos", "N", DSCP_NAMES, "IP type of service, 0 to 255 or a name, such as EF" },
    { 0, LEG_ARGS_DSCP, "dscp", "N", DSCP_NAMES,
      "the same as a code point, 0 to 63 or a name: EF, VA, LE, DF, CS0 to CS7, AF11 to AF43" },
    { 0, LEG_ARGS_GSRO, "gsro", NULL, NULL,
      "for fast UDP: the kernels cut and join datagrams (GSO, GRO); needs libiperf 3.21 at both ends" },
    { 'B', 0, "bind", "ADDRESS", NULL, "local address" },
    { 0, LEG_ARGS_DEVICE, "bind-dev", "NAME", FLAG_INTERFACES, "local interface" },
    { '4', 0, NULL, NULL, NULL, "use one address family only" },
    { '6', 0, NULL, NULL, NULL, FLAG_ALSO },
    { .help = "Legs of a topology:" },
    { 0, OPTION_CONFIG, "config", "FILE", FLAG_FILES,
      "the topology: run all legs that the site starts, as the file says, each at its time" },
    { 0, OPTION_SITE, "site", "SITE", FLAG_SITES, "which site this host is" },
    { 0, OPTION_LEG, "leg", "SRC-DST", FLAG_LEGS,
      "run only this leg, at once; --site can then be omitted; several have commas between them" },
    { .help = "Files and times:" },
    { 0, OPTION_DIR, "dir", "DIR", FLAG_FOLDERS, "folder of the files (24H)" },
    { 0, OPTION_RESUME, "resume", NULL, NULL,
      "continue the journal that an interrupted run of this leg left in DIR, until its original end" },
    { 0, OPTION_RESUME_ONLY, "resume-only", NULL, NULL, "the same, but do nothing where there is no such journal" },
    { 0, OPTION_NEW, "new", NULL, NULL, "begin a new record next to such a journal" },
    { 0, OPTION_AT, "at", "TIME", NULL,
      "begin at this time in UTC: 2026-11-25T00:00Z, or 00:00 for the next midnight; use the same time on all hosts" },
    { 0, OPTION_WAIT, "wait", "DUR", NULL,
      "retry the first connection for this long, such as 24h; the leg begins, and its files are named, when it "
      "succeeds" },
    { 0, OPTION_METRICS, "metrics", "FILE", FLAG_FILES,
      "write live figures for Prometheus's node_exporter every 15 s" },
    { 0, OPTION_ON_EVENT, "on-event", "PROG", FLAG_FILES,
      "start a program when a leg goes down, comes back, begins or ceases to lose or to queue, and when it is over,"
      " with JSON as its input" },
    { 0, OBJECTIVE_ONE, "objective", "TEXT", NULL,
      "with --on-event: start it also when the leg misses this, such as 'loss <= 0.1% in 99.9% of minutes'; may be "
      "given again, and is added to a topology's" },
    { .help = "Authentication:" },
    { 0, OPTION_USERNAME, "username", "NAME", NULL,
      "iperf3's user authentication, with --public-key; the password comes from IPERF3_PASSWORD or a prompt" },
    { 0, OPTION_PUBLIC_KEY, "public-key", "F", FLAG_FILES, "RSA public key of the server, PEM" },
    { 'h', 0, "help", NULL, NULL, "print this text" },
    /* accepted, not shown */
    FLAGS_OF_IPERF3,
    { 0 },
};

const struct flags flags_run = {
    "run",
    "test one leg for a day (or another time) and record every second",
    "usage: longhaul run SRC DST PEER [flags]\n"
    "       longhaul run --config FILE --site SITE [--leg SRC-DST] [flags]\n"
    "\n"
    "Tests one leg, from SRC to DST, and keeps every interval of it in\n"
    "24H/<SRC>-<DST>-<RATE>_<DUR>_<time>.json (<RATE> is \"TCP\" for TCP). PEER is the\n"
    "other host, which runs `longhaul serve` or `iperf3 -s`. Without flags, the test\n"
    "is UDP, 10 Mbit/s, 24 hours, intervals of 1 s, port 5201, sent from this host.\n"
    "On a terminal, a table shows rate and loss so far, and when each leg ends (UTC).\n"
    "Values in parentheses are defaults.\n",
    list,
    "Exit status: 0 done, 1 failed, 2 misused, 4 done with gaps, 128+n ended by\n"
    "signal n (what was measured is kept). longhaul-run(1) has the details.\n",
    23,
    NULL,
    flags_refused_run,
};
