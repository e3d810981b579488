/* plan_objectives.c - the part of `longhaul plan` about objectives: legs with the same ones share a line. */

#include "plan_objectives.h"

#include <stdio.h>
#include <string.h>

#define MOST_NAMED 4 /* legs in a line */

static const struct longhaul_objective *objectives_of(const struct longhaul_topology *topology, size_t i, size_t *n)
{
    const struct longhaul_leg *leg = &longhaul_topology_leg(topology, i)->leg;
    return longhaul_topology_objectives(topology, leg->source, leg->destination, n);
}

static bool is_same_objective(const struct longhaul_objective *a, const struct longhaul_objective *b)
{
    char x[LONGHAUL_OBJECTIVE_TEXT], y[LONGHAUL_OBJECTIVE_TEXT];
    longhaul_objective_text(a, x);
    longhaul_objective_text(b, y);
    return strcmp(x, y) == 0;
}

static bool are_same(const struct longhaul_topology *topology, size_t i, size_t k)
{
    size_t n, m;
    const struct longhaul_objective *a = objectives_of(topology, i, &n), *b = objectives_of(topology, k, &m);
    bool same = n == m;
    for (size_t j = 0; same && j < n; j++)
        same = is_same_objective(&a[j], &b[j]);
    return same;
}

/* The first leg that has the objectives of leg i. */
static size_t first_like(const struct longhaul_topology *topology, size_t i)
{
    size_t first = 0;
    while (first < i && !are_same(topology, first, i))
        first++;
    return first;
}

static void print_names(const struct longhaul_topology *topology, size_t first)
{
    size_t n_all = longhaul_topology_n_legs(topology), n = 0;
    for (size_t i = first; i < n_all; i++)
        n += are_same(topology, first, i);
    if (n == n_all && n > 1) {
        printf("  all legs:");
        return;
    }
    size_t named = 0;
    for (size_t i = first; i < n_all && named < MOST_NAMED; i++) {
        const struct longhaul_leg *leg = &longhaul_topology_leg(topology, i)->leg;
        if (are_same(topology, first, i))
            printf("%s%s->%s", named++ ? ", " : "  ", leg->source, leg->destination);
    }
    if (n > named)
        printf(" and %zu more", n - named);
    printf(":");
}

void plan_print_objectives(const struct longhaul_topology *topology)
{
    bool has_head = false;
    for (size_t i = 0; i < longhaul_topology_n_legs(topology); i++) {
        size_t n;
        const struct longhaul_objective *list = objectives_of(topology, i, &n);
        if (n == 0 || first_like(topology, i) != i)
            continue;
        printf("%s", has_head ? "" : "\nobjectives\n");
        has_head = true;
        print_names(topology, i);
        for (size_t k = 0; k < n; k++) {
            char text[LONGHAUL_OBJECTIVE_TEXT];
            longhaul_objective_text(&list[k], text);
            printf("%s %s", k ? ";" : "", text);
        }
        printf("\n");
    }
}
