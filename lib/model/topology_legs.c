/* topology_legs.c - the legs of a topology: from its shape or its list, with the test of each leg, and which of its two
 * sites starts it. Refuses a leg that no port could serve. */

#include "model/topology.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

/* What the file says about each leg while legs are read, in order of precedence. */
struct reading {
    struct longhaul_topology *topology;
    const struct value *document;
    struct settings defaults;
    struct settings *items;     /* of a list's items, by leg; NULL if there is no list */
    struct settings *overrides; /* of legs, by leg; NULL until the legs are known */
};

bool topology_is_hub_of(const struct longhaul_topology *t, size_t hub, size_t spoke)
{
    const struct site *s = &t->sites[spoke];
    if (!t->sites[hub].is.is_hub || s->n_hubs == 0)
        return t->sites[hub].is.is_hub;
    for (size_t i = 0; i < s->n_hubs; i++)
        if (s->hubs[i] == hub)
            return true;
    return false;
}

static void add_leg(struct longhaul_topology *t, size_t source, size_t destination)
{
    struct longhaul_sited_leg *leg = &t->legs[t->n_legs++];
    leg->source = source;
    leg->destination = destination;
    strcpy(leg->leg.source, t->sites[source].is.code);
    strcpy(leg->leg.destination, t->sites[destination].is.code);
    t->leg_of[source * t->n_sites + destination] = (uint32_t)t->n_legs;
}

/* Allocates n legs; n may be more than are used later. */
static int make_room(struct reading *r, const struct value *legs, size_t n)
{
    struct longhaul_topology *t = r->topology;
    if (n > TOPOLOGY_LEGS_MAX)
        return value_refuse(legs, "%zu legs: at most %d", n, TOPOLOGY_LEGS_MAX);
    t->legs = calloc(n + 1, sizeof *t->legs);
    t->objectives = calloc(n + 1, sizeof *t->objectives);
    t->leg_of = calloc(t->n_sites * t->n_sites, sizeof *t->leg_of);
    r->overrides = calloc(n + 1, sizeof *r->overrides);
    if (t->legs == NULL || t->objectives == NULL || t->leg_of == NULL || r->overrides == NULL)
        return error_set(legs->file->err, LONGHAUL_ENOMEM, "out of memory");
    return 0;
}

/* ---- shapes */

/* True if a pair is measured in hub-and-spoke; two hubs are a pair, too. */
static bool is_hub_pair(const struct longhaul_topology *t, size_t a, size_t b)
{
    if (t->sites[a].is.is_hub && t->sites[b].is.is_hub)
        return true;
    return topology_is_hub_of(t, a, b) || topology_is_hub_of(t, b, a);
}

/* By pairs in the order of the file, first the leg to the hub, or from the earlier site: HK-WUS, WUS-HK, KC-WUS... */
static int make_shape(struct reading *r, const struct value *legs, bool is_mesh)
{
    struct longhaul_topology *t = r->topology;
    size_t n_hubs = 0, n_legs = 0;
    for (size_t i = 0; i < t->n_sites; i++)
        n_hubs += t->sites[i].is.is_hub;
    if (!is_mesh && n_hubs == 0)
        return value_refuse_quoting(legs, "needs a hub: none of the sites has \"hub\": true");
    for (size_t a = 0; a < t->n_sites; a++)
        for (size_t b = a + 1; b < t->n_sites; b++)
            n_legs += is_mesh || is_hub_pair(t, a, b) ? 2 : 0;
    int rc = make_room(r, legs, n_legs);
    for (size_t a = 0; rc == 0 && a < t->n_sites; a++)
        for (size_t b = a + 1; b < t->n_sites; b++)
            if (is_mesh || is_hub_pair(t, a, b)) {
                bool is_outward = t->sites[a].is.is_hub && !t->sites[b].is.is_hub;
                add_leg(t, is_outward ? b : a, is_outward ? a : b);
                add_leg(t, is_outward ? a : b, is_outward ? b : a);
            }
    return rc;
}

/* ---- lists */

/* Resolves "HK-WUS" to two sites of the file. */
static int read_pair(const struct longhaul_topology *t, const struct value *where, const char *name, size_t *source,
                     size_t *destination)
{
    const char *hyphen = strchr(name, '-');
    if (hyphen == NULL)
        return value_refuse_quoting(where, "is not a leg (SRC-DST)");
    *source = topology_site_of(t, name, (size_t)(hyphen - name));
    *destination = topology_site_of(t, hyphen + 1, strlen(hyphen + 1));
    if (*source == t->n_sites)
        return value_refuse_quoting(where, "does not begin at a site of this file");
    if (*destination == t->n_sites)
        return value_refuse_quoting(where, "does not end at a site of this file");
    return *source == *destination ? value_refuse_quoting(where, "begins and ends at the same site") : 0;
}

