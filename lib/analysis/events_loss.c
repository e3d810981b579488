/* events_loss.c - events of loss, from the cells that lost more than is usual: where one ends and the next begins,
 * which are too small or too slow to be told, and which are a rate cap. */

#include <stdlib.h>
#include <string.h>

#include "analysis/events.h"
#include "analysis/loss_chain.h"
#include "analysis/usual_loss.h"
#include "base/stats.h"
#include "base/units.h"

#define MOST_APART_S 400.0 /* cells of one region, with what is masked between them */
#define OTHER_LEVEL 4.0    /* times: a new part begins */
#define BURST_LEVEL 8.0    /* times: a part of its own although short */
#define SUPPORT 15.0       /* nats, of a level between two others */
#define SHORT_PART 3       /* cells: a shorter part belongs to its neighbour */
#define LONG_PART 20
#define MOST_PAUSE_SHARE 0.25 /* of the shorter of two parts of one level: they are one */
#define LIKE_LEVEL 2.0
#define MOST_BURST 120   /* cells: behind a shorter burst the same goes on */
#define LEAST_LOST 40.0  /* packets above the usual at 900 a second, in proportion, but at least half of it */
#define LEAST_SHARE 1e-3 /* of the packets; a smaller loss is told when it lasts for LONG_S */
#define LEAST_LONG_SHARE 7e-5
#define LONG_S 900.0
#define OF_USUAL 0.6      /* of the usual loss: less above it does not matter */
#define MOST_OF_TEST 0.75 /* cells: a slight loss that lasts for more of the test may be the usual */
#define SLOW_SHARE 0.02   /* a loss above is told also when it comes and goes slowly */
#define EDGE_S 300.0
#define EDGE_CELLS 20
#define EDGE_SIGMA 3.5 /* of the difference of two Poisson means */
#define EDGE_PIECES 10
#define CAP_S 20.0 /* a shorter one cannot be told from chance */
#define CAP_CELLS 12.0
#define CAP_SHARE 0.03
#define CAP_SPREAD 0.5 /* of the binomial's deviation */
#define MAD_TO_DEVIATION 1.4826

/* Cells from..to. */
struct piece {
    size_t from, to;
    double level;
};

/* Pieces that are one event: [first, last], with a burst of its own between them that is another event. */
struct part {
    struct piece piece[2];
    size_t n;
};

struct search {
    struct longhaul_analysis *a;
    const struct view *v;
    const struct cells *cells;
    struct loss_chain chain;
    struct piece *pieces;
    struct part *parts, *told;
    double *sums;      /* of losses; [0] = 0 */
    double *usuals;    /* likewise of the usual loss */
    double usual_mean; /* of the cells that lost no more than usual */
    double *room;      /* for a double of each cell */
};

static double between(const double *sums, size_t from, size_t to)
{
    return sums[to] - sums[from];
}

/* The share of the packets that is lost above the usual. */
static double level_of(const struct search *s, size_t from, size_t to)
{
    double lost = between(s->sums, from, to) - between(s->usuals, from, to);
    return fmax(1e-5, lost / (s->cells->per_cell * (double)(to - from)));
}

/* ---- parts of a region */

static double ratio_of(double a, double b)
{
    return fmax(a, b) / fmax(1e-6, fmin(a, b));
}

static double mean_of(const struct search *s, const struct piece *p)
{
    return fmax(between(s->sums, p->from, p->to) / (double)(p->to - p->from), 0.1);
}

/* True if a is a burst of a cell or two next to b, which is long, and more than b has by chance. */
static bool is_burst(const struct search *s, const struct piece *a, const struct piece *b)
{
    size_t n = a->to - a->from;
    return n < SHORT_PART && a->level > b->level && b->to - b->from >= LONG_PART && a->level * (double)n > 0.15 &&
           loss_chain_contrast(&s->chain, a->from, a->to, mean_of(s, a), mean_of(s, b)) >= LOSS_CHAIN_COST;
}

/* Adds cells of one state: to the last piece, or as a new one where the level changes. */
static size_t add_piece(struct search *s, size_t n, struct piece next)
{
    struct piece *last = &s->pieces[n ? n - 1 : 0];
    next.level = level_of(s, next.from, next.to);
    if (n > 0) {
        double ratio = ratio_of(next.level, last->level);
        bool is_short = next.to - next.from < SHORT_PART || last->to - last->from < SHORT_PART;
        bool is_own = ratio >= BURST_LEVEL && (is_burst(s, &next, last) || is_burst(s, last, &next));
        if (!is_own && (ratio < OTHER_LEVEL || is_short)) {
            last->to = next.to;
            last->level = level_of(s, last->from, last->to);
            return n;
        }
    }
    s->pieces[n] = next;
    return n + 1;
}

