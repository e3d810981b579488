/* rough.c - a program that makes it hard for a library to have children, descriptors and time: it reaps any child,
 * ignores or handles SIGCHLD, has no descriptors 0 and 2 and writes to them, is slow in a callback, blocks all signals.
 * Or it stops one leg of several. It waits for its run, or dispatches it in an epoll loop of its own.
 *
 * rough MANNER wait|loop DIR SECONDS PORT...: a leg for each port, pushed and pulled in turn; prints result lines. */

#include <longhaul.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LEGS_MAX 3
#define STOPPED_LEG 1
#define STOPPED_AFTER 3 /* intervals */

static const char *manner, *way;
static struct longhaul_run *run;
static atomic_int n_intervals[LEGS_MAX], n_all, n_reaped, n_handled, n_done;
static atomic_bool is_over;
static int n_open[3]; /* callbacks during which descriptor 0, 1, 2 was open */
static int n_bad_order, n_let_in; /* outcomes before their time, or missing then; dispatches within a callback */
static double slow_grew_s = -1;

static bool is_manner(const char *name)
{
    return strcmp(manner, name) == 0;
}

static void result(bool good, const char *what)
{
    printf("%s - %s, %s: %s\n", good ? "ok" : "not ok", manner, way, what);
}

static void pause_ms(long ms)
{
    struct timespec left = { ms / 1000, ms % 1000 * 1000000 };
    while (nanosleep(&left, &left) < 0 && errno == EINTR)
        ;
}

/* ---- what the program does besides */

static void *reap_any(void *unused)
{
    while (!atomic_load(&is_over))
        if (waitpid(-1, NULL, 0) > 0)
            atomic_fetch_add(&n_reaped, 1);
        else
            pause_ms(1);
    return unused;
}

static void on_child(int number)
{
    int saved = errno;
    (void)number;
    atomic_fetch_add(&n_handled, 1);
    while (waitpid(-1, NULL, WNOHANG) > 0)
        ;
    errno = saved;
}

static void on_user_signal(int number)
{
    (void)number;
    longhaul_run_stop_leg(run, STOPPED_LEG);
}

static void *stop_later(void *unused)
{
    while (atomic_load(&n_intervals[STOPPED_LEG]) < STOPPED_AFTER && !atomic_load(&is_over))
        pause_ms(10);
    if (is_manner("stop-thread"))
        result(longhaul_run_stop_leg(run, STOPPED_LEG) == 0, "the leg is stopped by another thread");
    else
        kill(getpid(), SIGUSR1);
    return unused;
}

typedef void *thread_main(void *);

/* What the program's other thread does, if it has one. */
static thread_main *begin_manner(void)
{
    sigset_t all;
    struct sigaction handled = { .sa_handler = on_child }, user = { .sa_handler = on_user_signal };
    if (is_manner("ignored"))
        signal(SIGCHLD, SIG_IGN);
    if (is_manner("handled"))
        sigaction(SIGCHLD, &handled, NULL);
    if (is_manner("closed"))
        close(0), close(2);
    sigfillset(&all);
    if (is_manner("blocked"))
        pthread_sigmask(SIG_SETMASK, &all, NULL);
    sigaction(SIGUSR1, &user, NULL);
    return is_manner("reaper") ? reap_any : is_manner("stop-thread") || is_manner("stop-signal") ? stop_later : NULL;
}

/* ---- callbacks */

/* The program writes where it thinks that nobody listens. */
static void write_to_closed(void)
{
    static const char text[] = "not for a journal, a socket or an eventfd\n";
    for (int fd = 0; fd < 3; fd++)
        n_open[fd] += fcntl(fd, F_GETFD) >= 0;
    if (write(0, text, sizeof text - 1) + write(2, text, sizeof text - 1) > 0)
        pause_ms(1);
}

static void be_slow(size_t leg)
{
    struct longhaul_status before, after;
    longhaul_run_status(run, leg, &before, NULL);
    pause_ms(2500);
    longhaul_run_status(run, leg, &after, NULL);
    slow_grew_s = after.observed_s - before.observed_s;
}

