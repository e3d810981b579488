/* status.h - the state of a leg in words. */
#ifndef STATUS_H
#define STATUS_H

#include <longhaul.h>

enum { STATUS_TEXT_SIZE = 256, STATUS_CELL_SIZE = 48 };

/* "10.000"; "-" while nothing arrives. */
void status_mbps(const struct longhaul_status *status, char text[STATUS_CELL_SIZE]);
/* "0.0012%", for TCP "3 retr"; "-" if unknown. */
void status_loss(const struct longhaul_status *status, char text[STATUS_CELL_SIZE]);
/* "1H2M3S", from a time in seconds. */
void status_time(double seconds, char text[STATUS_CELL_SIZE]);

/* "HK->WUS 1H2M3S, 22H57M57S left, 10.000 Mbps, lost 3 (0.0001%), 1 gap, running" */
void status_line(const char *source, const char *destination, const struct longhaul_status *status,
                 char text[STATUS_TEXT_SIZE]);

#endif
