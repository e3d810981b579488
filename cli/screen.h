/* screen.h - what a command that lasts shows on stderr: a table on a terminal, and lines above it. */
#ifndef SCREEN_H
#define SCREEN_H

#include "table.h"

struct screen;

/* Called by a thread of the screen's, or by screen_free(); each may be NULL. */
struct screen_calls {
    /* Draws the table; without calls to screen_line(). */
    void (*draw)(FILE *out, const struct table_space *space, void *payload);
    /* Says how things stand in lines of log_line(): because somebody asked (screen_ask()), or, without a table, because
     * it is time. */
    void (*say)(bool is_asked, void *payload);
};

/* calls are copied. NULL when out of memory, which every function below accepts; then lines are just printed. */
struct screen *screen_new(const struct screen_calls *calls, void *payload);
/* Shows the table each second, in a thread, until screen_free(). */
void screen_begin(struct screen *screen);
/* Prints one line, as log_line(), above the table, which follows at once. From any thread. */
void screen_line(struct screen *screen, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* For signal handlers: say how things stand; the terminal's size has changed. */
void screen_ask(struct screen *screen);
void screen_resized(struct screen *screen);
/* Removes the table. */
void screen_free(struct screen *screen);

#endif
