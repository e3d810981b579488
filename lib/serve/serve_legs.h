/* serve_legs.h - what a server knows about the legs that are pushed to it: the newest record of each, and its
 * progress. */
#ifndef SERVE_LEGS_H
#define SERVE_LEGS_H

#include <longhaul.h>

#include "record/record.h"
#include "serve/serve_record.h"

struct serve_legs;

/* NULL when out of memory. */
struct serve_legs *serve_legs_new(void);
void serve_legs_free(struct serve_legs *legs);

/* Notes progress in the record of the leg that the label names, on that port; client is its address. A stem that
 * differs from the last one begins a new day. */
void serve_legs_note(struct serve_legs *legs, const struct serve_label *label, const char *client, uint16_t port,
                     const struct record *record, int64_t boot_ns);
/* The leg's session is over: it waits for the next one, or is done if its time is over. is_broken: the session ended
 * with an error. */
void serve_legs_pause(struct serve_legs *legs, const char *stem, bool is_broken, int64_t boot_ns);
/* Applies changes that only depend on time. */
void serve_legs_refresh(struct serve_legs *legs, int64_t boot_ns);

/* All legs, in order of their first arrival; valid until the next call that changes them. */
const struct longhaul_served_leg *serve_legs_all(const struct serve_legs *legs, size_t *n);
/* The most recent leg on a port; NULL for none. */
const struct longhaul_served_leg *serve_legs_of_port(const struct serve_legs *legs, uint16_t port);

/* The leg for which a port is reserved, unless this client is its peer: NULL if the client may have the port. A leg
 * whose session broke keeps its port for as long as it had measured, at most until its planned end, which is
 * *until_boot_ns. key may be "". */
const struct longhaul_served_leg *serve_legs_keeper(const struct serve_legs *legs, uint16_t port, const char *client,
                                                   const char *key, int64_t boot_ns, int64_t *until_boot_ns);

#endif
