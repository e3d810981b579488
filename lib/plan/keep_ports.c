/* keep_ports.c - a changed topology in which the legs that go on keep the ports that they have: ports are assigned in
 * the order of the sites, so that one site more could move all the legs behind it. */

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/json_make.h"
#include "plan/plan.h"

struct planned {
    struct longhaul_topology *topology;
    struct longhaul_plan *plan;
};

static int open_plan(const char *path, struct planned *of, struct longhaul_error *err)
{
    int rc = longhaul_topology_load(path, &of->topology, err);
    return rc ? rc : longhaul_plan_make(of->topology, NULL, &of->plan, err);
}

static void close_plan(struct planned *of)
{
    longhaul_plan_free(of->plan);
    longhaul_topology_free(of->topology);
}

static bool has_port(const struct longhaul_site *site, uint16_t port)
{
    for (size_t i = 0; i < site->n_ports; i++)
        if (site->ports[i] == port)
            return true;
    return false;
}

/* The port that the new file names for another leg of this server. */
static bool is_named(const struct planned *now, size_t server, uint16_t port)
{
    for (size_t i = 0; i < now->topology->n_legs; i++)
        if (now->topology->legs[i].server == server && now->topology->legs[i].leg.port == port)
            return true;
    return false;
}

/* The port to keep; 0 for none. */
static uint16_t kept(const struct planned *now, const struct planned *before, size_t i)
{
    const struct longhaul_planned_leg *leg = &now->plan->legs[i];
    const struct longhaul_site *server = &now->topology->sites[leg->server].is;
    char name[2 * LONGHAUL_CODE_MAX + 2];
    size_t k;
    snprintf(name, sizeof name, "%s-%s", leg->leg.source, leg->leg.destination);
    if (now->topology->legs[i].leg.port || longhaul_plan_find_leg(before->plan, name, &k, NULL) != 0)
        return 0;
    const struct longhaul_planned_leg *old = &before->plan->legs[k];
    bool is_there = strcmp(before->topology->sites[old->server].is.code, server->code) == 0;
    uint16_t port = old->leg.port;
    return is_there && has_port(server, port) && !is_named(now, leg->server, port) ? port : 0;
}

/* Sets overrides.<leg>.port. */
static bool set_port(json_t *document, const struct longhaul_leg *leg, uint16_t port)
{
    json_t *overrides = json_object_get(document, "overrides");
    char name[2 * LONGHAUL_CODE_MAX + 2];
    snprintf(name, sizeof name, "%s-%s", leg->source, leg->destination);
    if (overrides == NULL && json_object_set_new(document, "overrides", overrides = json_object()) != 0)
        return false;
    json_t *of = json_object_get(overrides, name);
    if (of == NULL && json_object_set_new(overrides, name, of = json_object()) != 0)
        return false;
    return json_object_set_new(of, "port", json_integer(port)) == 0;
}

static bool keep(json_t *document, const struct planned *now, const struct planned *before)
{
    bool good = true;
    for (size_t i = 0; good && i < now->plan->n_legs; i++) {
        uint16_t port = kept(now, before, i);
        good = port == 0 || set_port(document, &now->plan->legs[i].leg, port);
    }
    return good;
}

/* Moves the leg's member, if it has one, behind all others. */
static bool move_to_end(json_t *overrides, const struct longhaul_leg *leg)
{
    char name[2 * LONGHAUL_CODE_MAX + 2];
    snprintf(name, sizeof name, "%s-%s", leg->source, leg->destination);
    json_t *of = json_incref(json_object_get(overrides, name));
    json_object_del(overrides, name);
    return of == NULL || json_object_set_new(overrides, name, of) == 0;
}

/* All the others have the ports that the plan gives them now; in the plan's order, whether they are kept or not, so
 * that the file is the same the next time. */
static int name_all(json_t *document, const char *path, struct longhaul_error *err)
{
    struct planned all = { .plan = NULL };
    char *text = json_dumps(document, JSON_COMPACT);
    int rc = text ? longhaul_topology_parse(text, strlen(text), path, &all.topology, err)
                  : error_set(err, LONGHAUL_ENOMEM, "out of memory");
    if (rc == 0)
        rc = longhaul_plan_make(all.topology, NULL, &all.plan, err);
    for (size_t i = 0; rc == 0 && i < all.plan->n_legs; i++) {
        const struct longhaul_leg *leg = &all.plan->legs[i].leg;
        if ((all.topology->legs[i].leg.port == 0 && !set_port(document, leg, leg->port)) ||
            !move_to_end(json_object_get(document, "overrides"), leg))
            rc = error_set(err, LONGHAUL_ENOMEM, "out of memory");
    }
    close_plan(&all);
    free(text);
    return rc;
}

int longhaul_topology_keep_ports(const char *path, const char *before_path, char **out, struct longhaul_error *err)
{
    struct planned now = { .plan = NULL }, before = { .plan = NULL };
    json_t *document = NULL;
    int rc = open_plan(path, &now, err);
    if (rc == 0 && (document = json_load_file(path, 0, NULL)) == NULL)
        rc = error_set(err, LONGHAUL_EIO, "%s: changed while it was read", path);
    /* A plan in rounds is one run with times of its own. An old file that no longer can be planned keeps nothing. */
    bool is_one_round = rc == 0 && now.plan->n_rounds == 1;
    if (is_one_round && before_path && open_plan(before_path, &before, NULL) == 0 && before.plan->n_rounds == 1 &&
        !keep(document, &now, &before))
        rc = error_set(err, LONGHAUL_ENOMEM, "out of memory");
    if (rc == 0 && is_one_round)
        rc = name_all(document, path, err);
    close_plan(&before);
    close_plan(&now);
    if (rc == 0)
        return json_make_document(document, path, out, err);
    json_decref(document);
    return rc;
}
