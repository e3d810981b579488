/* cidr.c - networks and which addresses they contain. No I/O, no names. */

#include "base/cidr.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static const uint8_t v4_prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

bool cidr_parse(const char *text, struct cidr *cidr)
{
    char address[INET6_ADDRSTRLEN];
    struct cidr parsed = { .n_bits = 128 };
    const char *slash = strchr(text, '/');
    size_t n = slash ? (size_t)(slash - text) : strlen(text);
    if (n >= sizeof address)
        return false;
    memcpy(address, text, n);
    address[n] = 0;
    bool is_v4 = inet_pton(AF_INET, address, parsed.address + 12) == 1;
    if (is_v4)
        memcpy(parsed.address, v4_prefix, sizeof v4_prefix);
    else if (inet_pton(AF_INET6, address, parsed.address) != 1)
        return false;
    if (slash) {
        char *end;
        unsigned long bits = isdigit((unsigned char)slash[1]) ? strtoul(slash + 1, &end, 10) : 999;
        if (bits > (is_v4 ? 32u : 128u) || *end)
            return false;
        parsed.n_bits = (unsigned)bits + (is_v4 ? 96 : 0);
    }
    *cidr = parsed;
    return true;
}

static bool match(const struct cidr *cidr, const uint8_t address[16])
{
    unsigned whole = cidr->n_bits / 8, rest = cidr->n_bits % 8;
    if (memcmp(cidr->address, address, whole) != 0)
        return false;
    return rest == 0 || ((cidr->address[whole] ^ address[whole]) >> (8 - rest)) == 0;
}

bool cidr_match(const struct cidr *networks, size_t n, const struct sockaddr *from)
{
    uint8_t address[16];
    if (from->sa_family == AF_INET) {
        memcpy(address, v4_prefix, sizeof v4_prefix);
        memcpy(address + 12, &((const struct sockaddr_in *)(const void *)from)->sin_addr, 4);
    } else if (from->sa_family == AF_INET6) {
        memcpy(address, &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr, 16);
    } else {
        return false;
    }
    for (size_t i = 0; i < n; i++)
        if (match(&networks[i], address))
            return true;
    return false;
}
