/* test_events.c - series with events inserted: each is found where it was inserted, and nothing else is; PELT compared
 * with trying every segmentation; what other legs did. */

#include <time.h>

#include "analysis/change.h"
#include "check.h"
#include "rows.h"

#define DAY 86400 /* s */

static size_t count(const struct longhaul_analysis *a, enum longhaul_event_kind kind)
{
    size_t n, found = 0;
    const struct longhaul_event *events = longhaul_analysis_events(a, &n);
    for (size_t i = 0; i < n; i++)
        found += events[i].kind == kind;
    return found;
}

static size_t count_all(const struct longhaul_analysis *a)
{
    size_t n;
    longhaul_analysis_events(a, &n);
    return n;
}

static const struct longhaul_event *the(const struct longhaul_analysis *a, enum longhaul_event_kind kind)
{
    static const struct longhaul_event none = { .start_s = -1 };
    size_t n;
    const struct longhaul_event *events = longhaul_analysis_events(a, &n);
    for (size_t i = 0; i < n; i++)
        if (events[i].kind == kind)
            return &events[i];
    return &none;
}

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
    CHECK(count(a, LONGHAUL_EVENT_LOSS_BURST) == 0, "neither is a steady 5 %% (%zu bursts)",
          count(a, LONGHAUL_EVENT_LOSS_BURST));
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

static void test_loss_bursts(void)
{
    struct rows rows = rows_new(DAY);
    unsigned long state = 3;
    for (int k = 0; k < 500; k++)
        rows_lose(&rows, (size_t)(rows_noise(&state) * DAY), 1);
    for (size_t i = 0; i < 10; i++)
        rows_lose(&rows, 20000 + i, 30);      /* 10 s of 3 % */
    for (size_t i = 0; i < 300; i += 2)
        rows_lose(&rows, 50000 + i, 2);       /* 5 min of 0.1 % */
    struct longhaul_analysis *a = rows_analyse(rows, "HK-WUS");
    size_t n;
    const struct longhaul_event *events = longhaul_analysis_events(a, &n);
    CHECK(n == 2 && count(a, LONGHAUL_EVENT_LOSS_BURST) == 2, "two bursts among 500 independent losses (%zu)", n);
    if (n == 2) {
        CHECK(fabs(events[0].start_s - 20000) <= 1 && fabs(events[0].seconds - 10) <= 2 &&
                  fabs(events[0].lost_packets - 300) <= 2,
              "a sharp one: %g s, %g s, %.0f lost", events[0].start_s, events[0].seconds, events[0].lost_packets);
        CHECK(fabs(events[0].peak - 100 * 30 / 902.0) < 0.2, "at most %.3f %% of an interval", events[0].peak);
        CHECK(fabs(events[0].before - 100 * 500.0 / DAY / 901.875) < 1e-5, "usual are %.6f %%", events[0].before);
        CHECK(fabs(events[1].start_s - 50000) <= 20 && fabs(events[1].seconds - 299) <= 40,
              "a long shallow one: %g s, %g s", events[1].start_s, events[1].seconds);
    }
    longhaul_analysis_free(a);

    rows = rows_new(DAY);
    for (size_t i = 0; i < DAY; i++)
        rows_lose(&rows, i, 40 + 10 * rows_noise(&state));
    for (size_t i = 0; i < 60; i++)
        rows_lose(&rows, 30000 + i, 45);
    a = rows_analyse(rows, "HK-WUS");
    const struct longhaul_event *e = the(a, LONGHAUL_EVENT_LOSS_BURST);
    CHECK(count(a, LONGHAUL_EVENT_LOSS_BURST) == 1 && fabs(e->start_s - 30000) <= 1 && fabs(e->seconds - 60) <= 2,
          "a minute of twice a loss that is high all day: %g s, %g s", e->start_s, e->seconds);
    longhaul_analysis_free(a);
}

