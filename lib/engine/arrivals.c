/* arrivals.c - measures delays, their variation, silences and the order of one stream. */

#include "engine/arrivals.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"

#define PACE_FROM 10           /* datagrams; fewer say nothing about the sender's pace */
#define SILENT_SPACINGS 10
#define STEP_LEAST_US 20000.0  /* a smaller step of the sender's clock looks like a shift of the path */
#define READ_LATE_US 10000.0

static double us_of(int64_t ns)
{
    return (double)ns / NS_PER_US;
}

/* By the sender's clock, with its pauses, since libiperf makes up for them; NAN while unknown. */
static double spacing_us(const struct arrivals *s)
{
    uint64_t n = s->before.number - s->paced_from;
    return s->before.number && n >= PACE_FROM ? us_of(s->before.sent_ns - s->paced_from_ns) / (double)n : NAN;
}

/* How far the sender's clock was set between two datagrams, which arrived da_us apart; 0 if it was not. Its times fall,
 * or a datagram seems to have travelled faster than its path allows, and to have been sent after a pause. What the path
 * allows is not known at first: a test's first datagram may be the slowest one. */
static double step_of(const struct arrivals *s, double ds_us, double da_us, double pace_us)
{
    double ahead_us = ds_us - da_us;
    if (ds_us < 0)
        return ahead_us;
    bool is_set = transit_base_is_known(&s->base) && ahead_us > s->before.delay_us + STEP_LEAST_US &&
                  ds_us - pace_us > ahead_us / 2;
    return is_set ? ahead_us : 0;
}

/* Time in which nothing arrived, less a pause of the sender, and less what arrived when this host's socket was full. */
static void measure_silence(struct arrivals *s, double ds_us, double da_us, uint64_t n, uint32_t n_dropped)
{
    double each_us = spacing_us(s); /* 0: its clock stands */
    double pause_us = ds_us - (double)n * each_us, silence_us = da_us;
    if (pause_us > 0)
        silence_us -= pause_us;
    if (n_dropped > 0)
        silence_us -= n_dropped * each_us;
    if (each_us > 0 && silence_us > SILENT_SPACINGS * each_us)
        s->extremes.n_silences++;
    if (silence_us <= s->extremes.silence_us)
        return;
    s->extremes.silence_us = silence_us;
    s->extremes.silent_ns = s->before.arrival_ns;
}

/* A datagram that follows the newest one. Returns how many the path lost between the two: not what found no room in
 * this host's socket. */
static uint64_t follow(struct arrivals *s, const struct arrival *d)
{
    uint64_t n = d->number - s->before.number, n_lost = n - 1;
    uint32_t n_dropped = d->n_dropped - s->before.n_dropped;
    n_lost -= n_dropped < n_lost ? n_dropped : n_lost;
    double ds_us = us_of(d->sent_ns - s->before.sent_ns), da_us = us_of(d->arrival_ns - s->before.arrival_ns);
    double pace_us = (double)n * spacing_us(s), step_us = step_of(s, ds_us, da_us, isnan(pace_us) ? 0 : pace_us);
    if (step_us != 0) {
        transit_base_step(&s->base, -step_us);
        s->extremes.step_us += step_us;
        s->paced_from = d->number;
        s->paced_from_ns = d->sent_ns;
        return n_lost;
    }
    measure_silence(s, ds_us, da_us, n, n_dropped);
    if (n == 1)
        histogram_add(&s->ipdv, fabs(da_us - ds_us));
    return n_lost;
}

static void begin(struct arrivals *s, const struct arrival *d)
{
    s->first_ns = d->arrival_ns;
    s->first_transit_ns = d->arrival_ns - d->sent_ns;
    s->paced_from = d->number;
    s->paced_from_ns = d->sent_ns;
}

static double add_delay(struct arrivals *s, const struct arrival *d, uint64_t n_lost)
{
    struct arrival_extremes *x = &s->extremes;
    double transit_us = us_of(d->arrival_ns - d->sent_ns - s->first_transit_ns),
           t_s = us_of(d->arrival_ns - s->first_ns) / US_PER_S, read_us = us_of(d->read_ns - d->arrival_ns);
    double delay_us = transit_base_add(&s->base, t_s, transit_us, n_lost < UINT32_MAX ? (uint32_t)n_lost : UINT32_MAX);
    x->min_us = s->delay.n == 0 || delay_us < x->min_us ? delay_us : x->min_us;
    x->max_us = delay_us > x->max_us ? delay_us : x->max_us;
    x->read_us = read_us > x->read_us ? read_us : x->read_us;
    histogram_add(&s->delay, delay_us);
    return delay_us;
}

