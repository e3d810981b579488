/* flags_preflight.c - the flags of longhaul preflight, their lines of --help, and how they are completed. */

#include "flags.h"

static const struct flag list[] = {
    { 0, OPTION_CONFIG, "config", "FILE", FLAG_FILES, "the topology" },
    { 0, OPTION_SITE, "site", "SITE", FLAG_SITES, "which site this host is" },
    { 0, OPTION_LEG, "leg", "SRC-DST", FLAG_LEGS, "test only this leg; --site can then be omitted" },
    { 't', 0, "time", "SECS", NULL, "length of each test (2)" },
    { 0, OPTION_USERNAME, "username", "NAME", NULL,
      "iperf3's user authentication, with --public-key; the password comes from IPERF3_PASSWORD" },
    { 0, OPTION_PUBLIC_KEY, "public-key", "F", FLAG_FILES, "RSA public key of the server, PEM" },
    { 0, OPTION_JSON, "json", NULL, NULL, "print one JSON document" },
    { 'h', 0, "help", NULL, NULL, "print this text" },
    { 0 },
};

const struct flags flags_preflight = {
    "preflight",
    "test whether the ports of a topology are open, before a long test",
    "usage: longhaul preflight --config FILE --site SITE [--leg SRC-DST] [flags]\n"
    "\n"
    "Tests each leg that the site starts, on the port of the leg: a control\n"
    "connection (TCP), 2 s of data (UDP) to the peer, and 2 s of data from the peer.\n"
    "All legs are tested at once.\n"
    "The other end must be serving: longhaul serve --config FILE --site THAT_SITE.\n",
    list,
    "Exit status: 0 all legs are open, 1 no leg is open, 2 misused, 4 some legs are\n"
    "open.\n",
    23,
    NULL,
    NULL,
};
