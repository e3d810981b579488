/* test_tell_watch.c - when something is told about a leg: made seconds, exact moments; rows of 0.1 to 60 s; unknown
 * seconds; what a process before this one told, in its file. */

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../cli/tell_state.h"
#include "../cli/tell_watch.h"
#include "check.h"

#define LOOK_S 0.25
#define START 1e9 /* by the calendar */

/* A leg whose rows say what a test wants, and what was told about it. */
struct leg {
    struct tell_watch watch;
    struct longhaul_status status;
    double row_s, next_row_s, pending_s; /* pending_s: since the last row that was observed */
    char told[4000];                     /* "down@15.00<10.0;" */
    double levels[64];
    int n_told;
};

static void leg_init(struct leg *leg, double row_s)
{
    *leg = (struct leg){ .row_s = row_s, .next_row_s = row_s };
    tell_watch_init(&leg->watch);
    leg->status = (struct longhaul_status){ .phase = LONGHAUL_PHASE_RUNNING, .planned_s = 86400, .interval_s = row_s,
                                            .start_unix_s = START, .has_loss = true };
    leg->status.delays.newest_p99_us = NAN;
}

static void look(struct leg *leg)
{
    struct tell_event events[TELL_EVENTS];
    size_t n = tell_watch_look(&leg->watch, &leg->status, START + leg->status.elapsed_s, events);
    for (size_t i = 0; i < n && leg->n_told < 64; i++) {
        size_t at = strlen(leg->told);
        leg->levels[leg->n_told++] = events[i].level;
        snprintf(leg->told + at, sizeof leg->told - at, "%s@%.2f<%.1f;", tell_event_name(&events[i]),
                 leg->status.elapsed_s, events[i].since_unix_s - START);
    }
}

/* What rows say for some seconds: dark (nothing arrives), percent lost, delay; session: none at all. */
struct spell {
    double seconds;
    bool is_dark, has_no_session;
    double loss_percent, delay_ms; /* NAN: unknown */
};

static void end_row(struct leg *leg, const struct spell *s)
{
    leg->pending_s += leg->row_s;
    leg->next_row_s += leg->row_s;
    if (s->is_dark)
        return;
    leg->status.observed_s += leg->pending_s; /* a silence within a session is observed, afterwards */
    leg->pending_s = 0;
    leg->status.packets += 100000;
    leg->status.has_loss = !isnan(s->loss_percent);
    leg->status.lost_packets += isnan(s->loss_percent) ? 0 : (int64_t)(s->loss_percent * 1000);
    leg->status.delays.newest_p99_us = s->delay_ms * 1000;
}

static void pass(struct leg *leg, const struct spell s)
{
    int n = (int)lround(s.seconds / LOOK_S);
    for (int i = 0; i < n; i++) {
        leg->status.elapsed_s += LOOK_S;
        leg->status.phase = s.has_no_session ? LONGHAUL_PHASE_WAITING : LONGHAUL_PHASE_RUNNING;
        if (s.has_no_session) {
            leg->next_row_s = leg->status.elapsed_s + leg->row_s;
            leg->pending_s = 0;
        }
        while (!s.has_no_session && leg->next_row_s <= leg->status.elapsed_s + 1e-6)
            end_row(leg, &s);
        look(leg);
    }
}

static const struct spell good = { .delay_ms = NAN }, dark = { .is_dark = true, .delay_ms = NAN },
                          away = { .has_no_session = true, .is_dark = true, .delay_ms = NAN };

static struct spell of(struct spell s, double seconds)
{
    s.seconds = seconds;
    return s;
}

static struct spell losing(double percent, double seconds)
{
    return (struct spell){ .seconds = seconds, .loss_percent = percent, .delay_ms = NAN };
}

static struct spell queuing(double ms, double seconds)
{
    return (struct spell){ .seconds = seconds, .delay_ms = ms };
}

static void check_told(const struct leg *leg, const char *wanted, const char *what)
{
    CHECK(strcmp(leg->told, wanted) == 0, "%s: %s (wanted %s)", what, leg->told, wanted);
}

/* ---- outages */

static void test_down(void)
{
    struct leg leg;
    leg_init(&leg, 1);
    pass(&leg, of(good, 20));
    pass(&leg, of(dark, 20));
    pass(&leg, of(good, 2.75));
    check_told(&leg, "down@25.00<20.0;", "down after 5 s without a row, and not yet back after 2 s");
    pass(&leg, of(good, 20));
    check_told(&leg, "down@25.00<20.0;up@43.00<40.0;", "back after 3 s");
    for (int i = 0; i < 1000; i++)
        pass(&leg, of(good, 1));
    check_told(&leg, "down@25.00<20.0;up@43.00<40.0;", "and nothing more is told");
    leg_init(&leg, 1);
    pass(&leg, of(good, 20));
    pass(&leg, of(away, 20));
    pass(&leg, of(good, 10));
    check_told(&leg, "down@25.00<20.0;up@43.00<40.0;", "the same for a session that broke");
    leg_init(&leg, 1);
    pass(&leg, of(good, 20));
    for (int i = 0; i < 50; i++) {
        pass(&leg, of(away, 3));
        pass(&leg, of(good, 10));
    }
    check_told(&leg, "", "breaks of 3 s are not told");
}

