/* test_objective.c - objectives as texts: every form is read, written, and read back to the same; what is not an
 * objective is refused in one line, whatever it contains. */

#include <longhaul.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

static bool is_same(double x, double y)
{
    return x == y || (isnan(x) && isnan(y));
}

static const struct {
    const char *text;
    struct longhaul_objective wanted;
    const char *canonical;
} good[] = {
    { "loss <= 0.1% in 99.9% of minutes", { LONGHAUL_OBJECTIVE_LOSS, 0.1, 99.9, 60 },
      "loss <= 0.1 % in 99.9 % of minutes" },
    { "loss<=0.1%in 99.9%of minutes", { LONGHAUL_OBJECTIVE_LOSS, 0.1, 99.9, 60 },
      "loss <= 0.1 % in 99.9 % of minutes" },
    { "  loss\t<=  0 % ", { LONGHAUL_OBJECTIVE_LOSS, 0, NAN, 0 }, "loss <= 0 %" },
    { "loss <= 100 % in 100 % of seconds", { LONGHAUL_OBJECTIVE_LOSS, 100, 100, 1 },
      "loss <= 100 % in 100 % of seconds" },
    { "delay <= 20ms", { LONGHAUL_OBJECTIVE_DELAY_P99, 20, NAN, 0 }, "delay p99 <= 20 ms" },
    { "delay p99 <= 20 ms in 99% of hours", { LONGHAUL_OBJECTIVE_DELAY_P99, 20, 99, 3600 },
      "delay p99 <= 20 ms in 99 % of hours" },
    { "delay p50 <= 250us", { LONGHAUL_OBJECTIVE_DELAY_P50, 0.25, NAN, 0 }, "delay p50 <= 0.25 ms" },
    { "jitter <= 1.5 s", { LONGHAUL_OBJECTIVE_JITTER, 1500, NAN, 0 }, "jitter <= 1500 ms" },
    { "rate >= 9.9Mbps in 99% of hours", { LONGHAUL_OBJECTIVE_RATE, 9.9e6, 99, 3600 },
      "rate >= 9.9 Mbps in 99 % of hours" },
    { "rate >= 9900K", { LONGHAUL_OBJECTIVE_RATE, 9.9e6, NAN, 0 }, "rate >= 9.9 Mbps" },
    { "rate >= 2 Gbit/s", { LONGHAUL_OBJECTIVE_RATE, 2e9, NAN, 0 }, "rate >= 2000 Mbps" },
    { "rate >= 64000 bit/s", { LONGHAUL_OBJECTIVE_RATE, 64000, NAN, 0 }, "rate >= 0.064 Mbps" },
    { "rate >= 1e7bps", { LONGHAUL_OBJECTIVE_RATE, 1e7, NAN, 0 }, "rate >= 10 Mbps" },
    { "outage <= 10s", { LONGHAUL_OBJECTIVE_OUTAGE, 10, NAN, 0 }, "outage <= 10 s" },
    { "outage <= 500 ms", { LONGHAUL_OBJECTIVE_OUTAGE, 0.5, NAN, 0 }, "outage <= 0.5 s" },
    { "outage <= 5min", { LONGHAUL_OBJECTIVE_OUTAGE, 300, NAN, 0 }, "outage <= 300 s" },
    { "outage <= 1 h", { LONGHAUL_OBJECTIVE_OUTAGE, 3600, NAN, 0 }, "outage <= 3600 s" },
    { "availability >= 99.95%", { LONGHAUL_OBJECTIVE_AVAILABILITY, 99.95, NAN, 0 }, "availability >= 99.95 %" },
    { "coverage >= .5%", { LONGHAUL_OBJECTIVE_COVERAGE, 0.5, NAN, 0 }, "coverage >= 0.5 %" },
    { "loss <= 0.1234567890123%\t", { LONGHAUL_OBJECTIVE_LOSS, 0.1234567890123, NAN, 0 },
      "loss <= 0.1234567890123 %" },
};

static void test_good(void)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct longhaul_objective o, again;
        struct longhaul_error err = { 0 };
        char text[LONGHAUL_OBJECTIVE_TEXT] = "";
        int rc = longhaul_objective_parse(good[i].text, &o, &err);
        if (!CHECK(rc == 0, "'%s' is read %s", good[i].text, err.text))
            continue;
        CHECK(o.quantity == good[i].wanted.quantity && is_same(o.limit, good[i].wanted.limit) &&
                  is_same(o.share, good[i].wanted.share) && o.window_s == good[i].wanted.window_s,
              "its parts: %g, %g, %g", o.limit, o.share, o.window_s);
        longhaul_objective_text(&o, text);
        CHECK(strcmp(text, good[i].canonical) == 0, "is written '%s'", text);
        rc = longhaul_objective_parse(text, &again, NULL);
        CHECK(rc == 0 && again.quantity == o.quantity && again.limit == o.limit && is_same(again.share, o.share) &&
                  again.window_s == o.window_s,
              "and read back");
    }
}

