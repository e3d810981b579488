/* watched.c - watched METRICS PORT SECONDS push|pull DIR [resume]: runs HK->WUS against 127.0.0.1 through the public
 * API, with metrics every 0.1 s, and prints from another thread, every 0.1 s, what longhaul_run_status() says, as JSON
 * lines. */

#include <longhaul.h>

#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct longhaul_run *run;
static atomic_bool is_over;

static void print_status(void)
{
    struct longhaul_status s;
    struct longhaul_error err = { 0 };
    if (longhaul_run_status(run, 0, &s, &err) != 0) {
        fprintf(stderr, "%s\n", err.text);
        exit(1);
    }
    printf("{\"phase\":%d,\"ending\":%d,\"planned_s\":%g,\"elapsed_s\":%.6f,\"remaining_s\":%.6f,\"observed_s\":%.6f,"
           "\"bytes\":%" PRId64 ",\"packets\":%" PRId64 ",\"lost\":%" PRId64 ",\"most_lost\":%" PRId64
           ",\"sessions\":%u,\"gaps\":%u,\"has_loss\":%d,"
           "\"has_rate\":%d}\n",
           s.phase, s.ending, s.planned_s, s.elapsed_s, s.remaining_s, s.observed_s, s.bytes, s.packets, s.lost_packets,
           s.most_lost_packets, s.n_sessions, s.n_gaps, s.has_loss, !isnan(s.bits_per_second));
    fflush(stdout);
}

static void *watch(void *unused)
{
    while (!atomic_load(&is_over)) {
        print_status();
        usleep(100000);
    }
    return unused;
}

static void on_note(const char *text, void *payload)
{
    (void)payload;
    fprintf(stderr, "note: %s\n", text);
}

int main(int argc, char **argv)
{
    struct longhaul_leg leg = { .source = "HK", .destination = "WUS", .peer = "127.0.0.1", .rate_bps = 1000000 };
    struct longhaul_run_options options = { .metrics_s = 0.1, .on_note = on_note };
    struct longhaul_error err = { 0 };
    struct longhaul_status none;
    pthread_t thread;
    if (argc < 6)
        return 2;
    options.metrics_path = argv[1];
    leg.port = (uint16_t)atoi(argv[2]);
    leg.duration_s = (uint32_t)atoi(argv[3]);
    leg.direction = strcmp(argv[4], "pull") == 0 ? LONGHAUL_DIRECTION_PULL : LONGHAUL_DIRECTION_PUSH;
    options.dir = argv[5];
    options.is_resumed = argc > 6;
    if (longhaul_run_new(&options, &run, &err) != 0 || longhaul_run_add(run, &leg, &err) != 0) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    if (longhaul_run_status(run, 0, &none, NULL) != LONGHAUL_EINVAL)
        return 3;
    if (longhaul_run_start(run, &err) != 0) {
        fprintf(stderr, "%s\n", err.text);
        longhaul_run_free(run);
        return 1;
    }
    pthread_create(&thread, NULL, watch, NULL);
    int rc = longhaul_run_wait(run, &err);
    atomic_store(&is_over, true);
    pthread_join(thread, NULL);
    print_status();
    longhaul_run_free(run);
    if (rc != 0)
        fprintf(stderr, "%s\n", err.text);
    return rc != 0;
}
