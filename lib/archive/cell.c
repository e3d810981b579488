/* cell.c - the figures of an hour or a day: only arithmetic. */

#include "archive/cell.h"

#include <math.h>
#include <string.h>

#include "base/units.h"

#define MEMBER(name, fold)                                                                                             \
    {                                                                                                                  \
#name, offsetof(struct archive_cell, name), 0, fold, false                                                     \
    }
#define ZERO(name)                                                                                                     \
    {                                                                                                                  \
#name, offsetof(struct archive_cell, name), 0, CELL_SUM, true                                                  \
    }
#define MEAN(name, by)                                                                                                 \
    {                                                                                                                  \
#name, offsetof(struct archive_cell, name), offsetof(struct archive_cell, by), CELL_MEAN, false                \
    }

/* A mean stands before its weight, which is a sum. */
const struct cell_member cell_members[] = {
    ZERO(n_intervals),
    ZERO(observed_s),
    ZERO(planned_s),
    ZERO(outage_s),
    MEMBER(packets, CELL_SUM),
    MEMBER(lost, CELL_SUM),
    MEMBER(known_packets, CELL_SUM),
    ZERO(available_s),
    ZERO(available_known_s),
    ZERO(rate_bits),
    ZERO(rate_s),
    MEMBER(is_delivered, CELL_LEAST),
    MEMBER(min_mbps, CELL_LEAST),
    MEMBER(min_mbps_at, CELL_WITH),
    MEMBER(max_mbps, CELL_MOST),
    MEMBER(max_mbps_at, CELL_WITH),
    MEMBER(worst_lost, CELL_MOST),
    MEMBER(worst_lost_at, CELL_WITH),
    MEMBER(jitter_max_ms, CELL_MOST),
    MEMBER(jitter_max_at, CELL_WITH),
    MEMBER(delay_max_ms, CELL_MOST),
    MEMBER(delay_max_at, CELL_WITH),
    MEAN(base_ms, base_n),
    ZERO(base_n),
    MEAN(rtt_p50_ms, rtt_n),
    ZERO(rtt_n),
    MEMBER(rtt_unanswered, CELL_SUM),
    MEMBER(rtt_min_ms, CELL_LEAST),
    MEMBER(loss_runs, CELL_SUM),
    MEMBER(longest_run, CELL_MOST),
    MEMBER(n_silences, CELL_SUM),
    MEMBER(longest_silence_ms, CELL_MOST),
};
const size_t cell_n_members = sizeof cell_members / sizeof *cell_members;

void cell_clear(struct archive_cell *cell, double unix_s)
{
    memset(cell, 0, sizeof *cell);
    cell->unix_s = unix_s;
    for (size_t i = 0; i < cell_n_members; i++)
        *cell_value(cell, &cell_members[i]) = cell_members[i].is_known_zero ? 0 : NAN;
}

static double weight_of(const struct archive_cell *cell, const struct cell_member *member)
{
    return *(const double *)(const void *)((const char *)cell + member->weight);
}

static bool is_better(const struct cell_member *member, double now, double other)
{
    return !isnan(other) && (isnan(now) || (member->fold == CELL_MOST ? other > now : other < now));
}

static void merge_mean(const struct cell_member *member, struct archive_cell *into, const struct archive_cell *from)
{
    double *now = cell_value(into, member), other = cell_value_of(from, member);
    double a = isnan(*now) ? 0 : weight_of(into, member), b = isnan(other) ? 0 : weight_of(from, member);
    if (b > 0)
        *now = a > 0 ? (*now * a + other * b) / (a + b) : other;
}

void cell_merge(struct archive_cell *into, const struct archive_cell *from)
{
    for (size_t i = 0; i < cell_n_members; i++) {
        const struct cell_member *m = &cell_members[i];
        double *now = cell_value(into, m), other = cell_value_of(from, m);
        if (m->fold == CELL_MEAN)
            merge_mean(m, into, from);
        else if (m->fold == CELL_SUM && !isnan(other))
            *now = isnan(*now) ? other : *now + other;
        else if ((m->fold == CELL_MOST || m->fold == CELL_LEAST) && is_better(m, *now, other)) {
            *now = other;
            if (i + 1 < cell_n_members && m[1].fold == CELL_WITH)
                *cell_value(into, m + 1) = cell_value_of(from, m + 1);
        }
    }
}

double cell_loss_percent(const struct archive_cell *cell)
{
    return cell->known_packets > 0 ? 100 * cell->lost / cell->known_packets : NAN;
}

double cell_mean_mbps(const struct archive_cell *cell)
{
    return cell->rate_s > 0 ? cell->rate_bits / cell->rate_s / BPS_PER_MBPS : NAN;
}

double cell_quantile_ms(const struct histogram *h, double share)
{
    return histogram_quantile(h, share) / US_PER_MS;
}
