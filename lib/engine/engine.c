/* engine.c - the parent's side of a session: forks the child (engine_child.c), passes on its messages, ends it. Knows
 * nothing of legs' days, files or reconnects. */

#include "engine/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/error.h"
#include "engine/engine_bytes.h"
#include "engine/engine_wire.h"

#define DEATH_MS 200 /* from the end of the pair to the end of the process, on a busy host */
#define TEXT_BYTES_MAX                                                                                                 \
    (64u << 20) /* more than any document of libiperf's: of a longer one only the beginning is passed on */
#define CUT_BYTES 4096             /* the length of that beginning, which shows what it was */

struct engine {
    struct engine_bytes *bytes; /* NULL when out of memory */
    pid_t pid;
    int handle;   /* pidfd; -1 if none could be obtained */
    int fd;       /* this end of the pair */
    int door;     /* passes a server's connections to the child; -1 for none */
    int messages; /* the child's standard error */
    bool is_gone; /* end of file on the pair */
    bool is_whole; /* text holds a whole event: the next piece begins a new one */
    bool is_cut;   /* the event did not fit: what follows its beginning is dropped */
    char *text;
    size_t n, capacity;
    char histogram[DELAY_TEXT_BYTES]; /* of the newest event */
    int sockets[ENGINE_SOCKETS_MAX]; /* copies of streams' sockets, n_sockets of them */
    size_t n_sockets, next_socket;
    bool is_sender; /* by these */
    char *flows;  /* for the next one; NULL for nothing */
    bool has_passed_flows; /* with the newest event */
};

bool engine_is_built(struct longhaul_error *err)
{
    if (*longhaul_iperf_version())
        return true;
    error_set(err, LONGHAUL_ENOTBUILT, "built without libiperf (libiperf-dev): no run and no serve in this build");
    return false;
}

bool engine_can_run(const struct longhaul_leg *leg, struct longhaul_error *err)
{
#ifdef LONGHAUL_HAVE_GSRO
    const bool has_gsro = true;
#else
    const bool has_gsro = false;
#endif
    if (!engine_is_built(err))
        return false;
    if (leg->has_gsro && !has_gsro) {
        error_set(err, LONGHAUL_ENOTBUILT, "gsro: libiperf %s cannot cut and join datagrams in the kernel; 3.21 can",
                  longhaul_iperf_version());
        return false;
    }
    return true;
}

static int open_pipes(int pair[2], int messages[2], struct longhaul_error *err)
{
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0 || descriptor_pair_above_std(pair) < 0)
        return error_errno(err, LONGHAUL_EIO, "socketpair");
    if (pipe2(messages, O_CLOEXEC | O_NONBLOCK) < 0 || descriptor_pair_above_std(messages) < 0) {
        int rc = error_errno(err, LONGHAUL_EIO, "pipe");
        close(pair[0]);
        close(pair[1]);
        return rc;
    }
    return 0;
}

/* The host's handlers must not run in the child: signals are blocked until the child has reset them
 * (engine_child.c). */
static pid_t fork_child(const struct engine_params *params, int pair, int door, int messages)
{
    sigset_t all, before;
    pid_t parent = getpid();
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t pid = fork();
    if (pid == 0)
        engine_child(params, pair, door, messages, parent);
    int saved = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = saved;
    return pid;
}

int engine_open(const struct engine_params *params, struct engine **out, struct longhaul_error *err)
{
    int pair[2], messages[2], door[2] = { -1, -1 };
    if (!engine_is_built(err))
        return LONGHAUL_ENOTBUILT;
    struct engine *engine = calloc(1, sizeof *engine);
    if (engine == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "out of memory");
    struct engine_params for_child = *params;
    engine->bytes = for_child.bytes = engine_bytes_new();
    int rc = open_pipes(pair, messages, err);
    if (rc != 0) {
        engine_bytes_free(engine->bytes);
        free(engine);
        return rc;
    }
    if (params->door_family && (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, door) < 0 ||
                                descriptor_pair_above_std(door) < 0))
        rc = error_errno(err, LONGHAUL_EIO, "socketpair");
    engine->pid = rc == 0 ? fork_child(&for_child, pair[1], door[1], messages[1]) : 0;
    rc = rc ? rc : engine->pid < 0 ? error_errno(err, LONGHAUL_EIO, "fork") : 0;
    engine->handle = engine->pid > 0 ? descriptor_above_std(pidfd_open(engine->pid, 0)) : -1;
    close(pair[1]);
    close(messages[1]);
    if (door[1] >= 0)
        close(door[1]);
    engine->door = door[0];
    engine->fd = pair[0];
    engine->messages = messages[0];
    engine->is_whole = true;
    if (rc != 0)
        engine_close(engine);
    else
        *out = engine;
    return rc;
}

