/* silence.c - how long a leg may be silent before something is wrong. Uses no clock: the driver does. */

#include "run/silence.h"

#include "base/clock.h"
#include "base/units.h"
#include "record/interval.h"

#define SILENT_NS (8 * NS_PER_S) /* for a receiving leg without a packet, or a sending TCP leg without a window */
/* TCP without a byte, which is an observation: after a silence of 8 s, which the control connection survives, TCP waits
 * up to 8 s more before it tries again. */
#define STALLED_NS (30 * NS_PER_S)

bool silence_is_shut(const struct tcp_state *tcp, const json_t *interval)
{
    return tcp->n_streams > 0 && tcp->zero_windows == tcp->n_streams &&
           json_integer_value(json_object_get(interval_sum(interval), "bytes")) == 0;
}

int64_t silence_patience_ns(const struct longhaul_leg *leg, bool is_shut)
{
    int64_t interval_ns = (int64_t)(leg->interval_s * NS_PER_S);
    if (leg->protocol == LONGHAUL_PROTOCOL_UDP)
        return leg->direction == LONGHAUL_DIRECTION_PULL ? SILENT_NS + interval_ns : 0;
    /* A slow leg with large writes is silent between two of them. */
    double write_s = leg->rate_bps == LONGHAUL_RATE_UNLIMITED ? 0 : leg->datagram_bytes * 8.0 / (double)leg->rate_bps;
    return (is_shut ? SILENT_NS : STALLED_NS) + interval_ns + (int64_t)(write_s * NS_PER_S);
}
