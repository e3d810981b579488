/* interval_delay.h - an interval's delays and losses in a row, as members of the object "longhaul" of its row. */
#ifndef INTERVAL_DELAY_H
#define INTERVAL_DELAY_H

#include <jansson.h>

#include "model/delay.h"

#define INTERVAL_DELAY_BYTES 1536

/* What is known, each member after a comma; "" if nothing is. Returns the length. */
size_t interval_delay_text(const struct longhaul_delay *delay, char text[INTERVAL_DELAY_BYTES]);

/* The figures of a row that was read, without its list of runs. */
void interval_delay_decode(const json_t *own, struct longhaul_delay *out);

#endif
