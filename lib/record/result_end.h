/* result_end.h - the "end" of a result: the summary that iperf3 would have written. */
#ifndef RESULT_END_H
#define RESULT_END_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* Packets and bytes of one side of a session or of the leg. */
struct side {
    int64_t bytes;
    int64_t packets;
    bool is_known;
};

/* The known loss: the receiver's counts. */
struct loss {
    int64_t lost_packets;
    double jitter_ms; /* of the last session */
    bool is_known;
};

/* UDP, at the receiver: the order in which its datagrams arrived. NAN unless known for each session. */
struct result_order {
    double out_of_order;
    double duplicates;
};

/* TCP: the sender's count. */
struct retransmits {
    int64_t n;
    bool is_known;
};

/* The windows in a TCP sender's rows, stream by stream, as libiperf summarises a stream. */
struct windows {
    uint64_t n_rtts;
    double max_snd_cwnd, max_snd_wnd; /* bytes; NAN while no stream has told */
    double min_rtt, max_rtt;          /* us; likewise */
    double sum_rtt;
};

/* All sessions of a leg. */
struct result_totals {
    bool is_tcp, is_receiver;
    double end_s;
    struct side here, peer;
    struct loss loss;
    struct retransmits retransmits;
    struct result_order order;
    struct windows windows;
};

/* Sets out_of_order and duplicates if known. *has_failed as for result_end(). */
void result_set_order(json_t *object, const struct result_order *order, bool *has_failed);

/* Adds an interval's streams to the windows. */
void result_add_windows(struct result_totals *totals, const json_t *interval);

/* Makes a new object. libiperf_end is that of the newest session that ended well, or NULL: values that only libiperf
 * knows come from it, and the streams if that session is the whole leg. *has_failed: out of memory, or a sum is not
 * finite, so that something is missing. */
json_t *result_end(const struct result_totals *totals, bool is_one_session, const json_t *libiperf_end,
                   bool *has_failed);

#endif
