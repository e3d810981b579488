/* two_legs.c - an example of the library in a program of one's own: both directions at once, with a callback for every
 * interval, while other threads go on with their work.
 *
 *     cc two_legs.c $(pkg-config --cflags --libs longhaul) -o two_legs
 *     ./two_legs HK WUS 172.16.0.4 5201 5202 60 */

#define _POSIX_C_SOURCE 200809L

#include <longhaul.h>

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static atomic_bool is_over;

/* Whatever the program does besides. */
static void *other_work(void *count)
{
    while (!atomic_load(&is_over)) {
        ++*(long *)count;
        nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
    }
    return NULL;
}

static enum longhaul_action on_interval(size_t leg, const struct longhaul_interval *v, void *legs)
{
    const struct longhaul_leg *l = &((struct longhaul_leg *)legs)[leg];
    printf("%s->%s %6.1f s  %8.3f Mbps  ", l->source, l->destination, v->start_s + v->seconds,
           v->bits_per_second / 1e6);
    if (v->has_loss)
        printf("lost %" PRId64 " of %" PRId64 ", jitter %.4f ms\n", v->lost_packets, v->packets, v->jitter_ms);
    else
        printf("%" PRId64 " packets sent\n", v->packets);
    return LONGHAUL_ACTION_CONTINUE;
}

int main(int argc, char **argv)
{
    if (argc != 7) {
        fprintf(stderr, "usage: two_legs SRC DST PEER PORT PORT SECONDS\n");
        return 2;
    }
    struct longhaul_leg legs[2] = { { .direction = LONGHAUL_DIRECTION_PUSH },
                                    { .direction = LONGHAUL_DIRECTION_PULL } };
    for (int i = 0; i < 2; i++) {
        snprintf(legs[i].source, sizeof legs[i].source, "%s", argv[i ? 2 : 1]);
        snprintf(legs[i].destination, sizeof legs[i].destination, "%s", argv[i ? 1 : 2]);
        snprintf(legs[i].peer, sizeof legs[i].peer, "%s", argv[3]);
        legs[i].port = (uint16_t)atoi(argv[4 + i]);
        legs[i].duration_s = (uint32_t)atoi(argv[6]);
    }
    long count = 0;
    pthread_t thread;
    pthread_create(&thread, NULL, other_work, &count);

    struct longhaul_run_options options = { .on_interval = on_interval, .payload = legs };
    struct longhaul_error err = { 0 };
    struct longhaul_run *run = NULL;
    int rc = longhaul_run_new(&options, &run, &err);
    for (int i = 0; i < 2 && rc == 0; i++)
        rc = longhaul_run_add(run, &legs[i], &err);
    if (rc == 0 && (rc = longhaul_run_start(run, &err)) == 0)
        rc = longhaul_run_wait(run, &err);
    if (rc != 0)
        fprintf(stderr, "two_legs: %s\n", err.text);
    for (size_t i = 0; rc == 0 && i < 2; i++)
        printf("%s\n", longhaul_run_outcome(run, i)->result_path);
    longhaul_run_free(run);

    atomic_store(&is_over, true);
    pthread_join(thread, NULL);
    return rc != 0 || count == 0;
}