static int read_item(struct reading *r, const struct value *item)
{
    static const char *const keys[] = { "leg", SETTINGS_KEYS, "port", NULL };
    struct longhaul_topology *t = r->topology;
    struct value leg = json_is_object(item->json) ? value_member(item, "leg") : *item;
    const char *name = "";
    size_t source, destination;
    int rc = json_is_object(item->json) ? value_check_keys(item, keys) : 0;
    if (rc != 0)
        return rc;
    if (leg.json == NULL)
        return value_refuse(&leg, "missing");
    if ((rc = value_string(&leg, &name)) || (rc = read_pair(t, &leg, name, &source, &destination)))
        return rc;
    if (t->leg_of[source * t->n_sites + destination])
        return value_refuse_quoting(&leg, "is already listed as legs[%" PRIu32 "]",
                                    t->leg_of[source * t->n_sites + destination] - 1);
    if (json_is_object(item->json) && (rc = settings_read(item, &r->items[t->n_legs])))
        return rc;
    add_leg(t, source, destination);
    return 0;
}

static int read_list(struct reading *r, const struct value *legs)
{
    size_t n = json_array_size(legs->json);
    int rc = n ? make_room(r, legs, n) : value_refuse_quoting(legs, "has no leg");
    if (rc == 0 && (r->items = calloc(n, sizeof *r->items)) == NULL)
        rc = error_set(legs->file->err, LONGHAUL_ENOMEM, "out of memory");
    for (size_t i = 0; rc == 0 && i < n; i++) {
        struct value item = value_item(legs, i);
        rc = read_item(r, &item);
    }
    return rc;
}

static int read_legs(struct reading *r)
{
    struct value legs = value_member(r->document, "legs");
    const char *shape = json_string_value(legs.json);
    if (legs.json == NULL)
        return value_refuse(&legs, "missing");
    if (json_is_array(legs.json))
        return read_list(r, &legs);
    if (shape == NULL || (strcmp(shape, "hub-and-spoke") != 0 && strcmp(shape, "full-mesh") != 0))
        return value_refuse_quoting(&legs, "is neither \"hub-and-spoke\" nor \"full-mesh\" nor an array of legs");
    return make_shape(r, &legs, strcmp(shape, "full-mesh") == 0);
}

/* ---- overrides */

static int read_leg_override(struct reading *r, const struct value *override)
{
    static const char *const keys[] = { SETTINGS_KEYS, "port", NULL };
    struct longhaul_topology *t = r->topology;
    struct value named = *override;
    size_t source, destination;
    json_t *name = json_string(override->key); /* the name is refused */
    named.json = name;
    int rc = name ? read_pair(t, &named, override->key, &source, &destination) : 0;
    json_decref(name);
    if (rc != 0)
        return rc;
    uint32_t leg = t->leg_of[source * t->n_sites + destination];
    if (leg == 0)
        return value_refuse(override, "no such leg");
    rc = value_check_keys(override, keys);
    return rc ? rc : settings_read(override, &r->overrides[leg - 1]);
}

static int read_overrides(struct reading *r)
{
    static const char *const keys[] = { SETTINGS_KEYS, NULL };
    struct value overrides = value_member(r->document, "overrides");
    const char *name;
    json_t *json;
    int rc = 0;
    if (overrides.json && !json_is_object(overrides.json))
        return value_refuse_quoting(&overrides, "is not an object {...}");
    json_object_foreach(overrides.json, name, json) {
        struct value override = value_member(&overrides, name);
        size_t site = topology_site_of(r->topology, name, strlen(name));
        if (site < r->topology->n_sites)
            rc = (rc = value_check_keys(&override, keys))
                     ? rc
                     : settings_read(&override, &r->topology->sites[site].settings);
        else if (strchr(name, '-'))
            rc = read_leg_override(r, &override);
        else
            rc = value_refuse(&override, "no such site");
        if (rc != 0)
            return rc;
    }
    return 0;
}

/* ---- each leg */

/* A site without ports starts the leg; if both could serve, the hub serves; else the sender starts. */
static enum longhaul_direction usual_direction(const struct longhaul_site *source,
                                               const struct longhaul_site *destination)
{
    if ((source->n_ports > 0) != (destination->n_ports > 0))
        return source->n_ports > 0 ? LONGHAUL_DIRECTION_PULL : LONGHAUL_DIRECTION_PUSH;
    return source->is_hub && !destination->is_hub ? LONGHAUL_DIRECTION_PULL : LONGHAUL_DIRECTION_PUSH;
}

