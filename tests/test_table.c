/* test_table.c - the tables that run and serve draw: what is omitted if there is no room, that nothing wraps or moves,
 * and that nothing is called good that is not known to be. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

#include "../cli/status.h"
#include "../cli/status_cells.h"
#include "../cli/table.h"

static const struct table_column columns[] = { { "leg", 8, true, 0 }, { "left", 8, false, 4 },
                                               { "Mbps", 7, false, 1 }, { "loss", 9, false, 2 },
                                               { "gaps", 4, false, 3 }, { "state", 10, true, 0 } };

static struct table_row row(const char *leg, const char *word, enum table_tone tone, unsigned urgency)
{
    struct table_row r = { .word = word, .tone = tone, .urgency = urgency };
    const char *cells[] = { leg, "22:57:57", "10.000", "0.0030%", "12", word };
    for (size_t i = 0; i < 6; i++)
        snprintf(r.cells[i], TABLE_CELL_SIZE, "%s", cells[i]);
    return r;
}

static struct table table_of(const struct table_row *rows, size_t n)
{
    return (struct table){ .columns = columns, .n_columns = 6, .rows = rows, .n_rows = n };
}

static char *draw(const struct table *t, int width, int height, bool has_colours)
{
    struct table_space space = { width, height, has_colours };
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    table_draw(out, t, &space);
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
    struct table_row rows[] = { row("HK->WUS", "running", TABLE_GOOD, 2), row("WUS->UAE", "waiting", TABLE_STRONG, 5) };
    struct table t = table_of(rows, 2);
    strcpy(rows[1].cells[2], "-");
    char *text = draw(&t, 80, 24, false);
    CHECK(strcmp(text, "\rleg           left     Mbps       loss  gaps  state     \033[K\n"
                       "HK->WUS   22:57:57   10.000    0.0030%    12  running   \033[K\n"
                       "WUS->UAE  22:57:57        -    0.0030%    12  waiting   \033[J\r\033[2A") == 0,
          "80 columns: all of them\n%s", text);
    CHECK(strstr(text, "\033[3") == NULL, "no colours unless wanted");
    free(text);
    strcpy(t.title, "the title");
    strcpy(t.note, "the note");
    text = draw(&t, 80, 24, true);
    CHECK(strncmp(text, "\rthe title\033[K\nleg ", 18) == 0 && strstr(text, "\nthe note\033[J\r\033[4A"),
          "with a title and a note; the cursor goes back over them\n%s", text);
    CHECK(strstr(text, "\033[32m  running   \033[0m") && strstr(text, "\033[1m  waiting   \033[0m"),
          "the state is coloured, and nothing else\n%s", text);
    CHECK(longest(text) < 80, "colours take no room");
    free(text);
}

static void test_narrow(void)
{
    static const struct { int width; const char *has[4], *has_not[4]; } cases[] = {
        { 57, { "left", "Mbps", "loss", "gaps" }, { 0 } },   { 50, { "Mbps", "loss", "gaps", "state" }, { "left" } },
        { 42, { "Mbps", "loss", "state" }, { "left", "gaps" } },
        { 35, { "Mbps", "state" }, { "left", "gaps", "loss" } },
        { 22, { "leg", "state" }, { "left", "Mbps", "gaps", "loss" } } };
    struct table_row rows[] = { row("HK->WUS", "running", TABLE_GOOD, 2), row("WUS->UAE", "connecting", 0, 4) };
    struct table t = table_of(rows, 2);
    strcpy(t.title, "a title that is longer than most of the terminals of this test, and cut");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *text = draw(&t, cases[i].width, 4, false);
        bool good = true;
        for (size_t k = 0; k < 4; k++)
            good = good && (!cases[i].has[k] || strstr(text, cases[i].has[k])) &&
                   (!cases[i].has_not[k] || !strstr(text, cases[i].has_not[k]));
        CHECK(good, "%d columns: the right ones are left out\n%s", cases[i].width, text);
        free(text);
    }
    for (int width = 1; width <= 120; width++) {
        char *text = draw(&t, width, 24, true);
        if (longest(text) >= width && width > 1)
            CHECK(false, "%d columns: a line of %d", width, longest(text));
        free(text);
    }
    CHECK(true, "1 to 120 columns: no line wraps");
}

static void test_low(void)
{
    struct table_row rows[98];
    struct table t = table_of(rows, 98);
    for (size_t i = 0; i < 98; i++)
        rows[i] = row("HK->WUS", "running", TABLE_GOOD, 2);
    rows[33] = row("A->B", "waiting", TABLE_STRONG, 5);
    rows[97] = row("C->D", "failed", TABLE_BAD, 6);
    rows[3] = row("E->F", "done", TABLE_GOOD, 0);
    strcpy(t.title, "the title");
    strcpy(t.note, "the note");
    char *text = draw(&t, 80, 24, false);
    CHECK(n_lines(text) == 23, "98 legs, 24 lines high: 23 are used, not %d", n_lines(text));
    CHECK(strstr(text, "waiting") && strstr(text, "failed"), "what is not as it should be is shown first");
    CHECK(strstr(text, "\nand 79 more: 78 running, 1 done\033[K\nthe note"), "the rest is counted by state\n%s", text);
    free(text);
    for (int height = 1; height <= 120; height++) {
        text = draw(&t, 80, height, false);
        if (n_lines(text) > (height > 2 ? height - 1 : 2))
            CHECK(false, "%d lines high: %d are used", height, n_lines(text));
        free(text);
    }
    CHECK(true, "1 to 120 lines high: nothing scrolls");
}

static void test_title(void)
{
    struct table_row rows[] = { row("A", "running", 0, 2), row("B", "waiting", 0, 5), row("C", "running", 0, 2) };
    struct table t = table_of(rows, 3);
    char line[TABLE_LINE_SIZE] = "02:19:30 UTC";
    table_count(line, 79, &t, NULL);
    CHECK(strcmp(line, "02:19:30 UTC: 1 waiting, 2 running") == 0, "rows are counted, the urgent first: %s", line);
    strcpy(line, "02:19:30 UTC");
    table_say(line, 30, ", %s", "more than there is room for");
    table_count(line, 30, &t, NULL);
    CHECK(strcmp(line, "02:19:30 UTC: 1 waiting") == 0, "what does not fit is omitted as a whole: %s", line);
}

/* Cells have one width, whatever their values. */
static void test_widths(void)
{
    static const double rates[] = { NAN,       0,         1,      9.9e6,      10e6,       999.9994e6, 999.9995e6, 1e9,
                                    9.99994e9, 9.99996e9, 99.9e9, 999.9994e9, 999.9996e9, 1e30,       INFINITY, -1 };
    static const double times[] = { NAN, -1, 0, 0.4, 9.94, 9.96, 99.4, 99.6, 3723, 86399.6, 3599999 };
    static const int64_t counts[] = { 0, 9, 9999, 10000, 999499, 9999499, 9999500, INT64_MAX };
    static const struct { double percent; const char *text; } losses[] = {
        { 0, "0.0000%" }, { 0.00004, "0.0000%" }, { 9.9, "9.9000%" }, { 100, "100.0000%" }, { 101, "100.0000%" } };
    char cell[TABLE_CELL_SIZE], wide[TABLE_CELL_SIZE] = "";
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        struct longhaul_status s = { .bits_per_second = rates[i], .is_sent = true };
        cell_mbps(rates[i], cell);
        strcat(wide, strlen(cell) > CELL_MBPS ? cell : "");
        cell_rate(&s, cell);
        strcat(wide, strlen(cell) > CELL_SENT_MBPS ? cell : "");
    }
    CHECK(*wide == 0, "a rate fits its cell: %s", wide);
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        cell_clock(times[i], cell);
        strcat(wide, strlen(cell) > CELL_CLOCK + 1 ? cell : "");
        cell_age(times[i], cell);
        strcat(wide, strlen(cell) > CELL_AGE + 1 ? cell : "");
    }
    CHECK(*wide == 0, "a time fits its cell: %s", wide);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        struct longhaul_status s = { .has_tcp = true, .retransmits = counts[i], .n_gaps = (uint32_t)counts[i] };
        cell_loss(&s, cell);
        strcat(wide, strlen(cell) > CELL_RETRANSMITS ? cell : "");
        cell_gaps(&s, cell);
        strcat(wide, strlen(cell) > CELL_GAPS ? cell : "");
    }
    for (size_t i = 0; i < sizeof losses / sizeof losses[0]; i++) {
        struct longhaul_status s = { .has_loss = true, .packets = 10000000,
                                     .lost_packets = (int64_t)(losses[i].percent * 1e5) };
        cell_loss(&s, cell);
        CHECK(strcmp(cell, losses[i].text) == 0 && strlen(cell) <= CELL_LOSS, "a loss of %g %%: %s",
              losses[i].percent, cell);
    }
    CHECK(*wide == 0, "a count fits its cell: %s", wide);
}

