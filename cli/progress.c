/* progress.c - what a run shows while it lasts: its legs as a table or as lines, and events. Keeps no record; screen
 * decides when. */

#include "progress.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "log.h"
#include "screen.h"
#include "status.h"
#include "status_cells.h"

struct progress {
    const struct longhaul_leg *legs;
    size_t n_legs;
    struct longhaul_run *run;
    struct screen *screen;
    struct table_row *rows;
    struct longhaul_status *statuses;
    bool *has_begun; /* one per leg: it waits to connect "again" */
};

enum column { LEG, ELAPSED, LEFT, END, MBPS, MEAN, LOSS, DELAY, GAPS, STATE, N_COLUMNS };

static void read_figures(struct progress *p)
{
    for (size_t i = 0; i < p->n_legs; i++)
        longhaul_run_status(p->run, i, &p->statuses[i], NULL);
}

/* ---- table */

/* A leg that is pushed by UDP: what arrives is known elsewhere. */
static bool is_known_elsewhere(const struct longhaul_leg *leg)
{
    return leg->direction == LONGHAUL_DIRECTION_PUSH && leg->protocol != LONGHAUL_PROTOCOL_TCP;
}

/* Widths that hold for the whole run: by the plans of the legs, not by their figures. */
static void set_columns(const struct progress *p, int width, struct table_column columns[N_COLUMNS])
{
    static const struct table_column usual[N_COLUMNS] = {
        [LEG] = { "leg", 3, true, 0 }, [ELAPSED] = { "elapsed", CELL_CLOCK, false, 8 },
        [LEFT] = { "left", CELL_CLOCK, false, 7 }, [END] = { "end (UTC)", CELL_DATE, false, 4 },
        [MBPS] = { "Mbps", CELL_MBPS, false, 1 }, [MEAN] = { "mean", CELL_MBPS, false, 6 },
        [LOSS] = { "loss", CELL_LOSS, false, 2 }, [DELAY] = { "delay p99", CELL_DELAY, false, 3 },
        [GAPS] = { "gaps", CELL_GAPS, false, 5 }, [STATE] = { "state", CELL_STATE, true, 0 } };
    char cell[TABLE_CELL_SIZE];
    int longest = width / 3 > 20 ? width / 3 : 20;
    memcpy(columns, usual, sizeof usual);
    for (size_t i = 0; i < p->n_legs; i++) {
        const struct longhaul_leg *leg = &p->legs[i];
        int n_leg = cell_leg(leg->source, leg->destination, TABLE_CELL_SIZE, cell);
        int n_clock = cell_clock(p->statuses[i].planned_s, cell);
        columns[LEG].width = n_leg > columns[LEG].width ? n_leg : columns[LEG].width;
        columns[ELAPSED].width = columns[LEFT].width =
            n_clock > columns[LEFT].width ? n_clock : columns[LEFT].width;
        if (leg->direction == LONGHAUL_DIRECTION_PUSH)
            columns[MBPS].width = CELL_SENT_MBPS;
        if (leg->protocol == LONGHAUL_PROTOCOL_TCP && columns[LOSS].width < CELL_RETRANSMITS)
            columns[LOSS].width = CELL_RETRANSMITS;
        if (is_known_elsewhere(leg))
            columns[LOSS].width = CELL_LOSS_ELSEWHERE;
    }
    columns[LEG].width = columns[LEG].width < longest ? columns[LEG].width : longest;
}

static void fill(const struct progress *p, size_t i, int leg_width, double now_unix_s)
{
    const struct longhaul_status *s = &p->statuses[i];
    struct table_row *row = &p->rows[i];
    bool has_begun = s->phase != LONGHAUL_PHASE_CONNECTING && s->phase != LONGHAUL_PHASE_PENDING;
    cell_leg(p->legs[i].source, p->legs[i].destination, leg_width, row->cells[LEG]);
    cell_clock(has_begun ? s->elapsed_s : NAN, row->cells[ELAPSED]);
    cell_clock(has_begun ? s->remaining_s : NAN, row->cells[LEFT]);
    cell_date(s->end_unix_s, now_unix_s, false, row->cells[END]);
    cell_rate(s, row->cells[MBPS]);
    cell_mbps(s->mean_bits_per_second, row->cells[MEAN]);
    cell_loss(s, row->cells[LOSS]);
    cell_delay(s, row->cells[DELAY]);
    cell_gaps(s, row->cells[GAPS]);
    row->word = status_word(s);
    snprintf(row->cells[STATE], TABLE_CELL_SIZE, "%s", row->word);
    row->tone = status_tone(s);
    row->urgency = status_urgency(s);
}

/* "02:19:30 UTC, 1:02:03 elapsed, 22:57:57 left, end 12-01 01:17:27: 1 waiting, 5 running": of the leg that ends
 * last. */
