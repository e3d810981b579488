/* queue.h - a bounded queue of intervals and states, in order, from the driver's thread to the caller's, with a
 * descriptor to wait for. */
#ifndef QUEUE_H
#define QUEUE_H

#include <longhaul.h>

#define QUEUE_INTERVALS_MAX 65536 /* per leg: 1.8 hours of 0.1 s intervals, under 8 MB */

#define QUEUE_NO_LEG SIZE_MAX /* the leg of a note */

struct queue;

struct queue_item {
    size_t leg;    /* QUEUE_NO_LEG for a note, which has only text */
    bool is_state; /* it has state and text, else an interval; true for a note */
    struct longhaul_interval interval;
    enum longhaul_phase phase;
    char text[512];
};

/* NULL, with errno set, without memory or descriptors. */
struct queue *queue_new(size_t n_legs);
void queue_free(struct queue *queue);

/* These never block. If too many intervals of a leg are waiting, the oldest is dropped and counted. */
void queue_put_interval(struct queue *queue, size_t leg, const struct longhaul_interval *interval);
void queue_put_state(struct queue *queue, size_t leg, enum longhaul_phase phase, const char *text);

/* Puts a message about the whole run. */
void queue_put_note(struct queue *queue, const char *text);

/* Nothing more will be put. */
void queue_close(struct queue *queue);

/* Never blocks. 1 with the next item; 0 when none is there yet; -1 when the queue is closed and empty. */
int queue_take(struct queue *queue, struct queue_item *item);

/* Readable while queue_take() would not return 0. Borrowed: for poll() and its like alone. */
int queue_fd(const struct queue *queue);

/* How many of a leg's intervals were dropped so far for lack of room or memory. */
uint64_t queue_n_dropped(struct queue *queue, size_t leg);

#endif
