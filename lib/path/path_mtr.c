/* path_mtr.c - the hops as `mtr --json` tells them. Starts it by an argv array; takes nothing else from it than numbers
 * and addresses. */

#include "path/path_measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json_number.h"
#include "base/process.h"

#define OUTPUT_BYTES_MAX 65536
#define DEADLINE_S 25.0

static void take_hub(const json_t *hub, size_t i, struct longhaul_path_hop *hop)
{
    const char *host = json_string_value(json_object_get(hub, "host"));
    double ttl = number_of(hub, "count"), sent = number_of(hub, "Snt");
    bool has_answered = host && strcmp(host, "???") != 0;
    *hop = (struct longhaul_path_hop){ .ttl = ttl >= 1 && ttl <= 255 ? (int)ttl : (int)i + 1,
                                       .n_sent = sent > 0 && sent < 1e6 ? (size_t)sent : 0,
                                       .loss = number_of(hub, "Loss%") / 100,
                                       .best_ms = NAN,
                                       .mean_ms = NAN,
                                       .worst_ms = NAN };
    if (!has_answered)
        return;
    snprintf(hop->address, sizeof hop->address, "%s", host);
    hop->best_ms = number_of(hub, "Best");
    hop->mean_ms = number_of(hub, "Avg");
    hop->worst_ms = number_of(hub, "Wrst");
}

static bool take_report(const char *text, struct longhaul_path_facts *facts)
{
    json_t *root = json_loads(text, JSON_DISABLE_EOF_CHECK, NULL);
    const json_t *hubs = json_object_get(json_object_get(root, "report"), "hubs");
    for (size_t i = 0; i < json_array_size(hubs) && i < LONGHAUL_PATH_HOPS_MAX; i++)
        take_hub(json_array_get(hubs, i), facts->n_hops++, &facts->hops[i]);
    json_decref(root);
    return facts->n_hops > 0;
}

bool path_mtr_run(const struct path_ends *ends, struct longhaul_path_facts *facts, char *why, size_t size)
{
    /* Only root may ask more often than once a second. */
    bool is_root = geteuid() == 0;
    const char *argv[] = { "mtr",         ends->family == AF_INET6 ? "-6" : "-4",
                           "--json",      "-n",
                           "-c",          is_root ? "10" : "4",
                           "-i",          is_root ? "0.2" : "1",
                           ends->address, ends->local.ss_family ? "-a" : NULL,
                           ends->source,  NULL };
    struct process_result result;
    struct longhaul_error err = { 0 };
    char *text = malloc(OUTPUT_BYTES_MAX);
    bool good = text && process_hear(argv, DEADLINE_S, text, OUTPUT_BYTES_MAX, &result, &err) == 0;
    if (text == NULL || !good)
        snprintf(why, size, "%.100s", text ? err.text : "out of memory");
    else if (result.is_late || result.exit_status != 0 || !(good = take_report(text, facts)))
        snprintf(why, size, "mtr: %.*s", (int)strcspn(result.says, "\n") < 80 ? (int)strcspn(result.says, "\n") : 80,
                 result.says);
    free(text);
    return good && facts->n_hops > 0;
}
