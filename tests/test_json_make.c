/* test_json_make.c - members of a struct to JSON by a table, of each type; unknown values, bytes that are not UTF-8; a
 * host's drops to JSON and back. */

#include "base/json_make.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "host/host.h"
#include "host/host_json.h"
#include "record/result_host.h"

struct sample {
    double known, unknown, endless;
    bool is_so;
    size_t n;
    int below;
    char array[16];
    const char *pointer;
};

#define SAMPLE(member) JSON_MEMBER(struct sample, member)
static const struct json_member members[] = {
    SAMPLE(known), SAMPLE(unknown), SAMPLE(endless), SAMPLE(is_so), SAMPLE(n), SAMPLE(below), SAMPLE(array),
    JSON_MEMBER_AS("renamed", struct sample, pointer) };

static void check_members(void)
{
    const struct sample sample = { .known = 0.1, .unknown = NAN, .endless = INFINITY, .is_so = true, .n = 7,
                                   .below = -3, .array = "M\xc3\xbc", .pointer = "a\xff\"b" };
    const char *wanted =
        "{\"known\":0.10000000000000001,\"unknown\":null,\"endless\":null,\"is_so\":true,\"n\":7,\"below\":-3,"
        "\"array\":\"M\\u00FC\",\"renamed\":\"a?\\\"b\"}";
    char *line = NULL;
    int rc = json_make_line(JSON_OBJECT(&sample, members), "sample", &line, NULL);
    CHECK(rc == 0 && strcmp(line, wanted) == 0, "members: %s", rc == 0 ? line : "none");
    free(line);
}

static void check_no_memory(void)
{
    struct longhaul_error err = { 0 };
    char *line = NULL;
    CHECK(json_make_line(NULL, "file.json", &line, &err) == LONGHAUL_ENOMEM && line == NULL &&
              strcmp(err.text, "file.json: out of memory") == 0,
          "no object: %s", err.text);
}

static void check_drops(void)
{
    struct longhaul_host_drops drops, back;
    double values[sizeof drops / sizeof(double)];
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        values[i] = (double)i + 1;
    memcpy(&drops, values, sizeof drops);
    json_t *all = host_json_drops(&drops), *counters = host_json_counters(&drops);
    back = host_json_drops_of(all);
    CHECK(memcmp(&back, &drops, sizeof drops) == 0, "drops, there and back");
    back = host_json_drops_of(counters);
    CHECK(isnan(back.udp_sockets) && isnan(back.udp_worst) && isnan(back.udp_worst_port) &&
              back.reassembly == drops.reassembly && json_object_size(counters) == json_object_size(all) - 3,
          "counters alone");
    back = host_json_drops_of(NULL);
    CHECK(isnan(back.udp_received) && isnan(back.udp_worst), "drops of nothing");
    json_decref(all);
    json_decref(counters);
}

/* Two readings of a host: which of its keys a result adds up, and what the library says about the time between them. */
static void check_counters(void)
{
    struct longhaul_host_drops before, after, between;
    double values[sizeof before / sizeof(double)];
    struct result_host host = { 0 };
    for (int k = 0; k < 2; k++) {
        for (size_t i = 0; i < sizeof values / sizeof *values; i++)
            values[i] = 100.0 * (k + 1) + (double)i;
        memcpy(k ? &after : &before, values, sizeof values);
        json_t *reading = json_pack("{s:s, s:{s:o}}", "when", k ? "end" : "start", "facts", "drops",
                                    host_json_drops(k ? &after : &before));
        result_host_add(&host, reading);
        json_decref(reading);
    }
    json_t *object = result_host_object(&host), *drops = json_object_get(object, "drops");
    json_t *counters = host_json_counters(&before), *value;
    const char *key;
    size_t n = 0;
    json_object_foreach(drops, key, value)
        n += json_object_get(counters, key) && json_number_value(value) == 100;
    CHECK(n == json_object_size(counters) && n == json_object_size(drops),
          "a result adds up the %zu counters alone", n);
    between = host_drops_between(&before, &after);
    CHECK(between.udp_received == 100 && between.reassembly == 100 && between.udp_sockets == after.udp_sockets &&
              between.udp_worst == after.udp_worst && between.udp_worst_port == after.udp_worst_port,
          "sockets come and go: theirs are those of now, never below 0");
    CHECK(host_json_is_counter("of a newer longhaul") && !host_json_is_counter("udp_worst_port"),
          "keys of sockets are known by name");
    json_decref(object);
    json_decref(counters);
    result_host_clear(&host);
}

int main(void)
{
    check_counters();
    check_members();
    check_no_memory();
    check_drops();
    return CHECK_DONE();
}
