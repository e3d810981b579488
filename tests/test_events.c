/* test_events.c - series with events inserted: each is found where it was inserted, and nothing else is. */

#include "check.h"
#include "events.h"

#define DAY 86400 /* s */

static void test_quiet(void)
{
    struct longhaul_analysis *a = rows_analyse(rows_new(DAY), "HK-WUS");
    CHECK(count_all(a) == 0 && longhaul_analysis_verdict(a) == LONGHAUL_VERDICT_VALID,
          "a day of 901 and 902 packets has no event and is valid");
    longhaul_analysis_free(a);
    unsigned long state = 7;
    struct rows rows = rows_new(DAY);
    for (int k = 0; k < 1632; k++) /* as many as the article's UAE-WUS lost, one at a time */
        rows_lose(&rows, (size_t)(rows_noise(&state) * DAY), 1);
    a = rows_analyse(rows, "UAE-WUS");
    CHECK(count_all(a) == 0, "1,632 independent losses are no burst (%zu events)", count_all(a));
    longhaul_analysis_free(a);
    rows = rows_new(DAY);
    for (size_t i = 0; i < DAY; i++) { /* 5 % of loss all day, binomial: the sum of 902 coins */
        double lost = 0;
        for (int k = 0; k < 902; k++)
            lost += rows_noise(&state) < 0.05;
        rows_lose(&rows, i, lost);
    }
    a = rows_analyse(rows, "UAE-WUS");
    CHECK(count(a, LONGHAUL_EVENT_LOSS) == 0, "neither is a steady 5 %% (%zu bursts)", count(a, LONGHAUL_EVENT_LOSS));
    longhaul_analysis_free(a);
}

static void test_outages(void)
{
    struct rows rows = rows_new(DAY);
    rows_silence(&rows, 40000, 12);
    rows.row[500].bytes = 0; /* one second is not an outage */
    struct longhaul_analysis *a = rows_analyse(rows, "HK-WUS");
    const struct longhaul_event *e = the(a, LONGHAUL_EVENT_OUTAGE);
    CHECK(count_all(a) == 1 && e->start_s == 40000 && e->seconds == 12 && e->n_intervals == 12 && e->first == 40000,
          "12 s of silence: one outage at %g s, %g s", e->start_s, e->seconds);
    CHECK(e->start_unix_s == ROWS_START + 40000, "its time of day");
    CHECK(e->lost_packets == 10822, "with what the interval after it tells was lost: %.0f packets",
          e->lost_packets); /* floor(901.875 * 40012) - floor(901.875 * 40000) */
    longhaul_analysis_free(a);

    rows = rows_new(1000); /* the first packet after it is the last of an interval in which nothing else arrived */
    rows_silence(&rows, 500, 12);
    rows.row[512].lost = rows.row[512].packets;
    rows.row[512].bytes = 0;
    a = rows_analyse(rows, "HK-WUS");
    e = the(a, LONGHAUL_EVENT_OUTAGE);
    CHECK(count_all(a) == 1 && e->start_s == 500 && fabs(e->seconds - 13) < 0.01 && e->lost_packets == 11724,
          "the interval that tells of an outage is dark itself: %zu event, %g s, %.0f packets", count_all(a),
          e->seconds, e->lost_packets);
    longhaul_analysis_free(a);

    rows = rows_new(1000);
    for (size_t i = 600; i < 1000; i++)
        rows.row[i].start += 30;
    a = rows_analyse(rows, "HK-WUS");
    e = the(a, LONGHAUL_EVENT_OUTAGE);
    CHECK(count(a, LONGHAUL_EVENT_OUTAGE) == 1 && e->start_s == 600 && e->seconds == 30 && e->n_intervals == 0,
          "a gap of the record is an outage");
    longhaul_analysis_free(a);

    rows = rows_new(1000);
    rows_silence(&rows, 598, 2);
    for (size_t i = 600; i < 1000; i++)
        rows.row[i].start += 30;
    rows_silence(&rows, 998, 2);
    a = rows_analyse(rows, "HK-WUS");
    e = the(a, LONGHAUL_EVENT_OUTAGE);
    CHECK(count(a, LONGHAUL_EVENT_OUTAGE) == 2 && e->start_s == 598 && e->seconds == 32,
          "silence, then a gap: one; silence at the end: another");
    longhaul_analysis_free(a);
}

