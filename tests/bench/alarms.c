/* alarms.c - how often a background is taken for an incident. `alarms [--seed S] [--first K] [--legs N] [--jobs J]
 * [--short] [--keep FILE]`: makes N legs in which nothing happens, reads each as a report does, and counts those with
 * an incident: a table for each background, exit status 1 when more than 1 % have one. Leg K of seed S is the same in
 * every run; --keep FILE leaves the last one. --short: at most 9,000 rows. */
#include "made_leg.h"
#include "told.h"

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

struct tally {
    double days;
    long legs, bad, incidents;
};
struct job {
    uint64_t seed, first, legs, jobs;
    bool is_short;
    const char *keep;
    struct tally tallies[N_BACKGROUNDS + 1]; /* the last: of those that are judged, with bad times of over 0.5 s */
};

static int try_leg(void *payload, uint64_t k, FILE *out)
{
    const struct job *job = payload;
    const char *path = job->keep ? job->keep : told_scratch();
    struct made_leg m;
    struct told told;
    size_t i = draw_leg(&m, job->seed, k, job->is_short);
    if (made_write(&m, path) != 0)
        return perror(path), -1;
    if (told_open(path, &told) != 0)
        return -1;
    fprintf(out, "%zu %d %.6f %zu %" PRIu64 " (%s), rows of %g s, %.0f s, %.3g bit/s:", i, m.ge_bad_s > 0.5,
            m.seconds / 86400, told.n, k, backgrounds[i].name, m.row_s, m.seconds, m.bps);
    for (size_t j = 0; j < told.n && j < 3; j++)
        fprintf(out, "%s %.0f-%.0f s: %s", j ? " |" : "", told.list[j].start_s,
                told.list[j].start_s + told.list[j].seconds, told.list[j].text);
    fputc('\n', out);
    told_close(&told);
    if (!job->keep)
        unlink(path);
    return 0;
}

static void add(struct tally *t, double days, long n)
{
    t->days += days;
    t->legs++;
    t->bad += n > 0;
    t->incidents += n;
}

static void take_line(void *payload, char *line)
{
    struct tally *tallies = ((struct job *)payload)->tallies;
    char *rest;
    size_t i = strtoul(line, &rest, 10);
    bool is_long = strtol(rest, &rest, 10) != 0;
    double days = strtod(rest, &rest);
    long n = strtol(rest, &rest, 10);
    add(&tallies[i], days, n);
    if (is_long && i < N_JUDGED)
        add(&tallies[N_BACKGROUNDS], days, n);
    if (n > 0)
        printf("# leg%s", rest);
    fflush(stdout);
}

static void print_row(const char *name, const struct tally *t)
{
    if (t->legs > 0)
        printf("| %s | %ld | %.1f | %ld | %ld |\n", name, t->legs, t->days, t->bad, t->incidents);
}

/* Whether at most 1 % of the legs that are judged have an incident. */
static bool print_table(const struct tally *tallies)
{
    struct tally all = { 0 };
    printf("| Background | Legs | Days | Legs with an incident | Incidents |\n|---|---|---|---|---|\n");
    for (size_t i = 0; i < N_BACKGROUNDS; i++) {
        const struct tally *t = &tallies[i];
        print_row(backgrounds[i].name, t);
        if (i >= N_JUDGED)
            continue;
        all.days += t->days;
        all.legs += t->legs;
        all.bad += t->bad;
        all.incidents += t->incidents;
    }
    print_row("all that are judged", &all);
    print_row("of these, Gilbert-Elliott, bad for more than 0.5 s in the mean", &tallies[N_BACKGROUNDS]);
    return (double)all.bad <= 0.01 * (double)all.legs;
}

int main(int argc, char **argv)
{
    struct job job = { .seed = 1, .legs = 1000, .jobs = 1 };
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        if (strcmp(argv[i], "--short") == 0)
            job.is_short = true;
        else if (strcmp(argv[i], "--seed") == 0)
            job.seed = strtoull(value, NULL, 10), i++;
        else if (strcmp(argv[i], "--first") == 0)
            job.first = strtoull(value, NULL, 10), i++;
        else if (strcmp(argv[i], "--legs") == 0)
            job.legs = strtoull(value, NULL, 10), i++;
        else if (strcmp(argv[i], "--jobs") == 0)
            job.jobs = strtoull(value, NULL, 10), i++;
        else if (strcmp(argv[i], "--keep") == 0)
            job.keep = value, i++;
        else
            return fprintf(stderr, "alarms: %s\n", argv[i]), 2;
    }
    if (job.jobs < 1 || job.jobs > 64 || (job.keep && job.jobs > 1))
        return fputs("alarms: --jobs is 1 to 64, with --keep 1\n", stderr), 2;
    bool is_done = told_work(try_leg, take_line, &job, job.first, job.first + job.legs, job.jobs);
    return !(print_table(job.tallies) && is_done);
}
