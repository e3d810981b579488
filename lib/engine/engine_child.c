/* engine_child.c - one session of libiperf's, from fork to exit, reported to the parent as events. libiperf keeps its
 * state per process, may call exit(), and hangs if its peer dies; so it runs in a child that can be killed. */

#include "engine/engine_wire.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <math.h>
#include <netdb.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include <iperf_api.h>

#include "base/json_number.h"
#include "base/plain_numbers.h"
#include "engine/engine_accept.h"
#include "engine/engine_bytes.h"
#include "engine/engine_control.h"
#include "engine/engine_datagram.h"
#include "engine/engine_guard.h"
#include "engine/engine_hook.h"
#include "engine/engine_arrivals.h"
#include "engine/engine_news.h"
#include "engine/engine_peer.h"
#include "engine/engine_say.h"
#include "engine/engine_setup.h"
#include "engine/engine_signal.h"
#include "engine/peer_json.h"
#include "host/socket_drops.h"
#include "model/event_line.h"

/* The iperf_api.h of every version declares this function under a wrong name. */
char *iperf_get_test_extra_data(struct iperf_test *test);

#define STREAMS_MAX 256 /* iperf3's 128, both ways */
#define RECORD_BYTES_PER_S 18000.0 /* by which a client's record may grow, roughly */
#define ROW_BYTES_UDP 300.0 /* of one stream */
#define ROW_BYTES_TCP 600.0
#define INTERVAL_MAX_S 60.0 /* libiperf's */

/* The child's one session: libiperf's callback has no argument for it. Only used in the child, which has one thread of
 * ours. */
static struct {
    struct iperf_test *test;
    bool is_server, has_hops, has_started, has_said_width;
    struct tcp_state tcp; /* of the streams at the previous interval */
} child;

/* Writes where engine_death() looks for it. F_DUPFD returns EINVAL if 16 exceeds the limit. */
static void fail_before_hello(int messages)
{
    dprintf(messages, "%s\n", strerror(errno == EINVAL ? EMFILE : errno));
    _exit(3);
}

/* Drops what belongs to the host: its descriptors, handlers, signal mask and unflushed output. */
static void forget_host(int pair, int door, int messages, pid_t parent)
{
    struct sigaction plain = { .sa_handler = SIG_DFL };
    sigset_t none;
    for (int s = 1; s < NSIG; s++)
        sigaction(s, &plain, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGINT, SIG_IGN); /* ^C reaches the whole process group: the host decides */
    signal(SIGHUP, SIG_IGN);
    signal(SIGUSR1, SIG_IGN); /* a service manager may send one to all processes: the host answers */
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
    int through = door < 0 ? -1 : fcntl(door, F_DUPFD, 16), null = open("/dev/null", O_RDWR);
    if (pair < 0 || messages < 0 || null < 0 || (door >= 0 && through < 0))
        fail_before_hello(said);
    dup2(null, 0);
    dup2(null, 1);
    dup2(messages, 2);
    dup2(pair, 3);
    if (door >= 0)
        dup2(through, ENGINE_DOOR_FD);
    close_range(door >= 0 ? ENGINE_DOOR_FD + 1 : ENGINE_DOOR_FD, ~0u, 0);
    engine_say_begin(3);
}

/* gmtime() takes a lock that fork() does not reset, and duplocale() another: if another thread of the host held one at
 * the fork, this child hangs here, before anything has happened, sends no ENGINE_HELLO, and is forked again. */
static void prove_alive(void)
{
    struct plain_numbers plain; /* never ended: programs read libiperf's JSON */
    time_t now = time(NULL);
    plain_numbers_begin(&plain);
    (void)gmtime(&now);
    engine_say(ENGINE_HELLO, "");
}

/* The shortest interval for which a record can hold the rows of so many streams: otherwise a test of 65 kbit/s could
 * fill 24 GB in a day. A multiple of the interval that was asked for. */
