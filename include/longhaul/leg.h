/* longhaul/leg.h - a leg: one test from one site to another, and the names of its files. */
#ifndef LONGHAUL_LEG_H
#define LONGHAUL_LEG_H
#include <longhaul/base.h>
LONGHAUL_BEGIN
/* PUSH: this host sends to the peer. PULL: the peer sends (iperf3 -R), and every interval knows its loss and jitter. */
enum longhaul_direction { LONGHAUL_DIRECTION_PUSH, LONGHAUL_DIRECTION_PULL };
enum longhaul_protocol { LONGHAUL_PROTOCOL_UDP, LONGHAUL_PROTOCOL_TCP };
#define LONGHAUL_RATE_UNLIMITED UINT64_MAX
#define LONGHAUL_CONGESTION_MAX 15 /* length of a congestion control's name: the kernel's TCP_CA_NAME_MAX less the 0 */
#define LONGHAUL_DEVICE_MAX 15     /* length of an interface's name: the kernel's IFNAMSIZ less the 0 */
#define LONGHAUL_DIR "24H"        /* the folder of journals and results where none is given */
#define LONGHAUL_CODE_MAX 32       /* length of a site's code: 1-32 of A-Z a-z 0-9 _ */
#define LONGHAUL_STEM_MAX 192      /* bytes of a stem, with its final 0 */
#define LONGHAUL_JOURNAL_ENDING ".journal" /* of a journal's name; the result has the same name with ... */
#define LONGHAUL_RESULT_ENDING ".json"
/* With only source, destination and peer set: UDP at 10 Mbit/s for 24 h, intervals of 1 s, port 5201, push. */
struct longhaul_leg {
    char source[LONGHAUL_CODE_MAX + 1], destination[LONGHAUL_CODE_MAX + 1]; /* codes of the sites: sender, receiver */
    char peer[256], bind_address[64]; /* the other host's name or address, 1-255 bytes; local one to send from, or "" */
    enum longhaul_direction direction;
    uint16_t port;           /* of the server; 0 means 5201 */
    uint64_t rate_bps;       /* target of each stream, payload; 0 means 10,000,000 for UDP and unlimited for TCP. (On
                                the command line 0 is unlimited; here that is LONGHAUL_RATE_UNLIMITED.) */
    uint32_t duration_s;     /* 0 means 86,400; at most 31,536,000 (a year) */
    double interval_s;       /* 0 means 1.0; 0.1 to 60 */
    uint32_t datagram_bytes; /* UDP payload: 0 means what fits the path (the control connection's MSS); 16 to 65,507.
                                For TCP the size of each write: 0 means 131,072; 1 to 1,048,576 */
    uint32_t n_streams, window_bytes; /* 0 means 1, at most 128; socket buffers, 0 means the system's */
    uint32_t n_flows;        /* UDP, instead of n_streams: so many streams, at most 128, share rate_bps. Each has its
                                own port here for the whole leg, so a way of its own where routers choose by ports;
                                rows tell about each. 0 means 1 */
    bool has_no_hops;        /* of what is sent, no traces of the route are made (hops: false) */
    uint8_t tos, family;     /* IP type of service, 0-255; 4, 6, or 0 for either */
    enum longhaul_protocol protocol;
    char congestion[LONGHAUL_CONGESTION_MAX + 1]; /* TCP's, at both ends: 1-15 of a-z 0-9 _ -; "" for the system's */
    uint32_t mss_bytes;      /* TCP's maximum segment size, at both ends; 0 means the path's; 88 to 32,767 */
    bool has_gsro;           /* UDP: the kernels cut and join datagrams (GSO, GRO); needs libiperf 3.21 at both ends */
    char bind_device[LONGHAUL_DEVICE_MAX + 1]; /* interface of this host that the leg uses; "" for what routes say */
};
void longhaul_leg_fill(struct longhaul_leg *leg); /* replaces each 0 that means a default by that default */
/* Sets an option by its name in a topology: port, rate, duration, interval, datagram, streams, window, tos, family,
 * protocol, congestion, direction, flows, hops, mss, gsro or dscp (sets tos to 4 times that). text is as on the
 * command line ("10M", "24h", "64K", "0x10", "EF", "pull"). LONGHAUL_EINVAL and an unchanged leg for what it does
 * not take. */
int longhaul_leg_set(struct longhaul_leg *leg, const char *key, const char *text, struct longhaul_error *err);
/* LONGHAUL_EINVAL for the first member out of range, with defaults filled in. */
int longhaul_leg_check(const struct longhaul_leg *leg, struct longhaul_error *err);
/* The stem for a start at unix_s: "<SRC>-<DST>-<RATE>_<DURATION>_<YYYYmmdd_HHMMSS>" in UTC; for TCP <RATE> is "TCP". */
int longhaul_leg_stem(const struct longhaul_leg *leg, int64_t unix_s, char stem[LONGHAUL_STEM_MAX],
                      struct longhaul_error *err);
/* The parts of a stem; 0 or "" for those that a file's name does not have. */
struct longhaul_file_name {
    char source[LONGHAUL_CODE_MAX + 1], destination[LONGHAUL_CODE_MAX + 1];
    uint64_t rate_bps; /* may be LONGHAUL_RATE_UNLIMITED; 0 for TCP, whose names have no rate */
    uint32_t duration_s;
    int64_t start_unix_s;
    enum longhaul_protocol protocol;
};
/* Parses a file's name from its right end, without folders, .json or .journal, and .gz, .zst or .xz after those:
 * "A-B-10M_24H_20251115_010046"; "A-B-anything" gives A and B alone. LONGHAUL_EFORMAT for others, such as "report". */
int longhaul_file_name_parse(const char *file_name, struct longhaul_file_name *name, struct longhaul_error *err);
/* Rates: an integer and the largest of K, M, G, T (powers of 1000, as in iperf3) that divides it, "10M", "1500K", or
 * "UNLIMITED". Parsing also takes small letters, fractions that give a whole number ("1.5M"), and 0 for unlimited. */
int longhaul_rate_parse(const char *text, uint64_t *rate_bps, struct longhaul_error *err);
void longhaul_rate_text(uint64_t rate_bps, char *text, size_t size);
/* Durations: hours, minutes, seconds without the parts that are 0: 5,400 is "1H30M". Parsing takes such parts in
 * falling order ("90M"), also days ("2D"), small letters, and plain seconds. */
int longhaul_duration_parse(const char *text, uint32_t *seconds, struct longhaul_error *err);
void longhaul_duration_text(uint32_t seconds, char *text, size_t size);
LONGHAUL_END
#endif
