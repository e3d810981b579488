/* test_incidents.c - made-up legs with faults of one or several: what is one incident, and what is not; accounts. */

#include "check.h"
#include "rows.h"

enum { SECONDS = 7200, N_LEGS = 6 };

static const char *const names[N_LEGS] = { "HK-WUS", "WUS-HK", "KC-WUS", "WUS-KC", "UAE-WUS", "WUS-UAE" };

/* Legs while their rows are changed. */
struct day {
    struct rows rows[N_LEGS];
    struct longhaul_analysis *tests[N_LEGS];
    struct longhaul_incidents *incidents;
    const struct longhaul_incident *list;
    size_t n;
};

static struct day day_new(void)
{
    struct day day = { .n = 0 };
    for (size_t i = 0; i < N_LEGS; i++)
        day.rows[i] = rows_new(SECONDS);
    return day;
}

static void day_find(struct day *day)
{
    for (size_t i = 0; i < N_LEGS; i++)
        day->tests[i] = rows_analyse(day->rows[i], names[i]);
    if (longhaul_incidents_find((const struct longhaul_analysis *const *)day->tests, N_LEGS, &day->incidents, NULL) ==
        0)
        day->list = longhaul_incidents_list(day->incidents, &day->n);
}

static void day_free(struct day *day)
{
    longhaul_incidents_free(day->incidents);
    for (size_t i = 0; i < N_LEGS; i++)
        longhaul_analysis_free(day->tests[i]);
}

/* 5 % of n seconds, not the same number in each. */
static void lose(struct day *day, size_t leg, size_t from, size_t n)
{
    for (size_t i = from; i < from + n; i++)
        rows_lose(&day->rows[leg], i, 30 + (double)((i * 7 + leg) % 31));
}

/* The sum of all that incidents and outside lost is what the legs lost. */
static bool is_accounted(const struct day *day)
{
    double lost = longhaul_incidents_lost_outside(day->incidents), all = 0;
    for (size_t i = 0; i < day->n; i++)
        lost += day->list[i].lost_packets;
    for (size_t i = 0; i < N_LEGS; i++)
        all += (double)longhaul_analysis_figures(day->tests[i])->lost_packets;
    return lost == all;
}

static void test_quiet(void)
{
    struct day day = day_new();
    rows_lose(&day.rows[0], 100, 1);
    day_find(&day);
    CHECK(day.n == 0 && strcmp(longhaul_incidents_verdict(day.incidents), "No incident found; 2.57e-06 % lost") != 0 &&
              strstr(longhaul_incidents_verdict(day.incidents), "No incident found; 0.0000") &&
              longhaul_incidents_lost_outside(day.incidents) == 1,
          "one lost packet: %s", longhaul_incidents_verdict(day.incidents));
    CHECK(longhaul_incidents_of(day.incidents, 0, 0) == 0 && longhaul_incidents_of(day.incidents, 9, 9) == 0,
          "no event is of an incident");
    day_free(&day);
}

static void test_reach(void)
{
    static const struct {
        const char *what;
        unsigned legs; /* bits */
        enum longhaul_reach reach;
        const char *where, *told;
    } cases[] = { { "one leg", 1, LONGHAUL_REACH_LEG, "HK->WUS",
                    ": HK->WUS lost 4.98 % (2,694 packets lost; usual 0 %)." },
                  { "both directions", 3, LONGHAUL_REACH_PAIR, "HK<->WUS", "both directions of HK<->WUS" },
                  { "two that meet", 5, LONGHAUL_REACH_SITE, "WUS", ": 2 of 3 legs to WUS lost" },
                  { "all to a site", 21, LONGHAUL_REACH_SITE, "WUS", ": all 3 legs to WUS lost" },
                  { "all from a site", 42, LONGHAUL_REACH_SITE, "WUS", ": all 3 legs from WUS lost" },
                  { "to and from", 9, LONGHAUL_REACH_SITE, "WUS", ": 2 of 6 legs of WUS lost" },
                  { "all", 63, LONGHAUL_REACH_SITE, "WUS", "all 6 legs of WUS" } };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct day day = day_new();
        size_t n_legs = 0;
        for (size_t i = 0; i < N_LEGS; i++)
            if (cases[k].legs >> i & 1) {
                lose(&day, i, 3000 + i % 3, 60); /* clocks differ */
                n_legs++;
            }
        day_find(&day);
        const struct longhaul_incident *x = day.list;
        CHECK(day.n == 1 && x->reach == cases[k].reach && strcmp(x->where, cases[k].where) == 0 &&
                  x->n_legs == n_legs && x->n_events == n_legs && x->kind == LONGHAUL_EVENT_LOSS && x->count == 1 &&
                  isnan(x->period_s),
              "%s: %zu incidents; %s", cases[k].what, day.n, day.n ? x->text : "");
        CHECK(day.n == 1 && strstr(x->text, cases[k].told) && is_accounted(&day), "  told as \"%s\"", cases[k].told);
        day_free(&day);
    }
}

