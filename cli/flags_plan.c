/* flags_plan.c - the flags of longhaul plan, their lines of --help, and how they are completed. */

#include "flags.h"

static const struct flag list[] = {
    { 0, OPTION_PRICE, "price-per-gb", "P", NULL, "price of 1e9 bytes that a site sends, such as 0.08" },
    { 0, OPTION_JSON, "json", NULL, NULL, "print all of it as one JSON document" },
    { 0, OPTION_RULES, "rules", NULL, NULL, "print rules for Prometheus about the legs' objectives" },
    { 0, OPTION_ANSIBLE, "ansible", "DIR", FLAG_FOLDERS,
      "write DIR/inventory.json for Ansible and the topology next to it, in which legs that DIR has already keep their "
      "ports; - prints the inventory" },
    { 0, OPTION_TARGETS, "prometheus-sd", "[=PORT]", NULL,
      "print targets for Prometheus's file_sd_configs: the node_exporter of each host (9100)" },
    { 0, OPTION_SITES, "sites", NULL, NULL, "print the codes of the sites alone, one a line" },
    { 0, OPTION_LEGS, "legs", "[=SITE]", FLAG_SITES,
      "print the legs alone, SRC-DST, one a line; those that a site starts" },
    { 'h', 0, "help", NULL, NULL, "print this text" },
    { 0 },
};

const struct flags flags_plan = {
    "plan",
    "show what a topology means: starts, ports, rounds, bytes, cost",
    "usage: longhaul plan FILE [flags]\n"
    "\n"
    "Shows what a topology means: which site starts which leg, which port serves it,\n"
    "the order of the starts, the load, bytes and cost of each site, and how much a\n"
    "detour through a hub adds to the RTT between spokes. Refuses a plan that cannot\n"
    "run.\n",
    list,
    "Exit status: 0 the plan can run, 1 the file cannot be read, 2 the plan is\n"
    "refused or the command is misused.\n",
    25,
    FLAG_FILES,
    NULL,
};