static enum longhaul_action on_interval(size_t leg, const struct longhaul_interval *interval, void *payload)
{
    (void)interval, (void)payload;
    int n = atomic_fetch_add(&n_intervals[leg], 1) + 1;
    n_let_in += longhaul_run_dispatch(run, NULL) != LONGHAUL_EINVAL;
    n_bad_order += longhaul_run_outcome(run, leg) != NULL;
    if (is_manner("closed"))
        write_to_closed();
    if (is_manner("slow") && atomic_fetch_add(&n_all, 1) == 0)
        be_slow(leg);
    if (is_manner("stop-pending") && leg == 0 && n == STOPPED_AFTER)
        longhaul_run_stop_leg(run, STOPPED_LEG);
    if (is_manner("stop-other") && leg != STOPPED_LEG && atomic_load(&n_intervals[STOPPED_LEG]) == STOPPED_AFTER)
        longhaul_run_stop_leg(run, STOPPED_LEG);
    return is_manner("stop-action") && leg == STOPPED_LEG && n == STOPPED_AFTER ? LONGHAUL_ACTION_STOP_LEG
                                                                                : LONGHAUL_ACTION_CONTINUE;
}

static void on_state(size_t leg, const struct longhaul_state *state, void *payload)
{
    (void)payload;
    bool is_done = state->phase == LONGHAUL_PHASE_DONE;
    n_bad_order += (longhaul_run_outcome(run, leg) != NULL) != is_done;
    atomic_fetch_add(&n_done, is_done);
    if (is_manner("stop-waiting") && leg == STOPPED_LEG && state->phase == LONGHAUL_PHASE_WAITING) {
        pause_ms(1500); /* the gap has a length */
        longhaul_run_stop_leg(run, STOPPED_LEG);
    }
}

/* ---- the two ways */

static int n_called(void)
{
    return n_done + n_intervals[0] + n_intervals[1] + n_intervals[2];
}

static int loop(struct longhaul_error *err)
{
    struct epoll_event event = { .events = EPOLLIN };
    struct pollfd ready = { .fd = longhaul_run_fd(run), .events = POLLIN };
    int rc, n_idle = 0, n_called_idle = 0, n_unready = 0, low = epoll_create1(0), own = fcntl(low, F_DUPFD, 10);
    close(low); /* it may be 0 or 2 */
    epoll_ctl(own, EPOLL_CTL_ADD, ready.fd, &event);
    while ((rc = longhaul_run_dispatch(run, err)) == 1) {
        int before = n_called();
        if (poll(&ready, 1, 0) == 0 && longhaul_run_dispatch(run, NULL) == 1) { /* it returns at once */
            n_idle++;
            n_called_idle += n_called() != before;
        }
        n_unready += epoll_wait(own, &event, 1, 5000) == 0;
    }
    result(n_idle > 0 && n_called_idle <= n_idle / 2, "a dispatch with nothing to do returns, and calls nothing");
    result(n_unready == 0, "the descriptor is readable when there is something to do");
    result(poll(&ready, 1, 0) == 1 && longhaul_run_dispatch(run, NULL) == rc,
           "after the end it is readable, and a dispatch says the same again");
    close(own);
    return rc;
}

