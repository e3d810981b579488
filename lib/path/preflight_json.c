/* preflight_json.c - the results of a preflight as one JSON document: doc/preflight.schema.json. An unknown value is
 * null. */

#include "base/json_make.h"
#include "model/topology.h"

#define PREFLIGHT_FORMAT 1

/* An unknown count is -1. */
static json_t *count(int64_t value)
{
    return value < 0 ? json_null() : json_integer(value);
}

int longhaul_preflight_json(const struct longhaul_topology *topology, const struct longhaul_leg *legs,
                            const struct longhaul_preflight_result *results, size_t n, char **out,
                            struct longhaul_error *err)
{
    json_t *all = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(
            all, json_pack("{s:s, s:s, s:s, s:i, s:s, s:b, s:o, s:o, s:o, s:o, s:s}", "source", legs[i].source,
                           "destination", legs[i].destination, "peer", legs[i].peer, "port", legs[i].port, "verdict",
                           longhaul_preflight_text(results[i].verdict), "open",
                           results[i].verdict == LONGHAUL_PREFLIGHT_OPEN, "there_packets",
                           count(results[i].there_packets), "there_lost_packets", count(results[i].there_lost_packets),
                           "back_packets", count(results[i].back_packets), "back_lost_packets",
                           count(results[i].back_lost_packets), "text", results[i].text));
    json_t *document =
        json_pack("{s:i, s:s, s:o}", "format", PREFLIGHT_FORMAT, "topology", topology->file, "legs", all);
    return json_make_document(document, topology->file, out, err);
}
