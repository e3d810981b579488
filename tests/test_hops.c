/* test_hops.c - traces of a route: where two differ, loops, and the first hop that loses, which is hardly ever named
 * where routers only limit their answers. */

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/route_compare.h"
#include "analysis/route_loss.h"
#include "chance.h"
#include "check.h"

/* ---- comparison */

/* A trace from text: "A B * C 5" answers with addresses A, B, C at hops 1, 2 and 4; the number is the peer's distance.
 * Lives as long as the text. */
struct made {
    struct longhaul_route route;
    struct longhaul_route_hop hops[LONGHAUL_ROUTE_MAX];
    char text[200];
};

static const struct longhaul_route *make(struct made *m, const char *text, enum longhaul_route_reason reason)
{
    memset(m, 0, sizeof *m);
    snprintf(m->text, sizeof m->text, "%s", text);
    m->route = (struct longhaul_route){ .reason = reason, .hops = m->hops };
    for (char *word = strtok(m->text, " "); word; word = strtok(NULL, " ")) {
        if (word[0] >= '0' && word[0] <= '9') {
            m->route.distance = (uint32_t)atoi(word);
            continue;
        }
        bool is_silent = strcmp(word, "*") == 0;
        m->hops[m->route.n_hops++] = (struct longhaul_route_hop){
            .address = is_silent ? "" : word, .labels = "", .n_sent = 3, .n_answered = is_silent ? 0 : 3
        };
    }
    return &m->route;
}

static void check_differences(void)
{
    static const struct {
        const char *before, *now;
        enum longhaul_route_reason reason;
        uint32_t hop, from, to;
        const char *was, *is;
    } cases[] = {
        { "A B C D", "A B C D", 0, 0, 0, 0, "", "" },
        { "A B C D", "A * * D", 0, 0, 0, 0, "", "" },
        { "A * C D", "A B C D", 0, 0, 0, 0, "", "" },
        { "A B C D E", "A X C D E", 0, 2, 1, 3, "B", "X" },
        { "A B C D E", "A B X Y E", 0, 3, 2, 5, "C", "X" },
        { "A * C D E", "A B X * E", 0, 3, 1, 5, "C", "X" },
        { "A B C D E", "A B * X E", 0, 4, 2, 5, "D", "X" },
        { "A B C D E", "A B X * *", 0, 3, 2, 0, "C", "X" },
        { "A B C D E", "A B D E", 0, 3, 2, 3, "C", "D" },        /* shorter */
        { "A B C D E", "A B X Y C D E", 0, 3, 2, 5, "C", "X" },  /* longer */
        { "A B C", "X B C", 0, 1, 0, 2, "A", "X" },
        { "A B C", "X Y Z", 0, 1, 0, 0, "A", "X" },
        { "A B C 4", "A B C D 5", LONGHAUL_ROUTE_REASON_HOURLY, 0, 0, 0, "", "" }, /* with other ports */
        { "A B C 4", "A B C D 5", LONGHAUL_ROUTE_REASON_SHIFT, 4, 3, 0, "", "D" },
        { "A B C D 5", "A B C 4", LONGHAUL_ROUTE_REASON_CHANGE, 4, 3, 0, "D", "" },
        { "A B C 4", "A B C", LONGHAUL_ROUTE_REASON_CHANGE, 0, 0, 0, "", "" }, /* the peer is silent */
        { "A B C D", "A B", 0, 0, 0, 0, "", "" },
        { "", "A B", 0, 0, 0, 0, "", "" },
        { "A B", "", 0, 0, 0, 0, "", "" },
        { "* * *", "A B C", 0, 0, 0, 0, "", "" }
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct made before, now;
        struct route_known known = { .n = 0 };
        struct route_difference d = { .before = "", .after = "" };
        route_learn(&known, make(&before, cases[i].before, LONGHAUL_ROUTE_REASON_START), 0);
        bool differs = route_differs(&known, make(&now, cases[i].now, cases[i].reason), &d);
        CHECK(differs == (cases[i].hop > 0) && d.hop == cases[i].hop && d.from == cases[i].from &&
                  d.to == cases[i].to && strcmp(d.before, cases[i].was) == 0 && strcmp(d.after, cases[i].is) == 0,
              "'%s', then '%s': hop %u, between %u and %u, '%s' before, '%s' since", cases[i].before, cases[i].now,
              d.hop, d.from, d.to, d.before, d.after);
    }
}

