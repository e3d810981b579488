/* serve_hops.h - a server's part in the traces of a leg whose label asks for them: of a pushed leg, it tells the client
 * of troubles, so that the client traces; of a pulled leg, it traces what it sends, and tells the client. */
#ifndef SERVE_HOPS_H
#define SERVE_HOPS_H

#include <jansson.h>

#include "engine/engine.h"
#include "record/record.h"
#include "serve/serve_record.h"

struct serve_hops;

/* A test began; start is libiperf's start event. *hops stays from one test of a port to the next, so that the traces of
 * a session that broke reach its client; it is NULL before the first one, and while nothing asked for traces. Returns
 * a line that says why the way to the client cannot be traced, borrowed, once for *is_lack_told; else NULL. */
const char *serve_hops_start(struct serve_hops **hops, const struct serve_label *label, const char *client,
                             const json_t *start, bool is_receiver, bool *is_lack_told, int64_t now_ns);
/* NULL is accepted by all of the following. */
void serve_hops_row(struct serve_hops *hops, struct engine *engine, const struct record_row *row,
                    const struct longhaul_interval *interval);
/* Does what is due; never blocks. engine may be NULL. */
void serve_hops_tend(struct serve_hops *hops, struct engine *engine, int64_t now_ns);
/* When that must be done next; INT64_MAX for never. */
int64_t serve_hops_due_ns(const struct serve_hops *hops);
/* The test is over. */
void serve_hops_stop(struct serve_hops *hops, int64_t now_ns);
void serve_hops_free(struct serve_hops *hops);

#endif
