/* record_counts.h - sums over one session's rows as they arrived, whether the disk took them or not. */
#ifndef RECORD_COUNTS_H
#define RECORD_COUNTS_H

#include <jansson.h>
#include <longhaul.h>

/* Starts with zeros, and n_given_up with the journal's count. */
struct record_counts {
    uint64_t n_given_up;
    int64_t bytes, packets, lost_packets, retransmits;
    double jitter_ms;
    uint64_t n_unknown_bytes, n_unknown_losses; /* rows for which they are unknown */
    bool has_rows, has_tcp;
};

void record_counts_add(struct record_counts *counts, const struct longhaul_interval *interval);

/* A new object with the known sums. */
json_t *record_counts_object(const struct record_counts *counts);

#endif