static void test_flapping(void)
{
    struct leg leg;
    leg_init(&leg, 1);
    pass(&leg, of(good, 20));
    for (int i = 0; i < 20; i++) {
        pass(&leg, of(away, 3));
        pass(&leg, of(good, 2));
    }
    check_told(&leg, "down@27.00<20.0;", "3 of 5 s, again and again: one outage");
    pass(&leg, of(good, 4));
    check_told(&leg, "down@27.00<20.0;up@121.00<118.0;", "and one end");
}

static void test_row_lengths(void)
{
    static const double rows_s[] = { 0.1, 0.5, 1, 10, 60 };
    for (size_t i = 0; i < sizeof rows_s / sizeof *rows_s; i++) {
        struct leg leg;
        double row_s = rows_s[i], begin = NAN, since = NAN, up = NAN;
        leg_init(&leg, row_s);
        pass(&leg, of(good, 600));
        CHECK(leg.n_told == 0, "rows of %g s: nothing is told about a good leg: %s", row_s, leg.told);
        pass(&leg, of(dark, 99));
        pass(&leg, of(good, 201));
        int n = sscanf(leg.told, "down@%lf<%lf;up@%lf", &begin, &since, &up);
        CHECK(n == 3 && leg.n_told == 2, "rows of %g s: an outage and its end: %s", row_s, leg.told);
        CHECK(fabs(since - 600) < 0.3 && begin <= 600 + fmax(row_s + 3, 5.3), "rows of %g s: begin in time", row_s);
        CHECK(up <= 699 + fmax(row_s * 2, 5), "rows of %g s: end in time", row_s);
    }
    struct leg leg;
    leg_init(&leg, 60);
    pass(&leg, of(good, 600));
    for (int i = 0; i < 5; i++) {
        pass(&leg, of(away, 3));
        pass(&leg, of(good, 180));
    }
    check_told(&leg, "", "rows of 60 s: a session that begins anew within 3 s is no outage");
}

static void test_clock(void)
{
    struct leg leg;
    leg_init(&leg, 1);
    pass(&leg, of(good, 20));
    leg.status.elapsed_s += 3600; /* the host slept */
    leg.next_row_s = leg.status.elapsed_s + 1;
    leg.pending_s = 0;
    look(&leg);
    pass(&leg, of(good, 20));
    check_told(&leg, "down@3620.00<20.0;up@3623.00<3620.0;", "a host that slept: not measured, and back");
    leg_init(&leg, 1);
    pass(&leg, of(good, 20));
    leg.status.elapsed_s += 30; /* the thread that looks got no time, the leg did */
    leg.status.observed_s += 30;
    leg.next_row_s += 30;
    pass(&leg, of(good, 20));
    check_told(&leg, "", "a look that is late is no outage");
    leg_init(&leg, 1);
    leg.status.phase = LONGHAUL_PHASE_CONNECTING;
    for (int i = 0; i < 1000; i++)
        look(&leg);
    check_told(&leg, "", "a leg that has not begun is not down");
    leg.status.phase = LONGHAUL_PHASE_DONE;
    leg.status.ending = LONGHAUL_ENDING_FAILED;
    look(&leg);
    look(&leg);
    check_told(&leg, "over@0.00<0.0;", "it is over once");
    CHECK(strcmp(tell_event_words(&(struct tell_event){ .kind = TELL_OVER }), "is over") == 0, "in words");
}

/* ---- loss */

