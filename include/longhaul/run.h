/* longhaul/run.h - runs legs to their planned end and writes their results; recovers what a dead run left. */
#ifndef LONGHAUL_RUN_H
#define LONGHAUL_RUN_H
#include <longhaul/delay.h>
#include <longhaul/leg.h>
LONGHAUL_BEGIN
/* Members of one of libiperf's rows that are missing, not a number, or out of the figure's range; bits. The row is
 * kept: such a member is 0 or NAN below, null in the record, not in the sums. Without TIME, start_s and seconds are by
 * this host's clock; without RATE, bits_per_second is bytes over seconds, or NAN; without LOSS, has_loss is false. */
enum longhaul_unreadable {
    LONGHAUL_UNREADABLE_TIME = 1, LONGHAUL_UNREADABLE_RATE = 2, LONGHAUL_UNREADABLE_BYTES = 4,
    LONGHAUL_UNREADABLE_PACKETS = 8, LONGHAUL_UNREADABLE_LOSS = 16, LONGHAUL_UNREADABLE_JITTER = 32
};
/* One interval of a running leg; sums over streams where nothing else is said. */
struct longhaul_interval {
    double start_s, seconds; /* since the leg's start, across reconnects; length, by libiperf's clock */
    int64_t bytes;           /* sent (push) or received (pull) */
    double bits_per_second;  /* as libiperf gives it */
    int64_t packets;         /* push: sent; pull: sent by the peer, as far as sequence numbers tell */
    int64_t lost_packets;    /* with has_loss; below 0 when datagrams that were counted as lost arrive late */
    double jitter_ms;        /* estimate of RFC 1889 at the end, mean over streams; NAN when unknown */
    double out_of_order_packets; /* received after a later one (RFC 4737), not lost; NAN when unknown, as for push */
    double duplicate_packets; /* received before (RFC 5560), not counted as out of order; NAN likewise */
    int64_t late_packets;    /* out of order, up to 0.7 s after the session's end: lost by libiperf's count, not here */
    int64_t wall_unix_ns, monotonic_ns; /* this host's CLOCK_REALTIME and CLOCK_MONOTONIC at the end */
    struct longhaul_delay delay; /* of the datagrams that this host receives */
    uint32_t segment;        /* session of the leg, from 0 */
    bool has_loss, is_omitted; /* lost_packets is known: this host receives; in libiperf's omit period */
    unsigned unreadable;     /* bits of enum longhaul_unreadable */
    /* TCP, as the columns of these names in read.h. With has_tcp (this host sends, and its kernel tells: tcp_info(7)),
     * else 0 or NAN; snd_wnd_bytes also NAN if libiperf is silent; min_rtt_ms by tcp_min_rtt_wlen. */
    bool has_tcp;
    int64_t retransmits;
    double snd_cwnd_bytes, snd_wnd_bytes, rtt_ms, rttvar_ms, pmtu_bytes, mss_bytes, min_rtt_ms;
    /* ... and at either end; NAN for UDP and where the kernel does not tell. */
    double segments, out_of_order_segments, spurious_retransmits, reorderings;
    double busy_s, rwnd_limited_s, sndbuf_limited_s, zero_windows;
};
/* STOP_LEG: end this leg now, with a result and an end record. STOP_ALL: so for all legs of the run. */
enum longhaul_action { LONGHAUL_ACTION_CONTINUE, LONGHAUL_ACTION_STOP_LEG, LONGHAUL_ACTION_STOP_ALL };
/* WAITING: a session ended early, or with wait_s none began yet; the next try follows after a pause. Reported once for
 * each reason, not for each try. PENDING: its time has not come (longhaul_run_add_later()); text says when, in UTC. */
enum longhaul_phase { LONGHAUL_PHASE_CONNECTING, LONGHAUL_PHASE_RUNNING, LONGHAUL_PHASE_WAITING, LONGHAUL_PHASE_DONE,
                      LONGHAUL_PHASE_PENDING };
/* The new phase of a leg, and the reason, "" when all is well; RUNNING: "resumed after 20 s" for a later session. */
struct longhaul_state { enum longhaul_phase phase; const char *text; };
/* Called on the thread that is in longhaul_run_wait() or longhaul_run_dispatch(). They may take their time: traffic and
 * journal do not wait. When on_interval is more than 65,536 intervals behind, the oldest are not delivered; the record
 * has them all. A callback must not wait for, dispatch or free its own run. A note is about the whole run, such as a
 * metrics file that cannot be written ("" once it can again). */
