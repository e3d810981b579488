/* test_engine_results.c - a peer's results: those of each version of iperf3 are read, others refused before libiperf
 * reads them. */

#include <string.h>

#include "check.h"
#include "engine/engine_results.h"

#define CPU "\"cpu_util_total\":1.5,\"cpu_util_user\":1,\"cpu_util_system\":0,\"sender_has_retransmits\":0"
#define STREAM "{\"id\":1,\"bytes\":1000,\"retransmits\":-1,\"jitter\":0.1,\"errors\":0,\"packets\":1"

static const char *const good[] = {
    "{" CPU ",\"streams\":[" STREAM "}]}",
    "{" CPU ",\"streams\":[]}",
    "{" CPU ",\"congestion_used\":\"cubic\",\"streams\":[" STREAM ",\"start_time\":0,\"end_time\":3.1}," STREAM "}]}",
    "{" CPU ",\"streams\":[" STREAM ",\"omitted_errors\":0,\"omitted_packets\":0}],\"server_output_text\":\"gr\xf6\xdf"
    "er\"}",
    "{" CPU ",\"streams\":[" STREAM "}],\"server_output_json\":{\"start\":{}},\"new\":[7]}",
    "{" CPU ",\"streams\":[{\"id\":1,\"bytes\":1e308,\"retransmits\":-1,\"jitter\":0,"
    "\"errors\":9223372036854775808,\"packets\":-5}]}",
    ("{\"cpu_util_total\":null,\"cpu_util_user\":null,\"cpu_util_system\":null,"
     "\"sender_has_retransmits\":-1,\"streams\":[]}"),
};

static const struct {
    const char *text, *why;
} bad[] = {
    { "", "are not JSON" },
    { "{\"streams\":[", "are not JSON" },
    { "[]", "are not a JSON object" },
    { "null", "are not a JSON object" },
    { "7", "are not a JSON object" },
    { "{" CPU ",\"streams\":[]} x", "are not JSON" },
    { "{" CPU ",\"streams\":[],\"x\":NaN}", "are not JSON" },
    { "{" CPU ",\"streams\":[],\"x\":1e999}", "are not JSON" },
    { "{" CPU "}", "streams is missing" },
    { "{\"streams\":[]}", "cpu_util_total is missing" },
    { "{" CPU ",\"streams\":7}", "streams is not a list" },
    { "{" CPU ",\"streams\":null}", "streams is not a list" },
    { "{" CPU ",\"streams\":{\"a\":7}}", "streams is not a list" },
    { "{" CPU ",\"streams\":[7]}", "a stream is not an object" },
    { "{" CPU ",\"streams\":[" STREAM "},null]}", "a stream is not an object" },
    { "{" CPU ",\"streams\":[" STREAM "}],\"Streams\":[7]}", "a stream is not an object" },
    { "{" CPU ",\"streams\":[{\"id\":1}]}", "bytes is missing" },
    { "{" CPU ",\"streams\":[" STREAM ",\"PACKETS\":\"1\"}]}", "packets is not a number" },
    { "{" CPU ",\"streams\":[" STREAM ",\"end_time\":true}]}", "end_time is not a number" },
    { "{" CPU ",\"streams\":[" STREAM ",\"omitted_errors\":{}}]}", "omitted_errors is not a number" },
    { "{" CPU ",\"congestion_used\":7,\"streams\":[]}", "congestion_used is not text" },
    { "{" CPU ",\"Congestion_Used\":null,\"streams\":[]}", "congestion_used is not text" },
    { "{" CPU ",\"server_output_text\":[],\"streams\":[]}", "server_output_text is not text" },
    { "{" CPU ",\"server_output_json\":7,\"streams\":[]}", "server_output_json is not an object" },
    { "{" CPU ",\"CPU_util_user\":\"all\",\"streams\":[]}", "cpu_util_user is not a number" },
};

int main(void)
{
    char why[ENGINE_RESULTS_WHY_BYTES];
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        *why = 0;
        CHECK(engine_results_check(good[i], strlen(good[i]), why) == 0 && *why == 0, "%s: %s", good[i], why);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        *why = 0;
        CHECK(engine_results_check(bad[i].text, strlen(bad[i].text), why) != 0 && strstr(why, bad[i].why), "%s: %s",
              bad[i].text, why);
    }
    CHECK(engine_results_check("{" CPU ",\"streams\":[]}\0", sizeof "{" CPU ",\"streams\":[]}", why) != 0,
          "a 0 behind it: libiperf would read less");
    return CHECK_DONE();
}
