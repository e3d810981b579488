/* queue.c - passes intervals and states from the driver's thread to the caller's. A slow reader never blocks the
 * writer: what is too old is dropped and counted. */

#include "run/queue.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/queue.h>
#include <unistd.h>

#include "base/descriptor.h"

struct node {
    STAILQ_ENTRY(node) link;
    struct queue_item item;
};

struct queue {
    pthread_mutex_t mutex;
    int ready; /* eventfd: above 0 while nodes has any, or is_closed */
    STAILQ_HEAD(, node) nodes;
    bool is_closed;
    size_t n_legs;
    struct { size_t n; uint64_t n_dropped; } legs[];
};

struct queue *queue_new(size_t n_legs)
{
    struct queue *queue = calloc(1, sizeof *queue + n_legs * sizeof queue->legs[0]);
    if (queue == NULL)
        return NULL;
    queue->ready = descriptor_above_std(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (queue->ready < 0) {
        free(queue);
        return NULL;
    }
    pthread_mutex_init(&queue->mutex, NULL);
    STAILQ_INIT(&queue->nodes);
    queue->n_legs = n_legs;
    return queue;
}

void queue_free(struct queue *queue)
{
    struct node *node;
    if (queue == NULL)
        return;
    while ((node = STAILQ_FIRST(&queue->nodes)) != NULL) {
        STAILQ_REMOVE_HEAD(&queue->nodes, link);
        free(node);
    }
    close(queue->ready);
    pthread_mutex_destroy(&queue->mutex);
    free(queue);
}

static void drop_oldest(struct queue *queue, size_t leg)
{
    struct node *node;
    STAILQ_FOREACH(node, &queue->nodes, link)
        if (node->item.leg == leg && !node->item.is_state)
            break;
    if (node == NULL)
        return;
    STAILQ_REMOVE(&queue->nodes, node, node, link);
    free(node);
    queue->legs[leg].n--;
    queue->legs[leg].n_dropped++;
}

/* Makes the descriptor readable. The count cannot overflow: it is at most 2. */
static void raise_ready(struct queue *queue)
{
    eventfd_write(queue->ready, 1);
}

static void put(struct queue *queue, struct node *node)
{
    pthread_mutex_lock(&queue->mutex);
    if (!node->item.is_state && ++queue->legs[node->item.leg].n > QUEUE_INTERVALS_MAX)
        drop_oldest(queue, node->item.leg);
    if (STAILQ_EMPTY(&queue->nodes))
        raise_ready(queue);
    STAILQ_INSERT_TAIL(&queue->nodes, node, link);
    pthread_mutex_unlock(&queue->mutex);
}

void queue_put_interval(struct queue *queue, size_t leg, const struct longhaul_interval *interval)
{
    struct node *node = calloc(1, sizeof *node);
    if (node == NULL) {
        pthread_mutex_lock(&queue->mutex);
        queue->legs[leg].n_dropped++;
        pthread_mutex_unlock(&queue->mutex);
        return;
    }
    node->item.leg = leg;
    node->item.interval = *interval;
    put(queue, node);
}

void queue_put_state(struct queue *queue, size_t leg, enum longhaul_phase phase, const char *text)
{
    struct node *node = calloc(1, sizeof *node);
    if (node == NULL)
        return;
    node->item.leg = leg;
    node->item.is_state = true;
    node->item.phase = phase;
    snprintf(node->item.text, sizeof node->item.text, "%s", text);
    put(queue, node);
}

void queue_put_note(struct queue *queue, const char *text)
{
    queue_put_state(queue, QUEUE_NO_LEG, LONGHAUL_PHASE_DONE, text);
}

void queue_close(struct queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    queue->is_closed = true;
    raise_ready(queue);
    pthread_mutex_unlock(&queue->mutex);
}

int queue_take(struct queue *queue, struct queue_item *item)
{
    eventfd_t ignored;
    pthread_mutex_lock(&queue->mutex);
    struct node *node = STAILQ_FIRST(&queue->nodes);
    int rc = node ? 1 : queue->is_closed ? -1 : 0;
    if (node != NULL) {
        STAILQ_REMOVE_HEAD(&queue->nodes, link);
        if (!node->item.is_state)
            queue->legs[node->item.leg].n--;
        *item = node->item;
        free(node);
    }
    if (STAILQ_EMPTY(&queue->nodes) && !queue->is_closed)
        eventfd_read(queue->ready, &ignored);
    pthread_mutex_unlock(&queue->mutex);
    return rc;
}

int queue_fd(const struct queue *queue)
{
    return queue->ready;
}

uint64_t queue_n_dropped(struct queue *queue, size_t leg)
{
    pthread_mutex_lock(&queue->mutex);
    uint64_t n = queue->legs[leg].n_dropped;
    pthread_mutex_unlock(&queue->mutex);
    return n;
}
