/* report_unknown.c - which events a report could not have found because its files lack the data: a rise of loss needs
 * the intervals' loss, a rise of jitter their jitter, an outage or a lower rate their rate. Words it for all
 * texts. */

#include <stdio.h>
#include <string.h>

#include "report/report.h"

#define MOSTLY 0.9 /* of the intervals with a rate: if fewer have a value, it is known only in part */

/* Legs whose intervals know their rate, loss or jitter; *_part: only some of their intervals do. */
struct known {
    size_t n, rate, loss, loss_part, jitter, jitter_part, sent_only;
};

static struct known known_of(const struct longhaul_report *report)
{
    struct known k = { .n = report->n_legs };
    for (size_t i = 0; i < report->n_legs; i++) {
        const struct longhaul_figures *f = longhaul_analysis_figures(report->legs[i].analysis);
        bool has_loss = f->loss_percent.n > 0 || report->legs[i].has_receiver;
        k.rate += f->rate_mbps.n > 0;
        k.loss += f->loss_percent.n > 0;
        k.loss_part += f->loss_percent.n > 0 && (double)f->loss_percent.n < MOSTLY * (double)f->rate_mbps.n;
        k.jitter += f->jitter_ms.n > 0;
        k.jitter_part += f->jitter_ms.n > 0 && (double)f->jitter_ms.n < MOSTLY * (double)f->rate_mbps.n;
        k.sent_only += f->rate_mbps.n > 0 && report->legs[i].info->is_sender && !has_loss;
    }
    return k;
}

static void append(char *text, size_t size, const char *more)
{
    size_t used = strlen(text);
    snprintf(text + used, size - used, "%s%s", used ? ", " : "", more);
}

/* "rises of loss are unknown on 3 of 6 legs"; nothing if there is no such leg. */
static void append_unknown(char *text, size_t size, const char *what, const char *how, size_t n_such, size_t n)
{
    char part[120], where[64] = "";
    if (n_such == 0)
        return;
    if (n > 1 && n_such == n)
        snprintf(where, sizeof where, " on all %zu legs", n);
    else if (n > 1)
        snprintf(where, sizeof where, " on %zu of %zu legs", n_such, n);
    snprintf(part, sizeof part, "%s are %s%s", what, how, where);
    append(text, size, part);
}

struct report_unknown report_unknown_of(const struct longhaul_report *report, bool with_outages)
{
    struct report_unknown u = { .none_text = "" };
    struct known k = known_of(report);
    static const char unknown[] = "unknown", part[] = "known only in part";
    char kinds[96] = "", rest[480] = "";
    append_unknown(rest, sizeof rest, "outages and lower rates", unknown, k.n - k.rate, k.n);
    append_unknown(rest, sizeof rest, "rises of loss", unknown, k.n - k.loss, k.n);
    append_unknown(rest, sizeof rest, "rises of loss", part, k.loss_part, k.n);
    append_unknown(rest, sizeof rest, "rises of jitter", unknown, k.n - k.jitter, k.n);
    append_unknown(rest, sizeof rest, "rises of jitter", part, k.jitter_part, k.n);
    if (rest[0])
        snprintf(u.rest_text, sizeof u.rest_text, "%s.", rest);
    if (k.rate > 0)
        snprintf(kinds, sizeof kinds, "%sno lower rate",
                 !with_outages ? "" : k.sent_only == k.rate ? "no pause in what was sent, " : "no outage, ");
    if (k.loss > 0)
        append(kinds, sizeof kinds, "no rise of loss");
    if (k.jitter > 0)
        append(kinds, sizeof kinds, "no rise of jitter");
    if (kinds[0])
        snprintf(u.none_text, sizeof u.none_text, "%s was found%s%s", kinds, rest[0] ? "; " : ".", u.rest_text);
    return u;
}