int engine_adopt(int pair, struct engine **out, struct longhaul_error *err)
{
    struct engine *engine = calloc(1, sizeof *engine);
    if (engine == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "out of memory");
    engine->fd = pair;
    engine->handle = engine->door = engine->messages = -1;
    engine->is_whole = true;
    *out = engine;
    return 0;
}

bool engine_received(const struct engine *engine, uint64_t *bytes)
{
    if (engine->bytes == NULL || !atomic_load_explicit(&engine->bytes->is_counting, memory_order_relaxed))
        return false;
    *bytes = atomic_load_explicit(&engine->bytes->received, memory_order_relaxed);
    return true;
}

int engine_fd(const struct engine *engine)
{
    return engine->fd;
}

static bool make_room(struct engine *engine, size_t more)
{
    size_t wanted = engine->n + more + 1;
    if (wanted <= engine->capacity)
        return true;
    if (wanted > TEXT_BYTES_MAX)
        return false;
    char *text = realloc(engine->text, wanted * 2);
    if (text == NULL)
        return false;
    engine->text = text;
    engine->capacity = wanted * 2;
    return true;
}

/* Makes room for another piece; without memory, in place of the last ones. false if there is no memory at all. */
static bool make_place(struct engine *engine)
{
    if (make_room(engine, ENGINE_PIECE_BYTES))
        return true;
    if (engine->capacity <= CUT_BYTES + ENGINE_PIECE_BYTES)
        return false;
    engine->is_cut = true;
    engine->n = engine->n < CUT_BYTES ? engine->n : CUT_BYTES;
    return true;
}

/* Keeps the descriptors that came with a message. */
static void keep_sockets(struct engine *engine, struct msghdr *message)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c != NULL; c = CMSG_NXTHDR(message, c)) {
        size_t n = c->cmsg_type == SCM_RIGHTS ? (c->cmsg_len - CMSG_LEN(0)) / sizeof(int) : 0;
        for (size_t i = 0; i < n; i++) {
            int fd;
            memcpy(&fd, CMSG_DATA(c) + i * sizeof fd, sizeof fd);
            if (engine->n_sockets < ENGINE_SOCKETS_MAX)
                engine->sockets[engine->n_sockets++] = descriptor_above_std(fd);
            else
                close(fd);
        }
    }
}

/* Appends one piece to the text. Returns 1, 0 if none has arrived yet, -1 at the end. */
static int receive_piece(struct engine *engine, struct engine_message *head)
{
    if (!make_place(engine))
        return -1;
    struct iovec parts[2] = { { head, sizeof *head }, { engine->text + engine->n, ENGINE_PIECE_BYTES } };
    union { struct cmsghdr head; char bytes[CMSG_SPACE(ENGINE_SOCKETS_MAX * sizeof(int))]; } control;
    struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2, .msg_control = control.bytes,
                              .msg_controllen = sizeof control.bytes };
    ssize_t n;
    do
        n = recvmsg(engine->fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    while (n < 0 && errno == EINTR);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return 0;
    if (n < (ssize_t)sizeof *head)
        return -1;
    keep_sockets(engine, &message);
    engine->n += (size_t)n - sizeof *head;
    engine->text[engine->n] = 0;
    return 1;
}

static void keep_flows(struct engine *engine, char *flows)
{
    free(engine->flows);
    engine->flows = flows;
    engine->has_passed_flows = false;
}

int engine_receive(struct engine *engine, struct engine_event *event)
{
    struct engine_message head;
    if (engine->has_passed_flows)
        keep_flows(engine, NULL);
    while (!engine->is_gone) {
        if (engine->is_whole) {
            engine->n = 0;
            engine->is_cut = false;
        }
        engine->is_whole = false;
        int rc = receive_piece(engine, &head);
        if (rc == 0)
            return 0;
        if (rc < 0) {
            engine->is_gone = true;
            break;
        }
        if (!head.is_last)
            continue;
        engine->is_whole = true;
        if (engine->is_cut && engine->n > CUT_BYTES)
            engine->text[engine->n = CUT_BYTES] = 0;
        if (head.kind == ENGINE_SOCKETS) {
            engine->is_sender = head.i_errno == 1;
            continue;
        }
        if (head.kind == ENGINE_FLOWS) {
            keep_flows(engine, strdup(engine->text));
            continue;
        }
        engine->has_passed_flows = head.kind == ENGINE_JSON; /* a note may come before it */
        memcpy(engine->histogram, head.histogram, sizeof head.histogram);
        engine->histogram[sizeof head.histogram - 1] = 0;
        *event = (struct engine_event){ .kind = (enum engine_kind)head.kind, .at = head.at,
                                        .last_ack_s = head.last_ack_s, .control_port = (uint16_t)head.control_port,
                                        .tcp = head.tcp, .socket_drops = head.socket_drops, .order = head.order,
                                        .delay = head.delay, .histogram = engine->histogram,
                                        .flows = engine->flows ? engine->flows : "",
                                        .n_unsaid = head.n_unsaid, .n_foreign = head.n_foreign,
                                        .n_impossible = head.n_impossible, .text = engine->text, .length = engine->n,
                                        .i_errno = head.i_errno };
        return 1;
    }
    return -1;
}

