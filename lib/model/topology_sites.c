/* topology_sites.c - the sites of a topology: addresses, ports, places, limits. Refuses two sites that use the same
 * port of the same address. */

#include "model/topology.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "model/leg.h"

#define TESTS_MAX 10000

size_t topology_site_of(const struct longhaul_topology *t, const char *code, size_t length)
{
    for (size_t i = 0; i < t->n_sites; i++)
        if (strlen(t->sites[i].is.code) == length && memcmp(t->sites[i].is.code, code, length) == 0)
            return i;
    return t->n_sites;
}

/* ---- addresses */

static int read_address(const struct value *site, struct longhaul_site *is)
{
    struct value address = value_member(site, "address"), bind = value_member(site, "bind");
    struct value bind_dev = value_member(site, "bind_dev");
    const char *text = "", *local = "", *device = "";
    bool is_single = true;
    int rc;
    if (address.json == NULL && json_object_get(site->json, "ports"))
        return value_refuse(&address, "missing, and the site has ports");
    if ((rc = value_string(&address, &text)) || (rc = value_string(&bind, &local)) ||
        (rc = value_string(&bind_dev, &device)))
        return rc;
    bool is_ip = topology_is_ip_address(text, &is_single);
    if (is_ip && !is_single)
        return value_refuse_quoting(&address, "is not the address of a single host");
    if (!is_ip && address.json && !topology_is_host_name(text))
        return value_refuse_quoting(&address, "is neither an IPv4 or IPv6 address nor a host name");
    if (bind.json &&
        (!topology_is_ip_address(local, &is_single) || !is_single || strlen(local) >= sizeof is->bind_address))
        return value_refuse_quoting(&bind, "is not an IPv4 or IPv6 address of a single host");
    if (bind_dev.json && (*device == 0 || !leg_device_is_valid(device)))
        return value_refuse_quoting(&bind_dev, "is not the name of an interface: 1 to %d visible characters",
                                    LONGHAUL_DEVICE_MAX);
    strcpy(is->bind_device, device);
    strcpy(is->address, text); /* at most 253 bytes */
    strcpy(is->bind_address, local);
    return 0;
}

/* ---- site */

static int read_place(const struct value *site, struct longhaul_site *is)
{
    static const char *const keys[] = { "latitude", "longitude", NULL };
    struct value place = value_member(site, "place");
    is->latitude = is->longitude = NAN;
    if (place.json == NULL)
        return 0;
    int rc = value_check_keys(&place, keys);
    if (rc != 0)
        return rc;
    struct value latitude = value_member(&place, "latitude"), longitude = value_member(&place, "longitude");
    if (latitude.json == NULL || longitude.json == NULL)
        return value_refuse(latitude.json ? &longitude : &latitude, "missing");
    rc = value_real(&latitude, -90, 90, &is->latitude);
    return rc ? rc : value_real(&longitude, -180, 180, &is->longitude);
}

static int read_site(const struct value *value, struct site *site)
{
    static const char *const keys[] = { "address", "bind", "bind_dev",     "ports",     "place", "region",      "hub",
                                        "hubs",    "ssh",  "egress_limit", "max_tests", "description", NULL };
    struct value ports = value_member(value, "ports"), region = value_member(value, "region"),
                 hub = value_member(value, "hub");
    struct value egress = value_member(value, "egress_limit"), tests = value_member(value, "max_tests");
    struct value description = value_member(value, "description"), ssh = value_member(value, "ssh");
    const char *text = "", *login = "", *ignored;
    int64_t n_tests = 0;
    int rc;
    if ((rc = value_check_keys(value, keys)) || (rc = read_address(value, &site->is)) ||
        (rc = value_ports(&ports, &site->ports, &site->is.n_ports)) || (rc = read_place(value, &site->is)) ||
        (rc = value_string(&region, &text)) || (rc = value_boolean(&hub, &site->is.is_hub)) ||
        (rc = value_rate(&egress, &site->is.egress_limit_bps)) ||
        (rc = value_integer(&tests, 1, TESTS_MAX, &n_tests)) || (rc = value_string(&description, &ignored)) ||
        (rc = value_string(&ssh, &login)))
        return rc;
    struct topology_ssh parts;
    if (ssh.json && !topology_ssh_parse(login, &parts))
        return value_refuse_quoting(&ssh, "is not [USER@]HOST[:PORT]");
    if (site->is.egress_limit_bps == LONGHAUL_RATE_UNLIMITED)
        return value_refuse_quoting(&egress, "is not a limit: omit the key");
    site->region = strdup(text);
    site->ssh = strdup(login);
    if (site->region == NULL || site->ssh == NULL)
        return error_set(value->file->err, LONGHAUL_ENOMEM, "out of memory");
    site->is.region = site->region;
    site->is.ssh = site->ssh;
    site->is.ports = site->ports;
    site->is.max_tests = (uint32_t)n_tests;
    return 0;
}

