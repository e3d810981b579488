/* column_names.c - the names of a series's columns, as in CSV and databases. */

#include <longhaul.h>

static const char *const names[LONGHAUL_N_COLUMNS] = {
    [LONGHAUL_COLUMN_START_S] = "start_s",
    [LONGHAUL_COLUMN_END_S] = "end_s",
    [LONGHAUL_COLUMN_SECONDS] = "seconds",
    [LONGHAUL_COLUMN_BYTES] = "bytes",
    [LONGHAUL_COLUMN_BITS_PER_SECOND] = "bits_per_second",
    [LONGHAUL_COLUMN_PACKETS] = "packets",
    [LONGHAUL_COLUMN_LOST_PACKETS] = "lost_packets",
    [LONGHAUL_COLUMN_JITTER_MS] = "jitter_ms",
    [LONGHAUL_COLUMN_WALL_UNIX_S] = "wall_unix_s",
    [LONGHAUL_COLUMN_MONOTONIC_S] = "monotonic_s",
    [LONGHAUL_COLUMN_OUT_OF_ORDER_PACKETS] = "out_of_order_packets",
    [LONGHAUL_COLUMN_DUPLICATE_PACKETS] = "duplicate_packets",
    [LONGHAUL_COLUMN_BASE_US] = "base_us",
    [LONGHAUL_COLUMN_DELAY_MIN_US] = "delay_min_us",
    [LONGHAUL_COLUMN_DELAY_P50_US] = "delay_p50_us",
    [LONGHAUL_COLUMN_DELAY_P95_US] = "delay_p95_us",
    [LONGHAUL_COLUMN_DELAY_P99_US] = "delay_p99_us",
    [LONGHAUL_COLUMN_DELAY_MAX_US] = "delay_max_us",
    [LONGHAUL_COLUMN_IPDV_P50_US] = "ipdv_p50_us",
    [LONGHAUL_COLUMN_IPDV_P99_US] = "ipdv_p99_us",
    [LONGHAUL_COLUMN_SILENCE_US] = "silence_us",
    [LONGHAUL_COLUMN_SILENT_US] = "silent_us",
    [LONGHAUL_COLUMN_SILENCES] = "silences",
    [LONGHAUL_COLUMN_SHIFT_US] = "shift_us",
    [LONGHAUL_COLUMN_SHIFTED_US] = "shifted_us",
    [LONGHAUL_COLUMN_SENDER_STEP_US] = "sender_step_us",
    [LONGHAUL_COLUMN_READ_LATE_US] = "read_late_us",
    [LONGHAUL_COLUMN_LOSS_RUNS] = "loss_runs",
    [LONGHAUL_COLUMN_LONGEST_RUN] = "longest_run",
    [LONGHAUL_COLUMN_REORDER_EXTENT] = "reorder_extent",
    [LONGHAUL_COLUMN_REORDER_LATE_US] = "reorder_late_us",
    [LONGHAUL_COLUMN_RETRANSMITS] = "retransmits",
    [LONGHAUL_COLUMN_SND_CWND_BYTES] = "snd_cwnd_bytes",
    [LONGHAUL_COLUMN_SND_WND_BYTES] = "snd_wnd_bytes",
    [LONGHAUL_COLUMN_RTT_MS] = "rtt_ms",
    [LONGHAUL_COLUMN_RTTVAR_MS] = "rttvar_ms",
    [LONGHAUL_COLUMN_PMTU_BYTES] = "pmtu_bytes",
    [LONGHAUL_COLUMN_REORDERINGS] = "reorderings",
    [LONGHAUL_COLUMN_SEGMENTS] = "segments",
    [LONGHAUL_COLUMN_SPURIOUS_RETRANSMITS] = "spurious_retransmits",
    [LONGHAUL_COLUMN_OUT_OF_ORDER_SEGMENTS] = "out_of_order_segments",
    [LONGHAUL_COLUMN_BUSY_S] = "busy_s",
    [LONGHAUL_COLUMN_RWND_LIMITED_S] = "rwnd_limited_s",
    [LONGHAUL_COLUMN_SNDBUF_LIMITED_S] = "sndbuf_limited_s",
    [LONGHAUL_COLUMN_ZERO_WINDOWS] = "zero_windows",
    [LONGHAUL_COLUMN_MIN_RTT_MS] = "min_rtt_ms",
    [LONGHAUL_COLUMN_MSS_BYTES] = "mss_bytes",
};

const char *longhaul_column_text(enum longhaul_column column)
{
    return (unsigned)column < LONGHAUL_N_COLUMNS ? names[column] : "";
}