static void set_title(const struct progress *p, struct table *t, int width, double now_unix_s)
{
    const struct longhaul_status *last = NULL;
    bool is_all_known = true;
    double elapsed_s = 0;
    char clock[TABLE_CELL_SIZE], left[TABLE_CELL_SIZE], date[TABLE_CELL_SIZE];
    for (size_t i = 0; i < p->n_legs; i++) {
        const struct longhaul_status *s = &p->statuses[i];
        bool is_known = !isnan(s->end_unix_s);
        elapsed_s = fmax(s->elapsed_s, elapsed_s);
        is_all_known = is_all_known && (is_known || s->phase == LONGHAUL_PHASE_DONE);
        if (is_known && (!last || s->end_unix_s > last->end_unix_s))
            last = s;
    }
    cell_date(now_unix_s, now_unix_s, true, clock);
    table_say(t->title, width, "%s UTC", clock);
    if (last) {
        cell_clock(elapsed_s, clock);
        cell_clock(fmax(last->end_unix_s - now_unix_s, 0), left);
        cell_date(last->end_unix_s, now_unix_s, true, date);
        table_say(t->title, width, ", %s elapsed, %s left, end %s%s", clock, left, date,
                  is_all_known ? "" : " or later");
    }
    table_count(t->title, width, t, NULL);
}

static void draw(FILE *out, const struct table_space *space, void *payload)
{
    struct progress *p = payload;
    struct table_column columns[N_COLUMNS];
    struct table t = { .columns = columns, .n_columns = N_COLUMNS, .rows = p->rows, .n_rows = p->n_legs };
    struct timespec now;
    bool is_elsewhere = false;
    clock_gettime(CLOCK_REALTIME, &now);
    double now_unix_s = (double)now.tv_sec + (double)now.tv_nsec / 1e9;
    read_figures(p);
    set_columns(p, space->width, columns);
    for (size_t i = 0; i < p->n_legs; i++) {
        fill(p, i, columns[LEG].width, now_unix_s);
        is_elsewhere = is_elsewhere || strcmp(p->rows[i].cells[LOSS], "at receiver") == 0;
    }
    set_title(p, &t, space->width - 1, now_unix_s);
    if (is_elsewhere)
        table_say(t.note, space->width - 1, "sent: what arrives, and its loss, is known at the receiver");
    table_draw(out, &t, space);
}

/* ---- lines */

static void say_all(bool is_asked, void *payload)
{
    struct progress *p = payload;
    char text[STATUS_TEXT_SIZE];
    read_figures(p);
    for (size_t i = 0; i < p->n_legs; i++)
        if (is_asked || p->statuses[i].phase != LONGHAUL_PHASE_DONE) {
            status_line(p->legs[i].source, p->legs[i].destination, &p->statuses[i], text);
            log_line("%s", text);
        }
}

static void say(struct progress *p, size_t leg, const char *what, const char *why)
{
    screen_line(p->screen, "%s->%s %s%s%s", p->legs[leg].source, p->legs[leg].destination, what, *why ? ": " : "",
                why);
}

void progress_note(struct progress *p, const char *text)
{
    if (p && *text)
        screen_line(p->screen, "longhaul: %s", text);
}

void progress_state(struct progress *p, size_t leg, const struct longhaul_state *state)
{
    if (p == NULL)
        return;
    if (state->phase == LONGHAUL_PHASE_PENDING)
        say(p, leg, state->text, "");
    else if (state->phase == LONGHAUL_PHASE_RUNNING)
        say(p, leg, *state->text ? state->text : "began", "");
    else if (state->phase == LONGHAUL_PHASE_WAITING)
        say(p, leg, p->has_begun[leg] ? "waits to connect again" : "waits to connect", state->text);
    else if (state->phase == LONGHAUL_PHASE_DONE && *state->text && p->n_legs > 1)
        say(p, leg, "ended", state->text);
    p->has_begun[leg] = p->has_begun[leg] || state->phase == LONGHAUL_PHASE_RUNNING;
}

/* ---- whole */

struct progress *progress_new(const struct longhaul_leg *legs, size_t n_legs)
{
    const struct screen_calls calls = { .draw = draw, .say = say_all };
    struct progress *p = calloc(1, sizeof *p);
    if (p == NULL)
        return NULL;
    p->legs = legs;
    p->n_legs = n_legs;
    p->rows = calloc(n_legs, sizeof *p->rows);
    p->statuses = calloc(n_legs, sizeof *p->statuses);
    p->has_begun = calloc(n_legs, sizeof *p->has_begun);
    p->screen = screen_new(&calls, p);
    if (p->rows && p->statuses && p->has_begun && p->screen)
        return p;
    progress_free(p);
    return NULL;
}

void progress_watch(struct progress *p, struct longhaul_run *run)
{
    if (p == NULL)
        return;
    p->run = run;
    screen_begin(p->screen);
}

void progress_ask(struct progress *p)
{
    if (p)
        screen_ask(p->screen);
}

void progress_resized(struct progress *p)
{
    if (p)
        screen_resized(p->screen);
}

void progress_free(struct progress *p)
{
    if (p == NULL)
        return;
    screen_free(p->screen);
    free(p->has_begun);
    free(p->statuses);
    free(p->rows);
    free(p);
}