/* What was silent in the last trace was known before. */
static void check_memory(void)
{
    struct made a, b, c;
    struct route_known known = { .n = 0 };
    struct route_difference d;
    route_learn(&known, make(&a, "A B C D", 0), 0);
    route_learn(&known, make(&b, "A * * *", 0), 0);
    bool differs = route_differs(&known, make(&c, "A X C D", 0), &d);
    CHECK(differs && d.hop == 2 && strcmp(d.before, "B") == 0, "a hop that was silent meanwhile");
    route_learn(&known, &c.route, d.hop);
    CHECK(!route_differs(&known, make(&b, "A X * D", 0), &d) && route_differs(&known, &a.route, &d) && d.hop == 2,
          "the new route is the one to compare with, and the old one another");
    route_learn(&known, make(&c, "A B *", 0), 2);
    CHECK(!route_differs(&known, make(&b, "A B Z", 0), &d) && route_n_same(&known, &b.route) == 2,
          "behind a change nothing is known of the old route");
}

static void check_loops(void)
{
    static const struct {
        const char *text;
        uint32_t first, second;
        bool is_slight;
    } cases[] = { { "A B C D", 0, 0, false },     { "A B C B C", 2, 4, false }, { "A B * B", 2, 4, false },
                  { "A B B C", 2, 3, true },      { "A B B B", 2, 4, false },   { "A * * *", 0, 0, false },
                  { "A B C D C D C", 3, 5, false }, { "", 0, 0, false },        { "A A B A", 1, 4, false } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct made m;
        uint32_t first = 0, second = 0;
        bool is_slight = false, has = route_has_loop(make(&m, cases[i].text, 0), &first, &second, &is_slight);
        CHECK(has == (cases[i].first > 0) && first == cases[i].first && second == cases[i].second &&
                  is_slight == cases[i].is_slight,
              "'%s': a loop of %u and %u%s", cases[i].text, first, second, is_slight ? ", slight" : "");
    }
}

/* ---- routers */

/* How a router limits its answers: tokens, which it may share with others' probes, and chance. */
struct router {
    double rate, burst; /* tokens a second, at once; 0: no limit */
    double share, spread; /* of answers, by chance; how much that varies from trace to trace */
    bool is_silent;
    double tokens, at_s, share_now;
};

static struct router random_router(void)
{
    struct router r = { .share = 0.998 };
    switch ((int)(uniform() * 7)) {
    case 0: r.rate = 1, r.burst = 6; break;             /* Linux */
    case 1: r.rate = 2, r.burst = 1; break;             /* one each 500 ms */
    case 2: r.rate = 0.5 + 2 * uniform(), r.burst = floor(1 + 10 * uniform()); break;
    case 3: r.share = 0.2 + 0.79 * uniform(); break;    /* one limit for all who ask */
    case 4: r.share = 0.3 + 0.69 * uniform(), r.spread = 0.3; break;
    case 5: r.is_silent = uniform() < 0.5; break;
    default: break;
    }
    r.tokens = r.burst;
    return r;
}

static bool answers(struct router *r, double at_s)
{
    if (r->is_silent || uniform() > r->share_now)
        return false;
    if (r->rate == 0)
        return true;
    r->tokens = fmin(r->burst, r->tokens + (at_s - r->at_s) * r->rate);
    r->at_s = at_s;
    if (r->tokens < 1)
        return false;
    r->tokens -= 1;
    return true;
}

struct path {
    struct router routers[LONGHAUL_ROUTE_MAX];
    struct route_loss_hop hops[LONGHAUL_ROUTE_MAX];
    uint32_t n;
    uint32_t losing; /* the first hop that loses, while it does; 0: none of them */
    double loss;
};

static bool probe(struct path *p, uint32_t hop, double at_s, bool is_trouble)
{
    bool is_lost = is_trouble && p->losing > 0 && hop >= p->losing && uniform() < p->loss;
    return !is_lost && answers(&p->routers[hop - 1], at_s);
}

