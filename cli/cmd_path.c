/* cmd_path.c - `longhaul path`: calls one of its two commands. */

#include "path.h"

#include <string.h>

int cmd_path(int argc, char **argv)
{
    static char calc_name[] = "longhaul path calc";
    if (argc > 1 && strcmp(argv[1], "calc") == 0) {
        argv[1] = calc_name;
        return cmd_path_calc(argc - 1, argv + 1);
    }
    return cmd_path_measure(argc, argv);
}
