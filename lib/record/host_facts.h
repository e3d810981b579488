/* host_facts.h - what this host is like when a record begins and ends. */
#ifndef HOST_FACTS_H
#define HOST_FACTS_H

#include "record/record.h"

/* A line of the record: when is "start" or "end"; peer a numeric address, towards which the interface is looked for, or
 * "". What cannot be found out is left out. */
void host_facts_record(struct record *record, const char *when, const char *peer);

#endif
