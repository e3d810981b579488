/* engine_results.h - the results that a peer sends when a test is over. */
#ifndef ENGINE_RESULTS_H
#define ENGINE_RESULTS_H

#include <stddef.h>

#define ENGINE_RESULTS_WHY_BYTES 120

/* Returns -1 if libiperf must not read a results document, with the reason in why; else 0. */
int engine_results_check(const char *text, size_t length, char why[ENGINE_RESULTS_WHY_BYTES]);

#endif