/* ---- all of them */

/* Reads which hubs a spoke has, once all sites are known. */
static int read_hubs(const struct longhaul_topology *t, const struct value *value, struct site *site)
{
    struct value hubs = value_member(value, "hubs");
    if (hubs.json == NULL)
        return 0;
    if (site->is.is_hub)
        return value_refuse_quoting(&hubs, "is a spoke's key, and %s is a hub", site->is.code);
    if (!json_is_array(hubs.json) || json_array_size(hubs.json) == 0)
        return value_refuse_quoting(&hubs, "is not an array of hubs' names");
    if (json_array_size(hubs.json) > t->n_sites ||
        (site->hubs = calloc(json_array_size(hubs.json), sizeof *site->hubs)) == NULL)
        return value_refuse(&hubs, "%zu of them: more than there are sites", json_array_size(hubs.json));
    for (size_t i = 0; i < json_array_size(hubs.json); i++) {
        struct value item = value_item(&hubs, i);
        const char *code = "";
        int rc = value_string(&item, &code);
        size_t hub = topology_site_of(t, code, strlen(code));
        if (rc != 0)
            return rc;
        if (hub == t->n_sites || !t->sites[hub].is.is_hub)
            return value_refuse_quoting(&item, hub == t->n_sites ? "is not a site of this file" : "is not a hub");
        for (size_t k = 0; k < site->n_hubs; k++)
            if (site->hubs[k] == hub)
                return value_refuse_quoting(&item, "is there twice");
        site->hubs[site->n_hubs++] = hub;
    }
    return 0;
}

/* Refuses ports of a site that also belong to another site with the same address. Compares names as they are
 * written. */
static int check_ports(const struct longhaul_topology *t, const struct value *sites, unsigned char *is_taken)
{
    for (size_t i = 0; i < t->n_sites; i++) {
        const struct longhaul_site *a = &t->sites[i].is;
        memset(is_taken, 0, 65536);
        for (size_t k = 0; k < a->n_ports; k++)
            is_taken[a->ports[k]] = 1;
        for (size_t j = i + 1; j < t->n_sites && a->n_ports > 0; j++) {
            const struct longhaul_site *b = &t->sites[j].is;
            for (size_t k = 0; strcasecmp(a->address, b->address) == 0 && k < b->n_ports; k++)
                if (is_taken[b->ports[k]]) {
                    struct value site = value_member(sites, b->code), ports = value_member(&site, "ports");
                    return value_refuse_quoting(&ports, "has %u, like sites.%s.ports at the same address %s",
                                                b->ports[k], a->code, a->address);
                }
        }
    }
    return 0;
}

static int read_each(struct longhaul_topology *t, const struct value *sites)
{
    const char *code;
    json_t *json;
    int rc;
    json_object_foreach(sites->json, code, json) {
        struct value site = value_member(sites, code);
        if (!leg_code_is_valid(code))
            return value_refuse(&site, "a site's name is 1 to %d of A-Z a-z 0-9 _", LONGHAUL_CODE_MAX);
        strcpy(t->sites[t->n_sites].is.code, code);
        if ((rc = read_site(&site, &t->sites[t->n_sites++])))
            return rc;
    }
    for (size_t i = 0; i < t->n_sites; i++) {
        struct value site = value_member(sites, t->sites[i].is.code);
        if ((rc = read_hubs(t, &site, &t->sites[i])))
            return rc;
    }
    return 0;
}

int topology_read_sites(struct longhaul_topology *t, const struct value *document)
{
    struct value sites = value_member(document, "sites");
    size_t n = json_object_size(sites.json);
    if (sites.json == NULL)
        return value_refuse(&sites, "missing");
    if (!json_is_object(sites.json))
        return value_refuse_quoting(&sites, "is not an object {...}");
    if (n < 2 || n > TOPOLOGY_SITES_MAX)
        return value_refuse(&sites, "%zu of them: from 2 to %d", n, TOPOLOGY_SITES_MAX);
    t->sites = calloc(n, sizeof *t->sites);
    unsigned char *is_taken = malloc(65536);
    int rc =
        t->sites && is_taken ? read_each(t, &sites) : error_set(document->file->err, LONGHAUL_ENOMEM, "out of memory");
    if (rc == 0)
        rc = check_ports(t, &sites, is_taken);
    free(is_taken);
    return rc;
}
