/* figures.c - a leg's figures beyond the reference's: percentiles, sums, coverage, clusters of loss, the packet
 * quantum. stats does the arithmetic. */

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/analysis.h"
#include "base/stats.h"
#include "base/units.h"
#include "model/availability.h"

/* ---- percentiles */

void figures_percentiles(double *values, size_t n, struct longhaul_percentiles *p)
{
    static const double shares[] = { 0.01, 0.05, 0.5, 0.95, 0.99, 0.999 };
    double q[6];
    p->n = n;
    p->min = stats_min(values, n);
    p->max = stats_max(values, n);
    stats_quantiles(values, n, shares, 6, q);
    p->p1 = q[0];
    p->p5 = q[1];
    p->p50 = q[2];
    p->p95 = q[3];
    p->p99 = q[4];
    p->p99_9 = q[5];
}

static double loss_percent_of(const struct view *v, size_t i)
{
    return v->packets[i] > 0 ? 100 * v->lost[i] / v->packets[i] : NAN;
}

static void fill_all_percentiles(const struct view *v, double *room, struct longhaul_figures *f)
{
    size_t n = 0;
    for (size_t i = 0; i < v->n; i++)
        if (view_has_rate(v, i))
            room[n++] = v->bps[i] / BPS_PER_MBPS;
    figures_percentiles(room, n, &f->rate_mbps);
    n = 0;
    for (size_t i = 0; i < v->n; i++)
        if (view_has_loss(v, i) && v->packets[i] > 0)
            room[n++] = loss_percent_of(v, i);
    figures_percentiles(room, n, &f->loss_percent);
    n = 0;
    for (size_t i = 0; i < v->n; i++)
        if (view_has_jitter(v, i))
            room[n++] = v->jitter_ms[i];
    figures_percentiles(room, n, &f->jitter_ms);
}

/* ---- sums */

static bool add_count(int64_t *sum, double value)
{
    int64_t next;
    if (!(fabs(value) < MOST_EXACT) || __builtin_add_overflow(*sum, (int64_t)value, &next))
        return false;
    *sum = next;
    return true;
}

static void fill_sums(const struct view *v, struct longhaul_figures *f)
{
    f->has_packets = f->has_loss = v->n > 0;
    for (size_t i = 0; i < v->n; i++) {
        if (v->artefacts[i] & LONGHAUL_ARTEFACT_REPEATED)
            continue;
        add_count(&f->bytes, v->bytes[i]);
        f->has_packets = add_count(&f->packets, v->packets[i]) && f->has_packets;
        f->has_loss = add_count(&f->lost_packets, v->lost[i]) && f->has_loss;
    }
    f->has_loss = f->has_loss && f->has_packets;
    f->loss_percent_of_intervals =
        f->has_loss && f->packets > 0 ? 100 * (double)f->lost_packets / (double)f->packets : NAN;
}

static void count_artefacts(const struct view *v, struct longhaul_figures *f)
{
    for (size_t i = 0; i < v->n; i++) {
        unsigned mark = v->artefacts[i];
        f->n_tiny += (mark & LONGHAUL_ARTEFACT_TINY) != 0;
        f->n_absurd_counts += (mark & LONGHAUL_ARTEFACT_ABSURD_COUNT) != 0;
        f->n_absurd_losses += (mark & LONGHAUL_ARTEFACT_ABSURD_LOSS) != 0;
        f->n_absurd_jitters += (mark & LONGHAUL_ARTEFACT_ABSURD_JITTER) != 0;
        f->n_repeated += (mark & LONGHAUL_ARTEFACT_REPEATED) != 0;
        f->n_overlapping += (mark & LONGHAUL_ARTEFACT_OVERLAPPING) != 0;
        f->n_absurd_times += (mark & LONGHAUL_ARTEFACT_ABSURD_TIME) != 0;
        f->n_unconfirmed += (mark & LONGHAUL_ARTEFACT_UNCONFIRMED) != 0;
    }
}

/* ---- how much of the time was good */

static void fill_availability(const struct view *v, struct longhaul_figures *f)
{
    double known_s = 0, good_s = 0;
    for (size_t i = 0; i < v->n; i++) {
        bool is_dead = view_is_dead(v, i);
        double loss = loss_percent_of(v, i);
        if (!view_has_loss(v, i) || (isnan(loss) && !is_dead))
            continue;
        known_s += v->seconds[i];
        if (!is_dead && loss < f->loss_limit_percent)
            good_s += v->seconds[i];
    }
    f->availability = known_s > 0 ? good_s / known_s : NAN;
    f->availability_known_s = known_s;
}

static bool is_clean(const struct view *v, size_t i)
{
    return view_has_loss(v, i) && v->lost[i] == 0 && !view_is_dead(v, i);
}

static void fill_clean_stretch(const struct view *v, struct longhaul_figures *f)
{
    double begin_s = NAN, end_s = 0;
    f->clean_start_s = f->clean_seconds = NAN;
    for (size_t i = 0; i < v->n; i++) {
        if (isnan(v->lost[i]) || !view_is_usable(v, i))
            continue;
        if (!is_clean(v, i))
            begin_s = NAN;
        else if (isnan(begin_s) || view_gap(v, i, end_s) > 0)
            begin_s = v->start_s[i];
        end_s = v->start_s[i] + v->seconds[i];
        if (isnan(f->clean_seconds))
            f->clean_seconds = 0;
        if (end_s - begin_s > f->clean_seconds) {
            f->clean_start_s = begin_s;
            f->clean_seconds = end_s - begin_s;
        }
    }
}

