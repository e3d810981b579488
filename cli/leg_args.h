/* leg_args.h - the flags that say what a leg is, for every command that has them. */
#ifndef LEG_ARGS_H
#define LEG_ARGS_H

#include <longhaul.h>

/* The flag as a user writes it, if it says what a leg is; else NULL. */
const char *leg_args_name(int flag);
/* Takes such a flag. false after a message that names it. */
bool leg_args_take(const char *command, int flag, const char *value, struct longhaul_leg *leg);
/* Copies an operand or an address. false, after a message that names it, if it is too long. */
bool leg_args_text(const char *command, const char *what, const char *value, char *to, size_t size);

#endif
