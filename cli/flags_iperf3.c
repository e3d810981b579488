/* flags_iperf3.c - the flags of iperf3 (3.22) that longhaul does not take, each with the reason or with what to use
 * instead, in one line. */

#include "flags.h"

#define WRITES_JSON "each run writes its JSON into --dir; longhaul show --json prints the figures of it"
#define NAMES_LEG "SRC and DST name a leg, its lines and its files"
#define NO_BYTES "a leg lasts a time (-t), so that it can be compared with another day; no amount of data ends it"
#define NO_SCTP "longhaul tests UDP and TCP"
#define TELLS_ALL "what happens is told without it"
#define HAS_UNITS "every rate is printed with its unit"
#define HAS_TIMES "every line begins with its time in UTC"
#define AFFINITY "start longhaul with taskset(1), or set CPUAffinity= in its unit"
#define PIDFILE "a service manager knows the process; DIR/*.journal is locked while a run writes it"
#define KEEPALIVE "longhaul watches the control connection itself, and connects again when the peer is silent"
#define PKCS1 "only the padding of iperf3 3.17 and newer, OAEP, is safe"
#define DEBUG "longhaul has no such output"

const struct flag_refused flags_refused_run[] = {
    { 'n', "bytes", NO_BYTES },
    { 'k', "blockcount", NO_BYTES },
    { 'c', "client", "PEER is an operand: longhaul run SRC DST PEER, longhaul path PEER" },
    { 's', "server", "longhaul serve is the server" },
    { 'D', "daemon", "longhaul serve is the server; systemd starts it" },
    { '1', "one-off", "longhaul serve is the server" },
    { 'A', "affinity", AFFINITY },
    { 'Z', "zerocopy", "a leg sends as an application does, with write(2)" },
    { 'L', "flowlabel", "the kernel gives each flow a label of its own; --flows N makes several flows" },
    { 'm', "mptcp", "a leg tests one path; MPTCP spreads a stream over several" },
    { 0, "cntl-ka", KEEPALIVE },
    { 'T', "title", NAMES_LEG },
    { 'J', "json", WRITES_JSON },
    { 0, "json-stream", WRITES_JSON },
    { 0, "json-stream-full-output", WRITES_JSON },
    { 'O', "omit", "a leg keeps all its intervals, from the first second on" },
    { 'N', "no-delay", "a TCP leg writes whole segments, which Nagle's algorithm does not delay" },
    { 'F', "file", "what is sent is random, so that no part of the path can compress it" },
    { 0, "repeating-payload", "what is sent is random, so that no part of the path can compress it" },
    { 0, "bidir", "--both tests both directions at once, as two legs with their own files" },
    { 0, "cport", "each session has a port that is free; --flows N keeps N ports for the whole leg" },
    { 0, "connect-timeout", "--wait DUR retries the first connection; later ones are retried until the end" },
    { 0, "rcv-timeout", "longhaul has its own limits, and connects again when nothing arrives" },
    { 0, "snd-timeout", "longhaul has its own limits, and connects again when nothing is acknowledged" },
    { 0, "pacing-timer", "the kernel's clock paces what is sent" },
    { 0, "fq-rate", "-b sets the rate; a qdisc of the host can shape it" },
    { 0, "skip-rx-copy", "a leg receives as an application does" },
    { 0, "dont-fragment", "datagrams fit the path by default; longhaul path finds its MTU" },
    { 0, "get-server-output", "longhaul serve records what it receives; longhaul report joins both files" },
    { 0, "udp-counters-64bit", "every UDP leg has them" },
    { 0, "extra-data", "longhaul names the leg with it, so that the receiver's record is found" },
    { 0, "rsa-public-key-path", "longhaul calls it --public-key" },
    { 0, "use-pkcs1-padding", PKCS1 },
    { 0, "sctp", NO_SCTP },
    { 'X', "xbind", NO_SCTP },
    { 0, "nstreams", NO_SCTP },
    { 'f', "format", HAS_UNITS },
    { 'V', "verbose", TELLS_ALL },
    { 'd', "debug", DEBUG },
    { 'v', "version", "longhaul --version prints it" },
    { 0, "logfile", "messages go to standard error, which a shell or a service manager can redirect" },
    { 0, "forceflush", "every line is written at once" },
    { 0, "timestamps", HAS_TIMES },
    { 'I', "pidfile", PIDFILE },
    { 0, NULL, NULL },
};

const struct flag_refused flags_refused_serve[] = {
    { 's', "server", "longhaul serve is the server" },
    { 'c', "client", "longhaul run is the client: longhaul run SRC DST PEER" },
    { 'D', "daemon", "systemd or nohup(1) starts it in the background" },
    { '1', "one-off", "the server serves until a signal ends it" },
    { 'A', "affinity", AFFINITY },
    { 'J', "json", "what is received is recorded as JSON in --dir" },
    { 0, "json-stream", "what is received is recorded as JSON in --dir" },
    { 0, "json-stream-full-output", "what is received is recorded as JSON in --dir" },
    { 'i', "interval", "the client says how long its intervals are" },
    { 0, "server-bitrate-limit", "longhaul calls it --max-rate" },
    { 0, "server-max-duration", "longhaul calls it --max-duration" },
    { 0, "idle-timeout", "a test that carries no data is ended after --idle seconds" },
    { 0, "rcv-timeout", "a test that carries no data is ended after --idle seconds" },
    { 0, "rsa-private-key-path", "longhaul calls it --private-key" },
    { 0, "authorized-users-path", "longhaul calls it --authorized-users" },
    { 0, "time-skew-threshold", "clocks may differ by 10 s, iperf3's own limit" },
    { 0, "use-pkcs1-padding", PKCS1 },
    { 0, "cntl-ka", KEEPALIVE },
    { 'm', "mptcp", "a leg tests one path; MPTCP spreads a stream over several" },
    { '4', "version4", "--bind ADDRESS listens at an address of IPv4 only" },
    { '6', "version6", "--bind ADDRESS listens at an address of IPv6 only" },
    { 'f', "format", HAS_UNITS },
    { 'F', "file", "what is received is counted, and not kept" },
    { 'V', "verbose", TELLS_ALL },
    { 'd', "debug", DEBUG },
    { 'v', "version", "longhaul --version prints it" },
    { 0, "logfile", "messages go to standard error, which a shell or a service manager can redirect" },
    { 0, "forceflush", "every line is written at once" },
    { 0, "timestamps", HAS_TIMES },
    { 'I', "pidfile", PIDFILE },
    { 0, "skip-rx-copy", "a leg receives as an application does" },
    { 0, "snd-timeout", "longhaul has its own limits for clients that cease to answer" },
    { 0, "bind-dev", "--bind ADDRESS listens at the address of one interface" },
    { 0, NULL, NULL },
};
