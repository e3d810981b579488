/* takeaways_symmetry.c - in the takeaways: the two directions of a pair compared, in rate and in loss. Compares only
 * like with like: what arrived with what arrived, or what was sent with what was sent; losses by intervals if those
 * know them, else as counts. */

#include "report/takeaways.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "report/wording.h"

#define CLEAR_SIGMA 3.0      /* from here on two counts differ by more than chance (Poisson) */
#define MANY_PAIRS 8         /* with more pairs only the one that differs most is named */
/* A smaller difference does not matter: of delivered rates, relative to the higher one; of losses, in packets lost per
 * packet sent. It is the loss that ITU-T Y.1541 allows real-time traffic (classes 0 to 4). */
#define MATTERS 1e-3
#define SAME_TARGET 1e-5     /* relative difference up to which targets are the same */
#define SAME_LENGTH 0.01     /* the same for the lengths of the intervals */
#define PART_SIZE 800

/* ---- rates */

/* The rates of both legs, and their verb: "deliver" or "send". NAN if only one is known, or if their targets differ. */
struct rates {
    double x, y;
    const char *verb;
};

static struct rates rates_of(const struct report_leg *x, const struct report_leg *y)
{
    struct rates r = { takeaways_delivered_mbps(x), takeaways_delivered_mbps(y), "deliver" };
    double target = report_target_mbps(x->info), other = report_target_mbps(y->info);
    bool is_same_target = isnan(target) ? isnan(other) : fabs(target - other) <= SAME_TARGET * target;
    if (isnan(r.x) || isnan(r.y)) {
        const struct longhaul_rate *a = longhaul_analysis_rate(x->analysis), *b = longhaul_analysis_rate(y->analysis);
        bool both_sent = a->kind == LONGHAUL_RATE_KIND_SENT && b->kind == LONGHAUL_RATE_KIND_SENT;
        r = (struct rates){ both_sent ? a->mbps : NAN, both_sent ? b->mbps : NAN, "send" };
    }
    return is_same_target && strcmp(x->info->protocol, y->info->protocol) == 0 ? r : (struct rates){ NAN, NAN, "" };
}

/* NAN if they cannot be compared. */
static double rate_delta(const struct report_leg *x, const struct report_leg *y)
{
    struct rates r = rates_of(x, y);
    return fmax(r.x, r.y) > 0 ? fabs(r.x - r.y) : NAN;
}

static void word_rates(const struct report_leg *x, const struct report_leg *y, char text[PART_SIZE])
{
    struct rates r = rates_of(x, y);
    double delta = rate_delta(x, y), share = delta / fmax(r.x, r.y);
    text[0] = 0;
    if (share > MATTERS)
        snprintf(text, PART_SIZE, " %s rates that differ by %s (%s), %s the higher one", r.verb,
                 wording_short(delta, " Mbps").text, wording_short(100 * share, " %").text,
                 wording_leg((r.x >= r.y ? x : y)->info).text);
}

/* ---- losses */

/* The intervals of a leg whose loss is known, and how many of them have loss. */
struct lossy {
    double n, n_lossy;
};

static struct lossy lossy_of(const struct report_leg *leg)
{
    const struct longhaul_figures *f = longhaul_analysis_figures(leg->analysis);
    struct lossy l = { (double)f->loss_percent.n, 0 };
    l.n_lossy = l.n > 0 ? f->p_loss * l.n : 0;
    return l;
}

/* True if the two can be compared by the number of intervals with loss. */
static bool has_intervals(const struct report_leg *x, const struct report_leg *y)
{
    double a = longhaul_analysis_figures(x->analysis)->usual_s, b = longhaul_analysis_figures(y->analysis)->usual_s;
    return lossy_of(x).n > 0 && lossy_of(y).n > 0 && fabs(a - b) <= SAME_LENGTH * a;
}

/* True if the difference is more than chance. Counts intervals, since losses come in bursts. */
static bool is_clear(struct lossy a, struct lossy b)
{
    double even = (a.n_lossy + b.n_lossy) / (a.n + b.n);
    return fabs(a.n_lossy / a.n - b.n_lossy / b.n) > CLEAR_SIGMA * sqrt(even * (1 / a.n + 1 / b.n));
}