static void test_loss(void)
{
    struct leg leg;
    leg_init(&leg, 1);
    pass(&leg, of(good, 20));
    pass(&leg, losing(2, 4));
    pass(&leg, losing(0.99, 20));
    check_told(&leg, "", "4 bad seconds of 10 are too few, and 0.99 % is not bad");
    pass(&leg, losing(1, 10));
    check_told(&leg, "loss_begins@49.00<44.0;", "1 % is, after 5 s");
    CHECK(fabs(leg.levels[0] - 1) < 1e-9, "with its mean");
    pass(&leg, losing(4, 10));
    pass(&leg, losing(0, 2));
    pass(&leg, losing(3, 1));
    pass(&leg, losing(0, 2));
    check_told(&leg, "loss_begins@49.00<44.0;", "2 good seconds are no end");
    pass(&leg, losing(0, 3));
    check_told(&leg, "loss_begins@49.00<44.0;loss_ends@70.00<67.0;", "3 are");
    CHECK(fabs(leg.levels[1] - (10 * 1 + 10 * 4 + 3) / 21.0) < 1e-9, "the mean of all bad seconds: %g", leg.levels[1]);
    leg_init(&leg, 1);
    pass(&leg, of(good, 20));
    for (int i = 0; i < 30; i++) {
        pass(&leg, losing(5, 1));
        pass(&leg, losing(0, 1));
    }
    check_told(&leg, "loss_begins@29.00<20.0;", "every second second, for a minute: once");
    leg_init(&leg, 1);
    pass(&leg, of(good, 20));
    for (int i = 0; i < 30; i++) {
        pass(&leg, losing(5, 1));
        pass(&leg, losing(0, 2));
    }
    check_told(&leg, "", "one of three seconds is not enough");
    leg_init(&leg, 0.1);
    pass(&leg, of(good, 20));
    pass(&leg, losing(2, 10));
    CHECK(leg.n_told == 1 && strncmp(leg.told, "loss_begins@25", 14) == 0, "rows of 0.1 s: %s", leg.told);
    leg_init(&leg, 10);
    pass(&leg, of(good, 60));
    pass(&leg, losing(2, 10));
    pass(&leg, of(good, 10));
    check_told(&leg, "loss_begins@70.00<60.0;loss_ends@80.00<70.0;", "rows of 10 s: each is ten seconds");
}

static void test_unknown(void)
{
    struct leg leg;
    leg_init(&leg, 1);
    pass(&leg, of(good, 20));
    pass(&leg, losing(2, 4));
    pass(&leg, losing(NAN, 30));
    pass(&leg, losing(2, 4));
    check_told(&leg, "", "seconds of which nothing is known separate bad ones");
    pass(&leg, losing(2, 1));
    pass(&leg, losing(NAN, 100));
    check_told(&leg, "loss_begins@59.00<54.0;", "and end nothing");
    pass(&leg, of(dark, 20));
    CHECK(leg.n_told == 2 && strstr(leg.told, ";down@"), "an outage does not end losses: %s", leg.told);
    pass(&leg, of(good, 4));
    CHECK(leg.n_told == 4 && strstr(leg.told, ";up@") && strstr(leg.told, ";loss_ends@"), "good seconds do: %s",
          leg.told);
}

/* ---- queues */

static void test_queue(void)
{
    struct leg leg;
    leg_init(&leg, 1);
    pass(&leg, queuing(0.2, 9));
    pass(&leg, queuing(50, 1));
    for (int i = 0; i < 100; i++)
        pass(&leg, queuing(0.2 + (i % 3) * 0.1, 1));
    pass(&leg, queuing(5.2, 60));
    check_told(&leg, "", "5 ms more than the usual 0.3 ms are needed");
    pass(&leg, queuing(6, 10));
    check_told(&leg, "queue_begins@175.00<170.0;", "after 5 s");
    CHECK(fabs(leg.levels[0] - 6) < 1e-9, "with its mean");
    pass(&leg, queuing(40, 3600));
    check_told(&leg, "queue_begins@175.00<170.0;", "an hour of a queue does not become usual");
    pass(&leg, queuing(0.3, 5));
    check_told(&leg, "queue_begins@175.00<170.0;queue_ends@3783.00<3780.0;", "until it ends");
    leg_init(&leg, 1);
    pass(&leg, queuing(10, 100));
    pass(&leg, queuing(29, 100));
    check_told(&leg, "", "of 10 ms three times as much are needed");
    leg_init(&leg, 1);
    pass(&leg, queuing(10, 100));
    pass(&leg, queuing(31, 10));
    check_told(&leg, "queue_begins@105.00<100.0;", "31 ms are that");
    leg_init(&leg, 1);
    pass(&leg, queuing(50, 9));
    check_told(&leg, "", "what is usual is not known in the beginning");
}

/* ---- what was told before */

static void test_resumed(void)
{
    struct leg leg;
    leg_init(&leg, 1);
    tell_watch_open(&leg.watch, TELL_DOWN, NAN);
    tell_watch_open(&leg.watch, TELL_QUEUE, 0.3);
    leg.status.elapsed_s = 5000;
    leg.status.observed_s = 3000;
    leg.status.n_sessions = 2;
    leg.next_row_s = 5001;
    pass(&leg, of(away, 60));
    check_told(&leg, "", "what a process before told is not told again");
    pass(&leg, queuing(30, 20));
    CHECK(leg.n_told == 1 && strncmp(leg.told, "up@5063.00<5060.", 16) == 0, "its end is: %s", leg.told);
    pass(&leg, queuing(0.3, 20));
    CHECK(leg.n_told == 2 && strstr(leg.told, ";queue_ends@5083.00<5080."), "also that of a queue: %s", leg.told);
}