/* n probes to each hop from at_s on, over some seconds. */
static void trace(struct path *p, double at_s, double n, double seconds, bool is_trouble)
{
    for (uint32_t i = 0; i < p->n; i++) {
        struct router *r = &p->routers[i];
        double answered = 0;
        r->share_now = fmin(1, fmax(0, r->share + r->spread * (uniform() - 0.5)));
        for (int k = 0; k < (int)n; k++)
            answered += probe(p, i + 1, at_s + (k + uniform() / 2) * seconds / n, is_trouble);
        struct route_loss_count c = route_loss_limited(n, answered, seconds);
        struct route_loss_count *sum = is_trouble ? p->hops[i].now : p->hops[i].usual;
        sum[n >= 4 ? ROUTE_LOSS_MANY : ROUTE_LOSS_FEW].sent += c.sent;
        sum[n >= 4 ? ROUTE_LOSS_MANY : ROUTE_LOSS_FEW].answered += c.answered;
    }
}

/* The watch: one probe a second, in turn to each hop that answers. */
static void watch(struct path *p, double at_s, double seconds, bool is_trouble)
{
    for (uint32_t i = 0; i < p->n; i++)
        p->routers[i].share_now = p->routers[i].share;
    for (double s = 0; s < seconds; s++) {
        uint32_t i = (uint32_t)s % p->n;
        if (p->routers[i].is_silent)
            continue;
        struct route_loss_count *sum =
            is_trouble ? &p->hops[i].now[ROUTE_LOSS_WATCH] : &p->hops[i].usual[ROUTE_LOSS_WATCH];
        sum->sent += 1;
        sum->answered += probe(p, i + 1, at_s + s, is_trouble);
    }
}

/* An hour with a trouble of some minutes: what is found. */
static bool find(struct path *p, double minutes, double loss, struct route_loss_found *found)
{
    trace(p, 0, 3, 1.6, false);
    watch(p, 5, 600, false);
    for (double m = 0; m < minutes; m++) {
        trace(p, 700 + 60 * m, fmin(10, floor(56.0 / p->n)), 6, true);
        if (m > 0)
            watch(p, 710 + 60 * m, 50, true);
    }
    p->loss = loss;
    return route_loss_find(p->hops, p->n, loss, found);
}

static struct path random_path(void)
{
    struct path p = { .n = (uint32_t)(3 + uniform() * 13) };
    bool is_alike = uniform() < 0.3; /* the last ones are of one network, and limit alike */
    uint32_t from = (uint32_t)(uniform() * p.n);
    for (uint32_t i = 0; i < p.n; i++)
        p.routers[i] = is_alike && i > from ? p.routers[i - 1] : random_router();
    return p;
}

/* The loss is behind all hops: at the peer, or on the way back. */
static void check_quiet(void)
{
    static const double losses[] = { 0.005, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1 };
    for (double minutes = 1; minutes <= 10; minutes += 9) {
        size_t n_named = 0, n_ranges = 0;
        for (int k = 0; k < 12000; k++) {
            struct path p = random_path();
            struct route_loss_found found;
            bool has = find(&p, minutes, losses[k % 9], &found);
            n_named += has && found.from == found.to;
            n_ranges += has && found.from != found.to;
        }
        CHECK(n_named <= 12 && n_ranges <= 30, "12,000 hours with %g minutes of loss behind all hops, and routers that "
              "limit their answers: %zu hops named, %zu ranges of hops", minutes, n_named, n_ranges);
    }
}

