/* end_record.h - the figures of a test's end record that were really counted. */
#ifndef END_RECORD_H
#define END_RECORD_H

#include <longhaul.h>

/* Counts are NAN if nobody counted: zeros of a side that was never heard of, counts that wrapped below 0. */
struct end_record {
    double bits_per_second;
    double jitter_ms, lost_packets, lost_percent; /* of the receiver */
    double packets;                               /* for a receiver up to the last sequence number that it saw, else
                                                   * packets sent */
    double sent_packets, sent_bytes, received_packets, received_bytes;
    double sent_mbps, received_mbps;
    bool is_unheard;      /* a sender's record with zeros in place of its receiver's counts */
    bool is_contradicted; /* the losses do not fit the two sides' counts: unseen or uncounted exceeds its tolerance */
    double unseen;        /* packets sent after the last one whose sequence number the receiver saw; NAN */
    double uncounted;     /* packets that neither arrived nor count as lost; negative if packets arrived more than
                           * once; NAN */
    double unseen_slack, uncounted_slack;
};

void end_record_read(const struct longhaul_series *series, struct end_record *end);

#endif
