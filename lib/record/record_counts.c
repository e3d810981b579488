/* record_counts.c - a session's own sums, which the result uses if the disk did not take every row: sums over the rows
 * in the file would be too small. */

#include "record/record_counts.h"

#include <math.h>

#include "record/interval.h"

void record_counts_add(struct record_counts *c, const struct longhaul_interval *v)
{
    c->bytes = interval_add(c->bytes, v->bytes);
    c->packets = interval_add(c->packets, v->packets);
    c->n_unknown_bytes += (v->unreadable & (LONGHAUL_UNREADABLE_BYTES | LONGHAUL_UNREADABLE_PACKETS)) != 0;
    c->n_unknown_losses += !v->has_loss;
    if (v->has_loss)
        c->lost_packets = interval_add(c->lost_packets, v->lost_packets);
    c->jitter_ms = v->jitter_ms;
    c->has_tcp = c->has_tcp || v->has_tcp;
    if (v->has_tcp)
        c->retransmits = interval_add(c->retransmits, v->retransmits);
    c->has_rows = true;
}

json_t *record_counts_object(const struct record_counts *c)
{
    json_t *object = json_object();
    if (c->has_rows && c->n_unknown_bytes == 0) {
        json_object_set_new(object, "bytes", json_integer(c->bytes));
        json_object_set_new(object, "packets", json_integer(c->packets));
    }
    if (c->has_rows && c->n_unknown_losses == 0)
        json_object_set_new(object, "lost_packets", json_integer(c->lost_packets));
    if (c->has_rows && isfinite(c->jitter_ms))
        json_object_set_new(object, "jitter_ms", json_real(c->jitter_ms));
    if (c->has_tcp)
        json_object_set_new(object, "retransmits", json_integer(c->retransmits));
    return object;
}
