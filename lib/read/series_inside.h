/* series_inside.h - a series while it grows, shared by series.c and series_document.c, and how members of objects are
 * read. */
#ifndef SERIES_INSIDE_H
#define SERIES_INSIDE_H

#include <math.h>

#include "model/iperf_json.h"
#include "read/gaps.h"
#include "read/route_list.h"
#include "read/series.h"

#define LABEL_SIZE 64

/* The sums over the ends of a journal's sessions. */
struct sessions {
    size_t n_started;
    size_t n_ended;  /* with the receiver's figures */
    double lost_packets;
    double packets;
    double jitter_ms;
};

/* A histogram (base/histogram.h) of the delays of the datagrams that arrived in a time. */
struct delay_histogram {
    double from_s, until_s;
    char *text; /* NULL: there was no memory for it */
};

/* The flows of a leg with several, n of them; n is 0 for others. */
struct series_flows {
    struct longhaul_flow *flow;
    size_t n;
    struct longhaul_flow_trouble *trouble;
    size_t n_troubles, capacity;
    json_t *connected; /* of the first session; NULL before it */
    bool is_sender;    /* the file's writer sends */
};

/* How long a series' lists may become, in a result and in a journal: the memory is bounded. */
#define SERIES_SESSIONS_MAX (1u << 20) /* one every 5 s of the intervals that are read at most */
#define SERIES_GAPS_MAX (1u << 20)
#define SERIES_RTT_MAX (8u << 20)
#define SERIES_DELAYS_MAX (1u << 20) /* 121 days of 10 s each */
#define SERIES_DELAY_BYTES_MAX (256u << 20)

/* The sums of one direction in a document's "end". */
struct end_figures {
    double seconds, bits_per_second, bytes, jitter_ms, lost_packets, packets, lost_percent;
    double sent_packets, sent_bytes, sent_bits_per_second, received_packets, received_bytes, received_bits_per_second,
        retransmits;
    double out_of_order_packets, duplicate_packets;
};

struct longhaul_series {
    struct longhaul_info info; /* points into this struct */
    char *path;
    /* The strings to which info points. */
    char source[LABEL_SIZE], destination[LABEL_SIZE], version[64], protocol[16], error[256], longhaul_version[32];
    char congestion[24], rtt_method[8];
    char local_address[LABEL_SIZE], remote_address[LABEL_SIZE]; /* of connected[0] */
    char cookie[64];
    bool has_start;
    bool is_reverse;
    bool is_server;      /* the file's writer is the server */
    bool knows_sender;   /* the summaries of the intervals say who sends */
    bool with_omitted;
    bool has_same_keys; /* see series_set_same_keys() */
    struct sessions sessions;
    struct series_session *session; /* of longhaul's own records */
    size_t n_sessions;
    struct gap_list gaps;
    struct longhaul_rtt_sample *rtt;
    size_t n_rtt;
    struct delay_histogram *delays; /* by time */
    size_t n_delays, delay_bytes; /* delay_bytes: of the texts that were read */
    struct series_flows flows;
    struct route_list routes;
    struct longhaul_host_drops host_drops, host_before; /* host_before: at the start of a journal's current run */
    struct longhaul_host_drops receiver_drops;
    bool has_host_drops, has_host_before, has_receiver_drops;
    double reorder_count; /* SERIES_REORDER_COUNT of the last row */
    struct end_figures reverse_end;
    struct longhaul_series *server;  /* the server's own document in the client's, until server_output_finish(); NULL */
    struct longhaul_series *reverse; /* the other direction of a bidirectional test, until series_finish() */
    double *column[LONGHAUL_N_COLUMNS]; /* NULL as long as no interval has a value for it */
    bool has_tcp, has_delay;            /* some column of that kind has a value */
    double *unknown;                    /* replaces missing columns from series_trim() on: length times NAN */
    double *arrived;     /* see series_arrived() */
    unsigned char *seen; /* next to it: 1 for each interval that the receiver observed */
    struct gap_list unseen; /* see series_unseen_gaps() */
    bool has_unseen;
    size_t length;
    size_t capacity;
    size_t expected; /* the expected length */
    bool has_failed; /* out of memory for a part of it */
};

/* series_path.c: "rtt_method" and "host" of longhaul's object. */
void series_take_path(struct longhaul_series *series, const json_t *longhaul);

/* For series_list.c: one element of the lists "segments", "rtt" and "delays" of longhaul's object. */
void series_take_segment(struct longhaul_series *series, const json_t *entry);
void series_take_rtt_entry(struct longhaul_series *series, const json_t *entry);
void series_take_delays_entry(struct longhaul_series *series, const json_t *entry);
void series_forget_delays(struct longhaul_series *series);
/* The same for what stands in such an element; the text is one of a histogram. */
void series_take_rtt_numbers(struct longhaul_series *series, double start_s, double rtt_ms);
void series_take_delay_text(struct longhaul_series *series, double from_s, double until_s, const char *text, size_t n);

/* series_flows.c: "flows" likewise; the ports in a session's start; the text "flows" of a row. */
void series_take_flows(struct longhaul_series *series, const json_t *longhaul);
void series_take_ports(struct longhaul_series *series, const json_t *start);
void series_add_row_flows(struct longhaul_series *series, const char *text, size_t n, double start_s, double end_s,
                          bool knows_loss);
void series_forget_flows(struct longhaul_series *series);
void series_free_flows(struct longhaul_series *series);

/* All figures of the end are unknown. */
/* series_end.c: an end's figures, all of them unknown, and their place in an info. */
extern const struct end_figures series_no_figures;
void series_set_end(struct longhaul_info *info, const struct end_figures *end);
void series_forget_end(struct longhaul_series *series);

/* Frees the room for intervals that did not come, and makes columns without a value readable. */
void series_trim(struct longhaul_series *series);

static inline bool is_set(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_true(value) || (json_is_number(value) && json_number_value(value) != 0);
}

#endif
