/* levels.c - events of a level: cells whose jitter, or delay, is a multiple of the usual for a while, by a chain of
 * levels of its logarithm. */

#include "analysis/levels.h"

#include <stdlib.h>

#include "analysis/cells.h"
#include "analysis/chain.h"
#include "analysis/events.h"
#include "base/stats.h"

#define COST 15.0 /* nats, of each change of level */
#define BLOCK_S 60.0
#define LEAST_BLOCK 10 /* cells */
#define LEAST_CELLS 30
#define BASE_SHARE 0.15      /* of the blocks' medians: a step may have most of the day */
#define LEAST_DEVIATION 0.15 /* of the logarithm */
#define SLACK 0.3            /* of the logarithm: a slow change of the usual */
#define FREEDOM 3.0          /* of Student's distribution */
#define LEAST_FACTOR 3.0
#define MOST_APART_S 400.0
#define LONG_S 900.0 /* what lasts longer and has no sharp edge is slow */
#define EDGE_S 300.0
#define MAD_TO_DEVIATION 1.4826

static const double factors[] = { 2.7, 4.5, 8, 13, 21, 35, 60, 100, 1000 };
enum { N_FACTORS = sizeof factors / sizeof *factors };

/* A standard deviation of the logarithm, and its logarithm. */
struct scatter {
    double deviation, log;
};

struct search {
    const struct level_kind *kind;
    const struct cells *cells;
    double *log; /* of each cell's value */
    double base;
    struct scatter usual, raised;
    double lift[N_FACTORS];
    unsigned char *state;
    double *room; /* for n doubles */
};

static struct scatter scatter_of(double deviation)
{
    return (struct scatter){ deviation, log(deviation) };
}

static double student(double distance, const struct scatter *scatter)
{
    double z = distance / scatter->deviation;
    return -(FREEDOM + 1) / 2 * log1p(z * z / FREEDOM) - scatter->log;
}

/* Less than usual is usual. */
static double usual_likelihood(const struct search *s, size_t i)
{
    double above = s->log[i] - s->base;
    return student(above > SLACK ? above - SLACK : above < -SLACK ? fmin(-above - SLACK, 1) : 0, &s->usual);
}

static bool is_calm(void *payload, size_t i)
{
    const struct search *s = payload;
    return s->log[i] - s->base < s->lift[0] / 2;
}

static void likelihoods(void *payload, size_t i, double *out)
{
    const struct search *s = payload;
    out[0] = usual_likelihood(s, i);
    for (size_t k = 0; k < N_FACTORS; k++)
        out[k + 1] = student(s->log[i] - s->base - s->lift[k], &s->raised);
}

/* The median of the logarithms in from..to, and of the distances from it. */
static double middle_of(const struct search *s, size_t from, size_t to, double *spread)
{
    for (size_t i = from; i < to; i++)
        s->room[i - from] = s->log[i];
    double middle = stats_median(s->room, to - from);
    if (spread) {
        for (size_t i = from; i < to; i++)
            s->room[i - from] = fabs(s->log[i] - middle);
        *spread = stats_median(s->room, to - from);
    }
    return middle;
}

/* The usual jitter and its deviation, by the medians of minutes. */
static bool find_usual(struct search *s)
{
    size_t size = (size_t)fmax(LEAST_BLOCK, round(BLOCK_S / s->cells->seconds)), n = 0;
    double *middle = malloc((s->cells->n / size + 1) * sizeof *middle),
           *spread = malloc((s->cells->n / size + 1) * sizeof *spread);
    const double share = BASE_SHARE;
    bool good = middle && spread;
    for (size_t from = 0; good && (from + size <= s->cells->n || n == 0); from += size, n++)
        middle[n] = middle_of(s, from, from + size < s->cells->n ? from + size : s->cells->n, &spread[n]);
    if (good) {
        stats_quantiles(middle, n, &share, 1, &s->base);
        s->usual = scatter_of(fmax(LEAST_DEVIATION, MAD_TO_DEVIATION * stats_median(spread, n)));
        s->raised = scatter_of(fmax(SLACK, s->usual.deviation));
    }
    free(middle);
    free(spread);
    return good;
}

/* True if it neither begins nor ends with half of its rise. */
static bool is_slow(const struct search *s, size_t from, size_t to, double rise)
{
    size_t wide = (size_t)fmax(5, round(EDGE_S / s->cells->seconds)), reach = to - from < wide ? to - from : wide;
    double most = -INFINITY;
    if (from >= wide / 5)
        most = middle_of(s, from, from + reach, NULL) - middle_of(s, from > wide ? from - wide : 0, from, NULL);
    if (to + wide / 5 <= s->cells->n)
        most = fmax(most, middle_of(s, to - reach, to, NULL) -
                              middle_of(s, to, to + wide < s->cells->n ? to + wide : s->cells->n, NULL));
    return isfinite(most) && most < 0.5 * rise;
}

static bool tell_region(struct search *s, const struct view *v, size_t from, size_t to, struct event_list *list)
{
    const struct cells *c = s->cells;
    double rise = middle_of(s, from, to, NULL) - s->base,
           seconds = cells_end_s(c, v, to - 1) - cells_start_s(c, v, from);
    double usual = exp(s->base), level = exp(s->base + rise);
    const struct level_kind *kind = s->kind;
    if (rise < log(LEAST_FACTOR) || level - usual < kind->least_rise ||
        seconds < (level - usual < kind->slight_rise ? kind->slight_s : kind->least_s) ||
        to - from < kind->least_cells ||
        (seconds >= LONG_S && is_slow(s, from, to, rise)))
        return true;
    struct longhaul_event e = events_between(v, kind->kind, c->first[from], c->last[to - 1]);
    e.level = level;
    e.usual = usual;
    for (size_t i = from; i < to; i++)
        e.peak = fmax(e.peak, c->level[i]); /* fmax ignores NAN */
    e.lost_packets = 0;
    return event_list_add(list, v, e);
}

static bool find(struct search *s, const struct view *v, struct event_list *list)
{
    struct chain chain = {
        .n_states = N_FACTORS + 1, .cost = COST, .is_calm = is_calm, .likelihoods = likelihoods, .payload = s
    };
    const struct cells *c = s->cells;
    for (size_t i = 0; i < c->n; i++)
        s->log[i] = log(fmax(c->level[i], s->kind->floor));
    for (size_t k = 0; k < N_FACTORS; k++)
        s->lift[k] = log(factors[k]);
    if (!find_usual(s) || !chain_solve(&chain, c->n, s->state))
        return false;
    for (size_t i = 0, j; i < c->n; i = j) {
        j = i + 1;
        if (s->state[i] == 0)
            continue;
        while (j < c->n && s->state[j] != 0 && cells_start_s(c, v, j) - cells_end_s(c, v, j - 1) <= MOST_APART_S)
            j++;
        if (!tell_region(s, v, i, j, list))
            return false;
    }
    return true;
}

bool levels_find(const struct level_kind *kind, const struct view *v, double *room, struct event_list *list)
{
    struct cells cells;
    if (!cells_make(&cells, v, list->mark, NAN, NULL, kind->value))
        return false;
    struct search s = {
        .kind = kind, .cells = &cells, .log = room, .room = room + v->n, .state = malloc(cells.n + 1)
    };
    bool good = s.state && (cells.n < LEAST_CELLS || find(&s, v, list));
    free(s.state);
    cells_free(&cells);
    return good;
}
