/* peer_json.h - a peer's JSON: its parameters, its results. */
#ifndef PEER_JSON_H
#define PEER_JSON_H

#include <jansson.h>
#include <stddef.h>

/* Any value, owned by the caller; NULL if the text is not JSON or memory runs out. Numbers are real, as in libiperf.
 * Text may have an encoding other than UTF-8, which libiperf accepts: bytes from 0x80 on are read as "?". */
json_t *peer_json_load(const char *text, size_t length);

#endif
