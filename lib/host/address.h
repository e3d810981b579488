/* address.h - this host's own addresses. */
#ifndef ADDRESS_H
#define ADDRESS_H

#include <stdbool.h>

/* text, an IPv4 or IPv6 address, is one of this host's now. True as well when that cannot be told. */
bool address_is_here(const char *text);

#endif
