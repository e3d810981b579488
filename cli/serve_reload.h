/* serve_reload.h - what a topology means for the server of one of its sites: the legs that it expects; and SIGUSR2,
 * which reads the topology again. */
#ifndef SERVE_RELOAD_H
#define SERVE_RELOAD_H

#include "config.h"
#include "reload.h"

/* The legs that send to a site, malloc'd; their texts are the config's. A leg that receives from it leaves no record
 * there. NULL when out of memory. */
struct longhaul_expected_leg *serve_reload_expected(const struct config *config, size_t site, size_t *n);

struct serve_reload {
    const char *config, *site; /* of --config and --site */
    struct longhaul_server *server;
};

/* A port that the topology has no longer stays open until the server ends. of lives until reload_free(). NULL when out
 * of memory: then SIGUSR2 does nothing. */
struct reload *serve_reload_new(struct serve_reload *of, const uint16_t *ports, size_t n, char **argv,
                                const char *metrics_path);

#endif
