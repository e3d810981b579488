/* engine.h - one libiperf session, client or server, in a forked child, seen as a queue of events. */
#ifndef ENGINE_H
#define ENGINE_H

#include <longhaul.h>

#include "base/cidr.h"
#include "base/clock.h"
#include "host/tcp_state.h"
#include "model/order.h"

struct engine;
struct engine_bytes;

struct engine_params {
    struct engine_bytes *bytes;     /* engine_open()'s own, for its child */
    const struct longhaul_leg *leg; /* a client's session; NULL for a server's. Defaults filled in. */
    uint32_t duration_s;            /* client: of this session */
    const char *extra_data;         /* client: reaches the server's document; NULL for none */
    uint32_t connect_ms;            /* client: for the control connection */
    uint16_t dead_port; /* client: local port of an earlier control connection whose server may not know that it is
                           dead, and would be busy with it for minutes; 0 for none */
    const char *username;           /* client: NULL for none; with password and public_key (a PEM file) */
    const char *password;
    const char *public_key;
    uint16_t port;                  /* server: where to listen */
    const char *bind_address;       /* server: NULL for any */
    int door_family; /* server: connections come by engine_hand(), from a listening socket of this family;
                        0: libiperf listens itself */
    const struct cidr *udp_from;    /* server: from where a client's datagrams may come, besides its own address */
    size_t n_udp_from;
    const char *authorized_users; /* server: iperf3's file of users and hashes; NULL for none; with private_key (PEM) */
    const char *private_key;
};

enum engine_kind {
    ENGINE_HELLO, /* the child has come through fork and begins */
    ENGINE_NOTE,  /* text is something to be said */
    ENGINE_LABEL, /* server: text is the client's extra_data, whatever that is; before its start event */
    ENGINE_JSON,  /* text is one --json-stream event: {"event":"start|interval|end|error","data":...}; from libiperf
                    older than 3.19 the last one is {"event":"document",...}, the whole document without intervals. Of
                    one that is too long, or has no room in memory, the beginning */
    ENGINE_EXIT   /* libiperf is through; text is its error, "" when there is none */
};

struct engine_event {
    enum engine_kind kind;
    struct clock_reading at; /* in the child, when libiperf handed it over */
    double last_ack_s; /* how long ago the peer's host was last heard of on the control connection; NAN when not known.
                          While all is well at most 1 s and a round trip: keepalives are sent every second */
    uint16_t control_port;   /* local port of the control connection; 0 when not known */
    double socket_drops;     /* of an interval of UDP streams: what their sockets dropped since they were opened, a full
                                buffer; NAN     when not known (the last interval's are closed already) */
    uint32_t n_foreign;      /* UDP datagrams that were not taken so far: of somebody else than the peer, ... */
    uint32_t n_impossible;   /* ... with a number that the peer cannot have sent by then */
    struct tcp_state
        tcp; /* of an interval of TCP streams: what came to their sums in it; n_streams is 0 when not known */
    struct order order;      /* of an interval of UDP that this host receives */
    uint32_t n_unsaid;       /* ENGINE_JSON before this one that the child had no memory for */
    const char *text; /* ends with 0; borrowed until the next engine_receive() */
    size_t length;
    int i_errno; /* ENGINE_EXIT: libiperf's error number, 0 when all went well; -1 for one of ours */
};

/* libiperf's i_errno values that a driver must tell apart (iperf_api.h). */
enum {
    ENGINE_IEDURATION = 5,
    ENGINE_IENUMSTREAMS = 6,
    ENGINE_IEBLOCKSIZE = 7,
    ENGINE_IEBUFSIZE = 8,
    ENGINE_IEMSS = 10,
    ENGINE_IEOMIT = 12,
    ENGINE_IEBURST = 15,
    ENGINE_IEUDPBLOCKSIZE = 20,
    ENGINE_IEBADTOS = 21,
    ENGINE_IETOTALRATE = 27,
    ENGINE_IELISTEN = 102,
    ENGINE_IECONNECT = 103,
    ENGINE_IESENDCOOKIE = 105,
    ENGINE_IECTRLWRITE = 107,
    ENGINE_IECTRLREAD = 108,
    ENGINE_IECTRLCLOSE = 109,
    ENGINE_IESENDMESSAGE = 111,
    ENGINE_IERECVMESSAGE = 112,
    ENGINE_IERECVPARAMS = 114,
    ENGINE_IECLIENTTERM = 119,
    ENGINE_IESERVERTERM = 120,
    ENGINE_IEACCESSDENIED = 121,
    ENGINE_IEAUTHTEST = 142,
    ENGINE_IESTREAMWRITE = 205,
    ENGINE_IESTREAMREAD = 206
};

/* Of ours, in place of libiperf's: where a client that makes no progress is stuck (engine_ask()). */
enum {
    ENGINE_STUCK_CONNECTING = -2, /* nobody answers the control connection's SYN */
    ENGINE_STUCK_TALKING = -3,    /* the control connection is open, and the other end does not go on */
    ENGINE_STUCK_THERE = -4,      /* the server has not had this side's first datagram */
    ENGINE_STUCK_BACK = -5        /* it has, and its answer does not come */
};

/* false, and LONGHAUL_ENOTBUILT in err, in a build without libiperf: nothing below can be used then. */
bool engine_is_built(struct longhaul_error *err);

/* 0 when path is an RSA key in PEM that can be used without asking anybody, as iperf3's user authentication
 * needs it. */
int engine_check_key(const char *path, bool is_private, struct longhaul_error *err);

/* Whether a server's connections can come from the parent: not where libiperf is a shared library. */
bool engine_has_door(void);

/* Forks the child. */
int engine_open(const struct engine_params *params, struct engine **out, struct longhaul_error *err);

/* A server's: the child's next connection, the control connection first: whose client has been sent PARAM_EXCHANGE
 * already. fd stays the caller's. false when the child does not take it. */
bool engine_hand(struct engine *engine, int fd);

/* An engine without a child: what comes over pair, a SOCK_SEQPACKET, is said by somebody else. Takes it. For tests. */
int engine_adopt(int pair, struct engine **out, struct longhaul_error *err);

/* What the session's streams have received so far. false while it is not known: before the first byte, and where
 * libiperf is a shared library. */
bool engine_received(const struct engine *engine, uint64_t *bytes);

/* Readable when engine_receive() has something to say. */
int engine_fd(const struct engine *engine);

/* 1 and an event, 0 when there is none yet, -1 when the child is gone and all was handed out. Never blocks. */
int engine_receive(struct engine *engine, struct engine_event *event);

/* A clean end with a full end record, as far as the peer is alive; for a server: the client is told, the child ends. */
void engine_stop(struct engine *engine);

/* A server's: the client is told why its test is refused, ENGINE_IETOTALRATE or ENGINE_IEDURATION, or else that the
 * server ends it; the child ends. */
void engine_refuse(struct engine *engine, int i_errno);

/* A client's whose test has not begun: it leaves, and its ENGINE_EXIT says where it was stuck. */
void engine_ask(struct engine *engine);

/* Of a child that is gone without an ENGINE_EXIT: "the measuring process died", and why: the last line on its standard
 * error, else the signal or the exit status. */
void engine_death(const struct engine *engine, char *text, size_t size);

/* Ends the child at once if it still lives, reaps it, frees. NULL is accepted. */
void engine_close(struct engine *engine);

#endif