static void test_cells(void)
{
    static const struct { double mbps; const char *text; } rates[] = {
        { 9.9, "9.900" }, { 10, "10.000" }, { 999.9994, "999.999" }, { 999.9996, "1,000.0" }, { 1000, "1,000.0" },
        { 9999.94, "9,999.9" }, { 9999.96, "10,000" }, { 123456.7, "123,457" }, { 2e6, ">999999" }, { NAN, "-" } };
    static const struct { const char *a, *b; int width; const char *text; } legs[] = {
        { "HK", "WUS", 7, "HK->WUS" }, { "A_VERY_LONG_NAME", "ANOTHER_LONG_NAME", 20, "A_VERY_L~->ANOTHER_~" },
        { "HK", "A_VERY_LONG_NAME", 12, "HK->A_VERY_~" }, { "A_VERY_LONG_NAME", "HK", 12, "A_VERY_~->HK" } };
    char cell[TABLE_CELL_SIZE];
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        cell_mbps(rates[i].mbps * 1e6, cell);
        CHECK(strcmp(cell, rates[i].text) == 0, "%g Mbps: %s", rates[i].mbps, cell);
    }
    for (size_t i = 0; i < sizeof legs / sizeof legs[0]; i++) {
        cell_leg(legs[i].a, legs[i].b, legs[i].width, cell);
        CHECK(strcmp(cell, legs[i].text) == 0, "%d cells: %s", legs[i].width, cell);
    }
    cell_date(1764469170.9, 1764465000, false, cell);
    CHECK(strcmp(cell, "02:19:30") == 0, "an end today: %s", cell);
    cell_date(1764469170, 1764369170, false, cell);
    CHECK(strcmp(cell, "11-30 02:19") == 0, "an end on another day: %s", cell);
    cell_date(1764469170, 1764369170, true, cell);
    CHECK(strcmp(cell, "11-30 02:19:30") == 0, "with seconds: %s", cell);
    cell_date(NAN, 1764369170, true, cell);
    CHECK(strcmp(cell, "-") == 0, "an end that is not known: %s", cell);
}

