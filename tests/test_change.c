/* test_change.c - PELT compared with trying every segmentation; Viterbi with trying every path. */

#include "analysis/chain.h"
#include "analysis/change.h"
#include "check.h"
#include "rows.h"

/* ---- change_points compared with every segmentation */

static double squares(const double *x, size_t a, size_t b)
{
    double mean = 0, sum = 0;
    for (size_t i = a; i < b; i++)
        mean += x[i] / (double)(b - a);
    for (size_t i = a; i < b; i++)
        sum += (x[i] - mean) * (x[i] - mean);
    return sum;
}

/* Cost of the segmentation whose inner edges are the bits of mask; INFINITY with a segment that is too short. */
static double cost_of(const double *x, size_t n, unsigned mask, double penalty, size_t least)
{
    double cost = -penalty;
    size_t from = 0;
    for (size_t i = 1; i <= n; i++) {
        if (i < n && !(mask >> i & 1))
            continue;
        if (i - from < least)
            return INFINITY;
        cost += squares(x, from, i) + penalty;
        from = i;
    }
    return cost;
}

static void test_pelt(void)
{
    unsigned long state = 5;
    size_t wrong = 0, edges[16], n_edges;
    double x[14];
    for (int run = 0; run < 200; run++) {
        size_t n = 4 + (size_t)(rows_noise(&state) * 10), least = 1 + (size_t)(run % 3);
        for (size_t i = 0; i < n; i++)
            x[i] = rows_noise(&state) + (double)((i * (size_t)(run % 5)) / n);
        double penalty = 0.05 + rows_noise(&state), best = INFINITY;
        for (unsigned mask = 0; mask < 1u << n; mask += 2)
            best = fmin(best, cost_of(x, n, mask, penalty, least));
        unsigned found = 0;
        if (!change_points(x, n, penalty, least, edges, &n_edges))
            wrong++;
        for (size_t k = 0; k < n_edges; k++)
            found |= 1u << edges[k];
        wrong += n >= 2 * least && !(fabs(cost_of(x, n, found, penalty, least) - best) < 1e-9);
    }
    CHECK(wrong == 0, "PELT finds what trying all segmentations finds, 200 times (%zu wrong)", wrong);
}

/* ---- chain_solve compared with every path */

enum { N_CELLS = 7, N_STATES = 3 };

static bool never_calm(void *payload, size_t i)
{
    (void)payload;
    (void)i;
    return false;
}

static void take_likelihoods(void *payload, size_t i, double *out)
{
    memcpy(out, (const double *)payload + i * N_STATES, N_STATES * sizeof *out);
}

/* Of a change of state; with bursts, state 1 has its chances. */
static double cost_of_change(const struct chain *c, unsigned char from, unsigned char to)
{
    if (c->begins == 0 || from > 1 || to > 1)
        return from == to ? 0 : to == 1 && c->begins > 0 ? INFINITY : c->cost;
    return -log(from == 0 ? (to ? c->begins : 1 - c->begins) : to ? c->goes_on : 1 - c->goes_on);
}

static double score_of(const double *likelihood, const unsigned char *state, const struct chain *c)
{
    double score = 0;
    for (size_t i = 0; i < N_CELLS; i++)
        score += likelihood[i * N_STATES + state[i]] - cost_of_change(c, i ? state[i - 1] : 0, state[i]);
    return score - (state[N_CELLS - 1] > (c->begins > 0) ? c->cost : 0);
}

static void test_chain(void)
{
    unsigned long state = 23;
    size_t wrong = 0;
    for (int run = 0; run < 200; run++) {
        double likelihood[N_CELLS * N_STATES], cost = 0.2 + rows_noise(&state), best = -INFINITY;
        unsigned char found[N_CELLS], path[N_CELLS];
        for (size_t i = 0; i < N_CELLS * N_STATES; i++)
            likelihood[i] = -2 * rows_noise(&state);
        bool has_bursts = run % 2;
        struct chain chain = { .n_states = N_STATES,
                               .cost = cost,
                               .begins = has_bursts ? 0.2 : 0,
                               .goes_on = 0.6,
                               .is_calm = never_calm,
                               .likelihoods = take_likelihoods,
                               .payload = likelihood };
        for (size_t code = 0; code < 2187; code++) { /* 3^7 */
            for (size_t i = 0, rest = code; i < N_CELLS; i++, rest /= N_STATES)
                path[i] = (unsigned char)(rest % N_STATES);
            best = fmax(best, score_of(likelihood, path, &chain));
        }
        wrong += !chain_solve(&chain, N_CELLS, found) || !(fabs(score_of(likelihood, found, &chain) - best) < 1e-9);
    }
    CHECK(wrong == 0, "Viterbi finds what trying all paths finds, 200 times (%zu wrong)", wrong);
}

int main(void)
{
    test_pelt();
    test_chain();
    return CHECK_DONE();
}
