/* validity_sequence.c - findings about UDP sequence numbers: datagrams that arrived twice, numbers that went back (a
 * counter that wrapped, datagrams of an earlier test), and why a loss is negative. A cause is named only if the data
 * show it. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/analysis.h"
#include "base/stats.h"

#define TWICE_SHARE 1e-5 /* of the packets: a receiver reads its bytes and packets one after the other */
#define BACK_SHARE 0.5   /* of the datagrams that did not count as new: the others may be duplicates, or late */
#define MISSING_SHARE 0.1 /* of the usual packets: a smaller difference is normal from row to row */
#define JUMP_TIMES 10.0  /* times the usual packets of an interval */
#define SENT_TIMES 2.0   /* times the target: no sender catches up faster */
#define LEAST_SENT 100.0 /* packets; fewer are not remarkable */
#define TWO_31 2147483648.0

struct sequence {
    size_t n_back, first_back; /* intervals in which the numbers went back */
    size_t n_after;            /* intervals with bytes, from the first of them on */
    double jump;               /* most packets lost in one interval before them, if more than can have been sent;
                                * else 0 */
};

/* The packets that usually count as new in an interval; if hardly any do in the whole test, the datagrams that usually
 * arrive. A high quantile: numbers may have gone back in half of the test. */
static double usual_packets(const struct longhaul_analysis *a)
{
    static const double share = 0.75;
    const struct view *v = &a->view;
    double *room = malloc((v->n + 1) * sizeof *room), arrived = NAN, counted = NAN;
    size_t n = 0;
    if (room == NULL)
        return NAN;
    for (size_t i = 0; i < v->n && a->info.datagram_bytes > 0; i++)
        if (v->bytes[i] > 0)
            room[n++] = v->bytes[i] / a->info.datagram_bytes;
    stats_quantiles(room, n, &share, 1, &arrived);
    n = 0;
    for (size_t i = 0; i < v->n; i++)
        if (v->packets[i] > 0 && !(v->packets[i] > JUMP_TIMES * arrived && v->lost_as_counted[i] > 0))
            room[n++] = v->packets[i];
    stats_quantiles(room, n, &share, 1, &counted);
    free(room);
    return isnan(counted) ? arrived : counted;
}

/* True if datagrams arrived, but most of those that usually count as new in such a time did not: each of them reduced
 * the losses. A few late ones in a row that is short, or in which the sender paused, do not explain what is missing. */
static bool fell_back(const struct view *v, size_t i, double usual)
{
    if (!(v->bytes[i] > 0) || !view_is_usable(v, i))
        return false;
    if (isnan(v->lost_as_counted[i]) || isnan(usual))
        return v->packets[i] <= 0;
    double behind = -v->lost_as_counted[i], missing = usual - v->packets[i];
    if (v->usual_s > 0 && v->seconds[i] < v->usual_s)
        missing -= usual * (1 - v->seconds[i] / v->usual_s);
    if (!(behind > 0) || behind < BACK_SHARE * missing)
        return false;
    return v->packets[i] <= 0 || missing > fmax(BACK_SHARE * behind, MISSING_SHARE * usual);
}

static struct sequence look_at_sequence(const struct longhaul_analysis *a)
{
    const struct view *v = &a->view;
    struct sequence s = { 0 };
    double usual = NAN;
    for (size_t i = 0; i < v->n; i++) {
        bool may_be_back = v->bytes[i] > 0 && (v->lost_as_counted[i] < 0 || v->packets[i] <= 0);
        if (may_be_back && isnan(usual))
            usual = usual_packets(a);
        if (may_be_back && fell_back(v, i, usual)) {
            s.first_back = s.n_back++ ? s.first_back : i;
        }
        s.n_after += s.n_back > 0 && v->bytes[i] > 0;
    }
    for (size_t i = 0; i < s.first_back; i++)
        if (v->packets[i] > JUMP_TIMES * usual && v->lost_as_counted[i] > s.jump)
            s.jump = v->lost_as_counted[i];
    return s;
}

static bool knows_sequence(const struct longhaul_analysis *a)
{
    return strcmp(a->info.protocol, "TCP") != 0 && a->figures.has_packets && !a->info.is_sender &&
           a->figures.n_overlapping == 0;
}

static bool sequence_went_back(struct longhaul_analysis *a, const struct sequence *s)
{
    if (s->jump > 0)
        return finding_add(a, "sequence_went_back", true,
                             "%.0f packets lost in one interval, more than can have been sent, and the numbers of %zu "
                             "intervals are behind them: datagrams of an earlier test", s->jump, s->n_back);
    bool is_to_the_end = s->n_back >= 2 && s->n_back == s->n_after;
    return finding_add(a, "sequence_went_back", true,
                         "the sequence numbers of %zu of %zu intervals went back%s", s->n_back, a->view.n,
                         is_to_the_end ? ", until the end: a counter that wrapped, as at 32 bits" : "");
}

const char *validity_cause_of_count(double lost)
{
    return lost > TWO_31 && lost < 2 * TWO_31 ? ": a count that wrapped below 0 at 32 bits" : "";
}

/* More than any sender can have sent in a second: twice the target; without a target, ten times what it usually sends.
 * NAN if unknown. */