/* What the record knows: a sender's rows continue for a while after nobody receives them. */
static void test_gaps(void)
{
    struct rows rows = rows_new(1000);
    size_t n, n_events;
    rows.is_sender = true;
    rows.gaps = "[{\"start_s\":599.5,\"seconds\":30.5,\"cause\":\"peer-closed\",\"noticed_by\":\"end of the control "
                "connection\","
                "\"text\":\"gone\"},{\"start_s\":100.25,\"seconds\":9.75,\"cause\":\"path-silent\"},{\"start_s\":50,"
                "\"seconds\":0},"
                "{\"start_s\":1030,\"seconds\":5,\"cause\":\"<b>\"}]";
    for (size_t i = 0; i < 1000; i++)
        rows.row[i].lost = NAN;
    for (size_t i = 600; i < 1000; i++)
        rows.row[i].start += 30;
    struct longhaul_analysis *a = rows_analyse(rows, "HK-WUS");
    const struct longhaul_gap *gaps = longhaul_analysis_gaps(a, &n);
    CHECK(n == 3 && gaps[0].start_s == 100.25 && gaps[0].seconds == 9.75 && strcmp(gaps[0].cause, "path-silent") == 0 &&
              strcmp(gaps[0].noticed, "") == 0 && strcmp(gaps[1].noticed, "end of the control connection") == 0 &&
              strcmp(gaps[1].text, "gone") == 0 && strcmp(gaps[2].cause, "_b_") == 0,
          "gaps by their starts; one without a length does not count (%zu)", n);
    const struct longhaul_event *e = longhaul_analysis_events(a, &n_events);
    CHECK(n_events == 3 && e[0].kind == LONGHAUL_EVENT_OUTAGE && e[0].start_s == 100.25 && e[0].seconds == 9.75 &&
              strcmp(e[0].cause, "path-silent") == 0 && e[0].first == 101 && e[0].n_intervals == 9,
          "rows go on in a gap: an outage with its cause, at %g s, %g s", e->start_s, e->seconds);
    CHECK(n_events == 3 && e[1].start_s == 599.5 && e[1].seconds == 30.5 && e[1].n_intervals == 0 &&
              strcmp(e[1].cause, "peer-closed") == 0,
          "no rows in a gap: one outage, from where the record has it");
    CHECK(n_events == 3 && e[2].start_s == 1030 && e[2].first == 1000 && e[2].seconds == 5, "a gap after the last row");
    const struct longhaul_figures *f = longhaul_analysis_figures(a);
    const unsigned char *artefacts = longhaul_analysis_artefacts(a);
    CHECK(f->n_unconfirmed == 9 && artefacts[100] == 0 && artefacts[101] == LONGHAUL_ARTEFACT_UNCONFIRMED &&
              artefacts[110] == 0 && f->rate_mbps.n == 991,
          "rows that begin in a gap are left out of percentiles (%zu)", f->n_unconfirmed);
    CHECK(fabs(f->coverage - (1000 - 9.75 - 0.5) / 1000) < 1e-12, "and the gaps of coverage: %.6f", f->coverage);
    longhaul_analysis_free(a);

    rows = rows_new(1000); /* a receiver's rows in a gap were seen */
    rows_silence(&rows, 300, 20);
    rows.gaps = "[{\"start_s\":301.5,\"seconds\":18.5,\"cause\":\"peer-stopped\"}]";
    a = rows_analyse(rows, "HK-WUS");
    e = longhaul_analysis_events(a, &n_events);
    f = longhaul_analysis_figures(a);
    CHECK(n_events == 1 && e->start_s == 300 && e->seconds == 20 && e->n_intervals == 20 &&
              strcmp(e->cause, "peer-stopped") == 0 && f->n_unconfirmed == 0 && f->rate_mbps.min == 0,
          "a receiver's silence, and the gap in it: one outage, and its zeros count");
    longhaul_analysis_free(a);
}

/* n packets, each lost by this chance. */
static double coins(unsigned long *state, double n, double chance)
{
    double lost = 0;
    for (int k = 0; k < (int)n; k++)
        lost += rows_noise(state) < chance;
    return lost;
}

static void lose_at_random(struct rows *rows, size_t from, size_t to, double chance, unsigned long *state)
{
    for (size_t i = from; i < to; i++)
        rows_lose(rows, i, coins(state, rows->row[i].packets, chance));
}

