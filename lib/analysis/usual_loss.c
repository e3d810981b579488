/* usual_loss.c - the usual loss of a leg: a running median of blocks, without sharp elevations that last. */

#include "analysis/usual_loss.h"

#include <stdlib.h>
#include <string.h>

#include "base/stats.h"

#define BLOCK_S 120.0
#define LEAST_BLOCK 20   /* cells */
#define REACH_S 2700.0   /* to each side of the running median */
#define LEAST_REACH 4    /* blocks */
#define SHORT_S 5400.0   /* a shorter test has one usual loss */
#define BETTER_SHARE 0.7 /* of a block, while nothing is known */
#define BETTER_MEAN 1.25 /* by which the mean of all is greater than that of the better ones, of Poisson counts */
#define FAR_S 2700.0     /* what lasts is seen for so long */
#define PIECE_S 60.0
#define MOST_STEPS 2000

struct blocks {
    size_t size, n; /* cells of a block; blocks */
    double *mean;   /* NAN where nothing is quiet */
};

/* The mean of n losses, each cut to what a quiet cell of this median may have. room: for n doubles. */
static double capped_mean(const double *lost, size_t n, double *room)
{
    memcpy(room, lost, n * sizeof *room);
    double middle = stats_median(room, n), most = fmax(3, 3 * middle + 3), sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += fmin(lost[i], most);
    return n ? sum / (double)n : NAN;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Copies the quiet losses of cells from..to; returns how many. */
static size_t take_quiet(const struct cells *c, const unsigned char *quiet, size_t from, size_t to, double *out)
{
    size_t n = 0;
    for (size_t i = from; i < to; i++)
        if (quiet[i])
            out[n++] = fmax(c->lost[i], 0);
    return n;
}

/* A first guess of the mean of n losses, some of which are not usual: of the better 70 %, and where these lost nothing,
 * what the share of cells without loss tells of a Poisson mean. Orders the values. */
static double first_mean(double *lost, size_t n)
{
    size_t better = (size_t)(BETTER_SHARE * (double)n), n_none = 0;
    qsort(lost, n, sizeof *lost, by_value);
    while (n_none < n && lost[n_none] == 0)
        n_none++;
    double mean = BETTER_MEAN * stats_mean(lost, better ? better : 1);
    return n_none > better ? fmax(mean, -log((double)n_none / (double)n)) : mean;
}

/* room: for twice a block. */
static double mean_of_block(const struct cells *c, const unsigned char *quiet, size_t from, size_t to, size_t least,
                            bool is_first, double *room)
{
    size_t n = take_quiet(c, quiet, from, to, room);
    if (n < least)
        return NAN;
    return is_first ? first_mean(room, n) : capped_mean(room, n, room + n);
}

static void fill_blocks(struct blocks *b, const struct cells *c, const unsigned char *quiet, bool is_first,
                        double *room)
{
    size_t least = b->size / 6 > 5 ? b->size / 6 : 5;
    for (size_t k = 0; k < b->n; k++) {
        size_t from = k * b->size, to = from + b->size < c->n ? from + b->size : c->n;
        b->mean[k] = mean_of_block(c, quiet, from, to, to - from < least ? to - from : least, is_first, room);
    }
}

/* ---- lasting steps */

/* A place where the mean changes for long. */
struct step {
    size_t at;
    double before, after;
};

/* Sums of the quiet losses, cut to what is usual in their block; other cells count as their block's mean. */
static double *sums_of(const struct cells *c, const unsigned char *quiet, const struct blocks *b, double *room)
{
    double *sum = malloc((c->n + 1) * sizeof *sum), carry = 0;
    if (sum == NULL)
        return NULL;
    sum[0] = 0;
    for (size_t k = 0; k < b->n; k++) {
        size_t from = k * b->size, to = from + b->size < c->n ? from + b->size : c->n;
        size_t n = take_quiet(c, quiet, from, to, room);
        memcpy(room + n, room, n * sizeof *room);
        double most = n ? fmax(3, 3 * stats_median(room + n, n) + 3) : 0;
        carry = isnan(b->mean[k]) ? carry : capped_mean(room, n, room + n);
        for (size_t i = from; i < to; i++)
            sum[i + 1] = sum[i] + (quiet[i] && !isnan(b->mean[k]) ? fmin(fmax(c->lost[i], 0), most) : carry);
    }
    return sum;
}

static double mean_between(const double *sum, size_t n, size_t from, size_t to)
{
    to = to < n ? to : n;
    return to > from ? (sum[to] - sum[from]) / (double)(to - from) : 0;
}

/* The median of the means of pieces of a minute. */
static double middle_of(const double *sum, size_t n, size_t from, size_t to, size_t piece, double *room)
{
    size_t k = 0;
    to = to < n ? to : n;
    for (size_t i = from; i + piece <= to || k == 0; i += piece)
        room[k++] = mean_between(sum, n, i, i + piece);
    return stats_median(room, k);
}

/* How far apart two means of so many cells must be: what matters, and what chance allows. */
struct scale {
    size_t width;
    double least;
};

static bool is_step(const struct scale *s, double a, double b, double spread)
{
    double low = fmin(a, b), high = fmax(a, b), noise = 5 * sqrt(spread * (low + high) / (double)s->width);
    return high - low >= s->least && high - low >= noise && high + s->least / 8 >= 2.2 * (low + s->least / 8);
}

/* It lasts: on one side the level stays, on the other it was not there. */
static bool lasts(const struct cells *c, const double *sum, const struct step *s, double *room)
{
    size_t far = (size_t)(FAR_S / c->seconds), piece = (size_t)fmax(1, round(PIECE_S / c->seconds));
    double low = fmin(s->before, s->after), high = fmax(s->before, s->after);
    double next = middle_of(sum, c->n, s->at, s->at + far, piece, room);
    double last = middle_of(sum, c->n, s->at > far ? s->at - far : 0, s->at, piece, room);
    double up = s->after > s->before ? next : last, down = s->after > s->before ? last : next;
    return up >= low + 0.6 * (high - low) && down <= low + 0.4 * (high - low);
}

static int by_place(const void *a, const void *b)
{
    const struct step *x = a, *y = b;
    return (x->at > y->at) - (x->at < y->at);
}

/* Adds the steps of one scale: the greatest of each neighbourhood. */
static size_t add_steps(const struct cells *c, const double *sum, const struct scale *s, double spread,
                        struct step *out, size_t n_out, double *room)
{
    size_t stride = s->width / 30 ? s->width / 30 : 1, n_before = n_out;
    struct step best = { 0 };
    for (size_t t = s->width; t + s->width <= c->n && n_out < MOST_STEPS; t += stride) {
        struct step here = { t, mean_between(sum, c->n, t - s->width, t), mean_between(sum, c->n, t, t + s->width) };
        bool is_here = is_step(s, here.before, here.after, spread);
        bool is_old = best.at > 0 &&
                      (t > best.at + s->width || (is_here && (here.after > here.before) != (best.after > best.before)));
        if (is_old) {
            bool is_known = false;
            for (size_t k = 0; k < n_before; k++)
                is_known = is_known || (out[k].at + s->width > best.at && best.at + s->width > out[k].at);
            if (!is_known && lasts(c, sum, &best, room))
                out[n_out++] = best;
            best.at = 0;
        }
        if (is_here && (best.at == 0 || fabs(here.after - here.before) > fabs(best.after - best.before)))
            best = here;
    }
    if (best.at > 0 && n_out < MOST_STEPS && lasts(c, sum, &best, room))
        out[n_out++] = best;
    return n_out;
}

/* Forgets the blocks of what is elevated between steps. */
static void forget_elevated(struct blocks *b, size_t n_cells, const struct step *steps, size_t n)
{
    size_t up = n_cells;
    bool is_up = false;
    for (size_t k = 0; k <= n; k++) {
        bool rises = k < n && steps[k].after > steps[k].before;
        if (rises) {
            up = is_up ? up : steps[k].at;
            is_up = true;
            continue;
        }
        if (k == n && !is_up)
            return;
        size_t from = is_up ? up : 0, to = k < n ? steps[k].at : n_cells;
        for (size_t j = from / b->size; j < b->n && j * b->size < to; j++)
            b->mean[j] = NAN;
        is_up = false;
    }
}

/* Variance over mean of the quiet cells' losses, cut as in blocks; at least 1. */
static double spread_of(const struct cells *c, const unsigned char *quiet)
{
    double n = 0, sum = 0, squares = 0;
    for (size_t i = 0; i < c->n; i++)
        if (quiet[i]) {
            double x = fmin(fmax(c->lost[i], 0), 30);
            n++;
            sum += x;
            squares += x * x;
        }
    double mean = n > 0 ? sum / n : 0;
    return mean > 0 ? fmax(1, (squares / n - mean * mean) / mean) : 1;
}

static bool leave_out_lasting(struct blocks *b, const struct cells *c, const unsigned char *quiet, double *room)
{
    double *sum = sums_of(c, quiet, b, room);
    struct step *steps = malloc(MOST_STEPS * sizeof *steps);
    bool good = sum && steps;
    if (good) {
        struct scale scales[] = { { (size_t)fmax(10, 300 / c->seconds), 9e-4 * c->per_cell },
                                  { (size_t)fmax(20, 1800 / c->seconds), 8e-5 * c->per_cell } };
        double spread = spread_of(c, quiet);
        size_t n = add_steps(c, sum, &scales[0], spread, steps, 0, room);
        n = add_steps(c, sum, &scales[1], spread, steps, n, room);
        qsort(steps, n, sizeof *steps, by_place);
        forget_elevated(b, c->n, steps, n);
    }
    free(sum);
    free(steps);
    return good;
}

/* ---- the whole */

/* The median of the known blocks within reach; of the nearest where there are few. */
static double median_near(const struct blocks *b, size_t k, size_t reach, size_t n_known, double *room)
{
    size_t n = 0, least = n_known < 8 ? n_known : 8, from, to;
    for (size_t wide = reach; n < least; wide *= 2) {
        n = 0;
        from = k > wide ? k - wide : 0;
        to = k + wide + 1 < b->n ? k + wide + 1 : b->n;
        for (size_t j = from; j < to; j++)
            if (!isnan(b->mean[j]))
                room[n++] = b->mean[j];
    }
    return n ? stats_median(room, n) : NAN;
}

static void fill_usual(const struct blocks *b, const struct cells *c, double *usual, double *room)
{
    size_t reach = (size_t)(REACH_S / (c->seconds * (double)b->size)), n_known = 0;
    double least = USUAL_LOSS_LEAST * c->seconds;
    for (size_t k = 0; k < b->n; k++)
        n_known += isnan(b->mean[k]) ? 0 : 1;
    for (size_t k = 0; k < b->n; k++) {
        double value = n_known ? median_near(b, k, reach > LEAST_REACH ? reach : LEAST_REACH, n_known, room) : 0;
        for (size_t i = k * b->size; i < c->n && i < (k + 1) * b->size; i++)
            usual[i] = fmax(value, least);
    }
}

/* One value for a short test: at first that of its better blocks, as great as chance allows; then that of all quiet
 * cells. room: for 3 n doubles. */
static void fill_short(const struct cells *c, const unsigned char *quiet, bool is_first, double *usual, double *room)
{
    size_t size = c->n / 24 > LEAST_BLOCK ? c->n / 24 : LEAST_BLOCK, n = 0;
    double value = 0, *means = room + 2 * c->n;
    for (size_t from = 0; is_first && from < c->n; from += size) {
        size_t to = from + size < c->n ? from + size : c->n, k = take_quiet(c, quiet, from, to, room);
        if (2 * k >= size || n == 0)
            means[n++] = k ? first_mean(room, k) : 0;
    }
    if (is_first) {
        qsort(means, n, sizeof *means, by_value);
        value = n ? means[n / 12] : 0;
        value += 2 * sqrt((value + 1 / (double)size) / (double)size);
    } else {
        n = take_quiet(c, quiet, 0, c->n, room);
        value = n ? capped_mean(room, n, room + n) : 0;
    }
    for (size_t i = 0; i < c->n; i++)
        usual[i] = fmax(value, USUAL_LOSS_LEAST * c->seconds);
}

bool usual_loss_of(const struct cells *c, const unsigned char *quiet, bool is_first, double *usual)
{
    struct blocks b = { .size = (size_t)fmax(LEAST_BLOCK, round(BLOCK_S / c->seconds)) };
    b.n = (c->n + b.size - 1) / b.size;
    double *room = malloc((3 * c->n + 2 * b.size + b.n + 1) * sizeof *room);
    bool good = room && (b.mean = malloc((b.n + 1) * sizeof *b.mean));
    if (good && ((double)c->n * c->seconds < SHORT_S || b.n < 2 * LEAST_REACH)) {
        fill_short(c, quiet, is_first, usual, room);
    } else if (good) {
        fill_blocks(&b, c, quiet, is_first, room);
        good = leave_out_lasting(&b, c, quiet, room);
        if (good)
            fill_usual(&b, c, usual, room);
    }
    free(room);
    free(b.mean);
    return good;
}
