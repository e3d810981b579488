/* engine_child.c - the only file that knows libiperf: one session, from fork to exit, told to the parent as events.
 *
 * libiperf keeps its state per process, may exit(), and hangs with a dead peer; so it runs in a child that can be killed. */

#include "engine_wire.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <math.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <iperf_api.h>
#include <openssl/evp.h>

#include "engine_accept.h"
#include "engine_hook.h"
#include "socket_drops.h"

/* iperf_api.h of every version declares another name than is there. */
char *iperf_get_test_extra_data(struct iperf_test *test);

#define STREAMS_MAX 256 /* iperf3's 128, both ways */
#define TCP_WRITE_BYTES 131072 /* iperf3's own; its library has no default */
#define TCP_WRITE_S 0.01       /* a limited rate is written in pieces of so much time: the pieces of a slow one would be seconds apart */

struct piece {
    struct piece *next;
    size_t n;
    char bytes[];
};

/* The child's one session: libiperf's callback, signal handlers and atexit() carry no argument. Only ever used in the child,
 * which has one thread of ours. */
static struct {
    struct iperf_test *test;
    int fd;
    bool is_server;
    bool has_said_exit;
    struct tcp_state tcp;        /* of the streams at the last interval, and ... */
    double socket_drops;         /* of UDP streams at the last interval */
    struct tcp_state tcp_change; /* ... what came to it in that interval: for its event */
    struct piece *first, **last; /* what the pair had no room for */
} child;

