/* path_hops.c - the routers on the way: mtr's word where it is installed, else our own probes'. */

#include "path/path_measure.h"

#include <stdio.h>
#include <string.h>

void path_hops_find(const struct path_ends *ends, bool without_mtr, struct longhaul_path_facts *facts)
{
    char why[sizeof facts->hops_why] = "";
    facts->n_hops = 0;
    if (!without_mtr && path_mtr_run(ends, facts, why, sizeof why)) {
        strcpy(facts->hops_by, "mtr");
        return;
    }
    facts->n_hops = 0;
    path_trace_run(ends, facts);
    if (facts->n_hops > 0)
        strcpy(facts->hops_by, "udp");
    else
        snprintf(facts->hops_why, sizeof facts->hops_why, "%s%sno router and no peer answers probes of rising TTL", why,
                 *why ? "; " : "");
}