/* What each message must have after "'TEXT' is not an objective: ". */
static const struct {
    const char *text, *why;
} bad[] = {
    { "", "it begins with loss" },
    { "los <= 1%", "it begins with" },
    { "losses <= 1%", "it begins with" },
    { "LOSS <= 1%", "it begins with" },
    { "<= 1%", "it begins with" },
    { "loss", "after 'loss' comes '<='" },
    { "loss 1%", "after 'loss' comes '<='" },
    { "loss < 1%", "after 'loss' comes '<='" },
    { "loss >= 1%", "after 'loss' comes '<='" },
    { "rate <= 1M", "after 'rate' comes '>='" },
    { "delay p95 <= 1ms", "after 'delay p99' comes '<='" },
    { "loss <=", "the limit of loss is a number with a unit, such as 0.1%" },
    { "loss <= 1", "the limit of loss" },
    { "loss <= 1ms", "the limit of loss" },
    { "loss <= -1%", "the limit of loss" },
    { "loss <= 100.1%", "the limit of loss" },
    { "loss <= nan%", "the limit of loss" },
    { "loss <= inf%", "the limit of loss" },
    { "loss <= 0x1%", "the limit of loss" },
    { "loss <= 1e999%", "the limit of loss" },
    { "loss <= 1,5%", "the limit of loss" },
    { "loss <= .%", "the limit of loss" },
    { "delay <= 20", "the limit of delay p99 is a number with a unit, such as 20ms" },
    { "delay <= 20 min", "the limit of delay p99" },
    { "jitter <= 1%", "the limit of jitter" },
    { "rate >= 9.9", "the limit of rate is a number with a unit, such as 9.9Mbps" },
    { "rate >= 9.9MB/s", "the limit of rate" },
    { "rate >= 1e300G", "the limit of rate" },
    { "outage <= 10", "the limit of outage is a number with a unit, such as 10s" },
    { "outage <= 10sec", "the limit of outage" },
    { "outage <= 1s in 99% of minutes", "outage, availability and coverage are of the whole test" },
    { "coverage >= 1% in 9% of days", "outage, availability and coverage are of the whole test" },
    { "loss <= 1% in", "after 'in' comes a share of windows" },
    { "loss <= 1% in 99 of minutes", "after 'in' comes a share of windows" },
    { "loss <= 1% in 99% minutes", "after 'in' comes a share of windows" },
    { "loss <= 1% in 99% of days", "after 'in' comes a share of windows" },
    { "loss <= 1% in 0% of minutes", "after 'in' comes a share of windows" },
    { "loss <= 1% in 100.001% of minutes", "after 'in' comes a share of windows" },
    { "loss <= 1% in -1% of minutes", "after 'in' comes a share of windows" },
    { "loss <= 1% in nan% of minutes", "after 'in' comes a share of windows" },
    { "loss <= 1% in 99% of minutesx", "after 'in' comes a share of windows" },
    { "loss <= 1% always", "something follows its end" },
    { "loss <= 1% loss <= 1%", "something follows its end" },
    { "loss <= 1%;", "something follows its end" },
};

static void test_bad(void)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct longhaul_objective o = { .limit = -7 };
        struct longhaul_error err = { 0 };
        int rc = longhaul_objective_parse(bad[i].text, &o, &err);
        CHECK(rc == LONGHAUL_EINVAL && err.code == rc && strstr(err.text, " is not an objective: ") &&
                  strstr(err.text, bad[i].why) && o.limit == -7,
              "'%.40s' is refused: %s", bad[i].text, err.text);
    }
}

/* Texts from parts, mostly where they belong, and with bytes of any value: never anything but 0 or a refusal, and what
 * is taken is read back to the same. */
static void test_hostile(void)
{
    static const char *const parts[][4] = {
        { "loss", "delay p99", "rate", "outage" }, { "<=", ">=", " <= ", "\t<=" },   { "0.1", "1e308", "99.9", "-0" },
        { "%", "ms", "Mbps", " s" },               { " in ", "in", "\xff\xfe", "" }, { "99.9", "1e-300", "100", "." },
        { "%", " % ", "%%", "\x1b[2J" },           { " of ", "of", "off", "" },
        { "minutes", "hours", "seconds", "" }
    };
    unsigned long state = 1;
    size_t n_taken = 0, n_wrong = 0;
    for (int round = 0; round < 200000; round++) {
        char text[256] = "", back[LONGHAUL_OBJECTIVE_TEXT];
        struct longhaul_objective o, again;
        struct longhaul_error err = { 0 };
        for (int at = 0, n = round % 2 ? 9 : 4; at < n; at++) {
            state = state * 6364136223846793005ul + 1442695040888963407ul;
            size_t slot = (state >> 20) % 50 == 0 ? (state >> 50) % 9 : (size_t)at;
            strcat(text, parts[slot][(state >> 33) % 4]);
        }
        if (round % 4 == 0)
            text[(state >> 40) % (strlen(text) + 1)] = (char)(state >> 20);
        int rc = longhaul_objective_parse(text, &o, &err);
        if (rc == 0) {
            longhaul_objective_text(&o, back);
            n_wrong += longhaul_objective_parse(back, &again, NULL) != 0 || again.limit != o.limit ||
                       again.quantity != o.quantity || !is_same(again.share, o.share) || !(o.limit >= 0);
        }
        n_wrong += (rc != 0 && rc != LONGHAUL_EINVAL) || (rc != 0 && strchr(err.text, '\n'));
        n_taken += rc == 0;
    }
    CHECK(n_wrong == 0 && n_taken > 1000, "200,000 texts at random: %zu taken, %zu wrong", n_taken, n_wrong);
}

static void test_long(void)
{
    char *text = malloc(1 << 20);
    struct longhaul_objective o;
    struct longhaul_error err = { 0 };
    memset(text, '9', (1 << 20) - 1);
    text[(1 << 20) - 1] = 0;
    memcpy(text, "loss <= ", 8);
    CHECK(longhaul_objective_parse(text, &o, &err) == LONGHAUL_EINVAL && strlen(err.text) < 300,
          "a text of a megabyte: %s", err.text);
    free(text);
}

int main(void)
{
    test_good();
    test_bad();
    test_hostile();
    test_long();
    return CHECK_DONE();
}
