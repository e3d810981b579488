/* engine_results.c - checks a peer's results against what libiperf makes of them (iperf_api.c, get_results). libiperf
 * up to 3.16 assumes the type of each member: a number in place of text ends the process. Refuses, but corrects
 * nothing. */

#include "engine/engine_results.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "engine/peer_json.h"

/* GAUGE: cJSON writes NaN (0 divided by 0) as null, and an honest peer may send that. */
enum kind { NUMBER, GAUGE, TEXT, OBJECT, ARRAY };

struct known {
    const char *name;
    enum kind kind;
    bool is_needed;
};

static const struct known of_document[] = {
    { "cpu_util_total", GAUGE, true },
    { "cpu_util_user", GAUGE, true },
    { "cpu_util_system", GAUGE, true },
    { "sender_has_retransmits", NUMBER, true },
    { "congestion_used", TEXT, false },
    { "server_output_text", TEXT, false },
    { "server_output_json", OBJECT, false },
    { "streams", ARRAY, true },
    { NULL, NUMBER, false },
};

static const struct known of_stream[] = {
    { "id", NUMBER, true },
    { "bytes", NUMBER, true },
    { "retransmits", NUMBER, true },
    { "jitter", GAUGE, true },
    { "errors", NUMBER, true },
    { "omitted_errors", NUMBER, false },
    { "packets", NUMBER, true },
    { "omitted_packets", NUMBER, false },
    { "start_time", GAUGE, false },
    { "end_time", GAUGE, false },
    { NULL, NUMBER, false },
};

static int refuse(char *why, const char *what, const char *how)
{
    snprintf(why, ENGINE_RESULTS_WHY_BYTES, "the other end's results are refused: %s %s", what, how);
    return -1;
}

static bool is_of_kind(const json_t *value, enum kind kind)
{
    switch (kind) {
    case NUMBER:
        return json_is_number(value);
    case GAUGE:
        return json_is_number(value) || json_is_null(value);
    case TEXT:
        return json_is_string(value);
    case OBJECT:
        return json_is_object(value);
    case ARRAY:
        return json_is_array(value);
    }
    return false;
}

/* cJSON ignores case in names, and takes the first member that matches: so each one is checked. */
static int check_members(json_t *object, const struct known *known, char *why)
{
    static const char *const kinds[] = { "is not a number", "is not a number", "is not text", "is not an object",
                                         "is not a list" };
    for (const struct known *k = known; k->name; k++) {
        const char *key;
        json_t *value;
        bool is_there = false;
        json_object_foreach (object, key, value) {
            if (strcasecmp(key, k->name) != 0)
                continue;
            is_there = true;
            if (!is_of_kind(value, k->kind))
                return refuse(why, k->name, kinds[k->kind]);
        }
        if (k->is_needed && !is_there)
            return refuse(why, k->name, "is missing");
    }
    return 0;
}

static int check_streams(json_t *streams, char *why)
{
    for (size_t i = 0; i < json_array_size(streams); i++) {
        json_t *stream = json_array_get(streams, i);
        if (!json_is_object(stream))
            return refuse(why, "a stream", "is not an object");
        if (check_members(stream, of_stream, why) != 0)
            return -1;
    }
    return 0;
}

static int check_document(json_t *said, char *why)
{
    const char *key;
    json_t *value;
    if (!json_is_object(said))
        return refuse(why, "they", "are not a JSON object");
    if (check_members(said, of_document, why) != 0)
        return -1;
    json_object_foreach (said, key, value) {
        if (strcasecmp(key, "streams") == 0 && check_streams(value, why) != 0)
            return -1;
    }
    return 0;
}

int engine_results_check(const char *text, size_t length, char why[ENGINE_RESULTS_WHY_BYTES])
{
    json_t *said = peer_json_load(text, length);
    int rc = said ? check_document(said, why) : refuse(why, "they", "are not JSON");
    json_decref(said);
    return rc;
}
