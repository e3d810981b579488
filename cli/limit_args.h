/* limit_args.h - the flags that limit how much of a file is read. */
#ifndef LIMIT_ARGS_H
#define LIMIT_ARGS_H

#include <getopt.h>
#include <longhaul.h>

/* What getopt_long() returns for them. */
enum { LIMIT_BYTES = 256, LIMIT_ROWS, LIMIT_TESTS, LIMIT_IDLE };

#define LIMIT_ARGS_OPTIONS \
    { "max-bytes", required_argument, NULL, LIMIT_BYTES }, { "max-rows", required_argument, NULL, LIMIT_ROWS }, \
    { "max-tests", required_argument, NULL, LIMIT_TESTS }, { "max-idle", required_argument, NULL, LIMIT_IDLE }

/* Their lines of --help. */
#define LIMIT_ARGS_USAGE \
    "  --max-bytes N       read at most this many bytes of one file, after\n" \
    "                      decompression (16G); of a larger file, a note says so\n" \
    "  --max-rows N        read at most this many intervals of one file (5000000)\n" \
    "  --max-tests N       read at most this many tests of one file (200000)\n" \
    "  --max-idle S        read one file for at most this many seconds without\n" \
    "                      another interval (6); waiting for a pipe does not count\n"

/* False after a message about the misuse. */
bool limit_args_take(const char *command, int option, const char *text, struct longhaul_read_limits *limits);

#endif
