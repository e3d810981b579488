/* progress.c - a run's progress on stderr: elapsed, left, rate, loss so far. Keeps no record. */

#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define PLAIN_EVERY_S 60 /* without a terminal: a line a minute */

struct leg_progress {
    double elapsed_s, mbps;
    double said_s; /* the last plain line */
    int64_t packets, lost_packets, retransmits;
    double rtt_ms;
    bool has_loss, has_tcp;
    enum longhaul_phase phase;
};

struct progress {
    const struct longhaul_leg *legs;
    size_t n_legs;
    bool is_terminal, has_line;
    struct leg_progress at[];
};

struct progress *progress_new(const struct longhaul_leg *legs, size_t n_legs)
{
    struct progress *p = calloc(1, sizeof *p + n_legs * sizeof p->at[0]);
    if (p == NULL)
        return NULL;
    p->legs = legs;
    p->n_legs = n_legs;
    p->is_terminal = isatty(STDERR_FILENO);
    return p;
}

static int format_leg(const struct progress *p, size_t i, char *text, size_t size)
{
    const struct longhaul_leg *leg = &p->legs[i];
    const struct leg_progress *at = &p->at[i];
    char elapsed[32], left[32], loss[64] = "loss unknown";
    double left_s = leg->duration_s - at->elapsed_s;
    longhaul_duration_text((uint32_t)(at->elapsed_s + 0.5), elapsed, sizeof elapsed);
    longhaul_duration_text(left_s > 0 ? (uint32_t)(left_s + 0.5) : 0, left, sizeof left);
    if (at->has_loss)
        snprintf(loss, sizeof loss, "lost %" PRId64 " (%.4f%%)", at->lost_packets,
                 at->packets > 0 ? 100.0 * (double)at->lost_packets / (double)at->packets : 0.0);
    if (at->has_tcp)
        snprintf(loss, sizeof loss, "%" PRId64 " retransmits, rtt %.1f ms", at->retransmits, at->rtt_ms);
    else if (leg->protocol == LONGHAUL_TCP)
        snprintf(loss, sizeof loss, "TCP");
    return snprintf(text, size, "%s->%s %s, %s left, %.3f Mbps, %s", leg->source, leg->destination, elapsed, left, at->mbps, loss);
}

static void clear_line(struct progress *p)
{
    if (p->has_line)
        fputs("\r\033[K", stderr);
    p->has_line = false;
}

/* All legs on one line, cut at the terminal's width so that it never wraps. */
static void renew_line(struct progress *p)
{
    struct winsize window = { .ws_col = 80 };
    char text[1024] = "";
    size_t n = 0;
    ioctl(STDERR_FILENO, TIOCGWINSZ, &window);
    for (size_t i = 0; i < p->n_legs && n < sizeof text - 1; i++) {
        int k = snprintf(text + n, sizeof text - n, "%s", i ? " | " : "");
        n += (size_t)k;
        if (n < sizeof text)
            n += (size_t)format_leg(p, i, text + n, sizeof text - n);
    }
    int width = window.ws_col > 1 ? window.ws_col - 1 : 79;
    fprintf(stderr, "\r%.*s\033[K", width, text);
    fflush(stderr);
    p->has_line = true;
}

void progress_interval(struct progress *p, size_t leg, const struct longhaul_interval *interval)
{
    struct leg_progress *at = &p->at[leg];
    char text[256];
    at->elapsed_s = interval->start_s + interval->seconds;
    at->mbps = interval->bits_per_second / 1e6;
    at->has_loss = interval->has_loss;
    at->packets += interval->packets;
    at->has_tcp = interval->has_tcp;
    at->retransmits += interval->retransmits;
    at->rtt_ms = interval->rtt_ms;
    at->lost_packets += interval->has_loss ? interval->lost_packets : 0;
    if (p->is_terminal) {
        renew_line(p);
    } else if (at->elapsed_s >= at->said_s + PLAIN_EVERY_S - 0.5) {
        at->said_s = at->elapsed_s;
        format_leg(p, leg, text, sizeof text);
        fprintf(stderr, "%s\n", text);
    }
}

static void say(struct progress *p, size_t leg, const char *what, const char *why)
{
    clear_line(p);
    fprintf(stderr, "%s->%s %s%s%s\n", p->legs[leg].source, p->legs[leg].destination, what, *why ? ": " : "", why);
}

void progress_state(struct progress *p, size_t leg, const struct longhaul_state *state)
{
    struct leg_progress *at = &p->at[leg];
    if (state->phase == LONGHAUL_RUNNING)
        say(p, leg, at->elapsed_s > 0 ? "goes on" : "began", "");
    else if (state->phase == LONGHAUL_WAITING)
        say(p, leg, "waits to connect again", state->text);
    else if (state->phase == LONGHAUL_DONE && *state->text && p->n_legs > 1)
        say(p, leg, "ended", state->text);
    at->phase = state->phase;
}

void progress_free(struct progress *p)
{
    if (p == NULL)
        return;
    clear_line(p);
    free(p);
}
