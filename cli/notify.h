/* notify.h - tells a service manager how things stand: the protocol of systemd's sd_notify(3), one datagram each. */
#ifndef NOTIFY_H
#define NOTIFY_H

#include <stdbool.h>

/* True if a service manager listens ($NOTIFY_SOCKET). */
bool notify_is_wanted(void);
/* Within what time it wants to hear WATCHDOG=1, from $WATCHDOG_USEC, in seconds; 0 for no watchdog. */
double notify_watchdog_s(void);
/* Sends lines such as "READY=1\nSTATUS=..."; never blocks. */
void notify_send(const char *lines);

#endif