static void test_jitter_bursts(void)
{
    struct rows rows = rows_new(DAY);
    for (size_t i = 0; i < 20; i++)
        rows.row[70000 + i].jitter = 0.4;
    rows.row[100].jitter = 0.4;  /* a single one */
    rows.row[0].jitter = 1e8;    /* an artefact */
    struct longhaul_analysis *a = rows_analyse(rows, "HK-WUS");
    const struct longhaul_event *e = the(a, LONGHAUL_EVENT_JITTER_BURST);
    CHECK(count_all(a) == 1 && e->start_s == 70000 && e->seconds == 20 && e->peak == 0.4 &&
              fabs(e->before - 0.005) < 1e-4,
          "20 s of jitter: %g s, %g s, %g ms against %g", e->start_s, e->seconds, e->peak, e->before);
    longhaul_analysis_free(a);
}

static void slow_down(struct rows *rows, size_t from, size_t to, double factor)
{
    for (size_t i = from; i < to; i++) {
        rows->row[i].packets = floor(rows->row[i].packets * factor);
        rows->row[i].bytes = ROWS_BYTES * rows->row[i].packets;
    }
}

static void test_shifts(void)
{
    struct rows rows = rows_new(DAY);
    slow_down(&rows, 30007, 40011, 0.9);
    slow_down(&rows, 40011, DAY, 0.98);
    rows_silence(&rows, 60000, 20);
    struct longhaul_analysis *a = rows_analyse(rows, "HK-WUS");
    size_t n;
    const struct longhaul_event *events = longhaul_analysis_events(a, &n);
    CHECK(count(a, LONGHAUL_EVENT_RATE_SHIFT) == 2 && count(a, LONGHAUL_EVENT_OUTAGE) == 1 && n == 3,
          "two shifts and an outage (%zu events)", n);
    if (n == 3) {
        CHECK(events[0].start_s == 30007 && events[0].seconds == 10004, "the first to the second: %g s, %g s",
              events[0].start_s, events[0].seconds);
        CHECK(fabs(events[0].before - 10) < 1e-3 && fabs(events[0].peak - 8.99) < 0.01, "from %.4f to %.4f Mbps",
              events[0].before, events[0].peak);
        CHECK(events[1].start_s == 40011 && events[1].seconds == DAY - 40011, "the second lasts to the end");
    }
    longhaul_analysis_free(a);
    rows = rows_new(600);
    slow_down(&rows, 300, 600, 0.5);
    a = rows_analyse(rows, "HK-WUS");
    CHECK(count_all(a) == 1 && the(a, LONGHAUL_EVENT_RATE_SHIFT)->start_s == 300,
          "ten minutes, half the rate from the sixth on");
    longhaul_analysis_free(a);
    rows = rows_new(600);
    rows.row[200].bytes /= 2;
    rows.row[400].bytes *= 2;
    a = rows_analyse(rows, "HK-WUS");
    CHECK(count_all(a) == 0, "one odd second is not a shift");
    longhaul_analysis_free(a);
    for (size_t size = 0; size < 40; size++) {
        a = rows_analyse(rows_new(size), "HK-WUS");
        if (a == NULL || count_all(a) != 0)
            CHECK(false, "%zu intervals have no event", size);
        longhaul_analysis_free(a);
    }
}

/* Only noise, of several shapes: at most one false shift in a few hundred. */
static void test_noise(void)
{
    unsigned long state = 99;
    size_t shifts = 0;
    for (int run = 0; run < 40; run++) {
        struct rows rows = rows_new(1200);
        double level = 0;
        for (size_t i = 0; i < rows.n; i++) {
            level = 0.7 * level + rows_noise(&state) - 0.5; /* correlated, as TCP's rates are */
            rows.row[i].bytes = floor(rows.row[i].bytes * (1 + 0.3 * level));
        }
        struct longhaul_analysis *a = rows_analyse(rows, "HK-WUS");
        shifts += count(a, LONGHAUL_EVENT_RATE_SHIFT);
        longhaul_analysis_free(a);
    }
    CHECK(shifts <= 8, "correlated noise of 40 runs: %zu shifts", shifts);
}

/* ---- change_points compared with every segmentation */

