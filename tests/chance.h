/* chance.h - for tests: numbers by chance that are the same in each run. */
#ifndef CHANCE_H
#define CHANCE_H

#include <stdint.h>

static uint64_t chance = 42; /* never 0; a test may begin anew by setting it */

/* Between 0 and 1, neither of them (xorshift64, Marsaglia 2003). */
static inline double uniform(void)
{
    chance ^= chance << 13;
    chance ^= chance >> 7;
    chance ^= chance << 17;
    return ((double)(chance >> 11) + 0.5) / 9007199254740992.0;
}

#endif
