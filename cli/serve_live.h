/* serve_live.h - what a server shows on stderr: on a terminal a table of its ports; everywhere a line per event. */
#ifndef SERVE_LIVE_H
#define SERVE_LIVE_H

#include <longhaul.h>

struct serve_live;

/* server is borrowed until serve_live_free(). NULL when out of memory, which every function below accepts. */
struct serve_live *serve_live_new(struct longhaul_server *server);
/* Shows the table, in a thread of its own, until serve_live_free(). */
void serve_live_begin(struct serve_live *live);
/* Prints a line, above the table. */
void serve_live_event(struct serve_live *live, const struct longhaul_server_event *event);
/* The same for a text, from any thread. */
void serve_live_note(struct serve_live *live, const char *text);
/* For signal handlers: the terminal's size has changed. */
void serve_live_resized(struct serve_live *live);
/* Removes the table. Call it before longhaul_server_free(). */
void serve_live_free(struct serve_live *live);

#endif
