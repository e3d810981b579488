/* leg.h - what the library knows about legs beyond longhaul.h. */
#ifndef LEG_H
#define LEG_H

#include <longhaul.h>

/* The default names of a test's files and folders. */
#define LEG_DIR LONGHAUL_DIR
#define LEG_RECEIVER_DIR "receiver" /* in that folder: records of the serving host */
#define LEG_RESULT LONGHAUL_RESULT_ENDING
#define LEG_JOURNAL LONGHAUL_JOURNAL_ENDING
#define LEG_STAMP_FORMAT "%Y%m%d_%H%M%S"
#define LEG_PORT 5201 /* iperf3's */

#define LEG_RATE_MAX_BPS 1000000000000000ull /* 1 Pbit/s: above any link, far below an overflow */
#define LEG_FLOW_RATE_MIN 1000               /* bit/s */
#define LEG_DURATION_MAX_S 31536000u         /* a year */
#ifndef LEG_INTERVAL_MIN_S
#define LEG_INTERVAL_MIN_S 0.1 /* iperf3's; the memory benchmark is built with less */
#endif

/* iperf3's two times and a counter at least; at most 65,535 without the headers of IPv4 and UDP. */
#define LEG_UDP_DATAGRAM_MIN 16
#define LEG_UDP_DATAGRAM_MAX 65507

#define LEG_KEY_SIZE 32 /* hexadecimal digits of a leg's key: 128 random bits */

/* Streams and the target of each, of a leg whose defaults are filled in. */
uint32_t leg_n_streams(const struct longhaul_leg *leg);
uint64_t leg_stream_rate(const struct longhaul_leg *leg);
/* The target of all streams of a leg whose defaults are filled in; LONGHAUL_RATE_UNLIMITED if it has none. */
uint64_t leg_total_rate(const struct longhaul_leg *leg);
/* The same for formulas and files: NAN, in JSON null, if it has none. */
double leg_total_bps(const struct longhaul_leg *leg);

/* 1-32 of A-Z a-z 0-9 _: safe in a file name, whatever its origin. */
bool leg_code_is_valid(const char *code);

/* leg_dscp.c: the code point, 0-63, of a name such as EF, AF21, CS5 or LE, in any case. */
bool leg_dscp_named(const char *name, unsigned *dscp);

/* What the kernel takes as the name of an interface; true for "", which means none. */
bool leg_device_is_valid(const char *name);

/* leg_set.c: what longhaul_leg_set() says about a value that it refuses: "is not a number of streams: 1 to 128". */
#define LEG_REFUSAL_MAX 128
void leg_refusal(const char *key, char text[LEG_REFUSAL_MAX]);
/* leg_quantity.c: the same for a rate or a duration; NULL for the key of another option. */
const char *leg_quantity_refusal(const char *key);
/* The error of a refused value: the value, then the refusal. Returns LONGHAUL_EINVAL. */
int leg_refuse(const char *value, const char *refusal, struct longhaul_error *err);
/* Checks everything that longhaul_leg_set() sets but rate and duration; defaults must be filled in. */
int leg_check_options(const struct longhaul_leg *leg, struct longhaul_error *err);

#endif
