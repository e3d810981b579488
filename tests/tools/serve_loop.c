/* serve_loop.c - serve_loop PORT DIR: a server in a program with an event loop of its own, poll(2) without a timeout.
 * At first it dispatches a thousand times while nobody is there, which would take very long if one call waited. SIGTERM
 * stops it. Prints what happens; exit status 0 when the last call returned 0. */

#include <longhaul.h>

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static struct longhaul_server *server;

static void on_signal(int number)
{
    (void)number;
    longhaul_server_stop(server);
}

static void on_event(const struct longhaul_server_event *event, void *payload)
{
    static const char *const kinds[] = { "listening", "started", "recorded", "note", "ended", "status" };
    struct longhaul_error err = { 0 };
    int *n_inside = payload;
    *n_inside += longhaul_server_dispatch(server, &err) == LONGHAUL_EINVAL && err.code == LONGHAUL_EINVAL;
    printf("%s %u %s\n", kinds[event->kind], event->port, event->text);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    int n_inside = 0, rc = 1;
    unsigned long n_turns = 0;
    uint16_t port = argc == 3 ? (uint16_t)atoi(argv[1]) : 0;
    struct longhaul_server_options options = { .ports = &port, .n_ports = 1, .bind_address = "127.0.0.1",
                                               .dir = argv[argc - 1], .on_event = on_event, .payload = &n_inside };
    struct longhaul_error err = { 0 };
    if (longhaul_server_new(&options, &server, &err) != 0) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
    sigaction(SIGTERM, &action, NULL);
    int fd = longhaul_server_fd(server);
    for (int i = 0; i < 1000 && rc == 1; i++)
        rc = longhaul_server_dispatch(server, &err);
    struct longhaul_served_port state;
    if (longhaul_server_n_ports(server) != 1 || longhaul_server_status(server, 1, &state, &err) != LONGHAUL_EINVAL ||
        longhaul_server_status(server, 0, &state, &err) != 0 || state.port != port || state.is_testing ||
        *state.client || state.status.phase != LONGHAUL_PHASE_CONNECTING)
        puts("the state of an idle port is wrong");
    puts("idle");
    fflush(stdout);
    for (struct pollfd ready = { .fd = fd, .events = POLLIN }; rc == 1; n_turns++) {
        poll(&ready, 1, -1);
        rc = longhaul_server_dispatch(server, &err);
    }
    printf("over: %d, again %d, the same descriptor %d, refused inside %d\nturns %lu\n", rc,
           longhaul_server_dispatch(server, NULL), longhaul_server_fd(server) == fd, n_inside > 0, n_turns);
    longhaul_server_free(server);
    return rc;
}
