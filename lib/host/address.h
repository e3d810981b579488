/* address.h - this host's own addresses. */
#ifndef ADDRESS_H
#define ADDRESS_H

#include <stdbool.h>

/* True if text, an IPv4 or IPv6 address, is currently an address of this host, or if that cannot be determined. */
bool address_is_here(const char *text);

#endif
