/* join.h - joins a sender's record with its receiver's. */
#ifndef JOIN_H
#define JOIN_H

#include <longhaul.h>

/* Copies the receiver's losses and jitter into the sender's columns, for every session that both have (the same
 * cookie). An interval that only the receiver has, with data, is added; what the receiver observed within a gap is no
 * longer missing (series_unseen_gaps()). If the sender was not told the loss and jitter at the end, the receiver's are
 * used, provided that it saw every session. Returns how many sessions were joined. */
size_t join_receiver(struct longhaul_series *sender, const struct longhaul_series *receiver);
/* The same for two series of one session, whatever their cookies; the end is unchanged. */
void join_whole(struct longhaul_series *sender, const struct longhaul_series *receiver);

#endif
