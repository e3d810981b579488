/* report_rate.c - what a report shows for times in which a leg's losses are unknown: the rate, compared with the
 * target. Also names what a map over time shows, so that page, chart and Markdown say the same. */

#include <math.h>
#include <stdio.h>

#include "analysis/analysis.h"
#include "base/units.h"
#include "report/report.h"

static const struct { double least; const char *text;
} levels[REPORT_RATE_LEVELS] = { { 0.999, "99.9 % and more" },
                                 { 0.99, "99 % and more" },
                                 { 0.9, "90 % and more" },
                                 { 0.5, "50 % and more" },
                                 { -INFINITY, "less than 50 %" } };

double report_target_mbps(const struct longhaul_info *info)
{
    return analysis_target_bps(info) / BPS_PER_MBPS;
}

double report_rate_share(const struct report_leg *leg, double mbps)
{
    double target = report_target_mbps(leg->info), median = longhaul_analysis_figures(leg->analysis)->rate_mbps.p50;
    double whole = isnan(target) ? median : target;
    return whole > 0 ? mbps / whole : NAN;
}

int report_rate_level(double share)
{
    int level = 0;
    if (isnan(share))
        return -1;
    while (share < levels[level].least)
        level++;
    return level;
}

const char *report_rate_text(int level)
{
    return level >= 0 && level < REPORT_RATE_LEVELS ? levels[level].text : "";
}

bool report_hour_has_loss(const struct longhaul_span *hour)
{
    return hour->known_packets > 0 && !isnan(hour->lost_packets);
}

static void count_hour(struct report_hours *hours, const struct report_leg *leg, const struct longhaul_span *hour)
{
    bool is_outage = report_bin_level(NAN, hour->outage_s, hour->observed_s) >= 0, /* nothing arrived */
         has_loss = !isnan(longhaul_analysis_loss(leg->analysis)->percent);
    if (report_hour_has_loss(hour) || is_outage) {
        hours->n_loss += report_hour_has_loss(hour) || has_loss;
        return;
    }
    if (isnan(report_rate_share(leg, hour->mean_mbps)))
        return;
    hours->n_rate++;
    hours->n_sent += hour->rate_kind == LONGHAUL_RATE_KIND_SENT;
    hours->n_no_target += isnan(report_target_mbps(leg->info)) ? 1 : 0;
}

struct report_hours report_hours_of(const struct longhaul_report *report)
{
    struct report_hours hours = { .n_loss = 0 };
    for (size_t i = 0; i < report->n_legs; i++) {
        const struct report_leg *leg = &report->legs[i];
        for (size_t k = 0; leg->is_detailed && k < leg->n_bins; k++)
            count_hour(&hours, leg, &leg->bins[k]);
    }
    return hours;
}

void report_rate_words(const struct report_hours *hours, char text[REPORT_RATE_WORDS])
{
    const char *which = hours->n_sent == hours->n_rate ? "sent rate"
                        : hours->n_sent == 0           ? "delivered rate"
                                                       : "sent or delivered rate";
    const char *whole = hours->n_no_target == hours->n_rate ? "the leg's median"
                        : hours->n_no_target == 0           ? "the target"
                                                            : "the target (or the leg's median)";
    snprintf(text, REPORT_RATE_WORDS, "%s compared with %s", which, whole);
}
