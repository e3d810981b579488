/* rounds.h - assigns tests between hosts to rounds, so that no host carries more at a time than it can. */
#ifndef ROUNDS_H
#define ROUNDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rounds_test {
    uint32_t source, destination; /* hosts, below n_hosts, different */
    uint32_t colour;              /* out: from 0, in the order in which the tests first use it */
};

/* Colours the tests so that each host has at most limits[host] tests of one colour; 0 is no limit. A full mesh in both
 * directions with one limit k for all hosts gets as many colours as the circle method needs: 2 (n - 1) / k, or 2 n / k
 * for odd n, rounded up. false when out of memory. */
bool rounds_colour(struct rounds_test *tests, size_t n, const uint32_t *limits, size_t n_hosts, uint32_t *n_colours);

#endif
