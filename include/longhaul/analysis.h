/* longhaul/analysis.h - one test's figures, loss, events and verdict. Unknown figures are NAN. */
#ifndef LONGHAUL_ANALYSIS_H
#define LONGHAUL_ANALYSIS_H
#include <longhaul/delay.h>
#include <longhaul/hop.h>
LONGHAUL_BEGIN
/* The reference script's figures of one test, over all its intervals. Mbps: an interval's bits_per_second / 1e6. */
struct longhaul_summary {
    size_t n_intervals;
    double mean_mbps, median_mbps, min_mbps, max_mbps; /* median_mbps also NAN when memory is short */
    double std_mbps;      /* population standard deviation, two passes */
    double mean_pkt_rate; /* mean of packets / (seconds, or 1 when that is 0), over intervals that have packets */
    /* end.sum. Else duration_s is the plan; reported_mbps for TCP is the receiver's rate, or the sender's when the
     * receiver never reported. The others are NAN where nobody counted (iperf3 then writes 0), lost_packets also where
     * the two sides' counts contradict it; total_packets: sent, in a receiver's file as sequence numbers tell. */
    double duration_s, reported_mbps, jitter_ms, lost_packets, total_packets, loss_percent;
    double observed_s;               /* sum of lengths, without what lies in gaps that neither end observed */
    double sent_mbps, received_mbps; /* end.sum_sent, end.sum_received, NAN without them */
};
void longhaul_summarise(const struct longhaul_series *series, struct longhaul_summary *summary);
/* What is wrong with an interval; bits. It is counted, never changed; "excluded": in no figure, or only in sums. */
enum longhaul_artefact {
    LONGHAUL_ARTEFACT_TINY = 1,          /* no length, or less than half the median: excluded */
    LONGHAUL_ARTEFACT_ABSURD_COUNT = 2,  /* a rate or count below 0, or of 2147483647: excluded */
    LONGHAUL_ARTEFACT_ABSURD_LOSS = 4,   /* below 0 % (earlier losses were reordering), over 100 %: loss only in sums */
    LONGHAUL_ARTEFACT_ABSURD_JITTER = 8, /* below 0, or above the interval's length and 1 s (the first after a clock
                                            step can be 10^8 ms, esnet/iperf#842): its jitter is excluded */
    LONGHAUL_ARTEFACT_OVERLAPPING = 16,  /* overlaps its predecessor; still counted everywhere */
    LONGHAUL_ARTEFACT_UNCONFIRMED = 32,  /* a sender's, began in a gap, so nobody knows if it arrived: excluded */
    LONGHAUL_ARTEFACT_ABSURD_TIME = 64,  /* seconds are not end less start (omit period): rate, loss only in sums */
    LONGHAUL_ARTEFACT_REPEATED = 128     /* same start and end as an earlier one: excluded, except from the summary */
};
/* Over the n intervals that know the value and have no artefact in it: linear interpolation between the nearest ranks
 * (Hyndman and Fan 1996, type 7, as in numpy). NAN when n is 0. */
struct longhaul_percentiles { size_t n; double min, p1, p5, p50, p95, p99, p99_9, max; };
/* UNKNOWN: no rate is known. SENT: what was sent; nobody knows what arrived. DELIVERED: what the receiver got. */
enum longhaul_rate_kind { LONGHAUL_RATE_KIND_UNKNOWN, LONGHAUL_RATE_KIND_SENT, LONGHAUL_RATE_KIND_DELIVERED };
/* The rate of a leg: the one answer in every text, table and chart but the reference's. longhaul-show(1) has the rules:
 * bits that the receiver got, by its intervals, over their time; else what was sent less what was lost. */