static void word_by_intervals(const struct report_leg *x, const struct report_leg *y, char text[PART_SIZE])
{
    struct lossy a = lossy_of(x), b = lossy_of(y);
    struct wording first = wording_short(100 * a.n_lossy / a.n, " %"),
                   second = wording_short(100 * b.n_lossy / b.n, " %");
    if (a.n_lossy + b.n_lossy < TAKEAWAYS_ENOUGH_LOST)
        snprintf(text, PART_SIZE, "; %.0f intervals there and %.0f back lost packets, too few to compare", a.n_lossy,
                 b.n_lossy);
    else if (is_clear(a, b))
        snprintf(text, PART_SIZE, "; %s loses clearly more often (%s of the intervals there, %s back)",
                 wording_leg((a.n_lossy / a.n > b.n_lossy / b.n ? x : y)->info).text, first.text, second.text);
    else
        snprintf(text, PART_SIZE,
                 "; no clear difference in how often packets are lost (%s of the intervals there, %s back)", first.text,
                 second.text);
}

/* True if the losses of two directions differ by as much as matters. */
static bool do_losses_differ(const struct report_leg *x, const struct report_leg *y)
{
    struct counts c = takeaways_counts_of(x), d = takeaways_counts_of(y);
    return c.packets > 0 && d.packets > 0 && fabs(c.lost / c.packets - d.lost / d.packets) > MATTERS;
}

static void word_losses(const struct report_leg *x, const struct report_leg *y, char text[PART_SIZE])
{
    struct counts c = takeaways_counts_of(x), d = takeaways_counts_of(y);
    text[0] = 0;
    if (!(c.packets > 0 && d.packets > 0))
        return;
    if (c.lost == 0 && d.lost == 0)
        snprintf(text, PART_SIZE, "; neither lost a packet");
    else if (has_intervals(x, y))
        word_by_intervals(x, y, text);
    else
        snprintf(text, PART_SIZE, "; %s packets were lost there and %s back (%s and %s), whether in bursts is unknown",
                 wording_count(c.lost).text, wording_count(d.lost).text,
                 wording_short(100 * c.lost / c.packets, " %").text,
                 wording_short(100 * d.lost / d.packets, " %").text);
}

/* ---- pairs */

static int say_pair(struct longhaul_report *report, const struct report_leg *x, const struct report_leg *y,
                    const char *how, struct longhaul_error *err)
{
    char rates[PART_SIZE], losses[PART_SIZE];
    word_rates(x, y, rates);
    word_losses(x, y, losses);
    if (rates[0] == 0 && !do_losses_differ(x, y))
        return 0;
    return report_takeaway(report, err, "Symmetry%s: %s and back%s%s.", how, wording_leg(x->info).text,
                           rates[0] ? rates : ":", losses + (rates[0] || losses[0] == 0 ? 0 : 1));
}

static bool differ(const struct report_leg *x, const struct report_leg *y)
{
    struct rates r = rates_of(x, y);
    return rate_delta(x, y) > MATTERS * fmax(r.x, r.y);
}

/* True for a pair with one run per direction, both valid and at the same time: otherwise it is unclear which runs
 * belong together. */
static bool is_comparable(const struct longhaul_report *report, const struct report_pair *pair)
{
    if (pair->n != 2)
        return false;
    const struct report_leg *x = &report->legs[pair->legs[0]], *y = &report->legs[pair->legs[1]];
    return strcmp(x->info->source, y->info->source) != 0 && takeaways_is_valid(x) && takeaways_is_valid(y) &&
           report_is_same_time(x, y);
}

int takeaways_say_symmetry(struct longhaul_report *report, struct longhaul_error *err)
{
    size_t n;
    const struct report_leg *widest[2] = { NULL, NULL };
    int rc = 0;
    struct report_pair *pairs = report_pairs(report, &n);
    if (pairs == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "report: out of memory");
    for (size_t i = 0; rc == 0 && i < n; i++) {
        if (!is_comparable(report, &pairs[i]))
            continue;
        const struct report_leg *x = &report->legs[pairs[i].legs[0]], *y = &report->legs[pairs[i].legs[1]];
        if (n <= MANY_PAIRS)
            rc = say_pair(report, x, y, "", err);
        else if (differ(x, y) &&
                 (widest[0] == NULL || rate_delta(x, y) > rate_delta(widest[0], widest[1]))) {
            widest[0] = x;
            widest[1] = y;
        }
    }
    if (rc == 0 && widest[0])
        rc = say_pair(report, widest[0], widest[1], " (the pair whose rates differ most)", err);
    report_pairs_free(pairs, n);
    return rc;
}
