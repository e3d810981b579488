/* flags_serve.c - the flags of longhaul serve, their lines of --help, and how they are completed. */

#include "flags.h"

static const struct flag list[] = {
    { 'p', 0, "port", "PORTS", NULL,
      "ports, such as 5201, 5201-5206 or 5201,5300 (5201); with --config, only these of the site's" },
    { 'B', 0, "bind", "ADDRESS", NULL, "listen on this address only" },
    { 0, OPTION_CONFIG, "config", "FILE", FLAG_FILES, "a topology: serve the ports of one of its sites" },
    { 0, OPTION_SITE, "site", "SITE", FLAG_SITES, "which site of the topology this host is" },
    { 0, OPTION_DIR, "dir", "DIR", FLAG_FOLDERS, "records go to DIR/receiver (24H)" },
    { 0, OPTION_ALLOW, "allow", "NETWORK", NULL,
      "accept only clients from this network, such as 10.0.0.0/8; may be given several times" },
    { 0, OPTION_MAX_RATE, "max-rate", "RATE", NULL, "refuse tests at a higher rate, such as 100M" },
    { 0, OPTION_MAX_DURATION, "max-duration", "DUR", NULL, "refuse longer tests (26h24m; no limit with --config)" },
    { 0, OPTION_UDP_FROM, "udp-from", "NETWORK", NULL,
      "accept a client's datagrams also from this network, not only from its own address; may be given several "
      "times" },
    { 0, OPTION_KEEP_FREE, "keep-free", "PERCENT", NULL,
      "do not record tests of strangers while less than this is free on the disk (5, or 1 GiB where that is less; 0"
      " for no such limit)" },
    { 0, OPTION_IDLE, "idle", "SECS", NULL, "end a test that carries no data for this long (30)" },
    { 0, OPTION_METRICS, "metrics", "FILE", FLAG_FILES,
      "write live figures for Prometheus's node_exporter every 15 s" },
    { 0, OPTION_ON_EVENT, "on-event", "PROGRAM", FLAG_FILES,
      "start a program when a leg that is pushed here goes down, comes back, begins or ceases to lose or to queue, "
      "misses an objective of the topology, and when it is over, with JSON as its input" },
    { 0, OPTION_USERS, "authorized-users", "F", FLAG_FILES,
      "iperf3's user authentication: the file of users and password hashes, with --private-key" },
    { 0, OPTION_KEY, "private-key", "F", FLAG_FILES,
      "RSA private key, PEM; other users must not be able to read either file" },
    { 'h', 0, "help", NULL, NULL, "print this text" },
    { 0 },
};

const struct flags flags_serve = {
    "serve",
    "serve tests as the other end, for run and for any iperf3 client",
    "usage: longhaul serve [flags]\n"
    "       longhaul serve --config FILE --site SITE [flags]\n"
    "\n"
    "The server for `longhaul run` and for any iperf3 client: serves one test at a\n"
    "time on each port until it is ended by a signal. What `longhaul run` pushes here\n"
    "is recorded in 24H/receiver/, under the name of the sender's file, with loss and\n"
    "jitter for every interval. On a terminal, a table shows what each port receives.\n"
    "Values in parentheses are defaults.\n",
    list,
    "Exit status: 1 failed (for example because a port is taken), 2 misused, 128+n\n"
    "ended by signal n. longhaul-serve(1) has the details.\n",
    27,
    NULL,
    flags_refused_serve,
};
