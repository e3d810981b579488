/* validity.c - whether a test's figures can be relied on: named rules, each for one thing that goes wrong in the field.
 * Reports what it saw; corrects nothing. */

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/analysis.h"
#include "base/units.h"
#include "model/iperf_json.h"

#define TWO_32 4294967296.0
#define ENOUGH 0.99        /* of a target rate */
#define HALF 0.5           /* less than half of what was asked for is another test */
#define LOST_SHARE 1e-3    /* of the losses, by which a receiver's end and its intervals may differ */
#define WRAP_SLACK 1e-3    /* of 2^32 */
#define COVERAGE 0.999

/* ---- whether there was a test, and its end */

static bool no_intervals(struct longhaul_analysis *a)
{
    bool has_totals = a->info.end_seconds > 0 && a->info.end_bits_per_second > 0;
    return a->view.n > 0 ||
           finding_add(a, "no_intervals", !has_totals,
                         has_totals ? "only totals are known: the file has no intervals" : "nothing was measured");
}

static bool mixed_tests(struct longhaul_analysis *a)
{
    return !a->info.is_mixed ||
           finding_add(a, "mixed_tests", true,
                         "lines of several tests are mixed: which interval belongs to which test is unknown");
}

static bool error(struct longhaul_analysis *a)
{
    return a->info.error[0] == 0 || finding_add(a, "error", false, "iperf3 said: %s", a->info.error);
}

static bool no_end(struct longhaul_analysis *a)
{
    return a->info.is_complete || a->info.is_journal ||
           finding_add(a, "no_end", false, "the file has no end: its totals are unknown");
}

static bool in_progress(struct longhaul_analysis *a)
{
    return !a->info.is_journal ||
           finding_add(a, "in_progress", false, "the journal of a run that is in progress, or died");
}

/* ---- totals */

/* True if a 32-bit total stands for this sum. */
static bool is_wrapped(double total, double sum)
{
    double turns = round((sum - total) / TWO_32);
    return turns != 0 && fabs(sum - total - turns * TWO_32) <= WRAP_SLACK * TWO_32;
}

/* A count of this side's that wrapped below 0; NAN if none exists. A total of the other side's, if that never
 * reported, is wrong after an omit period even in healthy tests: it is unknown, not a fault. For a sender, the sequence
 * numbers seen by its receiver then tell the truth. */
static double below_0(const struct longhaul_analysis *a)
{
    const struct longhaul_info *i = &a->info;
    const double of_sender[] = { i->is_sender ? i->end_packets : NAN, i->end_sent_packets, i->end_sent_bytes };
    const double of_receiver[] = { i->is_sender ? NAN : i->end_packets, i->end_received_packets,
                                   i->end_received_bytes };
    for (size_t k = 0; k < 3; k++) {
        if (of_sender[k] < 0 && i->is_sender && !(a->end.received_packets > 0))
            return of_sender[k];
        if (of_receiver[k] < 0 && !a->end.is_unheard)
            return of_receiver[k];
    }
    return NAN;
}

static bool wrapped_counter(struct longhaul_analysis *a)
{
    const struct longhaul_info *i = &a->info;
    if (!isnan(below_0(a)))
        return finding_add(a, "wrapped_counter", true, "a total of %.0f: a count that wrapped below 0", below_0(a));
    double own_bytes = i->is_sender ? a->end.sent_bytes : a->end.received_bytes;
    if (a->figures.n_overlapping > 0) /* omitted intervals are among them, but not in the totals */
        return true;
    if (is_wrapped(own_bytes, (double)a->figures.bytes))
        return finding_add(a, "wrapped_counter", true,
                           "a total of %.0f bytes, and %.0f in the intervals: a 32-bit counter", own_bytes,
                           (double)a->figures.bytes);
    if (a->figures.has_packets && is_wrapped(a->end.packets, (double)a->figures.packets))
        return finding_add(a, "wrapped_counter", true,
                           "a total of %.0f packets, and %.0f in the intervals: a 32-bit counter", a->end.packets,
                           (double)a->figures.packets);
    return true;
}

