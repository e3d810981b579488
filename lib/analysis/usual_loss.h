/* usual_loss.h - how much loss is usual for a leg at each time of its day. */
#ifndef USUAL_LOSS_H
#define USUAL_LOSS_H

#include "analysis/cells.h"

#define USUAL_LOSS_LEAST 0.004 /* packets a second: one loss is never a proof */

/* Writes the usual loss of each cell, in packets, to usual: a running median over blocks of two minutes, 45 minutes to
 * each side, of cells that are quiet[]; each block's mean without its greatest values. It follows a slow day, and
 * nothing that lasts for half an hour moves it. What lasts longer is kept out of it where it begins and ends sharply.
 * is_first: quiet[] is not known yet, and the better 70 % of each block count. False when out of memory. */
bool usual_loss_of(const struct cells *cells, const unsigned char *quiet, bool is_first, double *usual);

#endif