/* Splits the region from..to into pieces of one level. */
static size_t split(struct search *s, size_t from, size_t to)
{
    size_t n = 0;
    for (size_t i = from, j; i < to; i = j) {
        for (j = i + 1; j < to && s->chain.state[j] == s->chain.state[i]; j++)
            ;
        n = add_piece(s, n, (struct piece){ .from = i, .to = j });
    }
    return n;
}

/* True if piece goes on with what was before the burst. */
static bool goes_on(const struct part *before, const struct part *burst, const struct piece *piece)
{
    double share = piece->level / before->piece[before->n - 1].level;
    return burst->n == 1 && before->n == 1 && piece->to - piece->from >= SHORT_PART &&
           burst->piece[0].to - burst->piece[0].from <= MOST_BURST &&
           burst->piece[0].level > OTHER_LEVEL * piece->level && share > 0.4 && share < 2.5 &&
           before->piece[0].to == burst->piece[0].from;
}

/* Joins pieces to parts; returns the number of parts. */
static size_t join(struct search *s, size_t n_pieces)
{
    size_t n = 0;
    for (size_t k = 0; k < n_pieces; k++) {
        if (n >= 2 && goes_on(&s->parts[n - 2], &s->parts[n - 1], &s->pieces[k])) {
            s->parts[n - 2].piece[1] = s->pieces[k];
            s->parts[n - 2].n = 2;
            continue;
        }
        s->parts[n++] = (struct part){ .piece = { s->pieces[k] }, .n = 1 };
    }
    return n;
}

/* ---- which parts are told */

static size_t end_of_part(const struct part *p)
{
    return p->piece[p->n - 1].to;
}

static double sum_of(const double *sums, const struct part *p)
{
    double sum = 0;
    for (size_t k = 0; k < p->n; k++)
        sum += between(sums, p->piece[k].from, p->piece[k].to);
    return sum;
}

static size_t cells_of(const struct part *p)
{
    size_t n = 0;
    for (size_t k = 0; k < p->n; k++)
        n += p->piece[k].to - p->piece[k].from;
    return n;
}

/* The mean loss of a cell in from..to, without a short burst in it: the median of tenths. */
static double steady_mean(const struct search *s, size_t from, size_t to)
{
    double means[EDGE_PIECES];
    size_t n = to - from < EDGE_PIECES ? to - from : EDGE_PIECES;
    for (size_t k = 0; k < n; k++) {
        size_t a = from + (to - from) * k / n, b = from + (to - from) * (k + 1) / n;
        means[k] = between(s->sums, a, b) / (double)(b - a);
    }
    return n ? stats_median(means, n) : 0;
}

/* True if neither edge has half of the level: the loss comes and goes slowly, as in busy hours. An edge of the test
 * itself tells nothing. */
static bool is_slow(const struct search *s, size_t from, size_t to)
{
    size_t n = s->cells->n;
    double length_s = (double)(to - from) * s->cells->seconds;
    size_t wide = (size_t)fmax(EDGE_CELLS, round(fmin(fmax(EDGE_S, length_s / 10), 3 * EDGE_S) / s->cells->seconds));
    size_t reach = to - from < wide ? to - from : wide, margin = wide / 5;
    double level = between(s->sums, from, to) / (double)(to - from), most = -INFINITY;
    if (from > margin)
        most = steady_mean(s, from, from + reach) - steady_mean(s, from > wide ? from - wide : 0, from);
    if (to + margin < n)
        most = fmax(most, steady_mean(s, to - reach, to) - steady_mean(s, to, to + wide < n ? to + wide : n));
    return most < fmax(0.5 * level, EDGE_SIGMA * sqrt(2 * level / (double)reach));
}

/* Packets of a cell that are usual in from..to. The chain has a least value, for arithmetic; where that is all, what
 * all usual cells of the test lost is told. */
static double usual_in(const struct search *s, size_t from, size_t to)
{
    double usual = between(s->usuals, from, to) / (double)(to - from);
    return usual > 1.001 * USUAL_LOSS_LEAST * s->cells->seconds ? usual : fmin(usual, s->usual_mean);
}

/* What is usual at the worst time of the day, and when that is; slow elevations are usual too. */
static void note_usual(struct search *s, double share, size_t cell)
{
    struct longhaul_figures *f = &s->a->figures;
    if (!(100 * share <= f->usual_loss_most_percent)) { /* NAN at first */
        f->usual_loss_most_percent = 100 * share;
        f->usual_loss_most_s = cells_start_s(s->cells, s->v, cell);
    }
    if (!(100 * share >= f->usual_loss_least_percent))
        f->usual_loss_least_percent = 100 * share;
}

