/* progress.h - what a run shows on stderr while it lasts: a table on a terminal, plain lines elsewhere. */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <longhaul.h>

struct progress;

/* legs are borrowed until progress_free(). NULL when out of memory, which every function below accepts. */
struct progress *progress_new(const struct longhaul_leg *legs, size_t n_legs);
/* The run has begun: shows its figures, in a thread of its own, until progress_free(). */
void progress_watch(struct progress *progress, struct longhaul_run *run);
/* A leg changed its phase; a message about the whole run. For longhaul_run_options. */
void progress_state(struct progress *progress, size_t leg, const struct longhaul_state *state);
void progress_note(struct progress *progress, const char *text);
/* For signal handlers: print a line for each leg now; the terminal's size changed. */
void progress_ask(struct progress *progress);
void progress_resized(struct progress *progress);
/* Restores the terminal. Call it before longhaul_run_free(). */
void progress_free(struct progress *progress);

#endif
