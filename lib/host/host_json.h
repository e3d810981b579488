/* host_json.h - what the kernel says about this host, to JSON and back. */
#ifndef HOST_JSON_H
#define HOST_JSON_H

#include <jansson.h>
#include <stdbool.h>

#include "host/host.h"

json_t *host_json_object(const struct host_facts *host);

json_t *host_json_drops(const struct longhaul_host_drops *drops);
/* Omits the drops of sockets that are open now: sockets come and go, so their sum is not a counter. */
json_t *host_json_counters(const struct longhaul_host_drops *drops);
/* False for the key of those; true for one that is not known here, as of a newer longhaul. */
bool host_json_is_counter(const char *key);
/* Members that the object does not have are NAN. */
struct longhaul_host_drops host_json_drops_of(const json_t *object);

#endif