/* A running leg that is received whole. */
static struct longhaul_status healthy(void)
{
    return (struct longhaul_status){ .phase = LONGHAUL_PHASE_RUNNING, .planned_s = 86400, .interval_s = 1,
                                     .bits_per_second = 10e6, .target_bits_per_second = 10e6,
                                     .newest_loss_percent = 0, .newest_age_s = 0.5, .packets = 1000,
                                     .n_sessions = 1, .has_loss = true };
}

/* What a status is called; changed is healthy() with one change. */
static void judge(const char *what, const struct longhaul_status *changed, enum table_tone tone, const char *word)
{
    CHECK(status_tone(changed) == tone && strcmp(status_word(changed), word) == 0, "%s: %s, tone %d", what,
          status_word(changed), status_tone(changed));
}

static void test_running_tones(void)
{
    struct longhaul_status s = healthy();
    judge("what arrives whole is good", &s, TABLE_GOOD, "running");
    s.newest_loss_percent = 1;
    judge("a loss of 1 %", &s, TABLE_WARN, "running");
    s.newest_loss_percent = 50;
    judge("a loss of half", &s, TABLE_BAD, "running");
    s = healthy();
    s.bits_per_second = 8e6;
    judge("less than the target, without a loss that is known", &s, TABLE_WARN, "running");
    s.bits_per_second = 0;
    s.newest_loss_percent = NAN;
    judge("nothing arrives", &s, TABLE_BAD, "no data");
    s = healthy();
    s.newest_loss_percent = NAN;
    judge("a loss that is not known", &s, TABLE_NEUTRAL, "running");
    s.bits_per_second = NAN;
    judge("no interval yet", &s, TABLE_NEUTRAL, "running");
    s = healthy();
    s.newest_age_s = 6;
    judge("figures of six seconds ago", &s, TABLE_STRONG, "silent");
    s.interval_s = 60;
    judge("... where an interval has a minute", &s, TABLE_GOOD, "running");
    s = healthy();
    s.is_sent = true;
    s.has_loss = false;
    s.newest_loss_percent = NAN;
    judge("pushed: nobody here knows", &s, TABLE_NEUTRAL, "running");
    s.bits_per_second = 0;
    judge("pushed: nothing is sent", &s, TABLE_BAD, "no data");
    s.has_tcp = true;
    s.bits_per_second = 10e6;
    judge("pushed by TCP: what is sent may wait in a buffer", &s, TABLE_NEUTRAL, "running");
}

