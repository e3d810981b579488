/* loss_chain.c - finds the usual loss and the cells that lost more: each needs the other, so they are found in turns.
 */

#include "analysis/loss_chain.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/chain.h"
#include "analysis/usual_loss.h"

#define N_LEVELS 18
#define LEAST_LEVEL 1e-4 /* share of a cell's packets; while the usual loss is not known well, COARSE_LEVEL */
#define COARSE_LEVEL 1.5e-3
#define COARSE_TURNS 2
#define MOST_LEVEL 0.97
#define BAD_SHAPE 3.0 /* of a bad cell's negative binomial: its variance is mean + mean^2 / shape */
#define USUAL_SHAPE 8.0
#define GRID 5.0 /* steps of 1/5 in the usual loss's logarithm have own levels */
#define MOST_TURNS 6
#define LEAST_QUIET 30    /* cells from which bursts are learnt */
#define LEAST_SHARE 0.003 /* of cells with a burst, and most; in one burst, packets */
#define MOST_SHARE 0.08
#define LEAST_MEAN 6.0 /* at 900 packets a second, in proportion */
#define MOST_MEAN 0.05 /* of a cell's packets */
#define MANY_BURSTS 30 /* a few great ones are events, not the usual of a leg */
#define LEAST_SIZE 0.2 /* of the 900 packets a second */
#define NO_RUNS 1e-12
#define MOST_GOES_ON 0.8 /* chance that a burst lasts for another cell */
#define N_TABLE 2048
#define N_KNOWN 64

/* The distributions for one usual loss: a constant, and one for each packet lost. */
struct loss_chain_levels {
    double bad_log[N_TABLE], usual_log[N_TABLE]; /* lgamma(x + shape) - lgamma(shape) - lgamma(x + 1); NAN: not yet */
    int grid;
    bool is_made;
    double constant[N_LEVELS + 1], each[N_LEVELS + 1];
    double quiet_log, burst_log, burst_each;
    double calm_until; /* up to this loss the usual state explains it best */
    double known[N_KNOWN][N_LEVELS + 2]; /* the likelihoods of a loss; NAN in the first one: not yet */
};

static double log_choose(double x, double shape)
{
    int sign; /* lgamma() itself writes to a variable of all threads */
    return lgamma_r(x + shape, &sign) - lgamma_r(shape, &sign) - lgamma_r(x + 1, &sign);
}

static double table_log(double *table, double x, double shape)
{
    if (x >= N_TABLE)
        return log_choose(x, shape);
    double *value = &table[(size_t)x];
    if (isnan(*value))
        *value = log_choose(floor(x), shape);
    return *value;
}

static double bad_log(struct loss_chain_levels *l, double x)
{
    return table_log(l->bad_log, x, BAD_SHAPE);
}

static double usual_log(struct loss_chain_levels *l, double x)
{
    return table_log(l->usual_log, x, USUAL_SHAPE);
}

/* log(exp(a) + exp(b)) */
static double log_sum(double a, double b)
{
    double most = fmax(a, b), apart = fmin(a, b) - most;
    return apart > -40 ? most + log1p(exp(apart)) : most;
}

/* With bursts: they come in bad times as in good ones, and so are no sign of either. */
static double with_bursts(const struct loss_chain_levels *l, double steady, double x)
{
    return log_sum(l->quiet_log + steady, l->burst_log + x * l->burst_each);
}

static double usual_likelihood(struct loss_chain_levels *l, double x)
{
    return with_bursts(l, usual_log(l, x) + l->constant[0] + x * l->each[0], x);
}

static double bad_likelihood(struct loss_chain_levels *l, size_t k, double x)
{
    return with_bursts(l, bad_log(l, x) + l->constant[k] + x * l->each[k], x);
}

/* Negative binomial with this mean and shape. */
static void set_level(struct loss_chain_levels *l, size_t k, double mean, double shape)
{
    l->constant[k] = shape * log(shape / (shape + mean));
    l->each[k] = log(mean / (shape + mean));
}

