/* serve_legs.h - what a server knows of the legs that are pushed to it: the newest record of each, as far as it has
 * come. */
#ifndef SERVE_LEGS_H
#define SERVE_LEGS_H

#include <longhaul.h>

#include "record/record.h"
#include "serve/serve_record.h"

struct serve_legs;

/* NULL when out of memory. */
struct serve_legs *serve_legs_new(void);
void serve_legs_free(struct serve_legs *legs);

/* The record of the leg that the label tells has come further, on that port; client is its address. With another stem
 * than before a new day begins. */
void serve_legs_note(struct serve_legs *legs, const struct serve_label *label, const char *client, uint16_t port,
                     const struct record *record, int64_t boot_ns);
/* Its session is over: it waits for the next one, or is done when its time is. is_broken: the session did not end by
 * its own wish. */
void serve_legs_pause(struct serve_legs *legs, const char *stem, bool is_broken, int64_t boot_ns);
/* What time alone changes. */
void serve_legs_refresh(struct serve_legs *legs, int64_t boot_ns);

/* All of them, in the order in which they first came; valid until the next call that is not const. */
const struct longhaul_served_leg *serve_legs_all(const struct serve_legs *legs, size_t *n);
/* The one that came newest on a port; NULL when none did. */
const struct longhaul_served_leg *serve_legs_of_port(const struct serve_legs *legs, uint16_t port);

/* The leg that a port is kept for, unless this client is its peer: NULL when the client may have the port. A leg whose
 * session broke keeps its port for as long as it has measured, at most until its planned end. *until_boot_ns: when that
 * is. key may be "". */
const struct longhaul_served_leg *serve_legs_keeper(const struct serve_legs *legs, uint16_t port, const char *client,
                                                   const char *key, int64_t boot_ns, int64_t *until_boot_ns);

#endif
