/* topology.h - the parts of a topology while its file is being read. */
#ifndef TOPOLOGY_H
#define TOPOLOGY_H

#include <longhaul.h>

#include "model/topology_value.h"

/* What defaults, a site or a leg say about tests; the bits of enum setting in `has` tell which of it is set. */
enum setting {
    SETTING_RATE = 1, SETTING_DURATION = 2, SETTING_INTERVAL = 4, SETTING_DATAGRAM = 8, SETTING_STREAMS = 16,
    SETTING_WINDOW = 32, SETTING_TOS = 64, SETTING_FAMILY = 128, SETTING_PROTOCOL = 256, SETTING_CONGESTION = 512,
    SETTING_DIRECTION = 1024, SETTING_PORT = 2048, SETTING_FLOWS = 4096, SETTING_HOPS = 8192,
    SETTING_MSS = 16384, SETTING_GSRO = 32768
};

struct settings {
    unsigned has;
    struct longhaul_leg leg; /* without source, destination and addresses */
    const json_t *objectives; /* the array, checked; borrowed from the document; NULL where it says nothing */
};

/* topology_settings.c: reads the settings among the members of an object, whose keys must be checked already. */
int settings_read(const struct value *object, struct settings *settings);
/* Parses a checked array of objectives. NULL, with *n 0, for an empty one and when out of memory. */
struct longhaul_objective *settings_objectives(const json_t *array, size_t *n);
/* Settings of `from` replace those of `to`. */
void settings_apply(struct settings *to, const struct settings *from);
/* The keys of settings, for a list; "port" belongs only to a leg. */
#define SETTINGS_KEYS                                                                                                  \
    "rate", "duration", "interval", "datagram", "streams", "flows", "hops", "window", "tos", "dscp", "family",         \
        "protocol", "congestion", "mss", "gsro", "direction", "objectives"

/* The private part of a site. */
struct site {
    struct longhaul_site is;
    uint16_t *ports;
    char *region, *ssh;
    size_t *hubs;    /* a spoke's own hubs, as indices; NULL for all */
    size_t n_hubs;
    struct settings settings; /* for the legs that begin or end there */
};

struct topology_objectives {
    struct longhaul_objective *list; /* NULL for none */
    size_t n;
};

struct longhaul_topology {
    char *file;
    struct site *sites;
    size_t n_sites;
    struct longhaul_sited_leg *legs;
    struct topology_objectives *objectives; /* of each leg */
    size_t n_legs;
    uint32_t *leg_of; /* [source * n_sites + destination]: 1 + the leg's index; 0 if there is no leg */
    double stagger_s;
    uint32_t pause_s;
};

#define TOPOLOGY_SITES_MAX 1000
#define TOPOLOGY_LEGS_MAX 100000

/* topology_sites.c: reads the member "sites" of the document. */
int topology_read_sites(struct longhaul_topology *topology, const struct value *document);
/* Finds a site by the bytes of its code; n_sites if none exists. */
size_t topology_site_of(const struct longhaul_topology *topology, const char *code, size_t length);

/* topology_address.c: whether it is an IPv4 or IPv6 address, and *is_single whether of one host; whether it can be a
 * host's name. */
bool topology_is_ip_address(const char *text, bool *is_single);
bool topology_is_host_name(const char *text);

/* "[USER@]HOST[:PORT]" in parts; user "" and port 0 where they are missing. An IPv6 address with a port
 * stands in brackets. false for another text. */
struct topology_ssh {
    char user[64], host[256];
    uint16_t port;
};
bool topology_ssh_parse(const char *text, struct topology_ssh *out);
/* How the host of a site is reached: by its member ssh, else its address, else its code. */
void topology_ssh_of(const struct longhaul_site *site, struct topology_ssh *out);

/* The objectives of a leg of a topology, which may be NULL, then the others: each once. NULL when out of memory; the
 * caller frees it. */
struct longhaul_objective *topology_objectives_and(const struct longhaul_topology *topology, const char *source,
                                                   const char *destination, const struct longhaul_objective *others,
                                                   size_t n_others, size_t *n);

/* topology_legs.c: reads the members "legs", "defaults" and "overrides"; the sites must be read already. */
int topology_read_legs(struct longhaul_topology *topology, const struct value *document);
/* True if the file measures a spoke with this hub. */
bool topology_is_hub_of(const struct longhaul_topology *topology, size_t hub, size_t spoke);

/* topology_place.c: the great circle between two sites; NAN if the topology (or NULL) does not give both places. */
double topology_distance_km(const struct longhaul_topology *topology, const char *source, const char *destination);

#endif
