/* session_row.c - makes a record's row of an interval that libiperf said: its text where that may be kept, what the
 * kernel knew of it. */

#include "record/session_row.h"

#include <math.h>

struct record_row session_row(const struct session_event *said, const struct engine_event *event, json_t *interval)
{
    bool is_events = interval == said->interval; /* what the kernel knows was read for that one alone */
    struct record_row row = {
        .data = interval, .at = event->at, .last_ack_s = event->last_ack_s, .order = { NAN, NAN, 0 }
    };
    if (!is_events)
        return row;
    row.tcp = event->tcp;
    row.order = event->order;
    if (said->is_verbatim) {
        row.text = event->text;
        row.length = event->length;
    }
    return row;
}
