/* run_reload.c - what a topology that has changed means for the legs of a run. Legs that have not changed are not
 * touched. */

#include "run_reload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "config.h"
#include "log.h"

#define STOP_S 20 /* for the end record of a leg that is dropped */

static struct reload_part part_of(const struct longhaul_leg *leg)
{
    struct reload_part part;
    memset(&part, 0, sizeof part);
    snprintf(part.name, sizeof part.name, "%s-%s", leg->source, leg->destination);
    part.leg = *leg;
    return part;
}

/* Whether --leg, if it was given, names it. */
static bool is_meant(const struct run_reload *of, const char *name)
{
    size_t n = strlen(name);
    for (const char *at = of->legs; at && !reload_is_other(); at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
        if (strncmp(at, name, n) == 0 && (at[n] == 0 || at[n] == ','))
            return true;
    return of->legs == NULL || reload_is_other();
}

/* A site that the topology does not have has no legs. */
static size_t starter_of(const struct run_reload *of, const struct config *config)
{
    size_t site = SIZE_MAX;
    if (of->site)
        longhaul_topology_find_site(config->topology, of->site, &site, NULL);
    return site;
}

static int read_anew(void *payload, struct reload_list *wanted)
{
    const struct run_reload *of = payload;
    struct config config;
    int status = config_open(of->config, 0, &config);
    if (status == EXIT_DONE && longhaul_plan_n_rounds(config.plan) > 1) {
        log_line("longhaul: %s has rounds, whose times are those of one run: it is read at the next start", of->config);
        status = EXIT_MISUSED;
    }
    size_t n = status == EXIT_DONE ? longhaul_plan_n_legs(config.plan) : 0, site = 0;
    if (status == EXIT_DONE)
        site = starter_of(of, &config);
    wanted->parts = calloc(n + 1, sizeof *wanted->parts);
    if (wanted->parts == NULL)
        status = EXIT_FAILED;
    for (size_t i = 0; status == EXIT_DONE && i < n; i++) {
        const struct longhaul_planned_leg *leg = longhaul_plan_leg(config.plan, i);
        struct reload_part part = part_of(&leg->leg);
        if ((of->site == NULL || leg->starter == site) && is_meant(of, part.name))
            wanted->parts[wanted->n++] = part;
    }
    if (status != EXIT_DONE) {
        free(wanted->parts);
        wanted->parts = NULL;
    }
    config_close(&config);
    return status;
}

static bool drop(void *payload, size_t leg)
{
    const struct run_reload *of = payload;
    struct longhaul_status now;
    if (longhaul_run_stop_leg(of->run, leg) != 0)
        return false;
    for (int i = 0; i < STOP_S * 10; i++) {
        if (longhaul_run_status(of->run, leg, &now, NULL) != 0 || now.phase == LONGHAUL_PHASE_DONE)
            break;
        usleep(100000);
    }
    return true;
}

struct reload *run_reload_new(struct run_reload *of, const struct longhaul_leg *legs, size_t n, char **argv,
                              const struct longhaul_run_options *options)
{
    struct reload_options reload = { .argv = argv, .part_flag = "--leg", .metrics_path = options->metrics_path,
                                     .read = read_anew, .drop = drop, .payload = of };
    reload.now.parts = calloc(n + 1, sizeof *reload.now.parts);
    for (size_t i = 0; reload.now.parts && i < n; i++)
        reload.now.parts[reload.now.n++] = part_of(&legs[i]);
    struct reload *made = reload.now.parts ? reload_new(&reload) : NULL;
    free(reload.now.parts);
    return made;
}
