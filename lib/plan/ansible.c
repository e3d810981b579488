/* ansible.c - a plan as an inventory for Ansible: each site is a host, with what it serves and starts as variables.
 * Writes no file. */

#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/json_make.h"
#include "plan/plan.h"

#define ALL_GROUP "longhaul"
#define LEFT_GROUP "longhaul_left"

/* ---- names */

/* True for a name that has a meaning of its own in an inventory, where a host of this name would be mistaken for it. */
static bool is_taken_by_ansible(const char *name)
{
    static const char *const names[] = { "all", "ungrouped", "localhost", "implicit_localhost" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcasecmp(name, names[i]) == 0)
            return true;
    return strncmp(name, ALL_GROUP, strlen(ALL_GROUP)) == 0;
}

/* A code, but for the names that Ansible uses itself. */
static void inventory_name(const char *code, char *name, size_t size)
{
    /* A hyphen: no code has one, so no other host has this name. */
    snprintf(name, size, is_taken_by_ansible(code) ? "%s-site" : "%s", code);
}

/* ---- one host */

/* The codes of all sites on the host of a site: two sites can share a machine. */
static json_t *codes_here(const struct longhaul_plan *p, size_t site)
{
    struct topology_ssh its, other;
    json_t *codes = json_array();
    topology_ssh_of(&p->topology->sites[site].is, &its);
    for (size_t i = 0; i < p->n_sites; i++) {
        topology_ssh_of(&p->topology->sites[i].is, &other);
        if (strcasecmp(its.host, other.host) == 0 && its.port == other.port)
            json_array_append_new(codes, json_string(p->topology->sites[i].is.code));
    }
    return codes;
}

static void add_unit(json_t *units, const char *kind, const char *code, const char *type)
{
    char name[LONGHAUL_CODE_MAX + 40];
    snprintf(name, sizeof name, "longhaul-%s@%s.%s", kind, code, type);
    json_array_append_new(units, json_string(name));
}

/* The units that may be active on a host with these sites. */
static json_t *units_of(const struct longhaul_plan *p, const json_t *codes)
{
    json_t *units = json_array();
    for (size_t k = 0; k < json_array_size(codes); k++) {
        const char *code = json_string_value(json_array_get(codes, k));
        size_t site = topology_site_of(p->topology, code, strlen(code));
        if (p->loads[site].n_served)
            add_unit(units, "serve", code, "service");
        if (p->loads[site].n_started) {
            add_unit(units, "run", code, "service");
            add_unit(units, "run", code, "timer");
            add_unit(units, "resume", code, "service");
        }
    }
    return units;
}

/* What the units of a site may need: some 50 MB for a leg of a day with libiperf 3.12, and a thread for each stream. */
static void add_limits(const struct longhaul_plan *p, size_t site, json_t *host)
{
    size_t n_tests = 0, n_streams = 0;
    for (size_t i = 0; i < p->n_legs; i++) {
        const struct longhaul_planned_leg *leg = &p->legs[i];
        if (leg->starter != site && leg->server != site)
            continue;
        n_tests++;
        n_streams += (leg->leg.n_streams > leg->leg.n_flows ? leg->leg.n_streams : leg->leg.n_flows) + 1;
    }
    size_t memory_mb = 64 * n_tests + 64, n_tasks = 4 * n_tests + n_streams + 64;
    json_object_set_new(host, "longhaul_memory_mb", json_integer((json_int_t)(memory_mb > 1024 ? memory_mb : 1024)));
    json_object_set_new(host, "longhaul_tasks", json_integer((json_int_t)(n_tasks > 256 ? n_tasks : 256)));
}

static void add_login(const struct longhaul_site *site, json_t *host)
{
    struct topology_ssh ssh;
    topology_ssh_of(site, &ssh);
    json_object_set_new(host, "ansible_host", json_string(ssh.host));
    if (*ssh.user)
        json_object_set_new(host, "ansible_user", json_string(ssh.user));
    if (ssh.port)
        json_object_set_new(host, "ansible_port", json_integer(ssh.port));
}

