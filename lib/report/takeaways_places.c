/* takeaways_places.c - in the takeaways: round trips that cannot be, because light is slower between the places. */

#include "report/takeaways.h"

#include <stdio.h>
#include <string.h>

#include "report/wording.h"

static const char *impossible(const struct report_leg *leg)
{
    size_t n;
    const struct longhaul_finding *findings = longhaul_analysis_findings(leg->analysis, &n);
    for (size_t i = 0; i < n; i++)
        if (strcmp(findings[i].rule, "rtt_below_light") == 0)
            return findings[i].text;
    return NULL;
}

int takeaways_say_places(struct longhaul_report *report, struct longhaul_error *err)
{
    size_t n = 0, first = 0;
    char others[64] = "";
    for (size_t i = 0; i < report->n_legs; i++) {
        if (impossible(&report->legs[i]) == NULL)
            continue;
        first = n == 0 ? i : first;
        n++;
    }
    if (n == 0)
        return 0;
    if (n > 1)
        snprintf(others, sizeof others, " The same on %zu more leg%s.", n - 1, n == 2 ? "" : "s");
    return report_takeaway(report, err, "Impossible: %s, %s%s", wording_run(report, first).text,
                           impossible(&report->legs[first]), others);
}