/* What only overlaps is not the same. */
static void test_apart(void)
{
    struct day day = day_new();
    lose(&day, 0, 3000, 300);
    lose(&day, 1, 3000, 8);
    lose(&day, 2, 3100, 300);
    day_find(&day);
    CHECK(day.n == 3 && day.list[0].reach == LONGHAUL_REACH_LEG && is_accounted(&day),
          "300 s, 8 s from the same second, 300 s from 100 s later: three incidents (%zu)", day.n);
    day_free(&day);
    day = day_new();
    rows_silence(&day.rows[0], 3000, 60);
    lose(&day, 1, 3000, 60);
    day_find(&day);
    CHECK(day.n == 2 && day.list[0].kind == LONGHAUL_EVENT_OUTAGE && day.list[0].down_s == 60 &&
              day.list[1].kind == LONGHAUL_EVENT_LOSS,
          "an outage there and 5 %% back: two incidents, the outage first (%zu)", day.n);
    day_free(&day);
    day = day_new();
    lose(&day, 0, 3000, 60);
    for (size_t i = 3000; i < 3060; i++)
        day.rows[0].row[i].jitter = 0.4;
    for (size_t i = 5000; i < 5060; i++)
        day.rows[2].row[i].jitter = 0.4;
    day_find(&day);
    CHECK(day.n == 2 && day.list[0].kind == LONGHAUL_EVENT_LOSS && day.list[0].n_events == 2 &&
              day.list[0].n_legs == 1 && day.list[1].kind == LONGHAUL_EVENT_JITTER,
          "jitter with a loss belongs to it, jitter of another leg does not (%zu; %zu events, %zu legs; %s)", day.n,
          day.list[0].n_events, day.list[0].n_legs, day.list[1].text);
    day_free(&day);
}

static void test_explained(void)
{
    struct day day = day_new();
    for (size_t leg = 0; leg < 2; leg++) {
        lose(&day, leg, 3000, 60);
        for (size_t i = 3000; i < 3060; i++)
            day.rows[leg].row[i].jitter = 0.4;
    }
    day_find(&day);
    CHECK(day.n == 1 && day.list[0].kind == LONGHAUL_EVENT_LOSS && day.list[0].n_legs == 2 && day.list[0].n_events == 4,
          "loss of both directions, and its jitter: one incident (%zu)", day.n);
    day_free(&day);
}

static void test_series(void)
{
    struct day day = day_new();
    for (size_t k = 0; k < 12; k++)
        lose(&day, 0, 200 + 600 * k, 8);
    lose(&day, 0, 500, 60);
    day_find(&day);
    const struct longhaul_incident *x = day.list;
    CHECK(day.n == 2 && x->count == 12 && fabs(x->period_s - 600) < 1 && x->n_events == 12 &&
              strstr(x->text, "in each of 12 bursts of 8 s, every 10 min"),
          "12 bursts and a longer one: %s", day.n ? x->text : "");
    CHECK(day.n == 2 && day.list[1].count == 1 && day.list[1].seconds == 60 && is_accounted(&day),
          "the longer one is its own");
    size_t n;
    longhaul_analysis_events(day.tests[0], &n);
    CHECK(n == 13 && longhaul_incidents_of(day.incidents, 0, 0) == 1 && longhaul_incidents_of(day.incidents, 0, 1) == 2,
          "each event knows its incident");
    day_free(&day);
    static const size_t at[] = { 300, 700, 1900, 2200, 3900, 4400, 6100, 6900 };
    day = day_new();
    for (size_t k = 0; k < 8; k++)
        lose(&day, 0, at[k], 8);
    day_find(&day);
    CHECK(day.n == 1 && day.list->count == 8 && isnan(day.list->period_s) && !strstr(day.list->text, "every"),
          "eight at no rhythm have no period: %s", day.n ? day.list->text : "");
    day_free(&day);
    day = day_new();
    lose(&day, 0, 1000, 8);
    lose(&day, 0, 3000, 8);
    lose(&day, 0, 5000, 8);
    day_find(&day);
    CHECK(day.n == 3, "three are told one each (%zu)", day.n);
    day_free(&day);
}

