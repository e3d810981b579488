/* record_header.h - the header of a record: the data of a journal's first line, and the first members of a result's
 * object "longhaul". */
#ifndef RECORD_HEADER_H
#define RECORD_HEADER_H

#include <jansson.h>
#include <longhaul.h>

/* Who writes the record: the host that starts the leg, and knows all of it, or the server of a sending leg, which knows
 * only what the file's name, the port and the client say. For the server, leg has source, destination, protocol,
 * rate_bps, duration_s, interval_s, peer (the client), port and bind_address, and the header contains no more. */
enum record_writer { RECORD_BY_STARTER, RECORD_BY_SERVER };

/* start_wall_ns is when the record begins, by CLOCK_REALTIME; key is the leg's secret (LEG_KEY_SIZE characters), NULL
 * or "" for none. An unlimited rate, and a rate that the server is not told, is null. NULL when out of memory. */
json_t *record_header_new(const struct longhaul_leg *leg, enum record_writer writer, const char *key,
                          int64_t start_wall_ns);

#endif
