/* server_output.h - the server's own document within a client's (iperf3 --get-server-output). */
#ifndef SERVER_OUTPUT_H
#define SERVER_OUTPUT_H

#include <jansson.h>

#include "read/series.h"

/* The document, where it is an object: what only the server counted goes to the client's figures at the end. */
void server_output_take(struct longhaul_series *client, const json_t *document);

/* The document that stands in a client's end, where there is one. */
void server_output_take_end(struct longhaul_series *client, const json_t *end);

/* series_finish(). Then the client's series and that of its other direction take from the server's what only the server
 * counted. Where the client sent: losses, jitter and the bytes that arrived, for each interval and at the end. Where it
 * received: what was sent. The other direction's series, or NULL, is the caller's. */
struct longhaul_series *server_output_finish(struct longhaul_series *client);

#endif