static void test_open(void)
{
    struct day day = day_new();
    lose(&day, 0, 7000, 200);
    day.rows[3].duration = 9000;
    day_find(&day);
    CHECK(day.n == 2 && day.list[0].kind == LONGHAUL_EVENT_ENDED && day.list[0].down_s == 1800 &&
              strstr(day.list[0].text, "the record of WUS->KC ends 30 min before its plan."),
          "an early end: %s", day.n ? day.list[0].text : "");
    CHECK(day.n == 2 && day.list[1].is_open && strstr(day.list[1].text, "still going on"), "loss to the end: %s",
          day.n == 2 ? day.list[1].text : "");
    day_free(&day);
}

/* Of senders' records nobody knows what was lost. */
static void test_unknown(void)
{
    struct day day = day_new();
    for (size_t leg = 0; leg < N_LEGS; leg++)
        for (size_t i = 0; i < SECONDS; i++)
            day.rows[leg].row[i].lost = NAN;
    for (size_t leg = 0; leg < N_LEGS; leg++) {
        day.rows[leg].is_sender = true;
        day.rows[leg].end = "{}";
    }
    day.rows[0].gaps = "[{\"start_s\":600,\"seconds\":30,\"cause\":\"path-silent\"}]";
    day_find(&day);
    const struct longhaul_incident *x = day.list;
    CHECK(day.n == 1 && x->kind == LONGHAUL_EVENT_OUTAGE && isnan(x->lost_packets) && x->down_s == 30 &&
              strstr(x->text, "how many packets were lost is unknown: the path was silent"),
          "a gap of a sender: %s", day.n ? x->text : "");
    CHECK(isnan(longhaul_incidents_lost_outside(day.incidents)) &&
              strcmp(longhaul_incidents_verdict(day.incidents), "1 incident; the loss is unknown") == 0,
          "the loss is unknown, not 0: %s", longhaul_incidents_verdict(day.incidents));
    day_free(&day);
    struct longhaul_incidents *none = NULL;
    CHECK(longhaul_incidents_find(NULL, 0, &none, NULL) == 0 &&
              strcmp(longhaul_incidents_verdict(none), "Nothing was measured") == 0,
          "no legs");
    longhaul_incidents_free(none);
    longhaul_incidents_free(NULL);
}

/* A leg whose every fourth second is bad has 100,000 events: one series. */
static void test_many(void)
{
    struct rows rows = rows_new(400000);
    for (size_t i = 0; i + 4 <= rows.n; i += 4)
        rows_lose(&rows, i, 300);
    struct longhaul_analysis *a = rows_analyse(rows, "HK-WUS");
    const struct longhaul_analysis *tests[] = { a };
    struct longhaul_incidents *incidents = NULL;
    size_t n = 0, n_events = 0;
    longhaul_analysis_events(a, &n_events);
    CHECK(longhaul_incidents_find(tests, 1, &incidents, NULL) == 0 && longhaul_incidents_list(incidents, &n) &&
              n == 1 && n_events == 100000 && longhaul_incidents_list(incidents, &n)->count == 100000,
          "a quarter of 400,000 seconds is bad: %zu events, %zu incidents", n_events, n);
    longhaul_incidents_free(incidents);
    longhaul_analysis_free(a);
}

int main(void)
{
    test_quiet();
    test_reach();
    test_apart();
    test_explained();
    test_series();
    test_open();
    test_unknown();
    test_many();
    return CHECK_DONE();
}
