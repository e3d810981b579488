/* export_family.c - the names of exported time series, what they mean, and where their values come from. Those that are
 * live figures too (longhaul-metrics(5)) have the same names there. */

#include "export/export_family.h"

#define COUNTER(name, help, column) { name, EXPORT_COUNTER, help, EXPORT_FROM_COLUMN, LONGHAUL_COLUMN_##column, 1 }
#define GAUGE(name, help, column, per) { name, EXPORT_GAUGE, help, EXPORT_FROM_COLUMN, LONGHAUL_COLUMN_##column, per }
#define OTHER(name, type, help, source) { name, EXPORT_##type, help, EXPORT_##source, (enum longhaul_column)0, 1 }
#define WHOLE(name, help) OTHER(name, GAUGE, help, FROM_ELSEWHERE)

/* clang-format off: one family per line */
static const struct export_family families[] = {
    COUNTER("bytes_total", "Payload that the file's writer sent or received.", BYTES),
    OTHER("received_bytes_total", COUNTER, "Payload that arrived, by the receiver's record.", FROM_ARRIVED),
    COUNTER("packets_total", "Datagrams sent, for a receiver as sequence numbers tell.", PACKETS),
    COUNTER("lost_packets_total", "Datagrams lost, without those that arrived later.", LOST_PACKETS),
    COUNTER("out_of_order_packets_total", "Datagrams that arrived after a later one (RFC 4737).", OUT_OF_ORDER_PACKETS),
    COUNTER("duplicate_packets_total", "Datagrams that had arrived before (RFC 5560).", DUPLICATE_PACKETS),
    COUNTER("loss_runs_total", "Losses in a row (RFC 3357: loss periods).", LOSS_RUNS),
    COUNTER("silences_total", "Times without an arrival, of more than 10 spacings of datagrams.", SILENCES),
    OTHER("base_shifts_total", COUNTER, "Changes of the path's least transit.", FROM_SHIFTS),
    COUNTER("retransmits_total", "TCP segments retransmitted.", RETRANSMITS),
    COUNTER("segments_total", "TCP segments with data.", SEGMENTS),
    COUNTER("spurious_retransmits_total",
          "TCP segments retransmitted although the receiver had them.", SPURIOUS_RETRANSMITS),
    COUNTER("out_of_order_segments_total",
          "TCP segments that arrived and were not the next in order.", OUT_OF_ORDER_SEGMENTS),
    COUNTER("reorderings_total", "Reorderings that TCP saw.", REORDERINGS),
    COUNTER("busy_seconds_total", "Stream-seconds with data unsent or unacknowledged.", BUSY_S),
    COUNTER("rwnd_limited_seconds_total", "Stream-seconds limited by the receiver's window.", RWND_LIMITED_S),
    COUNTER("sndbuf_limited_seconds_total", "Stream-seconds limited by the send buffer.", SNDBUF_LIMITED_S),
    OTHER("observed_seconds_total", COUNTER,
          "Seconds observed: intervals that are measured and confirmed.", FROM_OBSERVED),
    OTHER("gaps_total", COUNTER, "Gaps that have ended.", FROM_GAPS),
    GAUGE("jitter_seconds", "Jitter (RFC 3550) at the end of the interval.", JITTER_MS, 1e3),
    GAUGE("delay_min_seconds", "Least delay in queues in the interval.", DELAY_MIN_US, 1e6),
    GAUGE("delay_p50_seconds", "Median of the delays in queues in the interval.", DELAY_P50_US, 1e6),
    GAUGE("delay_p95_seconds", "95th percentile of the delays in queues in the interval.", DELAY_P95_US, 1e6),
    GAUGE("delay_p99_seconds", "99th percentile of the delays in queues in the interval.", DELAY_P99_US, 1e6),
    GAUGE("delay_max_seconds", "Greatest delay in queues in the interval.", DELAY_MAX_US, 1e6),
    GAUGE("ipdv_p50_seconds", "Median of the delay variation (RFC 3393) in the interval.", IPDV_P50_US, 1e6),
    GAUGE("ipdv_p99_seconds", "99th percentile of the delay variation (RFC 3393) in the interval.", IPDV_P99_US, 1e6),
    GAUGE("base_seconds", "Least transit, relative to the session's first datagram.", BASE_US, 1e6),
    GAUGE("base_shift_seconds", "By how much the least transit changed.", SHIFT_US, 1e6),
    GAUGE("sender_step_seconds", "By how much the sender's clock was set.", SENDER_STEP_US, 1e6),
    GAUGE("silence_seconds", "Longest time without an arrival that ended in the interval.", SILENCE_US, 1e6),
    OTHER("longest_silence_seconds", GAUGE, "Longest time without an arrival so far.", FROM_SILENCES),
    GAUGE("read_late_seconds", "Longest time from an arrival to its reading, if above 10 ms.", READ_LATE_US, 1e6),
    GAUGE("longest_loss_run_packets", "Most losses in a row in the interval.", LONGEST_RUN, 1),
    GAUGE("reorder_extent_packets", "Greatest reordering extent (RFC 4737) in the interval.", REORDER_EXTENT, 1),
    GAUGE("reorder_late_seconds", "Greatest late time of a reordered datagram (RFC 4737).", REORDER_LATE_US, 1e6),
    GAUGE("rtt_seconds", "TCP's smoothed round trip at the end of the interval.", RTT_MS, 1e3),
    GAUGE("rttvar_seconds", "Mean deviation of the round trips.", RTTVAR_MS, 1e3),
    GAUGE("min_rtt_seconds", "Least round trip of the last minutes that TCP saw.", MIN_RTT_MS, 1e3),
    GAUGE("snd_cwnd_bytes", "TCP's congestion windows, all streams.", SND_CWND_BYTES, 1),
    GAUGE("snd_wnd_bytes", "The receiver's TCP windows, all streams.", SND_WND_BYTES, 1),
    GAUGE("pmtu_bytes", "Path MTU, as TCP knows it.", PMTU_BYTES, 1),
    GAUGE("mss_bytes", "TCP's segment size.", MSS_BYTES, 1),
    GAUGE("zero_window_streams", "Streams whose receiver offers no window.", ZERO_WINDOWS, 1),
    OTHER("path_rtt_seconds", GAUGE, "A round trip to the peer's host during the test.", FROM_RTT),
    OTHER("path_rtt_unanswered_total", COUNTER, "Round trips without an answer.", FROM_UNANSWERED),
    OTHER("planned_seconds", GAUGE, "Planned duration of the test.", FROM_PLAN),
    OTHER("target_bytes_per_second", GAUGE, "Target rate of all streams; absent if unlimited.", FROM_TARGET),
    OTHER("info", INFO, "The labels describe the test.", FROM_INFO),
    OTHER("delay_seconds", HISTOGRAM, "Delays in queues of the datagrams received.", FROM_DELAYS),
    WHOLE("event_active", "1 while an event of the kind lasts, 0 at its end."),
    WHOLE("event_seconds", "At the end of an event, its length."),
    WHOLE("event_lost_packets", "At the end of an event, the datagrams that it lost."),
    WHOLE("coverage_ratio", "At the end of a test, observed seconds divided by planned ones."),
    WHOLE("test_availability_ratio",
          "At the end of a test, the share of the observed seconds with less loss than 1 %."),
    WHOLE("test_bytes", "At the end of a test, the sum of its intervals' bytes."),
    WHOLE("test_packets", "At the end of a test, its datagrams, as longhaul show tells."),
    WHOLE("test_lost_packets", "At the end of a test, its lost datagrams, as longhaul show tells."),
    WHOLE("test_loss_ratio", "At the end of a test, lost datagrams divided by all."),
    WHOLE("test_rate_bytes_per_second", "At the end of a test, its rate: delivered, or else sent (label kind)."),
    WHOLE("test_intervals", "At the end of a test, how many intervals it has."),
    WHOLE("test_observed_seconds", "At the end of a test, the seconds that were observed."),
    WHOLE("test_downtime_seconds", "At the end of a test, the seconds of its outages."),
    WHOLE("test_jitter_p95_seconds", "At the end of a test, the 95th percentile of its intervals' jitter."),
    WHOLE("test_delay_p50_seconds", "At the end of a test, the median of all delays in queues."),
    WHOLE("test_delay_p99_seconds", "At the end of a test, the 99th percentile of all delays in queues."),
    WHOLE("test_delay_max_seconds", "At the end of a test, the greatest delay in queues."),
    WHOLE("test_out_of_order_packets", "At the end of a test, the datagrams that arrived after a later one."),
    WHOLE("test_duplicate_packets", "At the end of a test, the datagrams that had arrived before."),
    WHOLE("test_retransmits", "At the end of a test, the TCP segments retransmitted."),
    WHOLE("test_events", "At the end of a test, how many events it has."),
    WHOLE("test_verdict", "At the end of a test, 1, with longhaul show's verdict as a label."),
};
/* clang-format on */

size_t export_family_count(void)
{
    return sizeof families / sizeof *families;
}

const struct export_family *export_family(size_t i)
{
    return &families[i];
}
