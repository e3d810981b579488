/* longhaul.h - the whole public interface of liblonghaul.
 *
 * Two halves that meet only in files: measuring (longhaul_leg_*, longhaul_run_*, longhaul_serve_*, longhaul_recover)
 * drives libiperf and writes results; understanding (longhaul_reader_*, longhaul_series_*, longhaul_report_*) reads
 * them.
 *
 * Conventions. Functions return 0 or a negative code of enum longhaul_code; iterators return 1, then 0 at the end, or a
 * negative code. The message is in the caller's struct longhaul_error, which may be NULL and is zeroed by its owner
 * before it is used: the first error stays. On failure *out is untouched. A const return is borrowed from the first
 * argument; **out belongs to the caller and is freed by longhaul_NOUN_free(), which accepts NULL. A struct of options
 * that is all zero means "the defaults". What was not measured is NAN. The library never prints, never exits, and keeps
 * no global state. */
#ifndef LONGHAUL_H
#define LONGHAUL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LONGHAUL_VERSION "0.1.0"

/* ---- errors */

enum longhaul_code {
    LONGHAUL_OK = 0,
    LONGHAUL_EINVAL = -1,    /* a value of the caller's makes no sense; the text names it */
    LONGHAUL_ENOMEM = -2,    /* out of memory */
    LONGHAUL_EIO = -3,       /* a file or folder cannot be read or written */
    LONGHAUL_EFORMAT = -4,   /* the file is not what iperf3 or longhaul writes */
    LONGHAUL_ENET = -5,      /* a test could not begin: refused, unreachable, busy, not resolved */
    LONGHAUL_EBUSY = -6,     /* taken: a port, a name, a record that another process writes */
    LONGHAUL_ENOTBUILT = -7, /* this build lacks what that needs (libiperf) */
    LONGHAUL_EPLOT = -8,     /* gnuplot is missing, too old, or failed */
    LONGHAUL_ESTOPPED = -9,  /* the caller's is_stopped said so */
    LONGHAUL_ELIMIT = -10    /* a file is larger than what may be read of one */
};

struct longhaul_error {
    int code;       /* enum longhaul_code; 0 while there is none */
    char text[512]; /* one line, no full stop: the thing, then what is wrong with it */
};

/* Static strings: the library's version ("0.1.0"); the libiperf it drives ("3.12"; "" in a build without); and how it
 * gets each interval from it ("callback", "cJSON wrap", ""). */
const char *longhaul_version(void);

/* Bytes of the UTF-8 character that text begins with; 0 when it is not one, or one that no text from outside (a file, a
 * peer, a file's name) may bring to a terminal or a document: controls (C0, DEL, C1) and what turns the order of
 * reading. *skip, which may be NULL: bytes to pass over then. The texts that this library hands out hold only such
 * characters; paths are as they are. */
size_t longhaul_text_character(const char *text, size_t *skip);
const char *longhaul_iperf_version(void);
const char *longhaul_iperf_intervals(void);

/* ---- legs: what one test is */

enum longhaul_direction {
    LONGHAUL_DIRECTION_PUSH = 0, /* this host is SRC: it sends to the peer */
    LONGHAUL_DIRECTION_PULL =
        1 /* this host is DST: the peer sends (iperf3 -R); loss and jitter are known in every interval */
};

enum longhaul_protocol { LONGHAUL_PROTOCOL_UDP = 0, LONGHAUL_PROTOCOL_TCP };

#define LONGHAUL_RATE_UNLIMITED UINT64_MAX
#define LONGHAUL_CONGESTION_MAX 15 /* a congestion control's name, as the kernel's TCP_CA_NAME_MAX less its final 0 */
#define LONGHAUL_CODE_MAX 32
#define LONGHAUL_STEM_MAX 192 /* a stem, with its final 0 */

/* One test from SRC to DST. All zero but for source, destination and peer, it is the article's test: UDP, 10 Mbit/s, 24
 * h, intervals of 1 s, port 5201, push. */
struct longhaul_leg {
    char source[LONGHAUL_CODE_MAX + 1];      /* SRC, the site that sends: 1-32 of A-Z a-z 0-9 _ */
    char destination[LONGHAUL_CODE_MAX + 1]; /* DST, the site that receives */
    char peer[256];                          /* the other host: a name or an address, 1-255 bytes */
    char bind_address[64];                   /* local address to send from; "" for any */
    enum longhaul_direction direction;
    uint16_t port;           /* of the server; 0 means 5201 */
    uint64_t rate_bps; /* target for each stream; 0 means 10,000,000, of TCP unlimited; LONGHAUL_RATE_UNLIMITED for as
                          fast as it goes */
    uint32_t duration_s;     /* 0 means 86,400; at most 31,536,000 (a year) */
    double interval_s;       /* 0 means 1.0; 0.1 to 60 */
    uint32_t datagram_bytes; /* 0 means what fits the path (the control connection's MSS); 16 to 65,507. Of TCP the
                                bytes of each write; 0 means 131,072; 1 to 1,048,576 */
    uint32_t n_streams;      /* 0 means 1; at most 128 */
    uint32_t window_bytes;   /* of the socket buffers; 0 means the system's */
    uint8_t tos;             /* IP type of service, 0-255 */
    uint8_t family;          /* 0 either, 4, 6 */
    enum longhaul_protocol protocol;
    char congestion[LONGHAUL_CONGESTION_MAX + 1]; /* TCP's congestion control at both ends, 1-15 of a-z 0-9 _ -; "" for
                                                     the system's */
};

/* Replaces every 0 that means a default by the default. */
void longhaul_leg_fill(struct longhaul_leg *leg);

/* LONGHAUL_EINVAL for the first member that is out of its range. Checks what would be run: defaults are filled in
 * first. */
int longhaul_leg_check(const struct longhaul_leg *leg, struct longhaul_error *err);

/* Writes the stem of the leg's files, "<SRC>-<DST>-<RATE>_<DUR>_<YYYYmmdd_HHMMSS>" in UTC, for a start at unix_s. Of
 * TCP the rate is "TCP", whether it is limited or not. */
int longhaul_leg_stem(const struct longhaul_leg *leg, int64_t unix_s, char stem[LONGHAUL_STEM_MAX],
                      struct longhaul_error *err);

/* The parts of a stem, read from its right end. Parts that the name does not have stay 0 or "". */
struct longhaul_file_name {
    char source[LONGHAUL_CODE_MAX + 1];
    char destination[LONGHAUL_CODE_MAX + 1];
    uint64_t rate_bps;   /* bit/s, or LONGHAUL_RATE_UNLIMITED; 0 of TCP: its names have none */
    uint32_t duration_s; /* seconds */
    int64_t start_unix_s;
    enum longhaul_protocol protocol;
};

/* Takes a file name (folders and .json, .journal, and .gz, .zst, .xz behind them, are left away) apart.
 * LONGHAUL_EFORMAT when it is not one of ours: "A-B-10M_24H_20251115_010046" is; "A-B-anything" gives A and B alone;
 * "report" is refused. */
int longhaul_file_name_parse(const char *file_name, struct longhaul_file_name *name, struct longhaul_error *err);

/* One rule for rates, in names and on the command line: an integer and the largest of K, M, G, T (powers of 1000, as
 * iperf3's) that divides it: 10,000,000 is "10M", 1,500,000 "1500K"; LONGHAUL_RATE_UNLIMITED is "UNLIMITED". Reading
 * also takes small letters and fractions that come out whole ("1.5M"), and 0 for unlimited. */
int longhaul_rate_parse(const char *text, uint64_t *rate_bps, struct longhaul_error *err);
void longhaul_rate_text(uint64_t rate_bps, char *text, size_t size);

/* What the name of a journal ends in. The names of its results end in ".json". */
#define LONGHAUL_JOURNAL_ENDING ".journal"

/* One rule for durations: hours, minutes and seconds, parts that are 0 left away: 86,400 is "24H", 5,400 "1H30M", 90
 * "1M30S". Reading takes any such parts in falling order ("90M"), days too ("2D"), small letters, and plain seconds. */
int longhaul_duration_parse(const char *text, uint32_t *seconds, struct longhaul_error *err);
void longhaul_duration_text(uint32_t seconds, char *text, size_t size);

/* ---- running: legs to results */

/* Members of a row of libiperf's that cannot be read: they are missing, are not a number, or not one that the figure
 * can have. The row is kept; what is unreadable is 0 or NAN below, null in the record, and not in the sums. Several of
 * them are or'ed. */
enum longhaul_unreadable {
    LONGHAUL_UNREADABLE_TIME = 1, /* start_s and seconds are by this host's clock */
    LONGHAUL_UNREADABLE_RATE = 2, /* bits_per_second is of bytes and seconds; NAN where those cannot be read either */
    LONGHAUL_UNREADABLE_BYTES = 4,
    LONGHAUL_UNREADABLE_PACKETS = 8,
    LONGHAUL_UNREADABLE_LOSS = 16, /* has_loss is false */
    LONGHAUL_UNREADABLE_JITTER = 32
};

/* One interval of a running leg. Lives for the call only. */
struct longhaul_interval {
    double start_s;           /* since the leg's start; runs on over reconnects */
    double seconds;           /* length, by libiperf's clock */
    int64_t bytes;            /* sent (push) or received (pull), all streams */
    double bits_per_second;   /* as libiperf gives it */
    int64_t packets;          /* push: sent; pull: sent by the peer as far as sequence numbers tell */
    int64_t lost_packets;     /* only with has_loss; below 0 when datagrams that counted as lost before came late */
    double jitter_ms;         /* RFC 1889 estimate at its end, mean over streams; NAN when not known */
    double out_of_order_packets; /* this host receives: datagrams that came behind a later one (RFC 4737); not lost. NAN
                                    when not known */
    double duplicate_packets; /* likewise: that had come before (RFC 5560); these do not count as out of order */
    int64_t late_packets; /* of those out of order: came up to 0.7 s after the session's end. libiperf counts them as
                             lost, lost_packets does not */
    int64_t wall_unix_ns;     /* at its end: CLOCK_REALTIME */
    int64_t monotonic_ns;     /* at its end: CLOCK_MONOTONIC of this host */
    uint32_t segment;         /* 0 for the first session of the leg */
    bool has_loss;            /* lost_packets is known: this host is the receiver */
    bool is_omitted;          /* in libiperf's omit period */
    unsigned unreadable;      /* enum longhaul_unreadable */
    /* TCP, with has_tcp: this host sends, and its kernel tells (tcp_info(7)). Without it 0, and NAN. */
    bool has_tcp;
    int64_t retransmits;      /* segments sent again in the interval, sum over streams */
    double snd_cwnd_bytes;    /* congestion window at its end, sum over streams */
    double snd_wnd_bytes; /* window that the receiver offers at its end, sum over streams; NAN where libiperf does not
                             say */
    double rtt_ms;            /* TCP's smoothed estimate at its end, mean over streams */
    double rttvar_ms;         /* mean deviation of it, mean over streams */
    double pmtu_bytes;        /* path MTU that TCP uses, least of the streams */
    double min_rtt_ms;        /* least round trip of the last minutes (tcp_min_rtt_wlen), least of the streams */
    double mss_bytes;         /* segment size, least of the streams */
    /* Of TCP at either end, sums over streams, in the interval; NAN where the kernel does not tell, and of UDP. */
    double segments;             /* with data: sent, again too, or received when this host is the receiver */
    double out_of_order_segments; /* received, and not the next in order: loss or reordering before here */
    double spurious_retransmits; /* sent again, and the receiver had them already (DSACK) */
    double reorderings;          /* events of reordering that the sender saw */
    double busy_s;               /* with data to send, or not yet acknowledged; stream-seconds, as the next two */
    double rwnd_limited_s;       /* of these: held back by the window that the receiver offers */
    double sndbuf_limited_s;     /* of these: held back by the send buffer */
    double zero_windows;         /* streams whose receiver offers no window, at its end */
};

