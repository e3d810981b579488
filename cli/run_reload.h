/* run_reload.h - SIGUSR2 to `longhaul run --config`: legs that the topology has no longer end, new ones begin. */
#ifndef RUN_RELOAD_H
#define RUN_RELOAD_H

#include "reload.h"

struct run_reload {
    const char *config, *site, *legs; /* of --config, --site and --leg */
    struct longhaul_run *run;
};

/* of lives until reload_free(). NULL when out of memory: then SIGUSR2 does nothing. */
struct reload *run_reload_new(struct run_reload *of, const struct longhaul_leg *legs, size_t n, char **argv,
                              const struct longhaul_run_options *options);

#endif
