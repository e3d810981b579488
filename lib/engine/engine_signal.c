/* engine_signal.c - how the child's session is ended from outside: by the parent's signals, by libiperf's exit(). */

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

/* The one session of this (child) process: signal handlers and atexit() carry no argument. */
static struct {
    struct iperf_test *test;
    bool is_server;
} session;

/* libiperf calls exit() on some paths. First in line at exit, this keeps the host's stdio buffers from being flushed
 * into descriptors that are now sockets. */
static void at_exit(void)
{
    engine_say_exit(i_errno ? i_errno : -1, i_errno ? iperf_strerror(i_errno) : "libiperf gave up");
    _exit(3);
}

/* A store and a write: safe in a signal handler. A client that has "sent its bytes" ends with a full end record. A
 * server has no such way: it tells the client (SERVER_TERMINATE) and leaves; the record is finished by the parent. */
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

/* As libiperf tells of its own errors: the state, then two numbers. It leaves only when a client that sends as fast as
 * it can has had time to read it: that one would see no more than a broken pipe. Only the parent may ask for that. */
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