typedef enum longhaul_action longhaul_interval_cb(size_t leg, const struct longhaul_interval *interval, void *payload);
typedef void longhaul_state_cb(size_t leg, const struct longhaul_state *state, void *payload);
typedef void longhaul_note_cb(const char *text, void *payload);
struct longhaul_run_options {
    const char *dir;     /* folder of journals and results, made if missing; NULL means "24H" */
    longhaul_interval_cb *on_interval; /* each callback may be NULL */
    longhaul_state_cb *on_state;
    longhaul_note_cb *on_note;
    void *payload;       /* passed to each callback */
    double sync_s;       /* the journal is forced to disk at least this often; 0 means 5.0 */
    bool is_resumed;     /* continue the journal that an interrupted run of the same leg left in dir, to its original
                            end; begin a new one if it is missing. A journal of the other direction fails the leg */
    bool is_resume_only; /* with is_resumed: a leg without a journal is omitted (LONGHAUL_ENDING_NONE), not begun */
    const char *username, *password, *public_key; /* iperf3's authentication, all or none; path of a PEM file */
    double wait_s; /* how long to try the first connection, at least some seconds; the leg's time begins with it */
    int64_t start_unix_s; /* when legs of longhaul_run_add(), or the plan of longhaul_plan_begin(), begin; 0 means at
                             once; at most a year ahead. Waiting legs follow this host's date when it is set */
    const char *metrics_path; /* live figures for Prometheus, see longhaul-metrics(5); NULL for none */
    double metrics_s;    /* how often they are written; 0 means 15.0; 0.1 to 3600 */
};
enum longhaul_ending {
    LONGHAUL_ENDING_NONE,     /* not run, or not over */
    LONGHAUL_ENDING_COMPLETE, /* every planned second was observed */
    LONGHAUL_ENDING_GAPS,     /* there is a result, with seconds missing */
    LONGHAUL_ENDING_STOPPED,  /* ended early on request; there is a result, and a journal that is_resumed continues */
    LONGHAUL_ENDING_FAILED    /* no result; error says why */
};
/* How a leg ended. Counts are those of the result; sums are over its intervals. */
struct longhaul_outcome {
    enum longhaul_ending ending;
    struct longhaul_error error; /* why it failed, or what else went wrong */
    const char *result_path;     /* borrowed from the run; NULL without a result */
    uint64_t n_intervals, n_undelivered, n_lost_intervals; /* recorded; not given to on_interval; refused by disk */
    uint32_t n_segments, n_gaps; /* sessions that measured something; gaps */
    double planned_s, observed_s; /* observed_s: the intervals' lengths without what lies in gaps */
    int64_t bytes, packets, lost_packets; /* the last with has_loss: missing at the receiver, without late arrivals */
    int64_t unseen_packets;      /* sent after the last one that arrived, as far as the peer's counts are known */
    bool has_loss;               /* the receiver's count of losses is known for every segment */
    double out_of_order_packets, duplicate_packets; /* NAN when not known for every segment */
    uint64_t n_unreadable, n_left_out; /* with an unreadable member; rows not in the result, see longhaul-run(1) */
    int64_t retransmits;         /* TCP, with has_retransmits: the sender's count, known for every segment */
    bool has_retransmits;
};
/* Any number of legs at once, driven by one thread of the library's, which writes the records; a process may have
 * several runs. */
struct longhaul_run;
int longhaul_run_new(const struct longhaul_run_options *options, struct longhaul_run **out, struct longhaul_error *err);
/* Adds a leg (copied) before longhaul_run_start(); legs are numbered from 0. It begins at the options' start_unix_s; if
 * that passed more than a second ago, it is treated as added later with a negative delay. */
int longhaul_run_add(struct longhaul_run *run, const struct longhaul_leg *leg, struct longhaul_error *err);
/* Adds a leg that begins in delay_s seconds, up to 31,536,000: on that date when start_unix_s is set, else that long
 * after longhaul_run_start(). A resumed leg with a journal continues at once; with is_resume_only a leg that begins
 * later is begun at its time. A negative delay is a start in the past: the leg fails without a journal or result. */
int longhaul_run_add_later(struct longhaul_run *run, const struct longhaul_leg *leg, double delay_s,
                           struct longhaul_error *err);
int longhaul_run_start(struct longhaul_run *run, struct longhaul_error *err); /* begins all legs, returns at once */
/* Calls the callbacks until all legs are done. 0 when every leg has a result, else the first failed leg's error. */
int longhaul_run_wait(struct longhaul_run *run, struct longhaul_error *err);
/* In place of longhaul_run_wait(), for a program with an event loop of its own. The descriptor is readable (POLLIN, or
 * EPOLLIN, level-triggered) while longhaul_run_dispatch() has something to do, also when a time is due: no timeout is
 * needed. Borrowed, the same from longhaul_run_start() to longhaul_run_free(), above 2, readable for good once the run
 * is over; watch it only, and remove it from the loop before the run is freed. LONGHAUL_EINVAL before
 * longhaul_run_start(). From any thread. */
int longhaul_run_fd(const struct longhaul_run *run);
/* Calls the callbacks for what is there, at most 256 of them, and never blocks. 1 while the run goes on; then, as
 * longhaul_run_wait(), 0 or the first failed leg's error, also when called again. From one thread at a time; a program
 * that calls it late, or no more, loses no measurement. LONGHAUL_EINVAL before the start and in a callback. */