/* Many gaps: each is looked at once, so that this ends soon. */
static void test_many_gaps(void)
{
    enum { N = 150000 };
    struct rows rows = rows_new(2 * N);
    char *gaps = malloc((size_t)N * 64 + 3);
    size_t at = 0, n;
    for (size_t i = 0; i < rows.n; i++)
        rows.row[i].lost = NAN;
    rows.is_sender = true;
    for (size_t k = 0; k < N; k++)
        at += (size_t)sprintf(gaps + at, "%s{\"start_s\":%zu.25,\"seconds\":1.5,\"cause\":\"path-silent\"}",
                              k ? "," : "[", 2 * k);
    strcpy(gaps + at, "]");
    rows.gaps = gaps;
    struct longhaul_analysis *a = rows_analyse(rows, "HK-WUS");
    longhaul_analysis_events(a, &n);
    CHECK(n > 0 && count(a, LONGHAUL_EVENT_OUTAGE) == n, "150,000 gaps: %zu outages", n);
    longhaul_analysis_free(a);
    free(gaps);
}

static void test_loss_bursts(void)
{
    struct rows rows = rows_new(DAY);
    unsigned long state = 3;
    for (int k = 0; k < 500; k++)
        rows_lose(&rows, (size_t)(rows_noise(&state) * DAY), 1);
    lose_at_random(&rows, 20000, 20010, 0.03, &state);
    for (size_t i = 0; i < 300; i += 2)
        rows_lose(&rows, 50000 + i, 2); /* 5 min of 0.1 % */
    struct longhaul_analysis *a = rows_analyse(rows, "HK-WUS");
    size_t n;
    const struct longhaul_event *events = longhaul_analysis_events(a, &n);
    CHECK(n == 2 && count(a, LONGHAUL_EVENT_LOSS) == 2, "two bursts among 500 independent losses (%zu)", n);
    if (n == 2) {
        CHECK(fabs(events[0].start_s - 20000) <= 1 && fabs(events[0].seconds - 10) <= 2 &&
                  fabs(events[0].lost_packets - 270) <= 60,
              "a sharp one: %g s, %g s, %.0f lost", events[0].start_s, events[0].seconds, events[0].lost_packets);
        CHECK(events[0].peak > events[0].level && events[0].peak < 6, "at most %.3f %% of an interval", events[0].peak);
        CHECK(fabs(events[0].usual - 100 * 500.0 / DAY / 901.875) < 5e-4, "usual are %.6f %%", events[0].usual);
        CHECK(fabs(events[1].start_s - 50000) <= 20 && fabs(events[1].seconds - 299) <= 40,
              "a long shallow one: %g s, %g s", events[1].start_s, events[1].seconds);
    }
    longhaul_analysis_free(a);

    rows = rows_new(DAY);
    for (size_t i = 0; i < DAY; i++)
        rows_lose(&rows, i, 40 + 10 * rows_noise(&state));
    lose_at_random(&rows, 30000, 30060, 0.05, &state);
    a = rows_analyse(rows, "HK-WUS");
    const struct longhaul_event *e = the(a, LONGHAUL_EVENT_LOSS);
    CHECK(count(a, LONGHAUL_EVENT_LOSS) == 1 && fabs(e->start_s - 30000) <= 1 && fabs(e->seconds - 60) <= 2,
          "a minute of twice a loss that is high all day: %g s, %g s", e->start_s, e->seconds);
    longhaul_analysis_free(a);
}

static void test_jitter_bursts(void)
{
    struct rows rows = rows_new(DAY);
    for (size_t i = 0; i < 60; i++)
        rows.row[70000 + i].jitter = 0.4;
    for (size_t i = 0; i < 60; i++)
        rows.row[30000 + i].jitter = 0.03; /* as a busy host makes it */
    rows.row[100].jitter = 0.4;            /* a single one */
    rows.row[0].jitter = 1e8;              /* an artefact */
    struct longhaul_analysis *a = rows_analyse(rows, "HK-WUS");
    const struct longhaul_event *e = the(a, LONGHAUL_EVENT_JITTER);
    CHECK(count_all(a) == 1 && e->start_s == 70000 && e->seconds == 60 && e->peak == 0.4 &&
              fabs(e->usual - 0.005) < 1e-4,
          "60 s of jitter: %g s, %g s, %g ms against %g", e->start_s, e->seconds, e->peak, e->usual);
    longhaul_analysis_free(a);
}

