/* batch_send.h - samples on their way to a server: batches, and how one is sent so that each sample is there once. */
#ifndef BATCH_SEND_H
#define BATCH_SEND_H

#include "export/export_sink.h"
#include "export/http.h"

/* A part of one series. */
struct batch_part {
    char *metric; /* {"__name__":"...","src":...}, ended by 0 */
    char *select; /* the same as a selector of Prometheus */
    size_t first, n; /* of the batch's samples */
};

/* Samples that are sent in one request. */
struct send_batch {
    struct batch_part *parts;
    size_t n_parts, room_parts;
    int64_t *ms;
    double *values;
    size_t n, room;
};

/* False when out of memory. step: from one value to the next in values. Takes both texts. */
bool send_batch_add(struct send_batch *batch, char *metric, char *select, const int64_t *ms, const double *values,
                    size_t step, size_t n);
void send_batch_clear(struct send_batch *batch); /* keeps its room */
void send_batch_free(struct send_batch *batch);

struct sender {
    const struct longhaul_export_options *options;
    struct longhaul_exported *told;
    struct http *http;
    const char *query_url;
    bool cannot_read; /* the server cannot be asked what it has */
    struct export_text text, packed; /* room */
    uint64_t n_conflicts; /* samples that the server has with another value */
};

/* Sends a batch; with is_doubt only what the server has not. */
int sender_send(struct sender *sender, struct send_batch *batch, bool is_doubt, struct longhaul_error *err);

/* ---- batch_there.c */

/* What is sent can be seen by queries after it. */
void sender_flush(struct sender *sender);
/* Whether the server has any sample of a selector from first to last; *has stays false if it cannot be asked. */
int sender_has_any(struct sender *sender, const char *select, int64_t first_ms, int64_t last_ms, bool *has,
                   struct longhaul_error *err);
/* How many samples it has; -1 if it cannot be asked. */
int sender_count(struct sender *sender, const char *select, int64_t first_ms, int64_t last_ms, int64_t *n,
                 struct longhaul_error *err);

/* Removes from the batch what the server has, and counts what it has with other values. */
int sender_drop_there(struct sender *sender, struct send_batch *batch, struct longhaul_error *err);
#endif
