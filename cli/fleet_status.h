/* fleet_status.h - what `longhaul fleet status` prints. */
#ifndef FLEET_STATUS_H
#define FLEET_STATUS_H

#include "config.h"
#include "fleet_state.h"

/* Prints each leg, and what is not as it should be. Returns EXIT_DONE, or EXIT_INCOMPLETE when something is not. */
int fleet_status_print(const struct config *config, const struct fleet_state *state);

#endif
