/* test_result.c - the header of a record and the end of its result: what is unknown is omitted, and both hosts of a leg
 * say the same about it. */

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "check.h"
#include "record/record_header.h"
#include "record/result_end.h"

/* ---- windows of the end */

static bool has(const json_t *header, const char *keys, bool wanted)
{
    char list[256], *rest = NULL;
    snprintf(list, sizeof list, "%s", keys);
    for (const char *key = strtok_r(list, " ", &rest); key; key = strtok_r(NULL, " ", &rest))
        if ((json_object_get(header, key) != NULL) != wanted)
            return false;
    return true;
}

static void test_windows(void)
{
    struct result_totals t = { .is_tcp = true, .here = { 1000, 0, true }, .windows = { 0, NAN, NAN, NAN, NAN, 0 } };
    bool has_failed = false;
    json_t *interval =
        json_loads("{\"streams\":[{\"snd_cwnd\":-1,\"rtt\":-1},{\"snd_cwnd\":-1,\"snd_wnd\":-1}]}", 0, NULL);
    result_add_windows(&t, interval);
    json_t *end = result_end(&t, false, NULL, &has_failed);
    json_t *sender = json_object_get(json_array_get(json_object_get(end, "streams"), 0), "sender");
    CHECK(sender && has(sender, "max_snd_cwnd max_snd_wnd max_rtt min_rtt mean_rtt", false),
          "streams that cannot tell: the end says no window and no round trip");
    json_decref(interval);
    json_decref(end);
    interval =
        json_loads("{\"streams\":[{\"snd_cwnd\":5000,\"rtt\":20000},{\"snd_cwnd\":-1,\"rtt\":40000}]}", 0, NULL);
    result_add_windows(&t, interval);
    end = result_end(&t, false, NULL, &has_failed);
    sender = json_object_get(json_array_get(json_object_get(end, "streams"), 0), "sender");
    CHECK(json_integer_value(json_object_get(sender, "max_snd_cwnd")) == 5000 && has(sender, "max_snd_wnd", false) &&
              json_integer_value(json_object_get(sender, "min_rtt")) == 20000 &&
              json_integer_value(json_object_get(sender, "max_rtt")) == 40000 &&
              json_integer_value(json_object_get(sender, "mean_rtt")) == 30000 && !has_failed,
          "those that know count");
    json_decref(interval);
    json_decref(end);
}

/* ---- headers */

/* The two hosts of a pushed leg say the same about it, in the same words and order, where both know it. */
static void test_headers(void)
{
    static const char leg_only[] =
        "datagram_bytes streams window_bytes congestion tos mss_bytes gsro bind_device";
    struct longhaul_leg leg = { .source = "A", .destination = "B", .peer = "192.0.2.1", .port = 5201,
                                .rate_bps = 8000000, .duration_s = 100, .interval_s = 0.5, .n_streams = 2,
                                .mss_bytes = 1400, .has_gsro = true, .bind_device = "eth1" };
    json_t *own = record_header_new(&leg, RECORD_BY_STARTER, "00", 1500 * NS_PER_S);
    json_t *servers = record_header_new(&leg, RECORD_BY_SERVER, "00", 1500 * NS_PER_S);
    CHECK(strcmp(json_string_value(json_object_get(own, "role")), "sender") == 0 &&
              strcmp(json_string_value(json_object_get(servers, "role")), "receiver") == 0,
          "who starts a pushed leg sends, its server receives");
    CHECK(has(own, leg_only, true) && has(servers, leg_only, false), "a server does not say what it does not know");
    json_t *common = json_copy(own);
    json_object_set(common, "role", json_object_get(servers, "role"));
    for (const char *key = leg_only; key; key = strchr(key, ' ') ? strchr(key, ' ') + 1 : NULL) {
        char name[32];
        snprintf(name, sizeof name, "%.*s", (int)strcspn(key, " "), key);
        json_object_del(common, name);
    }
    char *a = json_dumps(common, JSON_COMPACT), *b = json_dumps(servers, JSON_COMPACT);
    CHECK(a && b && strcmp(a, b) == 0, "all else is the same, in the same order: %s", b);
    CHECK(json_integer_value(json_object_get(own, "start_unix_us")) == 1500 * US_PER_S, "the start is in microseconds");
    json_decref(own);
    json_decref(servers);
    leg.direction = LONGHAUL_DIRECTION_PULL;
    leg.rate_bps = LONGHAUL_RATE_UNLIMITED;
    own = record_header_new(&leg, RECORD_BY_STARTER, "", 0);
    CHECK(strcmp(json_string_value(json_object_get(own, "role")), "receiver") == 0 && has(own, "key", false),
          "who starts a pulled leg receives; without a key none is sent");
    CHECK(json_is_null(json_object_get(own, "rate_bps")), "no limit of the rate is null");
    json_decref(own);
    json_decref(common);
    free(a);
    free(b);
}

int main(void)
{
    test_windows();
    test_headers();
    return CHECK_DONE();
}