/* Five routers as Linux is, one after the other loses. */
static void check_power(void)
{
    static const struct {
        double loss, minutes;
        size_t n_exact, n_within; /* at least, of 200 */
    } cases[] = { { 0.1, 2, 20, 110 },  { 0.1, 4, 120, 160 }, { 0.1, 8, 180, 185 }, { 0.05, 8, 110, 160 },
                  { 0.3, 2, 160, 170 }, { 0.3, 4, 185, 185 }, { 1, 1, 155, 155 }, { 1, 2, 190, 190 } };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        size_t n_exact = 0, n_within = 0, n_wrong = 0;
        for (int k = 0; k < 200; k++) {
            struct path p = { .n = 5, .loss = cases[c].loss, .losing = (uint32_t)(1 + k % 5) };
            for (uint32_t i = 0; i < p.n; i++)
                p.routers[i] = (struct router){ .share = 0.998, .rate = 1, .burst = 6, .tokens = 6 };
            struct route_loss_found found;
            bool has = find(&p, cases[c].minutes, cases[c].loss, &found),
                 is_within = has && found.from <= p.losing && found.to >= p.losing;
            n_exact += is_within && found.from == found.to;
            n_within += is_within;
            n_wrong += has && !is_within;
        }
        CHECK(n_exact >= cases[c].n_exact && n_within >= cases[c].n_within && n_wrong <= 6,
              "a hop that loses %g %% for %g minutes, %g probes to each hop: named in %zu of 200, within 3 hops in "
              "%zu, wrong in %zu", 100 * cases[c].loss, cases[c].minutes, 20 * cases[c].minutes - 10, n_exact, n_within,
              n_wrong);
    }
}

/* What can be no loss of the path. */
static void check_alone(void)
{
    struct route_loss_hop hops[5] = { 0 };
    struct route_loss_found found;
    for (int i = 0; i < 5; i++) {
        hops[i].usual[ROUTE_LOSS_MANY] = hops[i].usual[ROUTE_LOSS_WATCH] = (struct route_loss_count){ 100, 100 };
        hops[i].now[ROUTE_LOSS_MANY] = hops[i].now[ROUTE_LOSS_WATCH] = (struct route_loss_count){ 100, 100 };
    }
    hops[2].now[ROUTE_LOSS_MANY].answered = hops[2].now[ROUTE_LOSS_WATCH].answered = 30;
    CHECK(!route_loss_find(hops, 5, 0.7, &found), "a hop that loses, and those behind it do not");
    for (int i = 2; i < 5; i++)
        hops[i].now[ROUTE_LOSS_MANY].answered = hops[i].now[ROUTE_LOSS_WATCH].answered = 30;
    CHECK(route_loss_find(hops, 5, 0.7, &found) && found.from == 3 && found.to == 3 && fabs(found.share - 0.7) < 0.1,
          "all behind it do: hop %u, %g", found.from, found.share);
    CHECK(!route_loss_find(hops, 5, NAN, &found) && !route_loss_find(hops, 5, 0.001, &found) &&
              !route_loss_find(hops, 0, 0.7, &found),
          "a loss that is unknown, or too small, and no hops");
    for (int i = 0; i < 5; i++)
        hops[i].usual[ROUTE_LOSS_MANY] = hops[i].usual[ROUTE_LOSS_WATCH] = (struct route_loss_count){ 0, 0 };
    CHECK(!route_loss_find(hops, 5, 0.7, &found), "nothing is known of quiet times");
    for (int i = 0; i < 5; i++)
        hops[i] = (struct route_loss_hop){ .usual[ROUTE_LOSS_FEW] = { 3, 3 }, .usual[ROUTE_LOSS_WATCH] = { 20, 20 },
                                           .now[ROUTE_LOSS_FEW] = { i < 2 ? 3 : 0, i < 2 ? 3 : 0 },
                                           .now[ROUTE_LOSS_WATCH] = { i < 2 ? 0 : 1, 0 } };
    CHECK(route_loss_find(hops, 5, 1, &found) && found.from == 3 && found.to == 3,
          "an outage, and one probe to each of the last three is not answered: hop %u to %u", found.from, found.to);
    hops[2].now[ROUTE_LOSS_WATCH].answered = hops[3].now[ROUTE_LOSS_WATCH].answered = 1;
    CHECK(!route_loss_find(hops, 5, 1, &found), "one probe without an answer is too little");
    struct route_loss_count c = route_loss_limited(20, 12, 6.2);
    CHECK(c.sent == 12 && c.answered == 12, "Linux answers 6 at once and 1 a second: %g of %g", c.answered, c.sent);
}

int main(void)
{
    check_differences();
    check_memory();
    check_loops();
    check_quiet();
    check_power();
    check_alone();
    return CHECK_DONE();
}