static double most_per_s(const struct longhaul_analysis *a)
{
    if (a->info.target_bps > 0)
        return SENT_TIMES * analysis_target_bps(&a->info) / 8 / a->info.datagram_bytes;
    return JUMP_TIMES * usual_packets(a) / a->view.usual_s;
}

/* The interval that lost most, if that may be more than was sent; else n. */
static size_t suspect(const struct longhaul_analysis *a)
{
    const struct view *v = &a->view;
    size_t worst = v->n;
    for (size_t i = 0; i < v->n; i++)
        if (v->lost_as_counted[i] > 0 && (worst == v->n || v->lost_as_counted[i] > v->lost_as_counted[worst]))
            worst = i;
    double packets = (double)a->figures.packets, most = worst < v->n ? v->lost_as_counted[worst] : 0;
    return most >= packets / 2 || most > JUMP_TIMES * packets / (double)v->n ? worst : v->n;
}

/* True if this is more than can have been sent since the test began, even if the sender caught up: some were never sent
 * in this test then. */
static bool more_than_sent(struct longhaul_analysis *a)
{
    const struct view *v = &a->view;
    size_t worst = suspect(a);
    if (worst == v->n)
        return true;
    const char *cause = validity_cause_of_count(v->lost_as_counted[worst]);
    double most = most_per_s(a) * (v->start_s[worst] + v->seconds[worst] + 2 * v->usual_s) + LEAST_SENT;
    if (!(v->lost_as_counted[worst] > most) && cause[0] == 0)
        return true;
    return finding_add(a, "more_than_sent", true,
                         "%.0f packets lost in one interval, more than can have been sent%s", v->lost_as_counted[worst],
                         cause[0] ? cause : ": datagrams of an earlier test, or a counter that wrapped");
}

/* ---- duplicates */

/* What a receiver counted: datagrams, by their bytes, and the sequence numbers that it does not take for lost. */
struct arrivals {
    double datagrams, packets, lost;
};

static struct arrivals arrivals_of(const struct longhaul_analysis *a)
{
    const struct view *v = &a->view;
    struct arrivals sum = { a->end.received_bytes / a->info.datagram_bytes, a->end.received_packets,
                            a->end.lost_packets };
    if (a->info.is_sender || !a->figures.has_loss)
        return a->info.has_omitted ? (struct arrivals){ NAN, NAN, NAN } : sum;
    sum = (struct arrivals){ 0, 0, 0 };
    for (size_t i = 0; i < v->n; i++) {
        /* At the end of an omit period, omitted packets are counted too. */
        if (v->artefacts[i] & (LONGHAUL_ARTEFACT_ABSURD_TIME | LONGHAUL_ARTEFACT_ABSURD_COUNT))
            continue;
        sum.datagrams += v->bytes[i];
        sum.packets += v->packets[i];
        sum.lost += v->lost_as_counted[i];
    }
    sum.datagrams /= a->info.datagram_bytes;
    return sum;
}

/* If the bytes are those of exactly as many datagrams as there are sequence numbers, including lost ones, then they
 * count what was sent. */
static bool duplicates(struct longhaul_analysis *a)
{
    struct arrivals sum = arrivals_of(a);
    if (a->order.duplicate_packets > 0) /* longhaul's own receiver has counted them */
        return finding_add(a, "duplicates", false, "%.0f datagrams arrived twice", a->order.duplicate_packets);
    double slack = fmax(2 * (a->info.n_streams > 1 ? a->info.n_streams : 1), TWICE_SHARE * sum.packets);
    double more = sum.datagrams - (sum.packets - sum.lost);
    if (!(more > slack) || (sum.lost > 0 && fabs(sum.datagrams - sum.packets) <= slack))
        return true;
    return finding_add(
        a, "duplicates", false,
        "at least %.0f datagrams arrived twice: the bytes are those of %.0f, the sequence numbers of %.0f", more,
        sum.datagrams, sum.packets - sum.lost);
}

bool validity_judge_sequence(struct longhaul_analysis *a)
{
    if (strcmp(a->info.protocol, "TCP") == 0)
        return true;
    struct sequence s = knows_sequence(a) ? look_at_sequence(a) : (struct sequence){ 0 };
    if (s.n_back > 0)
        return sequence_went_back(a, &s);
    return (!knows_sequence(a) || more_than_sent(a)) && duplicates(a);
}

/* ---- negative losses */

/* A late datagram was counted as lost before, and is subtracted from the losses when it arrives: so the sum of losses
 * never becomes negative. A duplicate is subtracted too, but was never counted. */
const char *validity_cause_of_negative_loss(const struct longhaul_analysis *a)
{
    const struct view *v = &a->view;
    double lost = 0, least = 0;
    bool is_above = false, is_below = false;
    for (size_t i = 0; i < v->n; i++) {
        if (isnan(v->lost_as_counted[i]))
            continue;
        lost += v->lost_as_counted[i];
        least = fmin(least, lost);
        is_above = is_above || v->lost_as_counted[i] > v->packets[i];
        is_below = is_below || v->lost_as_counted[i] < 0;
    }
    if (!is_below || is_above || look_at_sequence(a).n_back > 0)
        return "";
    return least < 0 ? ": more arrived than were sent, some of them twice"
                     : ": datagrams that arrived late, after reordering";
}