enum longhaul_action {
    LONGHAUL_ACTION_CONTINUE = 0,
    LONGHAUL_ACTION_STOP_LEG, /* end this leg now, with a result and an end record */
    LONGHAUL_ACTION_STOP_ALL  /* end all legs of this run */
};

enum longhaul_phase {
    LONGHAUL_PHASE_CONNECTING,
    LONGHAUL_PHASE_RUNNING,
    LONGHAUL_PHASE_WAITING, /* a session ended before its time, or with wait_s the first was not had; the next begins
                         after a pause. Told once for each reason, not for each try */
    LONGHAUL_PHASE_DONE,
    LONGHAUL_PHASE_PENDING /* its time has not come (longhaul_run_add_later()); text says when it will, in UTC */
};

/* A leg came into another phase; text says why ("" when all is well). Lives for the call only. */
struct longhaul_state {
    enum longhaul_phase phase;
    const char *text;
};

/* Callbacks come on the thread that called longhaul_run_wait(), while the legs run. They may take their time: traffic
 * and journal go on without them. Of a leg whose callback is more than 65,536 intervals late the oldest are left out
 * (counted in longhaul_outcome.n_undelivered; the record has them all). */
typedef enum longhaul_action longhaul_interval_cb(size_t leg, const struct longhaul_interval *interval, void *payload);
typedef void longhaul_state_cb(size_t leg, const struct longhaul_state *state, void *payload);
typedef void longhaul_note_cb(const char *text, void *payload);

struct longhaul_run_options {
    const char *dir;                   /* folder of journals and results, made when missing; NULL means "24H" */
    longhaul_interval_cb *on_interval; /* may be NULL */
    longhaul_state_cb *on_state;       /* may be NULL */
    void *payload;
    double sync_s; /* the journal is forced to disk at least so often; 0 means 5.0 */
    /* Go on in the journal that an interrupted run of the same leg left in dir, to its original end; a new one when
     * there is none. A leg whose journal was begun in the other direction (push, pull) fails. */
    bool is_resumed;
    /* iperf3's user authentication: all three or none. public_key is the path of a PEM file. */
    const char *username;
    const char *password;
    const char *public_key;
    /* With resume: a leg whose journal is not there is left out (LONGHAUL_ENDING_NONE) instead of begun anew. */
    bool is_resume_only;
    double wait_s; /* the first connection is tried for so long, at least some seconds; the leg's time begins with it */
    /* UTC second at which the legs of longhaul_run_add() begin, and the plan of longhaul_plan_begin(); 0 means at once.
     * At most a year from now. While legs wait they follow this host's date: when it is set, they begin sooner or later
     * by so much. */
    int64_t start_unix_s;
    const char *metrics_path; /* live figures for Prometheus, see longhaul-metrics(5); NULL for none */
    double metrics_s;         /* how often they are written; 0 means 15.0; 0.1 to 3600 */
    /* May be NULL: what is no leg's own, as a metrics file that cannot be written; "" when it can again. As the other
     * callbacks. */
    longhaul_note_cb *on_note;
};

enum longhaul_ending {
    LONGHAUL_ENDING_NONE = 0, /* not run, or not yet over */
    LONGHAUL_ENDING_COMPLETE, /* every second of the plan was observed */
    LONGHAUL_ENDING_GAPS,     /* the result is there, and seconds are missing from it */
    LONGHAUL_ENDING_STOPPED,  /* longhaul_run_stop() or a callback ended it early; the result is there, and the journal
                              with  which a run with resume goes on */
    LONGHAUL_ENDING_FAILED    /* no result; error says why */
};

/* How a leg ended. Counts are those of the result. */
struct longhaul_outcome {
    enum longhaul_ending ending;
    struct longhaul_error error;   /* of LONGHAUL_ENDING_FAILED, or what went wrong beside it */
    const char *result_path;       /* borrowed from the run; NULL when there is none */
    uint64_t n_intervals;
    uint64_t n_undelivered;        /* intervals that were recorded but never given to on_interval */
    uint32_t n_segments;           /* sessions that measured something */
    uint32_t n_gaps;
    double planned_s;
    uint64_t n_lost_intervals;     /* that the disk did not take */
    double observed_s;             /* sum of the intervals' lengths, less what lies in gaps */
    int64_t bytes;                 /* sum over intervals */
    int64_t packets;               /* sum over intervals */
    int64_t lost_packets; /* with has_loss: gaps in the sequence numbers that the receiver saw, less what came late */
    int64_t unseen_packets;        /* sent after the last one that arrived, as far as the peer's counts are known */
    bool has_loss;                 /* the receiver's count of losses is known for every segment */
    double out_of_order_packets;   /* as in struct longhaul_interval, sum; NAN when not known for every segment */
    double duplicate_packets;      /* likewise */
    uint64_t n_unreadable;         /* intervals with a member that cannot be read */
    uint64_t n_left_out;           /* rows of libiperf's that are not in the result; longhaul-run(1) has the reasons */
    int64_t retransmits;           /* TCP, with has_retransmits: the sender's sum */
    bool has_retransmits;          /* known for every segment */
};

struct longhaul_run;

/* A run is any number of legs at once, from one thread. Sessions run in forked children, so several runs, and threads
 * of the caller's own, can be in one process. */
int longhaul_run_new(const struct longhaul_run_options *options, struct longhaul_run **out, struct longhaul_error *err);

/* Adds a leg (copied), before longhaul_run_start(). Legs are numbered from 0. It begins at start_unix_s of the options:
 * when that has passed by more than a second, as one of longhaul_run_add_later() below 0. */
int longhaul_run_add(struct longhaul_run *run, const struct longhaul_leg *leg, struct longhaul_error *err);

/* The same, for a leg that begins in delay_s seconds, up to 31,536,000: with start_unix_s at the date that this is now,
 * else so long after longhaul_run_start() whatever the date. With resume, a leg that left a journal goes on at once;
 * with resume_only, one that begins later is begun at its time. Below 0: its time was so long ago; if it left neither
 * a journal nor a result, it fails. */
int longhaul_run_add_later(struct longhaul_run *run, const struct longhaul_leg *leg, double delay_s,
                           struct longhaul_error *err);

/* Begins all legs and returns at once. */
int longhaul_run_start(struct longhaul_run *run, struct longhaul_error *err);

/* The figures of a leg so far. */
struct longhaul_status {
    enum longhaul_phase
        phase; /* LONGHAUL_PHASE_WAITING from the end of a session to the next one's first second, all the while */
    enum longhaul_ending ending; /* LONGHAUL_ENDING_NONE before LONGHAUL_PHASE_DONE */
    double planned_s;
    double elapsed_s;   /* since its first second, gaps included, at most planned_s; 0 before it */
    double remaining_s; /* to its planned end; 0 when it is done */
    double observed_s;  /* of elapsed_s: not in a gap, and confirmed. Never falls */
    double bits_per_second; /* of the newest interval; NAN while none comes */
    double jitter_ms;       /* of the newest interval; NAN where it is not known */
    double rtt_ms;          /* TCP's own, of the newest interval; NAN likewise */
    int64_t bytes;          /* sums over intervals, as in struct longhaul_outcome; they never fall */
    int64_t packets;
    int64_t lost_packets;      /* with has_loss; falls when losses turn out to be reordering */
    int64_t most_lost_packets; /* the most that lost_packets was so far */
    double out_of_order_packets; /* sums over the intervals that know theirs; NAN while none does */
    double duplicate_packets;
    int64_t retransmits;       /* with has_tcp */
    uint32_t n_sessions;       /* that began */
    uint32_t n_gaps;           /* that are over */
    bool has_loss;             /* a pushed leg's losses are known at the end, if then */
    bool has_tcp;
};

/* Fills *out. From any thread, between longhaul_run_start() and longhaul_run_free(). LONGHAUL_EINVAL when there is no
 * such leg, or it has not begun. What a resumed leg measured before counts. */
int longhaul_run_status(struct longhaul_run *run, size_t leg, struct longhaul_status *out, struct longhaul_error *err);
/* Its phase and ending in a word: "pending", "connecting", "running", "waiting", "done", "stopped", "failed". A static
 * string. */
const char *longhaul_status_text(const struct longhaul_status *status);

/* Calls the callbacks until all legs are done. 0 when every leg has a result; else the first failed leg's code and
 * error. */
int longhaul_run_wait(struct longhaul_run *run, struct longhaul_error *err);

/* Ends all legs early, each with its result and a full end record. From any thread, or a signal handler. */
void longhaul_run_stop(struct longhaul_run *run);

/* Valid after longhaul_run_wait() until longhaul_run_free(); NULL when there is no such leg. */
const struct longhaul_outcome *longhaul_run_outcome(const struct longhaul_run *run, size_t leg);

/* Stops what still runs, without callbacks, and frees. */
void longhaul_run_free(struct longhaul_run *run);

/* All of it for one leg: blocks until it is done. outcome may be NULL; its result_path is NULL (use a run to
 * have it). */
int longhaul_run_leg(const struct longhaul_leg *leg, const struct longhaul_run_options *options,
                     struct longhaul_outcome *outcome, struct longhaul_error *err);

/* ------------------------------------------------------------------------------------- serving: the
 * receiver's ports */

enum longhaul_server_event_kind {
    LONGHAUL_SERVER_EVENT_LISTENING, /* a port waits for a client */
    LONGHAUL_SERVER_EVENT_STARTED,   /* a test began; text is the client's address */
    LONGHAUL_SERVER_EVENT_RECORDED,  /* what was received is in a file; text is its path */
    LONGHAUL_SERVER_EVENT_NOTE,      /* text says what is odd about a client, or cannot be recorded */
    LONGHAUL_SERVER_EVENT_ENDED,     /* a test, or a client that came to none, ended; text says how, "" when well */
    LONGHAUL_SERVER_EVENT_STATUS     /* asked for by longhaul_server_ask_status(); text is the client's address during a
                                        test, else "" */
};

/* A leg that `run` pushes here, as far as it has come. */
struct longhaul_served_leg {
    char source[LONGHAUL_CODE_MAX + 1];
    char destination[LONGHAUL_CODE_MAX + 1];
    uint16_t port;                 /* of its newest session */
    struct longhaul_status status; /* of the receiver's record: bytes and packets that arrived */
};

struct longhaul_server_event {
    enum longhaul_server_event_kind kind;
    uint16_t port;
    uint64_t n_intervals; /* of an ended test; of LONGHAUL_SERVER_EVENT_STATUS so far */
    int64_t bytes;        /* likewise: received, or sent when it was the client that pulled */
    const char *text;
    const struct longhaul_served_leg
        *leg; /* of LONGHAUL_SERVER_EVENT_STATUS: the leg that the port has, or had last; else NULL */
};

typedef void longhaul_server_event_cb(const struct longhaul_server_event *event, void *payload);

/* A leg that a server expects, as a topology says. */
struct longhaul_expected_leg {
    const char *source, *destination; /* codes of sites */
    const char
        *peer; /* the address or host name that it comes from; a name is looked up when the leg comes; "" for any */
    uint16_t port;
};