/* The intervals tell what was lost even if the total does not. */
static bool total_int_max(struct longhaul_analysis *a)
{
    if (a->info.end_packets != IPERF_LOST_COUNT && a->info.end_lost_packets != IPERF_LOST_COUNT)
        return true;
    return finding_add(a, "total_int_max", !a->figures.has_loss,
                       "a total of 2147483647 packets is not a count (esnet/iperf#1534)%s",
                       a->figures.has_loss ? ": the intervals' loss is known" : ": the loss is unknown");
}

static bool total_zero(struct longhaul_analysis *a)
{
    if (a->info.end_packets != 0 || a->view.n == 0 || strcmp(a->info.protocol, "UDP") != 0)
        return true;
    return finding_add(a, "total_zero", !a->figures.has_loss, "a total of 0 packets%s",
                a->figures.has_loss ? ": the intervals' loss is known" : ": the loss is unknown");
}

static bool loss_out_of_range(struct longhaul_analysis *a)
{
    double percent = a->info.end_lost_percent, lost = a->info.end_lost_packets, total = a->info.end_packets;
    if (percent < 0 || percent > 100)
        return finding_add(a, "loss_out_of_range", true, "a total loss of %g %%", percent);
    if (lost < 0 || (total > 0 && lost > total && lost != IPERF_LOST_COUNT))
        return finding_add(a, "loss_out_of_range", true, "%.0f packets lost of %.0f%s", lost, total,
                           validity_cause_of_count(lost));
    return true;
}

/* ---- the two sides */

static bool sides_disagree(struct longhaul_analysis *a)
{
    const struct longhaul_info *i = &a->info;
    const struct longhaul_figures *f = &a->figures;
    const struct end_record *e = &a->end;
    double lost = e->lost_packets, seen = e->received_packets > 0 ? e->received_packets : e->packets;
    if (fabs(e->unseen) > e->unseen_slack)
        return finding_add(
            a, "sides_disagree", true, "%.0f packets sent, and the receiver knows of %.0f%s", seen + e->unseen, seen,
            e->unseen > 0                        ? ""
            : is_wrapped(seen, seen + e->unseen) ? ": a 32-bit packet counter"
                                                 : ": datagrams of an earlier test, or a counter that wrapped");
    if (f->has_loss && f->n_overlapping == 0 && !i->is_journal && lost >= 0 && lost != IPERF_LOST_COUNT &&
        fabs(lost - (double)f->lost_packets) > fmax(2, LOST_SHARE * lost))
        return finding_add(a, "sides_disagree", true, "a total of %.0f packets lost, and %.0f in the intervals", lost,
                           (double)f->lost_packets);
    if (e->uncounted > e->uncounted_slack)
        return finding_add(a, "sides_disagree", true,
                           "%.0f packets lost, and %.0f fewer arrived than were sent (esnet/iperf#1984)", lost,
                           lost + e->uncounted);
    return true;
}

static bool receiver_unknown(struct longhaul_analysis *a)
{
    if (!a->end.is_unheard || a->view.n == 0 || a->figures.has_loss)
        return true;
    bool is_tcp = strcmp(a->info.protocol, "TCP") == 0;
    return finding_add(a, "receiver_unknown", !is_tcp, "the receiver's count never arrived%s",
                       is_tcp ? "" : ": 0 lost is not a measurement");
}

/* ---- time */

static bool clock_stepped(struct longhaul_analysis *a)
{
    return a->n_clock_steps == 0 ||
           finding_add(a, "clock_stepped", false, "steps of the wall clock: %zu, the largest %+.3f s",
                       a->n_clock_steps, a->clock_step_s);
}

