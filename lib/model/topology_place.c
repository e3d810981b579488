/* topology_place.c - how far apart two sites of a topology are. */

#include <math.h>

#include "model/topology.h"

double topology_distance_km(const struct longhaul_topology *t, const char *source, const char *destination)
{
    size_t a, b;
    if (t == NULL || longhaul_topology_find_site(t, source, &a, NULL) != 0 ||
        longhaul_topology_find_site(t, destination, &b, NULL) != 0)
        return NAN;
    const struct longhaul_site *x = longhaul_topology_site(t, a), *y = longhaul_topology_site(t, b);
    return longhaul_formula_distance_km(x->latitude, x->longitude, y->latitude, y->longitude);
}
