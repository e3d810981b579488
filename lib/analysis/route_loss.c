/* route_loss.c - the first hop that loses, by likelihood. A probe that loses its way behind hop k misses hop k + 1 and
 * all behind it, which is what tells a path that loses from a router that limits its answers. */

#include "analysis/route_loss.h"

#include <math.h>

#define SURE 0.95
#define LEAST_LOSS 0.002 /* less is not seen with so few probes */
#define MOST_USUAL 30.0  /* probes outside of the trouble that count: the share of a router's answers varies */
#define LIMITED 0.1      /* chance that a router limits its answers anew during the trouble */
#define BURST 6.0

enum { N_ANSWERS = 14, N_LOSSES = 9 };

/* Shares of answers of a router, as likely as each other except that most answer nearly all. */
static const double answers[N_ANSWERS] = { 0.02, 0.08, 0.16, 0.25, 0.34, 0.43, 0.52, 0.61, 0.7, 0.79, 0.88, 0.95,
                                           0.985, 0.998 };
static const double answer_weights[N_ANSWERS] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 12 };
/* The loss of probes as multiples of the loss of datagrams: the two need not be the same, since both vary. */
static const double multiples[N_LOSSES] = { 0.4, 0.55, 0.7, 0.85, 1, 1.2, 1.45, 1.75, 2.2 };
static const double loss_weights[N_LOSSES] = { 1, 2, 3, 4, 5, 4, 3, 2, 1 };

struct model {
    double loss[N_LOSSES];                       /* of probes */
    double log_hit[N_LOSSES + 1][N_ANSWERS], log_miss[N_LOSSES + 1][N_ANSWERS]; /* [N_LOSSES]: without loss */
};

struct route_loss_count route_loss_limited(double sent, double answered, double seconds)
{
    double most = BURST + floor(seconds);
    return (struct route_loss_count){ fmin(sent, most), fmin(answered, most) };
}

static void make_model(struct model *m, double loss)
{
    for (int q = 0; q <= N_LOSSES; q++) {
        double lost = q < N_LOSSES ? fmin(multiples[q] * loss, 0.999) : 0;
        if (q < N_LOSSES)
            m->loss[q] = lost;
        for (int p = 0; p < N_ANSWERS; p++) {
            m->log_hit[q][p] = log(answers[p] * (1 - lost));
            m->log_miss[q][p] = log(1 - answers[p] * (1 - lost));
        }
    }
}

static double likelihood(const struct model *m, int q, int p, const struct route_loss_count *c)
{
    return exp(c->answered * m->log_hit[q][p] + (c->sent - c->answered) * m->log_miss[q][p]);
}

/* The weights of the shares of answers, after what was usual; they sum to 1. */
static void weigh(const struct model *m, const struct route_loss_count *usual, double weight[N_ANSWERS])
{
    struct route_loss_count c = *usual;
    double sum = 0, prior_sum = 0;
    if (c.sent > MOST_USUAL) {
        c.answered *= MOST_USUAL / c.sent;
        c.sent = MOST_USUAL;
    }
    for (int p = 0; p < N_ANSWERS; p++) {
        weight[p] = answer_weights[p] * likelihood(m, N_LOSSES, p, &c);
        sum += weight[p];
        prior_sum += answer_weights[p];
    }
    for (int p = 0; p < N_ANSWERS; p++)
        weight[p] = (1 - LIMITED) * weight[p] / sum + LIMITED * answer_weights[p] / prior_sum;
}

/* Of each loss, and without one ([N_LOSSES]): the logarithm of the likelihood of a hop's answers. */
static void add_hop(const struct model *m, const struct route_loss_hop *hop, double logs[N_LOSSES + 1])
{
    double weight[N_ANSWERS];
    for (int q = 0; q <= N_LOSSES; q++)
        logs[q] = 0;
    for (int kind = 0; kind < ROUTE_LOSS_N_KINDS; kind++) {
        if (!(hop->now[kind].sent > 0))
            continue;
        weigh(m, &hop->usual[kind], weight);
        for (int q = 0; q <= N_LOSSES; q++) {
            double sum = 0;
            for (int p = 0; p < N_ANSWERS; p++)
                sum += weight[p] * likelihood(m, q, p, &hop->now[kind]);
            logs[q] += log(fmax(sum, 1e-300));
        }
    }
}

/* Writes the probability of each place: [k] is behind hop k, so that hop k + 1 is the first that loses; [n]: none of
 * the hops loses. shares: the mean loss there. */
static void find_places(const struct model *m, const struct route_loss_hop *hops, uint32_t n, double *places,
                        double *shares)
{
    double well[LONGHAUL_ROUTE_MAX + 1] = { 0 }, lost[N_LOSSES] = { 0 }, logs[LONGHAUL_ROUTE_MAX][N_LOSSES + 1];
    double best = -INFINITY, sum = 0, weights = 0;
    for (uint32_t i = 0; i < n; i++) {
        add_hop(m, &hops[i], logs[i]);
        well[i + 1] = well[i] + logs[i][N_LOSSES];
    }
    for (int q = 0; q < N_LOSSES; q++)
        weights += loss_weights[q];
    best = well[n];
    places[n] = well[n];
    for (uint32_t k = n; k-- > 0;) {
        double most = -INFINITY, likely = 0, mean = 0;
        for (int q = 0; q < N_LOSSES; q++) {
            lost[q] += logs[k][q];
            most = fmax(most, lost[q]);
        }
        for (int q = 0; q < N_LOSSES; q++) {
            double its = loss_weights[q] / weights * exp(lost[q] - most);
            likely += its;
            mean += its * m->loss[q];
        }
        shares[k] = mean / likely;
        places[k] = well[k] + most + log(likely);
        best = fmax(best, places[k]);
    }
    for (uint32_t k = 0; k <= n; k++)
        sum += places[k] = exp(places[k] - best);
    for (uint32_t k = 0; k <= n; k++)
        places[k] /= sum;
}

/* The shortest range of places that is sure; the likeliest one of several. */
static bool find_range(const double *places, uint32_t n, uint32_t *first, uint32_t *last, double *sum)
{
    for (uint32_t length = 1; length < n || length == 1; length++) {
        *sum = 0;
        for (uint32_t a = 0; a + length <= n; a++) {
            double its = 0;
            for (uint32_t k = a; k < a + length; k++)
                its += places[k];
            if (its < SURE || its <= *sum)
                continue;
            *sum = its;
            *first = a;
            *last = a + length - 1;
        }
        if (*sum >= SURE)
            return true;
    }
    return false;
}

bool route_loss_find(const struct route_loss_hop *hops, uint32_t n, double loss, struct route_loss_found *found)
{
    double places[LONGHAUL_ROUTE_MAX + 1], shares[LONGHAUL_ROUTE_MAX + 1], sum;
    struct model model;
    uint32_t first, last;
    if (n == 0 || n > LONGHAUL_ROUTE_MAX || !(loss >= LEAST_LOSS && loss <= 1))
        return false;
    make_model(&model, loss);
    find_places(&model, hops, n, places, shares);
    if (!find_range(places, n, &first, &last, &sum))
        return false;
    *found = (struct route_loss_found){ .from = first + 1, .to = last + 1, .probability = sum };
    for (uint32_t k = first; k <= last; k++)
        found->share += places[k] / sum * shares[k];
    return true;
}
