/* internet_checksum.h - the checksum of RFC 1071, in the byte order of a header. */
#ifndef INTERNET_CHECKSUM_H
#define INTERNET_CHECKSUM_H

#include <arpa/inet.h>
#include <stddef.h>
#include <stdint.h>

static inline uint16_t internet_checksum(const unsigned char *bytes, size_t n)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < n; i += 2)
        sum += (uint32_t)(bytes[i] << 8) + (i + 1 < n ? bytes[i + 1] : 0u);
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return htons((uint16_t)~sum);
}

#endif