static double affordable_s(struct iperf_test *test, double asked_s)
{
    char text[120];
    int n_streams = iperf_get_test_num_streams(test);
    double row_bytes = n_streams * (iperf_get_test_protocol_id(test) == Ptcp ? ROW_BYTES_TCP : ROW_BYTES_UDP);
    double multiple = ceil(row_bytes / RECORD_BYTES_PER_S / asked_s);
    if (multiple <= 1)
        return asked_s;
    double interval_s = multiple * asked_s < INTERVAL_MAX_S ? multiple * asked_s : INTERVAL_MAX_S;
    snprintf(text, sizeof text, "%d streams: intervals of %g s instead of %g", n_streams, interval_s, asked_s);
    engine_say(ENGINE_NOTE, text);
    return interval_s;
}

/* The server uses the client's interval length, which extra_data contains (leg_record_label()). Must be set before the
 * timers are made. */
static void take_label(struct iperf_test *test)
{
    const char *label = iperf_get_test_extra_data(test);
    json_t *said = label ? peer_json_load(label, strlen(label)) : NULL;
    double interval_s = number_or_0(said, "interval_s");
    child.has_hops = json_is_true(json_object_get(said, "hops"));
    json_decref(said);
    if (label)
        engine_say(ENGINE_LABEL, label);
    if (!(interval_s >= 0.1 && interval_s <= INTERVAL_MAX_S))
        return;
    interval_s = affordable_s(test, interval_s);
    iperf_set_test_stats_interval(test, interval_s);
    iperf_set_test_reporter_interval(test, interval_s);
}

static void say_flows(void)
{
    char *flows = engine_arrivals_flows();
    if (flows)
        engine_say(ENGINE_FLOWS, flows);
    free(flows);
}

/* Reads what the kernel knows about an interval's streams; the interval names their sockets. At the last one they are
 * already closed. */
static void look_at_streams(const char *interval, struct engine_message *head)
{
    static const char key[] = "\"socket\":";
    int sockets[STREAMS_MAX];
    size_t n = 0;
    for (const char *p = interval; n < STREAMS_MAX && (p = strstr(p, key)) != NULL; p += sizeof key - 1)
        sockets[n++] = atoi(p + sizeof key - 1);
    if (iperf_get_test_protocol_id(child.test) != Ptcp) {
        head->socket_drops = socket_drops(sockets, n);
        head->order = engine_arrivals_take(head->at.boot_ns, &head->delay, head->histogram);
        say_flows();
        return;
    }
    struct tcp_state now = tcp_state_read(sockets, n);
    if (now.n_streams > 0)
        head->tcp = tcp_state_since(&now, &child.tcp);
    child.tcp = now;
}

/* Once. */
static void say_width(void)
{
    if (child.has_said_width || !engine_datagram_is_32_bit())
        return;
    child.has_said_width = true;
    engine_say(ENGINE_NOTE, "the server counts its datagrams in 32 bits, as iperf3 up to 3.0 does: they are read as "
                            "32 bits");
}

/* libiperf's words for its error, with those for errno: as it was when the write failed. */
static const char *words_of(int number)
{
    if (number == ENGINE_IESTREAMWRITE && engine_guard_stream_errno() != 0)
        errno = engine_guard_stream_errno();
    return iperf_strerror(number);
}

/* Both ends of a leg whose route is traced exchange news; the server's label says so. */
static void begin_news(const char *start)
{
    bool is_reverse = iperf_get_test_reverse(child.test) != 0;
    if (child.has_hops && iperf_get_test_protocol_id(child.test) == Pudp)
        engine_news_begin(start, is_reverse == child.is_server, !child.is_server);
}

/* Preserves errno: libiperf's text for a failed test (iperf_strerror) is made after the events that end it. */
static void say_json(const char *text)
{
    int before = errno, control = iperf_get_control_socket(child.test);
    struct engine_message head = { .kind = ENGINE_JSON, .at = clock_read(), .socket_drops = NAN,
                                   .order = { NAN, NAN, 0 }, .delay = delay_none() };
    bool is_interval = event_begins_as(text, strlen(text), EVENT_INTERVAL);
    if (event_begins_as(text, strlen(text), EVENT_START)) {
        engine_control_watch(control);
        engine_arrivals_begin(iperf_get_test_udp_counters_64bit(child.test), iperf_get_test_duration(child.test));
        child.has_started = true;
        if (child.is_server) {
            i_errno = i_errno == IEAUTHTEST ? 0 : i_errno;
            take_label(child.test);
        }
        begin_news(text);
    }
    if (is_interval)
        look_at_streams(text, &head);
    head.last_ack_s = engine_control_last_ack_s(control);
    head.control_port = engine_control_port(control);
    engine_datagram_counts(&head.n_foreign, &head.n_impossible);
    say_width();
    engine_news_say();
    engine_say_message(head, text);
    /* When its link goes down, the sender of 3.16 and newer sends nothing until the end of the test and reports
     * success. (A server's threads, however, stumble over the sockets that it closes at a proper end.) */
    if (!child.is_server && is_interval && (i_errno == ENGINE_IESTREAMWRITE || i_errno == ENGINE_IESTREAMREAD)) {
        engine_say_exit(i_errno, words_of(i_errno));
        _exit(1);
    }
    errno = before;
}

