/* longhaul/read.h - reads any file of iperf3 or longhaul into columns. */
#ifndef LONGHAUL_READ_H
#define LONGHAUL_READ_H
#include <longhaul/base.h>
LONGHAUL_BEGIN
/* Columns of a series, one value per interval, in file order; sums over streams where nothing else is said. */
enum longhaul_column {
    LONGHAUL_COLUMN_START_S, LONGHAUL_COLUMN_END_S, LONGHAUL_COLUMN_SECONDS, /* from the test's start; as given */
    LONGHAUL_COLUMN_BYTES, LONGHAUL_COLUMN_BITS_PER_SECOND, LONGHAUL_COLUMN_PACKETS, /* packets are NAN for TCP */
    LONGHAUL_COLUMN_LOST_PACKETS, LONGHAUL_COLUMN_JITTER_MS, /* NAN where the receiver's count is unknown */
    /* NAN where longhaul did not write them: the writer's clocks at the interval's end, of the day and one never set;
     * UDP packets that arrived after a later one (RFC 4737), not lost; that had arrived before (RFC 5560). */
    LONGHAUL_COLUMN_WALL_UNIX_S, LONGHAUL_COLUMN_MONOTONIC_S,
    LONGHAUL_COLUMN_OUT_OF_ORDER_PACKETS, LONGHAUL_COLUMN_DUPLICATE_PACKETS,
    /* NAN where longhaul did not write them: struct longhaul_delay (delay.h) has their meanings. In microseconds, but
     * _SILENCES, _LOSS_RUNS, _LONGEST_RUN and _REORDER_EXTENT are counts. */
    LONGHAUL_COLUMN_BASE_US, LONGHAUL_COLUMN_DELAY_MIN_US, LONGHAUL_COLUMN_DELAY_P50_US, LONGHAUL_COLUMN_DELAY_P95_US,
    LONGHAUL_COLUMN_DELAY_P99_US, LONGHAUL_COLUMN_DELAY_MAX_US, LONGHAUL_COLUMN_IPDV_P50_US,
    LONGHAUL_COLUMN_IPDV_P99_US, LONGHAUL_COLUMN_SILENCE_US, LONGHAUL_COLUMN_SILENT_US, LONGHAUL_COLUMN_SILENCES,
    LONGHAUL_COLUMN_SHIFT_US, LONGHAUL_COLUMN_SHIFTED_US, LONGHAUL_COLUMN_SENDER_STEP_US,
    LONGHAUL_COLUMN_READ_LATE_US, LONGHAUL_COLUMN_LOSS_RUNS, LONGHAUL_COLUMN_LONGEST_RUN,
    LONGHAUL_COLUMN_REORDER_EXTENT, LONGHAUL_COLUMN_REORDER_LATE_US,
    /* TCP, as its sender's kernel knows it; NAN where the file does not say, as a receiver's. iperf3 writes the first
     * seven, longhaul all. Segments sent again; at the interval's end: congestion window, receiver's window, smoothed
     * RTT and its mean deviation (means over streams), path MTU (least); events of reordering (iperf3 3.20, newer). */
    LONGHAUL_COLUMN_RETRANSMITS, LONGHAUL_COLUMN_SND_CWND_BYTES, LONGHAUL_COLUMN_SND_WND_BYTES,
    LONGHAUL_COLUMN_RTT_MS, LONGHAUL_COLUMN_RTTVAR_MS, LONGHAUL_COLUMN_PMTU_BYTES, LONGHAUL_COLUMN_REORDERINGS,
    LONGHAUL_COLUMN_SEGMENTS,              /* with data: sent, including again; received in a receiver's file */
    LONGHAUL_COLUMN_SPURIOUS_RETRANSMITS,  /* sent again although the receiver had them (DSACK) */
    LONGHAUL_COLUMN_OUT_OF_ORDER_SEGMENTS, /* in a receiver's file: arrived, and not the next in order */
    /* Stream-seconds with data unsent or unacknowledged; of these limited by the receiver's window, the send buffer. */
    LONGHAUL_COLUMN_BUSY_S, LONGHAUL_COLUMN_RWND_LIMITED_S, LONGHAUL_COLUMN_SNDBUF_LIMITED_S,
    LONGHAUL_COLUMN_ZERO_WINDOWS, /* streams whose receiver offers no window at the interval's end */
    LONGHAUL_COLUMN_MIN_RTT_MS, LONGHAUL_COLUMN_MSS_BYTES /* of the last minutes; segment size; least of the streams */
};
#define LONGHAUL_N_COLUMNS (LONGHAUL_COLUMN_MSS_BYTES + 1)
const char *longhaul_column_text(enum longhaul_column column); /* "bits_per_second": its name in CSV; static */
struct longhaul_row { /* one interval while its file is read */
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
    double max_idle_s; /* seconds of CPU time without another interval or test */
};
struct longhaul_read_options {
    bool wants_omitted;      /* count intervals of the omit period, as the reference script does */
    longhaul_row_cb *on_row; /* gets each interval as soon as it is read; may be NULL */
    void *payload;
    struct longhaul_read_limits limits;
};

