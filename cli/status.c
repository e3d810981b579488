/* status.c - the state of a leg in words: for lines, and for SIGUSR1. Prints nothing. */

#include "status.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "status_cells.h"

enum { STATUS_CELL_SIZE = 48 };

static void status_mbps(const struct longhaul_status *s, char text[STATUS_CELL_SIZE])
{
    if (isnan(s->bits_per_second))
        strcpy(text, "-");
    else
        snprintf(text, STATUS_CELL_SIZE, "%.3f", s->bits_per_second / 1e6);
}

/* A peer may number its datagrams so that less than none is lost, or more than was sent. */
static bool knows_loss(const struct longhaul_status *s)
{
    return s->has_loss && s->lost_packets >= 0 && s->lost_packets <= s->packets;
}

static double loss_percent(const struct longhaul_status *s)
{
    return s->packets > 0 ? 100.0 * (double)s->lost_packets / (double)s->packets : 0.0;
}

void status_line(const char *source, const char *destination, const struct longhaul_status *s,
                 char text[STATUS_TEXT_SIZE])
{
    char elapsed[TABLE_CELL_SIZE], left[TABLE_CELL_SIZE], mbps[STATUS_CELL_SIZE], delay[TABLE_CELL_SIZE],
        loss[STATUS_CELL_SIZE + 32] = "loss unknown";
    cell_clock(s->elapsed_s, elapsed);
    cell_clock(s->remaining_s, left);
    cell_delay(s, delay);
    status_mbps(s, mbps);
    if (s->has_tcp && isnan(s->rtt_ms))
        snprintf(loss, sizeof loss, "%" PRId64 " retransmits", s->retransmits);
    else if (s->has_tcp)
        snprintf(loss, sizeof loss, "%" PRId64 " retransmits, rtt %.1f ms", s->retransmits, s->rtt_ms);
    else if (knows_loss(s))
        snprintf(loss, sizeof loss, "lost %" PRId64 " (%.4f%%)", s->lost_packets, loss_percent(s));
    else if (s->is_sent && s->packets > 0)
        strcpy(loss, "loss known at the receiver");
    snprintf(text, STATUS_TEXT_SIZE, "%s->%s %s elapsed, %s left, %s%s Mbps, %s%s%s, %" PRIu32 " gap%s, %s", source,
             destination, elapsed, left, s->is_sent && !isnan(s->bits_per_second) ? "sent " : "", mbps, loss,
             s->delays.is_known ? ", delay p99 " : "", s->delays.is_known ? delay : "", s->n_gaps,
             s->n_gaps == 1 ? "" : "s", longhaul_status_text(s));
}

void status_sums(const struct longhaul_status *s, char text[STATUS_TEXT_SIZE])
{
    char p99[TABLE_CELL_SIZE];
    int n = snprintf(text, STATUS_TEXT_SIZE, ", %s%.3f Mbps", s->is_sent ? "sent " : "",
                     s->mean_bits_per_second / 1e6);
    if (knows_loss(s) && n > 0 && n < STATUS_TEXT_SIZE)
        n += snprintf(text + n, STATUS_TEXT_SIZE - (size_t)n, ", lost %" PRId64 " (%.4f%%)", s->lost_packets,
                      loss_percent(s));
    cell_delay_of(s->delays.p99_us, p99);
    if (!isnan(s->delays.p99_us) && n > 0 && n < STATUS_TEXT_SIZE)
        snprintf(text + n, STATUS_TEXT_SIZE - (size_t)n, ", delay p99 %s", p99);
}
