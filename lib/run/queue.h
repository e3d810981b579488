/* queue.h - a bounded queue of intervals and states, in order, from the driver's thread to the waiting thread. */
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

struct queue *queue_new(size_t n_legs);
void queue_free(struct queue *queue);

/* These never block. If too many intervals of a leg are waiting, the oldest is dropped and counted. */
void queue_put_interval(struct queue *queue, size_t leg, const struct longhaul_interval *interval);
void queue_put_state(struct queue *queue, size_t leg, enum longhaul_phase phase, const char *text);

/* Puts a message about the whole run. */
void queue_put_note(struct queue *queue, const char *text);

/* Nothing more will be put. */
void queue_close(struct queue *queue);

/* Waits for the next item; false when the queue is closed and empty. */
bool queue_take(struct queue *queue, struct queue_item *item);

/* How many of a leg's intervals were dropped so far for lack of room or memory. */
uint64_t queue_n_dropped(struct queue *queue, size_t leg);

#endif