static void slow_down(struct rows *rows, size_t from, size_t to, double factor)
{
    for (size_t i = from; i < to; i++) {
        rows->row[i].packets = floor(rows->row[i].packets * factor);
        rows->row[i].bytes = ROWS_BYTES * rows->row[i].packets;
    }
}

static void test_rates(void)
{
    struct rows rows = rows_new(DAY);
    slow_down(&rows, 30007, 40011, 0.9);
    slow_down(&rows, 50011, DAY, 0.98);
    rows_silence(&rows, 60000, 20);
    struct longhaul_analysis *a = rows_analyse(rows, "HK-WUS");
    size_t n;
    const struct longhaul_event *events = longhaul_analysis_events(a, &n);
    CHECK(count(a, LONGHAUL_EVENT_RATE) == 2 && count(a, LONGHAUL_EVENT_OUTAGE) == 1 && n == 3,
          "two lower rates and an outage, no recovery (%zu events)", n);
    if (n == 3) {
        CHECK(events[0].start_s == 30007 && events[0].seconds == 10004 && !events[0].is_open,
              "the first until the rate is back: %g s, %g s", events[0].start_s, events[0].seconds);
        CHECK(fabs(events[0].usual - 10) < 1e-3 && fabs(events[0].level - 8.99) < 0.01, "%.4f of %.4f Mbps",
              events[0].level, events[0].usual);
        CHECK(events[1].start_s == 50011 && events[1].is_open && events[1].lost_packets == 0, "the second goes on");
    }
    longhaul_analysis_free(a);
    rows = rows_new(600);
    slow_down(&rows, 0, 300, 0.5);
    a = rows_analyse(rows, "HK-WUS");
    CHECK(count_all(a) == 1 && the(a, LONGHAUL_EVENT_RATE)->start_s == 0 && the(a, LONGHAUL_EVENT_RATE)->seconds == 300,
          "half the rate for five minutes from the beginning; that it is back is no event");
    longhaul_analysis_free(a);
    rows = rows_new(600);
    rows.row[200].bytes /= 2;
    rows.row[400].bytes *= 2;
    a = rows_analyse(rows, "HK-WUS");
    CHECK(count_all(a) == 0, "one odd second is not a lower rate");
    longhaul_analysis_free(a);
    for (size_t size = 0; size < 40; size++) {
        a = rows_analyse(rows_new(size), "HK-WUS");
        if (a == NULL || count_all(a) != 0)
            CHECK(false, "%zu intervals have no event", size);
        longhaul_analysis_free(a);
    }
}

/* The sender sends nothing for n seconds: nothing is lost, and no number is left out. */
static void pause_sender(struct rows *rows, size_t first, size_t n, bool makes_up)
{
    for (size_t i = first; i < first + n; i++) {
        if (makes_up) {
            rows->row[first + n].packets += rows->row[i].packets;
            rows->row[first + n].bytes += rows->row[i].bytes;
        }
        rows->row[i].packets = rows->row[i].bytes = 0;
    }
}

static void test_pauses(void)
{
    struct rows rows = rows_new(3600);
    pause_sender(&rows, 1000, 8, true);
    struct longhaul_analysis *a = rows_analyse(rows, "HK-WUS");
    CHECK(count_all(a) == 0, "a sender that paused and made up for it: no event (%zu)", count_all(a));
    longhaul_analysis_free(a);
    rows = rows_new(3600);
    pause_sender(&rows, 1000, 8, false);
    a = rows_analyse(rows, "HK-WUS");
    const struct longhaul_event *e = the(a, LONGHAUL_EVENT_RATE);
    CHECK(count_all(a) == 1 && e->start_s == 1000 && e->seconds == 8 && e->level == 0 &&
              strcmp(e->cause, "sender") == 0,
          "one that did not: a rate of 0 by the sender, not an outage");
    longhaul_analysis_free(a);
}

static bool is_near(const struct longhaul_event *e, double start_s, double seconds, double within_s)
{
    return fabs(e->start_s - start_s) <= within_s && fabs(e->seconds - seconds) <= within_s;
}

