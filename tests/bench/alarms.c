/* alarms.c - how often a background is taken for an incident. `alarms [--seed S] [--first K] [--legs N] [--jobs J]
 * [--short] [--keep FILE]`: makes N legs in which nothing happens, reads each as a report does, and counts those with
 * an incident: a table for each background, exit status 1 when more than 1 % have one. Leg K of seed S is the same in
 * every run; --keep FILE leaves the last one. --short: at most 9,000 rows. */
#include "backgrounds.h"
#include "told.h"

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
