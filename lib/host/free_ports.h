/* free_ports.h - local ports that nobody uses. */
#ifndef FREE_PORTS_H
#define FREE_PORTS_H

#include <stdint.h>

/* The first of n UDP ports, one after the other, that are free on all of this host's addresses of both families now;
 * 0 if none was found. They are below those that the system hands out by itself, so that they are likely to be free
 * again later. */
uint16_t free_ports(uint32_t n);

#endif