/* A moderate fault next to heavier ones in the same leg. */
static void test_masked(void)
{
    unsigned long state = 11;
    struct rows rows = rows_new(21600);
    lose_at_random(&rows, 9000, 9060, 0.02, &state);
    for (size_t k = 0; k < 5; k++)
        lose_at_random(&rows, 1000 + 3000 * k, 1001 + 3000 * k, 0.6, &state);
    struct longhaul_analysis *a = rows_analyse(rows, "HK-WUS");
    size_t n, found = 0;
    const struct longhaul_event *events = longhaul_analysis_events(a, &n);
    for (size_t k = 0; k < n; k++)
        found += is_near(&events[k], 9000, 60, 3);
    CHECK(n == 6 && found == 1 && count(a, LONGHAUL_EVENT_LOSS) == 6,
          "2 %% for 60 s, and five seconds of 60 %%: each is found (%zu events)", n);
    longhaul_analysis_free(a);
    rows = rows_new(21600);
    for (size_t i = 100; i + 60 < rows.n; i += 60)
        lose_at_random(&rows, i, i + 3, 0.2, &state);
    lose_at_random(&rows, 10010, 10050, 0.02, &state);
    a = rows_analyse(rows, "HK-WUS");
    events = longhaul_analysis_events(a, &n);
    found = 0;
    for (size_t k = 0; k < n; k++)
        found += is_near(&events[k], 10010, 40, 3);
    CHECK(n == 359 && found == 1, "20 %% for 3 s in each minute, and 2 %% for 40 s: each is found (%zu events)", n);
    longhaul_analysis_free(a);
    rows = rows_new(21600); /* 30 % of all seconds are bad */
    for (size_t i = 0; i + 1000 <= rows.n; i += 1000)
        lose_at_random(&rows, i + 500, i + 800, 0.1, &state);
    a = rows_analyse(rows, "HK-WUS");
    events = longhaul_analysis_events(a, &n);
    found = 0;
    for (size_t k = 0; k < n; k++)
        found += is_near(&events[k], 500 + 1000 * (double)k, 300, 2);
    CHECK(n == 21 && found == 21, "10 %% for five minutes of each quarter of an hour: %zu of %zu", found, n);
    longhaul_analysis_free(a);
}

static void test_lasting(void)
{
    unsigned long state = 13;
    struct rows rows = rows_new(DAY);
    lose_at_random(&rows, 0, DAY, 1e-5, &state);
    lose_at_random(&rows, 30000, 44400, 2e-4, &state);
    struct longhaul_analysis *a = rows_analyse(rows, "HK-WUS");
    const struct longhaul_event *e = the(a, LONGHAUL_EVENT_LOSS);
    CHECK(count_all(a) == 1 && is_near(e, 30000, 14400, 120) && fabs(e->level - 0.021) < 0.002,
          "a step of 0.02 %% for four hours: %g s, %g s, %.4f %%", e->start_s, e->seconds, e->level);
    longhaul_analysis_free(a);
    rows = rows_new(DAY);
    for (size_t i = 0; i < DAY; i++) {
        double hour = ((double)i - 60000) / 3600;
        rows_lose(&rows, i, coins(&state, rows.row[i].packets, 1e-5 + 2e-4 * exp(-hour * hour / 8)));
    }
    a = rows_analyse(rows, "HK-WUS");
    const struct longhaul_figures *f = longhaul_analysis_figures(a);
    CHECK(count_all(a) == 0, "busy hours that come and go slowly are no event (%zu)", count_all(a));
    CHECK(f->usual_loss_least_percent < 0.003 && fabs(f->usual_loss_most_percent - 0.021) < 0.004 &&
              fabs(f->usual_loss_most_s - 60000) < 3600,
          "the usual loss has them: %.4f to %.4f %%, most at %.0f s", f->usual_loss_least_percent,
          f->usual_loss_most_percent, f->usual_loss_most_s);
    longhaul_analysis_free(a);
    rows = rows_new(3600);
    for (size_t i = 1000; i < 1300; i++)
        rows_lose(&rows, i, rows.row[i].packets - 712);
    a = rows_analyse(rows, "HK-WUS");
    e = the(a, LONGHAUL_EVENT_RATE_CAP);
    CHECK(count_all(a) == 1 && e->start_s == 1000 && e->seconds == 300 &&
              fabs(e->level - 712 * 8e-6 * ROWS_BYTES) < 0.01,
          "the same rate in each second, the rest is lost: a rate cap of %.2f Mbps", e->level);
    longhaul_analysis_free(a);
    rows = rows_new(3600);
    lose_at_random(&rows, 1000, 1300, 0.21, &state);
    a = rows_analyse(rows, "HK-WUS");
    CHECK(count_all(a) == 1 && count(a, LONGHAUL_EVENT_LOSS) == 1, "as much loss by chance is not a cap");
    longhaul_analysis_free(a);
}