static double squares(const double *x, size_t a, size_t b)
{
    double mean = 0, sum = 0;
    for (size_t i = a; i < b; i++)
        mean += x[i] / (double)(b - a);
    for (size_t i = a; i < b; i++)
        sum += (x[i] - mean) * (x[i] - mean);
    return sum;
}

/* Cost of the segmentation whose inner edges are the bits of mask; INFINITY with a segment that is too short. */
static double cost_of(const double *x, size_t n, unsigned mask, double penalty, size_t least)
{
    double cost = -penalty;
    size_t from = 0;
    for (size_t i = 1; i <= n; i++) {
        if (i < n && !(mask >> i & 1))
            continue;
        if (i - from < least)
            return INFINITY;
        cost += squares(x, from, i) + penalty;
        from = i;
    }
    return cost;
}

static void test_pelt(void)
{
    unsigned long state = 5;
    size_t wrong = 0, edges[16], n_edges;
    double x[14];
    for (int run = 0; run < 200; run++) {
        size_t n = 4 + (size_t)(rows_noise(&state) * 10), least = 1 + (size_t)(run % 3);
        for (size_t i = 0; i < n; i++)
            x[i] = rows_noise(&state) + (double)((i * (size_t)(run % 5)) / n);
        double penalty = 0.05 + rows_noise(&state), best = INFINITY;
        for (unsigned mask = 0; mask < 1u << n; mask += 2)
            best = fmin(best, cost_of(x, n, mask, penalty, least));
        unsigned found = 0;
        if (!change_points(x, n, penalty, least, edges, &n_edges))
            wrong++;
        for (size_t k = 0; k < n_edges; k++)
            found |= 1u << edges[k];
        wrong += n >= 2 * least && !(fabs(cost_of(x, n, found, penalty, least) - best) < 1e-9);
    }
    CHECK(wrong == 0, "PELT finds what trying all segmentations finds, 200 times (%zu wrong)", wrong);
}

static void test_cusum(void)
{
    const double x[] = { -1, 2, -1, 5, -1, NAN, 3, -1, -1, -1, -1, -1, -1, -1, 4, -INFINITY, 4, -1, 9, -9 };
    size_t first, last, n = sizeof x / sizeof *x;
    CHECK(change_next_burst(x, n, 0, 5, &first, &last) && first == 1 && last == 6,
          "the greatest sum is 7, from 1 to 6");
    CHECK(change_next_burst(x, n, 7, 5, &first, &last) && first == 16 && last == 18, "minus infinity separates");
    CHECK(!change_next_burst(x, n, 19, 5, &first, &last), "and then there are no more");
}

/* ---- other legs */

static struct longhaul_analysis *leg_with_loss(const char *leg, size_t at)
{
    struct rows rows = rows_new(3600);
    for (size_t i = 0; at > 0 && i < 5; i++)
        rows_lose(&rows, at + i, 100);
    return rows_analyse(rows, leg);
}