static void check_legs(int n_legs, int seconds)
{
    for (int i = 0; i < n_legs; i++) {
        const struct longhaul_outcome *o = longhaul_run_outcome(run, (size_t)i);
        struct longhaul_status status = { 0 };
        longhaul_run_status(run, (size_t)i, &status, NULL);
        bool is_stopped = strncmp(manner, "stop-", 5) == 0 && i == STOPPED_LEG;
        bool is_whole = o && o->result_path && access(o->result_path, R_OK) == 0 &&
                        (o->n_gaps > 0) == (is_stopped && is_manner("stop-waiting")) && o->n_undelivered == 0 &&
                        (int)o->n_intervals == n_intervals[i];
        if (is_stopped && is_manner("stop-pending"))
            result(o && o->ending == LONGHAUL_ENDING_FAILED && o->result_path == NULL &&
                       strstr(o->error.text, "stopped before its start"),
                   "a leg that is stopped before its start has no result, and says so");
        else if (is_stopped)
            result(is_whole && o->ending == LONGHAUL_ENDING_STOPPED && n_intervals[i] >= STOPPED_AFTER &&
                       n_intervals[i] < seconds && strcmp(longhaul_status_text(&status), "stopped") == 0,
                   "the stopped leg has a whole result that ends there");
        else
            result(is_whole && o->ending == LONGHAUL_ENDING_COMPLETE && n_intervals[i] == seconds,
                   "a whole result of all seconds");
    }
}

static void check_manner(void)
{
    if (is_manner("reaper"))
        result(n_reaped > 0, "the program took a child away");
    if (is_manner("handled"))
        result(n_handled > 0, "the program's handler was called");
    if (is_manner("slow"))
        result(slow_grew_s >= 1, "the record grew during the slow callback");
    if (is_manner("closed"))
        result(n_open[0] < n_intervals[0] + n_intervals[1] && n_open[2] < n_intervals[0] + n_intervals[1],
               "no descriptor 0 or 2 of the library's");
}

static int begin(int n_legs, char **ports, const char *dir, int seconds, struct longhaul_error *err)
{
    struct longhaul_run_options options = { .dir = dir, .on_interval = on_interval, .on_state = on_state };
    int rc = longhaul_run_new(&options, &run, err);
    for (int i = 0; i < n_legs && rc == 0; i++) {
        struct longhaul_leg leg = { .destination = "HUB", .peer = "127.0.0.1", .duration_s = (uint32_t)seconds,
                                    .rate_bps = 1000000, .port = (uint16_t)atoi(ports[i]),
                                    .direction = i % 2 ? LONGHAUL_DIRECTION_PULL : LONGHAUL_DIRECTION_PUSH };
        snprintf(leg.source, sizeof leg.source, "S%d", i);
        rc = is_manner("stop-pending") && i == STOPPED_LEG ? longhaul_run_add_later(run, &leg, 600, err)
                                                           : longhaul_run_add(run, &leg, err);
    }
    result(longhaul_run_fd(run) == LONGHAUL_EINVAL && longhaul_run_dispatch(run, NULL) == LONGHAUL_EINVAL &&
               longhaul_run_stop_leg(run, 0) == LONGHAUL_EINVAL,
           "before the start there is nothing to wait for, dispatch or stop");
    return rc ? rc : longhaul_run_start(run, err);
}

int main(int argc, char **argv)
{
    if (argc < 6 || argc > 5 + LEGS_MAX)
        return 2;
    struct longhaul_error err = { 0 };
    pthread_t thread;
    int n_legs = argc - 5;
    manner = argv[1], way = argv[2];
    thread_main *other = begin_manner();
    int rc = begin(n_legs, argv + 5, argv[3], atoi(argv[4]), &err);
    bool has_thread = rc == 0 && other && pthread_create(&thread, NULL, other, NULL) == 0;
    if (rc == 0)
        rc = strcmp(way, "loop") == 0 ? loop(&err) : longhaul_run_wait(run, &err);
    if (is_manner("stop-pending") && rc == LONGHAUL_ENET)
        rc = 0;
    result(rc == 0, rc == 0 ? "all legs end as they should" : err.text);
    result(n_bad_order == 0 && n_done == n_legs, "an outcome is there from the end of its leg on");
    result(n_let_in == 0, "a callback cannot dispatch");
    result(longhaul_run_stop_leg(run, (size_t)n_legs) == LONGHAUL_EINVAL, "no leg of that number can be stopped");
    check_legs(n_legs, atoi(argv[4]));
    check_manner();
    atomic_store(&is_over, true);
    if (has_thread)
        pthread_join(thread, NULL);
    longhaul_run_free(run);
    return rc != 0;
}
