/* path.h - the two commands of `longhaul path`, and how one of them prints. */
#ifndef PATH_H
#define PATH_H

#include "cmd.h"

#define PATH_CALC "path calc" /* as messages name it */

/* argv[0] is the name that getopt_long() begins its messages with. */
int cmd_path_calc(int argc, char **argv);
int cmd_path_measure(int argc, char **argv);

/* Problems and notes with what to do, the figures, what could not be measured; is_verbose: also what is ok, and the hops. */
void path_print(const struct longhaul_path *path, bool is_verbose);

#endif
