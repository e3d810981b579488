/* session_row.c - makes a record's row from an interval of libiperf's: its text if that may be kept, and what the
 * kernel knew about it. */

#include "record/session_row.h"

#include <math.h>

struct record_row session_row(const struct session_event *said, const struct engine_event *event, json_t *interval)
{
    bool is_events = interval == said->interval; /* the kernel was asked only for that one */
    struct record_row row = {
        .data = interval, .at = event->at, .last_ack_s = event->last_ack_s, .order = { NAN, NAN, 0 },
        .delay = delay_none()
    };
    if (!is_events)
        return row;
    row.tcp = event->tcp;
    row.order = event->order;
    row.delay = event->delay;
    row.flows = event->flows;
    row.histogram = event->histogram;
    if (said->is_verbatim) {
        row.text = event->text;
        row.length = event->length;
    }
    return row;
}
