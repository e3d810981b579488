/* cmd_serve.c - `longhaul serve`: the receiver's ports, and a line for each test. */

#include "cmd.h"

#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "args.h"

static const char usage[] =
    "usage: longhaul serve [flags]\n"
    "\n"
    "The other end of `longhaul run`, or of any iperf3 client: one test at a time on each port, until it is ended.\n"
    "\n"
    "  -p, --port PORTS     as 5201, 5201-5206, 5201,5300 (5201)\n"
    "  -B, --bind ADDRESS   listen there only\n"
    "      --help           this\n"
    "\n"
    "Exit status: 1 failed (a port is taken), 2 misused, 128+n ended by signal n.\n";

static const struct option options[] = {
    { "port", required_argument, NULL, 'p' },
    { "bind", required_argument, NULL, 'B' },
    { "help", no_argument, NULL, 'h' },
    { NULL, 0, NULL, 0 },
};

static struct longhaul_server *volatile current_server;
static volatile sig_atomic_t caught_signal;

static void on_signal(int number)
{
    caught_signal = number;
    if (current_server)
        longhaul_serve_stop(current_server);
}

/* A hangup of the terminal is no reason to drop a day's test. */
static void catch_signals(void)
{
    struct sigaction action = { .sa_handler = on_signal };
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    signal(SIGHUP, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
}

static void on_event(const struct longhaul_serve_event *event, void *payload)
{
    (void)payload;
    if (event->kind == LONGHAUL_SERVE_STARTED)
        fprintf(stderr, "port %u: test from %s\n", event->port, event->text);
    else if (event->kind == LONGHAUL_SERVE_ENDED)
        fprintf(stderr, "port %u: ended after %" PRIu64 " intervals, %" PRId64 " bytes%s%s\n", event->port, event->n_intervals,
                event->bytes, *event->text ? ": " : "", event->text);
}

int cmd_serve(int argc, char **argv)
{
    struct longhaul_serve_options o = { .on_event = on_event };
    struct longhaul_error err = { 0 };
    struct longhaul_server *server = NULL;
    uint16_t *ports = NULL;
    int flag;
    while ((flag = getopt_long(argc, argv, "p:B:", options, NULL)) != -1) {
        if (flag == 'h') {
            fputs(usage, stdout);
            return cmd_close_stdout(EXIT_DONE);
        }
        if (flag == 'B') {
            o.bind_address = optarg;
        } else if (flag != 'p') {
            return EXIT_MISUSED;
        } else {
            free(ports);
            ports = NULL;
            if (!args_ports("serve", "-p", optarg, &ports, &o.n_ports))
                return EXIT_MISUSED;
        }
    }
    if (optind < argc) {
        free(ports);
        return cmd_misused("serve", "does not know what to do with '%s'", argv[optind]);
    }
    o.ports = ports;
    int rc = longhaul_serve_new(&o, &server, &err);
    free(ports);
    if (rc != 0)
        return cmd_fail(&err);
    current_server = server;
    catch_signals();
    rc = longhaul_serve_run(server, &err);
    current_server = NULL;
    longhaul_serve_free(server);
    return rc != 0 ? cmd_fail(&err) : 128 + caught_signal;
}
