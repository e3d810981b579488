/* show_legs.c - which tests are of the same leg, and which legs have the same sites. Sorts them: a file may have many
 * thousands. */

#include "show.h"

#include <stdlib.h>
#include <string.h>

struct place {
    const struct longhaul_info *info;
    size_t test;
};

static int by_sites(const struct longhaul_info *a, const struct longhaul_info *b)
{
    int order = strcmp(a->source, b->source);
    return order ? order : strcmp(a->destination, b->destination);
}

static int by_leg(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    int order = by_sites(x->info, y->info);
    order = order ? order : strcmp(x->info->protocol, y->info->protocol);
    return order ? order : (x->test > y->test) - (x->test < y->test);
}

/* Those from first on that have the same sites; returns the first after them. */
static size_t take_sites(const struct place *places, size_t first, size_t n, struct show_leg *legs)
{
    size_t end = first, nth = 0;
    for (; end < n && by_sites(places[first].info, places[end].info) == 0; end++) {
        bool is_next = end > first && strcmp(places[end - 1].info->protocol, places[end].info->protocol) == 0;
        nth = is_next ? nth + 1 : 1;
        legs[places[end].test].nth = nth;
    }
    bool is_one_of_two = strcmp(places[first].info->protocol, places[end - 1].info->protocol) != 0;
    for (size_t i = first; i < end; i++)
        legs[places[i].test].is_one_of_two = is_one_of_two;
    return end;
}

struct show_leg *show_legs(struct longhaul_analysis *const *tests, size_t n)
{
    struct place *places = malloc((n + 1) * sizeof *places);
    struct show_leg *legs = malloc((n + 1) * sizeof *legs);
    if (places == NULL || legs == NULL) {
        free(places);
        free(legs);
        return NULL;
    }
    for (size_t i = 0; i < n; i++)
        places[i] = (struct place){ longhaul_analysis_info(tests[i]), i };
    qsort(places, n, sizeof *places, by_leg);
    for (size_t i = 0; i < n;)
        i = take_sites(places, i, n, legs);
    free(places);
    return legs;
}
