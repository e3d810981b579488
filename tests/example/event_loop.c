/* event_loop.c - an example of the library in a program with an event loop of its own, here poll(2), and no thread:
 * both directions at once. A line with a leg's number, 0 or 1, ends that leg early; ^C ends both. C99, and C++.
 *
 *     cc event_loop.c $(pkg-config --cflags --libs longhaul) -o event_loop
 *     ./event_loop HK WUS 172.16.0.4 5201 5202 60 */
#define _POSIX_C_SOURCE 200809L
#include <longhaul.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct longhaul_run *run;

static void on_signal(int number)
{
    (void)number;
    longhaul_run_stop(run);
}

static enum longhaul_action on_interval(size_t leg, const struct longhaul_interval *v, void *payload)
{
    (void)payload;
    printf("leg %d %6.1f s  %8.3f Mbps\n", (int)leg, v->start_s + v->seconds, v->bits_per_second / 1e6);
    return LONGHAUL_ACTION_CONTINUE;
}

static void on_state(size_t leg, const struct longhaul_state *state, void *payload)
{
    (void)payload;
    const struct longhaul_outcome *outcome = longhaul_run_outcome(run, leg); /* once the leg is done */
    if (state->phase == LONGHAUL_PHASE_DONE && outcome->result_path)
        printf("leg %d is %s: %s\n", (int)leg, outcome->ending == LONGHAUL_ENDING_STOPPED ? "stopped" : "done",
               outcome->result_path);
}

static void on_input(struct pollfd *input)
{
    char line[64];
    ssize_t n = read(input->fd, line, sizeof line - 1);
    if (n <= 0)
        input->fd = -1; /* poll() passes over it from now on */
    else if (*line == '0' || *line == '1')
        longhaul_run_stop_leg(run, (size_t)(*line - '0'));
}

int main(int argc, char **argv)
{
    struct longhaul_run_options options;
    struct longhaul_leg leg;
    struct longhaul_error err;
    memset(&options, 0, sizeof options), memset(&leg, 0, sizeof leg), memset(&err, 0, sizeof err);
    options.on_interval = on_interval;
    options.on_state = on_state;
    int rc = argc == 7 ? longhaul_run_new(&options, &run, &err) : LONGHAUL_EINVAL;
    for (int i = 0; i < 2 && rc == 0; i++) {
        snprintf(leg.source, sizeof leg.source, "%s", argv[1 + i]);
        snprintf(leg.destination, sizeof leg.destination, "%s", argv[2 - i]);
        snprintf(leg.peer, sizeof leg.peer, "%s", argv[3]);
        leg.port = (uint16_t)atoi(argv[4 + i]);
        leg.duration_s = (uint32_t)atoi(argv[6]);
        leg.direction = i == 0 ? LONGHAUL_DIRECTION_PUSH : LONGHAUL_DIRECTION_PULL;
        rc = longhaul_run_add(run, &leg, &err);
    }
    if (rc == 0 && (rc = longhaul_run_start(run, &err)) == 0) {
        struct pollfd fds[2] = { { longhaul_run_fd(run), POLLIN, 0 }, { STDIN_FILENO, POLLIN, 0 } };
        signal(SIGINT, on_signal);
        while ((rc = longhaul_run_dispatch(run, &err)) == 1)
            if (poll(fds, 2, -1) > 0 && fds[1].revents)
                on_input(&fds[1]);
        signal(SIGINT, SIG_DFL);
    }
    if (rc != 0)
        fprintf(stderr, "event_loop: %s\n", argc == 7 ? err.text : "SRC DST PEER PORT PORT SECONDS");
    longhaul_run_free(run);
    return rc != 0;
}
