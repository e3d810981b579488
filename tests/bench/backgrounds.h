/* backgrounds.h - legs in which nothing happens, of many kinds: for the programs that measure false alarms (alarms.c)
 * and false differences between two days (worse.c). */
#ifndef BACKGROUNDS_H
#define BACKGROUNDS_H
#include "made_leg.h"

static double slow_loss(struct made_leg *m)
{
    return made_log_uniform(m, 5e-6, 1e-4);
}

static void no_loss(struct made_leg *m)
{
    m->loss = 0;
}
static void binomial(struct made_leg *m)
{
    static const double levels[] = { 1e-6, 1e-5, 1e-4, 1e-3, 1e-2 };
    m->loss = levels[made_bits(m) % 5];
}
/* A background has many bad times, a few are events: 100 at least. */
static void chain(struct made_leg *m)
{
    for (int tries = 0; tries < 1000; tries++) {
        m->ge_bad_s = made_log_uniform(m, 0.05, 3);
        m->ge_loss = made_log_uniform(m, 0.05, 0.60);
        m->ge_good_s = m->ge_bad_s * (m->ge_loss / made_log_uniform(m, 5e-6, 5e-4) - 1);
        if (m->seconds / m->ge_good_s >= 100)
            return;
    }
    m->ge_bad_s = 0;
}
static void rare_chain(struct made_leg *m) /* so few bad times that they may as well be faults: told, not judged */
{
    m->ge_bad_s = made_log_uniform(m, 0.05, 1);
    m->ge_loss = made_log_uniform(m, 0.05, 0.30);
    m->ge_good_s = m->seconds / made_uniform(m, 5, 60);
}
static void short_chain(struct made_leg *m) /* bad times of 5 to 100 packets */
{
    m->ge_bad_s = made_log_uniform(m, 5, 100) * m->datagram * 8 / m->bps;
    m->ge_loss = made_log_uniform(m, 0.1, 0.9);
    m->ge_good_s = m->ge_bad_s * (m->ge_loss / made_log_uniform(m, 1e-5, 1e-3) - 1);
    if (m->seconds / m->ge_good_s < 60)
        m->ge_bad_s = 0;
}
static void singles(struct made_leg *m)
{
    m->single_per_s = fmax(made_log_uniform(m, 1.0 / 600, 1.0 / 10), 60 / m->seconds);
    m->single_alpha = made_uniform(m, 1.1, 2.5);
    m->single_most = made_log_uniform(m, 0.01, 0.04);
}
static void day_of(struct made_leg *m, enum made_shape shape, double base)
{
    m->loss = base;
    m->loss_shape = shape;
    m->loss_factor = made_log_uniform(m, 3, 30);
}
static void day_sine(struct made_leg *m)
{
    day_of(m, MADE_SINE, slow_loss(m));
}
static void day_hump(struct made_leg *m)
{
    day_of(m, MADE_HUMP, slow_loss(m));
}
static void day_office(struct made_leg *m)
{
    day_of(m, MADE_OFFICE, slow_loss(m));
}
static void walk(struct made_leg *m)
{
    day_of(m, MADE_WALK, made_log_uniform(m, 1e-5, 1e-3));
}
static void day_chain(struct made_leg *m)
{
    chain(m);
    day_of(m, made_unit(m) < 0.5 ? MADE_SINE : MADE_OFFICE, slow_loss(m));
}
static void jitter_white(struct made_leg *m)
{
    m->jitter_sigma = made_log_uniform(m, 0.05, 0.8);
}
static void jitter_slow(struct made_leg *m)
{
    m->jitter_memory = made_uniform(m, 0.5, 0.98);
    m->jitter_sigma = made_log_uniform(m, 0.05, 0.4);
}
static void jitter_day(struct made_leg *m)
{
    static const enum made_shape shapes[] = { MADE_SINE, MADE_HUMP, MADE_OFFICE, MADE_WALK };
    m->jitter_shape = shapes[made_bits(m) % 4];
    m->jitter_factor = made_log_uniform(m, 2, 8);
}
static void jitter_spikes(struct made_leg *m)
{
    m->jitter_spike = made_log_uniform(m, 1e-3, 3e-2);
}
static void order(struct made_leg *m)
{
    m->reordered = made_log_uniform(m, 1e-5, 1e-2);
    m->duplicated = made_unit(m) < 0.5 ? made_log_uniform(m, 1e-6, 1e-4) : 0;
}
static void wobble(struct made_leg *m)
{
    m->wobble = made_log_uniform(m, 0.005, 0.4);
}
static void sender(struct made_leg *m)
{
    m->is_sender = true;
    m->wobble = made_unit(m) < 0.5 ? made_log_uniform(m, 0.005, 0.3) : 0;
}
static void tcp(struct made_leg *m)
{
    m->is_tcp = true;
    m->is_sender = made_unit(m) < 0.7;
    m->tcp_dip = made_uniform(m, 0.5, 0.85);
    m->tcp_period_s = made_log_uniform(m, 2, 60);
    m->tcp_noise = made_log_uniform(m, 0.005, 0.08);
    m->has_target = false;
    m->bps = made_log_uniform(m, 1e7, 1e9);
}
static void tcp_target(struct made_leg *m)
{
    tcp(m);
    m->has_target = true;
}
static void mixture(struct made_leg *m)
{
    chain(m);
    jitter_slow(m);
    day_of(m, MADE_SINE, slow_loss(m));
    m->jitter_spike = made_log_uniform(m, 1e-3, 1e-2);
    m->wobble = made_log_uniform(m, 0.005, 0.1);
}

