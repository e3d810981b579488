/* incident_sites.c - how many of many tests begin and end at a site, found by halving: incidents ask it once each. */

#include <stdlib.h>
#include <string.h>

#include "analysis/analysis.h"
#include "report/incidents.h"

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void sort(const char **names, size_t n)
{
    if (n > 0)
        qsort(names, n, sizeof *names, by_name);
}

bool incident_sites_make(struct incident_sites *sites, const struct longhaul_analysis *const *tests, size_t n)
{
    *sites = (struct incident_sites){ .from = malloc((n + 1) * sizeof *sites->from),
                                      .to = malloc((n + 1) * sizeof *sites->to),
                                      .within = malloc((n + 1) * sizeof *sites->within), .n = n };
    if (sites->from == NULL || sites->to == NULL || sites->within == NULL)
        return false;
    for (size_t i = 0; i < n; i++) {
        const struct longhaul_info *info = &tests[i]->info;
        sites->from[i] = info->source;
        sites->to[i] = info->destination;
        if (strcmp(info->source, info->destination) == 0)
            sites->within[sites->n_within++] = info->source;
    }
    sort(sites->from, n);
    sort(sites->to, n);
    sort(sites->within, sites->n_within);
    return true;
}

void incident_sites_free(struct incident_sites *sites)
{
    free(sites->from);
    free(sites->to);
    free(sites->within);
}

/* The place of the first name that is not before a site's, or with_equal that is behind it. */
static size_t place_of(const char *const *names, size_t n, const char *site, bool with_equal)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(names[middle], site);
        if (order < 0 || (with_equal && order == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t count(const char *const *names, size_t n, const char *site)
{
    return place_of(names, n, site, true) - place_of(names, n, site, false);
}

size_t incident_sites_from(const struct incident_sites *sites, const char *site)
{
    return count(sites->from, sites->n, site);
}

size_t incident_sites_to(const struct incident_sites *sites, const char *site)
{
    return count(sites->to, sites->n, site);
}

size_t incident_sites_of(const struct incident_sites *sites, const char *site)
{
    return incident_sites_from(sites, site) + incident_sites_to(sites, site) -
           count(sites->within, sites->n_within, site);
}
