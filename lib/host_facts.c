/* host_facts.c - this host's facts and its own drop counters into a record: loss in the host is not to be blamed on the network. Judges
 * nothing. */

#include "host_facts.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

void host_facts_record(struct record *record, const char *when, const char *peer)
{
    struct longhaul_host_options options = { .peer = *peer ? peer : NULL };
    struct longhaul_host host;
    char *text = NULL;
    if (longhaul_host_read(&options, &host, NULL) != 0 || longhaul_host_json(&host, &text, NULL) != 0)
        return;
    json_t *facts = json_loads(text, 0, NULL);
    free(text);
    if (facts)
        record_event(record, "host", json_pack("{s:s, s:o}", "when", when, "facts", facts));
}
