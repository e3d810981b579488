/* engine_results.h - the results that a peer sends when a test is over. */
#ifndef ENGINE_RESULTS_H
#define ENGINE_RESULTS_H

#include <stddef.h>

#define ENGINE_RESULTS_WHY_BYTES 120

/* What is wrong with a results document, so that libiperf must not read it: in why. 0 when nothing is, else -1. */
int engine_results_check(const char *text, size_t length, char why[ENGINE_RESULTS_WHY_BYTES]);

#endif
