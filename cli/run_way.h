/* run_way.h - whether a run's direction can be what was meant on this host. */
#ifndef RUN_WAY_H
#define RUN_WAY_H

#include <longhaul.h>

#include "config.h"

/* For SRC DST PEER of the command line: says in one line who sends to whom, and as what it is recorded, unless this
 * host's name or a peer on this host leaves no doubt; refuses, with the right commands, what this host's name
 * contradicts. n is 2 for --both. EXIT_DONE or EXIT_MISUSED. */
int run_way_check(const struct longhaul_leg *legs, size_t n);
/* For a topology: refuses a site if this host has the address of another one instead. */
int run_way_check_site(const struct config *config, size_t site);

/* EXIT_MISUSED, after a message, for a leg that is bound to an interface that this host has not. */
int run_way_check_device(const struct longhaul_leg *legs, size_t n);

#endif
