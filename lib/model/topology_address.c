/* topology_address.c - what is an address or a name of a host, and how the host of a site is reached for its
 * administration: "[USER@]HOST[:PORT]". Resolves and opens nothing. */

#include "model/topology.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* "%eth0", as interfaces are called; the kernel permits more, also what shells and templates would obey. */
static bool is_zone(const char *text)
{
    size_t n = strlen(text);
    for (const char *c = text + 1; *c; c++)
        if (!isalnum((unsigned char)*c) && strchr("._-", *c) == NULL)
            return false;
    return n >= 2 && n <= 16;
}

/* True for an address to which a packet can be sent; not for "any" or multicast. IPv6 may have a zone
 * ("fe80::1%eth0"). */
bool topology_is_ip_address(const char *text, bool *is_single)
{
    struct in_addr four;
    struct in6_addr six;
    char plain[INET6_ADDRSTRLEN];
    size_t n = strcspn(text, "%");
    if (inet_pton(AF_INET, text, &four) == 1) {
        uint32_t bits = ntohl(four.s_addr);
        *is_single = bits != 0 && bits < 0xE0000000;
        return true;
    }
    if (n >= sizeof plain || (text[n] == '%' && !is_zone(text + n)))
        return false;
    memcpy(plain, text, n);
    plain[n] = 0;
    *is_single =
        inet_pton(AF_INET6, plain, &six) == 1 && !IN6_IS_ADDR_UNSPECIFIED(&six) && !IN6_IS_ADDR_MULTICAST(&six);
    return inet_pton(AF_INET6, plain, &six) == 1;
}

/* RFC 1123, section 2.1, and the underscores that some resolvers accept; a last label of digits alone would be taken
 * for an IPv4 address. */
bool topology_is_host_name(const char *text)
{
    size_t length = strlen(text), label = 0;
    bool has_letter = false;
    if (length == 0 || length > 253)
        return false;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '.') {
            if (label == 0 || text[i - 1] == '-')
                return false;
            label = 0;
            has_letter = has_letter && text[i + 1] == 0; /* a final dot ends the name */
        } else {
            if (!isalnum(c) && c != '_' && (c != '-' || label == 0))
                return false;
            if (++label > 63)
                return false;
            has_letter = has_letter || !isdigit(c);
        }
    }
    return has_letter && text[length - 1] != '-';
}

/* ---- administration */

/* As useradd(8) permits it, and with capital letters; a name that begins with "-" would be a flag. */
static bool is_user(const char *text)
{
    for (const char *c = text; *c; c++)
        if (!isalnum((unsigned char)*c) && *c != '_' && *c != '.' && (*c != '-' || c == text))
            return false;
    return *text != 0;
}

static bool take_port(const char *text, uint16_t *port)
{
    size_t n = strspn(text, "0123456789");
    long number = n > 0 && n <= 5 && text[n] == 0 ? strtol(text, NULL, 10) : 0;
    *port = (uint16_t)number;
    return number >= 1 && number <= 65535;
}

static bool take(const char *text, size_t n, char *to, size_t size)
{
    if (n >= size)
        return false;
    memcpy(to, text, n);
    to[n] = 0;
    return true;
}

bool topology_ssh_parse(const char *text, struct topology_ssh *out)
{
    const char *at = strrchr(text, '@'), *host = at ? at + 1 : text, *colon = strrchr(host, ':');
    bool is_single = false, is_bare = strchr(host, ':') != colon; /* an IPv6 address without brackets and port */
    *out = (struct topology_ssh){ .port = 0 };
    if (at && (!take(text, (size_t)(at - text), out->user, sizeof out->user) || !is_user(out->user)))
        return false;
    if (*host == '[') {
        const char *end = strchr(host, ']');
        return end && take(host + 1, (size_t)(end - host - 1), out->host, sizeof out->host) &&
               strchr(out->host, ':') && topology_is_ip_address(out->host, &is_single) && is_single &&
               (end[1] == 0 || (end[1] == ':' && take_port(end + 2, &out->port)));
    }
    size_t length = colon && !is_bare ? (size_t)(colon - host) : strlen(host);
    if (!take(host, length, out->host, sizeof out->host) || (colon && !is_bare && !take_port(colon + 1, &out->port)))
        return false;
    return topology_is_ip_address(out->host, &is_single) ? is_single : topology_is_host_name(out->host);
}

void topology_ssh_of(const struct longhaul_site *site, struct topology_ssh *out)
{
    if (*site->ssh && topology_ssh_parse(site->ssh, out))
        return;
    *out = (struct topology_ssh){ .port = 0 };
    strcpy(out->host, *site->address ? site->address : site->code); /* of the same size, or shorter */
}
