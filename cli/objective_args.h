/* objective_args.h - the flags that say what legs are to achieve. */
#ifndef OBJECTIVE_ARGS_H
#define OBJECTIVE_ARGS_H

#include <longhaul.h>

struct objective_args {
    struct longhaul_objective list[LONGHAUL_OBJECTIVES_MAX];
    size_t n;
    bool is_check;
};

/* False after a message about the misuse. */
bool objective_args_take(const char *command, int option, const char *text, struct objective_args *args);

/* The counts of results by verdict, and the exit status that they mean: 0, 3 when one is missed, 4 when none is, but
 * one cannot be judged. */
struct objective_tally {
    size_t n[LONGHAUL_OBJECTIVE_MISSED + 1];
};
/* Prints "HK->WUS: loss <= 0.1 %: met: 0.02 %", or "HK->WUS UDP: ..." of one of two legs, and adds it to the tally. */
void objective_print(const struct longhaul_leg_objective *objective, struct objective_tally *tally);
int objective_status(const struct objective_tally *tally);
/* How many were printed. */
size_t objective_n(const struct objective_tally *tally);

#endif
