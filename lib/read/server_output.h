/* server_output.h - the server's own document within a client's (iperf3 --get-server-output). */
#ifndef SERVER_OUTPUT_H
#define SERVER_OUTPUT_H

#include <jansson.h>

#include "read/series.h"

/* Takes the document, if it is an object: what only the server counted is added to the client's figures at the end. */
void server_output_take(struct longhaul_series *client, const json_t *document);

/* Takes the document from a client's end, if there is one. */
void server_output_take_end(struct longhaul_series *client, const json_t *end);

/* Does series_finish(), then adds to the client's series and that of its other direction what only the server counted.
 * Where the client sent: losses, jitter and the bytes that arrived, for each interval and at the end. Where it
 * received: what was sent. Returns the other direction's series, which the caller owns, or NULL. */
struct longhaul_series *server_output_finish(struct longhaul_series *client);

#endif
