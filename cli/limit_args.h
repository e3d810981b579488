/* limit_args.h - the flags that limit how much of a file is read. */
#ifndef LIMIT_ARGS_H
#define LIMIT_ARGS_H

#include <longhaul.h>

/* False after a message about the misuse. */
bool limit_args_take(const char *command, int option, const char *text, struct longhaul_read_limits *limits);

#endif
