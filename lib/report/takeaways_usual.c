/* takeaways_usual.c - in the takeaways: legs whose usual loss rises and falls slowly over the day, as in busy hours.
 * That is no incident, and not the same as a loss that is spread evenly. */

#include <math.h>

#include "analysis/analysis.h"
#include "report/takeaways.h"
#include "report/wording.h"

#define TIMES 3.0 /* the most of the day is so many times its least */
#define LEAST_PERCENT 0.003
#define BLOCK_S 120.0      /* of the running median */
#define LEAST_IN_BLOCK 5.0 /* packets lost, at the worst time: fewer make a median by chance */

/* The usual loss at the worst time of the day; NAN where it does not vary. */
static double most_of(const struct report_leg *leg)
{
    const struct longhaul_figures *f = longhaul_analysis_figures(leg->analysis);
    double most = f->usual_loss_most_percent, pace = longhaul_analysis_summary(leg->analysis)->mean_pkt_rate;
    bool varies = most >= TIMES * f->usual_loss_least_percent && most >= LEAST_PERCENT &&
                  most / 100 * pace * BLOCK_S >= LEAST_IN_BLOCK;
    return varies && takeaways_is_valid(leg) ? most : NAN;
}

int takeaways_say_usual(struct longhaul_report *report, struct longhaul_error *err)
{
    size_t n = 0, worst = 0;
    for (size_t i = 0; i < report->n_legs; i++) {
        double most = most_of(&report->legs[i]);
        if (isnan(most))
            continue;
        if (n++ == 0 || most > most_of(&report->legs[worst]))
            worst = i;
    }
    if (n == 0)
        return 0;
    const struct longhaul_figures *f = longhaul_analysis_figures(report->legs[worst].analysis);
    struct wording when = isnan(f->start_unix_s)
                              ? wording_say("%s from its start", wording_length(f->usual_loss_most_s).text)
                              : wording_utc(f->start_unix_s + f->usual_loss_most_s);
    return report_takeaway(
        report, err,
        "Usual loss: on %zu of %zu leg%s it rises and falls slowly, as in busy hours; on %s from %s to "
        "%s, most at about %s. A slow rise is not an incident.",
        n, report->n_legs, report->n_legs == 1 ? "" : "s", wording_run(report, worst).text,
        wording_short(f->usual_loss_least_percent, " %").text, wording_short(f->usual_loss_most_percent, " %").text,
        when.text);
}