/* The same day in rows of another length. */
static struct rows rows_of_length(size_t n, double seconds)
{
    struct rows rows = rows_new(n);
    rows.duration = (double)n * seconds;
    for (size_t i = 0; i < n; i++) {
        double packets = floor(ROWS_RATE * seconds * (double)(i + 1)) - floor(ROWS_RATE * seconds * (double)i);
        rows.row[i].start *= seconds;
        rows.row[i].seconds = seconds;
        rows.row[i].packets = packets;
        rows.row[i].bytes = packets * ROWS_BYTES;
    }
    return rows;
}

static void test_lengths(void)
{
    unsigned long state = 17;
    static const double lengths[] = { 0.1, 0.5, 2, 10, 60 };
    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
        struct rows rows = rows_of_length((size_t)(14400 / lengths[k]), lengths[k]);
        size_t from = (size_t)(6000 / lengths[k]), to = (size_t)(6600 / lengths[k]);
        lose_at_random(&rows, 0, rows.n, 1e-5, &state);
        lose_at_random(&rows, from, to, 0.02, &state);
        rows_silence(&rows, (size_t)(9000 / lengths[k]), (size_t)fmax(2, 30 / lengths[k]));
        struct longhaul_analysis *a = rows_analyse(rows, "HK-WUS");
        CHECK(count_all(a) == 2 && is_near(the(a, LONGHAUL_EVENT_LOSS), 6000, 600, 2.1) &&
                  is_near(the(a, LONGHAUL_EVENT_OUTAGE), 9000, fmax(30, 2 * lengths[k]), 1),
              "rows of %g s: 2 %% for ten minutes, and an outage (%zu events)", lengths[k], count_all(a));
        longhaul_analysis_free(a);
    }
}

static void test_ends(void)
{
    struct rows rows = rows_new(3600);
    rows.duration = 7200;
    struct longhaul_analysis *a = rows_analyse(rows, "HK-WUS");
    const struct longhaul_event *e = the(a, LONGHAUL_EVENT_ENDED);
    CHECK(count_all(a) == 1 && e->start_s == 3600 && e->seconds == 3600 && e->is_open, "a record of half its plan");
    longhaul_analysis_free(a);
    rows = rows_new(3600);
    rows.duration = 3602;
    a = rows_analyse(rows, "HK-WUS");
    CHECK(count_all(a) == 0, "two seconds less are not an early end");
    longhaul_analysis_free(a);
    rows = rows_new(3600);
    rows_silence(&rows, 3500, 100);
    a = rows_analyse(rows, "HK-WUS");
    e = the(a, LONGHAUL_EVENT_OUTAGE);
    CHECK(count_all(a) == 1 && e->is_open && isnan(e->lost_packets), "silence to the end: nobody knows what was lost");
    longhaul_analysis_free(a);
}

/* Only noise, correlated as TCP's. */
static void test_noise(void)
{
    unsigned long state = 99;
    size_t lower = 0;
    for (int run = 0; run < 40; run++) {
        struct rows rows = rows_new(1200);
        double level = 0;
        for (size_t i = 0; i < rows.n; i++) {
            level = 0.7 * level + rows_noise(&state) - 0.5; /* correlated, as TCP's rates are */
            rows.row[i].bytes = floor(rows.row[i].bytes * (1 + 0.3 * level));
        }
        struct longhaul_analysis *a = rows_analyse(rows, "HK-WUS");
        lower += count(a, LONGHAUL_EVENT_RATE);
        longhaul_analysis_free(a);
    }
    CHECK(lower == 0, "correlated noise of 40 runs: %zu lower rates", lower);
}

int main(void)
{
    test_quiet();
    test_outages();
    test_gaps();
    test_many_gaps();
    test_loss_bursts();
    test_jitter_bursts();
    test_rates();
    test_pauses();
    test_masked();
    test_lasting();
    test_lengths();
    test_ends();
    test_noise();
    return CHECK_DONE();
}
