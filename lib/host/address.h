/* address.h - this host's own addresses. */
#ifndef ADDRESS_H
#define ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* True if text, an IPv4 or IPv6 address, is currently an address of this host, or if that cannot be determined. */
bool address_is_here(const char *text);

/* Parses a numeric address as libiperf prints it; IPv4 that is mapped to IPv6 becomes IPv4. Returns its size, 0 if it
 * is not one; text may be NULL. The port is 0. */
socklen_t address_parse(const char *text, struct sockaddr_storage *address);

/* True if no router is between: the address is this host's, or in the network of one of its interfaces. */
bool address_is_near(const struct sockaddr *address);

#endif
