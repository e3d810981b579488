/* loss_chain.h - which cells lost more than is usual, by a hidden Markov chain of levels of loss. */
#ifndef LOSS_CHAIN_H
#define LOSS_CHAIN_H

#include "analysis/cells.h"

#define LOSS_CHAIN_COST 10.0 /* nats, of each change of level */

/* Of a usual cell: a negative binomial about the usual loss, and now and then a burst with a geometric tail, as learnt
 * from quiet cells. So the bursts of a Gilbert-Elliott channel are usual. */
struct loss_chain {
    const struct cells *cells;
    double *usual;        /* packets of each cell */
    int *grid;            /* the step of its logarithm */
    unsigned char *state; /* of each cell; 0: usual */
    double burst_share, burst_mean;
    double run_begins, run_goes_on; /* chances of bursts that last for several cells */
    double size;        /* packets a second, in 900 */
    double least_level; /* share of the packets */
    struct loss_chain_levels *levels;
};

/* False when out of memory; free it in any case. */
bool loss_chain_make(struct loss_chain *chain, const struct cells *cells);
void loss_chain_free(struct loss_chain *chain);
/* The logarithm of the likelihood ratio of cells from..to: a steady loss with their mean, to the usual. */
double loss_chain_gain(struct loss_chain *chain, size_t from, size_t to, double mean);
/* The same for a steady loss with this mean, to one with the other. */
double loss_chain_contrast(const struct loss_chain *chain, size_t from, size_t to, double mean, double other);

#endif