static json_t *host_json(const struct longhaul_plan *p, size_t i)
{
    const struct longhaul_site *site = &p->topology->sites[i].is;
    const struct longhaul_load *load = &p->loads[i];
    json_t *host = json_object(), *ports = json_array();
    add_login(site, host);
    for (size_t k = 0; k < site->n_ports; k++)
        json_array_append_new(ports, json_integer(site->ports[k]));
    json_object_set_new(host, "longhaul_site", json_string(site->code));
    json_t *here = codes_here(p, i);
    json_object_set_new(host, "longhaul_here", here);
    json_object_set_new(host, "longhaul_units", units_of(p, here));
    json_object_set_new(host, "longhaul_address", *site->address ? json_string(site->address) : json_null());
    /* Ansible would evaluate an expression in it. */
    bool is_text = *site->region && strchr(site->region, '{') == NULL;
    json_object_set_new(host, "longhaul_region", is_text ? json_make_text(site->region) : json_null());
    json_object_set_new(host, "longhaul_hub", json_boolean(site->is_hub));
    json_object_set_new(host, "longhaul_ports", ports);
    json_object_set_new(host, "longhaul_serves", json_boolean(load->n_served > 0));
    json_object_set_new(host, "longhaul_runs", json_boolean(load->n_started > 0));
    json_object_set_new(host, "longhaul_legs_served", json_integer((json_int_t)load->n_served));
    json_object_set_new(host, "longhaul_legs_started", json_integer((json_int_t)load->n_started));
    add_limits(p, i, host);
    return host;
}

/* ---- groups */

static void add_to_group(json_t *children, const char *group, const char *name)
{
    json_t *of = json_object_get(children, group);
    if (of == NULL)
        json_object_set_new(children, group, of = json_pack("{s:{}}", "hosts"));
    json_object_set_new(json_object_get(of, "hosts"), name, json_object());
}

static json_t *hosts_of(json_t *inventory, const char *group)
{
    json_t *all = json_object_get(inventory, "all");
    return json_object_get(json_object_get(json_object_get(all, "children"), group), "hosts");
}

static bool is_gone(const struct longhaul_inventory_options *o, const char *name, json_t *variables)
{
    const char *code = json_string_value(json_object_get(variables, "longhaul_site"));
    for (size_t i = 0; i < o->n_gone; i++)
        if (strcmp(o->gone[i], name) == 0 || (code && strcmp(o->gone[i], code) == 0))
            return true;
    return false;
}

/* Keeps the hosts that the plan has no longer, with the variables that tell how to reach them. */
static void add_left(json_t *hosts, const json_t *now, json_t *left, const struct longhaul_inventory_options *o)
{
    const char *name;
    json_t *variables;
    json_object_foreach(hosts, name, variables)
        if (json_object_get(now, name) == NULL && !is_gone(o, name, variables))
            json_object_set(json_object_get(left, "hosts"), name, variables);
}

static int add_those_who_left(json_t *children, const struct longhaul_inventory_options *o, struct longhaul_error *err)
{
    json_t *before = o->before ? json_loads(o->before, 0, NULL) : NULL;
    json_t *left = json_pack("{s:{}}", "hosts"), *now = json_object_get(json_object_get(children, ALL_GROUP), "hosts");
    if (o->before && !json_is_object(json_object_get(before, "all"))) {
        json_decref(before);
        json_decref(left);
        return error_set(err, LONGHAUL_EFORMAT, "the inventory that was made before is not one of longhaul's");
    }
    add_left(hosts_of(before, ALL_GROUP), now, left, o);
    add_left(hosts_of(before, LEFT_GROUP), now, left, o);
    json_object_set_new(children, LEFT_GROUP, left);
    json_decref(before);
    return 0;
}

int longhaul_plan_ansible(const struct longhaul_plan *p, const struct longhaul_inventory_options *options, char **out,
                          struct longhaul_error *err)
{
    static const struct longhaul_inventory_options defaults;
    char name[LONGHAUL_CODE_MAX + 8];
    json_t *children = json_pack("{s:{s:{}}, s:{s:{}}, s:{s:{}}, s:{s:{}}}", ALL_GROUP, "hosts", "longhaul_serve",
                                 "hosts", "longhaul_run", "hosts", "longhaul_hubs", "hosts");
    for (size_t i = 0; i < p->n_sites; i++) {
        inventory_name(p->topology->sites[i].is.code, name, sizeof name);
        json_object_set_new(json_object_get(json_object_get(children, ALL_GROUP), "hosts"), name, host_json(p, i));
        if (p->loads[i].n_served)
            add_to_group(children, "longhaul_serve", name);
        if (p->loads[i].n_started)
            add_to_group(children, "longhaul_run", name);
        if (p->topology->sites[i].is.is_hub)
            add_to_group(children, "longhaul_hubs", name);
    }
    int rc = add_those_who_left(children, options ? options : &defaults, err);
    json_t *all = json_pack("{s:{s:o}}", "all", "children", children);
    if (rc == 0)
        return json_make_document(all, p->topology->file, out, err);
    json_decref(all);
    return rc;
}