static double find_calm(struct loss_chain_levels *l)
{
    for (double x = 0; x < 1000; x++) {
        double usual = usual_likelihood(l, x);
        for (size_t k = 1; k <= N_LEVELS; k++)
            if (bad_likelihood(l, k, x) > usual)
                return x - 1;
    }
    return 1000;
}

static void make_levels(const struct loss_chain *c, int grid)
{
    struct loss_chain_levels *l = c->levels;
    double usual = exp(grid / GRID), packets = c->cells->per_cell;
    double low = fmin(fmax(c->least_level, 0.8 * usual / packets), MOST_LEVEL / 2);
    set_level(l, 0, usual, USUAL_SHAPE);
    for (size_t k = 1; k <= N_LEVELS; k++)
        set_level(l, k, usual + packets * low * pow(MOST_LEVEL / low, (double)(k - 1) / (N_LEVELS - 1)), BAD_SHAPE);
    l->quiet_log = log1p(-c->burst_share);
    l->burst_log = log(c->burst_share) - log1p(c->burst_mean);
    l->burst_each = log(c->burst_mean / (1 + c->burst_mean));
    l->grid = grid;
    l->is_made = true;
    l->calm_until = find_calm(l);
    for (size_t x = 0; x < N_KNOWN; x++)
        l->known[x][0] = NAN;
}

/* The levels for cell i. */
static struct loss_chain_levels *levels_of(const struct loss_chain *c, size_t i)
{
    if (!c->levels->is_made || c->levels->grid != c->grid[i])
        make_levels(c, c->grid[i]);
    return c->levels;
}

static double lost_of(const struct loss_chain *c, size_t i)
{
    return fmax(c->cells->lost[i], 0);
}

static bool is_calm(void *payload, size_t i)
{
    const struct loss_chain *c = payload;
    return lost_of(c, i) <= levels_of(c, i)->calm_until;
}

static void compute_likelihoods(const struct loss_chain *c, struct loss_chain_levels *l, double x, double *out)
{
    out[0] = usual_likelihood(l, x);
    out[1] = l->burst_log - log(c->burst_share) + x * l->burst_each;
    for (size_t k = 1; k <= N_LEVELS; k++)
        out[k + 1] = bad_likelihood(l, k, x);
}

/* Most cells lose nothing, or a few. */
static void likelihoods(void *payload, size_t i, double *out)
{
    const struct loss_chain *c = payload;
    struct loss_chain_levels *l = levels_of(c, i);
    double x = lost_of(c, i), *known = x < N_KNOWN && x == floor(x) ? l->known[(size_t)x] : NULL;
    if (known == NULL) {
        compute_likelihoods(c, l, x, out);
        return;
    }
    if (isnan(known[0]))
        compute_likelihoods(c, l, x, known);
    memcpy(out, known, sizeof l->known[0]);
}

/* The logarithm of the likelihood of cells from..to, if each loses this many in the mean. */
static double steady_likelihood(const struct loss_chain *c, size_t from, size_t to, double mean)
{
    double sum = 0, constant = BAD_SHAPE * log(BAD_SHAPE / (BAD_SHAPE + mean)), each = log(mean / (BAD_SHAPE + mean));
    for (size_t i = from; i < to; i++) {
        double x = lost_of(c, i);
        sum += fmax(with_bursts(c->levels, bad_log(c->levels, x) + constant + x * each, x), -700);
    }
    return sum;
}

double loss_chain_gain(struct loss_chain *c, size_t from, size_t to, double mean)
{
    double usual = 0;
    for (size_t i = from; i < to; i++)
        usual += usual_likelihood(levels_of(c, i), lost_of(c, i));
    return steady_likelihood(c, from, to, mean) - usual;
}

double loss_chain_contrast(const struct loss_chain *c, size_t from, size_t to, double mean, double other)
{
    return steady_likelihood(c, from, to, mean) - steady_likelihood(c, from, to, other);
}

