/* worse.c - how often longhaul compare says "worse" of two days of the same kind, and how often of a day that is worse.
 * `worse [--seed S] [--first K] [--pairs N] [--jobs J] [--short] [--halves] [--loss POINTS] [--rate PERCENT]`: makes N
 * pairs of legs with the same background (backgrounds.h), compares them, and prints a table; exit status 1 when "worse"
 * or "better" is said of more than 1 % each. --halves compares the halves of one leg instead: the first with the second
 * one, or even hours with odd ones. --loss and --rate make the second of two days of rows of 1 s worse: then 1 when
 * "worse" is said of less than 90 %, for --loss of those that know their loss. Pair K of seed S is the same in every
 * run. */
#include "backgrounds.h"
#include "told.h"

struct tally {
    long pairs, worse, better, figures, none, cannot;
};
struct job {
    uint64_t seed, first, pairs, jobs;
    bool is_short, is_halves;
    double loss, rate;
    struct tally tallies[N_BACKGROUNDS];
};

static int read_side(const char *path, struct longhaul_report **report)
{
    struct longhaul_error err = { 0 };
    int rc = longhaul_report_read(&path, 1, NULL, report, &err);
    if (rc != 0)
        fprintf(stderr, "%s: %s\n", path, err.text);
    return rc;
}

static int write_day(struct made_leg m, uint64_t random, const char *path)
{
    m.random = random;
    if (made_write(&m, path) == 0)
        return 0;
    perror(path);
    return -1;
}

static void print_pair(FILE *out, size_t i, uint64_t k, const struct made_leg *m, const struct longhaul_comparison *c)
{
    fprintf(out, "%zu %zu %zu %zu %zu %" PRIu64 " (%s), rows of %g s, %.0f s, %.3g bit/s: %s\n", i,
            longhaul_comparison_n(c, LONGHAUL_DIFFERENCE_WORSE), longhaul_comparison_n(c, LONGHAUL_DIFFERENCE_BETTER),
            longhaul_comparison_n(c, LONGHAUL_DIFFERENCE_NONE),
            longhaul_comparison_n(c, LONGHAUL_DIFFERENCE_CANNOT_SAY), k, backgrounds[i].name, m->row_s, m->seconds,
            m->bps, longhaul_comparison_verdict(c));
}

static int try_pair(void *payload, uint64_t k, FILE *out)
{
    const struct job *job = payload;
    struct made_leg m, worse;
    struct longhaul_report *before = NULL, *after = NULL;
    struct longhaul_comparison *c;
    struct longhaul_error err = { 0 };
    const char *path = told_scratch();
    size_t i = draw_leg(&m, job->seed, k, job->is_short);
    if (job->loss > 0 && (m.is_tcp || m.is_sender)) /* does not know its loss */
        return 0;
    if (job->loss > 0 || job->rate > 0) {
        m.row_s = 1;
        m.seconds = 86400;
        m.bps = 1e7;
    }
    if (job->is_halves)
        m.half = made_unit(&m) < 0.5 || m.seconds < 14400 ? MADE_FIRST : MADE_EVEN_HOURS;
    worse = m;
    worse.half += job->is_halves; /* the other half of the same leg */
    worse.more_loss = job->loss / 100;
    worse.slower = job->rate / 100;
    int rc = write_day(m, job->seed * 1000003 + 2 * k, path) || read_side(path, &before) ||
             write_day(worse, job->seed * 1000003 + 2 * k + !job->is_halves, path) || read_side(path, &after);
    unlink(path);
    if (rc == 0 && longhaul_compare(before, after, NULL, &c, &err) == 0) {
        print_pair(out, i, k, &m, c);
        longhaul_comparison_free(c);
    } else {
        fprintf(stderr, "worse: pair %" PRIu64 ": %s\n", k, err.text);
        rc = -1;
    }
    longhaul_report_free(before);
    longhaul_report_free(after);
    return rc;
}

static void take_line(void *payload, char *line)
{
    struct tally *t = ((struct job *)payload)->tallies;
    char *rest;
    t += strtoul(line, &rest, 10);
    long worse = strtol(rest, &rest, 10), better = strtol(rest, &rest, 10), none = strtol(rest, &rest, 10),
         cannot = strtol(rest, &rest, 10);
    t->pairs++;
    t->worse += worse > 0;
    t->better += better > 0;
    t->none += none;
    t->cannot += cannot;
    t->figures += worse + better + none + cannot;
    if (worse + better > 0 || ((struct job *)payload)->loss > 0 || ((struct job *)payload)->rate > 0)
        printf("# pair%s", rest);
    fflush(stdout);
}

static void print_row(const char *name, const struct tally *t)
{
    if (t->pairs > 0)
        printf("| %s | %ld | %ld | %ld | %ld | %ld | %ld |\n", name, t->pairs, t->worse, t->better, t->figures, t->none,
               t->cannot);
}

static struct tally print_table(const struct tally *tallies)
{
    struct tally all = { 0 };
    printf("| Background | Pairs | Worse | Better | Figures | No difference | Cannot say |\n"
           "|---|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < N_BACKGROUNDS; i++) {
        const struct tally *t = &tallies[i];
        print_row(backgrounds[i].name, t);
        all.pairs += t->pairs;
        all.worse += t->worse;
        all.better += t->better;
        all.figures += t->figures;
        all.none += t->none;
        all.cannot += t->cannot;
    }
    print_row("all", &all);
    return all;
}

int main(int argc, char **argv)
{
    struct job job = { .seed = 1, .pairs = 1000, .jobs = 1 };
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        if (strcmp(argv[i], "--short") == 0) {
            job.is_short = true;
            continue;
        }
        if (strcmp(argv[i], "--halves") == 0) {
            job.is_halves = true;
            continue;
        }
        if (strcmp(argv[i], "--seed") == 0)
            job.seed = strtoull(value, NULL, 10);
        else if (strcmp(argv[i], "--first") == 0)
            job.first = strtoull(value, NULL, 10);
        else if (strcmp(argv[i], "--pairs") == 0)
            job.pairs = strtoull(value, NULL, 10);
        else if (strcmp(argv[i], "--jobs") == 0)
            job.jobs = strtoull(value, NULL, 10);
        else if (strcmp(argv[i], "--loss") == 0)
            job.loss = strtod(value, NULL);
        else if (strcmp(argv[i], "--rate") == 0)
            job.rate = strtod(value, NULL);
        else
            return fprintf(stderr, "worse: %s\n", argv[i]), 2;
        i++;
    }
    if (job.jobs < 1 || job.jobs > 64)
        return fputs("worse: --jobs is 1 to 64\n", stderr), 2;
    bool is_done = told_work(try_pair, take_line, &job, job.first, job.first + job.pairs, job.jobs);
    struct tally all = print_table(job.tallies);
    bool is_good = job.loss > 0 || job.rate > 0 ? (double)all.worse >= 0.9 * (double)all.pairs
                                                : (double)all.worse <= 0.01 * (double)all.pairs &&
                                                      (double)all.better <= 0.01 * (double)all.pairs;
    return !(is_good && is_done);
}