/* ---- how losses are distributed */

static void fill_loss_classes(const struct view *v, struct longhaul_figures *f)
{
    static const double up_to[LONGHAUL_N_LOSS_CLASSES - 1] = { 0, 1, 10, 100, 1000 };
    for (size_t i = 0; i < v->n; i++) {
        size_t class = 0;
        if (!view_has_loss(v, i))
            continue;
        while (class < LONGHAUL_N_LOSS_CLASSES - 1 && v->lost[i] > up_to[class])
            class++;
        f->loss_classes[class]++;
    }
}

static void fill_burstiness(const struct view *v, struct longhaul_figures *f)
{
    size_t n = 0, n_lossy = 0, n_after = 0, n_both = 0;
    bool had_loss = false, has_before = false;
    double end_s = 0;
    for (size_t i = 0; i < v->n; i++) {
        if (!view_has_loss(v, i)) {
            has_before = false;
            continue;
        }
        bool is_lossy = v->lost[i] > 0;
        n++;
        n_lossy += is_lossy;
        if (has_before && had_loss && view_gap(v, i, end_s) == 0) {
            n_after++;
            n_both += is_lossy;
        }
        had_loss = is_lossy;
        has_before = true;
        end_s = v->start_s[i] + v->seconds[i];
    }
    f->p_loss = n ? (double)n_lossy / (double)n : NAN;
    f->p_loss_after_loss = n_after ? (double)n_both / (double)n_after : NAN;
}

/* ---- the packet quantum */

static void fill_quantum(const struct view *v, const struct longhaul_info *info, struct longhaul_figures *f)
{
    double size = info->datagram_bytes, sum = 0, n = 0, near = 0;
    f->quantum_mbps = f->quantum_mean = f->quantum_std_mbps = f->quantum_share = NAN;
    if (strcmp(info->protocol, "UDP") != 0 || !(size > 0) || info->n_streams > 1 || !(v->usual_s > 0))
        return;
    for (size_t i = 0; i < v->n; i++)
        if (view_has_rate(v, i) && !isnan(v->bytes[i])) {
            sum += v->bytes[i] / size;
            n++;
        }
    if (n == 0)
        return;
    double mean = sum / n, fraction = mean - floor(mean);
    for (size_t i = 0; i < v->n; i++)
        near += view_has_rate(v, i) && fabs(v->bytes[i] / size - mean) <= 1;
    f->quantum_mbps = 8 * size / v->usual_s / BPS_PER_MBPS;
    f->quantum_mean = mean;
    f->quantum_std_mbps = f->quantum_mbps * sqrt(fraction * (1 - fraction));
    f->quantum_share = near / n;
}

void longhaul_quantum_text(const struct longhaul_summary *s, const struct longhaul_figures *f, char *text, size_t size)
{
    if (size > 0)
        text[0] = 0;
    if (size == 0 || isnan(f->quantum_mbps) || !(s->std_mbps > 0))
        return;
    double most =
        fmax(1.2 * f->quantum_std_mbps, 0.5 * f->quantum_mbps); /* one datagram more or less causes no more than this */
    int n = snprintf(
        text, size,
        "%.4g%% of the intervals are within one datagram of the mean of %.3f (one more or less is %.4f Mbps): ",
        100 * f->quantum_share, f->quantum_mean, f->quantum_mbps);
    if (n < 0 || (size_t)n >= size)
        return;
    snprintf(text + n, size - (size_t)n,
             s->std_mbps <= most
                 ? "the deviation of %.4f Mbps is no more than counting whole datagrams explains (up to %.4f)"
                 : "the deviation of %.4f Mbps is more than counting whole datagrams explains (up to %.4f)",
             s->std_mbps, most);
}

/* ---- the whole */

/* The planned time; of a run in progress what has passed of it, as far as the record knows. */
static double time_to_cover_s(const struct view *v, const struct longhaul_info *info)
{
    double end_s = v->n > 0 ? v->start_s[v->n - 1] + v->seconds[v->n - 1] : 0;
    for (size_t i = 0; i < v->n_gaps; i++)
        end_s = fmax(end_s, v->gaps[i].start_s + v->gaps[i].seconds);
    return info->is_journal && end_s > 0 ? fmin(end_s, info->planned_s) : info->planned_s;
}

static void fill_coverage(const struct view *v, const struct longhaul_info *info, struct longhaul_figures *f)
{
    double observed_s = stats_sum(v->seconds, v->n) - v->unconfirmed_s;
    f->coverage = info->planned_s > 0 && (v->n > 0 || !(info->end_seconds > 0))
                      ? fmin(observed_s / time_to_cover_s(v, info), 1)
                      : NAN;
}

void figures_fill(const struct view *v, const struct longhaul_info *info, double loss_limit_percent, double *room,
                  struct longhaul_figures *f)
{
    *f = (struct longhaul_figures){ .usual_s = v->usual_s,
                                    .start_unix_s = v->start_unix_s,
                                    .loss_limit_percent =
                                        loss_limit_percent > 0 ? loss_limit_percent : AVAILABLE_BELOW_PERCENT };
    fill_all_percentiles(v, room, f);
    fill_sums(v, f);
    count_artefacts(v, f);
    fill_coverage(v, info, f);
    fill_availability(v, f);
    fill_clean_stretch(v, f);
    fill_loss_classes(v, f);
    fill_burstiness(v, f);
    fill_quantum(v, info, f);
}