static bool short_run(struct longhaul_analysis *a)
{
    double planned_s = a->info.planned_s, end_s = a->last_end_s;
    if (a->info.is_journal || a->view.n == 0 || !(planned_s > 0) ||
        end_s > planned_s - fmax(2 * a->view.usual_s, 1e-3 * planned_s))
        return true;
    bool is_stopped = !isnan(a->info.stopped_s);
    return finding_add(a, "short_run", end_s < HALF * planned_s && !is_stopped, "it %s after %s of %s",
                       is_stopped ? "was stopped on request" : "ended", finding_seconds(end_s).text,
                       finding_seconds(planned_s).text);
}

static const char *cause_of_longest(const struct gap_list *gaps)
{
    const struct longhaul_gap *longest = NULL;
    for (size_t i = 0; i < gaps->n; i++)
        if (longest == NULL || gaps->gaps[i].seconds > longest->seconds)
            longest = &gaps->gaps[i];
    return longest ? longest->cause : "";
}

/* Applies to the time until the test ended; what is missing after that is for short_run. */
static bool gaps(struct longhaul_analysis *a)
{
    double observed_s = a->summary.observed_s, share = observed_s / a->last_end_s;
    const char *cause = cause_of_longest(&a->unseen);
    if (a->view.n == 0 || !(share < COVERAGE) || a->last_end_s - observed_s < HALF * a->view.usual_s)
        return true;
    return finding_add(a, "gaps", share < HALF, "%s of %s were not observed%s%s",
                       finding_seconds(a->last_end_s - observed_s).text, finding_seconds(a->last_end_s).text,
                       cause[0] ? "; the longest gap: " : "", cause);
}

/* ---- intervals */

static bool count_rule(struct longhaul_analysis *a, const char *rule, size_t n, bool is_fault, const char *what)
{
    return n == 0 || finding_add(a, rule, is_fault, "%zu of %zu intervals %s", n, a->view.n, what);
}

static bool repeated_intervals(struct longhaul_analysis *a)
{
    return count_rule(
        a, "repeated_intervals", a->figures.n_repeated, false,
        "are repeated: they count once, except in the reference's figures (mean, median, min, max, std, packet rate)");
}

static bool overlapping_intervals(struct longhaul_analysis *a)
{
    return count_rule(a, "overlapping_intervals", a->figures.n_overlapping, false,
                      "begin before the previous one has ended");
}

static bool absurd_time(struct longhaul_analysis *a)
{
    bool is_first = a->figures.n_absurd_times == 1 && (a->view.artefacts[0] & LONGHAUL_ARTEFACT_ABSURD_TIME);
    if (is_first)
        return finding_add(a, "absurd_time", false,
                           "the first interval is not as long as the time from its start to its end, as if an omit "
                           "period ended in it");
    return count_rule(a, "absurd_time", a->figures.n_absurd_times, false,
                      "are not as long as the time from their start to their end");
}

static bool tiny_interval(struct longhaul_analysis *a)
{
    bool is_last = a->figures.n_tiny == 1 && (a->view.artefacts[a->view.n - 1] & LONGHAUL_ARTEFACT_TINY);
    if (is_last)
        return finding_add(a, "tiny_interval", false, "the last interval is %.3g s long",
                           a->view.seconds[a->view.n - 1]);
    return count_rule(a, "tiny_interval", a->figures.n_tiny, false, "are shorter than half the usual length");
}

static bool absurd_count(struct longhaul_analysis *a)
{
    return count_rule(a, "absurd_count", a->figures.n_absurd_counts, true,
                      "have a rate or a count below 0, or of 2147483647");
}

static bool absurd_loss(struct longhaul_analysis *a)
{
    char what[120];
    if (a->figures.n_absurd_losses == 0)
        return true;
    snprintf(what, sizeof what, "lost fewer than 0 packets or more than all%s", validity_cause_of_negative_loss(a));
    return count_rule(a, "absurd_loss", a->figures.n_absurd_losses, false, what);
}

static bool absurd_jitter(struct longhaul_analysis *a)
{
    return count_rule(a, "absurd_jitter", a->figures.n_absurd_jitters, false,
                      a->n_clock_steps > 0 ? "have a jitter below 0 or greater than their length: a clock stepped"
                                           : "have a jitter below 0 or greater than their length");
}

