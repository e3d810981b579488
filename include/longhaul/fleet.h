/* longhaul/fleet.h - what the tools that administer many hosts need to know of a plan. */
#ifndef LONGHAUL_FLEET_H
#define LONGHAUL_FLEET_H
#include <longhaul/topology.h>
LONGHAUL_BEGIN
struct longhaul_inventory_options {
    /* An inventory that was made before (JSON), or NULL. Its hosts that the plan does not have are in the group
     * longhaul_left of the new one, except n_gone of them, by name or code of the site. */
    const char *before;
    const char *const *gone;
    size_t n_gone;
};
/* An inventory for Ansible with the variables of each host, as JSON, which Ansible reads as YAML; longhaul-plan(1)
 * lists the variables. options may be NULL. Free it with longhaul_text_free(). LONGHAUL_EFORMAT: before is no
 * inventory. */
int longhaul_plan_ansible(const struct longhaul_plan *plan, const struct longhaul_inventory_options *options,
                          char **out, struct longhaul_error *err);
/* Targets for Prometheus's file_sd_configs, one for each host: node_exporter on this port. JSON, as above. */
int longhaul_plan_targets(const struct longhaul_plan *plan, uint16_t port, char **out, struct longhaul_error *err);
/* The topology at path with the port of each leg (in "overrides"), if the plan is one round. Legs that the topology at
 * before_path has, too, keep its ports, as far as path does not name theirs. JSON. before_path may be NULL. */
int longhaul_topology_keep_ports(const char *path, const char *before_path, char **out, struct longhaul_error *err);
LONGHAUL_END
#endif
