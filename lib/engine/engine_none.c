/* engine_none.c - replaces engine_child.c in a build without libiperf. */

#include "engine/engine_wire.h"

#include <unistd.h>

const char *longhaul_iperf_version(void)
{
    return "";
}

const char *longhaul_iperf_intervals(void)
{
    return "";
}

int engine_check_key(const char *path, bool is_private, struct longhaul_error *err)
{
    (void)path, (void)is_private;
    return engine_is_built(err) ? 0 : LONGHAUL_ENOTBUILT;
}

bool engine_has_door(void)
{
    return false;
}

void engine_child(const struct engine_params *params, int pair, int door, int messages, pid_t parent)
{
    (void)params, (void)pair, (void)door, (void)messages, (void)parent;
    _exit(3);
}
