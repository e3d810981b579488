/* test_scope.c - what other legs did during an event; a day in spans of any length; how long an analysis takes. */

#include <time.h>

#include "check.h"
#include "events.h"

#define DAY 86400 /* s */

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
        const struct longhaul_event *e = the(legs[0], LONGHAUL_EVENT_LOSS);
        CHECK(e->scope == cases[i].scope && strcmp(e->site, cases[i].site) == 0 && e->opposite == cases[i].opposite &&
                  e->n_other_measured == 4 && e->n_other_affected == cases[i].n_others,
              "%s: the %s %s (%zu of %zu others)", cases[i].what, longhaul_scope_text(e->scope), e->site,
              e->n_other_affected, e->n_other_measured);
        for (size_t k = 0; k < 6; k++)
            longhaul_analysis_free(legs[k]);
    }
    struct longhaul_analysis *alone = leg_with_loss("HK-WUS", 1000);
    longhaul_analysis_relate(&alone, 1, NULL);
    CHECK(the(alone, LONGHAUL_EVENT_LOSS)->scope == LONGHAUL_SCOPE_UNKNOWN &&
              the(alone, LONGHAUL_EVENT_LOSS)->opposite == LONGHAUL_CONCURRENCE_NOT_MEASURED,
          "alone: who knows?");
    struct rows sender = rows_new(3600);
    sender.is_sender = true;
    for (size_t i = 0; i < sender.n; i++)
        sender.row[i].lost = NAN;
    struct longhaul_analysis *both[] = { alone, rows_analyse(sender, "WUS-HK") };
    longhaul_analysis_relate(both, 2, NULL);
    CHECK(the(alone, LONGHAUL_EVENT_LOSS)->opposite == LONGHAUL_CONCURRENCE_NOT_MEASURED,
          "a sender's record of the opposite direction cannot tell of loss");
    longhaul_analysis_free(alone);
    longhaul_analysis_free(both[1]);
    CHECK(longhaul_analysis_relate(NULL, 0, NULL) == 0, "no legs");
}

/* Reads the rows as a series; NULL on failure. */
static struct longhaul_series *series_of(struct rows rows)
{
    char path[] = "/tmp/longhaul-rows.XXXXXX";
    struct longhaul_reader *reader = NULL;
    struct longhaul_series *series = NULL;
    close(mkstemp(path));
    rows_write(&rows, path);
    free(rows.row);
    if (longhaul_reader_open(path, NULL, &reader, NULL) == 0)
        longhaul_reader_next(reader, &series, NULL);
    longhaul_reader_free(reader);
    unlink(path);
    return series;
}

/* Each of n spans has per intervals; their losses sum up to lost. */
static bool spans_are(const struct longhaul_span *spans, size_t n, size_t per, double lost)
{
    double sum = 0;
    bool good = true;
    for (size_t i = 0; i < n; i++) {
        good = good && spans[i].n_intervals == per;
        sum += spans[i].lost_packets;
    }
    return good && sum == lost;
}

/* Starts near whole seconds that vary by some milliseconds: every second still has its interval. */
static void test_spans(void)
{
    struct rows rows = rows_new(110);
    unsigned long state = 7;
    for (size_t i = 0; i < rows.n; i++)
        rows.row[i].start += 0.004 * (rows_noise(&state) - 0.5) + (i == 0 ? 0.002 : 0);
    rows_lose(&rows, 17, 3);
    rows_silence(&rows, 60, 4);
    struct longhaul_series *series = series_of(rows), *other = series_of(rows_new(3));
    struct longhaul_analysis *a = NULL;
    struct longhaul_span *spans = NULL;
    size_t n = 0, n_hours;
    if (longhaul_analyse(series, NULL, &a, NULL) != 0)
        return;
    double lost = longhaul_analysis_loss(a)->lost, outage_s = 0;
    CHECK(longhaul_analysis_spans(a, series, 1, &spans, &n, NULL) == 0 && n == 110 && spans_are(spans, n, 1, lost),
          "spans of a second, as short as the intervals, have one each (%zu)", n);
    for (size_t i = 0; i < n; i++)
        outage_s += spans[i].outage_s;
    CHECK(fabs(outage_s - longhaul_analysis_figures(a)->downtime_s) < 0.01, "and the outage's time: %g s", outage_s);
    free(spans);
    CHECK(longhaul_analysis_spans(a, series, 10, &spans, &n, NULL) == 0 && n == 12 &&
              fmod(spans[5].start_unix_s, 10) == 0 && spans_are(spans + 1, 10, 10, lost) && spans[0].n_intervals == 4 &&
              spans[11].n_intervals == 6,
          "spans of 10 s begin at whole tens of seconds of UTC");
    free(spans);
    CHECK(longhaul_analysis_spans(a, series, 3600, &spans, &n, NULL) == 0 &&
              memcmp(&spans[0].packets, &longhaul_analysis_hours(a, &n_hours)[0].packets, sizeof(double)) == 0 &&
              n == n_hours,
          "spans of an hour are the hours");
    free(spans);
    CHECK(longhaul_analysis_spans(a, other, 1, &spans, &n, NULL) == LONGHAUL_EINVAL &&
              longhaul_analysis_spans(a, series, 0, &spans, &n, NULL) == LONGHAUL_EINVAL &&
              longhaul_analysis_spans(a, series, NAN, &spans, &n, NULL) == LONGHAUL_EINVAL,
          "no spans of another test's series, or without a length");
    longhaul_analysis_free(a);
    longhaul_series_free(series);
    longhaul_series_free(other);
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
    test_scope();
    test_spans();
    test_speed();
    return CHECK_DONE();
}
