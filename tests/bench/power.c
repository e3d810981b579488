/* power.c - which faults are found: for each size and length the share of legs in which the fault is told, and in which
 * it is told rightly (once, with its start and end within 3 s, 10 s below 2 % of loss, or 5 % of its length, or a row,
 * and its lost packets within 1 % and 20 of them). `power [--seed S] [--repeat N] [--jobs J] [--short]`: tables in
 * Markdown.
 * --short: what must always be found, and nothing else; exit status 1 when it was not. */
#include "made_leg.h"
#include "told.h"

enum { MOST_FAULTS = 400, MOST_COLUMNS = 9 };

struct table {
    const char *title, *row_head;
    void (*set)(struct made_leg *m, double size,
                double seconds); /* background and fault; faults[0] is the one that is looked for */
    bool (*is_right)(const struct told *t, const struct made_leg *m, bool *is_told); /* NULL: one fault, one incident */
    const char *form;                                                                /* of the sizes */
    double sizes[MOST_COLUMNS + 2], lengths[MOST_COLUMNS];                           /* ended by 0 */
    double leg_s, row_s;
};

/* ---- backgrounds and faults */
static void usual(struct made_leg *m)
{
    m->loss = 1e-5;
    m->jitter_ms = made_log_uniform(m, 0.008, 0.05);
    m->jitter_sigma = 0.12;
}
static void add(struct made_leg *m, double start, double seconds, double loss)
{
    if (m->n_faults < MOST_FAULTS)
        m->faults[m->n_faults++] = (struct made_fault){ .start = start, .seconds = seconds, .loss = loss };
}
static void add_anywhere(struct made_leg *m, double seconds, double loss)
{
    add(m, made_uniform(m, 0.1 * m->seconds, 0.9 * m->seconds - seconds), seconds, loss);
}
static void loss_binomial(struct made_leg *m, double size, double seconds)
{
    usual(m);
    add_anywhere(m, seconds, size);
}
static void loss_chain(struct made_leg *m, double size, double seconds)
{
    usual(m);
    m->loss = 0;
    m->ge_bad_s = 0.2;
    m->ge_loss = 0.1;
    m->ge_good_s = m->ge_bad_s * (m->ge_loss / 2e-4 - 1);
    add_anywhere(m, seconds, size);
}
static void jitter(struct made_leg *m, double size, double seconds)
{
    usual(m);
    add_anywhere(m, seconds, 0);
    m->faults[0].jitter_factor = size;
}
static void step(struct made_leg *m, double size, double seconds)
{
    usual(m);
    add(m, seconds >= 1e9 ? made_uniform(m, 0.3, 0.7) * m->seconds : made_uniform(m, 0.2, 0.6) * m->seconds, seconds,
        size);
}
/* 2 % for 60 s, and what is heavier in the same leg: single seconds of 60 %; a share of the leg in minutes of 20 to 60
 * %. */
static void next_to_heavier(struct made_leg *m, double size, double seconds)
{
    usual(m);
    double middle = made_uniform(m, 0.45, 0.5) * m->seconds, all = size * m->seconds;
    add(m, middle, seconds, 0.02);
    if (size < 1e-6)
        return;
    if (size < 0.01) {
        for (int i = 0; i < 5; i++)
            add(m, (0.08 + 0.18 * i) * m->seconds + floor(made_uniform(m, 0, 60)), 1, 0.6);
        return;
    }
    int n =
        (int)ceil(all / 900); /* blocks of at most a quarter of an hour, evenly over the leg, none near the middle */
    for (int i = 0; i < n; i++) {
        double start = ((double)i + 0.3) * m->seconds / n;
        if (fabs(start + all / n / 2 - middle) > 300 + all / n / 2)
            add(m, start, all / n, made_uniform(m, 0.2, 0.6));
    }
}
static void series(struct made_leg *m, double size, double seconds)
{
    usual(m);
    for (double at = floor(made_uniform(m, 10, 70)); at < m->seconds - 70; at += 60)
        add(m, at, seconds, size);
}

/* ---- what is told */
static bool is_near(const struct longhaul_incident *x, const struct made_fault *f, double leg_s, double *overlap)
{
    double end = fmin(f->start + f->seconds, leg_s);
    *overlap = fmin(x->start_s + x->seconds, end) - fmax(x->start_s, f->start);
    return *overlap > -1.5;
}

