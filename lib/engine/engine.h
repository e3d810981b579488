/* engine.h - one libiperf session, client or server, in a forked child, as a queue of events. */
#ifndef ENGINE_H
#define ENGINE_H

#include <longhaul.h>

#include "base/cidr.h"
#include "base/clock.h"
#include "host/tcp_state.h"
#include "model/delay.h"
#include "model/order.h"

struct engine;
struct engine_bytes;

struct engine_params {
    struct engine_bytes *bytes;     /* for the child; engine_open() sets it */
    const struct longhaul_leg *leg; /* a client's leg, with defaults filled in; NULL for a server */
    uint32_t duration_s;            /* client: of this session */
    const char *extra_data;         /* client: stored in the server's document; NULL for none */
    uint32_t connect_ms;            /* client: for the control connection */
    uint16_t dead_port; /* client: local port of an earlier control connection that the server may still believe
                         * alive, and would be busy with for minutes; 0 for none */
    const char *username;           /* client: NULL for none; needs password and public_key (a PEM file) */
    const char *password;
    const char *public_key;
    uint16_t first_port; /* client: local port of the first of several streams, the others have the following ones; 0
                          * for any */
    uint16_t port;                  /* server: where to listen */
    const char *bind_address;       /* server: NULL for any */
    int door_family; /* server: connections come by engine_hand() from a listening socket of this family; 0: libiperf
                      * itself listens */
    const struct cidr *udp_from;    /* server: networks from which a client's datagrams may come, besides its own
                                     * address */
    size_t n_udp_from;
    const char *authorized_users; /* server: iperf3's file of users and hashes; NULL for none; needs private_key
                                   * (PEM) */
    const char *private_key;
};

enum engine_kind {
    ENGINE_HELLO, /* the child survived the fork and begins */
    ENGINE_NOTE,  /* text is a message for the user */
    ENGINE_LABEL, /* server: text is the client's extra_data, whatever it contains; comes before the start event */
    ENGINE_JSON,  /* text is one --json-stream event: {"event":"start|interval|end|error","data":...}; from libiperf
                   * older than 3.19 the last one is {"event":"document",...}, the whole document without intervals.
                   * If it is too long or memory runs out, only its beginning */
    ENGINE_DELAYS, /* text is the histogram of the delays that no interval's had; after the last interval, before the
                    * exit */
    ENGINE_FLOWS, /* for the engine itself: the `flows` of the next ENGINE_JSON */
    ENGINE_SOCKETS, /* for the engine itself: copies of streams' sockets */
    ENGINE_NEWS,  /* a receiving client: text came from the server among the data (news.h, without the 16 bytes) */
    ENGINE_EXIT   /* libiperf has finished; text is its error, "" if none exists */
};

struct engine_event {
    enum engine_kind kind;
    struct clock_reading at; /* in the child, when libiperf handed it over */
    double last_ack_s; /* how long ago the peer's host was last heard of on the control connection; NAN if unknown.
                        * Normally at most 1 s and a round trip, since keepalives are sent every second */
    uint16_t control_port;   /* local port of the control connection; 0 if unknown */
    double socket_drops;     /* for UDP intervals: datagrams dropped by full socket buffers since the
                              * sockets were opened; NAN if unknown (at the last interval they are already closed) */
    uint32_t n_foreign;      /* UDP datagrams rejected so far: from other hosts than the peer, ... */
    uint32_t n_impossible;   /* ... with a number that the peer cannot have reached by then */
    struct tcp_state
        tcp; /* for TCP intervals: the growth of their sums; n_streams is 0 if unknown */
    struct order order;      /* for UDP intervals that this host receives */
    struct longhaul_delay delay; /* likewise */
    const char *flows;       /* for UDP intervals with several streams: what was seen of each (model/flow.h); "" if
                              * nothing was; borrowed as text */
    const char *histogram;   /* of delays, see engine_arrivals.h; "" for none; borrowed as text */
    uint32_t n_unsaid;       /* number of ENGINE_JSON before this one for which the child had no memory */
    const char *text; /* 0-terminated; borrowed until the next engine_receive() */
    size_t length;
    int i_errno; /* ENGINE_EXIT: libiperf's error number, 0 for success; -1 for an error of ours */
};