bool engine_send_news(struct engine *engine, const void *bytes, size_t n)
{
    if (engine->n_sockets == 0)
        return false;
    int fd = engine->sockets[engine->next_socket++ % engine->n_sockets];
    return send(fd, bytes, n, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)n;
}

size_t engine_take_news(struct engine *engine, void *bytes, size_t size)
{
    for (size_t i = 0; engine->is_sender && i < engine->n_sockets; i++) {
        ssize_t n = recv(engine->sockets[i], bytes, size, MSG_DONTWAIT);
        if (n > 0)
            return (size_t)n;
    }
    return 0;
}

/* Uses a handle, not the pid: a host that ignores SIGCHLD, or waits for any child, may have reaped this one long
 * ago. */
static void send_signal(const struct engine *engine, int number)
{
    if (engine->handle >= 0)
        pidfd_send_signal(engine->handle, number, NULL, 0);
    else if (engine->pid > 0)
        kill(engine->pid, number);
}

/* Its pid may already belong to another child of the host's. */
static void reap(const struct engine *engine)
{
    siginfo_t ignored;
    idtype_t by = engine->handle >= 0 ? P_PIDFD : P_PID;
    id_t id = engine->handle >= 0 ? (id_t)engine->handle : (id_t)engine->pid;
    while (waitid(by, id, &ignored, WEXITED) < 0 && errno == EINTR)
        ;
}

bool engine_hand(struct engine *engine, int fd)
{
    char byte = 0;
    union { struct cmsghdr head; char bytes[CMSG_SPACE(sizeof(int))]; } control = { .bytes = { 0 } };
    struct iovec part = { &byte, 1 };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes,
                              .msg_controllen = sizeof control.bytes };
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(head), &fd, sizeof fd);
    return engine->door >= 0 && sendmsg(engine->door, &message, MSG_DONTWAIT | MSG_NOSIGNAL) == 1;
}

void engine_stop(struct engine *engine)
{
    send_signal(engine, SIGTERM);
}

void engine_refuse(struct engine *engine, int i_errno)
{
    send_signal(engine, i_errno == ENGINE_IEDURATION ? SIGUSR2 : i_errno == ENGINE_IETOTALRATE ? SIGUSR1 : SIGTERM);
}

void engine_ask(struct engine *engine)
{
    send_signal(engine, SIGUSR1);
}

/* The child's end of the pair closes a moment before the child can be waited for. Does not reap it: engine_close()
 * does. */
static void describe_end(const struct engine *engine, char *text, size_t size)
{
    siginfo_t end = { 0 };
    struct pollfd over = { .fd = engine->handle, .events = POLLIN };
    *text = 0;
    if (engine->handle < 0 || poll(&over, 1, DEATH_MS) <= 0 ||
        waitid(P_PIDFD, (id_t)engine->handle, &end, WEXITED | WNOHANG | WNOWAIT) < 0 || end.si_pid == 0)
        return;
    snprintf(text, size, end.si_code == CLD_EXITED ? "exit status %d" : "signal %d", end.si_status);
}

void engine_death(const struct engine *engine, char *text, size_t size)
{
    char said[4096], end[40] = "";
    ssize_t n = read(engine->messages, said, sizeof said - 1);
    while (n > 0 && (said[n - 1] == '\n' || said[n - 1] == ' '))
        n--;
    said[n > 0 ? n : 0] = 0;
    const char *line = strrchr(said, '\n');
    const char *why = line ? line + 1 : said;
    if (*why == 0)
        describe_end(engine, end, sizeof end);
    snprintf(text, size, "the measuring process died%s%s", *why || *end ? ": " : "", *why ? why : end);
}

void engine_close(struct engine *engine)
{
    if (engine == NULL)
        return;
    send_signal(engine, SIGKILL);
    if (engine->pid > 0)
        reap(engine);
    if (engine->handle >= 0)
        close(engine->handle);
    close(engine->fd);
    for (size_t i = 0; i < engine->n_sockets; i++)
        close(engine->sockets[i]);
    if (engine->door >= 0)
        close(engine->door);
    if (engine->messages >= 0)
        close(engine->messages);
    free(engine->text);
    free(engine->flows);
    engine_bytes_free(engine->bytes);
    free(engine);
}
