/* test_engine.c - the parent's side of a session if the kernel gives no handle of the child (no descriptor left, or a
 * sandbox): it is ended and reaped anyway; and that closing a session closes nothing that belongs to others. */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <netinet/in.h>

#include "check.h"
#include "engine/engine.h"

/* Replaces the C library's for the library under test. */
int pidfd_open(pid_t pid, unsigned flags)
{
    (void)pid, (void)flags;
    errno = EMFILE;
    return -1;
}

/* A loopback port on which nobody ever answers: the connection exists, and its child waits. */
static int listen_in_silence(uint16_t *port)
{
    struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof here;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&here, size) < 0 || listen(fd, 4) < 0 ||
        getsockname(fd, (struct sockaddr *)&here, &size) < 0)
        return -1;
    *port = ntohs(here.sin_port);
    return fd;
}

/* A descriptor of the host's keeps its number, whatever an engine closes. */
static void test_adopted(void)
{
    int pair[2], null = open("/dev/null", O_RDONLY);
    struct longhaul_error err = { 0 };
    struct engine *engine = NULL;
    if (!CHECK(null >= 0 && dup2(null, 0) == 0 && socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0 &&
                   engine_adopt(pair[0], &engine, &err) == 0,
               "an engine without a child (%s)", err.text))
        return;
    CHECK(!engine_hand(engine, null), "nobody takes a connection there");
    engine_close(engine);
    CHECK(fcntl(0, F_GETFD) >= 0 && fcntl(pair[0], F_GETFD) < 0, "it closes its pair, and not standard input");
    close(pair[1]);
    close(null);
}

int main(void)
{
    test_adopted();
    struct longhaul_leg leg = { .source = "A", .destination = "B", .peer = "127.0.0.1", .duration_s = 60 };
    struct engine_params params = { .leg = &leg, .duration_s = 60, .connect_ms = 5000 };
    struct longhaul_error err = { 0 };
    struct engine_event event = { .kind = ENGINE_EXIT };
    struct engine *engine = NULL;
    if (!engine_is_built(NULL)) {
        printf("skip - the engine: built without libiperf\n");
        return CHECK_DONE();
    }
    int listener = listen_in_silence(&leg.port);
    longhaul_leg_fill(&leg);
    if (!CHECK(listener >= 0 && engine_open(&params, &engine, &err) == 0, "a session whose child has no handle (%s)",
               err.text))
        return 1;
    struct pollfd said = { .fd = engine_fd(engine), .events = POLLIN };
    poll(&said, 1, 10000);
    CHECK(engine_receive(engine, &event) == 1 && event.kind == ENGINE_HELLO, "it says hello");
    alarm(20); /* kills a test that hangs */
    engine_close(engine);
    CHECK(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD, "it is ended, and reaped");
    close(listener);
    return CHECK_DONE();
}
