/* report_pairs.c - the pairs of sites of a report, and the legs between them. Sorts, so that a mesh of thousands is
 * fast. */

#include <stdlib.h>
#include <string.h>

#include "report/report.h"

/* A leg, and its sites in the order of their names. */
struct between {
    const char *a, *b;
    size_t leg;
};

static bool is_same_pair(const struct between *x, const struct between *y)
{
    return strcmp(x->a, y->a) == 0 && strcmp(x->b, y->b) == 0;
}

static int by_sites_and_leg(const void *a, const void *b)
{
    const struct between *x = a, *y = b;
    int order = strcmp(x->a, y->a);
    if (order == 0)
        order = strcmp(x->b, y->b);
    return order ? order : (x->leg > y->leg) - (x->leg < y->leg);
}

static struct between *sort_legs(const struct longhaul_report *report)
{
    struct between *legs = malloc((report->n_legs + 1) * sizeof *legs);
    for (size_t i = 0; legs && i < report->n_legs; i++) {
        const struct longhaul_info *info = report->legs[i].info;
        bool in_order = strcmp(info->source, info->destination) <= 0;
        legs[i] = (struct between){ in_order ? info->source : info->destination,
                                    in_order ? info->destination : info->source, i };
    }
    if (legs && report->n_legs > 1)
        qsort(legs, report->n_legs, sizeof *legs, by_sites_and_leg);
    return legs;
}

/* The n legs of one pair. */
static bool set_pair(struct report_pair *pair, const struct between *legs, size_t n)
{
    *pair = (struct report_pair){ legs[0].a, legs[0].b, malloc(n * sizeof *pair->legs), n };
    for (size_t i = 0; pair->legs && i < n; i++)
        pair->legs[i] = legs[i].leg;
    return pair->legs != NULL;
}

struct report_pair *report_pairs(const struct longhaul_report *report, size_t *n)
{
    struct report_pair *pairs = calloc(report->n_legs + 1, sizeof *pairs);
    struct between *legs = sort_legs(report);
    bool good = pairs && legs;
    *n = 0;
    for (size_t from = 0, to; good && from < report->n_legs; from = to) {
        for (to = from + 1; to < report->n_legs && is_same_pair(&legs[to], &legs[from]); to++)
            ;
        good = set_pair(&pairs[(*n)++], legs + from, to - from);
    }
    free(legs);
    if (good)
        return pairs;
    report_pairs_free(pairs, *n);
    return NULL;
}

void report_pairs_free(struct report_pair *pairs, size_t n)
{
    for (size_t i = 0; pairs && i < n; i++)
        free(pairs[i].legs);
    free(pairs);
}