static bool send_piece(const void *bytes, size_t n, int flags)
{
    ssize_t sent;
    do
        sent = send(child.fd, bytes, n, flags | MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    if (sent < 0 && errno != EAGAIN && errno != ENOBUFS && errno != ENOMEM)
        _exit(3); /* the other end is closed: nobody wants this session any more */
    return sent >= 0;
}

static void send_queued(int flags)
{
    while (child.first != NULL && send_piece(child.first->bytes, child.first->n, flags)) {
        struct piece *sent = child.first;
        child.first = sent->next;
        free(sent);
    }
    if (child.first == NULL)
        child.last = &child.first;
}

/* Never blocks the traffic: what the pair has no room for waits here for the next event. */
static void send_or_queue(const struct engine_message *head, const char *text, size_t n)
{
    struct piece *piece = malloc(sizeof *piece + sizeof *head + n);
    if (piece == NULL)
        _exit(3);
    piece->next = NULL;
    piece->n = sizeof *head + n;
    memcpy(piece->bytes, head, sizeof *head);
    memcpy(piece->bytes + sizeof *head, text, n);
    *child.last = piece;
    child.last = &piece->next;
    send_queued(MSG_DONTWAIT);
}

static double last_ack_s(void)
{
    struct tcp_info info;
    socklen_t size = sizeof info;
    if (child.test == NULL || getsockopt(iperf_get_control_socket(child.test), IPPROTO_TCP, TCP_INFO, &info, &size) < 0)
        return NAN;
    return info.tcpi_last_ack_recv / 1e3;
}

static uint16_t port_of(const struct sockaddr_storage *address)
{
    return ntohs(address->ss_family == AF_INET6 ? ((const struct sockaddr_in6 *)(const void *)address)->sin6_port
                                                : ((const struct sockaddr_in *)(const void *)address)->sin_port);
}

static uint16_t control_port(void)
{
    struct sockaddr_storage here;
    socklen_t size = sizeof here;
    if (child.test == NULL || getsockname(iperf_get_control_socket(child.test), (struct sockaddr *)&here, &size) < 0)
        return 0;
    return port_of(&here);
}

static void say(enum engine_kind kind, int number, const char *text)
{
    struct engine_message head = { .kind = (int32_t)kind, .i_errno = number, .at = clock_read(),
                            .last_ack_s = kind == ENGINE_JSON ? last_ack_s() : NAN,
                            .control_port = kind == ENGINE_JSON ? control_port() : 0, .tcp = child.tcp_change, .socket_drops = kind == ENGINE_JSON ? child.socket_drops : NAN };
    size_t left = strlen(text);
    do {
        size_t n = left < ENGINE_PIECE_BYTES ? left : ENGINE_PIECE_BYTES;
        head.is_last = n == left;
        send_or_queue(&head, text, n);
        text += n;
        left -= n;
    } while (left > 0);
}

static void say_exit(int number, const char *text)
{
    if (child.has_said_exit)
        return;
    child.has_said_exit = true;
    say(ENGINE_EXIT, number, text);
    send_queued(0); /* nothing is sent any more: now it may block */
}

/* A host that has gone silent is noticed: probes every second, the connection given up after 8 s without an answer. */
static void watch_peer(int control)
{
    int on = 1, every_s = 1, probes = 8, give_up_ms = 8000;
    setsockopt(control, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    setsockopt(control, IPPROTO_TCP, TCP_KEEPIDLE, &every_s, sizeof every_s);
    setsockopt(control, IPPROTO_TCP, TCP_KEEPINTVL, &every_s, sizeof every_s);
    setsockopt(control, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
    setsockopt(control, IPPROTO_TCP, TCP_USER_TIMEOUT, &give_up_ms, sizeof give_up_ms);
}

/* The server counts in the client's intervals: extra_data has them (leg_run.c). Before the timers are made. */
static void take_label(struct iperf_test *test)
{
    static const char key[] = "\"interval_s\":";
    const char *label = iperf_get_test_extra_data(test), *found = label ? strstr(label, key) : NULL;
    double interval_s = found ? strtod(found + sizeof key - 1, NULL) : 0;
    if (label)
        say(ENGINE_LABEL, 0, label);
    if (!(interval_s >= 0.1 && interval_s <= 60))
        return;
    iperf_set_test_stats_interval(test, interval_s);
    iperf_set_test_reporter_interval(test, interval_s);
}

/* The kernel's word on the streams of an interval, which names their sockets. Those of the last one are closed already. */
static void look_at_streams(const char *interval)
{
    static const char key[] = "\"socket\":";
    int sockets[STREAMS_MAX];
    size_t n = 0;
    for (const char *p = interval; n < STREAMS_MAX && (p = strstr(p, key)) != NULL; p += sizeof key - 1)
        sockets[n++] = atoi(p + sizeof key - 1);
    if (iperf_get_test_protocol_id(child.test) != Ptcp) {
        child.socket_drops = socket_drops(sockets, n);
        return;
    }
    struct tcp_state now = tcp_state_read(sockets, n);
    if (now.n_streams > 0)
        child.tcp_change = tcp_state_since(&now, &child.tcp);
    child.tcp = now;
}

static bool is_event(const char *text, const char *name)
{
    static const char head[] = "{\"event\":\"";
    size_t n = strlen(name);
    return strncmp(text, head, sizeof head - 1) == 0 && strncmp(text + sizeof head - 1, name, n) == 0 &&
           text[sizeof head - 1 + n] == '"';
}

static void say_json(const char *text)
{
    if (is_event(text, "start")) {
        watch_peer(iperf_get_control_socket(child.test));
        if (child.is_server)
            take_label(child.test);
    }
    child.socket_drops = NAN;
    if (is_event(text, "interval"))
        look_at_streams(text);
    say(ENGINE_JSON, 0, text);
    child.tcp_change.n_streams = 0;
    /* With its link down the sender of 3.16 and newer sends nothing to the end of the test and calls it a success. A server's
     * threads, though, stumble over the sockets that it closes at a good end. */
    if (!child.is_server && is_event(text, "interval") && (i_errno == ENGINE_IESTREAMWRITE || i_errno == ENGINE_IESTREAMREAD)) {
        say_exit(i_errno, iperf_strerror(i_errno));
        _exit(1);
    }
}

static void say_client(const char *address)
{
    say(ENGINE_CLIENT, 0, address);
}

#ifdef LONGHAUL_HAVE_CALLBACK
static void on_json(struct iperf_test *test, char *text)
{
    (void)test;
    say_json(text);
}
#endif

/* libiperf calls exit() on some paths. First in line at exit, this keeps the host's stdio buffers from being flushed into
 * descriptors that are now sockets. */
static void at_exit(void)
{
    say_exit(i_errno ? i_errno : -1, i_errno ? iperf_strerror(i_errno) : "libiperf gave up");
    _exit(3);
}

/* A store and a write: safe in a signal handler. A client that has "sent its bytes" ends with a full end record. A server
 * has no such way: it tells the client (SERVER_TERMINATE) and leaves; the record is finished by the parent. */
static void on_sigterm(int number)
{
    (void)number;
    if (!child.is_server) {
        iperf_set_test_bytes(child.test, 1);
        return;
    }
    int control = child.test ? iperf_get_control_socket(child.test) : -1;
    char state = SERVER_TERMINATE;
    if (control >= 0 && write(control, &state, 1) < 0)
        _exit(3);
    _exit(0);
}

/* As libiperf tells of its own errors: the state, then two numbers. It leaves only when a client that sends as fast as it can has had
 * time to read it: that one would see no more than a broken pipe. Only the parent may ask for that. */
static void on_refusal(int number, siginfo_t *info, void *context)
{
    (void)context;
    if (info->si_pid != getppid())
        return;
    struct { uint32_t i_errno, system_errno; } why = { htonl(number == SIGUSR2 ? ENGINE_IEDURATION : ENGINE_IETOTALRATE), 0 };
    int control = iperf_get_control_socket(child.test);
    char state = SERVER_ERROR;
    if (control < 0 || write(control, &state, 1) < 0 || write(control, &why, sizeof why) < 0)
        _exit(3);
    poll(NULL, 0, 300);
    _exit(0);
}

/* Whether the exchange that begins a UDP stream is under way: one of the child's few descriptors is a socket of datagrams. */
static bool has_udp_socket(void)
{
    int type;
    for (int fd = 4; fd < 64; fd++) {
        socklen_t size = sizeof type;
        if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_DGRAM)
            return true;
    }
    return false;
}

/* libiperf waits for the server's first datagram and reads nothing else meanwhile. A server that had ours has gone on to TEST_START:
 * that lies unread in the control connection, and tells the two ways apart. */
static int where_stuck(void)
{
    struct tcp_info info;
    socklen_t size = sizeof info;
    char state;
    int control = child.test ? iperf_get_control_socket(child.test) : -1;
    if (control < 0 || getsockopt(control, IPPROTO_TCP, TCP_INFO, &info, &size) < 0 || info.tcpi_state != TCP_ESTABLISHED)
        return ENGINE_STUCK_CONNECTING;
    if (!has_udp_socket())
        return ENGINE_STUCK_TALKING;
    return recv(control, &state, 1, MSG_PEEK | MSG_DONTWAIT) == 1 && state == TEST_START ? ENGINE_STUCK_BACK : ENGINE_STUCK_THERE;
}

/* Nothing was said since the hello, so nothing waits to be sent: one message, without memory of its own. */
static void on_question(int number, siginfo_t *info, void *context)
{
    (void)context;
    if (info->si_pid != getppid())
        return;
    struct engine_message head = { .kind = ENGINE_EXIT, .i_errno = where_stuck(), .at = clock_read(), .last_ack_s = NAN, .is_last = 1 };
    (void)number;
    send_piece(&head, sizeof head, MSG_DONTWAIT);
    _exit(1);
}

/* Where engine_death() looks for it. F_DUPFD says EINVAL where 16 is beyond the limit. */
static void fail_before_hello(int messages)
{
    dprintf(messages, "%s\n", strerror(errno == EINVAL ? EMFILE : errno));
    _exit(3);
}

/* A clean slate: the host's descriptors, handlers, mask and unflushed output are not ours. */
static void forget_host(int pair, int messages, pid_t parent)
{
    struct sigaction plain = { .sa_handler = SIG_DFL };
    sigset_t none;
    for (int s = 1; s < NSIG; s++)
        sigaction(s, &plain, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGINT, SIG_IGN); /* ^C reaches the whole group: the host decides */
    signal(SIGHUP, SIG_IGN);
    signal(SIGUSR1, SIG_IGN); /* a service manager may send one to all: the host answers */
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(3);
    prctl(PR_SET_NAME, "longhaul-engine");
    __fpurge(stdout);
    __fpurge(stderr);
    __fpurge(stdin);
    int said = messages;
    pair = fcntl(pair, F_DUPFD, 16);
    messages = fcntl(messages, F_DUPFD, 16);
    int null = open("/dev/null", O_RDWR);
    if (pair < 0 || messages < 0 || null < 0)
        fail_before_hello(said);
    dup2(null, 0);
    dup2(null, 1);
    dup2(messages, 2);
    dup2(pair, 3);
    close_range(4, ~0u, 0);
    child.fd = 3;
    child.last = &child.first;
}

/* gmtime() takes a lock that fork() does not reset: when another thread of the host held it, this child hangs here, before
 * anything happened, misses its ENGINE_HELLO, and is forked anew. */
static void prove_alive(void)
{
    time_t now = time(NULL);
    (void)gmtime(&now);
    say(ENGINE_HELLO, 0, "");
}

static void set_port(struct sockaddr_storage *address, uint16_t port)
{
    if (address->ss_family == AF_INET6)
        ((struct sockaddr_in6 *)(void *)address)->sin6_port = htons(port);
    else
        ((struct sockaddr_in *)(void *)address)->sin_port = htons(port);
}

/* A server of iperf3's that lost its client in silence is busy with it for two minutes. A SYN on the same four-tuple makes its
 * kernel ask ("challenge ACK", RFC 5961 section 4) and ours deny: the old connection is reset, and the server is free. */
static void bury(const struct addrinfo *server, const struct longhaul_leg *leg, uint16_t dead_port)
{
    struct sockaddr_storage here = { .ss_family = (sa_family_t)server->ai_family }, there;
    struct linger at_once = { .l_onoff = 1 };
    int one = 1, fd = socket(server->ai_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct pollfd connected = { .fd = fd, .events = POLLOUT };
    memcpy(&there, server->ai_addr, server->ai_addrlen);
    set_port(&there, leg->port);
    set_port(&here, dead_port);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    if (bind(fd, (struct sockaddr *)&here, server->ai_addrlen) == 0 &&
        (connect(fd, (struct sockaddr *)&there, server->ai_addrlen) == 0 || errno == EINPROGRESS))
        poll(&connected, 1, 500);
    close(fd);
}

/* Says what libiperf does not: which name does not resolve. With a wanted family the address replaces the name, since
 * libiperf has no setter for the family. */
static bool resolve(const struct engine_params *params, char *host, size_t size)
{
    const struct longhaul_leg *leg = params->leg;
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found = NULL;
    char text[512];
    hints.ai_family = leg->family == 4 ? AF_INET : leg->family == 6 ? AF_INET6 : AF_UNSPEC;
    int rc = getaddrinfo(leg->peer, NULL, &hints, &found);
    if (rc != 0) {
        snprintf(text, sizeof text, "the name does not resolve: %s", rc == EAI_SYSTEM ? strerror(errno) : gai_strerror(rc));
        say_exit(-1, text);
        return false;
    }
    snprintf(host, size, "%s", leg->peer);
    if (leg->family != 0)
        getnameinfo(found->ai_addr, found->ai_addrlen, host, (socklen_t)size, NULL, 0, NI_NUMERICHOST);
    if (params->dead_port)
        bury(found, leg, params->dead_port);
    freeaddrinfo(found);
    return true;
}

/* How much is written at once. */
static int write_bytes(const struct longhaul_leg *leg)
{
    double due = (double)leg->rate_bps / 8 * TCP_WRITE_S;
    if (leg->datagram_bytes)
        return (int)leg->datagram_bytes;
    return due >= TCP_WRITE_BYTES ? TCP_WRITE_BYTES : due < 1 ? 1 : (int)due;
}

static void set_tcp(struct iperf_test *t, const struct longhaul_leg *leg)
{
    char congestion[sizeof leg->congestion]; /* the setter's argument is not const */
    set_protocol(t, Ptcp);
    iperf_set_test_blksize(t, write_bytes(leg));
    memcpy(congestion, leg->congestion, sizeof congestion);
    if (*congestion)
        iperf_set_test_congestion_control(t, congestion);
}

static void set_udp(struct iperf_test *t, const struct longhaul_leg *leg)
{
    set_protocol(t, Pudp);
    iperf_set_test_blksize(t, (int)leg->datagram_bytes); /* 0: from the control connection's MSS */
    iperf_set_test_udp_counters_64bit(t, 1); /* 32-bit ones have gone wrong within a day (esnet/iperf#1534) */
}

static void set_client(struct iperf_test *t, const struct engine_params *params, const char *host)
{
    const struct longhaul_leg *leg = params->leg;
    iperf_set_test_role(t, 'c');
    if (leg->protocol == LONGHAUL_TCP)
        set_tcp(t, leg);
    else
        set_udp(t, leg);
    iperf_set_test_server_hostname(t, host);
    iperf_set_test_server_port(t, leg->port);
    iperf_set_test_duration(t, (int)params->duration_s);
    iperf_set_test_rate(t, leg->rate_bps == LONGHAUL_RATE_UNLIMITED ? 0 : leg->rate_bps);
    iperf_set_test_num_streams(t, (int)leg->n_streams);
    iperf_set_test_socket_bufsize(t, (int)leg->window_bytes);
    iperf_set_test_tos(t, leg->tos);
    iperf_set_test_reverse(t, leg->direction == LONGHAUL_PULL);
    iperf_set_test_reporter_interval(t, leg->interval_s);
    iperf_set_test_stats_interval(t, leg->interval_s);
    iperf_set_test_connect_timeout(t, (int)params->connect_ms);
    if (leg->bind_address[0])
        iperf_set_test_bind_address(t, leg->bind_address);
    if (params->extra_data)
        iperf_set_test_extra_data(t, params->extra_data);
}

/* Parameters of the wrong type crash libiperf (extra_data that is no string: strdup(NULL)): no stranger leaves a core file here. */
static void set_server(struct iperf_test *t, const struct engine_params *params)
{
    struct rlimit none = { 0 };
    setrlimit(RLIMIT_CORE, &none);
    iperf_set_test_role(t, 's');
    iperf_set_test_server_port(t, params->port);
    if (params->bind_address)
        iperf_set_test_bind_address(t, params->bind_address);
    engine_accept_begin(params->allowed, params->n_allowed, say_client);
}

/* libiperf's setters take a PEM file's bytes in base64. */
static char *base64_of_file(const char *path)
{
    char bytes[16384];
    FILE *in = fopen(path, "re");
    size_t n = in ? fread(bytes, 1, sizeof bytes, in) : 0;
    char *text = n > 0 && n < sizeof bytes ? malloc(n * 4 / 3 + 5) : NULL;
    if (in)
        fclose(in);
    if (text)
        EVP_EncodeBlock((unsigned char *)text, (const unsigned char *)bytes, (int)n);
    return text;
}

/* The user authentication of iperf3, for either side. false when a key cannot be read. */
static bool set_authentication(struct iperf_test *t, const struct engine_params *params)
{
    const char *path = params->leg ? params->public_key : params->private_key;
    char *key = path ? base64_of_file(path) : NULL, text[512];
    if (path && key == NULL) {
        snprintf(text, sizeof text, "%s: not a key in PEM form, or not readable", path);
        say_exit(-1, text);
        return false;
    }
    if (path && params->leg) {
        iperf_set_test_client_username(t, params->username);
        iperf_set_test_client_password(t, params->password);
        iperf_set_test_client_rsa_pubkey(t, key);
    } else if (path) {
        iperf_set_test_server_authorized_users(t, params->authorized_users);
        iperf_set_test_server_rsa_privkey(t, key);
        iperf_set_test_server_skew_threshold(t, 10);
    }
    free(key);
    return true;
}

static void ask_for_json(struct iperf_test *t)
{
    iperf_set_test_json_output(t, 1);
#ifdef LONGHAUL_HAVE_CALLBACK
    iperf_set_test_json_stream(t, 1);
    iperf_set_test_json_callback(t, on_json);
#else
    engine_hook_begin(say_json);
#endif
}

/* 3.18 and older print one document at the end: what is left in it by then is the start, the end, and an error. */
static void say_document(struct iperf_test *t)
{
#ifdef LONGHAUL_HAVE_CALLBACK
    (void)t;
#else
    char *document = iperf_get_test_json_output_string(t), *text = NULL;
    if (document != NULL && asprintf(&text, "{\"event\":\"document\",\"data\":%s}", document) >= 0)
        say_json(text);
    free(text);
#endif
}

/* rc is no proof: libiperf before 3.17 returns 0 for errors in JSON mode (esnet/iperf#1405), and 3.22 for a sender whose link
 * went down. i_errno, 0 at the start, tells. */
static int run_session(struct iperf_test *t, bool is_server)
{
    i_errno = 0;
    int rc = is_server ? iperf_run_server(t) : iperf_run_client(t);
    int number = i_errno ? i_errno : rc < 0 ? -1 : 0;
    if (is_server && rc == 0 && (number == ENGINE_IESTREAMWRITE || number == ENGINE_IESTREAMREAD))
        number = 0; /* say_json() says why */
    if (is_server && rc < 0)
        iperf_json_finish(t);
    return number;
}

void engine_child(const struct engine_params *params, int pair, int messages, pid_t parent)
{
    char host[NI_MAXHOST];
    forget_host(pair, messages, parent);
    prove_alive();
    mallopt(M_MXFAST, 0); /* freed JSON is merged: what libiperf keeps of each interval finds a place without waste */
    child.is_server = params->leg == NULL;
    if (!child.is_server && !resolve(params, host, sizeof host))
        _exit(1);
    struct iperf_test *t = iperf_new_test();
    if (t == NULL || iperf_defaults(t) < 0) {
        say_exit(-1, "out of memory");
        _exit(1);
    }
    if (child.is_server)
        set_server(t, params);
    else
        set_client(t, params, host);
    if (!set_authentication(t, params))
        _exit(1);
    ask_for_json(t);
    child.test = t;
    atexit(at_exit);
    struct sigaction stop = { .sa_handler = on_sigterm, .sa_flags = SA_RESTART }; /* libiperf takes an interrupted read for an error */
    sigaction(SIGTERM, &stop, NULL);
    struct sigaction asked = { .sa_sigaction = child.is_server ? on_refusal : on_question, .sa_flags = SA_RESTART | SA_SIGINFO };
    struct sigaction ignored = { .sa_handler = SIG_IGN };
    sigaction(SIGUSR1, &asked, NULL);
    sigaction(SIGUSR2, child.is_server ? &asked : &ignored, NULL);
    int number = run_session(t, child.is_server);
    char *text = strdup(number ? iperf_strerror(number) : "");
    say_document(t);
    say_exit(number, text ? text : "");
    _exit(number ? 1 : 0);
}


const char *longhaul_iperf_version(void)
{
    return iperf_get_iperf_version();
}

const char *longhaul_iperf_intervals(void)
{
#ifdef LONGHAUL_HAVE_CALLBACK
    return "callback";
#else
    return "cJSON wrap";
#endif
}
