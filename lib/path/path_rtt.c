/* path_rtt.c - measures many round trips, one after the other or while something else runs, and computes their figures.
 * rtt measures a single one. */

#include "path/path_measure.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/stats.h"

#define ANSWER_MS 1500
#define SILENT_PROBES 5       /* unanswered probes in a row at the start, after which the others are not waited for */
#define ICMP_EVERY_MS 20
#define TCP_EVERY_MS 200      /* a libiperf server that turned a client away listens again after some ms */
#define LOAD_EVERY_MS 50
#define LOAD_PROBES_MAX 4000

static int64_t now_ms(void)
{
    return clock_monotonic_ns() / NS_PER_MS;
}

static void clear(struct path_rtt *out)
{
    *out = (struct path_rtt){
        .min_ms = NAN, .mean_ms = NAN, .median_ms = NAN, .p95_ms = NAN, .max_ms = NAN, .jitter_ms = NAN
    };
}

/* Computes the figures from n values in ms, which are in order of time; changes the order. */
static void set_figures(double *v, size_t n, struct path_rtt *out)
{
    static const double shares[] = { 0.5, 0.95 };
    double sum = 0, differences = 0, quantiles[2];
    if (n == 0)
        return;
    out->min_ms = out->max_ms = v[0];
    for (size_t i = 0; i < n; i++) {
        out->min_ms = fmin(out->min_ms, v[i]);
        out->max_ms = fmax(out->max_ms, v[i]);
        sum += v[i];
        differences += i > 0 ? fabs(v[i] - v[i - 1]) : 0;
    }
    out->mean_ms = sum / (double)n;
    out->jitter_ms = n > 1 ? differences / (double)(n - 1) : NAN;
    stats_quantiles(v, n, shares, 2, quantiles);
    out->median_ms = quantiles[0];
    out->p95_ms = quantiles[1];
}

/* Sends one probe and waits. Returns 1, 0 if there is no reply in time, -1 if none will come. */
static int probe_once(struct rtt *rtt, double *rtt_ms)
{
    int64_t end = now_ms() + ANSWER_MS, left;
    int rc = rtt_send(rtt) ? rtt_receive(rtt, rtt_ms) : -1;
    while (rc == 0 && (left = end - now_ms()) > 0) {
        struct pollfd p = { .events = 0 };
        p.fd = rtt_fd(rtt, &p.events);
        poll(&p, 1, (int)left);
        rc = rtt_receive(rtt, rtt_ms);
    }
    return rc;
}

static void pause_until(int64_t end_ms)
{
    int64_t left = end_ms - now_ms();
    if (left > 0)
        poll(NULL, 0, (int)left);
}

/* A connection that a server refuses during its pause is not a lost probe: it is tried again. */
static void collect(struct rtt *rtt, enum rtt_method method, size_t n, double *values, struct path_rtt *out)
{
    size_t refused = 0;
    while (out->n_sent < n && refused < n && !(out->n_sent >= SILENT_PROBES && out->n_received == 0)) {
        int64_t start = now_ms();
        int rc = probe_once(rtt, &values[out->n_received]);
        if (rc < 0 && method == RTT_TCP) {
            refused++;
        } else {
            out->n_sent++;
            out->n_received += rc == 1;
        }
        pause_until(start + (method == RTT_TCP ? TCP_EVERY_MS : ICMP_EVERY_MS));
    }
    if (out->n_received == 0)
        snprintf(out->why, sizeof out->why, "%s", refused ? "connections are refused" : "nobody answers");
}

static void say_why_not(enum rtt_method method, int number, struct path_rtt *out)
{
    bool is_right = method == RTT_ICMP && (number == EACCES || number == EPERM);
    snprintf(
        out->why, sizeof out->why, "%s%s", strerror(number),
        is_right
            ? ": this user may not send ICMP echoes; sysctl -w net.ipv4.ping_group_range='0 2147483647' lets everybody"
            : "");
}

void path_rtt_series(const struct path_ends *ends, enum rtt_method method, uint16_t port, size_t n,
                     struct path_rtt *out)
{
    double *values = malloc(n * sizeof *values);
    clear(out);
    errno = ENOMEM;
    struct rtt *rtt = values ? rtt_new(method, (const void *)&ends->peer, ends->size, port,
                                       ends->local.ss_family ? (const void *)&ends->local : NULL)
                             : NULL;
    if (rtt == NULL)
        say_why_not(method, errno, out);
    else
        collect(rtt, method, n, values, out);
    set_figures(values, out->n_received, out);
    rtt_free(rtt);
    free(values);
}

/* ---- while something else runs */

struct path_load {
    struct rtt *rtt;
    size_t n_sent, n_received;
    int64_t sent_ms;
    bool is_awaited;
    double values_ms[LOAD_PROBES_MAX];
};

struct path_load *path_load_new(const struct path_ends *ends, struct path_rtt *out)
{
    struct path_load *load = calloc(1, sizeof *load);
    clear(out);
    errno = ENOMEM;
    if (load)
        load->rtt = rtt_new(RTT_ICMP, (const void *)&ends->peer, ends->size, 0,
                            ends->local.ss_family ? (const void *)&ends->local : NULL);
    if (load == NULL || load->rtt == NULL) {
        say_why_not(RTT_ICMP, errno, out);
        free(load);
        return NULL;
    }
    return load;
}

static void take_answer(struct path_load *load)
{
    if (!load->is_awaited)
        return;
    int rc = rtt_receive(load->rtt, &load->values_ms[load->n_received]);
    load->n_received += rc == 1;
    load->is_awaited = rc == 0;
}

void path_load_tend(struct path_load *load, int other_fd, int wait_ms)
{
    struct pollfd p[2] = { { .fd = other_fd, .events = POLLIN }, { .fd = -1 } };
    if (load) {
        int64_t now = now_ms();
        take_answer(load);
        bool is_due = load->is_awaited ? now - load->sent_ms >= ANSWER_MS : now - load->sent_ms >= LOAD_EVERY_MS;
        if (is_due && load->n_sent < LOAD_PROBES_MAX) {
            load->sent_ms = now;
            load->is_awaited = rtt_send(load->rtt);
            load->n_sent++;
        }
        p[1].fd = rtt_fd(load->rtt, &p[1].events);
        wait_ms = wait_ms < LOAD_EVERY_MS ? wait_ms : LOAD_EVERY_MS;
    }
    poll(p, 2, wait_ms);
    if (load)
        take_answer(load);
}

void path_load_end(struct path_load *load, struct path_rtt *out)
{
    if (load == NULL)
        return;
    out->n_sent = load->n_sent - (load->is_awaited && load->n_sent > 0); /* the last probe's time is not over yet */
    out->n_received = load->n_received;
    if (load->n_received == 0)
        snprintf(out->why, sizeof out->why, "nobody answers");
    set_figures(load->values_ms, load->n_received, out);
    rtt_free(load->rtt);
    free(load);
}
