/* callbacks.c - callbacks SRC DST PEER PORT SECONDS INTERVAL push|pull DIR: runs one leg through the public API and
 * prints what each callback got, and when, as JSON lines. */

#include <longhaul.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static enum longhaul_action on_interval(size_t leg, const struct longhaul_interval *v, void *payload)
{
    (void)leg, (void)payload;
    printf("{\"now_ns\":%" PRId64 ",\"monotonic_ns\":%" PRId64 ",\"wall_unix_ns\":%" PRId64
           ",\"start_s\":%.17g,\"seconds\":%.17g,"
           "\"bytes\":%" PRId64 ",\"bits_per_second\":%.17g,\"packets\":%" PRId64,
           now_ns(), v->monotonic_ns, v->wall_unix_ns, v->start_s, v->seconds, v->bytes, v->bits_per_second,
           v->packets);
    if (v->has_loss)
        printf(",\"lost_packets\":%" PRId64 ",\"jitter_ms\":%.17g", v->lost_packets, v->jitter_ms);
    puts("}");
    fflush(stdout);
    return LONGHAUL_ACTION_CONTINUE;
}

static void on_state(size_t leg, const struct longhaul_state *state, void *payload)
{
    (void)leg, (void)payload;
    if (state->phase == LONGHAUL_PHASE_RUNNING)
        printf("{\"running_ns\":%" PRId64 "}\n", now_ns());
}

int main(int argc, char **argv)
{
    struct longhaul_leg leg = { .direction = LONGHAUL_DIRECTION_PUSH };
    struct longhaul_run_options options = { .on_interval = on_interval, .on_state = on_state };
    struct longhaul_error err = { 0 };
    if (argc != 9)
        return 2;
    snprintf(leg.source, sizeof leg.source, "%s", argv[1]);
    snprintf(leg.destination, sizeof leg.destination, "%s", argv[2]);
    snprintf(leg.peer, sizeof leg.peer, "%s", argv[3]);
    leg.port = (uint16_t)atoi(argv[4]);
    leg.duration_s = (uint32_t)atoi(argv[5]);
    leg.interval_s = atof(argv[6]);
    leg.direction = strcmp(argv[7], "pull") == 0 ? LONGHAUL_DIRECTION_PULL : LONGHAUL_DIRECTION_PUSH;
    options.dir = argv[8];
    if (longhaul_run_leg(&leg, &options, NULL, &err) != 0) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    return 0;
}
