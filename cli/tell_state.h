/* tell_state.h - what has been told about a leg, in a file, so that nothing is told twice after a crash. */
#ifndef TELL_STATE_H
#define TELL_STATE_H

#include <stdbool.h>
#include <stddef.h>

#include "tell_objectives.h"
#include "tell_watch.h"

enum { TELL_STATE_SIZE = 160 + 9 * TELL_OBJECTIVES_MAX };

struct tell_state {
    bool is_open[TELL_N_CONDITIONS];
    uint32_t missed[TELL_OBJECTIVES_MAX]; /* objectives, by tell_objective_number() */
    size_t n_missed;
    double usual_ms; /* with an open queue: the delay by which it ends; NAN if unknown */
};

bool tell_state_has_missed(const struct tell_state *state, uint32_t objective);
/* Beyond its room, nothing is added. */
void tell_state_add_missed(struct tell_state *state, uint32_t objective);
/* DIR/SRC-DST.told, malloc'd; NULL when out of memory. */
char *tell_state_path(const char *dir, const char *source, const char *destination);
/* The file's text, of the leg that began then. */
void tell_state_text(const struct tell_state *state, double start_unix_s, char text[TELL_STATE_SIZE]);
/* Reads it, if it is of the leg that began then and lasts planned_s; else false. Anything odd in it is ignored. */
bool tell_state_read(const char *path, double start_unix_s, double planned_s, struct tell_state *state);
/* True if nothing is there, or a file that tell_state_text() made: what else may have that name is not touched. Safe
 * after a fork. */
bool tell_state_is_ours(const char *path);
/* True if the file is that text; for "", if there is no file. */
bool tell_state_is(const char *path, const char *text);

#endif