static const struct background {
    const char *name;
    void (*set)(struct made_leg *);
    bool is_daily;
} backgrounds[] = {
    { "no loss", no_loss, false },
    { "binomial, 0.0001 to 1 %", binomial, false },
    { "Gilbert-Elliott, bad for 0.05 to 3 s", chain, false },
    { "Gilbert-Elliott, bad for 5 to 100 packets", short_chain, false },
    { "groups of losses, heavy-tailed", singles, false },
    { "loss with the day, sinusoid", day_sine, true },
    { "loss with the day, evening", day_hump, true },
    { "loss with the day, working hours", day_office, true },
    { "loss with the day over Gilbert-Elliott", day_chain, true },
    { "loss, a random walk", walk, false },
    { "jitter, lognormal", jitter_white, false },
    { "jitter, autocorrelated", jitter_slow, false },
    { "jitter with the day", jitter_day, true },
    { "jitter, single rows 3 to 30 times", jitter_spikes, false },
    { "reordering and duplicates", order, false },
    { "rows and pace that wobble", wobble, false },
    { "a sender's file", sender, false },
    { "TCP", tcp, false },
    { "TCP with a target", tcp_target, false },
    { "all together", mixture, true },
    { "not judged: Gilbert-Elliott, bad 5 to 60 times", rare_chain, false },
};
enum { N_BACKGROUNDS = sizeof backgrounds / sizeof backgrounds[0], N_JUDGED = N_BACKGROUNDS - 1 };

/* Length of the rows and of the leg. */
static void draw_form(struct made_leg *m, bool is_daily, bool is_short)
{
    static const double rates[] = { 1e5, 1e6, 2e6, 1e7, 1e7, 1e7, 1e8, 1e9 };
    double u = made_unit(m);
    m->bps = rates[made_bits(m) % 8];
    m->row_s = 1;
    m->seconds = 86400;
    if (u < 0.12)
        m->row_s = 0.1, m->seconds = made_log_uniform(m, 60, 7200);
    else if (u < 0.27)
        m->row_s = 10, m->seconds = 86400 * (made_unit(m) < 0.3 ? 7 : 1);
    else if (u < 0.33)
        m->row_s = 60, m->seconds = 7 * 86400;
    else if (u < 0.60)
        m->seconds = made_log_uniform(m, 60, 43200);
    else if (u < 0.62)
        m->seconds = 7 * 86400;
    if (is_daily && m->seconds < 86400) /* as much of the day as there is: rows of 10 s */
        m->row_s = 10, m->seconds = 86400;
    if (is_short && m->seconds / m->row_s > 9000)
        m->seconds = 9000 * m->row_s;
    m->seconds = ceil(m->seconds / m->row_s) * m->row_s;
}

static size_t draw_leg(struct made_leg *m, uint64_t seed, uint64_t k, bool is_short)
{
    size_t i = k % N_BACKGROUNDS;
    *m = (struct made_leg){ .random = seed * UINT64_C(0x9e3779b97f4a7c15) + k * UINT64_C(0xd1342543de82ef95) };
    draw_form(m, backgrounds[i].is_daily, is_short);
    m->has_target = true;
    m->datagram = 1448;
    m->phase_s = made_uniform(m, 0, 86400);
    m->loss = made_log_uniform(m, 1e-6, 1e-4);
    m->jitter_ms = made_log_uniform(m, 0.005, 2);
    m->jitter_sigma = made_uniform(m, 0.05, 0.2);
    backgrounds[i].set(m);
    return i;
}
#endif
