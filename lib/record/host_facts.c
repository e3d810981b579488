/* host_facts.c - adds facts about this host and its drop counters to a record, so that the network is not blamed for
 * loss in the host. Judges nothing. */

#include "record/host_facts.h"

#include "host/host.h"
#include "host/host_json.h"

void host_facts_record(struct record *record, const char *when, const char *peer)
{
    struct host_options options = { .peer = *peer ? peer : NULL };
    struct host_facts host;
    if (host_read(&options, &host, NULL) == 0)
        record_event(record, EVENT_HOST, json_pack("{s:s, s:o}", "when", when, "facts", host_json_object(&host)));
}