struct longhaul_server_options {
    const uint16_t *ports;  /* NULL means 5201 alone */
    size_t n_ports;
    const char *bind_address; /* NULL for any */
    const char *dir;          /* records of what `run` pushes here go to <dir>/receiver; NULL means "24H" */
    const char *const *allow; /* networks ("10.0.0.0/8") and addresses that may come; none means everybody */
    size_t n_allow;
    const char *const *own; /* likewise: the peers of the server's own legs. They never wait for what was done from
                               their address, come before others, and are recorded when the disk is nearly full */
    size_t n_own;
    const char *const
        *udp_from; /* likewise: from where a client's datagrams may come, besides the address of its connection */
    size_t n_udp_from;
    /* The legs that `run` pushes here. Where there are any, a client that names another leg, or that comes from another
     * peer or to another port than its leg, is recorded in <dir>/receiver/strangers. Copied. */
    const struct longhaul_expected_leg *expected;
    size_t n_expected;
    uint64_t max_rate_bps;    /* a test that asks for more, or comes to more, is refused; 0 for no limit */
    uint32_t max_duration_s;  /* likewise */
    double keep_free_percent; /* while less of the disk is free, only own legs are recorded; 0 means 5, below 0 for no
                                 limit */
    double idle_s;            /* a client that sends nothing for so long is given up; 0 means 30 */
    double sync_s;            /* as in struct longhaul_run_options */
    const char *authorized_users; /* iperf3's user authentication: its file of users and hashes, and ... */
    const char *private_key;      /* ... the path of a PEM file; both or none */
    const char *metrics_path;     /* as in struct longhaul_run_options */
    double metrics_s;
    longhaul_server_event_cb *on_event;
    void *payload;
};

struct longhaul_server;

int longhaul_server_new(const struct longhaul_server_options *options, struct longhaul_server **out,
                       struct longhaul_error *err);
/* Serves until longhaul_server_stop(). Any iperf3 client may come: one test at a time on each port. */
int longhaul_server_run(struct longhaul_server *server, struct longhaul_error *err);
/* From any thread, or a signal handler: a LONGHAUL_SERVER_EVENT_STATUS event for each port. */
void longhaul_server_ask_status(struct longhaul_server *server);
/* From any thread, or a signal handler. */
void longhaul_server_stop(struct longhaul_server *server);
void longhaul_server_free(struct longhaul_server *server);

/* --------------------------------------------------------------- topologies and plans: one file says who
 * measures whom */

#define LONGHAUL_TOPOLOGY_FORMAT 1 /* of the files; longhaul-topology(5) has their form */

/* A host. Borrowed from the topology, as the arrays and strings in it. */
struct longhaul_site {
    char code[LONGHAUL_CODE_MAX + 1]; /* 1-32 of A-Z a-z 0-9 _ */
    char address[256];      /* where the others reach it: IPv4, IPv6 or a host name; "" when it serves nobody */
    char bind_address[64];  /* its own local address, an IP address; "" for any */
    const uint16_t *ports;  /* on which it serves, in the file's order, none twice; NULL when it serves none */
    size_t n_ports;
    double latitude;        /* degrees, north and east are positive; NAN when its place is not known */
    double longitude;
    const char *region;     /* the cloud's name for where it is; "" when there is none */
    bool is_hub;
    uint64_t egress_limit_bps; /* bit/s that it may send in all its tests together; 0 for no limit */
    uint32_t max_tests;        /* that it carries at a time, sent and received; 0 for no limit: more come in rounds */
};

/* A test from one site to another. Sites are indices for longhaul_topology_site(). */
struct longhaul_sited_leg {
    struct longhaul_leg leg; /* peer and bind_address are filled in; port is 0 where the file leaves it to the plan */
    size_t source, destination;
    size_t starter;          /* runs `run`: the source of a pushed leg, the destination of a pulled one */
    size_t server;           /* runs `serve`: the other one */
};

struct longhaul_topology;

/* LONGHAUL_EIO, LONGHAUL_EFORMAT when it is no JSON or of a newer format, LONGHAUL_EINVAL for everything else that is
 * refused; the text is "<file>: <JSON path>: what is wrong, with the value". The file is at most 4 MiB, 1,000 sites,
 * 100,000 legs. */
int longhaul_topology_load(const char *path, struct longhaul_topology **out, struct longhaul_error *err);
/* The same of n bytes; name stands for the file in messages. */
int longhaul_topology_parse(const char *text, size_t n, const char *name, struct longhaul_topology **out,
                            struct longhaul_error *err);
void longhaul_topology_free(struct longhaul_topology *topology);

const char *longhaul_topology_file(const struct longhaul_topology *topology); /* path or name, as given */
size_t longhaul_topology_n_sites(const struct longhaul_topology *topology);   /* in the order of the file */
const struct longhaul_site *longhaul_topology_site(const struct longhaul_topology *topology, size_t site);
/* LONGHAUL_EINVAL, and the sites that there are, when code is none of them. */
int longhaul_topology_find_site(const struct longhaul_topology *topology, const char *code, size_t *site,
                                struct longhaul_error *err);
size_t
longhaul_topology_n_legs(const struct longhaul_topology *topology); /* in the order of the file, of a shape by pairs */
const struct longhaul_sited_leg *longhaul_topology_leg(const struct longhaul_topology *topology, size_t leg);

/* A leg with its port and its time. */
struct longhaul_planned_leg {
    struct longhaul_leg leg; /* complete: what longhaul_run_add_later() takes at its starter */
    size_t source, destination, starter, server; /* sites */
    uint32_t round;          /* from 0: legs of one round run at the same time */
    double start_s;          /* since the plan's start: the rounds before it, and the stagger */
    double bytes; /* of payload that it sends, rate x streams x duration / 8; NAN when its rate is unlimited */
    double bytes_per_day;    /* the same of a day of it, or of the whole leg when that is shorter */
    double cost;             /* bytes / 1e9 x price; NAN without a price */
    double distance_km; /* between its sites' places, as longhaul_formula_distance_km(); NAN when one is not known */
    double least_rtt_ms;     /* that light in fibre allows */
};

/* What a site has to bear. */
struct longhaul_load {
    size_t n_started;      /* tests that it starts, of the whole plan */
    size_t n_served;       /* tests that come to its ports */
    size_t n_at_a_time;    /* most tests of one round: each has a process of its own, started or served */
    size_t n_processes;    /* most processes of one round: its tests', idle ports', and one of run and of serve */
    double sent_bps;       /* most that it sends in one round; NAN when a rate is unlimited */
    double received_bps;   /* likewise */
    double bytes;          /* that it sends in the whole plan; NAN likewise */
    double bytes_per_day;
    double cost;
};

/* The way between two spokes by a hub. */
struct longhaul_detour {
    size_t a, b, hub;         /* sites */
    double direct_km, by_hub_km;
    double direct_rtt_ms;     /* least that light in fibre allows */
    double by_hub_rtt_ms;     /* forwarding not counted */
};

struct longhaul_plan_options {
    double price_per_gb; /* of 1e9 bytes sent; 0 for none */
};

struct longhaul_plan;

/* LONGHAUL_EINVAL when two tests meet on a server's port at one time, a site lacks ports or sends more than its
 * egress_limit: the text names file, site and figures. Borrows the topology for the plan's life. */
int longhaul_plan_make(const struct longhaul_topology *topology, const struct longhaul_plan_options *options,
                       struct longhaul_plan **out, struct longhaul_error *err);
void longhaul_plan_free(struct longhaul_plan *plan);
size_t longhaul_plan_n_legs(const struct longhaul_plan *plan); /* the topology's, in its order */
const struct longhaul_planned_leg *longhaul_plan_leg(const struct longhaul_plan *plan, size_t leg);
/* "HK-WUS". LONGHAUL_EINVAL when the plan has no such leg. */
int longhaul_plan_find_leg(const struct longhaul_plan *plan, const char *name, size_t *leg, struct longhaul_error *err);
const struct longhaul_load *longhaul_plan_load(const struct longhaul_plan *plan, size_t site);
uint32_t longhaul_plan_n_rounds(const struct longhaul_plan *plan);
double longhaul_plan_round_start_s(const struct longhaul_plan *plan, uint32_t round); /* since the plan's start */
double longhaul_plan_seconds(const struct longhaul_plan *plan); /* from its start to the end of its last leg */
/* false when a or b is no spoke of that hub, or a place is not known; then *out is untouched. */
bool longhaul_topology_detour(const struct longhaul_topology *topology, size_t a, size_t b, size_t hub,
                              struct longhaul_detour *out);
/* When a plan began at a site. */
struct longhaul_schedule {
    int64_t start_unix_s;
    bool is_resumed; /* options ask for it, and a run of this plan was interrupted: then its rounds keep their times */
    bool is_given;   /* options have a start_unix_s: its rounds have their times by that, whenever this host comes */
};

/* Now, or at start_unix_s of the options, unless it is resumed. Of a plan of several rounds the start is kept in
 * <dir>/<SITE>.rounds. LONGHAUL_EINVAL when start_unix_s is so long ago that the plan is over. */
int longhaul_plan_begin(const struct longhaul_plan *plan, size_t site, const struct longhaul_run_options *options,
                        struct longhaul_schedule *out, struct longhaul_error *err);
/* How long it is, from now, to a leg's start: what longhaul_run_add_later() takes. */
double longhaul_plan_delay_s(const struct longhaul_plan *plan, const struct longhaul_schedule *schedule, size_t leg);

/* All of it as one JSON document; longhaul-plan(1) has the keys. The caller frees *out with free(). */
int longhaul_plan_json(const struct longhaul_plan *plan, char **out, struct longhaul_error *err);

/* --------------------------------------------------------------------------- preflight: is a path open, before a day
 * is spent */

enum longhaul_preflight_verdict {
    LONGHAUL_PREFLIGHT_OPEN = 0,     /* TCP control connection and UDP data, both ways */
    LONGHAUL_PREFLIGHT_UNRESOLVED,   /* the peer's name has no address */
    LONGHAUL_PREFLIGHT_TCP_REFUSED,  /* somebody says no: nothing listens there, or a firewall rejects */
    LONGHAUL_PREFLIGHT_TCP_FILTERED, /* nobody answers */
    LONGHAUL_PREFLIGHT_UNREACHABLE,  /* a router, or this host, knows no way there */
    LONGHAUL_PREFLIGHT_BUSY,         /* the server has another test */
    LONGHAUL_PREFLIGHT_UDP_THERE,    /* the control connection is open, and UDP from here does not arrive there */
    LONGHAUL_PREFLIGHT_UDP_BACK,     /* likewise, and UDP from there does not arrive here */
    LONGHAUL_PREFLIGHT_FAILED        /* something else: text says what */
};

struct longhaul_preflight_result {
    enum longhaul_preflight_verdict verdict;
    int64_t there_packets; /* sent from here and arrived there, of the test there; -1 where there was no such test */
    int64_t there_lost_packets;
    int64_t back_packets;       /* arrived here */
    int64_t back_lost_packets;
    char text[300];             /* one line, for people; says what to open */
};

struct longhaul_preflight_options {
    uint32_t seconds;     /* of each way's test; 0 means 2 */
    const char *username; /* as in struct longhaul_run_options */
    const char *password;
    const char *public_key;
};

/* Tests the ways of n legs, from here to each leg's peer and back, at most at the leg's rate. All at once, but one
 * after the other on one port of one peer. Blocks until all are done. 0 when every leg could be looked at, whatever was
 * found. */
int longhaul_preflight(const struct longhaul_leg *legs, size_t n, const struct longhaul_preflight_options *options,
                       struct longhaul_preflight_result *results, struct longhaul_error *err);
