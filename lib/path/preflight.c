/* preflight.c - tests whether the path of a leg is open: TCP for the control connection, UDP for the data in both
 * directions. Runs two short tests on each leg's port, one per direction, and diagnoses the one that fails. Writes no
 * file. */

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "engine/engine_error.h"
#include "engine/trial.h"

#define SECONDS 2
#define RATE_BPS 1000000                /* enough to test datagrams of full size, too little to disturb others */
#define CONNECT_MS 4000
#define PATIENCE_NS (10 * NS_PER_S)
#define N_AGAIN_MAX 5

enum way { WAY_THERE, WAY_BACK, WAY_DONE };

struct job {
    struct longhaul_leg leg; /* the test in this direction */
    struct longhaul_preflight_result *result;
    enum way way;
    struct trial test;
    bool is_running;
    int64_t due_ns;          /* if not running: when the next test begins */
    unsigned n_again;
    bool has_end;
    int64_t packets, lost_packets, bytes; /* that arrived, according to the end */
};

static const struct {
    enum longhaul_preflight_verdict verdict;
    const char *name;
} names[] = {
    { LONGHAUL_PREFLIGHT_OPEN, "open" }, { LONGHAUL_PREFLIGHT_UNRESOLVED, "unresolved" },
    { LONGHAUL_PREFLIGHT_TCP_REFUSED, "tcp refused" }, { LONGHAUL_PREFLIGHT_TCP_FILTERED, "tcp filtered" },
    { LONGHAUL_PREFLIGHT_UNREACHABLE, "unreachable" }, { LONGHAUL_PREFLIGHT_BUSY, "busy" },
    { LONGHAUL_PREFLIGHT_UDP_THERE, "udp blocked there" }, { LONGHAUL_PREFLIGHT_UDP_BACK, "udp blocked back" },
    { LONGHAUL_PREFLIGHT_FAILED, "failed" } };

const char *longhaul_preflight_text(enum longhaul_preflight_verdict verdict)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].verdict == verdict)
            return names[i].name;
    return "";
}

/* ---- verdicts */