struct longhaul_rate { double mbps, seconds; enum longhaul_rate_kind kind; }; /* NAN; seconds: of which it is */
/* An hour or minute of UTC, of the test's axis when its start is unknown; intervals count where they begin. */
struct longhaul_span {
    double start_unix_s, start_s; /* of the whole hour or minute; NAN when unknown; on the test's axis, also below 0 */
    size_t n_intervals;
    double observed_s; /* without the time in gaps that neither end observed */
    double mean_mbps, min_mbps, max_mbps; /* bits over seconds; of intervals; delivered, else sent: */
    enum longhaul_rate_kind rate_kind;
    /* Sums over the intervals that know them, NAN where none does; known_packets: of intervals that know their loss. */
    double packets, lost_packets, known_packets, loss_percent;
    double jitter_p50_ms, jitter_p95_ms, outage_s; /* outage_s: within outages */
    double delay_p50_ms, delay_p99_ms, delay_max_ms; /* of datagrams, see struct longhaul_delays; NAN when unknown */
};
enum { LONGHAUL_N_LOSS_CLASSES = 6, LONGHAUL_N_WORST = 10 };
struct longhaul_figures {
    struct longhaul_percentiles rate_mbps, loss_percent, jitter_ms; /* loss of each interval: 100 lost / packets */
    double usual_s, start_unix_s; /* median length; of the axis: longhaul's first wall clock, or info.start_unix_s */
    int64_t bytes, packets, lost_packets; /* sums over intervals, also below 0; the last two with has_... */
    bool has_packets, has_loss;           /* has_loss: every interval knows its loss */
    double loss_percent_of_intervals; /* 100 lost_packets / packets */
    double downtime_s; /* within outages */
    double coverage; /* seconds observed outside gaps / planned (so far, of a journal), to 1; NAN without a plan */
    /* Share, 0-1, of the observed seconds with known loss in which it was below loss_limit_percent and something
     * arrived; as in ITU-T Y.1540, by intervals instead of minutes. */
    double availability, loss_limit_percent;
    double availability_known_s; /* seconds of which it is */
    /* The loss that is usual, by a running median over 90 minutes without events: its least and most, and when on the
     * axis it is most. It rises slowly; a sharp rise that lasts is an event. NAN where the loss is unknown. */
    double usual_loss_least_percent, usual_loss_most_percent, usual_loss_most_s;
    double clean_start_s, clean_seconds; /* longest time without loss, gap or outage; NAN when loss is unknown */
    size_t loss_classes[LONGHAUL_N_LOSS_CLASSES]; /* intervals that lost 0, 1, 2-10, 11-100, 101-1000, more packets */
    /* Share of intervals with loss: of all, of those after one with loss (Bolot 1993). Higher when losses cluster. */
    double p_loss, p_loss_after_loss;
    /* Of one UDP stream, else NAN: the rate of one datagram per interval; datagrams in a mean interval, with fraction
     * f: f of the intervals have one more; deviation of a perfect sender, quantum_mbps sqrt(f (1 - f)) (Bernoulli);
     * share of intervals within one datagram of the mean, 0-1. */
    double quantum_mbps, quantum_mean, quantum_std_mbps, quantum_share;
    size_t n_tiny, n_absurd_counts, n_absurd_losses, n_absurd_jitters; /* intervals with each artefact */
    size_t n_repeated, n_overlapping, n_absurd_times, n_unconfirmed;
    struct longhaul_percentiles path_rtt_ms; /* answered round trips that were measured during the test */
    size_t n_rtt_unanswered, n_worst; /* n_worst: minutes of UTC that lost most packets, worst first, only with loss */
    struct longhaul_span worst[LONGHAUL_N_WORST];
};

/* UNKNOWN: no receiver's count is known. END: by the end record, the receiver's count for the whole test, where it
 * knows the loss. INTERVALS: else the sum over the intervals, where all know theirs. */
enum longhaul_loss_origin { LONGHAUL_LOSS_ORIGIN_UNKNOWN, LONGHAUL_LOSS_ORIGIN_END, LONGHAUL_LOSS_ORIGIN_INTERVALS };
/* The loss of a leg: the one answer in every text, table and chart. */
struct longhaul_loss {
    double percent, lost; /* 100 lost / total; packets. NAN when unknown; below 0 or over 100 % only if not valid */
    double total; /* sent, as far as sequence numbers tell: may be known when the loss is not */
    enum longhaul_loss_origin origin;
};
/* By the end record, else by the intervals; none is lost: packets after a later one (RFC 4737), in iperf3's own files
 * with duplicates; packets that arrived again (RFC 5560); the first in % of those sent, as sequence numbers tell. */
