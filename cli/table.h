/* table.h - a table that fits a terminal and is renewed in place. */
#ifndef TABLE_H
#define TABLE_H

#include <stdbool.h>
#include <stdio.h>

enum { TABLE_COLUMNS_MAX = 12, TABLE_CELL_SIZE = 80, TABLE_LINE_SIZE = 256 };

/* What a row's last cell looks like. Without colours, only the words tell. */
enum table_tone {
    TABLE_NEUTRAL, /* as the terminal's text: all is as planned, or nobody knows */
    TABLE_STRONG,  /* bold: nothing is known, and that is not as planned */
    TABLE_GOOD, TABLE_WARN, TABLE_BAD /* green, yellow, red: what is known */
};

struct table_column {
    const char *head;
    int width;     /* of all its cells, whatever their values: columns do not move from one drawing to the next */
    bool is_left;  /* its cells begin at the left edge */
    unsigned rank; /* what does not fit is omitted: the column with the highest rank first; 0 is never omitted */
};

struct table_row {
    char cells[TABLE_COLUMNS_MAX][TABLE_CELL_SIZE];
    const char *word; /* the state, by which the rows that do not fit are counted */
    enum table_tone tone;
    unsigned urgency; /* if there is not enough room: the rows with the highest urgency are shown, in their order */
};

struct table {
    const struct table_column *columns;
    size_t n_columns, n_rows;
    const struct table_row *rows;
    char title[TABLE_LINE_SIZE], note[TABLE_LINE_SIZE]; /* above and below, if there is room; "" for none */
};

struct table_space {
    int width, height; /* of the terminal, in cells */
    bool has_colours;
};

/* Appends a part to a line if it fits within width, else nothing: whole words only. */
void table_say(char line[TABLE_LINE_SIZE], int width, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Appends ": 1 waiting, 5 running" for the rows that are not in shown (NULL: for all), the most urgent first. */
void table_count(char line[TABLE_LINE_SIZE], int width, const struct table *table, const bool *shown);

/* Draws the table from the cursor on, over what was there, with at most height - 1 lines of at most width - 1 cells,
 * and leaves the cursor where it was. */
void table_draw(FILE *out, const struct table *table, const struct table_space *space);

#endif