/* A test apart from its intervals. Numbers that the file does not have are NAN, texts "". */
struct longhaul_info {
    /* As given to the reader; the others never "": from "longhaul", else from a file's name of longhaul's form, else
     * the ends' addresses or host names, else from a name like HK-WUS.json or any other. */
    const char *path, *source, *destination;
    const char *version, *protocol;      /* "iperf 3.12"; "UDP", "TCP", as in test_start */
    const char *error, *longhaul_version; /* the document's "error"; of the longhaul that wrote it */
    const char *local_address, *remote_address; /* of the first stream, as the writer saw it */
    const char *congestion, *rtt_method; /* of the sender's TCP; of longhaul_series_rtt(): "icmp", "tcp" (handshake) */
    double start_unix_s, planned_s; /* UTC; test_start.duration */
    double stopped_s; /* when longhaul ended the leg on request before planned_s, on its axis; NAN: it did not */
    double target_bps, datagram_bytes, n_streams; /* target of each stream; streams in one direction */
    double window_bytes, n_sessions; /* buffers as requested, NAN: the system's; iperf3 sessions, 1 unless longhaul's */
    bool is_sender, is_complete; /* the writer sent: intervals without loss, jitter; has a non-empty "end" */
    bool is_other_direction; /* second half of a bidirectional test; not if both have the same keys (iperf3 3.7-3.10) */
    bool has_omitted; /* the test had an omit period (iperf3 -O): the sides began to count at different packets */
    bool has_server_record; /* --get-server-output: loss, jitter, arrivals are the server's, except in on_row */
    bool has_receiver_record; /* a sender's: longhaul_receivers_join() has joined the receiver's record of longhaul */
    bool is_journal; /* of a run in progress, or one that died: end_* are the sums of its sessions so far */
    bool is_mixed;   /* event lines of other tests are in between: intervals cannot be told apart */
    /* end.sum, as iperf3 and longhaul define it. end_bytes: in a receiver's file of iperf3 3.9 and older what was sent.
     * end_jitter_ms: running estimate of RFC 1889, so only the last packets count. */
    double end_seconds, end_bits_per_second, end_bytes, end_jitter_ms, end_lost_packets, end_packets, end_lost_percent;
    /* end.sum_sent and end.sum_received: each side's own counts; 0 also where nobody counted. */
    double end_sent_packets, end_sent_bytes, end_sent_bits_per_second, end_retransmits;
    double end_received_packets, end_received_bytes, end_received_bits_per_second;
    double end_out_of_order_packets, end_duplicate_packets; /* UDP, receiver's file; iperf3 counts duplicates in both */
};
/* A time without observation, in files of longhaul; longhaul-run(1) lists the causes. */
struct longhaul_gap {
    double start_s, seconds;     /* on the test's axis; above 0 */
    const char *cause, *noticed, *text; /* "path-silent"..., or ""; how noticed; what was reported, as by libiperf */
    double seconds_seen; /* of a sender's gap: in which the joined receiver's record has data; 0 without one */
};
/* A round trip to the peer's host during the test: when, on its axis; NAN when no answer came. */
struct longhaul_rtt_sample { double start_s, rtt_ms; };
/* What the writer's kernel dropped during the test, by counters of the network namespace; NAN, or NULL, if unknown. */
struct longhaul_host_drops {
    /* IPv4, IPv6 (/proc/net/snmp, snmp6): datagrams delivered; RcvbufErrors; SndbufErrors; InCsumErrors; MemErrors. */
    double udp_received, udp_receive_buffer, udp_send_buffer, udp_checksum, udp_memory;
    /* Of the UDP sockets open now (/proc/net/udp, udp6): all; most of one, and its local port, NAN without drops. */
    double udp_sockets, udp_worst, udp_worst_port;
    double backlog; /* the queue before the stack was full, all CPUs (/proc/net/softnet_stat) */
    double interface_received, interface_sent; /* of the interface: no room, missed, FIFO (/proc/net/dev) */
    double reassembly; /* packets whose fragments did not all arrive: ReasmFails, Ip6ReasmFails */
};
struct longhaul_reader; struct longhaul_series;
/* Opens a file ("-" is standard input): `iperf3 -J` documents, --json-stream lines, a journal, a result, bare
 * intervals; several of them, with text around them, after what logs put before each line (times, pods, programs,
 * containers), or within strings of other JSON; UTF-8 or UTF-16; gzip, zstd or xz, where this build has those
 * libraries (else LONGHAUL_ENOTBUILT). Needs the columns and 512 KiB, or a few of the longest element. */