int longhaul_run_dispatch(struct longhaul_run *run, struct longhaul_error *err);
struct longhaul_journal { char path[4096]; int64_t start_unix_s, end_unix_s; /* by its name; the planned end */ };
/* Finds the journal of the leg in dir that is_resumed would continue, or that another run writes: 1, or 0 for none. */
int longhaul_run_journal(const char *dir, const struct longhaul_leg *leg, struct longhaul_journal *out,
                         struct longhaul_error *err);
/* Ends all legs early, each with its result and a complete end record. From any thread, or a signal handler. */
void longhaul_run_stop(struct longhaul_run *run);
/* The same for one leg; the others go on. Its outcome, record and status say that it was stopped, and is_resumed can
 * continue it. A leg that has measured nothing yet fails, without a result; one that is over stays as it is. From any
 * thread, a callback, or a signal handler: it sets a flag and writes to an eventfd. LONGHAUL_EINVAL before
 * longhaul_run_start() has returned, or for no such leg. */
int longhaul_run_stop_leg(struct longhaul_run *run, size_t leg);
/* Valid from the LONGHAUL_PHASE_DONE callback of the leg, or the end of the run; NULL before, and for no such leg. For
 * the thread that waits or dispatches. */
const struct longhaul_outcome *longhaul_run_outcome(const struct longhaul_run *run, size_t leg);
void longhaul_run_free(struct longhaul_run *run); /* first stops what still runs, without callbacks */
/* A whole run of one leg; returns when it is done. outcome may be NULL; its result_path is NULL. */
int longhaul_run_leg(const struct longhaul_leg *leg, const struct longhaul_run_options *options,
                     struct longhaul_outcome *outcome, struct longhaul_error *err);
/* The figures of a leg so far, including what a resumed leg measured before. */
struct longhaul_status {
    enum longhaul_phase phase;   /* LONGHAUL_PHASE_WAITING from a session's end to the next one's first second */
    enum longhaul_ending ending; /* LONGHAUL_ENDING_NONE until LONGHAUL_PHASE_DONE */
    double planned_s, elapsed_s, remaining_s; /* elapsed since its first second, gaps included, at most planned_s */
    double observed_s;           /* of elapsed_s: not in a gap, and confirmed. Never falls */
    double start_unix_s, end_unix_s; /* of its first second, and the planned end, by this host's calendar; NAN while
                                        unknown: before the first second, without a start date */
    double interval_s, target_bits_per_second; /* as planned; of all streams, NAN without a limit */
    double bits_per_second, jitter_ms, rtt_ms; /* of the newest interval; NAN while unknown. rtt_ms is TCP's own */
    double newest_loss_percent;  /* likewise: of its packets; NAN also when none arrived, and where has_loss is false */
    double newest_age_s;         /* since it arrived here, as last looked at; NAN before the first of this process */
    double mean_bits_per_second; /* bytes over the length of their intervals; NAN before the first */
    int64_t bytes, packets;      /* sums over intervals; never fall */
    int64_t lost_packets, most_lost_packets; /* with has_loss; falls when losses prove to be reordering; its maximum */
    double out_of_order_packets, duplicate_packets; /* sums over the intervals that know theirs; NAN while none does */
    int64_t retransmits;         /* with has_tcp */
    uint32_t n_sessions, n_gaps; /* sessions begun, gaps that are over */
    bool has_loss, has_tcp;      /* a pushed leg's losses are known only at its end */
    struct longhaul_delay_totals delays; /* of a leg that this host receives over UDP, as the next two */
    struct longhaul_jitter_totals jitters;
    double unavailable_s;        /* lost 1 % or more, no arrival, or a gap of a silent path; NAN if unknown */
    bool is_sent; /* a pushed leg: bits_per_second, bytes and packets are what was sent, not what arrived */
};
/* From any thread, between longhaul_run_start() and longhaul_run_free(), else LONGHAUL_EINVAL, as for no such leg. */
int longhaul_run_status(struct longhaul_run *run, size_t leg, struct longhaul_status *out, struct longhaul_error *err);
/* For a watchdog, from any thread: seconds since the loop of the legs was last awake, as it is each second; or NAN. */
double longhaul_run_idle_s(const struct longhaul_run *run);
/* Phase and ending in a word: "pending", "connecting", "running", "waiting", "done", "stopped", "failed". */
const char *longhaul_status_text(const struct longhaul_status *status);
/* Turns a journal that a dead run left into the result that the run would have written, next to it, without the torn
 * last line. The result is read again and compared with the journal, which is then removed, or, if not all is JSON,
 * kept as <stem>.journal.damaged. result_path, of size bytes, may be NULL. An error changes nothing. LONGHAUL_EBUSY: a
 * run writes it, or a result has more intervals; LONGHAUL_EFORMAT: no interval, or JSON that cannot be interpreted. */
int longhaul_recover(const char *journal_path, char *result_path, size_t size, struct longhaul_error *err);
LONGHAUL_END
#endif
