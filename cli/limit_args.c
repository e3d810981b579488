/* limit_args.c - the flags that limit how much of a file is read. */

#include "limit_args.h"

#include "args.h"
#include "flags.h"

#define MOST_COUNT UINT64_C(1000000000000)
#define LEAST_IDLE_S 0.1
#define MOST_IDLE_S 86400

bool limit_args_take(const char *command, int option, const char *text, struct longhaul_read_limits *limits)
{
    switch (option) {
    case LIMIT_BYTES: return args_bytes(command, "--max-bytes", text, 1, UINT64_MAX, &limits->max_bytes);
    case LIMIT_ROWS: return args_integer(command, "--max-rows", text, 1, MOST_COUNT, &limits->max_rows);
    case LIMIT_TESTS: return args_integer(command, "--max-tests", text, 1, MOST_COUNT, &limits->max_tests);
    default: return args_real(command, "--max-idle", text, LEAST_IDLE_S, MOST_IDLE_S, &limits->max_idle_s);
    }
}
