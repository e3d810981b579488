/* test_plot.c - axes, and that a chart's data keeps every spike, breaks at gaps, and that labels stay labels. */

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "plot.h"

static void test_rate_axis(void)
{
    static const struct { double min, max, low, high; } cases[] = {
        { 9.9077, 10.0897, 9.9077 - 0.0364, 10.0897 + 0.0364 }, /* a fifth on both sides */
        { 9.99, 9.995, 9.988, 9.997 },                           /* at least 0.002 */
        { 10, 10, 9.995, 10.005 },                               /* constant */
        { 1000, 1000.001, 999.5, 1000.5 },                       /* all but constant */
        { 0, 10, 0, 12 },                                        /* nothing is below 0 */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct plot_axis axis = plot_rate_axis(cases[i].min, cases[i].max);
        CHECK(fabs(axis.low - cases[i].low) < 1e-9 && fabs(axis.high - cases[i].high) < 1e-9, "%g to %g: an axis from %g to %g",
              cases[i].min, cases[i].max, axis.low, axis.high);
    }
}

/* No two marks may read the same. */
static void test_marks(void)
{
    size_t wrong = 0, n = 0;
    for (double spread = 1e-7; spread < 1e6; spread *= 1.37, n++) {
        struct plot_axis axis = plot_rate_axis(10, 10 + spread);
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
    static const struct { double seconds; const char *unit; double high, step; } cases[] = {
        { 86400, "hours", 24, 2 }, { 20, "seconds", 20, 2 }, { 600, "minutes", 10, 1 }, { 90, "seconds", 90, 10 },
        { 7 * 86400.0, "days", 7, 1 }, { 3600, "minutes", 60, 5 }, { 3, "seconds", 3, 0.25 }, { 0, "seconds", 1, 0.1 } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct plot_time time = plot_time_axis(cases[i].seconds);
        CHECK(strcmp(time.unit, cases[i].unit) == 0 && fabs(time.high - cases[i].high) < 1e-9 && fabs(time.step - cases[i].step) < 1e-9,
              "%g s: %g %s, marks every %g", cases[i].seconds, time.high, time.unit, time.step);
    }
}

/* A file of n intervals of 10 Mbit/s, spike at one of them, without those in [gap, gap + 10); read back as a series. */
static struct longhaul_series *series_with(const char *host, int n, int spike, int gap)
{
    char path[] = "/tmp/longhaul-plot.XXXXXX";
    int fd = mkstemp(path);
    FILE *file = fdopen(fd, "w");
    struct longhaul_reader *reader = NULL;
    struct longhaul_series *series = NULL;
    fprintf(file, "{\"start\":{\"connected\":[{\"local_host\":\"%s\",\"remote_host\":\"b\"}],\"test_start\":{\"protocol\":\"UDP\","
            "\"duration\":%d}},\"intervals\":[", host, n);
    for (int i = 0; i < n; i++)
        if (i < gap || i >= gap + 10)
            fprintf(file, "%s{\"sum\":{\"start\":%d,\"end\":%d,\"seconds\":1,\"bits_per_second\":%.1f}}", i ? "," : "", i, i + 1,
                    i == spike ? 10.5e6 : i % 2 ? 9.9895e6 : 10.0006e6);
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

static bool texts_of(struct longhaul_series *series, char **data, char **script)
{
    struct longhaul_summary summary;
    if (!series)
        return false;
    longhaul_summarise(series, &summary);
    struct plot_chart chart = { PLOT_DIRECTION, "chart", "a->b", { { series, &summary, true } }, 1 };
    return plot_chart_texts(&chart, data, script, NULL) == 0;
}

static void test_spikes(void)
{
    static const int spikes[] = { 0, 1, 12345, 43200, 86398, 86399 };
    size_t kept = 0, n = sizeof spikes / sizeof *spikes, most_lines = 0;
    for (size_t i = 0; i < n; i++) {
        struct longhaul_series *series = series_with("a", 86400, spikes[i], 90000);
        char *data, *script, want[64];
        if (!texts_of(series, &data, &script))
            break;
        snprintf(want, sizeof want, "\n%.7g 10.5\n", (spikes[i] + 1) / 3600.0);
        kept += strstr(data, want) != NULL;
        most_lines = count_lines(data) > most_lines ? count_lines(data) : most_lines;
        free(data);
        free(script);
        longhaul_series_free(series);
    }
    CHECK(kept == n, "a spike of one second in a day is in the data, wherever it is (%zu of %zu)", kept, n);
    CHECK(most_lines < 4 * 2400 + 10 && most_lines > 4800, "and the data is no more than a picture holds (%zu lines)", most_lines);
}

static void test_gap(void)
{
    struct longhaul_series *series = series_with("a", 60, -1, 30);
    char *data, *script;
    if (!CHECK(texts_of(series, &data, &script), "a leg with a gap has a chart"))
        return;
    CHECK(strstr(data, "\n30 9.9895\n\n40 ") != NULL && strstr(data, "# gaps: from, to\n30 40\n") != NULL,
          "the line breaks where nothing was observed, and the gap is told");
    CHECK(strstr(script, "x_max = 60\n") && strstr(script, "loss unknown • jitter unknown"), "loss that is not known is said to be");
    free(data);
    free(script);
    longhaul_series_free(series);
}

/* A peer's name must not become a command of gnuplot's. */
static void test_labels(void)
{
    struct longhaul_series *series = series_with("x'; system('touch pwned') #`id`", 10, -1, 100);
    struct longhaul_summary summary;
    char *data, *script;
    if (!CHECK(series != NULL, "a file with an evil label can be read"))
        return;
    longhaul_summarise(series, &summary);
    struct plot_chart chart = { PLOT_DIRECTION, "chart", "it's `id`\nquit", { { series, &summary, true } }, 1 };
    if (!CHECK(plot_chart_texts(&chart, &data, &script, NULL) == 0, "and drawn"))
        return;
    CHECK(strstr(script, "x__; ") == NULL && strstr(script, "'touch") == NULL && strstr(script, "'; ") == NULL,
          "a label from a file cannot leave its string");
    CHECK(strstr(script, "Over Time: it''s `id` quit'\n") != NULL, "quotes are doubled, line feeds are blanks");
    free(data);
    free(script);
    longhaul_series_free(series);
}

int main(void)
{
    test_rate_axis();
    test_marks();
    test_time_axis();
    test_spikes();
    test_gap();
    test_labels();
    return CHECK_DONE();
}
