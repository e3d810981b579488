/* test_table.c - the table of a run's legs: what it omits if there is no room, and that it never wraps. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

#include "../cli/status.h"
#include "../cli/table.h"

static struct table_row row(const char *source, const char *destination, enum longhaul_phase phase,
                            enum longhaul_ending ending)
{
    return (struct table_row){ source,
                               destination,
                               { .phase = phase, .ending = ending, .planned_s = 86400, .elapsed_s = 3723,
                                 .remaining_s = 82677,
                                 .bits_per_second = phase == LONGHAUL_PHASE_RUNNING ? 9.9999e6 : NAN,
                                 .packets = 100000, .lost_packets = 3, .n_gaps = 12,
                                 .has_loss = true } };
}

static char *draw(const struct table_row *rows, size_t n, int width, int height, bool has_colours)
{
    struct table_space space = { width, height, has_colours };
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    table_draw(out, rows, n, &space);
    fclose(out);
    return text;
}

/* The longest line, without control sequences. */
static int longest(const char *text)
{
    int n = 0, max = 0;
    for (const char *p = text; *p; p++) {
        if (*p == '\033') {
            p += strcspn(p, "mKJAB");
            continue;
        }
        n = *p == '\n' || *p == '\r' ? 0 : n + 1;
        max = n > max ? n : max;
    }
    return max;
}

static int n_lines(const char *text)
{
    int n = 1;
    for (; *text; text++)
        n += *text == '\n';
    return n;
}

static void test_whole(void)
{
    struct table_row rows[] = { row("HK", "WUS", LONGHAUL_PHASE_RUNNING, 0),
                                row("WUS", "UAE", LONGHAUL_PHASE_WAITING, 0) };
    char *text = draw(rows, 2, 80, 24, false);
    CHECK(strcmp(text, "\rleg       elapsed       left    Mbps     loss  gaps  state  \033[K\n"
                       "HK->WUS    1H2M3S  22H57M57S  10.000  0.0030%    12  running\033[K\n"
                       "WUS->UAE   1H2M3S  22H57M57S       -  0.0030%    12  waiting\033[J\r\033[2A") == 0,
          "80 columns: all of them\n%s", text);
    CHECK(strstr(text, "\r\033[2A") != NULL && n_lines(text) == 3, "the cursor goes back to the first line");
    CHECK(strstr(text, "\033[3") == NULL, "no colours unless wanted");
    free(text);
    text = draw(rows, 2, 80, 24, true);
    CHECK(strstr(text, "\033[32m") && strstr(text, "\033[33m"), "running is green, waiting yellow");
    CHECK(longest(text) < 80, "colours take no room");
    free(text);
}

static void test_narrow(void)
{
    static const struct { int width; const char *has[4], *has_not[4]; } cases[] = {
        { 60, { "elapsed", "Mbps", "loss", "gaps" }, { "left" } },
        { 50, { "Mbps", "loss", "gaps", "state" }, { "left", "elapsed" } },
        { 40, { "Mbps", "loss", "state" }, { "left", "elapsed", "gaps" } },
        { 30, { "Mbps", "state" }, { "left", "elapsed", "gaps", "loss" } },
        { 22, { "leg", "state" }, { "elapsed", "Mbps", "gaps", "loss" } } };
    struct table_row rows[] = { row("HK", "WUS", LONGHAUL_PHASE_RUNNING, 0),
                                row("WUS", "UAE", LONGHAUL_PHASE_CONNECTING, 0) };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *text = draw(rows, 2, cases[i].width, 24, false);
        bool good = true;
        for (size_t k = 0; k < 4; k++)
            good = good && (!cases[i].has[k] || strstr(text, cases[i].has[k])) &&
                   (!cases[i].has_not[k] || !strstr(text, cases[i].has_not[k]));
        CHECK(good, "%d columns: the right ones are left out\n%s", cases[i].width, text);
        free(text);
    }
    for (int width = 1; width <= 120; width++) {
        char *text = draw(rows, 2, width, 24, true);
        if (longest(text) >= width && width > 1)
            CHECK(false, "%d columns: a line of %d", width, longest(text));
        free(text);
    }
    CHECK(true, "1 to 120 columns: no line wraps");
}

static void test_low(void)
{
    struct table_row rows[40];
    for (size_t i = 0; i < 40; i++)
        rows[i] = row("HK", "WUS",
                      i == 33   ? LONGHAUL_PHASE_WAITING
                      : i == 35 ? LONGHAUL_PHASE_DONE
                                : LONGHAUL_PHASE_RUNNING,
                      i == 35 ? LONGHAUL_ENDING_FAILED : LONGHAUL_ENDING_NONE);
    char *text = draw(rows, 40, 80, 10, false);
    CHECK(n_lines(text) == 9, "10 lines high: 9 are used, not %d", n_lines(text));
    CHECK(strstr(text, "waiting") && strstr(text, "failed"), "what does not run is shown first");
    CHECK(strstr(text, "and 33 more"), "the rest is counted\n%s", text);
    free(text);
    for (int height = 1; height <= 50; height++) {
        text = draw(rows, 40, 80, height, false);
        if (n_lines(text) > (height > 2 ? height - 1 : 2))
            CHECK(false, "%d lines high: %d are used", height, n_lines(text));
        free(text);
    }
    CHECK(true, "1 to 50 lines high: nothing scrolls");
}

static void test_lines(void)
{
    struct longhaul_status s = row("", "", LONGHAUL_PHASE_RUNNING, 0).status;
    char text[STATUS_TEXT_SIZE];
    status_line("HK", "WUS", &s, text);
    CHECK(strcmp(text, "HK->WUS 1H2M3S, 22H57M57S left, 10.000 Mbps, lost 3 (0.0030%), 12 gaps, running") == 0,
          "a line: %s", text);
    s.has_loss = false;
    s.is_sent = true;
    status_line("HK", "WUS", &s, text);
    CHECK(strstr(text, " left, 10.000 Mbps sent, loss unknown, ") != NULL, "a pushed leg: its rate is sent: %s", text);
    struct table_row pushed = { "HK", "WUS", s };
    char *table = draw(&pushed, 1, 100, 24, false);
    CHECK(strstr(table, "10.000 sent") != NULL, "and in the table: %s", table);
    free(table);
    s.n_gaps = 1;
    s.phase = LONGHAUL_PHASE_WAITING;
    s.bits_per_second = NAN;
    status_line("HK", "WUS", &s, text);
    CHECK(strcmp(text, "HK->WUS 1H2M3S, 22H57M57S left, - Mbps, loss unknown, 1 gap, waiting") == 0,
          "what is not known: %s", text);
    s.has_tcp = true;
    s.retransmits = 7;
    status_line("HK", "WUS", &s, text);
    CHECK(strstr(text, "7 retransmits") != NULL, "TCP: %s", text);
}

int main(void)
{
    test_whole();
    test_narrow();
    test_low();
    test_lines();
    return CHECK_DONE();
}