#ifdef LONGHAUL_HAVE_CALLBACK
static void on_json(struct iperf_test *test, char *text)
{
    (void)test;
    say_json(text);
}
#endif

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

/* 3.18 and older print one document at the end: what remains in it by then is the start, the end, and an error. */
static void say_document(struct iperf_test *t)
{
#ifdef LONGHAUL_HAVE_CALLBACK
    (void)t;
#else
    char *document = iperf_get_test_json_output_string(t), *text = NULL;
    if (document != NULL && asprintf(&text, EVENT_LINE(EVENT_NAME_DOCUMENT) "%s}", document) < 0)
        text = NULL;
    if (document != NULL) /* when out of memory, the parent counts what it cannot read */
        say_json(text ? text : EVENT_LINE(EVENT_NAME_DOCUMENT) "null}");
    free(text);
#endif
}

/* rc proves nothing: libiperf before 3.17 returns 0 for errors in JSON mode (esnet/iperf#1405), and 3.22 for a sender
 * whose link went down. i_errno, which is 0 at the start, tells. */
static int run_session(struct iperf_test *t, bool is_server)
{
    i_errno = 0;
    int rc = is_server ? iperf_run_server(t) : iperf_run_client(t);
    int number = i_errno ? i_errno : rc < 0 ? -1 : 0;
    if (is_server && rc == 0 &&
        (number == ENGINE_IESTREAMWRITE || number == ENGINE_IESTREAMREAD || number == IEAUTHTEST))
        number = 0; /* say_json() and engine_setup.c explain why */
    if (is_server && rc < 0)
        iperf_json_finish(t);
    return number;
}

/* A server of libiperf 3.21 or newer that rejects a client's authorization just closes: the text mentions that. */
static char *words_for(int number)
{
    bool is_closed_early = number == ENGINE_IECTRLCLOSE && !child.is_server && !child.has_started;
    static const char hint[] =
        " before the test began; a server of libiperf 3.21 or newer does that when its authorization fails";
    char *text = NULL;
    return asprintf(&text, "%s%s", number ? words_of(number) : "", is_closed_early ? hint : "") < 0 ? NULL : text;
}

void engine_child(const struct engine_params *params, int pair, int door, int messages, pid_t parent)
{
    char host[NI_MAXHOST];
    forget_host(pair, door, messages, parent);
    prove_alive();
    mallopt(M_MXFAST, 0); /* freed JSON is merged: libiperf's data of each interval then fits without waste */
    child.is_server = params->leg == NULL;
    child.has_hops = params->leg && !params->leg->has_no_hops;
    if ((!child.is_server && !engine_peer_find(params, host, sizeof host)) ||
        (child.test = engine_setup(params, host)) == NULL)
        _exit(1);
    ask_for_json(child.test);
    engine_signal_begin(child.test, child.is_server);
    engine_bytes_begin(params->bytes);
    engine_guard_begin(child.test, child.is_server, params->udp_from, params->n_udp_from);
    int number = run_session(child.test, child.is_server);
    char *text = words_for(number), delays[DELAY_TEXT_BYTES];
    if (!child.is_server && text && (number == IERECVRESULTS || number == IESTREAMID))
        engine_say(ENGINE_NOTE, text); /* the measurement is over: without this, missing data at its end would have
                                        * no explanation */
    say_document(child.test);
    engine_arrivals_rest(delays);
    if (delays[0])
        engine_say(ENGINE_DELAYS, delays);
    engine_say_exit(number, text ? text : "");
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
