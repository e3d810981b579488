/* cidr.h - networks such as "10.0.0.0/8", and which addresses they contain. */
#ifndef CIDR_H
#define CIDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sockaddr;

struct cidr {
    uint8_t address[16]; /* IPv4 as ::ffff:a.b.c.d */
    unsigned n_bits;     /* the first n_bits of the 128 count */
};

/* Parses "10.0.0.0/8", "fd00::/8", or a single address. Returns false for anything else. */
bool cidr_parse(const char *text, struct cidr *cidr);

/* Whether an IPv4 or IPv6 address is in one of n networks. */
bool cidr_match(const struct cidr *networks, size_t n, const struct sockaddr *address);

#endif
