/* interval.h - converts libiperf's intervals from JSON to the typed struct, and to a journal's line. */
#ifndef INTERVAL_H
#define INTERVAL_H

#include <jansson.h>
#include <longhaul.h>

#include "host/tcp_state.h"
#include "model/iperf_json.h"
#include "model/order.h"

/* Fills everything except segment, the two times and what the kernel knows. Adds shift_s to start_s. Members that
 * cannot be read are in unreadable; start_s or seconds may then be NAN, for the caller to fill in. */
void interval_decode(const json_t *interval, double shift_s, struct longhaul_interval *out);

/* Writes the keys that cannot be read, with `between` between two of them. */
void interval_unreadable_text(unsigned unreadable, const char *between, char *text, size_t size);

/* Adds the order in which its datagrams arrived: those that came late are not lost. */
void interval_add_order(struct longhaul_interval *interval, const struct order *order);

/* Adds what the kernel knew about the streams of a TCP interval; is_sender: this host sends. */
void interval_add_tcp(struct longhaul_interval *interval, const struct tcp_state *tcp, bool is_sender);

/* Makes the journal's line, malloc'd, with its newline. flows, if not NULL, replaces the row's "streams"
 * (interval_flows.h). text is an event that session_event.h calls verbatim, or NULL.
 * If shift_s is 0, the text is used as it came (exact to libiperf's last digit); else, and without text, interval is
 * written with every start and end moved, and null for what cannot be read. The times, the segment and what this host
 * knows are added in an object of longhaul's. NULL when out of memory. */
char *interval_line(const char *text, size_t length, json_t *interval, double shift_s, const char *flows,
                    const struct longhaul_interval *decoded);

/* Saturating addition and subtraction: a hostile peer's numbers cannot overflow. */
static inline int64_t interval_add(int64_t a, int64_t b)
{
    int64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? (b < 0 ? INT64_MIN : INT64_MAX) : sum;
}

static inline int64_t interval_subtract(int64_t a, int64_t b)
{
    int64_t difference;
    return __builtin_sub_overflow(a, b, &difference) ? (b < 0 ? INT64_MAX : INT64_MIN) : difference;
}

#endif