/* ---- rates */

static double asked_mbps(const struct longhaul_analysis *a)
{
    return analysis_target_bps(&a->info) / BPS_PER_MBPS;
}

/* For a receiver's record: what was sent according to sequence numbers. */
static double sent_mbps(const struct longhaul_analysis *a)
{
    double packets = 0, seconds = 0;
    if (a->info.is_sender)
        return a->own_mbps;
    if (!a->figures.has_packets)
        return NAN;
    if (a->figures.n_absurd_times == 0) {
        packets = (double)a->figures.packets;
        seconds = a->summary.observed_s;
    }
    for (size_t i = 0; a->figures.n_absurd_times > 0 && i < a->view.n; i++)
        if (!(a->view.artefacts[i] & LONGHAUL_ARTEFACT_ABSURD_TIME)) {
            packets += a->view.packets[i];
            seconds += a->view.seconds[i];
        }
    return seconds > 0 ? 8 * packets * a->info.datagram_bytes / seconds / BPS_PER_MBPS : NAN;
}

static double delivered_mbps(const struct longhaul_analysis *a)
{
    return a->rate.kind == LONGHAUL_RATE_KIND_DELIVERED ? a->rate.mbps : NAN;
}

static bool sender_limited(struct longhaul_analysis *a)
{
    double sent = sent_mbps(a), asked = asked_mbps(a);
    return a->view.n == 0 || !(sent < ENOUGH * asked) ||
           finding_add(a, "sender_limited", sent < HALF * asked, "%s Mbps were sent of %s asked for",
                       finding_figure(sent).text, finding_figure(asked).text);
}

static bool rate_not_reached(struct longhaul_analysis *a)
{
    double delivered = delivered_mbps(a), asked = asked_mbps(a), sent = sent_mbps(a);
    if (a->view.n == 0 || !(delivered < ENOUGH * asked) || delivered >= ENOUGH * sent)
        return true;
    return finding_add(a, "rate_not_reached", false, "%s Mbps arrived of %s asked for",
                       finding_figure(delivered).text, finding_figure(asked).text);
}

bool validity_judge(struct longhaul_analysis *a)
{
    static bool (*const rules[])(struct longhaul_analysis *) = { no_intervals,
                                                                 mixed_tests,
                                                                 error,
                                                                 no_end,
                                                                 in_progress,
                                                                 wrapped_counter,
                                                                 total_int_max,
                                                                 total_zero,
                                                                 loss_out_of_range,
                                                                 sides_disagree,
                                                                 receiver_unknown,
                                                                 clock_stepped,
                                                                 short_run,
                                                                 gaps,
                                                                 repeated_intervals,
                                                                 overlapping_intervals,
                                                                 absurd_time,
                                                                 tiny_interval,
                                                                 absurd_count,
                                                                 absurd_loss,
                                                                 absurd_jitter,
                                                                 sender_limited,
                                                                 rate_not_reached };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (!rules[i](a))
            return false;
    return validity_judge_sequence(a) && validity_judge_path(a);
}

enum longhaul_verdict longhaul_analysis_verdict(const struct longhaul_analysis *a)
{
    enum longhaul_verdict verdict = LONGHAUL_VERDICT_VALID;
    for (size_t i = 0; i < a->n_findings; i++)
        if (a->findings[i].is_fault)
            verdict = LONGHAUL_VERDICT_NOT_VALID;
        else if (verdict == LONGHAUL_VERDICT_VALID)
            verdict = LONGHAUL_VERDICT_VALID_WITH_NOTES;
    return verdict;
}

const char *longhaul_verdict_text(enum longhaul_verdict verdict)
{
    static const char *const texts[] = { "valid", "valid with notes", "not valid" };
    return (unsigned)verdict < sizeof texts / sizeof *texts ? texts[verdict] : "";
}
