/* config.c - a topology and its plan for the commands that have --config, --site and --leg. */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

int config_open(const char *path, double price_per_gb, struct config *config)
{
    struct longhaul_plan_options options = { .price_per_gb = price_per_gb };
    struct longhaul_error err = { 0 };
    *config = (struct config){ .topology = NULL };
    if (longhaul_topology_load(path, &config->topology, &err) != 0 ||
        longhaul_plan_make(config->topology, &options, &config->plan, &err) != 0) {
        config_close(config);
        return cmd_fail(&err);
    }
    return EXIT_DONE;
}

void config_close(struct config *config)
{
    longhaul_plan_free(config->plan);
    longhaul_topology_free(config->topology);
    *config = (struct config){ .topology = NULL };
}

static int one_leg(const char *command, const struct config *config, const char *name, const size_t *starter,
                   size_t *found)
{
    struct longhaul_error err = { 0 };
    if (longhaul_plan_find_leg(config->plan, name, found, &err) != 0)
        return cmd_refused(command, &err);
    const struct longhaul_planned_leg *leg = longhaul_plan_leg(config->plan, *found);
    if (starter == NULL || leg->starter == *starter)
        return EXIT_DONE;
    return cmd_misused(command, "%s: %s starts at %s, not at %s", longhaul_topology_file(config->topology), name,
                       longhaul_topology_site(config->topology, leg->starter)->code,
                       longhaul_topology_site(config->topology, *starter)->code);
}

/* "HK-WUS", or several with commas between them, each once. chosen has room for all legs of the plan. */
static int named_legs(const char *command, const struct config *config, const char *names, const size_t *starter,
                      size_t *chosen, size_t *n)
{
    char *copy = strdup(names), *rest = copy, *name;
    int status = copy ? EXIT_DONE : EXIT_FAILED;
    size_t found = 0;
    while (status == EXIT_DONE && (name = strsep(&rest, ",")) != NULL) {
        status = one_leg(command, config, name, starter, &found);
        for (size_t i = 0; status == EXIT_DONE && i < *n; i++)
            if (chosen[i] == found)
                status = cmd_misused(command, "--leg: %s is named twice", name);
        if (status == EXIT_DONE)
            chosen[(*n)++] = found;
    }
    free(copy);
    return status;
}

int config_legs(const char *command, const struct config *config, const char *site, const char *leg, size_t **legs,
                size_t *n)
{
    struct longhaul_error err = { 0 };
    size_t starter = 0, n_all = longhaul_plan_n_legs(config->plan);
    int status = EXIT_DONE;
    if (site && longhaul_topology_find_site(config->topology, site, &starter, &err) != 0)
        return cmd_refused(command, &err);
    size_t *chosen = calloc(n_all + 1, sizeof *chosen);
    *n = 0;
    for (size_t i = 0; chosen && leg == NULL && i < n_all; i++)
        if (longhaul_plan_leg(config->plan, i)->starter == starter)
            chosen[(*n)++] = i;
    if (chosen && leg)
        status = named_legs(command, config, leg, site ? &starter : NULL, chosen, n);
    if (chosen == NULL || (status == EXIT_DONE && *n == 0)) {
        status = EXIT_FAILED;
        if (chosen)
            status = cmd_misused(command, "%s: no leg starts at %s: it only serves",
                                 longhaul_topology_file(config->topology), site);
        else
            fprintf(stderr, "longhaul: out of memory\n");
    }
    if (status != EXIT_DONE)
        free(chosen);
    else
        *legs = chosen;
    return status;
}
