/* host_facts.h - facts about this host when a record begins and ends. */
#ifndef HOST_FACTS_H
#define HOST_FACTS_H

#include "record/record.h"

/* Adds a line to the record: when is "start" or "end"; peer is a numeric address, which determines the interface, or
 * "". Unknown facts are omitted. */
void host_facts_record(struct record *record, const char *when, const char *peer);

#endif
