/* address.h - addresses of sockets: their text, their port; which are this host's own. */
#ifndef ADDRESS_H
#define ADDRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

/* True if text, an IPv4 or IPv6 address, is currently an address of this host, or if that cannot be determined. */
bool address_is_here(const char *text);

/* Parses a numeric address as libiperf prints it; IPv4 that is mapped to IPv6 becomes IPv4. Returns its size, 0 if it
 * is not one; text may be NULL. The port is 0. */
socklen_t address_parse(const char *text, struct sockaddr_storage *address);

/* Of an address of IPv4 or IPv6, in this host's order of bytes. */
uint16_t address_port(const struct sockaddr_storage *address);
void address_set_port(struct sockaddr_storage *address, uint16_t port);

/* True if no router is between: the address is this host's, or in the network of one of its interfaces. */
bool address_is_near(const struct sockaddr *address);

#endif