/* The results as one JSON document; longhaul-preflight(1) has the keys. The caller frees *out with free(). */
int longhaul_preflight_json(const struct longhaul_topology *topology, const struct longhaul_leg *legs,
                            const struct longhaul_preflight_result *results, size_t n, char **out,
                            struct longhaul_error *err);
/* "open", "tcp refused", "tcp filtered", ...: static strings. */
const char *longhaul_preflight_text(enum longhaul_preflight_verdict verdict);

/* ---- recovering: journals to results */

/* Turns a journal that a dead run left behind into its result, as the run's end would have: the torn last line is left
 * out, the result is written next to it, read again and held against the journal, then the journal is removed; one in
 * which something is not JSON becomes <stem>.journal.damaged. result_path, of size bytes, may be NULL. After an error
 * the journal is as it was. LONGHAUL_EBUSY while a run still writes it, and when a result is there that has more
 * intervals; LONGHAUL_EFORMAT when it holds no interval, or something that is JSON and cannot be read. */
int longhaul_recover(const char *journal_path, char *result_path, size_t size, struct longhaul_error *err);

/* ----------------------------------------------------------------------------------- reading: any iperf3 file to
 * series */

/* Columns of a series, one value per interval, in file order. */
enum longhaul_column {
    LONGHAUL_COLUMN_START_S, /* of the interval, since the test's start */
    LONGHAUL_COLUMN_END_S,
    LONGHAUL_COLUMN_SECONDS, /* its length as the file gives it */
    LONGHAUL_COLUMN_BYTES,
    LONGHAUL_COLUMN_BITS_PER_SECOND,
    LONGHAUL_COLUMN_PACKETS,      /* NAN where there are none (TCP) */
    LONGHAUL_COLUMN_LOST_PACKETS, /* NAN where the receiver's count is not known */
    LONGHAUL_COLUMN_JITTER_MS,    /* NAN likewise */
    LONGHAUL_COLUMN_WALL_UNIX_S,  /* the writer's clock of the day at the interval's end; NAN where longhaul did not
                                     write it */
    LONGHAUL_COLUMN_MONOTONIC_S,  /* its clock that nobody sets, then too; NAN likewise */
    LONGHAUL_COLUMN_OUT_OF_ORDER_PACKETS, /* UDP: arrived behind a later one (RFC 4737), and are not lost; NAN where
                                      longhaul did not count them */
    LONGHAUL_COLUMN_DUPLICATE_PACKETS,    /* UDP: had arrived before (RFC 5560); NAN likewise */
    /* TCP, as its sender's kernel knows it; NAN where the file does not say, as a receiver's. Of several streams sums,
     * where nothing else is said. iperf3 writes the first seven, longhaul all of them. */
    LONGHAUL_COLUMN_RETRANSMITS,           /* segments sent again in the interval */
    LONGHAUL_COLUMN_SND_CWND_BYTES,        /* congestion window at its end */
    LONGHAUL_COLUMN_SND_WND_BYTES,         /* window that the receiver offers then */
    LONGHAUL_COLUMN_RTT_MS,                /* smoothed round trip then, mean over streams */
    LONGHAUL_COLUMN_RTTVAR_MS,             /* its mean deviation, mean over streams */
    LONGHAUL_COLUMN_PMTU_BYTES,            /* path MTU then, least of the streams */
    LONGHAUL_COLUMN_REORDERINGS,           /* events of reordering in the interval (iperf3 3.20 and newer) */
    LONGHAUL_COLUMN_SEGMENTS,              /* with data: sent, again too; of a receiver received */
    LONGHAUL_COLUMN_SPURIOUS_RETRANSMITS,  /* sent again, and the receiver had them already (DSACK) */
    LONGHAUL_COLUMN_OUT_OF_ORDER_SEGMENTS, /* of a receiver: arrived, and not the next in order */
    LONGHAUL_COLUMN_BUSY_S,           /* with data to send, or not yet acknowledged: stream-seconds, as the next two */
    LONGHAUL_COLUMN_RWND_LIMITED_S,   /* of these: held back by the receiver's window */
    LONGHAUL_COLUMN_SNDBUF_LIMITED_S, /* of these: by the send buffer */
    LONGHAUL_COLUMN_ZERO_WINDOWS,     /* streams whose receiver offers nothing, at its end */
    LONGHAUL_COLUMN_MIN_RTT_MS,       /* least round trip of the last minutes, least of the streams */
    LONGHAUL_COLUMN_MSS_BYTES,        /* segment size, least of the streams */
    LONGHAUL_N_COLUMNS
};

/* One interval while its file is being read. Lives for the call only. */
struct longhaul_row {
    const struct longhaul_info *info; /* of its test, as far as it was read: the start, not yet the end */
    size_t test;                      /* 0 for the first of the file */
    size_t index; /* of the interval in its test; starts again from 0 when a file repeats "intervals" */
    const double *values;             /* LONGHAUL_N_COLUMNS of them */
};

typedef void longhaul_row_cb(const struct longhaul_row *row, void *payload);

/* How much of one file is read; a file that has more is LONGHAUL_ELIMIT, with what it has too much of. 0 means the
 * default. */
struct longhaul_read_limits {
    uint64_t max_bytes; /* of text, after decompression */
    uint64_t max_rows;  /* intervals, of all its tests */
    uint64_t max_tests;
    double max_idle_s;  /* seconds of work without another interval or test; waiting for a pipe is no work */
};
#define LONGHAUL_DEFAULT_MAX_BYTES (UINT64_C(16) << 30)
#define LONGHAUL_DEFAULT_MAX_ROWS UINT64_C(5000000) /* 57 days of seconds */
#define LONGHAUL_DEFAULT_MAX_TESTS UINT64_C(200000)
#define LONGHAUL_DEFAULT_MAX_IDLE_S 6.0

struct longhaul_read_options {
    bool wants_omitted;       /* count intervals of the omit period, as the reference script does */
    longhaul_row_cb
        *on_row; /* gets every interval of the series as soon as it is read; may be NULL */
    void *payload;
    struct longhaul_read_limits limits;
};

/* What a file says of a test besides its intervals. Numbers that the file does not have are NAN. */
struct longhaul_info {
    const char *path;        /* as given to the reader */
    const char *source;      /* from "longhaul", else from the file's name if it is one of longhaul's, else the sender's
                                address or host name, else from a name like HK-WUS.json; what is known of neither side
                                is made of the file's name. Never "" */
    const char *destination;
    const char *version;     /* "iperf 3.12"; "" when not known */
    const char *protocol;    /* "UDP", "TCP", ""; as in test_start */
    const char *error;       /* the document's "error" member; "" when there is none */
    const char *longhaul_version; /* of the one that wrote it; "" when another program did */
    const char *local_address;    /* of the first stream of the first session, as the writer of the file saw it; "" when
                                     not known */
    const char *remote_address;
    const char *congestion;  /* TCP's congestion control at its sender; "" when not known */
    const char
        *rtt_method; /* how longhaul_series_rtt() were had, "icmp" or "tcp" (a handshake); "" when there are none */
    double start_unix_s;     /* UTC */
    double planned_s;        /* test_start.duration */
    double target_bps;
    double datagram_bytes;
    double n_streams;        /* of one direction; target_bps is for each */
    double window_bytes;     /* of the socket buffers, as asked for; NAN for the system's */
    double n_sessions; /* of iperf3, one behind the other, that the intervals are from: 1, unless longhaul wrote the
                          file */
    bool is_sender;          /* the writer of the file sent the data: its intervals know neither loss nor jitter */
    bool is_complete;        /* it has an "end" with something in it */
    bool is_other_direction; /* of the bidirectional test whose series came just before; not where both have the same
                                keys (iperf3 3.7 to 3.10) */
    bool has_omitted; /* the test had an omit period (iperf3 -O): the two sides began their counts at different packets
                       */
    bool has_server_record; /* the server's own document is in the file (iperf3 --get-server-output): loss, jitter and
                               what arrived are its counts, in the series too; rows that are handed out while the file
                               is read do not have them yet */
    bool is_journal; /* of a run in progress, or of one that died: the end_* are what its sessions come to so far */
    bool is_mixed;           /* other tests' event lines came in between, and which interval is whose cannot be told */
    double end_seconds;      /* end.sum, as iperf3 and longhaul define it */
    double end_bits_per_second;
    double end_bytes;        /* end.sum; of a receiver's record of iperf3 3.9 and older what was sent */
    double end_jitter_ms;    /* an RFC 1889 running estimate: about the last packets only */
    double end_lost_packets;
    double end_packets;
    double end_lost_percent;
    double end_sent_packets; /* end.sum_sent and end.sum_received: what either side counted; 0 also where nobody did */
    double end_sent_bytes;
    double end_sent_bits_per_second;
    double end_retransmits;  /* TCP: end.sum_sent */
    double end_received_packets;
    double end_received_bytes;
    double end_received_bits_per_second;
    double end_out_of_order_packets; /* UDP, where the file's writer received; iperf3 counts duplicates among them */
    double end_duplicate_packets;    /* likewise; iperf3 does not tell */
};

/* A span in which a leg was not observed, as longhaul's own files have it; longhaul-run(1) lists the causes. */
struct longhaul_gap {
    double start_s;      /* on the test's axis */
    double seconds;      /* above 0 */
    const char *cause;   /* "path-silent", "peer-closed"...; "" when the file does not say */
    const char *noticed; /* what it was noticed by */
    const char *text;    /* what was said then: an error of libiperf's, for example */
};

/* A round trip to the peer's host, measured beside the test. */
struct longhaul_rtt_sample {
    double start_s; /* on the test's axis */
    double rtt_ms;  /* NAN: no answer came */
};

struct longhaul_reader;
struct longhaul_series;
struct longhaul_host_drops;

/* Opens a file ("-" is standard input): `iperf3 -J` documents, --json-stream lines, a journal, a result, bare
 * intervals; several of them, text around them; within what logs put before each line (times, pods, programs,
 * containers), within strings of other JSON; as UTF-8 or UTF-16; also compressed by gzip, zstd or xz, where this build
 * has those libraries (else LONGHAUL_ENOTBUILT). Memory is that of the columns and a window of 512 KiB, or a few of the
 * longest element. Of a large regular file the columns are kept in .longhaul/ of its folder, when that can be written,
 * and taken from there as long as the file is the same and they are of this user, of root or of the file's own. Any
 * number of readers can be in use at once, one thread each. A program that reads many files of a day spares a sixth of
 * the time when it keeps freed memory instead of giving it back: in glibc mallopt(M_MMAP_THRESHOLD),
 * mallopt(M_TRIM_THRESHOLD). */
int longhaul_reader_open(const char *path, const struct longhaul_read_options *options, struct longhaul_reader **out,
                         struct longhaul_error *err);
/* The next test of the file: 1 and *out, 0 when there are no more, LONGHAUL_EFORMAT when the file has none at all,
 * LONGHAUL_ELIMIT when it is too large (what was handed out before stays good). A test that is there again, with the
 * same cookie and the same intervals, is handed out once, with a warning. A test that could not begin has no intervals,
 * and info.error says why. A bidirectional test gives two series: the one of "sum", then the one of
 * "sum_bidir_reverse". */
int longhaul_reader_next(struct longhaul_reader *reader, struct longhaul_series **out, struct longhaul_error *err);
/* What was skipped or mended so far: one line each, with the byte offset (in the text: uncompressed, as UTF-8). */
size_t longhaul_reader_n_warnings(const struct longhaul_reader *reader);
const char *longhaul_reader_warning(const struct longhaul_reader *reader, size_t i);
void longhaul_reader_free(struct longhaul_reader *reader);

