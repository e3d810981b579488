/* table.c - the legs of a run as a table that fits a terminal: columns and rows that do not fit are omitted, and
 * nothing ever wraps. Knows a few control sequences of ECMA-48 and no terminal by name. The cursor stays on the table's
 * first cell. So if a terminal was resized and has wrapped the lines, the next drawing repairs it: everything below the
 * cursor belongs to the table. */

#include "table.h"

#include <stdlib.h>
#include <string.h>

#include "status.h"

#define GREEN "\033[32m"
#define YELLOW "\033[33m"
#define RED "\033[31m"
#define PLAIN "\033[0m"
#define CLEAR_LINE "\033[K"
#define CLEAR_BELOW "\033[J"

enum column { LEG, ELAPSED, LEFT, MBPS, LOSS, GAPS, STATE, N_COLUMNS };

static const char *const heads[N_COLUMNS] = { "leg", "elapsed", "left", "Mbps", "loss", "gaps", "state" };
/* The order in which columns are dropped; the leg and its state stay. */
static const enum column dispensable[] = { LEFT, ELAPSED, GAPS, LOSS, MBPS };

struct cells {
    char text[N_COLUMNS][2 * STATUS_CELL_SIZE];
};

static void fill(struct cells *cells, const struct table_row *row)
{
    const struct longhaul_status *s = &row->status;
    snprintf(cells->text[LEG], sizeof cells->text[LEG], "%s->%s", row->source, row->destination);
    status_time(s->elapsed_s, cells->text[ELAPSED]);
    status_time(s->remaining_s, cells->text[LEFT]);
    status_mbps(s, cells->text[MBPS]);
    if (s->is_sent && strcmp(cells->text[MBPS], "-") != 0)
        strcat(cells->text[MBPS], " sent");
    status_loss(s, cells->text[LOSS]);
    snprintf(cells->text[GAPS], sizeof cells->text[GAPS], "%u", s->n_gaps);
    snprintf(cells->text[STATE], sizeof cells->text[STATE], "%s", longhaul_status_text(s));
}

static const char *colour_of(const struct longhaul_status *s)
{
    if (s->phase == LONGHAUL_PHASE_DONE)
        return s->ending == LONGHAUL_ENDING_FAILED ? RED : s->ending == LONGHAUL_ENDING_COMPLETE ? GREEN : YELLOW;
    return s->phase == LONGHAUL_PHASE_RUNNING ? GREEN : YELLOW;
}

/* The widths of the columns; 0 for one that is omitted. */
static void fit(const struct cells *cells, size_t n, int width, int widths[N_COLUMNS])
{
    int all = -2;
    for (size_t c = 0; c < N_COLUMNS; c++) {
        widths[c] = (int)strlen(heads[c]);
        for (size_t i = 0; i < n; i++)
            if ((int)strlen(cells[i].text[c]) > widths[c])
                widths[c] = (int)strlen(cells[i].text[c]);
        all += widths[c] + 2;
    }
    for (size_t k = 0; k < sizeof dispensable / sizeof dispensable[0] && all > width; k++) {
        all -= widths[dispensable[k]] + 2;
        widths[dispensable[k]] = 0;
    }
}

static bool is_on_the_left(enum column c)
{
    return c == LEG || c == STATE;
}

/* Writes one line, cut at the terminal's edge, without its end. */
static void put_line(FILE *out, const char *const text[N_COLUMNS], const int widths[N_COLUMNS], int width,
                     const char *colour)
{
    const char *gap = "";
    int left = width;
    for (enum column c = 0; c < N_COLUMNS; c++) {
        char cell[4 * STATUS_CELL_SIZE];
        if (widths[c] == 0)
            continue;
        int n = snprintf(cell, sizeof cell, is_on_the_left(c) ? "%s%-*s" : "%s%*s", gap, widths[c], text[c]);
        n = n < left ? n : left;
        if (c == STATE && colour)
            fprintf(out, "%s%.*s%s", colour, n, cell, PLAIN);
        else
            fprintf(out, "%.*s", n, cell);
        left -= n;
        gap = "  ";
    }
}

/* Chooses the rows that fit: if there are too many, first those that do not run, then the others, in order. */
static size_t choose(const struct table_row *rows, size_t n, size_t room, bool *chosen)
{
    size_t n_chosen = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < n && n_chosen < room; i++)
            if (!chosen[i] && (pass == 1 || (rows[i].status.phase != LONGHAUL_PHASE_RUNNING &&
                                             rows[i].status.phase != LONGHAUL_PHASE_PENDING))) {
                chosen[i] = true;
                n_chosen++;
            }
    return n_chosen;
}

static void put_rows(FILE *out, const struct table_row *rows, const struct cells *cells, const bool *chosen, size_t n,
                     const int widths[N_COLUMNS], const struct table_space *space)
{
    for (size_t i = 0; i < n; i++) {
        const char *text[N_COLUMNS];
        if (!chosen[i])
            continue;
        for (size_t c = 0; c < N_COLUMNS; c++)
            text[c] = cells[i].text[c];
        fputs(CLEAR_LINE "\n", out);
        put_line(out, text, widths, space->width - 1, space->has_colours ? colour_of(&rows[i].status) : NULL);
    }
}

void table_draw(FILE *out, const struct table_row *rows, size_t n, const struct table_space *space)
{
    size_t room =
        space->height > 3 ? (size_t)space->height - 2 : 1; /* the head, and a free line below the table */
    int widths[N_COLUMNS];
    struct cells *cells = calloc(n, sizeof *cells);
    bool *chosen = calloc(n, sizeof *chosen);
    if (n > 0 && cells && chosen) {
        for (size_t i = 0; i < n; i++)
            fill(&cells[i], &rows[i]);
        fit(cells, n, space->width - 1, widths);
        if (n > room && room > 1)
            room--; /* for the line that says so */
        size_t n_lines = choose(rows, n, room, chosen);
        fputc('\r', out);
        put_line(out, heads, widths, space->width - 1, NULL);
        put_rows(out, rows, cells, chosen, n, widths, space);
        if (n_lines < n && room > 1) {
            char more[64];
            snprintf(more, sizeof more, "and %zu more", n - n_lines);
            fprintf(out, CLEAR_LINE "\n%.*s", space->width - 1, more);
            n_lines++;
        }
        fprintf(out, CLEAR_BELOW "\r\033[%zuA", n_lines);
    }
    free(chosen);
    free(cells);
}
