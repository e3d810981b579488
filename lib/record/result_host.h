/* result_host.h - the "host" of a result: the writer's host before and after, and what it dropped meanwhile. */
#ifndef RESULT_HOST_H
#define RESULT_HOST_H

#include <jansson.h>
#include <stdbool.h>

struct result_host {
    json_t *first, *last; /* facts */
    json_t *begun;        /* of the part that has no end yet: a run that was killed leaves one open */
    json_t *drops;        /* sums of the parts that have both */
    bool has_failed;      /* without memory something is missing */
    bool is_partial;      /* some part has no end: what it dropped is not known */
};

/* A journal's "host" event. */
void result_host_add(struct result_host *host, const json_t *data);
/* A new object; NULL when nothing is known. */
json_t *result_host_object(struct result_host *host);
void result_host_clear(struct result_host *host);

#endif
