/* longhaul/read.h - reads any file of iperf3 or longhaul into columns. */
#ifndef LONGHAUL_READ_H
#define LONGHAUL_READ_H
#include <longhaul/host.h>
LONGHAUL_BEGIN
/* Columns of a series, one value per interval, in file order; sums over streams where nothing else is said. */
enum longhaul_column {
    LONGHAUL_COLUMN_START_S, LONGHAUL_COLUMN_END_S, /* of the interval, since the test's start */
    LONGHAUL_COLUMN_SECONDS, /* its length as the file gives it */
    LONGHAUL_COLUMN_BYTES, LONGHAUL_COLUMN_BITS_PER_SECOND,
    LONGHAUL_COLUMN_PACKETS, /* NAN for TCP */
    LONGHAUL_COLUMN_LOST_PACKETS, LONGHAUL_COLUMN_JITTER_MS, /* NAN where the receiver's count is unknown */
    /* The writer's clocks at the interval's end, of the day and the one that is never set; UDP packets that arrived
     * after a later one (RFC 4737), not lost; that had arrived before (RFC 5560). All NAN where longhaul did not
     * write them. */
    LONGHAUL_COLUMN_WALL_UNIX_S, LONGHAUL_COLUMN_MONOTONIC_S,
    LONGHAUL_COLUMN_OUT_OF_ORDER_PACKETS, LONGHAUL_COLUMN_DUPLICATE_PACKETS,
    /* TCP, as its sender's kernel knows it; NAN where the file does not say, as a receiver's. iperf3 writes the first
     * seven, longhaul all. "At the end" is the interval's. */
    LONGHAUL_COLUMN_RETRANSMITS, /* segments sent again */
    LONGHAUL_COLUMN_SND_CWND_BYTES, LONGHAUL_COLUMN_SND_WND_BYTES, /* at the end: congestion window, receiver's
                                                                      window */
    LONGHAUL_COLUMN_RTT_MS, LONGHAUL_COLUMN_RTTVAR_MS, /* at the end: smoothed, mean deviation; means over streams */
    LONGHAUL_COLUMN_PMTU_BYTES,  /* path MTU at the end, least of the streams */
    LONGHAUL_COLUMN_REORDERINGS, /* events of reordering (iperf3 3.20 and newer) */
    LONGHAUL_COLUMN_SEGMENTS,    /* with data: sent, including again; received in a receiver's file */
    LONGHAUL_COLUMN_SPURIOUS_RETRANSMITS,  /* sent again although the receiver had them (DSACK) */
    LONGHAUL_COLUMN_OUT_OF_ORDER_SEGMENTS, /* in a receiver's file: arrived, and not the next in order */
    /* Stream-seconds: with data unsent or unacknowledged; of these limited by the receiver's window, by the send
     * buffer. */
    LONGHAUL_COLUMN_BUSY_S, LONGHAUL_COLUMN_RWND_LIMITED_S, LONGHAUL_COLUMN_SNDBUF_LIMITED_S,
    LONGHAUL_COLUMN_ZERO_WINDOWS, /* streams whose receiver offers no window at the end */
    LONGHAUL_COLUMN_MIN_RTT_MS, LONGHAUL_COLUMN_MSS_BYTES /* of the last minutes; segment size; least of the streams */
};
#define LONGHAUL_N_COLUMNS (LONGHAUL_COLUMN_MSS_BYTES + 1)

/* One interval while its file is read. Valid during the call only. */
struct longhaul_row {
    const struct longhaul_info *info; /* of its test, read so far: the start, not yet the end */
    size_t test, index;   /* in the file, in the test; index restarts when a file repeats "intervals" */
    const double *values; /* LONGHAUL_N_COLUMNS */
};
typedef void longhaul_row_cb(const struct longhaul_row *row, void *payload);

#define LONGHAUL_DEFAULT_MAX_BYTES (UINT64_C(16) << 30)
#define LONGHAUL_DEFAULT_MAX_ROWS UINT64_C(5000000) /* 57 days of seconds */
#define LONGHAUL_DEFAULT_MAX_TESTS UINT64_C(200000)
#define LONGHAUL_DEFAULT_MAX_IDLE_S 6.0
/* How much of one file is read; more is LONGHAUL_ELIMIT, naming the limit. 0 means the default. */
struct longhaul_read_limits {
    uint64_t max_bytes, max_rows, max_tests; /* of text, after decompression; intervals of all its tests; tests */
    double max_idle_s; /* seconds of work without another interval or test, not counting waiting for a pipe */
};
struct longhaul_read_options {
    bool wants_omitted;      /* count intervals of the omit period, as the reference script does */
    longhaul_row_cb *on_row; /* gets each interval as soon as it is read; may be NULL */
    void *payload;
    struct longhaul_read_limits limits;
};