/* Whether one incident is the fault, and no other is near it. */
static bool tells_fault(const struct told *t, const struct made_leg *m, bool *is_told)
{
    const struct made_fault *f = &m->faults[0];
    double end = fmin(f->start + f->seconds, m->seconds), overlap;
    double least = fmax(f->loss > 0 && f->loss < 0.02 ? 10 : 3, 1.2 * m->row_s);
    double most = fmax(least, 0.05 * (end - f->start));
    size_t n_near = 0, n_right = 0;
    for (size_t i = 0; i < t->n; i++) {
        const struct longhaul_incident *x = &t->list[i];
        if (!is_near(x, f, m->seconds, &overlap) || x->count > 1) /* a series may be around it */
            continue;
        n_near++;
        bool is_in_time = fabs(x->start_s - f->start) <= most &&
                          (f->seconds >= 1e9 ? x->is_open : fabs(x->start_s + x->seconds - end) <= most);
        double lost = (double)f->lost;
        bool has_lost = f->loss == 0 || (x->lost_packets >= 0.99 * lost - 20 &&
                                         x->lost_packets <= 1.01 * lost + 20 + 3e-4 * 863 * (end - f->start));
        n_right += is_in_time && has_lost && (f->loss > 0) == (x->kind != LONGHAUL_EVENT_JITTER);
    }
    *is_told = n_near > 0;
    return n_near == 1 && n_right == 1;
}
static bool tells_series(const struct told *t, const struct made_leg *m, bool *is_told)
{
    *is_told = t->n > 0;
    return t->n == 1 && fabs((double)t->list[0].count - (double)m->n_faults) <= 1 &&
           fabs(t->list[0].period_s - 60) <= 1.2;
}

static const struct table tables[] = {
    { "Loss, over a binomial background of 0.001 %",
      "Loss",
      loss_binomial,
      NULL,
      "%g %%",
      { 0.01, 0.03, 0.1, 0.3, 1, 2, 5, 10, 30, 60 },
      { 1, 3, 10, 30, 60, 300, 1800, 7200 },
      21600,
      1 },
    { "Loss, over a Gilbert-Elliott background (bad for 0.2 s, 10 % lost then, 0.02 % in the mean)",
      "Loss",
      loss_chain,
      NULL,
      "%g %%",
      { 0.03, 0.1, 0.3, 1, 2, 5, 10, 30, 60 },
      { 1, 3, 10, 30, 60, 300, 1800, 7200 },
      21600,
      1 },
    { "Jitter, over its usual value times a lognormal noise of 12 %",
      "Times the usual",
      jitter,
      NULL,
      "%g",
      { 1.2, 1.5, 2, 3, 5, 10, 30 },
      { 3, 10, 30, 60, 300, 1800, 7200 },
      21600,
      1 },
    { "A step of loss, in a leg of half a day",
      "Loss",
      step,
      NULL,
      "%g %%",
      { 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3 },
      { 600, 1800, 3600, 10800, 1e9 },
      43200,
      1 },
    { "2 % for some time next to nothing (0 %), five single seconds of 60 % (0.1 %), or blocks of 20 to 60 %",
      "Bad seconds",
      next_to_heavier,
      NULL,
      "%.1f %%",
      { 1e-9, 0.1, 5, 30 },
      { 10, 30, 60, 300 },
      21600,
      1 },
    { "Loss, in rows of 10 s, over a binomial background of 0.001 %, a leg of a day",
      "Loss",
      loss_binomial,
      NULL,
      "%g %%",
      { 0.03, 0.1, 0.3, 1, 5, 30 },
      { 10, 30, 60, 300, 1800, 7200 },
      86400,
      10 },
    { "Loss, in rows of 0.1 s, over a binomial background of 0.001 %, a leg of half an hour",
      "Loss",
      loss_binomial,
      NULL,
      "%g %%",
      { 0.3, 1, 2, 5, 10, 30, 60 },
      { 0.3, 1, 3, 10, 30, 60, 300 },
      1800,
      0.1 },
    { "Loss, over a binomial background of 0.001 %, a leg of three minutes",
      "Loss",
      loss_binomial,
      NULL,
      "%g %%",
      { 0.3, 1, 2, 5, 10, 30, 60 },
      { 1, 3, 10, 30, 60 },
      180,
      1 },
    { "A burst in each minute, for six hours: as one series with its count and period",
      "Loss",
      series,
      tells_series,
      "%g %%",
      { 2, 5, 20, 50 },
      { 1, 2, 3, 5, 10 },
      21600,
      1 },
};
enum { N_TABLES = sizeof tables / sizeof tables[0] };

/* What must be found: one in each table's middle. */
static const struct {
    int table;
    double size, seconds;
} sure[] = {
    { 0, 60, 1 },   { 0, 20, 3 },      { 0, 2, 60 },    { 0, 0.3, 1800 }, { 1, 5, 60 },
    { 2, 10, 300 }, { 3, 0.2, 10800 }, { 3, 0.3, 1e9 }, { 4, 0.1, 60 },   { 4, 5, 60 },
    { 4, 30, 60 },  { 8, 20, 3 },      { 5, 1, 300 },   { 6, 5, 30 },     { 7, 5, 30 },
};

struct job {
    uint64_t seed, repeat, jobs;
    long told, right; /* of the cell that is at work */
    const struct table *table;
    double size, seconds;
};