const struct longhaul_info *longhaul_series_info(const struct longhaul_series *series);
size_t longhaul_series_length(const struct longhaul_series *series);
/* longhaul_series_length() values; NULL for a column that does not exist, and for those of TCP when the file has none
 * of them. */
const double *longhaul_series_column(const struct longhaul_series *series, enum longhaul_column column);
/* *n of them, in the order of the file; a sender's intervals in a gap were sent, and nobody knows whether they arrived.
 * None for files that longhaul did not write. Borrowed. */
const struct longhaul_gap *longhaul_series_gaps(const struct longhaul_series *series, size_t *n);
/* *n of them, in the order of time. None for files that longhaul did not write. Borrowed. */
const struct longhaul_rtt_sample *longhaul_series_rtt(const struct longhaul_series *series, size_t *n);
/* What the counters of the host that wrote the file grew by during the test; NULL when that is not known. Borrowed. */
const struct longhaul_host_drops *longhaul_series_host_drops(const struct longhaul_series *series);
void longhaul_series_free(struct longhaul_series *series);

/* ---- understanding */

/* The figures of one leg. Mbps is bits_per_second / 1e6 of each interval; not known is NAN. */
struct longhaul_summary {
    size_t n_intervals;
    double mean_mbps;
    double median_mbps;
    double min_mbps;
    double max_mbps;
    double std_mbps;      /* population standard deviation, two passes */
    double mean_pkt_rate; /* mean of packets / (seconds, or 1 when that is 0), over intervals that have packets */
    double duration_s;    /* end.sum.seconds; else the plan */
    double
        reported_mbps; /* end.sum; of TCP the receiver's rate, or the sender's where the receiver was never heard of */
    double jitter_ms;  /* end.sum, as the next three. NAN where nobody counted: iperf3 writes 0 for a receiver that it
                          never heard of */
    double lost_packets;  /* NAN also where the two sides' counts contradict it */
    double total_packets; /* sent; of a receiver as far as it saw sequence numbers */
    double loss_percent;
    double observed_s;    /* sum of the intervals' lengths */
    double sent_mbps;     /* end.sum_sent: what the sender counted; NAN where it was never heard of */
    double received_mbps; /* end.sum_received: what the receiver counted; NAN likewise */
};

/* Where the loss of a leg is from. */
enum longhaul_loss_origin {
    LONGHAUL_LOSS_ORIGIN_UNKNOWN,  /* no receiver's count is known */
    LONGHAUL_LOSS_ORIGIN_END,      /* the end record: what the receiver counted over the whole test */
    LONGHAUL_LOSS_ORIGIN_INTERVALS /* the sum over the intervals, each of which knows its own loss */
};

/* The loss of a leg: the one answer that every text, table and chart gives. Filled from the end record where it knows
 * the loss, else from the intervals where all of them know theirs, else unknown. */
struct longhaul_loss {
    double percent; /* 100 lost / total; NAN when unknown. Below 0 or above 100 only in a test that is not valid */
    double lost;    /* packets; NAN when unknown */
    double total;   /* packets sent, as far as sequence numbers tell: may be known when the loss is not, else NAN */
    enum longhaul_loss_origin origin;
};

/* Never fails; median_mbps is NAN also when there is no memory to find it. */
void longhaul_summarise(const struct longhaul_series *series, struct longhaul_summary *summary);

/* ---- beyond the reference's figures: an analysis of one test. It keeps what it needs: the series may be freed.
 *
 * Intervals with an artefact are counted and named, never clamped; those figures that the artefact would falsify leave
 * them out. The summary above leaves out none. */

/* What is wrong with an interval: bits. */
enum longhaul_artefact {
    LONGHAUL_ARTEFACT_TINY =
        1, /* shorter than half the usual interval (the median), or of no length: left out altogether */
    LONGHAUL_ARTEFACT_ABSURD_COUNT = 2, /* a rate or a count below 0, or of 2147483647: left out altogether */
    LONGHAUL_ARTEFACT_ABSURD_LOSS =
        4, /* below 0 % (earlier losses were reordering) or above 100 %: its loss is left out, but of sums */
    LONGHAUL_ARTEFACT_ABSURD_JITTER = 8, /* below 0, or above the interval's length and 1 s (the first after a clock
                                   step can be 10^8 ms, esnet/iperf#842): its jitter is left out */
    LONGHAUL_ARTEFACT_OVERLAPPING = 16,  /* begins before the one before it has ended: left out nowhere */
    LONGHAUL_ARTEFACT_ABSURD_TIME = 64,  /* its seconds are not its end less its start, as where an omit period ended in
                                   it: its  rate and loss are left out, but of sums */
    LONGHAUL_ARTEFACT_UNCONFIRMED =
        32, /* a sender's, and begins in a gap of its record: sent to nobody knows where, left out altogether */
    LONGHAUL_ARTEFACT_REPEATED =
        128 /* there before, with the same start and end: left out altogether, but of the reference's figures */
};

/* By linear interpolation between the nearest ranks (Hyndman and Fan 1996, type 7, as numpy's). NAN when n is 0. */
struct longhaul_percentiles {
    size_t n; /* intervals that know the value and have no artefact in it */
    double min, p1, p5, p50, p95, p99, p99_9, max;
};

/* Intervals by packets lost: 0, 1, 2-10, 11-100, 101-1000, more. */
enum { LONGHAUL_N_LOSS_CLASSES = 6, LONGHAUL_N_WORST = 10 };

/* An hour or a minute of UTC (of the test's axis when its start is not known), as far as it was observed: each interval
 * counts where it begins. */
struct longhaul_span {
    double start_unix_s;  /* of the hour or minute, not of what was observed; NAN when the test's start is not known */
    double start_s;       /* the same on the test's axis: below 0 when the test began within it */
    size_t n_intervals;
    double observed_s;
    double mean_mbps;     /* bytes over seconds; min and max are of intervals */
    double min_mbps;
    double max_mbps;
    double packets;       /* sums over the intervals that know them; NAN where none does, as the next three */
    double lost_packets;
    double known_packets; /* of the packets those of intervals that know their loss */
    double loss_percent;  /* of these */
    double jitter_p50_ms;
    double jitter_p95_ms;
    double outage_s;      /* within outages */
};

struct longhaul_figures {
    struct longhaul_percentiles rate_mbps;
    struct longhaul_percentiles loss_percent; /* of each interval: 100 lost / packets */
    struct longhaul_percentiles jitter_ms;
    double usual_s;         /* median length of an interval */
    double
        start_unix_s; /* of the axis: the first interval's wall clock where longhaul wrote it, else info.start_unix_s */
    int64_t bytes;          /* sums over intervals, those below 0 too */
    int64_t packets;        /* with has_packets */
    int64_t lost_packets;   /* with has_loss */
    bool has_packets;
    bool has_loss;          /* every interval knows its loss */
    double loss_percent_of_intervals; /* 100 lost_packets / packets */
    double coverage;     /* seconds observed, less what lies in gaps / planned, at most 1; NAN when there was no plan */
    double availability; /* share of the observed seconds that know their loss in which it was below loss_limit_percent
                            and something arrived, 0-1; as in ITU-T Y.1540, of intervals instead of minutes */
    double loss_limit_percent;
    double clean_start_s; /* longest stretch without loss, gap or outage: where, and how long. NAN when loss is not
                             known */
    double clean_seconds;
    size_t loss_classes[LONGHAUL_N_LOSS_CLASSES]; /* intervals */
    double p_loss; /* share of the intervals that lost something: unconditional, and given that the interval right */
    double p_loss_after_loss; /* before it did (Bolot 1993). Alike when losses are independent, far apart when they
                                 cluster */
    double quantum_mbps;      /* one datagram an interval; this and the next three are of one UDP stream, else NAN */
    double
        quantum_mean; /* datagrams in a mean interval, f its fraction: only whole ones are sent, f of the intervals */
    double quantum_std_mbps;  /* have one more: quantum_mbps sqrt(f (1 - f)) is the deviation (Bernoulli) of a perfect
                                 sender */
    double quantum_share;     /* intervals within one datagram of the mean, 0-1 */
    size_t n_tiny;            /* intervals with each artefact */
    size_t n_absurd_counts;
    size_t n_absurd_losses;
    size_t n_absurd_jitters;
    size_t n_repeated;
    size_t n_overlapping;
    size_t n_absurd_times;
    size_t n_unconfirmed;
    struct longhaul_percentiles path_rtt_ms; /* round trips measured beside the test, of those that were answered */
    size_t n_rtt_unanswered;
    size_t n_worst;           /* minutes of UTC that lost most packets, the worst first; only such as lost some */
    struct longhaul_span worst[LONGHAUL_N_WORST];
};

/* What a TCP test comes to, beside what its windows, its loss and its target allow. NAN where it is not known: most of
 * it is known where the data was sent. Streams are together, as in the columns. */
struct longhaul_tcp {
    struct longhaul_percentiles snd_cwnd_bytes; /* of intervals */
    struct longhaul_percentiles
        rtt_ms;                /* TCP's smoothed round trip; of a receiver's record that measured beside the test */
    double min_rtt_ms;         /* least that TCP saw; of files that iperf3 wrote the least of rtt_ms */
    double rttvar_ms;          /* median */
    double retransmits;        /* sum over intervals, else of the end */
    double segments; /* sent, again too, or received; where an interval does not say it, from its bytes and the MSS */
    double retransmit_percent; /* 100 retransmits / segments */
    double spurious_retransmits, reorderings, out_of_order_segments; /* sums */
    double busy_s, rwnd_limited_s, sndbuf_limited_s;                 /* sums, stream-seconds */
    double cwnd_limited_s;     /* busy, and held back by neither: by the congestion window, or the pacing */
    double n_zero_windows;     /* intervals at whose end a receiver offered nothing */
    double mss_bytes;          /* least; where no interval says it, from the path MTU, with timestamps, of IPv4 */
    double pmtu_bytes;         /* least */
    double window_bytes;       /* median of what the receiver offers; where it is not known, what was asked for */
    double window_limit_mbps;  /* window_bytes in a median round trip: longhaul_formula_window_limit_bps() */
    double mathis_limit_mbps;  /* longhaul_formula_mathis_bps() of that round trip and of the share that was lost: sent
                                  again, and not for nothing; with its first C, times the streams. NAN without loss, and
                                  for BBR, which does not heed it */
    double pacing_mbps;        /* target of all streams; NAN for unlimited */
    double limit_mbps;         /* least of the three; NAN when none is known */
    const char *limited_by;    /* "window", "loss", "pacing": which that is; "" when none is known. A static string */
};

enum longhaul_event_kind {
    LONGHAUL_EVENT_OUTAGE, /* no byte in two or more intervals on end (that arrived, where a sender's record was joined
                        with its receiver's), or no interval at all, or a gap that the record knows of */
    LONGHAUL_EVENT_LOSS_BURST,   /* more loss than this leg's usual loss explains */
    LONGHAUL_EVENT_JITTER_BURST, /* likewise */
    LONGHAUL_EVENT_RATE_SHIFT    /* from here on another mean rate */
};

/* How far an event reaches, as far as other legs were measured at the same time. */
enum longhaul_scope {
    LONGHAUL_SCOPE_UNKNOWN, /* too little was measured to tell */
    LONGHAUL_SCOPE_LEG,     /* this direction alone */
    LONGHAUL_SCOPE_PAIR,    /* the opposite direction too, and no other pair of its sites */
    LONGHAUL_SCOPE_HUB      /* most of the other pairs that meet at one of its sites too: event.site */
};

enum longhaul_concurrence {
    LONGHAUL_CONCURRENCE_NOT_MEASURED,
    LONGHAUL_CONCURRENCE_QUIET,
    LONGHAUL_CONCURRENCE_AFFECTED
};