/* How often quiet cells have a burst, and how great it is; at least twice what was seen, for those still to come. */
static void learn_bursts(struct loss_chain *c, const unsigned char *quiet)
{
    double n = 0, n_bursts = 0, n_after = 0, sum = 0;
    bool was_burst = false;
    for (size_t i = 0; i < c->cells->n; i++) {
        double usual = c->usual[i], x = lost_of(c, i);
        bool is_burst = quiet[i] && x > fmax(3, usual + 4 * sqrt(usual) + 2);
        n += quiet[i] ? 1 : 0;
        n_bursts += is_burst ? 1 : 0;
        n_after += is_burst && was_burst ? 1 : 0;
        sum += is_burst ? x : 0;
        was_burst = is_burst;
    }
    if (n < LEAST_QUIET)
        return;
    c->burst_share = fmin(MOST_SHARE, fmax(LEAST_SHARE, 2 * n_bursts / n));
    bool has_many = n_bursts >= MANY_BURSTS;
    double most = has_many ? MOST_MEAN * c->cells->per_cell : LEAST_MEAN * c->size;
    c->burst_mean = fmin(most, fmax(LEAST_MEAN * c->size, n_bursts > 0 ? sum / n_bursts : 0));
    c->run_begins = has_many ? fmin(MOST_SHARE, (n_bursts - n_after) / n) : NO_RUNS;
    c->run_goes_on = fmin(MOST_GOES_ON, (n_after + 0.5) / (n_bursts + 1));
}

/* Finds the states with the usual loss and the bursts as known. */
static bool solve(struct loss_chain *c)
{
    struct chain chain = { .n_states = N_LEVELS + 2,
                           .cost = LOSS_CHAIN_COST,
                           .begins = c->run_begins,
                           .goes_on = c->run_goes_on,
                           .is_calm = is_calm,
                           .likelihoods = likelihoods,
                           .payload = c };
    for (size_t i = 0; i < c->cells->n; i++)
        c->grid[i] = i > 0 && c->usual[i] == c->usual[i - 1] ? c->grid[i - 1] : (int)lround(log(c->usual[i]) * GRID);
    c->levels->is_made = false; /* bursts may be others now */
    if (!chain_solve(&chain, c->cells->n, c->state))
        return false;
    for (size_t i = 0; i < c->cells->n; i++) /* a burst is usual */
        c->state[i] = c->state[i] > 0 ? (unsigned char)(c->state[i] - 1) : 0;
    return true;
}

static bool find(struct loss_chain *c, unsigned char *quiet, unsigned char *before)
{
    size_t n = c->cells->n;
    memset(quiet, 1, n);
    for (int turn = 0; turn < MOST_TURNS; turn++) {
        c->least_level = turn < COARSE_TURNS ? COARSE_LEVEL : LEAST_LEVEL;
        if (!usual_loss_of(c->cells, quiet, turn == 0, c->usual) || !solve(c))
            return false;
        for (size_t i = 0; i < n; i++)
            quiet[i] = c->state[i] == 0;
        learn_bursts(c, quiet);
        if (turn >= COARSE_TURNS && memcmp(quiet, before, n) == 0)
            break;
        memcpy(before, quiet, n);
    }
    return true;
}

bool loss_chain_make(struct loss_chain *c, const struct cells *cells)
{
    size_t room = cells->n + 1;
    unsigned char *quiet = malloc(2 * room);
    *c = (struct loss_chain){ .cells = cells,
                              .usual = malloc(room * sizeof *c->usual),
                              .state = calloc(room, 1),
                              .grid = malloc(room * sizeof *c->grid),
                              .size = fmax(cells->pace / 900, LEAST_SIZE),
                              .levels = calloc(1, sizeof *c->levels) };
    c->burst_share = LEAST_SHARE;
    c->burst_mean = LEAST_MEAN * c->size;
    c->run_begins = NO_RUNS;
    c->run_goes_on = 0.5;
    bool good = quiet && c->usual && c->grid && c->state && c->levels;
    for (size_t x = 0; good && x < N_TABLE; x++)
        c->levels->bad_log[x] = c->levels->usual_log[x] = NAN;
    good = good && find(c, quiet, quiet + room);
    free(quiet);
    return good;
}

void loss_chain_free(struct loss_chain *c)
{
    free(c->usual);
    free(c->grid);
    free(c->state);
    free(c->levels);
}
