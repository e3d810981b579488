/* leg_hops.h - the route of a leg in its record: traces made here for what this host sends, and those that the server
 * makes of what it sends; and what the two ends tell each other about troubles. */
#ifndef LEG_HOPS_H
#define LEG_HOPS_H

#include <jansson.h>
#include <longhaul.h>

#include "engine/engine.h"
#include "record/record.h"
#include "run/queue.h"

struct leg_hops;

/* Says lines about the leg through the queue. is_lack_told is shared by the legs of a run: what is lacking is said
 * once. All are borrowed. NULL when out of memory. */
struct leg_hops *leg_hops_new(const struct longhaul_leg *leg, struct queue *queue, bool *is_lack_told);
/* NULL is accepted. */
void leg_hops_free(struct leg_hops *hops);

/* A session began; start is libiperf's start event. */
void leg_hops_start(struct leg_hops *hops, struct record *record, const json_t *start, int64_t now_ns);
/* An interval that is in the record. */
void leg_hops_row(struct leg_hops *hops, struct engine *engine, const struct record_row *row,
                  const struct longhaul_interval *interval);
/* An ENGINE_NEWS. */
void leg_hops_news(struct leg_hops *hops, struct engine *engine, struct record *record,
                   const struct engine_event *event);
/* The session is over. */
void leg_hops_stop(struct leg_hops *hops, struct record *record, int64_t now_ns);

/* Does what is due. Returns when it must be called next, INT64_MAX for never. Never blocks. engine may be NULL. */
int64_t leg_hops_tend(struct leg_hops *hops, struct engine *engine, struct record *record, int64_t now_ns);

#endif