static bool has_port(const struct longhaul_site *site, uint16_t port)
{
    for (size_t i = 0; i < site->n_ports; i++)
        if (site->ports[i] == port)
            return true;
    return false;
}

/* Refuses a port that the server does not have, at the place that asks for it. */
static int check_port(const struct reading *r, size_t i, uint16_t port)
{
    const struct longhaul_topology *t = r->topology;
    const struct longhaul_site *server = &t->sites[t->legs[i].server].is;
    char name[2 * LONGHAUL_CODE_MAX + 2];
    if (port == 0 || has_port(server, port))
        return 0;
    bool is_override = r->overrides[i].has & SETTING_PORT;
    struct value all = value_member(r->document, is_override ? "overrides" : "legs");
    snprintf(name, sizeof name, "%s-%s", t->legs[i].leg.source, t->legs[i].leg.destination);
    struct value leg = is_override ? value_member(&all, name) : value_item(&all, i);
    struct value where = value_member(&leg, "port");
    return value_refuse_quoting(&where, "is not one of the ports of %s, which serves %s", server->code, name);
}

/* Determines a leg's test, and who starts it. */
static int finish_leg(const struct reading *r, size_t i)
{
    struct longhaul_topology *t = r->topology;
    struct longhaul_sited_leg *leg = &t->legs[i];
    const struct site *source = &t->sites[leg->source], *destination = &t->sites[leg->destination];
    struct settings all = r->defaults;
    struct longhaul_error why = { 0 };
    char source_code[LONGHAUL_CODE_MAX + 1], destination_code[LONGHAUL_CODE_MAX + 1];
    settings_apply(&all, &destination->settings);
    settings_apply(&all, &source->settings);
    if (r->items)
        settings_apply(&all, &r->items[i]);
    settings_apply(&all, &r->overrides[i]);
    strcpy(source_code, leg->leg.source);
    strcpy(destination_code, leg->leg.destination);
    leg->leg = all.leg;
    strcpy(leg->leg.source, source_code);
    strcpy(leg->leg.destination, destination_code);
    t->objectives[i].list = settings_objectives(all.objectives, &t->objectives[i].n);
    if (t->objectives[i].n < json_array_size(all.objectives))
        return error_set(r->document->file->err, LONGHAUL_ENOMEM, "out of memory");
    if (!(all.has & SETTING_DIRECTION))
        leg->leg.direction = usual_direction(&source->is, &destination->is);
    leg->starter = leg->leg.direction == LONGHAUL_DIRECTION_PULL ? leg->destination : leg->source;
    leg->server = leg->leg.direction == LONGHAUL_DIRECTION_PULL ? leg->source : leg->destination;
    const struct longhaul_site *server = &t->sites[leg->server].is;
    strcpy(leg->leg.peer, server->address);
    strcpy(leg->leg.bind_address, t->sites[leg->starter].is.bind_address);
    strcpy(leg->leg.bind_device, t->sites[leg->starter].is.bind_device);
    struct value sites = value_member(r->document, "sites"), site = value_member(&sites, server->code);
    struct value ports = value_member(&site, "ports");
    if (server->n_ports == 0)
        return value_refuse(&ports, "missing, and %s-%s needs a server there", source_code, destination_code);
    int rc = check_port(r, i, leg->leg.port);
    if (rc == 0 && longhaul_leg_check(&leg->leg, &why) != 0)
        rc = error_set(r->document->file->err, LONGHAUL_EINVAL, "%s: %s-%s: %s", t->file, source_code, destination_code,
                       why.text);
    uint16_t port = leg->leg.port;
    longhaul_leg_fill(&leg->leg);
    leg->leg.port = port; /* 0 leaves it to the plan */
    return rc;
}

int topology_read_legs(struct longhaul_topology *t, const struct value *document)
{
    static const char *const keys[] = { SETTINGS_KEYS, NULL };
    struct reading r = { .topology = t, .document = document };
    struct value defaults = value_member(document, "defaults");
    int rc = 0;
    if (defaults.json && ((rc = value_check_keys(&defaults, keys)) || (rc = settings_read(&defaults, &r.defaults))))
        return rc;
    if ((rc = read_legs(&r)) == 0)
        rc = read_overrides(&r);
    for (size_t i = 0; rc == 0 && i < t->n_legs; i++)
        rc = finish_leg(&r, i);
    free(r.items);
    free(r.overrides);
    return rc;
}