/* Loss bursts are the segments of highest score of a CUSUM (Page 1954) of the log-likelihood of twice the usual loss
 * and at least 0.5 packets an interval, Poisson (Lucas 1985) with the usual intervals' dispersion, beyond ln(100 n), so
 * that a leg of independent losses has one in a hundred legs; of 10 packets or more. Jitter bursts: the same of (jitter
 * - median) / scale
 * - 4, at most 16 an interval, beyond 20, where scale is (p95 - median) / 1.645, at least a tenth of the median and 1
 * us; and twice the median or more. Rate shifts: PELT (Killick, Fearnhead and Eckley 2012) on trimmed means of bins of
 * 5 or more intervals (at most 1,440 bins), least squares, penalty 3 ln(n) (Zhang and Siegmund 2007), noise by its
 * differences with allowance for correlation; of 0.5 % of the rate and of its deviation or more. */
struct longhaul_event {
    enum longhaul_event_kind kind;
    char cause[32];      /* of an outage, as in struct longhaul_gap; "" when not known */
    double start_unix_s; /* UTC; NAN when the test's start is not known */
    double start_s;      /* on the test's axis */
    double seconds;      /* of a rate shift: until the next one, or the end */
    size_t first; /* interval that it begins with, and how many there are (0 in a gap: then first is the one after) */
    size_t n_intervals;
    double
        lost_packets; /* NAN when not known. Of an outage with the interval after it: sequence numbers tell only then */
    double peak; /* greatest loss in % or jitter in ms of an interval; rate after a shift in Mbps; NAN of an outage */
    double before;       /* usual loss in %, usual jitter in ms, rate before in Mbps */
    enum longhaul_concurrence
        opposite; /* what the opposite direction did; longhaul_analysis_relate() fills these five */
    size_t n_other_measured;            /* legs of other pairs that meet at one of its sites, measured then */
    size_t n_other_affected;
    enum longhaul_scope scope;
    char site[64];       /* with LONGHAUL_SCOPE_HUB: where the affected pairs meet */
};

enum longhaul_verdict { LONGHAUL_VERDICT_VALID, LONGHAUL_VERDICT_VALID_WITH_NOTES, LONGHAUL_VERDICT_NOT_VALID };

/* One rule that a test broke. Rules, in this order (longhaul-show(1) says what each asks): no_intervals, error, no_end,
 * in_progress, wrapped_counter, total_int_max, total_zero, loss_out_of_range, sides_disagree, receiver_unknown,
 * clock_stepped, short_run, gaps, overlapping_intervals, absurd_time, tiny_interval, absurd_count, absurd_loss,
 * absurd_jitter, sender_limited, rate_not_reached, sequence_went_back, more_than_sent, duplicates, host_drops,
 * tcp_spurious_retransmits, tcp_rtt_inflated, tcp_less_received, tcp_zero_window, tcp_receiver_limited,
 * tcp_sndbuf_limited. */
struct longhaul_finding {
    const char *rule; /* its name, a static string */
    bool is_fault;    /* the figures cannot be relied on; else a note */
    char text[200];   /* a sentence with the values, without full stop */
};

struct longhaul_analysis_options {
    double loss_limit_percent; /* of availability; 0 means 1 */
};

struct longhaul_analysis;

/* LONGHAUL_EINVAL for a limit that is not 0-100, LONGHAUL_ENOMEM. Time is O(n) in the intervals. */
int longhaul_analyse(const struct longhaul_series *series, const struct longhaul_analysis_options *options,
                     struct longhaul_analysis **out, struct longhaul_error *err);
/* Finds out, for each event of each of n tests, what the others did at the same time (within 3 s, as far as
 * clocks go). */
int longhaul_analysis_relate(struct longhaul_analysis *const *tests, size_t n, struct longhaul_error *err);
void longhaul_analysis_free(struct longhaul_analysis *analysis);

const struct longhaul_info *longhaul_analysis_info(const struct longhaul_analysis *analysis);
const struct longhaul_summary *longhaul_analysis_summary(const struct longhaul_analysis *analysis);
/* In what order the datagrams of a UDP leg arrived, by its end where that tells, else by its intervals. What is not
 * known is NAN, as where only the sender's file is there. Neither is a loss. */
struct longhaul_order {
    double
        out_of_order_packets; /* arrived behind a later one (RFC 4737); of a file of iperf3's own with the duplicates */
    double out_of_order_percent; /* of the packets that were sent, as far as the receiver's numbers tell */
    double duplicate_packets;    /* had arrived before (RFC 5560) */
};

const struct longhaul_figures *longhaul_analysis_figures(const struct longhaul_analysis *analysis);
/* The loss of the leg; never NULL. */
const struct longhaul_loss *longhaul_analysis_loss(const struct longhaul_analysis *analysis);
/* In what order the datagrams of the leg arrived; never NULL. */
const struct longhaul_order *longhaul_analysis_order(const struct longhaul_analysis *analysis);
/* NULL when it is no test of TCP. */
const struct longhaul_tcp *longhaul_analysis_tcp(const struct longhaul_analysis *analysis);
/* Of the host that wrote the file, as longhaul_series_host_drops(). */
const struct longhaul_host_drops *longhaul_analysis_host_drops(const struct longhaul_analysis *analysis);
/* n of them, in the order of time; events of one start in the order of their kinds. */
const struct longhaul_span *longhaul_analysis_hours(const struct longhaul_analysis *analysis, size_t *n);
const struct longhaul_gap *longhaul_analysis_gaps(const struct longhaul_analysis *analysis, size_t *n); /* by start */
const struct longhaul_event *longhaul_analysis_events(const struct longhaul_analysis *analysis, size_t *n);
const struct longhaul_finding *longhaul_analysis_findings(const struct longhaul_analysis *analysis, size_t *n);
enum longhaul_verdict longhaul_analysis_verdict(const struct longhaul_analysis *analysis);
/* Bits of enum longhaul_artefact, one byte for each interval of the series. */
const unsigned char *longhaul_analysis_artefacts(const struct longhaul_analysis *analysis);
/* "outage", "loss burst", "valid with notes", "leg"...: static strings. */
const char *longhaul_event_kind_text(enum longhaul_event_kind kind);
const char *longhaul_scope_text(enum longhaul_scope scope);
const char *longhaul_verdict_text(enum longhaul_verdict verdict);
/* "unknown", "end", "intervals": static strings. */
const char *longhaul_loss_origin_text(enum longhaul_loss_origin origin);
/* What the deviation of the rate is made of, as a sentence; "" where the quantum is not known. */
void longhaul_quantum_text(const struct longhaul_summary *summary, const struct longhaul_figures *figures, char *text,
                           size_t size);
/* All of it as one line of JSON, without a line feed; longhaul-show(1) has the keys; what is not known is null. The
 * caller frees *out with free(). */
int longhaul_analysis_json(const struct longhaul_analysis *analysis, char **out, struct longhaul_error *err);

/* Kinds of charts: bits. */
enum longhaul_chart {
    LONGHAUL_CHART_PAIR = 1,          /* both directions of two sites */
    LONGHAUL_CHART_DIRECTION = 2,     /* one leg: rate, loss, jitter */
    LONGHAUL_CHART_HUB = 4,           /* all legs, on one axis of UTC */
    LONGHAUL_CHART_HEAT = 8,          /* loss by leg and hour, or day */
    LONGHAUL_CHART_DISTRIBUTION = 16, /* of jitter and of the intervals' loss */
    LONGHAUL_CHART_MATRIX = 32        /* loss, jitter, coverage by source and destination */
};
enum { LONGHAUL_CHARTS_ALL = 63 };
/* "pair", "direction", "hub", "heat", "distribution", "matrix": a static string; NULL for what is not one of these. */
const char *longhaul_chart_text(enum longhaul_chart chart);

/* Forms of a picture: bits. */
enum longhaul_picture { LONGHAUL_PICTURE_PNG = 1, LONGHAUL_PICTURE_SVG = 2 };

enum { LONGHAUL_PICTURE_MIN = 320, LONGHAUL_PICTURE_MAX = 20000, LONGHAUL_DPI_MIN = 30, LONGHAUL_DPI_MAX = 1200 };

enum longhaul_theme { LONGHAUL_THEME_LIGHT = 0, LONGHAUL_THEME_DARK, LONGHAUL_THEME_PRINT };

typedef bool longhaul_stop_cb(void *payload);

struct longhaul_report_options {
    const char *out_dir;     /* NULL means "diagrams/24h"; made when missing */
    const char *hub;         /* site whose inbound legs are green; NULL: WUS if there, else the site in most pairs */
    bool wants_no_render;          /* write .gp and data only */
    bool wants_redraw;             /* draw also charts whose picture is of the same data and script already */
    unsigned charts;         /* bits of enum longhaul_chart; 0 means all */
    unsigned pictures;       /* bits of enum longhaul_picture; 0 means both */
    enum longhaul_theme theme;
    uint32_t width;          /* of a picture in pixels, LONGHAUL_PICTURE_MIN-MAX; 0 as height: each kind's own, which */
    uint32_t height;         /* dpi scales */
    uint32_t dpi; /* pixels in an inch, of texts and lines, LONGHAUL_DPI_MIN-MAX; 0: 200, in proportion to width */
    bool wants_omitted;       /* as in struct longhaul_read_options */
    struct longhaul_read_limits limits; /* of each file; likewise */
    bool wants_no_html;            /* leave index.html out */
    const char *dygraphs_dir; /* of dygraph.min.js and .css, for live charts; NULL: where Debian's libjs-dygraphs has
                                 them. Without them the charts of index.html are pictures */
    double reload_s;         /* index.html reloads itself so often while a run is in progress; 0 for never */
    const struct longhaul_topology
        *topology; /* whose places round trips are held against; NULL for none. Borrowed while it is written */
    bool is_forced;              /* replace also files that longhaul did not write */
    longhaul_stop_cb *is_stopped; /* asked again and again, by several threads, once all is read and files are
                                 written: true ends it soon with LONGHAUL_ESTOPPED; each file is whole then, no
                                 temporary one and no gnuplot is left. NULL for never */
    void *stop_payload;
};

struct longhaul_report;

/* Reads every result and journal among paths (files, or folders whose *.json, *.json.gz, .zst, .xz and *.journal are
 * taken, and those of a folder "receiver" in it, not deeper; of a journal, a result and a compressed one of one stem
 * the newest; each file once), several at once when there are cores, joins receivers' records to their senders', and
 * writes the charts, summary_report.md and index.html. 0 also when some files could not be read or some charts not be
 * drawn: those are the report's notes. LONGHAUL_EFORMAT when nothing could be read. */
int longhaul_report_write(const char *const *paths, size_t n_paths, const struct longhaul_report_options *options,
                          struct longhaul_report **out, struct longhaul_error *err);
size_t longhaul_report_n_legs(const struct longhaul_report *report);
/* Legs are sorted by label, then by start; those whose start is not known first. */
const struct longhaul_info *longhaul_report_info(const struct longhaul_report *report, size_t leg);
const struct longhaul_summary *longhaul_report_summary(const struct longhaul_report *report, size_t leg);
/* Its analysis, with what the other legs did during its events. */
const struct longhaul_analysis *longhaul_report_analysis(const struct longhaul_report *report, size_t leg);
/* Is one of its legs the journal of a run in progress (or of one that died)? */
bool longhaul_report_is_in_progress(const struct longhaul_report *report);
/* All of it as one line of JSON, without a line feed; longhaul-report(1) has the keys. The caller frees *out with
 * free(). */
