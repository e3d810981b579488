/* run_way.c - who sends to whom: said before a run begins, and refused where this host's name or addresses tell that it
 * is the wrong way round. Asks no name server. */

#include "run_way.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cmd.h"
#include "log.h"

/* True if both are the same IP address; ports and scopes do not count. */
static bool is_same(const struct sockaddr *a, const struct sockaddr *b)
{
    if (a->sa_family != b->sa_family)
        return false;
    if (a->sa_family == AF_INET)
        return ((const struct sockaddr_in *)a)->sin_addr.s_addr == ((const struct sockaddr_in *)b)->sin_addr.s_addr;
    return a->sa_family == AF_INET6 && memcmp(&((const struct sockaddr_in6 *)a)->sin6_addr,
                                              &((const struct sockaddr_in6 *)b)->sin6_addr, 16) == 0;
}

static bool is_loopback(const struct sockaddr *a)
{
    if (a->sa_family == AF_INET)
        return ntohl(((const struct sockaddr_in *)a)->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    return a->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)a)->sin6_addr);
}

/* True for this host's own name, where one of the two may lack the domain. A name that a name server would translate
 * to an address of this host is not known: asking could take longer than the run's first connection. */
static bool is_own_name(const char *name)
{
    char own[256] = "";
    gethostname(own, sizeof own - 1);
    size_t label = strcspn(own, "."), theirs = strcspn(name, ".");
    if (strcasecmp(name, own) == 0 || strcasecmp(name, "localhost") == 0)
        return true;
    return label > 0 && label == theirs && (own[label] == 0 || name[label] == 0) && strncasecmp(own, name, label) == 0;
}

/* True for an address that belongs to this host, or its name. */
static bool is_here(const char *address)
{
    const struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST };
    struct addrinfo *found = NULL;
    struct ifaddrs *own = NULL;
    if (*address == 0 || getaddrinfo(address, NULL, &hints, &found) != 0)
        return *address != 0 && is_own_name(address);
    bool is_own = is_loopback(found->ai_addr);
    if (!is_own && getifaddrs(&own) == 0)
        for (const struct ifaddrs *i = own; i && !is_own; i = i->ifa_next)
            is_own = i->ifa_addr && is_same(i->ifa_addr, found->ai_addr);
    freeifaddrs(own);
    freeaddrinfo(found);
    return is_own;
}

/* The first label of the host's name: "hk" of "hk.example.net". */
static void host_name(char name[LONGHAUL_CODE_MAX + 32])
{
    char whole[256] = "";
    gethostname(whole, sizeof whole - 1);
    whole[strcspn(whole, ".")] = 0;
    snprintf(name, LONGHAUL_CODE_MAX + 32, "%.*s", LONGHAUL_CODE_MAX + 31, whole);
}

/* The name is the other end's. */
static int refuse(const struct longhaul_leg *leg, bool is_both)
{
    const char *a = leg->source, *b = leg->destination;
    if (is_both)
        return cmd_misused("run", "this host is %s: longhaul run %s %s %s --both", b, b, a, leg->peer);
    if (leg->direction == LONGHAUL_DIRECTION_PUSH)
        return cmd_misused("run", "this host is %s, so %s->%s is received here: longhaul run %s %s %s --pull; or, to "
                           "send: longhaul run %s %s %s", b, a, b, a, b, leg->peer, b, a, leg->peer);
    return cmd_misused("run", "this host is %s, so %s->%s is sent from here: longhaul run %s %s %s, without --pull; "
                       "or, to receive: longhaul run %s %s %s --pull", a, a, b, a, b, leg->peer, b, a, leg->peer);
}

static void say(const struct longhaul_leg *leg, const struct longhaul_leg *back, const char *name)
{
    const struct cmd_text host = cmd_safe(name), peer = cmd_safe(leg->peer);
    if (back)
        log_line("this host (%s) sends to %s, recorded as %s->%s, and receives from it, recorded as %s->%s", host.text,
                 peer.text, leg->source, leg->destination, back->source, back->destination);
    else if (leg->direction == LONGHAUL_DIRECTION_PUSH)
        log_line("this host (%s) sends to %s; recorded as %s->%s", host.text, peer.text, leg->source,
                 leg->destination);
    else
        log_line("%s sends to this host (%s); recorded as %s->%s", peer.text, host.text, leg->source,
                 leg->destination);
}

int run_way_check(const struct longhaul_leg *legs, size_t n)
{
    const struct longhaul_leg *leg = &legs[0];
    char name[LONGHAUL_CODE_MAX + 32];
    bool is_push = leg->direction == LONGHAUL_DIRECTION_PUSH;
    if (is_here(leg->peer)) /* both ends are here */
        return EXIT_DONE;
    host_name(name);
    if (strcasecmp(name, is_push ? leg->destination : leg->source) == 0)
        return refuse(leg, n > 1);
    if (strcasecmp(name, is_push ? leg->source : leg->destination) != 0)
        say(leg, n > 1 ? &legs[1] : NULL, name);
    return EXIT_DONE;
}

int run_way_check_device(const struct longhaul_leg *legs, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (*legs[i].bind_device && if_nametoindex(legs[i].bind_device) == 0)
            return cmd_misused("run", "--bind-dev %s: this host has no such interface", legs[i].bind_device);
    return EXIT_DONE;
}

int run_way_check_site(const struct config *config, size_t site)
{
    const struct longhaul_site *meant = longhaul_topology_site(config->topology, site);
    const char *file = longhaul_topology_file(config->topology);
    if (is_here(meant->address) || is_here(meant->bind_address))
        return EXIT_DONE;
    for (size_t i = 0; i < longhaul_topology_n_sites(config->topology); i++) {
        const struct longhaul_site *other = longhaul_topology_site(config->topology, i);
        if (i != site && is_here(other->address))
            return cmd_misused("run", "this host has %s, the address of %s, not of %s: longhaul run --config %s "
                               "--site %s", other->address, other->code, meant->code, file, other->code);
    }
    return EXIT_DONE;
}
