/* status.c - the state of a leg in words: for lines, and for SIGUSR1. Prints nothing. */

#include "status.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { STATUS_CELL_SIZE = 48 };

static void status_mbps(const struct longhaul_status *s, char text[STATUS_CELL_SIZE])
{
    if (isnan(s->bits_per_second))
        strcpy(text, "-");
    else
        snprintf(text, STATUS_CELL_SIZE, "%.3f", s->bits_per_second / 1e6);
}

static double loss_percent(const struct longhaul_status *s)
{
    return s->packets > 0 ? 100.0 * (double)s->lost_packets / (double)s->packets : 0.0;
}

static void status_time(double seconds, char text[STATUS_CELL_SIZE])
{
    longhaul_duration_text(seconds > 0 ? (uint32_t)(seconds + 0.5) : 0, text, STATUS_CELL_SIZE);
}

void status_line(const char *source, const char *destination, const struct longhaul_status *s,
                 char text[STATUS_TEXT_SIZE])
{
    char elapsed[STATUS_CELL_SIZE], left[STATUS_CELL_SIZE], mbps[STATUS_CELL_SIZE],
        loss[STATUS_CELL_SIZE + 32] = "loss unknown";
    status_time(s->elapsed_s, elapsed);
    status_time(s->remaining_s, left);
    status_mbps(s, mbps);
    if (s->has_tcp && isnan(s->rtt_ms))
        snprintf(loss, sizeof loss, "%" PRId64 " retransmits", s->retransmits);
    else if (s->has_tcp)
        snprintf(loss, sizeof loss, "%" PRId64 " retransmits, rtt %.1f ms", s->retransmits, s->rtt_ms);
    else if (s->has_loss)
        snprintf(loss, sizeof loss, "lost %" PRId64 " (%.4f%%)", s->lost_packets, loss_percent(s));
    else if (s->is_sent && s->packets > 0)
        strcpy(loss, "loss known at the receiver");
    snprintf(text, STATUS_TEXT_SIZE, "%s->%s %s, %s left, %s%s Mbps, %s, %" PRIu32 " gap%s, %s", source, destination,
             elapsed, left, s->is_sent && !isnan(s->bits_per_second) ? "sent " : "", mbps, loss, s->n_gaps,
             s->n_gaps == 1 ? "" : "s", longhaul_status_text(s));
}