int longhaul_report_json(const struct longhaul_report *report, char **out, struct longhaul_error *err);
/* A number that is another one when a file that longhaul_report_write() would read came, went, or was written to. */
uint64_t longhaul_report_inputs(const char *const *paths, size_t n_paths);
/* Files that were written, in the order of writing, and one line for each thing that is missing from the report. */
size_t longhaul_report_n_files(const struct longhaul_report *report);
const char *longhaul_report_file(const struct longhaul_report *report, size_t i);
size_t longhaul_report_n_notes(const struct longhaul_report *report);
const char *longhaul_report_note(const struct longhaul_report *report, size_t i);
void longhaul_report_free(struct longhaul_report *report);

/* ----------------------------------------------------------- path formulas: what physics and TCP allow, nothing
 * measured */

/* RTT in ms, rates in bit/s, windows and packets in bytes, loss as a share of 1. A value that makes no sense (below 0,
 * an RTT of 0, loss above 1) gives NAN; nothing fails. "The guide" is Microsoft's "TCP/IP performance tuning for Azure
 * VMs"; longhaul-path(1) has its tables and, as footnotes, where its print is wrong. */

#define LONGHAUL_WINDOW_FIELD_MAX                                                                                      \
    65535 /* the largest window that a TCP header says by itself: 16 bits (RFC 9293, 3.1) */
#define LONGHAUL_SCALE_MAX 14           /* of the window scale option (RFC 7323, 2.3) */
#define LONGHAUL_FIBRE_KM_PER_MS 200.0  /* light in glass: the vacuum's 299.8 over a refractive index of 1.5 */
#define LONGHAUL_EARTH_RADIUS_KM 6371.0088 /* the mean of IUGG's ellipsoid */

/* Bandwidth-delay product: bytes in flight that fill a path, rate x RTT / 8 (RFC 1072, 1; RFC 7323, 1.1). */
double longhaul_formula_bdp_bytes(double rate_bps, double rtt_ms);
/* What a window lets through, window x 8 / RTT: one window in each round trip (RFC 7323, 1.1). */
double longhaul_formula_window_limit_bps(double window_bytes, double rtt_ms);
/* The RTT up to which a window carries a rate, window x 8 / rate. */
double longhaul_formula_window_rtt_ms(double window_bytes, double rate_bps);
/* The window that a header's field means, field x 2^scale (RFC 7323, 2.3). NAN for a scale above 14. */
double longhaul_formula_scaled_window_bytes(double field_bytes, int scale);
/* The smallest scale with which the largest field (65,535) holds the BDP: 0 to 14; -1 when 14 does not do, or
 * for NAN. */
int longhaul_formula_scale_needed(double rate_bps, double rtt_ms);

/* Windows's receive-window auto-tuning levels and the scale that each leads to; -1 is none (the guide's table). */
struct longhaul_autotuning {
    const char *level; /* "disabled", "restricted", "highly restricted", "normal", "experimental" */
    int scale;
};
/* The level number i, from 0; NULL after the last. */
const struct longhaul_autotuning *longhaul_path_autotuning(size_t i);

/* Mathis, Semke, Mahdavi and Ott, "The Macroscopic Behavior of the TCP Congestion Avoidance Algorithm", CCR 27(3),
 * 1997: rate = MSS x 8 / RTT x C / sqrt(loss). C is sqrt(3/2) for periodic loss and an acknowledgement of every
 * segment, sqrt(3/4) where acknowledgements are delayed (their equations 3 and 4); c of 0 means the first. It is about
 * Reno: CUBIC on a long path and BBR go beyond it. Infinite without loss. */
#define LONGHAUL_MATHIS_C 1.224744871391589
#define LONGHAUL_MATHIS_C_DELAYED 0.8660254037844386
double longhaul_formula_mathis_bps(double mss_bytes, double rtt_ms, double loss, double c);
/* The same, solved for the loss that a rate bears: at most 1. */
double longhaul_formula_mathis_loss(double mss_bytes, double rtt_ms, double rate_bps, double c);

/* Segments that carry one window, rounded up (the guide). */
double longhaul_formula_packets_per_window(double window_bytes, double mss_bytes);

/* MTU less the headers of IP (20; 40 of IPv6) and TCP (20): what the MSS option says (RFC 879, 6691, 8200). With
 * timestamps, 12 less: what a segment then carries (RFC 7323, appendix A). family is 4 or 6. NAN when nothing
 * is left. */
double longhaul_formula_mss_bytes(double mtu_bytes, int family, bool has_timestamps);

/* What an IP packet becomes on its way over links of Ethernet, all headers counted. */
struct longhaul_framing {
    double packet_bytes;    /* of the one packet: the payload, UDP's 8, IP's 20 or 40 */
    double n_packets; /* after fragmentation: pieces of whole 8 bytes but for the last (RFC 791, 3.2; RFC 8200, 4.5) */
    double last_bytes;      /* of the last fragment, with its own header */
    double ip_bytes;        /* of all of them: each fragment has an IP header of its own (of IPv6: 8 bytes more) */
    double framing_bytes;   /* Ethernet's header and check sequence, 14 + 4 a frame (IEEE 802.3, 3.1.1) */
    double frame_bytes;     /* ip_bytes, framing, padding to 64 (IEEE 802.3, 4.4.2) */
    double wire_bytes;      /* and the preamble, its delimiter and the gap between frames, 8 + 12 a frame */
    double payload_share;   /* payload / wire_bytes, 0-1; NAN for a packet whose payload is not known */
};
/* Of an IP packet (packet_bytes with its header), and of a UDP datagram (payload alone). family is 4 or 6; all NAN for
 * a packet beyond 65,535 bytes, or an MTU that holds no fragment. */
struct longhaul_framing longhaul_formula_frame_packet(double packet_bytes, double mtu_bytes, int family);
struct longhaul_framing longhaul_formula_frame_datagram(double payload_bytes, double mtu_bytes, int family);

/* Least RTT of a distance, 2 x km / 200 (the guide). No cable is that straight. */
double longhaul_formula_least_rtt_ms(double distance_km);
/* Great circle between two places, degrees, north and east positive (haversine: Sinnott, Sky & Telescope 68, 1984), on
 * a sphere: within 0.6 % of the ellipsoid. NAN for latitudes beyond 90 or longitudes beyond 180. */
double longhaul_formula_distance_km(double latitude_a, double longitude_a, double latitude_b, double longitude_b);

/* What a stream of datagrams comes to. rate_bps counts payload, as iperf3's -b does. */
struct longhaul_volume {
    double packets_per_s;
    double packets;
    double payload_bytes;
    double ip_bytes;   /* what a provider bills: with IP's and UDP's headers, MTU 1,500 */
    double wire_bytes; /* with Ethernet's, see wire_bytes above */
    double wire_bps;
};
struct longhaul_volume longhaul_formula_volume(double rate_bps, double datagram_bytes, double seconds, int family);

/* New connections a second to one peer's port that ports and TIME_WAIT allow: ports / time_wait (RFC 9293, 3.6.1). */
double longhaul_formula_connections_per_s(double n_ports, double time_wait_s);

/* Values that are given; what is not is NAN (longhaul_formula_values_clear() makes them so). */
struct longhaul_formula_values {
    double window_bytes;
    double scale; /* of the window */
    double rtt_ms;
    double rate_bps;
    double mss_bytes;
    double loss; /* share, 0-1 */
    double mathis_c; /* NAN: both constants */
    double distance_km;
    double latitude_a, longitude_a, latitude_b, longitude_b;
    double mtu_bytes;
    double packet_bytes;   /* of IP */
    double datagram_bytes; /* UDP payload */
    double duration_s;     /* NAN: a day */
    double n_ports;
    double time_wait_s;
    int family; /* 4 or 6; 0 is 4 */
};

/* One result. Lives as long as the figures. */
struct longhaul_formula_figure {
    const char *key;    /* of JSON, with the unit: "window_limit_bps" */
    const char *what;   /* of the text: "window limit" */
    double value;
    double shown;       /* value in the unit of the text, with so many decimals */
    int decimals;
    const char *unit;   /* of the text: "Mbit/s" */
    const char *source; /* formula and where it is from */
};
struct longhaul_formula_figures;

void longhaul_formula_values_clear(struct longhaul_formula_values *values);
/* Every result that the given values allow, in a fixed order. LONGHAUL_EINVAL for a value out of its range, and when
 * nothing follows from the values. Of what was not given, an MSS follows from the MTU, a distance from two places. */
int longhaul_formula_calculate(const struct longhaul_formula_values *values, struct longhaul_formula_figures **out,
                       struct longhaul_error *err);
size_t longhaul_formula_figures_length(const struct longhaul_formula_figures *figures);
const struct longhaul_formula_figure *longhaul_formula_figures_at(const struct longhaul_formula_figures *figures,
                                                                  size_t i);
/* "1,234.57": shown, rounded half away from zero in decimal (65.535 is 65.54), as a table on paper would. */
void longhaul_formula_figure_text(const struct longhaul_formula_figure *figure, char *text, size_t size);
/* One line of JSON, an object of key: value, without a line feed. The caller frees *out with free(). */
int longhaul_formula_figures_json(const struct longhaul_formula_figures *figures, char **out,
                                  struct longhaul_error *err);
void longhaul_formula_figures_free(struct longhaul_formula_figures *figures);

/* -------------------------------------------------------------------- hosts: what this host's kernel and
 * interface say */

/* Drops of this host, counted by its kernel since the network namespace began; NAN where a counter is missing. */
struct longhaul_host_drops {
    double udp_received; /* datagrams delivered, IPv4 and IPv6 together, as the next four (/proc/net/snmp, snmp6) */
    double udp_receive_buffer;     /* arrived, and found their socket's buffer full: RcvbufErrors */
    double udp_send_buffer;        /* SndbufErrors */
    double udp_checksum;           /* InCsumErrors */
    double udp_memory;             /* MemErrors */
    double udp_sockets;            /* drops of the UDP sockets that are open now (/proc/net/udp, udp6) ... */
    double udp_worst;              /* ... and of the one that dropped most ... */
    double udp_worst_port;         /* ... its local port; NAN when none dropped */
    double backlog;                /* /proc/net/softnet_stat, all CPUs: the queue before the stack was full */
    double interface_received;     /* of the interface: no room, missed, FIFO (/proc/net/dev) */
    double interface_sent;         /* likewise */
    double reassembly;             /* fragments that never became whole: ReasmFails, Ip6ReasmFails */
};

enum longhaul_acceleration {
    LONGHAUL_ACCELERATION_UNKNOWN = 0,
    LONGHAUL_ACCELERATION_NONE,      /* a synthetic interface (hv_netvsc) without its virtual function */
    LONGHAUL_ACCELERATION_VIRTIO,    /* paravirtual: no hardware to reach past the hypervisor */
    LONGHAUL_ACCELERATION_HARDWARE   /* SR-IOV's virtual function, or the cloud's own: mlx4, mlx5, mana, ena, gve... */
};

/* Facts of this host; NAN where the kernel does not tell, 0 or 1 for a switch. */
struct longhaul_host {
    char cloud[16];                /* "azure", "aws", "gcp", "oracle", "" (/sys/class/dmi/id) */
    char interface[16];            /* towards the peer; "" when not known, and then nothing is known of it */
    char driver[32];
    char accelerated_driver[32];   /* of the virtual function below a synthetic interface; "" without one */
    enum longhaul_acceleration acceleration;
    bool is_tunnel; /* the interface wraps packets: tun, wireguard, ipip, gre, vti, xfrm, ppp, vxlan... */
    bool is_loopback;
    double mtu_bytes;              /* of the interface */
    double link_bps;               /* as the driver says; NAN where it does not (virtual machines often) */
    double tso, gso, gro, lro;
    double n_rx_queues, n_tx_queues;         /* in use */
    double n_rx_queues_max, n_tx_queues_max; /* that the device has */
    double n_rss_queues;           /* that RSS spreads flows over; NAN where it does not tell */
    double n_cpus;

