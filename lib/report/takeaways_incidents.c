/* takeaways_incidents.c - in the takeaways: how much of the known loss the incidents have, and for how long legs were
 * without data. */

#include "report/takeaways.h"

#include <math.h>
#include <stdio.h>

#include "report/wording.h"

/* "99.7", rounded so that it is 100 or 0 only if nothing is left, or nothing is there. */
static struct wording share(double part, double all)
{
    double percent = 100 * part / all;
    if (part > 0 && part < all)
        percent = fmin(fmax(percent, 0.1), 99.9);
    return wording_number(percent, percent == 0 || percent == 100 ? 0 : 1, "");
}

static int say_loss(struct longhaul_report *report, const struct report_accounts *a, struct longhaul_error *err)
{
    double all = a->inside + a->outside;
    char unknown[96] = "";
    if (isnan(all) || all <= 0 || a->outside < 0)
        return 0;
    if (a->n_unknown > 0)
        snprintf(unknown, sizeof unknown, "; the loss of %zu of the incidents is unknown", a->n_unknown);
    return report_takeaway(report, err, "Accounts: %zu incident%s %s %s %% of the packets known to be lost (%s of "
                                        "%s), %s were lost outside of %s%s.",
                           a->n, a->n == 1 ? "" : "s", a->n == 1 ? "has" : "have", share(a->inside, all).text,
                           wording_count(a->inside).text, wording_count(all).text, wording_count(a->outside).text,
                           a->n == 1 ? "it" : "them", unknown);
}

int takeaways_say_accounts(struct longhaul_report *report, struct longhaul_error *err)
{
    struct report_accounts a = report_accounts_of(report);
    if (a.n == 0)
        return 0;
    int rc = say_loss(report, &a, err);
    return rc != 0 || !(a.down_s > 0)
               ? rc
               : report_takeaway(report, err, "Downtime: %s without data, summed over the legs.",
                                 wording_length(a.down_s).text);
}
