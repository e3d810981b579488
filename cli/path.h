/* path.h - the two commands of `longhaul path`, and printing for one of them. */
#ifndef PATH_H
#define PATH_H

#include "cmd.h"

#define PATH_CALC "path calc" /* as in messages */

/* argv[0] is the name with which getopt_long() begins its messages. */
int cmd_path_calc(int argc, char **argv);
int cmd_path_measure(int argc, char **argv);

/* Fills in what the flags left at 0, from what the topology in file says about the path from site (NULL: the only one
 * with legs to the peer) to o->leg.peer, a site's code or address. Returns EXIT_DONE, or the status to exit with, after
 * a message. */
int path_take_config(const char *file, const char *site, struct longhaul_path_options *o);

/* Prints problems and notes with remedies, the figures, and what could not be measured; is_verbose: also what is ok,
 * and the hops. */
void path_print(const struct longhaul_path *path, bool is_verbose);

#endif