int longhaul_reader_open(const char *path, const struct longhaul_read_options *options, struct longhaul_reader **out,
                         struct longhaul_error *err);
/* The next test: 1 and *out, or 0 at the end. LONGHAUL_EFORMAT for a file without any, LONGHAUL_ELIMIT for one that is
 * too large (earlier series stay valid). A repeat, with the same cookie and intervals, is omitted with a warning. A
 * test that could not begin has no intervals, and info.error. A bidirectional test: "sum", then "sum_bidir_reverse". */
int longhaul_reader_next(struct longhaul_reader *reader, struct longhaul_series **out, struct longhaul_error *err);
/* What was skipped or repaired so far: one line each, with the byte offset (in the text: uncompressed, as UTF-8). */
size_t longhaul_reader_n_warnings(const struct longhaul_reader *reader);
const char *longhaul_reader_warning(const struct longhaul_reader *reader, size_t i);
void longhaul_reader_free(struct longhaul_reader *reader);
/* Receivers' records, as `longhaul serve` leaves them in a folder "receiver" next to the senders' files. */
struct longhaul_receivers;
int longhaul_receivers_new(const struct longhaul_read_options *options, struct longhaul_receivers **out,
                           struct longhaul_error *err); /* options may be NULL; its on_row is not called */
/* Reads the records in <dir>/receiver, which may belong to senders' files anywhere. None is no error. */
int longhaul_receivers_read(struct longhaul_receivers *receivers, const char *dir, struct longhaul_error *err);
/* Joins to a sender's series the records that have its sessions, of the folders read, else of the folder "receiver"
 * next to its file (read once): 1 if one did, 0 if none. Loss, jitter and arrivals of each interval are the receiver's
 * then; intervals that only the receiver has are added; what it observed in a gap is no longer missing. */
int longhaul_receivers_join(struct longhaul_receivers *receivers, struct longhaul_series *series,
                            struct longhaul_error *err);
/* The next record of longhaul_receivers_read() that was joined to nothing: 1 and *out, or 0. */
int longhaul_receivers_rest(struct longhaul_receivers *receivers, struct longhaul_series **out);
size_t longhaul_receivers_n_warnings(const struct longhaul_receivers *receivers); /* files that cannot be read */
const char *longhaul_receivers_warning(const struct longhaul_receivers *receivers, size_t i);
void longhaul_receivers_free(struct longhaul_receivers *receivers);
/* Calls take() for each record in a folder, by name, each test once: 1, or 0 if path is no folder. */
typedef void longhaul_path_cb(const char *path, void *payload);
int longhaul_folder_each(const char *path, longhaul_path_cb *take, void *payload, struct longhaul_error *err);
void longhaul_series_free(struct longhaul_series *series);
const struct longhaul_info *longhaul_series_info(const struct longhaul_series *series);
size_t longhaul_series_length(const struct longhaul_series *series);
/* longhaul_series_length() values; NULL for no such column, and for TCP's when the file has none of them. */
const double *longhaul_series_column(const struct longhaul_series *series, enum longhaul_column column);
/* *n of them, in the file's order; a sender's intervals in a gap were sent, and whether they arrived is unknown. */
const struct longhaul_gap *longhaul_series_gaps(const struct longhaul_series *series, size_t *n);
const struct longhaul_rtt_sample *longhaul_series_rtt(const struct longhaul_series *series, size_t *n); /* by time */
/* Quantiles, for n shares from 0 to 1, of the delays (delay.h) of all datagrams from start_s to end_s, in us, to 1.6 %:
 * from histograms of 10 s, or a minute in a test of over 3 minutes, added up; those that overlap count whole. Returns
 * the number of datagrams; 0, and NAN in us, without one. */
uint64_t longhaul_series_delays(const struct longhaul_series *series, double start_s, double end_s, const double *share,
                                size_t n, double *us);
const struct longhaul_host_drops *longhaul_series_host_drops(const struct longhaul_series *series);
LONGHAUL_END
#endif