static void finish(struct job *j, enum longhaul_preflight_verdict verdict, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void finish(struct job *j, enum longhaul_preflight_verdict verdict, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(j->result->text, sizeof j->result->text, format, args);
    va_end(args);
    j->result->verdict = verdict;
    j->way = WAY_DONE;
}

/* Says what would open the path, for the firewall's administrator. what is "" or a reason that is known more
 * precisely. */
static void finish_udp(struct job *j, bool is_there, const char *what)
{
    enum longhaul_preflight_verdict verdict = is_there ? LONGHAUL_PREFLIGHT_UDP_THERE : LONGHAUL_PREFLIGHT_UDP_BACK;
    /* The first datagram of a stream goes there, and the answer to it back. */
    const char *way = is_there ? "from here does not arrive there"
                               : "from here arrives there, UDP from there does not arrive here";
    unsigned port = j->leg.port;
    if (*what)
        finish(j, verdict, "%s port %u: TCP is open, UDP %s: %s", j->leg.peer, port, way, what);
    else if (is_there)
        finish(j, verdict, "%s port %u: TCP is open, UDP %s: open UDP %u there", j->leg.peer, port, way, port);
    else
        finish(j, verdict, "%s port %u: TCP is open, UDP %s: let UDP from its port %u in", j->leg.peer, port, way,
               port);
}

/* libiperf's text of a failed connect() ends with the system's. */
static bool has_error(const char *text, int number)
{
    return strstr(text, strerror(number)) != NULL;
}

/* The control connection could not be made. */
static void finish_tcp(struct job *j, const char *text)
{
    const char *peer = j->leg.peer;
    unsigned port = j->leg.port;
    if (has_error(text, ECONNREFUSED))
        finish(j, LONGHAUL_PREFLIGHT_TCP_REFUSED,
               "%s port %u: no server listens there, or a firewall rejects TCP", peer, port);
    else if (has_error(text, EHOSTUNREACH) || has_error(text, ENETUNREACH) || has_error(text, EACCES) ||
             has_error(text, EPERM))
        finish(j, LONGHAUL_PREFLIGHT_UNREACHABLE, "%s port %u: %.180s", peer, port, text);
    else if (has_error(text, ETIMEDOUT) || has_error(text, EINPROGRESS))
        finish(j, LONGHAUL_PREFLIGHT_TCP_FILTERED,
               "%s port %u: no answer to TCP within %d s: a firewall drops it, or the host is down", peer, port,
               CONNECT_MS / 1000);
    else
        finish(j, LONGHAUL_PREFLIGHT_FAILED, "%s port %u: %.180s", peer, port, text);
}

/* The child ended before its test began. */
static void judge_beginning(struct job *j)
{
    const char *peer = j->leg.peer, *why = j->test.why;
    unsigned port = j->leg.port;
    switch (j->test.i_errno) {
    case ENGINE_IECONNECT: finish_tcp(j, why); break;
    case ENGINE_STUCK_CONNECTING: finish_tcp(j, strerror(ETIMEDOUT)); break;
    case ENGINE_STUCK_THERE: finish_udp(j, true, ""); break;
    case ENGINE_STUCK_BACK: finish_udp(j, false, ""); break;
    case ENGINE_IEACCESSDENIED:
        finish(j, LONGHAUL_PREFLIGHT_BUSY, "%s port %u: the server is busy with another test", peer, port);
        break;
    case ENGINE_STUCK_TALKING:
        finish(j, LONGHAUL_PREFLIGHT_FAILED,
               "%s port %u: TCP is open, but the listener does not continue: another client occupies it, or it is not "
               "an iperf3 server",
               peer, port);
        break;
    default:
        if (strstr(why, "does not resolve"))
            finish(j, LONGHAUL_PREFLIGHT_UNRESOLVED, "%s: %s", peer, why);
        else if (has_error(why, ECONNREFUSED)) /* an ICMP error on the stream's socket */
            finish_udp(j, true, "it is rejected");
        else
            finish(j, LONGHAUL_PREFLIGHT_FAILED, "%s port %u: %.180s", peer, port, why);
        break;
    }
}

/* The path carries the first small datagrams; now checks those of the test. */
static void judge_end(struct job *j)
{
    int64_t *packets = j->way == WAY_THERE ? &j->result->there_packets : &j->result->back_packets;
    int64_t *lost = j->way == WAY_THERE ? &j->result->there_lost_packets : &j->result->back_lost_packets;
    *packets = j->packets;
    *lost = j->lost_packets;
    if (j->bytes == 0) {
        finish_udp(j, j->way == WAY_THERE,
                   "the small datagrams at the beginning do, those of the test do not: check the path MTU");
    } else if (j->way == WAY_THERE) {
        j->way = WAY_BACK;
        j->n_again = 0;
        j->due_ns = clock_boot_ns() + TRIAL_AGAIN_NS;
    } else {
        const struct longhaul_preflight_result *r = j->result;
        finish(j, LONGHAUL_PREFLIGHT_OPEN, "%s port %u: open: there %lld of %lld packets lost, back %lld of %lld",
               j->leg.peer, j->leg.port, (long long)r->there_lost_packets, (long long)r->there_packets,
               (long long)r->back_lost_packets, (long long)r->back_packets);
    }
}

/* ---- tests */

static int64_t integer(const json_t *object, const char *key)
{
    return (int64_t)json_integer_value(json_object_get(object, key));
}

static void take_end(const struct engine_event *event, const struct session_event *said, void *payload)
{
    struct job *j = payload;
    const json_t *received = json_object_get(said->end, "sum_received");
    (void)event;
    if (json_object_size(received) == 0)
        return;
    j->has_end = true;
    j->bytes = integer(received, "bytes");
    j->packets = integer(received, "packets");
    j->lost_packets = integer(received, "lost_packets");
}

static void begin(struct job *j)
{
    j->leg.direction = j->way == WAY_THERE ? LONGHAUL_DIRECTION_PUSH : LONGHAUL_DIRECTION_PULL;
    j->has_end = false;
    j->is_running = true;
    trial_begin(&j->test);
}

/* The server may still be busy with our own first test. */
static bool may_try_again(const struct job *j)
{
    return engine_error_is_answer(j->test.i_errno, j->test.why) && j->n_again < N_AGAIN_MAX &&
           (j->way == WAY_BACK || j->test.i_errno != ENGINE_IECONNECT);
}

static void on_test_over(struct job *j)
{
    j->is_running = false;
    if (j->test.has_started && j->has_end) {
        judge_end(j);
    } else if (!j->test.has_started && may_try_again(j)) {
        j->n_again++;
        j->due_ns = clock_boot_ns() + TRIAL_AGAIN_NS;
    } else if (!j->test.has_started) {
        judge_beginning(j);
    } else {
        finish(j, LONGHAUL_PREFLIGHT_FAILED, "%s port %u: %.180s", j->leg.peer, j->leg.port, j->test.why);
    }
}

static bool is_same_port(const struct job *a, const struct job *b)
{
    return a->leg.port == b->leg.port && strcasecmp(a->leg.peer, b->leg.peer) == 0;
}

/* An earlier job on the same port of the same peer goes first. */
static bool must_wait(const struct job *jobs, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (jobs[k].way != WAY_DONE && is_same_port(&jobs[k], &jobs[i]))
            return true;
    return false;
}

/* Returns when it must be called next; false when everything is done. */
static bool tend(struct job *jobs, size_t n, int64_t *next_ns)
{
    int64_t now = clock_boot_ns();
    bool is_any = false;
    *next_ns = now + NS_PER_S;
    for (size_t i = 0; i < n; i++) {
        struct job *j = &jobs[i];
        if (!j->is_running && j->way != WAY_DONE && !must_wait(jobs, i) && now >= j->due_ns)
            begin(j);
        if (j->is_running && !trial_tend(&j->test))
            on_test_over(j);
        is_any = is_any || j->way != WAY_DONE;
        int64_t due_ns = j->is_running ? j->test.due_ns : j->due_ns;
        if (j->way != WAY_DONE && due_ns > now && due_ns < *next_ns)
            *next_ns = due_ns;
    }
    return is_any;
}

static void drive(struct job *jobs, size_t n, struct pollfd *fds)
{
    int64_t next;
    while (tend(jobs, n, &next)) {
        size_t n_fds = 0;
        int64_t now = clock_boot_ns();
        for (size_t i = 0; i < n; i++)
            if (jobs[i].is_running)
                fds[n_fds++] = (struct pollfd){ .fd = engine_fd(jobs[i].test.engine), .events = POLLIN };
        poll(fds, n_fds, next > now ? (int)((next - now) / NS_PER_MS) + 1 : 0);
    }
}

/* ---- public */

static void set_up(struct job *j, const struct longhaul_leg *leg, const struct longhaul_preflight_options *options,
                   struct longhaul_preflight_result *result)
{
    *j = (struct job){ .leg = *leg, .result = result };
    *result = (struct longhaul_preflight_result){
        .there_packets = -1, .there_lost_packets = -1, .back_packets = -1, .back_lost_packets = -1
    };
    longhaul_leg_fill(&j->leg);
    j->leg.duration_s = options->seconds ? options->seconds : SECONDS;
    j->leg.interval_s = 1;
    j->leg.n_streams = 1;
    j->leg.rate_bps = j->leg.rate_bps < RATE_BPS ? j->leg.rate_bps : RATE_BPS;
    j->test = (struct trial){ .params = { .leg = &j->leg, .duration_s = j->leg.duration_s, .connect_ms = CONNECT_MS,
                                               .username = options->username, .password = options->password,
                                               .public_key = options->public_key },
                                   .patience_ns = PATIENCE_NS, .on_event = take_end, .payload = j };
}

int longhaul_preflight(const struct longhaul_leg *legs, size_t n, const struct longhaul_preflight_options *options,
                       struct longhaul_preflight_result *results, struct longhaul_error *err)
{
    static const struct longhaul_preflight_options defaults;
    const struct longhaul_preflight_options *o = options ? options : &defaults;
    int rc = 0;
    if (!engine_is_built(err))
        return LONGHAUL_ENOTBUILT;
    if (!o->username != !o->password || !o->username != !o->public_key)
        return error_set(err, LONGHAUL_EINVAL, "user name, password and public key go together");
    if (o->seconds > 3600)
        return error_set(err, LONGHAUL_EINVAL, "tests of %u s: at most 3600", o->seconds);
    for (size_t i = 0; i < n && rc == 0; i++)
        if ((rc = longhaul_leg_check(&legs[i], err)) == 0 && !engine_can_run(&legs[i], err))
            rc = LONGHAUL_ENOTBUILT;
    if (rc != 0)
        return rc;
    struct job *jobs = calloc(n + 1, sizeof *jobs);
    struct pollfd *fds = calloc(n + 1, sizeof *fds);
    for (size_t i = 0; jobs && fds && i < n; i++)
        set_up(&jobs[i], &legs[i], o, &results[i]);
    if (jobs && fds)
        drive(jobs, n, fds);
    else
        rc = error_set(err, LONGHAUL_ENOMEM, "out of memory");
    free(jobs);
    free(fds);
    return rc;
}
