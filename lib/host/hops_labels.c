/* hops_labels.c - reads MPLS labels from ICMP's extension structure. Bytes are anybody's: each length is checked. */

#include "host/hops_labels.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "host/internet_checksum.h"

#define ICMP_BYTES 8     /* the header of an error, before the quoted packet */
#define QUOTED_BYTES 128 /* the least that an extension follows (RFC 4884, 5.4 and 5.5) */
#define HEAD_BYTES 4     /* of the structure and of each object */
#define MPLS_CLASS 1     /* RFC 4950: MPLS label stack, C-type 1: incoming */
#define MPLS_INCOMING 1
#define LABEL_BYTES 4

static void add_labels(const unsigned char *entry, size_t n, char text[HOPS_LABELS_SIZE])
{
    for (; n >= LABEL_BYTES; entry += LABEL_BYTES, n -= LABEL_BYTES) {
        size_t used = strlen(text);
        char one[HOPS_LABELS_SIZE];
        unsigned label = (unsigned)entry[0] << 12 | (unsigned)entry[1] << 4 | entry[2] >> 4;
        int length = snprintf(one, sizeof one, "%s%u/%u/%u/%u", used ? " " : "", label, (entry[2] >> 1) & 7u,
                              entry[2] & 1u, (unsigned)entry[3]);
        if (used + (size_t)length >= HOPS_LABELS_SIZE)
            return;
        memcpy(text + used, one, (size_t)length + 1);
    }
}

void hops_labels_read(const unsigned char *bytes, size_t n, char text[HOPS_LABELS_SIZE])
{
    text[0] = 0;
    if (n < HEAD_BYTES || bytes[0] >> 4 != 2)
        return;
    bool has_checksum = bytes[2] || bytes[3];
    if (has_checksum && internet_checksum(bytes, n) != 0)
        return;
    for (size_t at = HEAD_BYTES; at + HEAD_BYTES <= n;) {
        size_t length = (size_t)bytes[at] << 8 | bytes[at + 1];
        if (length < HEAD_BYTES || length > n - at)
            return;
        if (bytes[at + 2] == MPLS_CLASS && bytes[at + 3] == MPLS_INCOMING)
            add_labels(bytes + at + HEAD_BYTES, length - HEAD_BYTES, text);
        at += length;
    }
}

void hops_labels_of_icmp(const unsigned char *icmp, size_t n, bool is_ipv6, char text[HOPS_LABELS_SIZE])
{
    text[0] = 0;
    if (n < ICMP_BYTES)
        return;
    size_t quoted = is_ipv6 ? (size_t)icmp[4] * 8 : (size_t)icmp[5] * 4;
    bool is_old = quoted == 0;
    if (is_old)
        quoted = QUOTED_BYTES;
    if (quoted < QUOTED_BYTES || ICMP_BYTES + quoted + HEAD_BYTES > n)
        return;
    const unsigned char *extension = icmp + ICMP_BYTES + quoted;
    /* Without a length, only a checksum tells an extension from more of the quoted packet. */
    if (!is_old || extension[2] || extension[3])
        hops_labels_read(extension, n - ICMP_BYTES - quoted, text);
}
