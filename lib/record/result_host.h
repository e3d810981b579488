/* result_host.h - the "host" of a result: the writer's host before and after, and what it dropped in between. */
#ifndef RESULT_HOST_H
#define RESULT_HOST_H

#include <jansson.h>
#include <stdbool.h>

struct result_host {
    json_t *first, *last; /* facts */
    json_t *begun;        /* of the part that has no end yet: a killed run leaves one open */
    json_t *drops;        /* sums of the parts that have a start and an end */
    bool has_failed;      /* something is missing because memory ran out */
    bool is_partial;      /* a part has no end: what it dropped is unknown */
};

/* Adds a journal's "host" event. */
void result_host_add(struct result_host *host, const json_t *data);
/* A new object; NULL if nothing is known. */
json_t *result_host_object(struct result_host *host);
void result_host_clear(struct result_host *host);

#endif
