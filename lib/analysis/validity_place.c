/* validity_place.c - a finding about where a test's sites are: round trips that are faster than light between them. */

#include <math.h>

#include "analysis/analysis.h"
#include "base/error.h"
#include "model/formula.h"
#include "model/topology.h"

/* Those measured during the test, else TCP's own; NAN. */
static double least_rtt_ms(const struct longhaul_analysis *a)
{
    const struct longhaul_percentiles *p = &a->figures.path_rtt_ms;
    return p->n > 0 ? p->min : a->has_tcp && a->tcp.rtt_ms.n > 0 ? a->tcp.rtt_ms.min : NAN;
}

int longhaul_analysis_locate(struct longhaul_analysis *a, const struct longhaul_topology *topology,
                             struct longhaul_error *err)
{
    double km = topology_distance_km(topology, a->info.source, a->info.destination);
    double light_ms = formula_least_rtt_ms(km), least_ms = least_rtt_ms(a);
    if (!(least_ms < light_ms))
        return 0;
    return finding_add(a, "rtt_below_light", false,
                       "a round trip of %.3g ms, and light in fibre needs %.3g ms for %.0f km: are the places right?",
                       least_ms, light_ms, km)
               ? 0
               : error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", a->info.path);
}
