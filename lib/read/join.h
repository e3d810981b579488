/* join.h - a sender's record and its receiver's, made one. */
#ifndef JOIN_H
#define JOIN_H

#include <longhaul.h>

/* Puts the receiver's losses and jitter into the sender's columns, for every session that both have (the same cookie).
 * The end's loss and jitter, where the sender was never told them, are the receiver's when it saw every session.
 * Returns how many sessions were joined. */
size_t join_receiver(struct longhaul_series *sender, const struct longhaul_series *receiver);
/* The same of two series of one session, whatever their cookies are; the end stays as it is. */
void join_whole(struct longhaul_series *sender, const struct longhaul_series *receiver);

#endif