static bool is_told(struct search *s, const struct part *p)
{
    double cells = (double)cells_of(p), lost = sum_of(s->sums, p), usual = sum_of(s->usuals, p);
    double share = (lost - usual) / (s->cells->per_cell * cells), seconds = cells * s->cells->seconds, gain = 0;
    double least = fmax(LEAST_LOST / 2, LEAST_LOST * fmin(1, s->cells->pace / 900));
    if (p->piece[0].from <= s->cells->n / 100 && end_of_part(p) >= s->cells->n - s->cells->n / 100)
        return false; /* all the test: it is the usual */
    if (cells > MOST_OF_TEST * (double)s->cells->n && share < SLOW_SHARE)
        return false; /* the rest is too short to say that it is not */
    if (lost - usual < least || share < OF_USUAL * usual / cells / s->cells->per_cell ||
        share < (seconds >= LONG_S ? LEAST_LONG_SHARE : LEAST_SHARE))
        return false;
    for (size_t k = 0; k < p->n; k++)
        gain += loss_chain_gain(&s->chain, p->piece[k].from, p->piece[k].to, fmax(lost / cells, 0.1));
    if (gain < LOSS_CHAIN_COST)
        return false;
    if (seconds < LONG_S || share >= SLOW_SHARE || !is_slow(s, p->piece[0].from, end_of_part(p)))
        return true;
    note_usual(s, lost / cells / s->cells->per_cell, (p->piece[0].from + end_of_part(p)) / 2);
    return false;
}

/* ---- rate caps */

/* True if the rate that is left is the same in each cell: its deviation is less than half of what independent losses
 * would give. Without the cells at the edges. */
static bool is_cap(const struct search *s, const struct part *p)
{
    size_t n = 0;
    double packets = 0, lost = 0;
    for (size_t i = p->piece[0].from + 1; i + 1 < p->piece[0].to; i++) {
        packets += s->cells->packets[i];
        lost += s->cells->lost[i];
        s->room[n++] = s->cells->packets[i] - s->cells->lost[i];
    }
    double share = packets > 0 ? lost / packets : 0, mean = n ? packets / (double)n : 0;
    if ((double)n < fmax(CAP_CELLS, CAP_S / s->cells->seconds - 2) || share < CAP_SHARE)
        return false;
    double middle = stats_median(s->room, n);
    for (size_t i = 0; i < n; i++)
        s->room[i] = fabs(s->room[i] - middle);
    return MAD_TO_DEVIATION * stats_median(s->room, n) < CAP_SPREAD * sqrt(mean * share * fmax(0.02, 1 - share));
}

/* ---- events */

/* Within a cell of several intervals, the first and last one that lost anything. */
static void trim(const struct view *v, const struct cells *c, const struct part *p, size_t *first, size_t *last)
{
    size_t a = p->piece[0].from, b = end_of_part(p) - 1;
    *first = c->first[a];
    *last = c->last[b];
    while (*first < c->last[a] && !(v->lost[*first] > 0))
        ++*first;
    while (*last > c->first[b] && *last > *first && !(v->lost[*last] > 0))
        --*last;
}

static double rate_left_mbps(const struct search *s, const struct part *p)
{
    double bits = 0, seconds = 0;
    for (size_t k = 0; k < p->n; k++)
        for (size_t i = s->cells->first[p->piece[k].from]; i <= s->cells->last[p->piece[k].to - 1]; i++) {
            double bytes = analysis_arrived(s->v, i);
            bits += isnan(bytes) ? 0 : 8 * bytes;
            seconds += isnan(bytes) ? 0 : s->v->seconds[i];
        }
    return seconds > 0 ? bits / seconds / BPS_PER_MBPS : NAN;
}

static bool add_event(struct search *s, const struct part *p, struct event_list *list)
{
    size_t first, last;
    double packets = 0;
    trim(s->v, s->cells, p, &first, &last);
    struct longhaul_event e = events_between(s->v, LONGHAUL_EVENT_LOSS, first, last);
    for (size_t k = 0; k < p->n; k++)
        for (size_t i = p->piece[k].from; i < p->piece[k].to; i++)
            packets += s->cells->packets[i];
    e.lost_packets = sum_of(s->sums, p);
    e.level = packets > 0 ? 100 * e.lost_packets / packets : NAN;
    e.usual = 100 * usual_in(s, p->piece[0].from, end_of_part(p)) / s->cells->per_cell;
    e.peak = events_peak_loss(s->v, first, last);
    if (is_cap(s, p)) {
        e.kind = LONGHAUL_EVENT_RATE_CAP;
        e.level = e.peak = rate_left_mbps(s, p);
        e.usual = s->cells->pace * s->v->datagram_bytes * 8 / BPS_PER_MBPS;
    }
    return event_list_add(list, s->v, e);
}

