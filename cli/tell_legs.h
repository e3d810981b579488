/* tell_legs.h - the legs of a run, or those that come to a server, by their names, with what was told about each. */
#ifndef TELL_LEGS_H
#define TELL_LEGS_H

#include "tell.h"
#include "tell_command.h"

struct tell_legs;

/* NULL when out of memory. options are borrowed; without a command nothing is told, but watched. */
struct tell_legs *tell_legs_new(const struct tell_options *options, struct tell_command *command);
void tell_legs_free(struct tell_legs *legs);
/* Looks at all legs, and puts their events into the command's queue. */
void tell_legs_look(struct tell_legs *legs);
/* "12 legs, 11 running, 1 waiting, 1 down". */
void tell_legs_count(const struct tell_legs *legs, char *text, size_t size);

#endif
