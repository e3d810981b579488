/* flags_path_calc.c - the flags of longhaul path calc, their lines of --help, and how they are completed. */

#include "flags.h"

static const struct flag list[] = {
    { 0, OPTION_WINDOW, "window", "BYTES", NULL, "TCP window (K, M, G: powers of 1024)" },
    { 0, OPTION_SCALE, "scale", "N", NULL, "scale factor of that window, 0 to 14" },
    { 0, OPTION_RTT, "rtt", "TIME", NULL, "round-trip time, such as 30ms, 0.5s, 250us" },
    { 'b', 0, "rate", "RATE", NULL, "rate, such as 10M or 1.5G" },
    { 0, OPTION_MSS, "mss", "BYTES", NULL, "TCP maximum segment size" },
    { 0, OPTION_LOSS, "loss", "PERCENT", NULL, "packet loss, such as 0.01%" },
    { 0, OPTION_C, "mathis-c", "C", NULL, "constant of Mathis's formula (both common values)" },
    { 0, OPTION_DISTANCE, "distance", "KM", NULL, "length of the path, such as 4148km" },
    { 0, OPTION_FROM, "from", "LAT,LON", NULL, "a place in degrees, such as 37.37,-121.92, with --to" },
    { 0, OPTION_TO, "to", "LAT,LON", NULL, "another place: the distance is the great circle" },
    { 0, OPTION_MTU, "mtu", "BYTES", NULL, "MTU of the path" },
    { 0, OPTION_PACKET, "packet", "BYTES", NULL, "size of an IP packet with its header" },
    { 'l', 0, "datagram", "BYTES", NULL, "payload of a UDP datagram" },
    { 't', 0, "time", "DUR", NULL, "how long datagrams are sent, such as 24h (a day)" },
    { 0, OPTION_PORTS, "ports", "N", NULL, "number of ephemeral ports" },
    { 0, OPTION_TIME_WAIT, "time-wait", "TIME", NULL, "how long a closed connection keeps its port, such as 60s" },
    { '6', 0, NULL, NULL, NULL, "use the headers of IPv6" },
    { 0, OPTION_JSON, "json", NULL, NULL, "print one line of JSON" },
    { 'h', 0, "help", NULL, NULL, "print this text" },
    /* accepted, not shown */
    { 0, 'b', "bitrate", "X", NULL, NULL },
    { 0, 'l', "length", "X", NULL, NULL },
    { 0 },
};

const struct flags flags_path_calc = {
    "path calc",
    "calculate what TCP allows on a path, from given values",
    "usage: longhaul path calc VALUES [--json]\n"
    "\n"
    "Prints every result that follows from the values, each with its formula.\n"
    "Measures nothing.\n",
    list,
    "Exit status: 0 done, 1 failed, 2 misused.\n",
    27,
    NULL,
    NULL,
};