static int try_leg(void *payload, uint64_t k, FILE *out)
{
    const struct job *job = payload;
    struct made_fault faults[MOST_FAULTS] = { 0 };
    struct made_leg m = { .random = job->seed * UINT64_C(0x9e3779b97f4a7c15) + k * UINT64_C(0xd1342543de82ef95),
                          .row_s = job->table->row_s,
                          .bps = 1e7,
                          .seconds = job->table->leg_s,
                          .datagram = 1448,
                          .has_target = true,
                          .faults = faults };
    struct told told;
    bool is_told = false, is_right;
    job->table->set(&m, job->table->set == jitter ? job->size : job->size / 100, job->seconds);
    if (made_write(&m, told_scratch()) != 0)
        return perror(told_scratch()), -1;
    if (told_open(told_scratch(), &told) != 0)
        return -1;
    is_right = (job->table->is_right ? job->table->is_right : tells_fault)(&told, &m, &is_told);
    fprintf(out, "%d %d\n", is_told, is_right);
    if (getenv("POWER_SHOWS") && !is_right)
        for (size_t i = 0; i < told.n || i == 0; i++)
            fprintf(stderr, "# %g, %g s, leg %d, %.1f-%.1f s, %" PRId64 " lost: %s %.1f-%.1f %.0f x%zu %s\n", job->size,
                    job->seconds, (int)k, m.faults[0].start, m.faults[0].start + m.faults[0].seconds, m.faults[0].lost,
                    told.n ? "told" : "nothing", told.n ? told.list[i].start_s : 0,
                    told.n ? told.list[i].start_s + told.list[i].seconds : 0, told.n ? told.list[i].lost_packets : 0,
                    told.n ? told.list[i].count : 0, told.n ? told.list[i].text : "");
    told_close(&told);
    unlink(told_scratch());
    return 0;
}

static void take_line(void *payload, char *line)
{
    struct job *job = payload;
    job->told += line[0] == '1';
    job->right += line[2] == '1';
}

static bool try_cell(struct job *job, const struct table *table, double size, double seconds)
{
    job->table = table;
    job->size = size;
    job->seconds = seconds;
    job->told = job->right = 0;
    return told_work(try_leg, take_line, job, 0, job->repeat, job->jobs);
}

static bool print_table(struct job *job, const struct table *table)
{
    bool is_good = true;
    printf("\n%s: told, and told rightly, in %% of %d legs\n\n| %s |", table->title, (int)job->repeat, table->row_head);
    for (const double *s = table->lengths; *s > 0; s++)
        printf(*s < 120    ? " %g s |"
               : *s < 7200 ? " %.0f min |"
               : *s < 1e6  ? " %.3g h |"
                           : " to the end |",
               *s < 120    ? *s
               : *s < 7200 ? *s / 60
                           : *s / 3600);
    printf("\n|---|");
    for (const double *s = table->lengths; *s > 0; s++)
        printf("---|");
    for (const double *size = table->sizes; *size > 0; size++) {
        printf("\n| ");
        printf(table->form, *size);
        printf(" |");
        for (const double *s = table->lengths; *s > 0; s++) {
            is_good = try_cell(job, table, *size, *s) && is_good;
            printf(" %ld/%ld |", job->told * 100 / (long)job->repeat, job->right * 100 / (long)job->repeat);
            fflush(stdout);
        }
    }
    printf("\n");
    return is_good;
}

static bool try_sure(struct job *job)
{
    bool is_good = true;
    for (size_t i = 0; i < sizeof sure / sizeof sure[0]; i++) {
        bool is_done = try_cell(job, &tables[sure[i].table], sure[i].size, sure[i].seconds);
        bool is_right = is_done && job->right == (long)job->repeat;
        printf("%sok - %s, %g for %g s: told rightly in %ld of %d legs\n", is_right ? "" : "not ",
               tables[sure[i].table].title, sure[i].size, sure[i].seconds, job->right, (int)job->repeat);
        is_good = is_good && is_right;
    }
    return is_good;
}

int main(int argc, char **argv)
{
    struct job job = { .seed = 1, .repeat = 20, .jobs = 1 };
    bool is_short = false, is_good = true;
    int only = -1;
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        if (strcmp(argv[i], "--short") == 0)
            is_short = true;
        else if (strcmp(argv[i], "--seed") == 0)
            job.seed = strtoull(value, NULL, 10), i++;
        else if (strcmp(argv[i], "--repeat") == 0)
            job.repeat = strtoull(value, NULL, 10), i++;
        else if (strcmp(argv[i], "--jobs") == 0)
            job.jobs = strtoull(value, NULL, 10), i++;
        else if (strcmp(argv[i], "--table") == 0)
            only = atoi(value), i++;
        else
            return fprintf(stderr, "power: %s\n", argv[i]), 2;
    }
    if (job.jobs < 1 || job.jobs > 64 || job.repeat < 1)
        return fputs("power: --jobs is 1 to 64, --repeat at least 1\n", stderr), 2;
    if (is_short)
        return !try_sure(&job);
    for (int i = 0; i < N_TABLES; i++)
        if (only < 0 || only == i)
            is_good = print_table(&job, &tables[i]) && is_good;
    return !is_good;
}
