/* table.h - the legs of a run as a table that fits a terminal. */
#ifndef TABLE_H
#define TABLE_H

#include <stdbool.h>
#include <stdio.h>

#include <longhaul.h>

struct table_row {
    const char *source, *destination;
    struct longhaul_status status;
};

struct table_space {
    int width, height; /* of the terminal, in cells */
    bool has_colours;
};

/* Draws the table from the cursor on, over what was there, with at most height - 1 lines of at most width - 1 cells,
 * and leaves the cursor where it was. Columns and rows that do not fit are omitted; rows of running legs first. */
void table_draw(FILE *out, const struct table_row *rows, size_t n, const struct table_space *space);

#endif