static void test_other_tones(void)
{
    struct longhaul_status s = healthy();
    s.phase = LONGHAUL_PHASE_CONNECTING;
    judge("not yet connected", &s, TABLE_NEUTRAL, "connecting");
    s.phase = LONGHAUL_PHASE_PENDING;
    judge("its time has not come", &s, TABLE_NEUTRAL, "pending");
    s.phase = LONGHAUL_PHASE_WAITING;
    judge("it connects again", &s, TABLE_STRONG, "waiting");
    s.phase = LONGHAUL_PHASE_DONE;
    s.ending = LONGHAUL_ENDING_COMPLETE;
    judge("done, whole", &s, TABLE_GOOD, "done");
    s.lost_packets = 20;
    judge("done, with loss", &s, TABLE_WARN, "done");
    s.has_loss = false;
    judge("done, with a loss that is not known", &s, TABLE_NEUTRAL, "done");
    s.ending = LONGHAUL_ENDING_GAPS;
    judge("done, with gaps", &s, TABLE_WARN, "done");
    s.ending = LONGHAUL_ENDING_STOPPED;
    judge("stopped", &s, TABLE_WARN, "stopped");
    s.ending = LONGHAUL_ENDING_FAILED;
    judge("failed", &s, TABLE_BAD, "failed");
    s.ending = LONGHAUL_ENDING_NONE;
    judge("nothing to resume", &s, TABLE_NEUTRAL, "done");
}

