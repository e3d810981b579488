/* test_session_event.c - an event of libiperf, as newer and older versions write it, and texts that are not events. */

#include "engine/session_event.h"

#include <math.h>
#include <string.h>

#include "base/json_number.h"
#include "check.h"

static const struct {
    const char *text;
    const char *start, *interval, *end, *error; /* NULL: missing; else the member "a" of the object, or the error */
} cases[] = {
    { "{\"event\":\"start\",\"data\":{\"a\":\"1\"}}", "1", NULL, NULL, NULL },
    { "{\"event\":\"interval\",\"data\":{\"a\":\"2\"}}", NULL, "2", NULL, NULL },
    { "{\"event\":\"end\",\"data\":{\"a\":\"3\"}}", NULL, NULL, "3", NULL },
    { "{\"event\":\"end\",\"data\":{}}", NULL, NULL, NULL, NULL },
    { "{\"event\":\"error\",\"data\":\"the server has terminated\"}", NULL, NULL, NULL, "the server has terminated" },
    { "{\"event\":\"document\",\"data\":{\"start\":{\"a\":\"1\"},\"intervals\":[],\"end\":{\"a\":\"3\"}}}", NULL, NULL,
      "3", NULL },
    { "{\"event\":\"document\",\"data\":{\"end\":{},\"error\":\"unable to connect\"}}", NULL, NULL, NULL,
      "unable to connect" },
    { "{\"event\":\"document\",\"data\":{\"end\":{\"a\":\"3\"},\"error\":\"late\"}}", NULL, NULL, "3", "late" },
    { "{\"event\":\"server_output_json\",\"data\":{\"a\":\"4\"}}", NULL, NULL, NULL, NULL },
    { "{\"event\":7,\"data\":{\"a\":\"4\"}}", NULL, NULL, NULL, NULL },
    { "{\"event\":\"start\"", NULL, NULL, NULL, NULL },
    { "", NULL, NULL, NULL, NULL }
};

static bool is_same(const char *got, const char *wanted)
{
    return got == NULL || wanted == NULL ? got == wanted : strcmp(got, wanted) == 0;
}

static const char *a_of(const json_t *object)
{
    return json_string_value(json_object_get(object, "a"));
}

/* Rows that libiperf has emitted, whatever they contain: none is lost. member belongs to the interval's "sum", as it is
 * read. */
static const struct {
    const char *text;
    const char *member; /* NULL: an empty object stands for the row */
    double value;       /* NAN: null */
    bool is_verbatim;
} rows[] = {
    { "{\"event\":\"interval\",\"data\":{\"sum\":{\"lost\":-1}}}", "lost", -1, true },
    { "{\"event\":\"interval\",\"data\":{\"sum\":{\"lost\":18446744073709551615}}}", "lost", -1, false },
    { "{\"event\":\"interval\",\"data\":{\"sum\":{\"lost\":18446744073709551386}}}", "lost", -230, false },
    { "{\"event\":\"interval\",\"data\":{\"sum\":{\"lost\":9223372036854775808}}}", "lost", -0x1p63, false },
    { "{\"event\":\"interval\",\"data\":{\"sum\":{\"lost\":9223372036854775807}}}", "lost", 0x1p63, true },
    { "{\"event\":\"interval\",\"data\":{\"sum\":{\"lost\":18446744073709551616}}}", "lost", NAN, false },
    { "{\"event\":\"interval\",\"data\":{\"sum\":{\"lost\":-9323372036854775809}}}", "lost", NAN, false },
    { "{\"event\":\"interval\",\"data\":{\"sum\":{\"lost\":1e999}}}", "lost", NAN, false },
    { "{\"event\":\"interval\",\"data\":{\"sum\":{\"lost\":-nan}}}", "lost", NAN, false },
    { "{\"event\":\"interval\",\"data\":{\"sum\":{\"lost\":inf}}}", "lost", NAN, false },
    { "{\"event\":\"interval\",\"data\":{\"sum\":{\"lost\":01}}}", "lost", NAN, false },
    { "{\"event\":\"interval\",\"data\":{\"sum\":{\"lost\":3,\"lost\":4}}}", "lost", 4, false },
    { "{\"event\":\"interval\",\"data\":{},\"data\":{\"sum\":{\"lost\":4}}}", "lost", 4, false },
    { "{\"event\":\"interval\",\"data\":{\"sum\":{\"lost\":4}},\"more\":{}}", "lost", 4, false },
    { "{\"event\":\"interval\", \"data\":{\"sum\":{\"lost\":4}}}", "lost", 4, false },
    { "{\"event\":\"interval\",\"data\":{\"sum\":\n{\"lost\":4}}}", "lost", 4, false },
    { "{\"event\":\"interval\",\"data\":[]}", NULL, 0, false },
    { "{\"event\":\"interval\",\"data\":null}", NULL, 0, false },
    { "{\"event\":\"interval\"}", NULL, 0, false },
    { "{\"event\":\"interval\",\"data\":{\"sum\":{\"lost\":", NULL, 0, false },
    { "{\"event\":\"interval\",\"data\":{\"sum\":{\"lost\":what}}}", NULL, 0, false } };

static void check_rows(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct engine_event event = { .kind = ENGINE_JSON, .text = rows[i].text, .length = strlen(rows[i].text) };
        struct session_event said = session_event_parse(&event);
        const json_t *sum = json_object_get(said.interval, "sum");
        double value = rows[i].member ? number_of(sum, rows[i].member) : 0;
        CHECK(json_is_object(said.interval) && said.is_verbatim == rows[i].is_verbatim, "%s", rows[i].text);
        CHECK(said.is_unreadable == (rows[i].member == NULL), "%s", rows[i].text);
        CHECK(value == rows[i].value || (isnan(value) && isnan(rows[i].value)), "%s: %g", rows[i].text, value);
        json_decref(said.parsed);
    }
}

int main(void)
{
    check_rows();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct engine_event event = { .kind = ENGINE_JSON,
                                            .text = cases[i].text,
                                            .length = strlen(cases[i].text) };
        struct session_event said = session_event_parse(&event);
        CHECK(is_same(a_of(said.start), cases[i].start) && is_same(a_of(said.interval), cases[i].interval) &&
                  is_same(a_of(said.end), cases[i].end) && is_same(said.error, cases[i].error), "%s", cases[i].text);
        json_decref(said.parsed);
    }
    return CHECK_DONE();
}
