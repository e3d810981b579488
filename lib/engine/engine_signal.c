/* engine_signal.c - ends the child's session from outside: on the parent's signals, or on libiperf's exit(). */

#include "engine/engine_signal.h"

#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <iperf_api.h>

#include "engine/engine_control.h"
#include "engine/engine_say.h"

/* The one session of this (child) process: signal handlers and atexit() have no argument for it. */
static struct {
    struct iperf_test *test;
    bool is_server;
} session;

/* libiperf calls exit() on some paths. Called first at exit, this keeps the host's stdio buffers from being flushed
 * into descriptors that are sockets now. */
static void at_exit(void)
{
    engine_say_exit(i_errno ? i_errno : -1, i_errno ? iperf_strerror(i_errno) : "libiperf gave up");
    _exit(3);
}

/* One store and one write: safe in a signal handler. A client that has "sent its bytes" ends with a full end record. A
 * server has no such way: it notifies the client (SERVER_TERMINATE) and leaves; the parent finishes the record. */
static void on_sigterm(int number)
{
    (void)number;
    if (!session.is_server) {
        iperf_set_test_bytes(session.test, 1);
        return;
    }
    int control = iperf_get_control_socket(session.test);
    char state = SERVER_TERMINATE;
    if (control >= 0 && write(control, &state, 1) < 0)
        _exit(3);
    _exit(0);
}

/* Reports the error as libiperf does: the state, then two numbers. Leaves only after a client that sends at full speed
 * has had time to read it; otherwise such a client sees only a broken pipe. Only the parent may ask for this. */
static void on_refusal(int number, siginfo_t *info, void *context)
{
    (void)context;
    if (info->si_pid != getppid())
        return;
    struct {
        uint32_t i_errno, system_errno;
    } why = { htonl(number == SIGUSR2 ? ENGINE_IEDURATION : ENGINE_IETOTALRATE), 0 };
    int control = iperf_get_control_socket(session.test);
    char state = SERVER_ERROR;
    if (control < 0 || write(control, &state, 1) < 0 || write(control, &why, sizeof why) < 0)
        _exit(3);
    poll(NULL, 0, 300);
    _exit(0);
}

static void on_question(int number, siginfo_t *info, void *context)
{
    (void)number, (void)context;
    if (info->si_pid != getppid())
        return;
    engine_say_exit_now(engine_control_stuck(iperf_get_control_socket(session.test)));
    _exit(1);
}

void engine_signal_begin(struct iperf_test *test, bool is_server)
{
    struct sigaction stop = { .sa_handler = on_sigterm,
                              .sa_flags = SA_RESTART }; /* libiperf takes an interrupted read for an error */
    struct sigaction asked = { .sa_sigaction = is_server ? on_refusal : on_question,
                               .sa_flags = SA_RESTART | SA_SIGINFO };
    struct sigaction ignored = { .sa_handler = SIG_IGN };
    session.test = test;
    session.is_server = is_server;
    atexit(at_exit);
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGUSR1, &asked, NULL);
    sigaction(SIGUSR2, is_server ? &asked : &ignored, NULL);
}
