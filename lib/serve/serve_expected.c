/* serve_expected.c - the legs that a server expects. Anybody can claim a leg's name, so the port and the peer's address
 * must agree with it. Keeps no record. */

#include "serve/serve_expected.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/cidr.h"
#include "base/clock.h"

#define LOOK_UP_NS (60 * NS_PER_S)
#define N_ADDRESSES_MAX 16

struct one {
    char source[LONGHAUL_CODE_MAX + 1], destination[LONGHAUL_CODE_MAX + 1];
    char peer[256];
    uint16_t port;
    int64_t looked_up_ns; /* 0: not yet looked up */
    size_t n_addresses;
    struct cidr addresses[N_ADDRESSES_MAX]; /* of the peer */
};

struct serve_expected {
    size_t n;
    struct one legs[];
};

struct serve_expected *serve_expected_new(const struct longhaul_expected_leg *legs, size_t n)
{
    struct serve_expected *e = calloc(1, sizeof *e + n * sizeof e->legs[0]);
    if (e == NULL)
        return NULL;
    e->n = n;
    for (size_t i = 0; i < n; i++) {
        snprintf(e->legs[i].source, sizeof e->legs[i].source, "%s", legs[i].source);
        snprintf(e->legs[i].destination, sizeof e->legs[i].destination, "%s", legs[i].destination);
        snprintf(e->legs[i].peer, sizeof e->legs[i].peer, "%s", legs[i].peer);
        e->legs[i].port = legs[i].port;
    }
    return e;
}

void serve_expected_free(struct serve_expected *e)
{
    free(e);
}

static void look_up(struct one *leg, int64_t boot_ns)
{
    struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM }, *found = NULL;
    char text[NI_MAXHOST];
    leg->looked_up_ns = boot_ns;
    if (getaddrinfo(leg->peer, NULL, &hints, &found) != 0)
        return; /* the previous result still holds */
    leg->n_addresses = 0;
    for (const struct addrinfo *a = found; a && leg->n_addresses < N_ADDRESSES_MAX; a = a->ai_next)
        if (getnameinfo(a->ai_addr, a->ai_addrlen, text, sizeof text, NULL, 0, NI_NUMERICHOST) == 0 &&
            cidr_parse(text, &leg->addresses[leg->n_addresses]))
            leg->n_addresses++;
    freeaddrinfo(found);
}

static bool is_at(const struct one *leg, const char *client)
{
    struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST },
                    *found = NULL;
    if (leg->n_addresses == 0 || getaddrinfo(client, NULL, &hints, &found) != 0)
        return false;
    bool is = cidr_match(leg->addresses, leg->n_addresses, found->ai_addr);
    freeaddrinfo(found);
    return is;
}

static bool is_peer(struct one *leg, const char *client, int64_t boot_ns)
{
    if (is_at(leg, client))
        return true;
    if (leg->looked_up_ns != 0 && boot_ns - leg->looked_up_ns < LOOK_UP_NS)
        return false;
    look_up(leg, boot_ns);
    return is_at(leg, client);
}

bool serve_expected_is(struct serve_expected *e, const struct longhaul_file_name *name, uint16_t port,
                       const char *client, int64_t boot_ns, char why[200])
{
    for (size_t i = 0; i < e->n; i++) {
        struct one *leg = &e->legs[i];
        if (strcmp(leg->source, name->source) != 0 || strcmp(leg->destination, name->destination) != 0)
            continue;
        if (leg->port != port)
            snprintf(why, 200, "%s->%s is expected on port %u: recorded separately", leg->source, leg->destination,
                     leg->port);
        else if (*leg->peer == 0 || is_peer(leg, client, boot_ns))
            return true;
        else
            snprintf(why, 200, "%s->%s is expected from %.80s: recorded separately", leg->source, leg->destination,
                     leg->peer);
        return false;
    }
    if (e->n > 0)
        snprintf(why, 200, "%s->%s is not a leg of this site: recorded separately", name->source, name->destination);
    return e->n == 0;
}