struct longhaul_order { double out_of_order_packets, duplicate_packets, out_of_order_percent; };
/* Delays in queues of all datagrams, silences and losses in a row (longhaul/delay.h), where the receiver was longhaul;
 * n_intervals is 0, and all others NAN or 0, elsewhere. Percentiles are of datagrams, from histograms, to 1.6 %. */
struct longhaul_delays {
    size_t n_intervals;      /* that know their delays */
    double n_datagrams;      /* in the histograms; 0 in a record that broke off early: percentiles are NAN then */
    double p50_ms, p95_ms, p99_ms, p99_9_ms, max_ms, max_at_s; /* max_at_s: start of its interval, on the axis */
    /* Datagrams up to each of longhaul_delay_bounds_s(), and p99 as Prometheus's histogram_quantile() has it. */
    uint64_t n_within[LONGHAUL_DELAY_BOUNDS];
    double p99_of_buckets_ms;
    double ipdv_p50_ms, ipdv_p99_ms; /* medians of the intervals' percentiles */
    size_t n_shifts, n_steps; /* changes of the base's level; settings of the sender's clock */
    double shift_ms;          /* the greatest change, signed; NAN */
    double n_silences, longest_silence_ms; /* of over 10 spacings of datagrams; of all */
    double loss_runs, longest_run;         /* losses in a row */
    double read_late_ms;      /* the longest time in which this host did not read what had arrived; NAN below 10 ms */
};
/* TCP compared with what windows, loss and target allow. Sums over streams; most is known only where data was sent. */
struct longhaul_tcp {
    struct longhaul_percentiles snd_cwnd_bytes; /* of intervals */
    struct longhaul_percentiles rtt_ms; /* TCP's smoothed; in a receiver's file those measured during the test */
    double min_rtt_ms, rttvar_ms; /* least that TCP saw, in iperf3's own files the least of rtt_ms; median */
    /* Sum over intervals, else by the end record; sent, including again, or received, else from bytes and MSS. */
    double retransmits, segments, retransmit_percent; /* 100 retransmits / segments */
    double spurious_retransmits, reorderings, out_of_order_segments; /* sums */
    /* Stream-seconds; the last: busy, limited by neither window nor buffer, so by congestion window or pacing. */
    double busy_s, rwnd_limited_s, sndbuf_limited_s, cwnd_limited_s;
    double n_zero_windows; /* intervals at whose end a receiver offered no window */
    double mss_bytes, pmtu_bytes; /* least; an unknown MSS from the path MTU, IPv4 with timestamps */
    double window_bytes, window_limit_mbps; /* median of the receiver's windows, else as requested; x 8 / median RTT */
    double mathis_limit_mbps; /* MSS x 8 / RTT x sqrt(3/2) / sqrt(loss), times the streams (Mathis et al. 1997); loss is
                                 the share sent again for a reason. NAN without loss, and for BBR, which ignores it */
    double pacing_mbps, limit_mbps; /* target of all streams, NAN when unlimited; least of the three that are known */
    const char *limited_by; /* which: "window", "loss", "pacing", ""; static */
};

