/* host_json.h - what the kernel says of this host, as JSON and back. */
#ifndef HOST_JSON_H
#define HOST_JSON_H

#include <jansson.h>

#include <longhaul.h>

json_t *host_json_object(const struct longhaul_host *host);

json_t *host_json_drops(const struct longhaul_host_drops *drops);
/* Without those of sockets that are open now: they come and go, and are no counters. */
json_t *host_json_counters(const struct longhaul_host_drops *drops);
/* NAN for what the object does not have. */
struct longhaul_host_drops host_json_drops_of(const json_t *object);

#endif
