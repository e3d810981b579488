/* route_loss.c - the first hop that loses, by likelihood. A probe that loses its way behind hop k misses hop k + 1 and
 * all behind it, which is what tells a path that loses from a router that limits its answers. */

#include "analysis/route_loss.h"

#include <math.h>

#define SURE 0.95
#define SURE_ALONE 0.985  /* of one router alone, with none behind it that could say otherwise */
#define LEAST_LOSS 0.002  /* less is not seen with so few probes */
#define MOST_LOSS 0.98
#define LEAST_MISSING 2.0 /* answers: one may be missing by chance */
#define MOST_USUAL 30.0   /* probes outside of the trouble that count: the share of a router's answers varies */
#define LIMITED 0.1       /* chance that a router limits its answers anew during the trouble */
#define LIMITED_OTHER 0.3 /* ... where it was not asked as fast before */
#define LEAST_USUAL 6.0   /* probes of a kind that tell what is usual for it */
#define ALIKE 0.25        /* chance that all routers from some hop on do so alike, as those of one network */
#define BURST 6.0
#define MOST_RANGE 3      /* hops; more tell too little */

enum { N_ANSWERS = 14, N_LOSSES = 9, N_LIMITS = 9, N_STATES = N_LOSSES + N_LIMITS + 1, WELL = N_STATES - 1 };

/* Shares of answers of a router, as likely as each other except that most answer nearly all. */
static const double answers[N_ANSWERS] = { 0.02, 0.08, 0.16, 0.25, 0.34, 0.43, 0.52, 0.61, 0.7, 0.79, 0.88, 0.95,
                                           0.985, 0.998 };
static const double answer_weights[N_ANSWERS] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 24 };
/* The odds that a probe is lost as multiples of those of a datagram: the two need not be the same, since both vary. */
static const double multiples[N_LOSSES] = { 0.4, 0.55, 0.7, 0.85, 1, 1.2, 1.45, 1.75, 2.2 };
static const double loss_weights[N_LOSSES] = { 1, 2, 3, 4, 5, 4, 3, 2, 1 };

/* What else routers may leave unanswered. */
static const double limits[N_LIMITS] = { 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.75, 0.9 };

/* Of each state: a loss, a limit, WELL. */
struct model {
    double missing[N_STATES];
    double log_hit[N_STATES][N_ANSWERS], log_miss[N_STATES][N_ANSWERS];
};

struct route_loss_count route_loss_limited(double sent, double answered, double seconds)
{
    double most = BURST + floor(seconds);
    return (struct route_loss_count){ fmin(sent, most), fmin(answered, most) };
}

static void make_model(struct model *m, double loss)
{
    double odds = loss / (1 - fmin(loss, MOST_LOSS));
    for (int q = 0; q < N_STATES; q++) {
        m->missing[q] = q == WELL       ? 0
                        : q >= N_LOSSES ? limits[q - N_LOSSES]
                                        : multiples[q] * odds / (1 + multiples[q] * odds);
        for (int p = 0; p < N_ANSWERS; p++) {
            m->log_hit[q][p] = log(answers[p] * (1 - m->missing[q]));
            m->log_miss[q][p] = log(1 - answers[p] * (1 - m->missing[q]));
        }
    }
}

static double likelihood(const struct model *m, int q, int p, const struct route_loss_count *c)
{
    return exp(c->answered * m->log_hit[q][p] + (c->sent - c->answered) * m->log_miss[q][p]);
}

static struct route_loss_count sum_of(const struct route_loss_count *counts)
{
    struct route_loss_count sum = { 0, 0 };
    for (int kind = 0; kind < ROUTE_LOSS_N_KINDS; kind++) {
        sum.sent += counts[kind].sent;
        sum.answered += counts[kind].answered;
    }
    return sum;
}

/* The weights of the shares of answers for probes of a kind, after what was usual; they sum to 1. */
static void weigh(const struct model *m, const struct route_loss_count *usual, int kind, double weight[N_ANSWERS])
{
    bool is_own = usual[kind].sent >= LEAST_USUAL;
    struct route_loss_count c = is_own ? usual[kind] : sum_of(usual);
    double sum = 0, prior_sum = 0, limited = is_own || kind == ROUTE_LOSS_WATCH ? LIMITED : LIMITED_OTHER;
    if (c.sent > MOST_USUAL) {
        c.answered *= MOST_USUAL / c.sent;
        c.sent = MOST_USUAL;
    }
    for (int p = 0; p < N_ANSWERS; p++) {
        weight[p] = answer_weights[p] * likelihood(m, WELL, p, &c);
        sum += weight[p];
        prior_sum += answer_weights[p];
    }
    for (int p = 0; p < N_ANSWERS; p++)
        weight[p] = (1 - limited) * weight[p] / sum + limited * answer_weights[p] / prior_sum;
}

