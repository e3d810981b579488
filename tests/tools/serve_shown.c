/* serve_shown.c - serve_shown PORT DIR N: a server whose program dispatches often, until a port knows more than what
 * longhaul_server_status() shows. Then it only waits for the descriptor: is it readable within half a second, and is
 * the rest shown? Prints how often it was, of N times. SIGTERM stops it. */

#include <longhaul.h>

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum { OFTEN_MS = 10, SOON_MS = 500 };

static struct longhaul_server *server;
static int64_t n_known; /* bytes of the port's leg, by what the server is asked */

static void on_signal(int number)
{
    (void)number;
    longhaul_server_stop(server);
}

static void on_event(const struct longhaul_server_event *event, void *payload)
{
    (void)payload;
    if (event->kind == LONGHAUL_SERVER_EVENT_STATUS && event->leg)
        n_known = event->leg->status.bytes;
}

static int64_t n_shown(void)
{
    struct longhaul_served_port port;
    return longhaul_server_status(server, 0, &port, NULL) == 0 ? port.status.bytes : 0;
}

int main(int argc, char **argv)
{
    uint16_t number = argc == 4 ? (uint16_t)atoi(argv[1]) : 0;
    struct longhaul_server_options options = { .ports = &number, .n_ports = 1, .bind_address = "127.0.0.1",
                                               .dir = argv[argc > 2 ? 2 : 0], .on_event = on_event };
    struct longhaul_error err = { 0 };
    int rc = 1, n_wanted = atoi(argv[argc - 1]), n_tries = 0, n_soon = 0;
    if (argc != 4 || longhaul_server_new(&options, &server, &err) != 0) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
    sigaction(SIGTERM, &action, NULL);
    struct pollfd ready = { .fd = longhaul_server_fd(server), .events = POLLIN };
    while (rc == 1 && n_tries < n_wanted) {
        longhaul_server_ask_status(server);
        rc = longhaul_server_dispatch(server, &err);
        if (n_known > n_shown()) {
            n_tries++;
            for (int i = 0; i < 2 && n_known > n_shown() && poll(&ready, 1, SOON_MS) > 0; i++)
                rc = longhaul_server_dispatch(server, &err);
            n_soon += n_known <= n_shown();
        }
        poll(NULL, 0, OFTEN_MS);
    }
    printf("%d of %d shown soon\n", n_soon, n_tries);
    longhaul_server_free(server);
    return rc < 0;
}
