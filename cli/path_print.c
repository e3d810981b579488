/* path_print.c - prints a measured path for people: first problems, then the figures, then what could not be
 * measured. */

#include "path.h"

#include <math.h>
#include <stdio.h>

static void print_findings(const struct longhaul_path *path, enum longhaul_path_level level, size_t *n_printed)
{
    size_t n;
    const struct longhaul_path_finding *list = longhaul_path_findings(path, &n);
    for (size_t i = 0; i < n; i++) {
        if (list[i].level != level)
            continue;
        (*n_printed)++;
        printf("%-8s %-19s %s\n", longhaul_path_level_text(level), list[i].rule, list[i].text);
        if (*list[i].why)
            printf("%-8s %-19s why: %s\n", "", "", list[i].why);
        if (*list[i].command)
            printf("%-8s %-19s do:  %s\n", "", "", list[i].command);
    }
}

/* Measured, next to what theory allows. */
static void print_figures(const struct longhaul_formula_figures *figures)
{
    printf("\nMeasured, and what theory allows:\n");
    for (size_t i = 0; i < longhaul_formula_figures_length(figures); i++) {
        const struct longhaul_formula_figure *figure = longhaul_formula_figures_at(figures, i);
        char text[64];
        longhaul_formula_figure_text(figure, text, sizeof text);
        printf("  %-44s %18s %s\n", figure->what, text, figure->unit);
    }
}

static void print_hops(const struct longhaul_path *path)
{
    size_t n;
    const struct longhaul_hop *hops = longhaul_path_hops(path, &n);
    if (n > 0)
        printf("\nHops, by %s:\n", longhaul_path_hops_by(path));
    for (size_t i = 0; i < n; i++) {
        const struct longhaul_hop *h = &hops[i];
        printf("  %2d  %-40s", h->ttl, *h->address ? h->address : "-");
        if (!isnan(h->loss))
            printf(" loss %5.1f%%", 100 * h->loss);
        if (!isnan(h->mean_ms))
            printf("  best %.3f  mean %.3f  worst %.3f ms", h->best_ms, h->mean_ms, h->worst_ms);
        printf("\n");
    }
}

static void print_missing(const struct longhaul_path *path)
{
    size_t n;
    const struct longhaul_unmeasured *missing = longhaul_path_missing(path, &n);
    if (n > 0)
        printf("\nNot measured:\n");
    for (size_t i = 0; i < n; i++)
        printf("  %-24s %s\n", missing[i].what, missing[i].why);
}

void path_print(const struct longhaul_path *path, bool is_verbose)
{
    const char *source = longhaul_path_source(path);
    size_t n_problems = 0, n_notes = 0, n_ok = 0;
    print_findings(path, LONGHAUL_PATH_LEVEL_PROBLEM, &n_problems);
    print_findings(path, LONGHAUL_PATH_LEVEL_NOTE, &n_notes);
    if (is_verbose)
        print_findings(path, LONGHAUL_PATH_LEVEL_OK, &n_ok);
    print_figures(longhaul_path_figures(path));
    if (is_verbose)
        print_hops(path);
    print_missing(path);
    printf("\n%s (%s) from %s: %zu problem%s, %zu note%s\n", longhaul_path_plan(path)->peer,
           longhaul_path_address(path), *source ? source : "an unknown address", n_problems, n_problems == 1 ? "" : "s",
           n_notes, n_notes == 1 ? "" : "s");
}