static void test_scope(void)
{
    static const struct {
        const char *what;
        size_t hk_wus, wus_hk, kc_wus, wus_kc, uae_wus, wus_uae;
        enum longhaul_scope scope;
        const char *site;
        enum longhaul_concurrence opposite;
        size_t n_others;
    } cases[] = {
        { "one direction", 1000, 0, 0, 0, 0, 0, LONGHAUL_SCOPE_LEG, "", LONGHAUL_CONCURRENCE_QUIET, 0 },
        { "both directions", 1000, 1001, 0, 0, 0, 0, LONGHAUL_SCOPE_PAIR, "", LONGHAUL_CONCURRENCE_AFFECTED, 0 },
        { "all to the hub", 1000, 0, 1001, 0, 999, 0, LONGHAUL_SCOPE_HUB, "WUS", LONGHAUL_CONCURRENCE_QUIET, 2 },
        { "all there is", 1000, 1000, 1000, 1000, 1000, 1000, LONGHAUL_SCOPE_HUB, "WUS", LONGHAUL_CONCURRENCE_AFFECTED,
          4 },
        { "one other leg by chance", 1000, 0, 1000, 0, 0, 0, LONGHAUL_SCOPE_LEG, "", LONGHAUL_CONCURRENCE_QUIET, 1 },
        { "another time", 1000, 2000, 2000, 2000, 2000, 2000, LONGHAUL_SCOPE_LEG, "", LONGHAUL_CONCURRENCE_QUIET, 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct longhaul_analysis *legs[6] = {
            leg_with_loss("HK-WUS", cases[i].hk_wus),   leg_with_loss("WUS-HK", cases[i].wus_hk),
            leg_with_loss("KC-WUS", cases[i].kc_wus),   leg_with_loss("WUS-KC", cases[i].wus_kc),
            leg_with_loss("UAE-WUS", cases[i].uae_wus), leg_with_loss("WUS-UAE", cases[i].wus_uae)
        };
        longhaul_analysis_relate(legs, 6, NULL);
        const struct longhaul_event *e = the(legs[0], LONGHAUL_EVENT_LOSS_BURST);
        CHECK(e->scope == cases[i].scope && strcmp(e->site, cases[i].site) == 0 && e->opposite == cases[i].opposite &&
                  e->n_other_measured == 4 && e->n_other_affected == cases[i].n_others,
              "%s: the %s %s (%zu of %zu others)", cases[i].what, longhaul_scope_text(e->scope), e->site,
              e->n_other_affected, e->n_other_measured);
        for (size_t k = 0; k < 6; k++)
            longhaul_analysis_free(legs[k]);
    }
    struct longhaul_analysis *alone = leg_with_loss("HK-WUS", 1000);
    longhaul_analysis_relate(&alone, 1, NULL);
    CHECK(the(alone, LONGHAUL_EVENT_LOSS_BURST)->scope == LONGHAUL_SCOPE_UNKNOWN &&
              the(alone, LONGHAUL_EVENT_LOSS_BURST)->opposite == LONGHAUL_CONCURRENCE_NOT_MEASURED,
          "alone: who knows?");
    struct rows sender = rows_new(3600);
    sender.is_sender = true;
    for (size_t i = 0; i < sender.n; i++)
        sender.row[i].lost = NAN;
    struct longhaul_analysis *both[] = { alone, rows_analyse(sender, "WUS-HK") };
    longhaul_analysis_relate(both, 2, NULL);
    CHECK(the(alone, LONGHAUL_EVENT_LOSS_BURST)->opposite == LONGHAUL_CONCURRENCE_NOT_MEASURED,
          "a sender's record of the opposite direction cannot tell of loss");
    longhaul_analysis_free(alone);
    longhaul_analysis_free(both[1]);
    CHECK(longhaul_analysis_relate(NULL, 0, NULL) == 0, "no legs");
}

static double cpu_ms(void)
{
    return 1000.0 * (double)clock() / CLOCKS_PER_SEC;
}

static void test_speed(void)
{
    struct rows rows = rows_new(DAY);
    char path[] = "/tmp/longhaul-rows.XXXXXX";
    struct longhaul_reader *reader = NULL;
    struct longhaul_series *series = NULL;
    struct longhaul_analysis *a = NULL;
    double least = INFINITY;
    close(mkstemp(path));
    rows_write(&rows, path);
    free(rows.row);
    if (longhaul_reader_open(path, NULL, &reader, NULL) == 0 && longhaul_reader_next(reader, &series, NULL) == 1)
        for (int i = 0; i < 5; i++) {
            double before = cpu_ms();
            longhaul_analyse(series, NULL, &a, NULL);
            least = fmin(least, cpu_ms() - before);
            longhaul_analysis_free(a);
        }
    CHECK(least < 1000, "a day is analysed in %.1f ms", least); /* about 15; a sanitizer takes more */
    longhaul_series_free(series);
    longhaul_reader_free(reader);
    unlink(path);
}

int main(void)
{
    test_pelt();
    test_cusum();
    test_quiet();
    test_outages();
    test_gaps();
    test_loss_bursts();
    test_jitter_bursts();
    test_shifts();
    test_noise();
    test_scope();
    test_speed();
    return CHECK_DONE();
}