enum number_kind arrivals_add(struct arrivals *s, const struct arrival *datagram, bool is_over)
{
    const struct arrival *d = datagram;
    enum number_kind kind = numbers_add(&s->numbers, d->number, d->arrival_ns ? d->arrival_ns : d->read_ns, is_over);
    if (kind == NUMBER_TWICE || is_over || d->arrival_ns == 0)
        return kind;
    if (s->first_ns == 0)
        begin(s, d);
    uint64_t n_lost = kind == NUMBER_NEW && s->before.number ? follow(s, d) : 0;
    double delay_us = add_delay(s, d, n_lost);
    if (kind == NUMBER_NEW)
        s->before = (struct arrival_before){ d->number, d->sent_ns, d->arrival_ns, delay_us, d->n_dropped };
    return kind;
}

/* ---- an interval */

static double more(double a, double b)
{
    return isnan(a) || b > a ? b : a;
}

static void take_runs(struct number_runs *runs, struct longhaul_delay *out)
{
    out->loss_runs = (isnan(out->loss_runs) ? 0 : out->loss_runs) + runs->n;
    out->longest_run = more(out->longest_run, runs->longest);
    for (uint32_t i = 0; i < runs->n_listed && out->n_listed < LONGHAUL_LOSS_RUNS; i++)
        out->runs[out->n_listed++] = runs->listed[i];
    *runs = (struct number_runs){ 0 };
}

static void take_numbers(struct numbers *s, struct longhaul_delay *out)
{
    take_runs(&s->runs, out);
    if (s->extent > 0) {
        out->reorder_extent = more(out->reorder_extent, s->extent);
        out->reorder_late_us = more(out->reorder_late_us, s->late_us);
    }
    s->extent = s->late_us = 0;
}

static void take_extremes(struct arrivals *s, int64_t now_ns, struct longhaul_delay *out)
{
    const struct arrival_extremes *x = &s->extremes;
    if (s->delay.n > 0) {
        out->min_us = isnan(out->min_us) || x->min_us < out->min_us ? x->min_us : out->min_us;
        out->max_us = more(out->max_us, x->max_us);
        out->silences = (isnan(out->silences) ? 0 : out->silences) + x->n_silences;
    }
    if (x->silence_us > 0 && !(x->silence_us <= out->silence_us)) {
        out->silence_us = x->silence_us;
        out->silent_us = us_of(now_ns - x->silent_ns);
    }
    if (x->step_us != 0)
        out->step_us = x->step_us;
    if (x->read_us > READ_LATE_US)
        out->read_us = more(out->read_us, x->read_us);
    s->extremes = (struct arrival_extremes){ 0 };
}

static void take_base(struct arrivals *s, int64_t now_ns, struct longhaul_delay *out)
{
    double now_s = us_of(now_ns - s->first_ns) / US_PER_S, base_us = transit_base_at(&s->base, now_s);
    struct base_shift *shift = &s->base.shift;
    if (!isnan(base_us) && !(out->base_us <= base_us))
        out->base_us = base_us;
    if (fabs(shift->size_us) > (isnan(out->shift_us) ? 0 : fabs(out->shift_us))) {
        out->shift_us = shift->size_us;
        out->shifted_us = (now_s - shift->at_s) * US_PER_S;
    }
    shift->size_us = 0;
}

void arrivals_take(struct arrivals *s, int64_t now_ns, struct longhaul_delay *out, struct histogram *delay,
                   struct histogram *ipdv)
{
    take_numbers(&s->numbers, out);
    take_base(s, now_ns, out);
    take_extremes(s, now_ns, out);
    histogram_merge(delay, &s->delay);
    histogram_merge(ipdv, &s->ipdv);
    s->delay = s->ipdv = (struct histogram){ 0 };
}

/* A percentile is the middle of a bin, which can lie outside of what was seen. */
static double within(double value, const struct longhaul_delay *out)
{
    return value < out->min_us ? out->min_us : value > out->max_us ? out->max_us : value;
}

void arrivals_percentiles(struct longhaul_delay *out, const struct histogram *delay, const struct histogram *ipdv)
{
    out->p50_us = within(histogram_quantile(delay, 0.5), out);
    out->p95_us = within(histogram_quantile(delay, 0.95), out);
    out->p99_us = within(histogram_quantile(delay, HISTOGRAM_P99), out);
    if (!(out->silences > 0)) /* most rows: where the longest pause of none began is not worth 15 bytes */
        out->silent_us = NAN;
    out->ipdv50_us = histogram_quantile(ipdv, 0.5);
    out->ipdv99_us = histogram_quantile(ipdv, HISTOGRAM_P99);
}
