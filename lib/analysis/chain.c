/* chain.c - Viterbi's algorithm for a chain whose changes of state all cost the same: the best way into a state is
 * either from itself, or from the best of all. So a cell needs one pass over the states. */

#include "analysis/chain.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* How each state was reached: those in changed came from best, the others from themselves; the usual and its bursts
 * from those of from[], where there are bursts. */
struct step {
    uint32_t changed;
    unsigned char best, was_calm, from[2];
};

/* The logarithms of the chances of a burst: that it begins and not, goes on and not. */
struct burst {
    double begins, begins_not, goes_on, goes_on_not;
};

static size_t index_of_greatest(const double *values, size_t n)
{
    size_t best = 0;
    for (size_t k = 1; k < n; k++)
        if (values[k] > values[best])
            best = k;
    return best;
}

/* As after a long calm: the usual state at 0, the others at the cost of a change. */
static void rest(const struct chain *c, double *score)
{
    score[0] = 0;
    for (size_t k = 1; k < c->n_states; k++)
        score[k] = -c->cost;
    if (c->begins > 0)
        score[1] = -INFINITY; /* entering it anew is what counts */
}

/* The best way into the usual, or into its burst: from either of them, or from the best of all others. */
static double enter(const struct chain *c, const struct burst *b, const double *score, size_t other, bool is_burst,
                    unsigned char *from)
{
    double stay = score[0] + (is_burst ? b->begins : b->begins_not);
    double burst = score[1] + (is_burst ? b->goes_on : b->goes_on_not);
    double rest = is_burst ? -INFINITY : score[other] - c->cost, best = fmax(stay, fmax(burst, rest));
    *from = (unsigned char)(best == stay ? 0 : best == burst ? 1 : other);
    return best;
}

static struct step advance(const struct chain *c, const struct burst *b, double *score, const double *likelihood)
{
    struct step step = { .best = (unsigned char)index_of_greatest(score, c->n_states) };
    double floor = score[step.best] - c->cost, top = -INFINITY, entered[2] = { 0, 0 };
    size_t first = c->begins > 0 ? 2 : 0, other = first + index_of_greatest(score + first, c->n_states - first);
    for (size_t k = 0; k < first; k++)
        entered[k] = enter(c, b, score, other, k == 1, &step.from[k]) + likelihood[k];
    for (size_t k = first; k < c->n_states; k++) {
        if (score[k] <= floor) {
            step.changed |= UINT32_C(1) << k;
            score[k] = floor;
        }
        score[k] += likelihood[k];
    }
    for (size_t k = 0; k < c->n_states; k++) {
        score[k] = k < first ? entered[k] : score[k];
        top = score[k] > top ? score[k] : top;
    }
    for (size_t k = 0; k < c->n_states; k++)
        score[k] -= top; /* sums of a day would lose digits */
    return step;
}

/* True if each other state is worth no more than one that is entered anew. */
static bool is_at_rest(const struct chain *c, const struct burst *b, const double *score)
{
    bool has_bursts = c->begins > 0;
    for (size_t k = has_bursts ? 2 : 1; k < c->n_states; k++)
        if (score[k] > -c->cost)
            return false;
    return score[0] == 0 && (!has_bursts || score[1] + b->goes_on <= b->begins);
}

static void trace_back(const struct chain *c, const struct step *steps, size_t n, size_t last, unsigned char *state)
{
    size_t at = last;
    for (size_t i = n; i-- > 0;) {
        state[i] = (unsigned char)at;
        if (steps[i].was_calm)
            at = 0;
        else if (at < 2 && c->begins > 0)
            at = steps[i].from[at];
        else if (steps[i].changed >> at & 1)
            at = steps[i].best;
    }
}

bool chain_solve(const struct chain *c, size_t n, unsigned char *state)
{
    struct step *steps = malloc((n + 1) * sizeof *steps);
    double score[CHAIN_MOST_STATES], likelihood[CHAIN_MOST_STATES];
    struct burst b = { log(c->begins), log1p(-c->begins), log(c->goes_on), log1p(-c->goes_on) };
    bool at_rest = true;
    if (steps == NULL)
        return false;
    rest(c, score);
    for (size_t i = 0; i < n; i++) {
        if (at_rest && c->is_calm(c->payload, i)) {
            steps[i] = (struct step){ .was_calm = 1 };
            continue;
        }
        c->likelihoods(c->payload, i, likelihood);
        steps[i] = advance(c, &b, score, likelihood);
        at_rest = is_at_rest(c, &b, score);
        if (at_rest)
            rest(c, score);
    }
    for (size_t k = c->begins > 0 ? 2 : 1; k < c->n_states; k++)
        score[k] -= c->cost; /* a state that lasts to the end is not cheaper than one that ends */
    trace_back(c, steps, n, index_of_greatest(score, c->n_states), state);
    free(steps);
    return true;
}