    double tcp_rmem_bytes[3], tcp_wmem_bytes[3]; /* least, default, most of one socket */
    double rmem_default_bytes, rmem_max_bytes, wmem_default_bytes, wmem_max_bytes;
    double receive_autotuning;     /* tcp_moderate_rcvbuf */
    double window_scaling, sack, timestamps;
    char congestion_control[16];
    double mtu_probing;            /* tcp_mtu_probing: 0 no, 1 after a black hole, 2 always */
    double no_pmtu_discovery;      /* ip_no_pmtu_disc */
    double first_port, last_port;  /* ephemeral ports */
    double time_wait_reuse;        /* tcp_tw_reuse: 0 no, 1 yes, 2 on loopback */
    double time_wait_s;            /* how long a closed connection holds its port: 60, fixed in Linux */
    double n_time_wait;            /* connections that wait so now */

    double steal_share;            /* of the CPUs' time since boot that the hypervisor gave to others, 0-1 */
    double steal_ticks,
        cpu_ticks; /* what that is made of: the share of a stretch is the quotient of two readings' growth */
    char clock_source[32];
    double is_clock_synchronised;  /* by NTP or PTP, as the kernel sees it: adjtimex(2) */
    double clock_error_ms;         /* the kernel's bound of its error */
    struct longhaul_host_drops drops;
};

struct longhaul_host_options {
    /* Folder in place of / for /proc and /sys; NULL means /. Below another folder, what is not a file on Linux is read
     * from saved text: ethtool/INTERFACE (the output of ethtool -i, -k, -l, -x, one after the other) and adjtimex
     * ("synchronised 1", "maxerror_us 500"). */
    const char *root;
    const char *interface; /* NULL or "": the one towards peer */
    const char *peer;      /* numeric address; NULL: no interface unless one is named */
};

/* Never fails for what the kernel does not tell: that is NAN. LONGHAUL_EINVAL for an interface or address that
 * is none. */
int longhaul_host_read(const struct longhaul_host_options *options, struct longhaul_host *host,
                       struct longhaul_error *err);
/* What grew from before to after, counter by counter. */
struct longhaul_host_drops longhaul_host_drops_between(const struct longhaul_host_drops *before,
                                                       const struct longhaul_host_drops *after);
/* One line of JSON, an object whose keys are the members' names. The caller frees *out with free(). */
int longhaul_host_json(const struct longhaul_host *host, char **out, struct longhaul_error *err);
const char *longhaul_acceleration_text(enum longhaul_acceleration acceleration);

/* ------------------------------------------------------------- paths: measured, beside what the formulas and a plan
 * say */

/* Round trips, one method. What was not measured is NAN, and why says why not. */
struct longhaul_path_rtt {
    size_t n_sent;
    size_t n_received;
    double min_ms, mean_ms, median_ms, p95_ms, max_ms;
    double jitter_ms; /* mean difference of neighbours, without sign (RFC 3550, 6.4.1, not smoothed) */
    char why[160];    /* "" when it was measured */
};

enum longhaul_path_reach {
    LONGHAUL_PATH_REACH_UNKNOWN = 0,
    LONGHAUL_PATH_REACH_OPEN,
    LONGHAUL_PATH_REACH_REFUSED,     /* the peer, or a firewall that answers for it, says no */
    LONGHAUL_PATH_REACH_FILTERED,    /* nobody answers */
    LONGHAUL_PATH_REACH_UNREACHABLE  /* a router, or this host, knows no way */
};

/* Path MTU from here to the peer, by probes that must not be fragmented. The way back is the peer's to measure. */
struct longhaul_path_mtu {
    double bytes;             /* the largest packet that arrived; NAN when nothing could be measured */
    double probed_bytes;      /* the largest that was tried: the interface's MTU */
    bool is_black_hole;       /* larger ones vanish, and no router says so */
    char router[64];          /* who said "fragmentation needed" or "packet too big"; "" when nobody did */
    double fragments_pass;    /* does a datagram larger than that arrive in fragments? 0, 1, NAN when not known */
    char method[16];          /* "icmp", "udp", "tcp": what carried the probes; "" when none got through */
    char why[160];            /* "" when it was measured */
};

enum { LONGHAUL_PATH_HOPS_MAX = 40 };

struct longhaul_path_hop {
    int ttl;           /* from 1 */
    char address[64];  /* "" of one that never answered */
    size_t n_sent;
    double loss; /* share of its answers that are missing, 0-1. Routers answer when they like: only the last hop's
                    counts */
    double best_ms, mean_ms, worst_ms;
};

/* A short test through libiperf. NAN where nothing is known. */
struct longhaul_path_flow {
    bool is_measured;
    double seconds;
    double offered_bps;        /* of payload, as sent */
    double received_bps;       /* as arrived */
    double datagram_bytes;
    double sent_packets;       /* UDP */
    double lost_packets;       /* of those, those that did not arrive at the receiver's program ... */
    double
        host_lost_packets; /* ... among them those that did arrive at this host, and found the socket's buffer full */
    double out_of_order;       /* UDP to here: packets; a peer does not tell of its own */
    double reorderings;        /* TCP from here: events of reordering that its sender saw */
    double jitter_ms;          /* UDP: at its end, RFC 1889 */
    double retransmits;        /* TCP: segments */
    double rtt_ms;             /* TCP_INFO, mean of the intervals; smoothed by the kernel */
    double rttvar_ms;          /* likewise */
    double cwnd_bytes;         /* TCP_INFO at the end */
    double pmtu_bytes;         /* likewise */
    struct longhaul_path_rtt loaded; /* ICMP round trips while it ran */
    char why[200];             /* "" when it was measured */
};

/* What an earlier test of a path measured. NAN where it does not say. */
struct longhaul_path_result {
    bool is_there;
    char path[256];
    char protocol[8];
    double mean_mbps, target_mbps; /* target of all its streams */
    double loss_percent, jitter_ms, datagram_bytes, seconds;
};

typedef void longhaul_stage_cb(const char *what, void *payload);

/* What is planned, and how to look. All zero but for peer: the article's test. */
struct longhaul_path_options {
    struct longhaul_leg
        leg; /* peer, port, family, bind_address, and the planned rate, datagram_bytes, protocol, window_bytes,
                n_streams; source and destination may be "". A datagram of 0 bytes is what fits the path */
    uint32_t
        n_flows; /* of the whole plan through this host's source NAT; 0: one leg's, streams and control connection */
    uint32_t snat_ports;         /* that the NAT gives this host; 0: not known */
    double distance_km;          /* to the peer; 0: not known */
    bool has_distance;
    uint32_t n_probes;           /* of round trips for each method; 0 means 20; 3 to 1,000 */
    uint32_t flow_s;             /* of each short test; 0 means 2; 1 to 60 */
    bool wants_no_flows;          /* send no test traffic: no reachability of UDP, no loss at the rate */
    bool wants_no_hops;
    const char *root;            /* as in struct longhaul_host_options */
    const struct longhaul_path_result *result; /* an earlier test of this path, to compare with; its rate and its
                                                * datagram are the plan where leg has none. NULL for none */
    longhaul_stage_cb *on_stage; /* what is being measured now, for a progress line; may be NULL */
    void *payload;
};

struct longhaul_path_facts {
    char peer[256];           /* as given */
    char address[64];         /* numeric */
    char source[64];          /* from here */
    int family;               /* 4 or 6 */
    struct longhaul_leg plan; /* defaults filled in; datagram_bytes is what will be sent */
    double distance_km;       /* NAN when not known */
    uint32_t n_flows, snat_ports;
    struct longhaul_host host;              /* before */
    struct longhaul_host_drops drops;       /* what grew while the path was measured */
    double steal_share;                     /* of the CPUs' time meanwhile */
    enum longhaul_path_reach tcp, udp_there, udp_back;
    double mss_bytes;                       /* what a segment of a connection to the server carries; NAN without one */
    bool is_busy;                           /* the server has another test: flows were not measured */
    struct longhaul_path_rtt rtt_tcp, rtt_icmp;
    struct longhaul_path_mtu mtu;
    size_t n_hops;
    struct longhaul_path_hop hops[LONGHAUL_PATH_HOPS_MAX];
    char hops_by[8];                        /* "udp": UDP datagrams of rising TTL, "" */
    char hops_why[160];
    struct longhaul_path_flow there, back;           /* UDP at the planned rate */
    struct longhaul_path_flow there_half, back_half; /* at half of what arrived: only when something was lost */
    struct longhaul_path_flow transfer;              /* TCP, from here, at the planned rate */
    struct longhaul_path_result result;
    /* Theory of the plan: see the formulas. */
    double rtt_ms;            /* the least that was measured, by whichever method */
    double least_rtt_ms;
    double bdp_bytes;
    double window_bytes;      /* the most that this host's TCP lets fill */
    double window_limit_bps;
    double loss;              /* the network's, towards the peer; where not known, of the way back; share */
    double mathis_limit_bps;
};

enum longhaul_path_level { LONGHAUL_PATH_LEVEL_OK = 0, LONGHAUL_PATH_LEVEL_NOTE, LONGHAUL_PATH_LEVEL_PROBLEM };

/* One verdict. longhaul-path(1) has the list of rules. */
struct longhaul_path_finding {
    const char *rule; /* its name, a static string: "black_hole" */
    enum longhaul_path_level level;
    char text[300];   /* what was found, with the values; no full stop */
    char why[300];    /* why it matters for the planned rate; "" when all is well */
    char command[200]; /* that changes it, or what to do; "" when there is nothing */
};

struct longhaul_path;

/* Reads the last test of a file that iperf3 or longhaul wrote. Errors are those of longhaul_reader_open() and _next(),
 * and LONGHAUL_EFORMAT for a file without a test. */
int longhaul_path_result_read(const char *path, struct longhaul_path_result *out, struct longhaul_error *err);
/* Measures: some 15 s, more where packets vanish. LONGHAUL_EINVAL for options that make no sense, LONGHAUL_ENET for a
 * peer whose name has no address; everything else that is wrong with the path is a finding. */
int longhaul_path_measure(const struct longhaul_path_options *options, struct longhaul_path **out,
                          struct longhaul_error *err);
/* The findings of facts alone: what longhaul_path_measure() makes of its own. */
int longhaul_path_judge(const struct longhaul_path_facts *facts, struct longhaul_path **out,
                        struct longhaul_error *err);
const struct longhaul_path_facts *longhaul_path_facts(const struct longhaul_path *path);
/* n of them, in a fixed order of rules. */
const struct longhaul_path_finding *longhaul_path_findings(const struct longhaul_path *path, size_t *n);
/* The worst of them. */
enum longhaul_path_level longhaul_path_worst(const struct longhaul_path *path);
const char *longhaul_path_level_text(enum longhaul_path_level level); /* "ok", "note", "problem" */
const char *
longhaul_path_reach_text(enum longhaul_path_reach reach); /* "open", "refused", "filtered", "unreachable", "unknown" */
/* One line of JSON: facts and findings. The caller frees *out with free(). */
int longhaul_path_json(const struct longhaul_path *path, char **out, struct longhaul_error *err);
void longhaul_path_free(struct longhaul_path *path);

#ifdef __cplusplus
}
#endif

#endif