/* True if b goes on with what was a, after a pause that is short for both. */
static bool is_one(const struct search *s, const struct part *a, const struct part *b)
{
    if (a->n != 1 || b->n != 1)
        return false;
    size_t from = a->piece[0].to, to = b->piece[0].from;
    double shorter = fmin((double)(from - a->piece[0].from), (double)(b->piece[0].to - to)),
           apart = (double)(to - from);
    return apart <= MOST_PAUSE_SHARE * shorter && apart * s->cells->seconds <= MOST_APART_S &&
           ratio_of(a->piece[0].level, b->piece[0].level) <= LIKE_LEVEL;
}

/* Keeps the parts of a region that are told; those of one level with little between them are one, unless what is
 * between them belongs to the part around the first. */
static void keep_parts(struct search *s, size_t n, size_t *n_told)
{
    for (size_t k = 0; k < n; k++) {
        struct part part = s->parts[k];
        if (!is_told(s, &part))
            continue;
        bool is_free = *n_told < 2 || end_of_part(&s->told[*n_told - 2]) <= s->told[*n_told - 1].piece[0].to;
        if (*n_told > 0 && is_free && is_one(s, &s->told[*n_told - 1], &part)) {
            struct piece *last = &s->told[*n_told - 1].piece[0];
            last->to = part.piece[0].to;
            last->level = level_of(s, last->from, last->to);
        } else {
            s->told[(*n_told)++] = part;
        }
    }
}

/* A level between two others that the losses hardly support is the usual: a change costs the chain as much either way.
 */
static void clear_unsupported(struct search *s)
{
    size_t n = s->cells->n;
    for (size_t i = 0, j; i < n; i = j) {
        for (j = i + 1; j < n && s->chain.state[j] == s->chain.state[i]; j++)
            ;
        bool is_between = i > 0 && j < n && s->chain.state[i - 1] != 0 && s->chain.state[j] != 0;
        if (s->chain.state[i] == 0 || !is_between)
            continue;
        double mean = fmax(between(s->sums, i, j) / (double)(j - i), 0.1);
        if (loss_chain_gain(&s->chain, i, j, mean) < SUPPORT)
            memset(&s->chain.state[i], 0, j - i);
    }
}

static bool tell(struct search *s, struct event_list *list)
{
    const struct cells *c = s->cells;
    double usual_lost = 0;
    size_t n_usual = 0, n_told = 0;
    for (size_t i = 0; i < c->n; i++) {
        s->sums[i + 1] = s->sums[i] + c->lost[i];
        s->usuals[i + 1] = s->usuals[i] + s->chain.usual[i];
        if (s->chain.state[i] == 0) {
            n_usual++;
            usual_lost += c->lost[i];
        }
    }
    s->usual_mean = n_usual ? usual_lost / (double)n_usual : 0;
    for (size_t i = 0; i < c->n; i++)
        note_usual(s, usual_in(s, i, i + 1) / c->per_cell, i);
    clear_unsupported(s);
    for (size_t i = 0, j; i < c->n; i = j) {
        j = i + 1;
        if (s->chain.state[i] == 0)
            continue;
        while (j < c->n && s->chain.state[j] != 0 &&
               cells_start_s(c, s->v, j) - cells_end_s(c, s->v, j - 1) <= MOST_APART_S)
            j++;
        keep_parts(s, join(s, split(s, i, j)), &n_told);
    }
    for (size_t k = 0; k < n_told; k++)
        if (!add_event(s, &s->told[k], list))
            return false;
    return true;
}

bool events_find_loss(struct longhaul_analysis *a, double pace, struct event_list *list)
{
    const struct view *v = &a->view;
    struct cells cells;
    if (!(pace > 0))
        return true;
    if (!cells_make(&cells, v, list->mark, pace, view_has_loss, NULL))
        return false;
    size_t room = cells.n + 1;
    struct search s = { .a = a,
                        .v = v,
                        .cells = &cells,
                        .pieces = malloc(room * sizeof *s.pieces),
                        .parts = malloc(room * sizeof *s.parts),
                        .told = malloc(room * sizeof *s.told),
                        .sums = calloc(room, sizeof *s.sums),
                        .usuals = calloc(room, sizeof *s.usuals),
                        .room = malloc(room * sizeof *s.room) };
    bool good = s.pieces && s.parts && s.told && s.sums && s.usuals && s.room && loss_chain_make(&s.chain, &cells) &&
                tell(&s, list);
    loss_chain_free(&s.chain);
    free(s.pieces);
    free(s.parts);
    free(s.told);
    free(s.sums);
    free(s.usuals);
    free(s.room);
    cells_free(&cells);
    return good;
}
