/* progress.h - what a run shows while it lasts: one line that renews itself on a terminal, plain lines elsewhere. */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <longhaul.h>

struct progress;

struct progress *progress_new(const struct longhaul_leg *legs, size_t n_legs);
void progress_interval(struct progress *progress, size_t leg, const struct longhaul_interval *interval);
void progress_state(struct progress *progress, size_t leg, const struct longhaul_state *state);
/* Leaves the terminal as it was. NULL is accepted. */
void progress_free(struct progress *progress);

#endif