enum longhaul_event_kind {
    LONGHAUL_EVENT_OUTAGE, /* no data got through: none arrived, what was sent is lost or not known to have arrived */
    LONGHAUL_EVENT_LOSS,     /* more loss than is usual for this leg at this time */
    LONGHAUL_EVENT_RATE_CAP, /* loss that leaves a rate which is the same in each second, as a policer's */
    LONGHAUL_EVENT_JITTER,   /* more jitter than is usual */
    LONGHAUL_EVENT_RATE,     /* less was sent than the target, or for TCP carried than usual; loss does not tell why */
    LONGHAUL_EVENT_CONTROL,  /* the control connection was silent, and no data is known to be lost */
    LONGHAUL_EVENT_ENDED,    /* the record ends before its plan */
    LONGHAUL_EVENT_DELAY,    /* more delay in queues than is usual: p95 of the intervals, longhaul/delay.h */
    LONGHAUL_EVENT_ROUTE,    /* the least transit changed its level: another route. level: by how much; peak: signed.
                                * With the cause "hops" traces alone show it: level and peak are NAN */
    LONGHAUL_EVENT_SILENCE   /* nothing arrived for 50 ms to 2 s, although it was sent */
};
enum { LONGHAUL_N_EVENT_KINDS = LONGHAUL_EVENT_SILENCE + 1 };
/* How far an event reaches, by legs that were measured at the same time. */
enum longhaul_scope {
    LONGHAUL_SCOPE_UNKNOWN, LONGHAUL_SCOPE_LEG, /* too few were measured; this direction alone */
    LONGHAUL_SCOPE_PAIR, /* the opposite direction too, but no other pair of its sites */
    LONGHAUL_SCOPE_HUB,  /* most other pairs at one of its sites too: event.site */
    LONGHAUL_SCOPE_FLOW  /* some of the leg's flows: event.flow_ports */
};
enum { LONGHAUL_EVENT_PORTS = 8 };
/* What others did during an event. */
enum longhaul_concurrence { LONGHAUL_CONCURRENCE_NOT_MEASURED, LONGHAUL_CONCURRENCE_QUIET,
                            LONGHAUL_CONCURRENCE_AFFECTED };
/* longhaul-show(1) has the methods that find events, and their sources. */
struct longhaul_event {
    enum longhaul_event_kind kind;
    char cause[32]; /* as in struct longhaul_gap; "this-host", "large-packets", "round-trip-same", "sender", "stopped",
                     * "hops"; "" when unknown */
    double start_unix_s, start_s, seconds; /* UTC, NAN if unknown; on the axis; until its end, or the data's */
    bool is_open; /* it goes on at the end of the data */
    size_t first, n_intervals; /* first interval, and how many; in a gap 0, and first is the one after it */
    /* Packets that it lost; each lost packet belongs to one event at most: 0 for jitter, a rate. NAN when unknown. */
    double lost_packets;
    double level, peak, usual; /* mean, worst interval, usual: loss in %, jitter and such in ms, Mbps; NAN: outage */
    enum longhaul_concurrence opposite; /* the opposite direction; longhaul_analysis_relate() fills this and the rest */
    size_t n_other_measured, n_other_affected; /* legs of other pairs at its sites, measured and affected then */
    enum longhaul_scope scope;
    char site[64]; /* with LONGHAUL_SCOPE_HUB: where the affected pairs meet */
    /* With LONGHAUL_SCOPE_FLOW: it is confined to so many flows of so many; the source ports of the first ones
     * (destination ports where all have the same source port), 0 behind the last one. Else 0. */
    uint32_t n_flows_affected, n_flows;
    bool is_flow_destination; /* flow_ports are destination ports */
    uint16_t flow_ports[LONGHAUL_EVENT_PORTS];
    struct longhaul_event_hops hops; /* what traces of the route say about it */
};
enum longhaul_verdict { LONGHAUL_VERDICT_VALID, LONGHAUL_VERDICT_VALID_WITH_NOTES, LONGHAUL_VERDICT_NOT_VALID };
/* A rule that the test broke, in a fixed order of rules; longhaul-show(1) lists and explains them. */
struct longhaul_finding {
    const char *rule; /* its name, static: "no_intervals" */
    bool is_fault;    /* the figures are unreliable; else a note */
    char text[200];   /* a sentence with the values, without full stop */
};
struct longhaul_analysis_options { double loss_limit_percent; }; /* for availability, 0-100; 0 means 1 */
struct longhaul_analysis;
/* Time is O(n) in the intervals. The series may be freed afterwards. LONGHAUL_EINVAL for a limit out of range. */
int longhaul_analyse(const struct longhaul_series *series, const struct longhaul_analysis_options *options,
                     struct longhaul_analysis **out, struct longhaul_error *err);
/* Finds out for each event of n tests which others had such an event, whose start and end are within 5 s or 5 % of its
 * length, as clocks allow. */
