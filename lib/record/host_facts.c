/* host_facts.c - this host's facts and its own drop counters into a record: loss in the host is not to be blamed on the
 * network. Judges nothing. */

#include "record/host_facts.h"

#include "host/host_json.h"

void host_facts_record(struct record *record, const char *when, const char *peer)
{
    struct longhaul_host_options options = { .peer = *peer ? peer : NULL };
    struct longhaul_host host;
    if (longhaul_host_read(&options, &host, NULL) == 0)
        record_event(record, "host", json_pack("{s:s, s:o}", "when", when, "facts", host_json_object(&host)));
}
