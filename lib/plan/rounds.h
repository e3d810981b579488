/* rounds.h - tests between hosts to rounds, so that no host carries more than it can at a time. */
#ifndef ROUNDS_H
#define ROUNDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rounds_test {
    uint32_t source, destination; /* hosts, below n_hosts, not the same */
    uint32_t colour;              /* out: from 0, in the order in which the tests first need it */
};

/* Colours the tests so that each host has at most limits[host] of one colour; 0 is no limit. With one limit k for all
 * of a full mesh both ways, as many colours as the circle method needs: 2 (n - 1) / k, or 2 n / k for an odd n, rounded
 * up. false: out of memory. */
bool rounds_colour(struct rounds_test *tests, size_t n, const uint32_t *limits, size_t n_hosts, uint32_t *n_colours);

#endif