/* Of each state the logarithm of the likelihood of a hop's answers. The watch asks too slowly to be limited. */
static void add_hop(const struct model *m, const struct route_loss_hop *hop, double logs[N_STATES])
{
    double weight[N_ANSWERS];
    for (int q = 0; q < N_STATES; q++)
        logs[q] = 0;
    if (!(sum_of(hop->usual).answered > 0)) /* it never answers */
        return;
    for (int kind = 0; kind < ROUTE_LOSS_N_KINDS; kind++) {
        if (!(hop->now[kind].sent > 0))
            continue;
        weigh(m, hop->usual, kind, weight);
        for (int q = 0; q < N_STATES; q++) {
            int state = kind == ROUTE_LOSS_WATCH && q >= N_LOSSES ? WELL : q;
            double sum = 0;
            for (int p = 0; p < N_ANSWERS; p++)
                sum += weight[p] * likelihood(m, state, p, &hop->now[kind]);
            logs[q] += log(fmax(sum, 1e-300));
        }
    }
}

/* The logarithm of the weighted mean of n likelihoods, and the mean of what is missing. */
static double mean_of(const double *logs, const double *weights, const double *missing, int n, double *mean)
{
    double most = -INFINITY, sum = 0, all = 0;
    *mean = 0;
    for (int q = 0; q < n; q++)
        most = fmax(most, logs[q]);
    for (int q = 0; q < n; q++) {
        double weight = weights ? weights[q] : 1, its = weight * exp(logs[q] - most);
        all += weight;
        sum += its;
        *mean += its * missing[q];
    }
    *mean /= sum;
    return most + log(sum / all);
}

/* Writes the probability of each place: [k] is behind hop k, so that hop k + 1 is the first that loses; [n]: none of
 * the hops loses, all is well or routers limit alike from some hop on. shares: the mean loss there. */
static void find_places(const struct model *m, const struct route_loss_hop *hops, uint32_t n, double *places,
                        double *shares)
{
    double well[LONGHAUL_ROUTE_MAX + 1] = { 0 }, behind[N_STATES] = { 0 }, logs[LONGHAUL_ROUTE_MAX][N_STATES];
    double alike[LONGHAUL_ROUTE_MAX], best, sum = 0, limit;
    for (uint32_t i = 0; i < n; i++) {
        add_hop(m, &hops[i], logs[i]);
        well[i + 1] = well[i] + logs[i][WELL];
    }
    best = places[n] = well[n];
    for (uint32_t k = n; k-- > 0;) {
        for (int q = 0; q < N_STATES; q++)
            behind[q] += logs[k][q];
        places[k] = well[k] + mean_of(behind, loss_weights, m->missing, N_LOSSES, &shares[k]);
        alike[k] = well[k] + mean_of(behind + N_LOSSES, NULL, m->missing + N_LOSSES, N_LIMITS, &limit);
        best = fmax(best, fmax(places[k], alike[k]));
    }
    places[n] = exp(places[n] - best);
    for (uint32_t k = 0; k < n; k++) {
        places[k] = exp(places[k] - best);
        places[n] += ALIKE * exp(alike[k] - best);
    }
    for (uint32_t k = 0; k <= n; k++)
        sum += places[k];
    for (uint32_t k = 0; k <= n; k++)
        places[k] /= sum;
}

/* The shortest range of places that is sure; the likeliest one of several. */
static bool find_range(const double *places, uint32_t n, uint32_t *first, uint32_t *last, double *sum)
{
    for (uint32_t length = 1; length == 1 || (length < n && length <= MOST_RANGE); length++) {
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

/* The routers from a place on that answer otherwise, and how many answers of theirs are missing. */
static double missing_from(const struct route_loss_hop *hops, uint32_t n, uint32_t first, uint32_t *n_routers)
{
    double missing = 0;
    *n_routers = 0;
    for (uint32_t i = first; i < n; i++) {
        struct route_loss_count c = sum_of(hops[i].now);
        bool is_asked = sum_of(hops[i].usual).answered > 0 && c.sent > 0;
        *n_routers += is_asked;
        missing += is_asked ? c.sent - c.answered : 0;
    }
    return missing;
}

bool route_loss_find(const struct route_loss_hop *hops, uint32_t n, double loss, struct route_loss_found *found)
{
    double places[LONGHAUL_ROUTE_MAX + 1], shares[LONGHAUL_ROUTE_MAX + 1], sum;
    struct model model;
    uint32_t first, last, n_routers;
    if (n == 0 || n > LONGHAUL_ROUTE_MAX || !(loss >= LEAST_LOSS && loss <= 1))
        return false;
    make_model(&model, loss);
    find_places(&model, hops, n, places, shares);
    if (!find_range(places, n, &first, &last, &sum) ||
        missing_from(hops, n, first, &n_routers) < LEAST_MISSING || (n_routers < 2 && sum < SURE_ALONE))
        return false;
    *found = (struct route_loss_found){ .from = first + 1, .to = last + 1 };
    for (uint32_t k = first; k <= last; k++)
        found->share += places[k] / sum * shares[k];
    return true;
}
