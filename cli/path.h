/* path.h - the two commands of `longhaul path`. */
#ifndef PATH_H
#define PATH_H

#include "cmd.h"

#define PATH_CALC "path calc" /* as messages name it */

/* argv[0] is the name that getopt_long() begins its messages with. */
int cmd_path_calc(int argc, char **argv);

#endif
