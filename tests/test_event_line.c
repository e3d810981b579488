/* test_event_line.c - the names of events: each is known exactly once, and a line that longhaul writes begins as its
 * kind does. */

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "model/event_line.h"

static void test_names(void)
{
    bool good = true;
    for (int kind = EVENT_START; kind < EVENT_N_KINDS; kind++)
        good = good && *event_name((enum event_kind)kind) &&
               (int)event_kind_of(event_name((enum event_kind)kind)) == kind;
    CHECK(good, "each of %d kinds has a name of its own", EVENT_N_KINDS - EVENT_START);
    CHECK(event_kind_of(NULL) == EVENT_NONE, "without a name it is not an event");
    static const char *const others[] = { "", "Interval", "interval ", "interva", "intervals", "gaps",
                                          "server_output" };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        CHECK(event_kind_of(others[i]) == EVENT_OTHER, "\"%s\" is not known", others[i]);
    CHECK(*event_name(EVENT_NONE) == 0 && *event_name(EVENT_OTHER) == 0 && *event_name(EVENT_N_KINDS) == 0,
          "these have no name");
}

static void test_taken(void)
{
    static const struct { const char *text; enum event_kind kind; bool has_data; } cases[] = {
        { "{\"event\":\"interval\",\"data\":{}}", EVENT_INTERVAL, true },
        { "{\"data\":[],\"event\":\"gap\"}", EVENT_GAP, true },
        { "{\"event\":\"end\"}", EVENT_END, false },
        { "{\"event\":5,\"data\":{}}", EVENT_NONE, true },
        { "{\"event\":\"of a newer longhaul\",\"data\":1}", EVENT_OTHER, true },
        { "[\"event\"]", EVENT_NONE, false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *event = json_loads(cases[i].text, 0, NULL), *data = event;
        CHECK(event && event_take(event, &data) == cases[i].kind && (data != NULL) == cases[i].has_data, "%s",
              cases[i].text);
        json_decref(event);
    }
    json_t *data;
    CHECK(event_take(NULL, &data) == EVENT_NONE && data == NULL, "nothing is not an event");
}

static void test_beginnings(void)
{
    bool good = true;
    char line[64];
    for (int kind = EVENT_START; kind < EVENT_N_KINDS; kind++) {
        size_t n = (size_t)snprintf(line, sizeof line, EVENT_LINE("%s") "{}}", event_name((enum event_kind)kind));
        for (int other = EVENT_START; other < EVENT_N_KINDS; other++)
            good = good && event_begins_as(line, n, (enum event_kind)other) == (other == kind);
        for (size_t cut = 0; cut < strlen(EVENT_HEAD) + strlen(event_name((enum event_kind)kind)) + 1; cut++)
            good = good && !event_begins_as(line, cut, (enum event_kind)kind);
    }
    CHECK(good, "a line begins as its kind alone, and not when it is cut before the name's end");
}

int main(void)
{
    test_names();
    test_taken();
    test_beginnings();
    return CHECK_DONE();
}
