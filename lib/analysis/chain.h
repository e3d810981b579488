/* chain.h - a hidden Markov chain of levels over a sequence of cells, solved by Viterbi's algorithm: only arithmetic.
 */
#ifndef CHAIN_H
#define CHAIN_H

#include <stdbool.h>
#include <stddef.h>

#define CHAIN_MOST_STATES 24

/* State 0 is the usual, before the first cell and after the last; each change of state costs as much, in nats. */
struct chain {
    size_t n_states; /* at most CHAIN_MOST_STATES */
    double cost;
    /* State 1 is a burst that is usual too: the chances that one begins, and that it goes on, instead of the cost. 0 in
     * begins: state 1 is like the others. */
    double begins, goes_on;
    bool (*is_calm)(void *payload, size_t i); /* the usual state explains cell i at least as well as any other */
    void (*likelihoods)(void *payload, size_t i, double *out); /* the logarithm for each state */
    void *payload;
};

/* Writes the most likely state of each of n cells (Viterbi 1967). False when out of memory. O(n times states), and O(1)
 * for a calm cell after calm ones. */
bool chain_solve(const struct chain *chain, size_t n, unsigned char *state);

#endif
