/* status.h - the state of a leg in words. */
#ifndef STATUS_H
#define STATUS_H

#include <longhaul.h>

enum { STATUS_TEXT_SIZE = 256 };

/* "HK->WUS 1:02:03 elapsed, 22:57:57 left, 10.000 Mbps, lost 3 (0.0001%), 1 gap, running"; of a pushed leg "sent 10.000
 * Mbps, loss known at the receiver". */
void status_line(const char *source, const char *destination, const struct longhaul_status *status,
                 char text[STATUS_TEXT_SIZE]);
/* ", 9.958 Mbps, lost 860 (0.4151%)": the mean so far, "sent" where it is that; without the loss where it is not known,
 * or for TCP. */
void status_sums(const struct longhaul_status *status, char text[STATUS_TEXT_SIZE]);

#endif