/* A test apart from its intervals. Numbers that the file does not have are NAN, texts "". */
struct longhaul_info {
    const char *path; /* as given to the reader */
    const char *source, *destination; /* never "": from "longhaul", else from a file's name of longhaul's form, else the
                                ends' addresses or host names, else from a name like HK-WUS.json or any other */
    const char *version, *protocol; /* "iperf 3.12"; "UDP", "TCP", as in test_start */
    const char *error;       /* the document's "error" */
    const char *longhaul_version; /* of the longhaul that wrote it */
    const char *local_address, *remote_address; /* of the first stream, as the writer saw it */
    const char *congestion, *rtt_method; /* TCP's congestion control at its sender; how longhaul_series_rtt() was
                                            measured: "icmp", or "tcp" (a handshake) */
    double start_unix_s, planned_s; /* UTC; test_start.duration */
    double target_bps, datagram_bytes, n_streams; /* target of each stream; streams in one direction */
    double window_bytes;     /* socket buffers as requested; NAN for the system's */
    double n_sessions;       /* iperf3 sessions that the intervals are from, one after the other: 1 unless longhaul's */
    bool is_sender;          /* the writer sent the data: its intervals know neither loss nor jitter */
    bool is_complete;        /* has a non-empty "end" */
    bool is_other_direction; /* second half of a bidirectional test; not if both have the same keys (iperf3 3.7-3.10) */
    bool has_omitted;        /* the test had an omit period (iperf3 -O): the sides began to count at different
                                packets */
    bool has_server_record;  /* includes the server's document (--get-server-output): loss, jitter and arrivals are its
                                counts, in the series too, but not in rows given to on_row */
    bool is_journal;         /* of a run in progress, or one that died: end_* are the sums of its sessions so far */
    bool is_mixed;           /* event lines of other tests are in between: intervals cannot be told apart */
    double end_seconds, end_bits_per_second; /* end.sum, as iperf3 and longhaul define it, as the next five */
    double end_bytes;        /* in a receiver's file of iperf3 3.9 and older: what was sent */
    double end_jitter_ms;    /* running estimate of RFC 1889: only the last packets count */
    double end_lost_packets, end_packets, end_lost_percent;
    /* end.sum_sent and end.sum_received: each side's own counts; 0 also where nobody counted. */
    double end_sent_packets, end_sent_bytes, end_sent_bits_per_second, end_retransmits;
    double end_received_packets, end_received_bytes, end_received_bits_per_second;
    double end_out_of_order_packets, end_duplicate_packets; /* UDP, in a receiver's file; iperf3 counts duplicates among
                                those out of order */
};

/* A time without observation, in files of longhaul; longhaul-run(1) lists the causes. */
struct longhaul_gap {
    double start_s, seconds;     /* on the test's axis; above 0 */
    const char *cause, *noticed; /* "path-silent", "peer-closed"..., "" when unknown; how it was noticed */
    const char *text;            /* what was reported then, such as an error of libiperf */
};
/* A round trip to the peer's host, measured during the test. */
struct longhaul_rtt_sample {
    double start_s, rtt_ms; /* on the test's axis; NAN when no answer came */
};
struct longhaul_reader;
struct longhaul_series;
/* Opens a file ("-" is standard input): `iperf3 -J` documents, --json-stream lines, a journal, a result, bare
 * intervals; several of them, with text around them, after what logs put before each line (times, pods, programs,
 * containers), or within strings of other JSON; UTF-8 or UTF-16; gzip, zstd or xz, where this build has those
 * libraries (else LONGHAUL_ENOTBUILT). Needs memory for the columns and a window of 512 KiB, or a few of the longest
 * element. A program that reads many files of a day saves a sixth of the time by keeping freed memory (glibc:
 * mallopt(), M_MMAP_THRESHOLD and M_TRIM_THRESHOLD). */
int longhaul_reader_open(const char *path, const struct longhaul_read_options *options, struct longhaul_reader **out,
                         struct longhaul_error *err);
/* The next test: 1 and *out, or 0 at the end. LONGHAUL_EFORMAT for a file without any, LONGHAUL_ELIMIT for one that is
 * too large (series returned before stay valid). A repeated test, with the same cookie and intervals, is returned once,
 * with a warning. A test that could not begin has no intervals, and info.error. A bidirectional test gives two series:
 * "sum", then "sum_bidir_reverse". */
int longhaul_reader_next(struct longhaul_reader *reader, struct longhaul_series **out, struct longhaul_error *err);
/* What was skipped or repaired so far: one line each, with the byte offset (in the text: uncompressed, as UTF-8). */
size_t longhaul_reader_n_warnings(const struct longhaul_reader *reader);
const char *longhaul_reader_warning(const struct longhaul_reader *reader, size_t i);
void longhaul_reader_free(struct longhaul_reader *reader);
void longhaul_series_free(struct longhaul_series *series);
const struct longhaul_info *longhaul_series_info(const struct longhaul_series *series);
size_t longhaul_series_length(const struct longhaul_series *series);
/* longhaul_series_length() values; NULL for no such column, and for TCP's when the file has none of them. */
const double *longhaul_series_column(const struct longhaul_series *series, enum longhaul_column column);
/* *n of them, in the file's order; a sender's intervals in a gap were sent, and whether they arrived is unknown. */
const struct longhaul_gap *longhaul_series_gaps(const struct longhaul_series *series, size_t *n);
const struct longhaul_rtt_sample *longhaul_series_rtt(const struct longhaul_series *series, size_t *n); /* by time */
/* What the writer's host dropped during the test; NULL when unknown. */
const struct longhaul_host_drops *longhaul_series_host_drops(const struct longhaul_series *series);
LONGHAUL_END
#endif
