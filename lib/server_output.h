/* server_output.h - the server's own document within a client's (iperf3 --get-server-output). */
#ifndef SERVER_OUTPUT_H
#define SERVER_OUTPUT_H

#include <jansson.h>

#include "series.h"

/* A series of the document; NULL when it is none, or without memory. */
struct longhaul_series *server_output_read(const json_t *document, const char *path, bool with_omitted);

/* The client's series and that of the other direction (NULL: there is none), both finished, take from the server's what
 * only the server counted. Where the client sent: losses, jitter and the bytes that arrived, for each interval and at the
 * end. Where it received: what was sent. The server's series is finished by this, else left as it is. */
void server_output_join(struct longhaul_series *client, struct longhaul_series *reverse,
                        struct longhaul_series *server);

#endif
