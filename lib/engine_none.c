/* engine_none.c - in place of engine_child.c in a build without libiperf. */

#include "engine_wire.h"

#include <unistd.h>

const char *longhaul_iperf_version(void)
{
    return "";
}

const char *longhaul_iperf_intervals(void)
{
    return "";
}

void engine_child(const struct engine_params *params, int pair, int messages, pid_t parent)
{
    (void)params, (void)pair, (void)messages, (void)parent;
    _exit(3);
}
