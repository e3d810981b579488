/* status.h - the state of a leg in words. */
#ifndef STATUS_H
#define STATUS_H

#include <longhaul.h>

enum { STATUS_TEXT_SIZE = 256 };

/* "HK->WUS 1H2M3S, 22H57M57S left, 10.000 Mbps, lost 3 (0.0001%), 1 gap, running"; of a pushed leg "sent 10.000 Mbps,
 * loss known at the receiver". */
void status_line(const char *source, const char *destination, const struct longhaul_status *status,
                 char text[STATUS_TEXT_SIZE]);

#endif
