/* serve_legs.h - what a server knows of the legs that are pushed to it: the newest record of each, as far as it has come. */
#ifndef SERVE_LEGS_H
#define SERVE_LEGS_H

#include <longhaul.h>

#include "record.h"

struct serve_legs;

/* NULL when out of memory. */
struct serve_legs *serve_legs_new(void);
void serve_legs_free(struct serve_legs *legs);

/* The record of the leg that name tells has come further, on that port. stem is the record's: with another one a new day begins. */
void serve_legs_note(struct serve_legs *legs, const struct longhaul_name *name, const char *stem, uint16_t port,
                     const struct record *record, int64_t boot_ns);
/* Its session is over: it waits for the next one, or is done when its time is. */
void serve_legs_pause(struct serve_legs *legs, const char *stem, int64_t boot_ns);
/* What time alone changes. */
void serve_legs_refresh(struct serve_legs *legs, int64_t boot_ns);

/* All of them, in the order in which they first came; valid until the next call that is not const. */
const struct longhaul_serve_leg *serve_legs_all(const struct serve_legs *legs, size_t *n);
/* The one that came newest on a port; NULL when none did. */
const struct longhaul_serve_leg *serve_legs_of_port(const struct serve_legs *legs, uint16_t port);

#endif
