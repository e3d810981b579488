/* test_plot.c - axes, pixel columns; a chart's data keeps every spike and shows gaps, and labels stay labels. */

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chart/axis.h"
#include "chart/plot_leg.h"
#include "chart/reduce.h"
#include "check.h"

/* A leg has 12 to 120 cells, where some length of the list gives that; else what is nearest to it. */
static void test_bins(void)
{
    static const struct { double range_s, usual_s, length_s; } cases[] = {
        { 12, 1, 1 },          { 100, 1, 1 },        { 130, 1, 10 },        { 360, 1, 10 },     { 1200, 1, 60 },
        { 3600, 1, 60 },       { 7200.03, 1, 60 },   { 3 * 3600, 1, 900 },  { 86400, 1, 3600 }, { 86403.2, 1, 3600 },
        { 6 * 86400, 1, 3600 }, { 9 * 86400, 1, 86400 }, { 30 * 86400, 1, 86400 }, { 360, 60, 60 }, { 60, 10, 10 },
        { 5, 0.1, 1 },         { 600, 1.0002, 10 },  { 100, 1.0002, 1 },    { 0, 1, 3600 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double length_s = report_bin_s(cases[i].range_s, cases[i].usual_s);
        CHECK(length_s == cases[i].length_s, "%g s by intervals of %g s: cells of %g s", cases[i].range_s,
              cases[i].usual_s, length_s);
    }
    size_t wrong = 0;
    for (double range_s = 12; range_s < 100 * 86400; range_s *= 1.01) {
        double n = range_s / report_bin_s(range_s, 1);
        bool is_between = range_s > 5 * 86400 && range_s < 12 * 86400; /* too many hours or too few days */
        wrong += n > (is_between ? 187 : 148) || n < (is_between ? 7.7 : 9.7);
    }
    CHECK(wrong == 0, "from 12 s to 100 days, cells are neither too few nor too many");
}

static void test_loss_levels(void)
{
    static const struct { double percent; int level; const char *text; } cases[] = {
        { 0, 0, "0" },      { 1e-9, 1, "≤0.001" }, { 0.001, 1, "≤0.001" }, { 0.0011, 2, "≤0.01" },
        { 0.1, 3, "≤0.1" },   { 0.11, 4, "≤1" },    { 1.01, 5, "≤10" },    { 10, 5, "≤10" },
        { 10.1, 6, ">10" },   { 99.9, 6, ">10" },
        { 100, 7, "outage" }, { -1, 0, "0" },      { NAN, -1, "" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int level = report_loss_level(cases[i].percent);
        CHECK(level == cases[i].level && strcmp(report_loss_text(level), cases[i].text) == 0,
              "a loss of %g %% is at level %d, %s", cases[i].percent, level, report_loss_text(level));
    }
    CHECK(report_bin_level(NAN, 6, 10) == REPORT_LEVEL_OUTAGE && report_bin_level(3, 4, 10) == 5 &&
              report_bin_level(NAN, 0, 0) == -1,
          "a cell in most of which nothing arrived is an outage, even if its loss is unknown");
}

/* From 0; one burst does not flatten the rest. */
static void test_rate_axis(void)
{
    static const struct { double least, usual, broad, most, high; } cases[] = {
        { 9.9, 10, 10.05, 10.1, 12.12 },  { 10, 10, 10, 10, 12 },    { 0, 0, 10, 10, 12 },
        { 9.9, 10, 10.2, 95, 15.3 },      { 0, 0, 0, 50, 60 },       { NAN, NAN, NAN, NAN, 1 },
        { 0, 10, 19, 20, 24 },            { 0, 10, 50, 50, 60 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct axis axis = axis_of_rates(cases[i].least, cases[i].usual, cases[i].broad, cases[i].most);
        struct axis times = axis_of_times(cases[i].least, cases[i].usual, cases[i].broad, cases[i].most);
        CHECK(axis.low == 0 && fabs(axis.high - cases[i].high) < 1e-9 && times.low == 0 && times.high == axis.high &&
                  !axis.is_log && !times.is_log,
              "%g to %g, nearly all up to %g: an axis from 0 to %g", cases[i].least, cases[i].most, cases[i].broad,
              axis.high);
    }
    struct axis small = axis_of_rates(10, 10, 10, 10), large = axis_of_rates(50, 50, 50, 50),
                both = axis_join(&small, &large);
    CHECK(both.low == 0 && both.high == 60, "legs of 10 and 50 Mbps share an axis from 0 to %g", both.high);
}

static void test_round_trip_axis(void)
{
    static const struct { double least, usual, broad, most, low, high; } cases[] = {
        { 151, 151.2, 154, 155, 151 - 1.51, 155 + 1.51 },   /* 1 % of the least */
        { 100, 110, 190, 200, 80, 220 },                    /* a fifth of the spread */
        { 1, 2, 2.5, 100, 0, 3.75 },                        /* one extreme value must not hide the others */
        { 1, 2, 90, 100, 0, 120 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct axis axis =
            axis_of_round_trips(cases[i].least, cases[i].usual, cases[i].broad, cases[i].most);
        CHECK(!axis.is_log && fabs(axis.low - cases[i].low) < 1e-9 && fabs(axis.high - cases[i].high) < 1e-9,
              "round trips of %g to %g ms: an axis from %g to %g", cases[i].least, cases[i].most, axis.low, axis.high);
    }
}

static void test_uppermost_mark(void)
{
    char *text = NULL;
    size_t size;
    struct axis axis = axis_of_losses(0.002, 0, 50, 50); /* 0.001 to 100 */
    FILE *out = open_memstream(&text, &size);
    axis_write_marks(out, &axis, 9, -1);
    fputc('|', out);
    axis_write_marks(out, &axis, 9, 0.1);
    fclose(out);
    char *second = strchr(text, '|');
    CHECK(strstr(second, "'100'") == NULL && strstr(second, "'10'") && strstr(second, "'0.001'") &&
              strstr(text, "'100'") < second,
          "no mark in the part of an axis that another panel's is near: %s", text);
    free(text);
}

/* No two marks may have the same text. */
static void test_marks(void)
{
    size_t wrong = 0, n = 0;
    for (double spread = 1e-7; spread < 1e6; spread *= 1.37, n++) {
        struct axis axis = axis_of_rates(0, 10 + spread, 10 + spread, 10 + spread);
        char a[64], b[64];
        snprintf(a, sizeof a, "%.*f", axis.digits, axis.first);
        snprintf(b, sizeof b, "%.*f", axis.digits, axis.first + axis.step);
        double marks = (axis.high - axis.first) / axis.step;
        wrong += strcmp(a, b) == 0 || marks < 2 || marks > 8 || axis.first < axis.low - 1e-9;
    }
    CHECK(wrong == 0, "marks differ from each other and are 3 to 9 (%zu spreads)", n);
}

static void test_time_axis(void)
{
    static const struct { double seconds; const char *unit; double high, step;
    } cases[] = { { 86400, "hours", 24, 2 }, { 20, "seconds", 20, 2 },      { 600, "minutes", 10, 1 },
                  { 90, "seconds", 90, 10 }, { 7 * 86400.0, "days", 7, 1 }, { 3600, "minutes", 60, 5 },
                  { 3, "seconds", 3, 0.25 }, { 0, "seconds", 1, 0.1 } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct axis_time time = axis_of_time(cases[i].seconds);
        CHECK(strcmp(time.unit, cases[i].unit) == 0 && fabs(time.high - cases[i].high) < 1e-9 &&
                  fabs(time.step - cases[i].step) < 1e-9,
              "%g s: %g %s, marks every %g", cases[i].seconds, time.high, time.unit, time.step);
    }
}

/* A file with n intervals of 10 Mbit/s, with a spike in one of them, and without those in [gap, gap + 10); read back as
 * a series. */
static struct longhaul_series *series_with(const char *host, int n, int spike, int gap)
{
    char path[] = "/tmp/longhaul-plot.XXXXXX";
    int fd = mkstemp(path);
    FILE *file = fdopen(fd, "w");
    struct longhaul_reader *reader = NULL;
    struct longhaul_series *series = NULL;
    fprintf(file,
            "{\"start\":{\"connected\":[{\"local_host\":\"%s\",\"remote_host\":\"b\"}],\"test_start\":{\"protocol\":"
            "\"UDP\","
            "\"duration\":%d}},\"intervals\":[",
            host, n);
    for (int i = 0; i < n; i++)
        if (i < gap || i >= gap + 10)
            fprintf(file, "%s{\"sum\":{\"start\":%d,\"end\":%d,\"seconds\":1,\"bits_per_second\":%.1f}}", i ? "," : "",
                    i, i + 1,
                    i == spike ? 10.5e6
                    : i % 2    ? 9.9895e6
                               : 10.0006e6);
    fprintf(file, "],\"end\":{\"sum\":{\"seconds\":%d}}}\n", n);
    fclose(file);
    if (longhaul_reader_open(path, NULL, &reader, NULL) == 0)
        longhaul_reader_next(reader, &series, NULL);
    longhaul_reader_free(reader);
    unlink(path);
    return series;
}

static size_t count_lines(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += *text == '\n';
    return n;
}

/* The texts of the direction chart of a series. */
static bool texts_of(struct longhaul_series *series, const char *subject, char **data, char **script)
{
    static const struct longhaul_report_options options = { 0 };
    static size_t numbers[1000]; /* of events and of their incidents: not used here */
    struct report_leg leg = { .series = series, .event_numbers = numbers, .incident_numbers = numbers };
    if (!series)
        return false;
    leg.info = longhaul_series_info(series);
    longhaul_summarise(series, &leg.summary);
    if (longhaul_analyse(series, NULL, &leg.analysis, NULL) != 0)
        return false;
    struct plot_leg shown = { &leg, true, NULL };
    int rc = plot_direction("chart", subject, &shown, &options, data, script, NULL);
    longhaul_analysis_free(leg.analysis);
    return rc == 0;
}

/* The greatest value in a block, at x, and its number of rows: x, least, greatest, .... */
static double greatest_of(const char *data, const char *block, double *x, size_t *n)
{
    const char *line = strstr(data, block);
    double most = -INFINITY;
    for (*n = 0; line && (line = strchr(line, '\n')) != NULL && line[1] && line[1] != '\n'; ++*n) {
        double at, low, high;
        line++;
        if (sscanf(line, "%lf %lf %lf", &at, &low, &high) == 3 && high > most) {
            most = high;
            *x = at;
        }
    }
    return most;
}

static void test_spikes(void)
{
    static const int spikes[] = { 0, 1, 12345, 43200, 86398, 86399 };
    size_t kept = 0, n = sizeof spikes / sizeof *spikes, rows = 0, most_lines = 0;
    for (size_t i = 0; i < n; i++) {
        struct longhaul_series *series = series_with("a", 86400, spikes[i], 90000);
        char *data, *script;
        double x = -1, want = (spikes[i] + 1) / 3600.0;
        if (!texts_of(series, "a->b", &data, &script))
            break;
        double most = greatest_of(data, "# 1 extremes\n", &x, &rows);
        kept += most >= 10.5 && most < 10.6 && fabs(x - want) <= 24.0 / (double)rows;
        most_lines = count_lines(data) > most_lines ? count_lines(data) : most_lines;
        free(data);
        free(script);
        longhaul_series_free(series);
    }
    CHECK(kept == n, "a spike of one second in a day is in the data, wherever it is (%zu of %zu)", kept, n);
    CHECK(rows > 2000 && rows <= 2400, "a row for each column of pixels (%zu)", rows);
    CHECK(most_lines < 3 * 2400 + 20, "and the data is not more than a picture holds (%zu lines)", most_lines);
}

static void test_columns(void)
{
    enum { N = 1000 };
    double start[N], end[N], value[N];
    size_t wrong = 0;
    for (int i = 0; i < N; i++) {
        start[i] = i;
        end[i] = i + 1;
        value[i] = i % 10 == 3 ? (double)NAN : (i * 7919) % 101;
    }
    struct reduce_line line = { start, end, value, N, 0, N };
    struct reduce_column *columns = reduce_columns(&line, 50, true);
    for (int c = 0; columns && c < 50; c++) {
        double least = INFINITY, most = -INFINITY;
        for (int i = 20 * c; i < 20 * c + 20; i++) {
            least = fmin(least, value[i]);
            most = fmax(most, value[i]);
        }
        wrong += columns[c].least != least || columns[c].most != most || columns[c].n != 18 ||
                 columns[c].first != value[20 * c] || columns[c].p5 < least || columns[c].median < columns[c].p5 ||
                 columns[c].p95 < columns[c].median || columns[c].p95 > most;
    }
    CHECK(columns && wrong == 0, "least, greatest, first and percentiles of each column (%zu wrong)", wrong);
    free(columns);
}

static void test_gap(void)
{
    struct longhaul_series *series = series_with("a", 60, -1, 30);
    char *data, *script;
    if (!CHECK(texts_of(series, "a->b", &data, &script), "a leg with a gap has a chart"))
        return;
    CHECK(strstr(data, "\n30 9.9895\n\n40 ") != NULL && strstr(data, "# 1 gaps\n30 40\n") != NULL,
          "the line breaks where nothing was observed, and the gap is told");
    CHECK(strstr(script, "x_max = 60\n") && strstr(script, "loss unknown • jitter unknown"),
          "loss that is not known is said to be");
    CHECK(strstr(script, "panels = 1\n") != NULL, "and has no panel");
    free(data);
    free(script);
    longhaul_series_free(series);
    series = series_with("a", 60, -1, 50);
    if (CHECK(texts_of(series, "a->b", &data, &script), "a leg that ended early has a chart"))
        CHECK(strstr(data, "# 1 gaps\n50 60\n") != NULL, "what was not observed of the plan is told");
    free(data);
    free(script);
    longhaul_series_free(series);
}

/* A peer's name must not become a gnuplot command. */
static void test_labels(void)
{
    struct longhaul_series *series = series_with("x'; system('touch pwned') #`id`", 10, -1, 100);
    char *data, *script;
    if (!CHECK(texts_of(series, "it's `id`\nquit \xff @macro $1 _{a} \x01", &data, &script),
               "a file with an evil label is drawn"))
        return;
    char *theme = strstr(script, "# theme.gp");
    if (theme)
        *theme = 0; /* the rest is the same for all */
    CHECK(theme && strstr(script, "x__; ") == NULL && strstr(script, "'touch") == NULL && strstr(script, "'; ") == NULL,
          "a label from a file cannot leave its string");
    CHECK(strstr(script, "Over Time: it\xe2\x80\x99s `id` quit ? @macro $1 _{a}  '\n") != NULL,
          "an apostrophe is a letter, line feeds are blanks, what is no UTF-8 is a question mark");
    free(data);
    free(script);
    longhaul_series_free(series);
}

int main(void)
{
    test_bins();
    test_loss_levels();
    test_rate_axis();
    test_round_trip_axis();
    test_uppermost_mark();
    test_marks();
    test_time_axis();
    test_columns();
    test_spikes();
    test_gap();
    test_labels();
    return CHECK_DONE();
}
