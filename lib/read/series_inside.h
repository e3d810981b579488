/* series_inside.h - what series.c and series_document.c share: a series while it grows, and how members of objects are
 * read. */
#ifndef SERIES_INSIDE_H
#define SERIES_INSIDE_H

#include <math.h>

#include "model/iperf_json.h"
#include "read/gaps.h"
#include "read/series.h"

#define LABEL_SIZE 64

/* What the sessions of a journal say at their ends, added up. */
struct sessions {
    size_t n_started;
    size_t n_ended;  /* with figures of the receiver's */
    double lost_packets;
    double packets;
    double jitter_ms;
};

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
    /* What info's strings point to. */
    char source[LABEL_SIZE], destination[LABEL_SIZE], version[64], protocol[16], error[256], longhaul_version[32];
    char congestion[24], rtt_method[8];
    char local_address[LABEL_SIZE], remote_address[LABEL_SIZE]; /* of connected[0] */
    char cookie[64];
    bool has_start;
    bool is_reverse;
    bool is_server;      /* wrote the file */
    bool knows_sender;   /* the summaries of the intervals say who sends */
    bool with_omitted;
    bool has_same_keys; /* see series_set_same_keys() */
    struct sessions sessions;
    struct series_session *session; /* of longhaul's own records */
    size_t n_sessions;
    struct gap_list gaps;
    struct longhaul_rtt_sample *rtt;
    size_t n_rtt;
    struct longhaul_host_drops host_drops, host_before; /* before: of the run that a journal is in */
    struct longhaul_host_drops receiver_drops;
    bool has_host_drops, has_host_before, has_receiver_drops;
    double reorder_count; /* SERIES_REORDER_COUNT of the last row */
    struct end_figures reverse_end;
    struct longhaul_series *server;  /* the server's own document in the client's, until server_output_finish(); NULL */
    struct longhaul_series *reverse; /* the other direction of a bidirectional test, until series_finish() */
    double *column[LONGHAUL_N_COLUMNS]; /* NULL as long as no interval has its value */
    bool has_tcp;                       /* some column of TCP has a value */
    double *unknown;                    /* stands for those from series_trim() on: length times NAN */
    double *arrived;     /* see series_arrived() */
    size_t length;
    size_t capacity;
    size_t expected; /* length that it may come to */
};

/* series_path.c: "rtt", "rtt_method" and "host" of longhaul's object. */
void series_take_path(struct longhaul_series *series, const json_t *longhaul);

/* Nothing is known of the end. */
/* series_end.c: an end's figures, all unknown ones, and their place in an info. */
extern const struct end_figures series_no_figures;
void series_set_end(struct longhaul_info *info, const struct end_figures *end);
void series_forget_end(struct longhaul_series *series);

/* Gives back the room for intervals that did not come, and makes columns without a value readable. */
void series_trim(struct longhaul_series *series);

static inline bool is_set(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_true(value) || (json_is_number(value) && json_number_value(value) != 0);
}

#endif
