/* status.h - the state of a leg in words. */
#ifndef STATUS_H
#define STATUS_H

#include <longhaul.h>

enum { STATUS_TEXT_SIZE = 448 };

/* "HK->WUS 1:02:03 elapsed, 22:57:57 left, 10.000 Mbps, lost 3 (0.0001%), 1 gap, running"; of a pushed leg "sent 10.000
 * Mbps, loss known at the receiver". Where this host knows the delays: "delay p99 0.35 ms" after the loss, as
 * cell_delay(). */
void status_line(const char *source, const char *destination, const struct longhaul_status *status,
                 char text[STATUS_TEXT_SIZE]);
/* ", 9.958 Mbps, lost 860 (0.4151%), delay p99 0.35 ms": the mean so far, "sent" where it is that, and the delay of all
 * datagrams; without loss or delay where it is not known, or for TCP. */
void status_sums(const struct longhaul_status *status, char text[STATUS_TEXT_SIZE]);

#endif
