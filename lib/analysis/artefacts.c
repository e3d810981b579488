/* artefacts.c - names what is wrong with intervals. Changes no value. enum longhaul_artefact lists the cases seen in
 * the field. */

#include <math.h>

#include "analysis/analysis.h"
#include "model/iperf_json.h"

#define TINY_SHARE 0.5        /* of the usual length */
#define LEAST_ABSURD_S 1.0    /* a smaller jitter is never absurd */
#define TIME_SLACK_SHARE 0.01 /* of the usual length: adjacent intervals may differ by this */

static bool is_absurd_count(double value)
{
    return value < 0 || value == IPERF_LOST_COUNT;
}

static bool is_absurd_jitter(double jitter_ms, double seconds)
{
    return jitter_ms < 0 || (jitter_ms > 1000 * seconds && jitter_ms > 1000 * LEAST_ABSURD_S);
}

static unsigned char mark_one(const struct view *v, size_t i)
{
    unsigned mark = 0;
    if (v->seconds[i] <= 0 || v->seconds[i] < TINY_SHARE * v->usual_s)
        mark |= LONGHAUL_ARTEFACT_TINY;
    if (v->bps[i] < 0 || is_absurd_count(v->bytes[i]) || is_absurd_count(v->packets[i]) ||
        v->lost[i] == IPERF_LOST_COUNT)
        mark |= LONGHAUL_ARTEFACT_ABSURD_COUNT;
    if (v->lost[i] < 0 || v->lost[i] > v->packets[i])
        mark |= LONGHAUL_ARTEFACT_ABSURD_LOSS;
    if (is_absurd_jitter(v->jitter_ms[i], v->seconds[i]))
        mark |= LONGHAUL_ARTEFACT_ABSURD_JITTER;
    return (unsigned char)mark;
}

/* A receiver saw what it reports; a sender's interval that begins in a gap may not have arrived. */
static void mark_unconfirmed(struct view *v)
{
    size_t gap = 0;
    for (size_t i = 0; v->n_gaps > 0 && i < v->n; i++) {
        double end_s = v->start_s[i] + v->seconds[i];
        v->unconfirmed_s += fmin(gaps_time_in(v->gaps, v->n_gaps, v->start_s[i], end_s, &gap), v->seconds[i]);
        if (v->is_sender && gap < v->n_gaps && v->gaps[gap].start_s <= v->start_s[i])
            v->artefacts[i] |= LONGHAUL_ARTEFACT_UNCONFIRMED;
    }
}

void artefacts_mark(struct view *v)
{
    double end_s = -INFINITY;
    for (size_t i = 0; i < v->n; i++) {
        if (v->artefacts[i] & LONGHAUL_ARTEFACT_REPEATED) { /* its time was observed once */
            v->seconds[i] = 0;
            continue;
        }
        v->artefacts[i] |= mark_one(v, i); /* in addition to those that the cleaning of times marked */
        if (v->start_s[i] < end_s - TIME_SLACK_SHARE * v->usual_s)
            v->artefacts[i] |= LONGHAUL_ARTEFACT_OVERLAPPING;
        end_s = v->start_s[i] + v->seconds[i];
    }
    mark_unconfirmed(v);
}
