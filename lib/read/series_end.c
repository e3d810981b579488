/* series_end.c - the figures of a test's end in its info: set together, cleared together. */

#include <math.h>

#include "read/series_inside.h"

const struct end_figures series_no_figures = { NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN,
                                               NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN };

void series_set_end(struct longhaul_info *info, const struct end_figures *end)
{
    info->end_seconds = end->seconds;
    info->end_bits_per_second = end->bits_per_second;
    info->end_bytes = end->bytes;
    info->end_jitter_ms = end->jitter_ms;
    info->end_lost_packets = end->lost_packets;
    info->end_packets = end->packets;
    info->end_lost_percent = end->lost_percent;
    info->end_sent_packets = end->sent_packets;
    info->end_sent_bytes = end->sent_bytes;
    info->end_sent_bits_per_second = end->sent_bits_per_second;
    info->end_received_packets = end->received_packets;
    info->end_received_bytes = end->received_bytes;
    info->end_received_bits_per_second = end->received_bits_per_second;
    info->end_retransmits = end->retransmits;
    info->end_out_of_order_packets = end->out_of_order_packets;
    info->end_duplicate_packets = end->duplicate_packets;
}

void series_forget_end(struct longhaul_series *s)
{
    series_set_end(&s->info, &series_no_figures);
    s->reverse_end = series_no_figures;
}
