/* report_sites.c - the sites of a report, and its hub: the requested site, else the article's, else the site in most
 * pairs. */

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "report/report.h"

#define FAVOURED_HUB "WUS" /* the article's hub */

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char **report_sites(const struct longhaul_report *report, size_t *n)
{
    const char **sites = malloc((2 * report->n_legs + 1) * sizeof *sites);
    size_t kept = 0;
    for (size_t i = 0; sites && i < report->n_legs; i++) {
        sites[2 * i] = report->legs[i].info->source;
        sites[2 * i + 1] = report->legs[i].info->destination;
    }
    if (sites)
        qsort(sites, 2 * report->n_legs, sizeof *sites, by_name);
    for (size_t i = 0; sites && i < 2 * report->n_legs; i++)
        if (kept == 0 || strcmp(sites[kept - 1], sites[i]) != 0)
            sites[kept++] = sites[i];
    *n = kept;
    return sites;
}

static bool is_site(const struct report_pair *pairs, size_t n, const char *site)
{
    for (size_t i = 0; i < n; i++)
        if (strcasecmp(pairs[i].a, site) == 0 || strcasecmp(pairs[i].b, site) == 0)
            return true;
    return false;
}

size_t report_site_number(const char *const *sites, size_t n, const char *site)
{
    const char *const *found = bsearch(&site, sites, n, sizeof *sites, by_name);
    return found ? (size_t)(found - sites) : 0;
}

size_t *report_matrix(const struct longhaul_report *report, const char *const *sites, size_t n)
{
    size_t *at = malloc((n * n + 1) * sizeof *at);
    for (size_t i = 0; at && i < n * n; i++)
        at[i] = report->n_legs;
    for (size_t i = 0; at && i < report->n_legs; i++)
        at[report_site_number(sites, n, report->legs[i].info->source) * n +
           report_site_number(sites, n, report->legs[i].info->destination)] = i;
    return at;
}

bool report_is_same_direction(const struct longhaul_info *a, const struct longhaul_info *b)
{
    return strcmp(a->source, b->source) == 0 && strcmp(a->destination, b->destination) == 0;
}

/* The site in most pairs; if several, the first by name, and *is_one is false. "" when out of memory. */
static const char *busiest_site(const struct longhaul_report *report, const struct report_pair *pairs, size_t n,
                                bool *is_one)
{
    size_t n_sites, best = 0, n_best = 0;
    const char **sites = report_sites(report, &n_sites);
    size_t *counts = sites ? calloc(n_sites + 1, sizeof *counts) : NULL;
    for (size_t i = 0; counts && i < n; i++) {
        counts[report_site_number(sites, n_sites, pairs[i].a)]++;
        if (strcmp(pairs[i].a, pairs[i].b) != 0)
            counts[report_site_number(sites, n_sites, pairs[i].b)]++;
    }
    for (size_t i = 1; counts && i < n_sites; i++)
        best = counts[i] > counts[best] ? i : best;
    for (size_t i = 0; counts && i < n_sites; i++)
        n_best += counts[i] == counts[best];
    *is_one = n_best == 1 || n == 1;
    const char *site = counts && n_sites > 0 ? sites[best] : "";
    free(counts);
    free(sites);
    return site;
}

int report_choose_hub(struct longhaul_report *report, struct longhaul_error *err)
{
    size_t n;
    struct report_pair *pairs = report_pairs(report, &n);
    const char *wish = report->options->hub;
    if (pairs == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "report: out of memory");
    bool is_one;
    const char *busiest = busiest_site(report, pairs, n, &is_one);
    report->hub = strdup(wish ? wish : is_site(pairs, n, FAVOURED_HUB) ? FAVOURED_HUB : busiest);
    report->has_hub =
        wish || !report_is_mesh(report) || (is_one && report->hub && strcasecmp(report->hub, busiest) == 0);
    bool is_unknown = wish && !is_site(pairs, n, wish);
    report_pairs_free(pairs, n);
    if (report->hub == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "report: out of memory");
    return is_unknown ? report_note(report, err, "hub %s: not a site of these results", wish) : 0;
}

bool report_is_inbound(const struct longhaul_report *report, size_t leg)
{
    return report->has_hub && strcasecmp(report->legs[leg].info->destination, report->hub) == 0;
}
