/* config.h - a topology and its plan for the commands that have --config, --site and --leg. */
#ifndef CONFIG_H
#define CONFIG_H

#include <longhaul.h>

struct config {
    struct longhaul_topology *topology;
    struct longhaul_plan *plan;
};

/* Returns EXIT_DONE, or the exit status after a message. */
int config_open(const char *path, double price_per_gb, struct config *config);
void config_close(struct config *config);

/* For command: the legs of the plan that start at the site (a name; NULL with a leg's name: wherever it starts), or
 * those with the given names (with commas between them), as a malloc'd array of their numbers. Returns EXIT_DONE, or
 * the exit status after a message; having no legs is an error too. */
int config_legs(const char *command, const struct config *config, const char *site, const char *leg, size_t **legs,
                size_t *n);

#endif
