/* leg_args.h - the flags that say what a leg is, for every command that has them. */
#ifndef LEG_ARGS_H
#define LEG_ARGS_H

#include <longhaul.h>

/* Flags without a letter; the last two only for legs that are recorded. */
enum { LEG_ARGS_TCP = 200, LEG_ARGS_FLOWS, LEG_ARGS_NO_HOPS };

/* Their long names, for the table of getopt_long(). */
#define LEG_ARGS_OPTIONS                                                                                               \
    { "port", required_argument, NULL, 'p' }, { "bitrate", required_argument, NULL, 'b' },                             \
    { "bandwidth", required_argument, NULL, 'b' }, { "length", required_argument, NULL, 'l' },                         \
    { "parallel", required_argument, NULL, 'P' }, { "pull", no_argument, NULL, 'R' },                                  \
    { "reverse", no_argument, NULL, 'R' }, { "tcp", no_argument, NULL, LEG_ARGS_TCP },                                 \
    { "congestion", required_argument, NULL, 'C' }, { "window", required_argument, NULL, 'w' },                        \
    { "bind", required_argument, NULL, 'B' }, { "udp", no_argument, NULL, 'u' }

/* The flag as a user writes it, if it says what a leg is; else NULL. */
const char *leg_args_name(int flag);
/* Takes such a flag. false after a message that names it. */
bool leg_args_take(const char *command, int flag, const char *value, struct longhaul_leg *leg);
/* Copies an operand or an address. false, after a message that names it, if it is too long. */
bool leg_args_text(const char *command, const char *what, const char *value, char *to, size_t size);

#endif
