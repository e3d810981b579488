/* record_counts.h - what one session's rows come to as they were handed out, whether the disk took each or not. */
#ifndef RECORD_COUNTS_H
#define RECORD_COUNTS_H

#include <jansson.h>
#include <longhaul.h>

/* Begin with zeros, but for n_given_up: the journal's count then. */
struct record_counts {
    uint64_t n_given_up;
    int64_t bytes, packets, lost_packets, retransmits;
    double jitter_ms;
    uint64_t n_unknown_bytes, n_unknown_losses; /* rows that do not know theirs */
    bool has_rows, has_tcp;
};

void record_counts_add(struct record_counts *counts, const struct longhaul_interval *interval);

/* A new object with what is known. */
json_t *record_counts_object(const struct record_counts *counts);

#endif
