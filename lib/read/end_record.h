/* end_record.h - a test's end record, as far as somebody counted what it says. */
#ifndef END_RECORD_H
#define END_RECORD_H

#include <longhaul.h>

/* Counts are NAN where nobody counted: zeros of a side that was never heard of, counts that wrapped below 0. */
struct end_record {
    double bits_per_second;
    double jitter_ms, lost_packets, lost_percent; /* the receiver's */
    double packets;                               /* of a receiver as far as it saw sequence numbers, else sent */
    double sent_packets, sent_bytes, received_packets, received_bytes;
    double sent_mbps, received_mbps;
    bool is_unheard;      /* a sender's record, which has zeros where its receiver's counts would be */
    bool is_contradicted; /* the losses are not what the two sides' counts leave: unseen or uncounted is beyond its
                             slack */
    double unseen;        /* packets sent whose sequence numbers the receiver never saw, nor any later one; NAN */
    double uncounted;     /* packets that neither arrived nor count as lost; below 0: arrived more than once; NAN */
    double unseen_slack, uncounted_slack;
};

void end_record_read(const struct longhaul_series *series, struct end_record *end);

#endif
