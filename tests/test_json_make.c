/* test_json_make.c - members of a struct to JSON by a table, each sort; what is not known, what is no UTF-8; a host's
 * drops there and back. */

#include "base/json_make.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "host/host_json.h"

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
    const struct sample sample = { .known = 0.1,
                                   .unknown = NAN,
                                   .endless = INFINITY,
                                   .is_so = true,
                                   .n = 7,
                                   .below = -3,
                                   .array = "M\xc3\xbc",
                                   .pointer = "a\xff\"b" };
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

int main(void)
{
    check_members();
    check_no_memory();
    check_drops();
    return CHECK_DONE();
}