/* Objectives are known by a number of their own, so that another order of them changes nothing. */
static void test_missed(void)
{
    char folder[] = "/tmp/longhaul-test.XXXXXX", text[TELL_STATE_SIZE];
    struct tell_state state = { .usual_ms = NAN }, read;
    struct longhaul_objective o;
    if (mkdtemp(folder) == NULL)
        return;
    char *path = tell_state_path(folder, "HK", "WUS");
    for (unsigned i = 0; i < 2 * TELL_OBJECTIVES_MAX; i++)
        tell_state_add_missed(&state, 0xf0000000 + i / 2);
    tell_state_add_missed(&state, 0);
    CHECK(state.n_missed == TELL_OBJECTIVES_MAX && !tell_state_has_missed(&state, 0), "each once, no more than fit");
    tell_state_text(&state, START, text);
    FILE *file = fopen(path, "w");
    if (file == NULL)
        return;
    fputs(text, file);
    fclose(file);
    bool is_same = tell_state_read(path, START, 86400, &read) && read.n_missed == state.n_missed;
    for (size_t i = 0; is_same && i < state.n_missed; i++)
        is_same = read.missed[i] == state.missed[i];
    CHECK(is_same, "as many as there are objectives are read again");
    uint32_t numbers[3];
    static const char *const texts[] = { "loss <= 1%", "loss<=1 %", "loss <= 2%" };
    for (size_t i = 0; i < 3; i++) {
        longhaul_objective_parse(texts[i], &o, NULL);
        numbers[i] = tell_objective_number(&o);
    }
    CHECK(numbers[0] == numbers[1] && numbers[0] != numbers[2], "the same objective has the same number");
    unlink(path);
    rmdir(folder);
    free(path);
}

static void test_state(void)
{
    char folder[] = "/tmp/longhaul-test.XXXXXX", text[TELL_STATE_SIZE];
    struct tell_state state = { .is_open = { true, false, true }, .usual_ms = 0.35 }, read;
    if (mkdtemp(folder) == NULL)
        return;
    char *path = tell_state_path(folder, "HK", "WUS");
    tell_state_text(&state, START, text);
    CHECK(strcmp(text, "longhaul told 1 1000000000 down queue=0.35\n") == 0, "the file: %s", text);
    CHECK(!tell_state_read(path, START, 86400, &read), "no file: nothing was told");
    CHECK(tell_state_is(path, "") && !tell_state_is(path, text), "and it is known to be absent");
    FILE *file = fopen(path, "w");
    if (file == NULL)
        return;
    fputs(text, file);
    fclose(file);
    CHECK(tell_state_is(path, text) && !tell_state_is(path, ""), "a file is what was written");
    CHECK(tell_state_read(path, START + 30, 86400, &read) && read.is_open[0] && !read.is_open[1] && read.is_open[2] &&
              read.usual_ms == 0.35,
          "it is read again, also if the date was set by half a minute");
    CHECK(!tell_state_read(path, START + 61, 86400, &read), "another day's is not");
    CHECK(!tell_state_read(path, START + 11, 20, &read), "nor that of a short test before this one");
    static const char *const odd[] = { "", "\n", "longhaul told 2 1000000000 down\n", "longhaul told 1 x down\n",
                                       "longhaul told 1 1000000000 downs que queue=nan loss=1e999\n",
                                       "longhaul told 1 1000000000" };
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        if ((file = fopen(path, "w")) != NULL) {
            fputs(odd[i], file);
            fclose(file);
        }
        bool good_file = tell_state_read(path, START, 86400, &read);
        CHECK(!good_file || !read.is_open[0], "an odd file %zu opens nothing that it does not name", i);
        CHECK(!good_file || isnan(read.usual_ms), "and has no odd number, %zu", i);
    }
    unlink(path);
    CHECK(mkdir(path, 0700) == 0 && !tell_state_read(path, START, 86400, &read), "a folder is not a file");
    rmdir(path);
    CHECK(symlink("/etc/passwd", path) == 0 && !tell_state_read(path, START, 86400, &read), "nor is a link");
    unlink(path);
    rmdir(folder);
    free(path);
}

int main(void)
{
    test_down();
    test_flapping();
    test_row_lengths();
    test_clock();
    test_loss();
    test_unknown();
    test_queue();
    test_resumed();
    test_state();
    test_missed();
    return CHECK_DONE();
}
