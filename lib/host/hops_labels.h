/* hops_labels.h - the MPLS labels in a router's ICMP error (RFC 4884, RFC 4950). */
#ifndef HOPS_LABELS_H
#define HOPS_LABELS_H

#include <stdbool.h>
#include <stddef.h>

#include "host/hops.h"

/* The extension structure begins at bytes and is n bytes long. text becomes "label/tc/s/ttl label/tc/s/ttl", whole
 * labels only, as many as there is room for; "" if it has none or is not right: version, checksum, lengths. */
void hops_labels_read(const unsigned char *bytes, size_t n, char text[HOPS_LABELS_SIZE]);

/* Of a whole ICMP or ICMPv6 message: an extension is where its length says, or, of routers older than RFC 4884, after
 * 128 bytes of the quoted packet. */
void hops_labels_of_icmp(const unsigned char *icmp, size_t n, bool is_ipv6, char text[HOPS_LABELS_SIZE]);

#endif