/* Delays of the newest interval while the leg runs, and of all datagrams at its end. */
static void test_delays(void)
{
    static const struct { double us; const char *text; } cells[] = {
        { NAN, "-" }, { 0, "<0.001 ms" }, { 0.5, "<0.001 ms" }, { 6.81, "0.007 ms" }, { 9.6, "0.01 ms" },
        { 41.8, "0.0418 ms" }, { 350, "0.35 ms" }, { 1234.5, "1.23 ms" },
        { 22164, "22.2 ms" }, { 999600, "1000 ms" }, { 134e6, "134000 ms" } };
    struct longhaul_status s = healthy();
    char text[STATUS_TEXT_SIZE], cell[TABLE_CELL_SIZE];
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        s.delays.newest_p99_us = cells[i].us;
        cell_delay(&s, cell);
        CHECK(strcmp(cell, cells[i].text) == 0 && strlen(cell) <= CELL_DELAY, "%g us: %s", cells[i].us, cell);
    }
    s.delays = (struct longhaul_delay_totals){ .is_known = true, .newest_p99_us = 350, .p99_us = 22164 };
    status_line("HK", "WUS", &s, text);
    CHECK(strstr(text, "%), delay p99 0.35 ms, 0 gaps, running") != NULL, "running: of the newest interval: %s",
          text);
    status_sums(&s, text);
    CHECK(strstr(text, "%), delay p99 22.2 ms") != NULL, "the sums: of all datagrams: %s", text);
    s.delays.newest_p99_us = NAN;
    status_line("HK", "WUS", &s, text);
    CHECK(strstr(text, ", delay p99 -, ") != NULL, "an interval without: %s", text);
    s.phase = LONGHAUL_PHASE_DONE;
    cell_delay(&s, cell);
    CHECK(strcmp(cell, "22.2 ms") == 0, "done: of all datagrams: %s", cell);
    s.delays.is_known = false;
    s.delays.p99_us = NAN;
    status_line("HK", "WUS", &s, text);
    CHECK(strstr(text, "delay") == NULL, "a leg without delays has no word of them: %s", text);
    status_sums(&s, text);
    CHECK(strstr(text, "delay") == NULL, "... nor at its end: %s", text);
}

static void test_lines(void)
{
    struct longhaul_status s = healthy();
    char text[STATUS_TEXT_SIZE], cell[TABLE_CELL_SIZE];
    s.elapsed_s = 3723;
    s.remaining_s = 82677;
    s.n_gaps = 12;
    s.lost_packets = 3;
    s.packets = 100000;
    status_line("HK", "WUS", &s, text);
    CHECK(strcmp(text, "HK->WUS 1:02:03 elapsed, 22:57:57 left, 10.000 Mbps, lost 3 (0.0030%), 12 gaps, running") == 0,
          "a line: %s", text);
    s.has_loss = false;
    s.is_sent = true;
    status_line("HK", "WUS", &s, text);
    CHECK(strstr(text, " left, sent 10.000 Mbps, loss known at the receiver, ") != NULL,
          "a pushed leg: its rate is sent: %s", text);
    cell_rate(&s, cell);
    CHECK(strcmp(cell, "sent 10.000") == 0, "and in the table: %s", cell);
    cell_loss(&s, cell);
    CHECK(strcmp(cell, "at receiver") == 0, "... where its loss is: %s", cell);
    s.n_gaps = 1;
    s.phase = LONGHAUL_PHASE_WAITING;
    s.bits_per_second = NAN;
    s.packets = 0;
    status_line("HK", "WUS", &s, text);
    CHECK(strcmp(text, "HK->WUS 1:02:03 elapsed, 22:57:57 left, - Mbps, loss unknown, 1 gap, waiting") == 0,
          "what is not known: %s", text);
    cell_loss(&s, cell);
    CHECK(strcmp(cell, "-") == 0, "nothing was sent yet: %s", cell);
    test_delays();
    s.has_tcp = true;
    s.retransmits = 7;
    status_line("HK", "WUS", &s, text);
    CHECK(strstr(text, "7 retransmits") != NULL, "TCP: %s", text);
    s = (struct longhaul_status){ .mean_bits_per_second = 9.958e6, .has_loss = true, .packets = 207182,
                                  .lost_packets = 860,
                                  .delays = { .newest_p99_us = NAN, .p99_us = NAN } };
    status_sums(&s, text);
    CHECK(strcmp(text, ", 9.958 Mbps, lost 860 (0.4151%)") == 0, "the sums of a test: %s", text);
    s.has_loss = false;
    s.is_sent = true;
    status_sums(&s, text);
    CHECK(strcmp(text, ", sent 9.958 Mbps") == 0, "... of one that was sent: %s", text);
}

int main(void)
{
    test_whole();
    test_narrow();
    test_low();
    test_title();
    test_widths();
    test_cells();
    test_running_tones();
    test_other_tones();
    test_lines();
    return CHECK_DONE();
}
