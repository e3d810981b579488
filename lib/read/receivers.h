/* receivers.h - receivers' records, found by the sessions that they share with senders' records. */
#ifndef RECEIVERS_H
#define RECEIVERS_H

#include <longhaul.h>

struct receivers;

/* NULL when out of memory. */
struct receivers *receivers_new(void);
/* Takes ownership of the series. */
int receivers_add(struct receivers *receivers, struct longhaul_series *series, struct longhaul_error *err);
/* Joins each record of the sender's direction with which it shares a session (the same cookie). 1 if there was one, 0
 * if not, or a negative code. */
int receivers_join(struct receivers *receivers, struct longhaul_series *sender, struct longhaul_error *err);
/* The next record that was joined to nothing; the caller owns it then. NULL when there is no more. */
struct longhaul_series *receivers_take_rest(struct receivers *receivers);
void receivers_free(struct receivers *receivers);

#endif
