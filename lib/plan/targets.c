/* targets.c - a plan as targets for Prometheus's file_sd_configs: the node_exporter of each host, with its sites. */

#include <string.h>
#include <strings.h>

#include "base/json_make.h"
#include "plan/plan.h"

static bool is_same_host(const struct longhaul_plan *p, size_t a, size_t b)
{
    struct topology_ssh one, other;
    topology_ssh_of(&p->topology->sites[a].is, &one);
    topology_ssh_of(&p->topology->sites[b].is, &other);
    return strcasecmp(one.host, other.host) == 0;
}

/* "HK", or "HK,KC" where a host is several sites; "" if an earlier site has named them all. */
static void codes_of(const struct longhaul_plan *p, size_t site, char *text, size_t size)
{
    size_t length = 0;
    *text = 0;
    for (size_t i = 0; i < p->n_sites; i++) {
        if (!is_same_host(p, i, site))
            continue;
        if (i < site) {
            *text = 0;
            return;
        }
        const char *code = p->topology->sites[i].is.code;
        if (length + strlen(code) + 2 < size)
            length += (size_t)snprintf(text + length, size - length, "%s%s", length ? "," : "", code);
    }
}

static json_t *target(const struct longhaul_plan *p, size_t site, const char *codes, uint16_t port)
{
    const struct longhaul_site *is = &p->topology->sites[site].is;
    struct topology_ssh ssh;
    char where[sizeof ssh.host + 16];
    topology_ssh_of(is, &ssh);
    snprintf(where, sizeof where, strchr(ssh.host, ':') ? "[%s]:%u" : "%s:%u", ssh.host, port);
    json_t *labels = json_pack("{s:s, s:s}", "site", codes, "hub", is->is_hub ? "true" : "false");
    if (*is->region)
        json_object_set_new(labels, "region", json_make_text(is->region));
    return json_pack("{s:[s], s:o}", "targets", where, "labels", labels);
}

int longhaul_plan_targets(const struct longhaul_plan *p, uint16_t port, char **out, struct longhaul_error *err)
{
    char codes[1024];
    json_t *all = json_array();
    for (size_t i = 0; i < p->n_sites; i++) {
        codes_of(p, i, codes, sizeof codes);
        if (*codes)
            json_array_append_new(all, target(p, i, codes, port));
    }
    return json_make_document(all, p->topology->file, out, err);
}
