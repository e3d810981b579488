/* test_session_event.c - an event of libiperf's, as newer and as older versions have it, and what is none. */

#include "session_event.h"

#include <string.h>

#include "check.h"

static const struct {
    const char *text;
    const char *start, *interval, *end, *error; /* NULL: it has none; else the member "a" of the object, or the error */
} cases[] = {
    { "{\"event\":\"start\",\"data\":{\"a\":\"1\"}}", "1", NULL, NULL, NULL },
    { "{\"event\":\"interval\",\"data\":{\"a\":\"2\"}}", NULL, "2", NULL, NULL },
    { "{\"event\":\"end\",\"data\":{\"a\":\"3\"}}", NULL, NULL, "3", NULL },
    { "{\"event\":\"end\",\"data\":{}}", NULL, NULL, NULL, NULL },
    { "{\"event\":\"error\",\"data\":\"the server has terminated\"}", NULL, NULL, NULL, "the server has terminated" },
    { "{\"event\":\"document\",\"data\":{\"start\":{\"a\":\"1\"},\"intervals\":[],\"end\":{\"a\":\"3\"}}}", NULL, NULL, "3", NULL },
    { "{\"event\":\"document\",\"data\":{\"end\":{},\"error\":\"unable to connect\"}}", NULL, NULL, NULL, "unable to connect" },
    { "{\"event\":\"document\",\"data\":{\"end\":{\"a\":\"3\"},\"error\":\"late\"}}", NULL, NULL, "3", "late" },
    { "{\"event\":\"server_output_json\",\"data\":{\"a\":\"4\"}}", NULL, NULL, NULL, NULL },
    { "{\"event\":7,\"data\":{\"a\":\"4\"}}", NULL, NULL, NULL, NULL },
    { "{\"event\":\"start\"", NULL, NULL, NULL, NULL },
    { "", NULL, NULL, NULL, NULL } };

static bool is_same(const char *got, const char *wanted)
{
    return got == NULL || wanted == NULL ? got == wanted : strcmp(got, wanted) == 0;
}

static const char *a_of(const json_t *object)
{
    return json_string_value(json_object_get(object, "a"));
}

int main(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct engine_event event = { .kind = ENGINE_JSON, .text = cases[i].text, .length = strlen(cases[i].text) };
        struct session_event said = session_event_parse(&event);
        CHECK(is_same(a_of(said.start), cases[i].start) && is_same(a_of(said.interval), cases[i].interval) &&
                  is_same(a_of(said.end), cases[i].end) && is_same(said.error, cases[i].error), "%s", cases[i].text);
        json_decref(said.parsed);
    }
    return CHECK_DONE();
}