/* Values of libiperf's i_errno that a driver must distinguish (iperf_api.h). */
enum {
    ENGINE_IEDURATION = 5, ENGINE_IENUMSTREAMS = 6, ENGINE_IEBLOCKSIZE = 7, ENGINE_IEBUFSIZE = 8, ENGINE_IEMSS = 10,
    ENGINE_IEOMIT = 12, ENGINE_IEBURST = 15, ENGINE_IEUDPBLOCKSIZE = 20, ENGINE_IEBADTOS = 21,
    ENGINE_IETOTALRATE = 27, ENGINE_IELISTEN = 102, ENGINE_IECONNECT = 103, ENGINE_IESENDCOOKIE = 105,
    ENGINE_IECTRLWRITE = 107, ENGINE_IECTRLREAD = 108, ENGINE_IECTRLCLOSE = 109, ENGINE_IESENDMESSAGE = 111,
    ENGINE_IERECVMESSAGE = 112, ENGINE_IERECVPARAMS = 114, ENGINE_IESERVERTERM = 120,
    ENGINE_IEACCESSDENIED = 121, ENGINE_IEAUTHTEST = 142, ENGINE_IESTREAMCONNECT = 203,
    ENGINE_IESTREAMWRITE = 205, ENGINE_IESTREAMREAD = 206
};

/* Error numbers of our own: where a client that makes no progress is stuck (engine_ask()). */
enum {
    ENGINE_STUCK_CONNECTING = -2, /* no answer to the control connection's SYN */
    ENGINE_STUCK_TALKING = -3,    /* the control connection is open, but the server does not continue */
    ENGINE_STUCK_THERE = -4,      /* the server has not received this side's first datagram */
    ENGINE_STUCK_BACK = -5        /* the server has received it, but its answer does not arrive */
};

/* false, with LONGHAUL_ENOTBUILT in err, in a build without libiperf: none of the functions below can be used then. */
bool engine_is_built(struct longhaul_error *err);

/* false, with LONGHAUL_ENOTBUILT in err, for a leg that the linked libiperf cannot run. */
bool engine_can_run(const struct longhaul_leg *leg, struct longhaul_error *err);

/* Returns 0 if path is an RSA key in PEM, without a passphrase, as iperf3's user authentication needs it. */
int engine_check_key(const char *path, bool is_private, struct longhaul_error *err);

/* True if a server's connections can come from the parent: not if libiperf is a shared library. */
bool engine_has_door(void);

/* Forks the child. */
int engine_open(const struct engine_params *params, struct engine **out, struct longhaul_error *err);

/* Passes the next connection to a server's child, the control connection first; its client must already have been sent
 * PARAM_EXCHANGE. The caller keeps fd. false if the child does not take it. */
bool engine_hand(struct engine *engine, int fd);

/* Makes an engine without a child: something else writes the messages to pair, a SOCK_SEQPACKET, which the engine owns.
 * For tests. */
int engine_adopt(int pair, struct engine **out, struct longhaul_error *err);

/* The bytes that the session's streams have received so far. false while unknown: before the first byte, and where
 * libiperf is a shared library. */
bool engine_received(const struct engine *engine, uint64_t *bytes);

/* News (news.h), for a UDP session whose label has "hops", after its start event. Sends a datagram to the peer on one
 * of the session's streams, another one each time. false if it cannot. */
bool engine_send_news(struct engine *engine, const void *bytes, size_t n);
/* Where this host sends: takes a datagram that came from the peer on one of the streams. Returns its length, 0 for
 * none. */
size_t engine_take_news(struct engine *engine, void *bytes, size_t size);

/* Readable when engine_receive() has something to return. */
int engine_fd(const struct engine *engine);

/* Returns 1 and an event, 0 if none has arrived yet, -1 when the child is gone and all its events were returned. Never
 * blocks. */
int engine_receive(struct engine *engine, struct engine_event *event);

/* Ends the session properly, with a full end record if the peer is alive; a server also notifies its client. The child
 * ends. */
void engine_stop(struct engine *engine);

/* For a server: tells the client why its test is refused (ENGINE_IETOTALRATE, ENGINE_IEDURATION), or else that the
 * server ends it; the child ends. */
void engine_refuse(struct engine *engine, int i_errno);

/* For a client whose test has not begun: ends it, and its ENGINE_EXIT says where it was stuck. */
void engine_ask(struct engine *engine);

/* For a child that is gone without an ENGINE_EXIT: "the measuring process died", and the reason: the last line of its
 * standard error, else the signal or the exit status. */
void engine_death(const struct engine *engine, char *text, size_t size);

/* Kills the child if it is still alive, reaps it, frees the engine. NULL is accepted. */
void engine_close(struct engine *engine);

#endif
