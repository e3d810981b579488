/* interval.h - libiperf's intervals: JSON to the typed struct, and to a journal's line. */
#ifndef INTERVAL_H
#define INTERVAL_H

#include <jansson.h>
#include <longhaul.h>

#include "host/tcp_state.h"
#include "model/iperf_json.h"
#include "model/order.h"

/* Fills everything but segment, the two times and what the kernel knows. shift_s is added to start_s. What cannot be
 * read is in unreadable; then start_s or seconds may be NAN, for the caller to fill in. */
void interval_decode(const json_t *interval, double shift_s, struct longhaul_interval *out);

/* The keys of what cannot be read, with text between two of them. */
void interval_unreadable_text(unsigned unreadable, const char *between, char *text, size_t size);

/* In what order its datagrams came: those that came late are not lost. */
void interval_add_order(struct longhaul_interval *interval, const struct order *order);

/* What the kernel knew of the streams of a TCP interval; is_sender: this host's. */
void interval_add_tcp(struct longhaul_interval *interval, const struct tcp_state *tcp, bool is_sender);

/* The journal's line, malloc'd, with its newline: text, an event as session_event.h calls verbatim, as it came when
 * shift_s is 0 (exact to libiperf's last digit); else, and without text, interval, with every start and end moved, and
 * null for what cannot be read. And the times, the segment and what this host knows in an object of longhaul's. NULL
 * when out of memory. */
char *interval_line(const char *text, size_t length, json_t *interval, double shift_s,
                    const struct longhaul_interval *decoded);

/* A sum, and a difference, that a hostile peer's numbers do not overflow: it stops at the end of the range. */
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