int longhaul_analysis_relate(struct longhaul_analysis *const *tests, size_t n, struct longhaul_error *err);
void longhaul_analysis_free(struct longhaul_analysis *analysis);
const struct longhaul_info *longhaul_analysis_info(const struct longhaul_analysis *analysis);
const struct longhaul_summary *longhaul_analysis_summary(const struct longhaul_analysis *analysis);
const struct longhaul_figures *longhaul_analysis_figures(const struct longhaul_analysis *analysis);
const struct longhaul_rate *longhaul_analysis_rate(const struct longhaul_analysis *analysis);
const struct longhaul_loss *longhaul_analysis_loss(const struct longhaul_analysis *analysis);
const struct longhaul_order *longhaul_analysis_order(const struct longhaul_analysis *analysis);
const struct longhaul_tcp *longhaul_analysis_tcp(const struct longhaul_analysis *analysis); /* NULL for UDP */
const struct longhaul_delays *longhaul_analysis_delays(const struct longhaul_analysis *analysis);
const struct longhaul_host_drops *longhaul_analysis_host_drops(const struct longhaul_analysis *analysis);
const struct longhaul_flow *longhaul_analysis_flows(const struct longhaul_analysis *analysis, size_t *n);
const struct longhaul_route *longhaul_analysis_routes(const struct longhaul_analysis *analysis, size_t *n);
/* The traces of one flow before, during and after an event of the analysis, as its `hops` compare them; NULL for each
 * that was not made. Borrowed. */
void longhaul_analysis_event_routes(const struct longhaul_analysis *analysis, const struct longhaul_event *event,
                                    const struct longhaul_route *routes[3]);
/* *n of each, by start; events of one start by kind. */
const struct longhaul_span *longhaul_analysis_hours(const struct longhaul_analysis *analysis, size_t *n);
/* The same for spans of any length in seconds, of the series that was analysed: those in which an interval begins, *n
 * of them, which the caller frees with free(); NULL for none. Shorter than 30 intervals, an interval may count up to
 * half an interval earlier or later, so that each span has as many. LONGHAUL_EINVAL for another series. */
int longhaul_analysis_spans(const struct longhaul_analysis *analysis, const struct longhaul_series *series,
                            double length_s, struct longhaul_span **spans, size_t *n, struct longhaul_error *err);
const struct longhaul_gap *longhaul_analysis_gaps(const struct longhaul_analysis *analysis, size_t *n);
const struct longhaul_event *longhaul_analysis_events(const struct longhaul_analysis *analysis, size_t *n);
const struct longhaul_finding *longhaul_analysis_findings(const struct longhaul_analysis *analysis, size_t *n);
/* Bits of enum longhaul_artefact, one byte for each interval of the series. */
const unsigned char *longhaul_analysis_artefacts(const struct longhaul_analysis *analysis);
enum longhaul_verdict longhaul_analysis_verdict(const struct longhaul_analysis *analysis);
int longhaul_analysis_json(const struct longhaul_analysis *analysis, char **out, struct longhaul_error *err);
const char *longhaul_event_kind_text(enum longhaul_event_kind kind);
/* "1 of 16 flows (source port 41234)"; "" for an event of another scope. */
void longhaul_event_flows_text(const struct longhaul_event *event, char *text, size_t size);
/* "the route changed between hop 4 and 7 (198.18.4.1 before, 198.18.9.1 since)", "first loss at hop 4 (198.18.4.1)"; ""
 * where traces say nothing, or nothing new. */
void longhaul_event_hops_text(const struct longhaul_event *event, char *text, size_t size);
const char *longhaul_scope_text(enum longhaul_scope scope);
const char *longhaul_verdict_text(enum longhaul_verdict verdict);
const char *longhaul_rate_kind_text(enum longhaul_rate_kind kind);
const char *longhaul_loss_origin_text(enum longhaul_loss_origin origin);
/* A sentence about what the deviation of the rate consists of; "" where the quantum is unknown. */
void longhaul_quantum_text(const struct longhaul_summary *summary, const struct longhaul_figures *figures, char *text,
                           size_t size);
LONGHAUL_END
#endif
