/* path.h - the two commands of `longhaul path`, and how one of them prints. */
#ifndef PATH_H
#define PATH_H

#include "cmd.h"

#define PATH_CALC "path calc" /* as messages name it */

/* argv[0] is the name that getopt_long() begins its messages with. */
int cmd_path_calc(int argc, char **argv);
int cmd_path_measure(int argc, char **argv);

/* What the topology in file knows of the path from site (NULL: the only one that has legs with the peer) to
 * o->leg.peer, a site's code or address: what the flags left at 0 is filled in. EXIT_DONE, or the status to leave with,
 * after a message. */
int path_take_config(const char *file, const char *site, struct longhaul_path_options *o);

/* Problems and notes with what to do, the figures, what could not be measured; is_verbose: also what is ok, and the
 * hops. */
void path_print(const struct longhaul_path *path, bool is_verbose);

#endif
