/* table.c - a table that fits a terminal: columns and rows that do not fit are omitted, and nothing ever wraps. Knows a
 * few control sequences of ECMA-48 and no terminal by name. The cursor stays on the table's first cell. So if a
 * terminal was resized and has wrapped the lines, the next drawing repairs it: everything below the cursor belongs to
 * the table. Knows nothing of what the cells mean. */

#include "table.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define PLAIN "\033[0m"
#define CLEAR_LINE "\033[K"
#define CLEAR_BELOW "\033[J"
#define GAP 2

static const char *const sequences[] = { [TABLE_NEUTRAL] = "", [TABLE_STRONG] = "\033[1m", [TABLE_GOOD] = "\033[32m",
                                         [TABLE_WARN] = "\033[33m", [TABLE_BAD] = "\033[31m" };

void table_say(char line[TABLE_LINE_SIZE], int width, const char *format, ...)
{
    char part[TABLE_LINE_SIZE];
    size_t used = strlen(line);
    va_list args;
    va_start(args, format);
    int n = vsnprintf(part, sizeof part, format, args);
    va_end(args);
    if (n >= 0 && used + (size_t)n < TABLE_LINE_SIZE && (int)used + n <= width)
        memcpy(line + used, part, (size_t)n + 1);
}

/* Rows with this word that are not shown. */
static size_t count_word(const struct table *t, const char *word, const bool *shown)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n_rows; i++)
        n += (!shown || !shown[i]) && strcmp(t->rows[i].word, word) == 0;
    return n;
}

static bool is_first_of_word(const struct table *t, size_t row, const bool *shown)
{
    for (size_t i = 0; i < row; i++)
        if ((!shown || !shown[i]) && strcmp(t->rows[i].word, t->rows[row].word) == 0)
            return false;
    return !shown || !shown[row];
}

void table_count(char line[TABLE_LINE_SIZE], int width, const struct table *t, const bool *shown)
{
    const char *gap = ": ";
    unsigned max = 0;
    for (size_t i = 0; i < t->n_rows; i++)
        max = t->rows[i].urgency > max ? t->rows[i].urgency : max;
    for (unsigned urgency = max + 1; urgency-- > 0;)
        for (size_t i = 0; i < t->n_rows; i++)
            if (t->rows[i].urgency == urgency && is_first_of_word(t, i, shown)) {
                table_say(line, width, "%s%zu %s", gap, count_word(t, t->rows[i].word, shown), t->rows[i].word);
                gap = ", ";
            }
}

/* Which columns are shown in width cells. Returns the last of them. */
static size_t fit(const struct table *t, int width, bool shown[TABLE_COLUMNS_MAX])
{
    int all = -GAP;
    size_t last = 0;
    for (size_t c = 0; c < t->n_columns; c++) {
        shown[c] = true;
        all += t->columns[c].width + GAP;
    }
    while (all > width) {
        size_t worst = 0;
        for (size_t c = 0; c < t->n_columns; c++)
            if (shown[c] && (!shown[worst] || t->columns[c].rank > t->columns[worst].rank))
                worst = c;
        if (t->columns[worst].rank == 0)
            break;
        shown[worst] = false;
        all -= t->columns[worst].width + GAP;
    }
    for (size_t c = 0; c < t->n_columns; c++)
        last = shown[c] ? c : last;
    return last;
}

/* One line, cut at the terminal's edge, without its end. row is NULL for the head. */
static void put_line(FILE *out, const struct table *t, const struct table_row *row, const bool *shown, size_t last,
                     const struct table_space *space)
{
    int left = space->width - 1;
    const char *gap = "";
    for (size_t c = 0; c <= last; c++) {
        char cell[TABLE_CELL_SIZE + TABLE_LINE_SIZE];
        const struct table_column *column = &t->columns[c];
        if (!shown[c])
            continue;
        int n = snprintf(cell, sizeof cell, column->is_left ? "%s%-*.*s" : "%s%*.*s", gap, column->width, column->width,
                         row ? row->cells[c] : column->head);
        n = n < left ? n : left;
        bool has_tone = row && c == last && space->has_colours && row->tone != TABLE_NEUTRAL;
        fprintf(out, "%s%.*s%s", has_tone ? sequences[row->tone] : "", n, cell, has_tone ? PLAIN : "");
        left -= n;
        gap = "  ";
    }
}

/* Chooses the rows that fit, by urgency. Returns their number. */
static size_t choose(const struct table *t, size_t room, bool *chosen)
{
    size_t n_chosen = 0;
    unsigned urgency = 0;
    for (size_t i = 0; i < t->n_rows; i++)
        urgency = t->rows[i].urgency > urgency ? t->rows[i].urgency : urgency;
    for (urgency++; urgency-- > 0;)
        for (size_t i = 0; i < t->n_rows && n_chosen < room; i++)
            if (t->rows[i].urgency == urgency) {
                chosen[i] = true;
                n_chosen++;
            }
    return n_chosen;
}

/* Ends the line before, and writes a text. */
static void put_text(FILE *out, const char *text, int width)
{
    fprintf(out, CLEAR_LINE "\n%.*s", width, text);
}

static void draw_chosen(FILE *out, const struct table *t, const struct table_space *space, bool *chosen)
{
    bool shown[TABLE_COLUMNS_MAX];
    int width = space->width - 1;
    size_t last = fit(t, width, shown);
    /* One line stays free below the table, and one is the head. */
    size_t room = space->height > 3 ? (size_t)space->height - 2 : 1, n_below = 0;
    bool has_title = *t->title && room > 2, has_note;
    room -= has_title;
    has_note = *t->note && room > 2 && (t->n_rows < room || room > 6);
    room -= has_note;
    bool is_cut = t->n_rows > room && room > 1;
    size_t n_chosen = choose(t, room - is_cut, chosen);
    fputc('\r', out);
    if (has_title) {
        fprintf(out, "%.*s", width, t->title);
        fputs(CLEAR_LINE "\n", out);
    }
    put_line(out, t, NULL, shown, last, space);
    for (size_t i = 0; i < t->n_rows; i++)
        if (chosen[i]) {
            fputs(CLEAR_LINE "\n", out);
            put_line(out, t, &t->rows[i], shown, last, space);
        }
    if (is_cut) {
        char more[TABLE_LINE_SIZE] = "";
        snprintf(more, sizeof more, "and %zu more", t->n_rows - n_chosen);
        table_count(more, width, t, chosen);
        put_text(out, more, width);
        n_below++;
    }
    if (has_note) {
        put_text(out, t->note, width);
        n_below++;
    }
    fprintf(out, CLEAR_BELOW "\r\033[%zuA", has_title + n_chosen + n_below);
}

void table_draw(FILE *out, const struct table *t, const struct table_space *space)
{
    bool *chosen = calloc(t->n_rows + 1, sizeof *chosen);
    if (t->n_rows > 0 && chosen)
        draw_chosen(out, t, space, chosen);
    free(chosen);
}
