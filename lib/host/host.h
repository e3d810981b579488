/* host.h - the parts of longhaul_host_read(). Each fills its own members and leaves NAN where a value is unknown. */
#ifndef HOST_H
#define HOST_H

#include <longhaul.h>

/* host_nic.c: everything that is known about host->interface. */
void host_read_interface(const char *root, struct longhaul_host *host);
/* host_drops.c: the counters. interface may be "". */
void host_read_drops(const char *root, const char *interface, struct longhaul_host_drops *drops);

#endif
