/* queue.h - from the driver's thread to the thread that waits: intervals and states, in order, bounded. */
#ifndef QUEUE_H
#define QUEUE_H

#include <longhaul.h>

#define QUEUE_INTERVALS_MAX 65536 /* of one leg: over a day's hour of 0.1 s intervals, under 8 MB */

#define QUEUE_NO_LEG SIZE_MAX /* leg of a note */

struct queue;

struct queue_item {
    size_t leg;    /* QUEUE_NO_LEG of a note: text alone */
    bool is_state; /* state and text, else interval; true of a note */
    struct longhaul_interval interval;
    enum longhaul_phase phase;
    char text[512];
};

struct queue *queue_new(size_t n_legs);
void queue_free(struct queue *queue);

/* Never block. Of a leg that has too many waiting the oldest interval is dropped and counted. */
void queue_put_interval(struct queue *queue, size_t leg, const struct longhaul_interval *interval);
void queue_put_state(struct queue *queue, size_t leg, enum longhaul_phase phase, const char *text);

/* What is no leg's own. */
void queue_put_note(struct queue *queue, const char *text);

/* No more will be put. */
void queue_close(struct queue *queue);

/* Waits for the next; false when the queue is closed and empty. */
bool queue_take(struct queue *queue, struct queue_item *item);

/* How many of a leg's intervals were dropped so far, for lack of room or of memory. */
uint64_t queue_n_dropped(struct queue *queue, size_t leg);

#endif
