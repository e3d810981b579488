/* longhaul/serve.h - the receiver's ports. */
#ifndef LONGHAUL_SERVE_H
#define LONGHAUL_SERVE_H
#include <longhaul/run.h>
LONGHAUL_BEGIN
enum longhaul_server_event_kind { /* and what the event's text is */
    LONGHAUL_SERVER_EVENT_LISTENING, /* a port waits for a client */
    LONGHAUL_SERVER_EVENT_STARTED,   /* a test began: the client's address */
    LONGHAUL_SERVER_EVENT_RECORDED,  /* what was received is in a file: its path */
    LONGHAUL_SERVER_EVENT_NOTE,      /* something odd about a client, or why nothing can be recorded */
    LONGHAUL_SERVER_EVENT_ENDED,     /* a test ended, or a client left without one: how, "" when all is well */
    LONGHAUL_SERVER_EVENT_STATUS     /* asked for by longhaul_server_ask_status(): the client's address, or "" */
};
struct longhaul_served_leg { /* a leg that another host's run pushes here */
    char source[LONGHAUL_CODE_MAX + 1], destination[LONGHAUL_CODE_MAX + 1];
    uint16_t port;                 /* of its newest session */
    struct longhaul_status status; /* of the receiver's record: bytes and packets that arrived */
};
struct longhaul_server_event {
    enum longhaul_server_event_kind kind;
    uint16_t port;
    uint64_t n_intervals; /* of the test: ENDED all of them, STATUS so far; else 0 */
    int64_t bytes;        /* likewise: received, or sent when the client pulled */
    const char *text;
    const struct longhaul_served_leg *leg; /* STATUS: the port's current or last leg; else NULL */
    const struct longhaul_status *test;    /* ENDED: the sums of this test, as of a leg with one session; else NULL */
    const char *source, *destination; /* the leg that the port's client says it is, or is not; NULL if it says none */
};
struct longhaul_served_port { /* what is known of a port now */
    uint16_t port;
    bool is_testing;          /* a test runs; else the rest is about the last one */
    char client[64];          /* its address; "" before the first test */
    char source[LONGHAUL_CODE_MAX + 1], destination[LONGHAUL_CODE_MAX + 1]; /* the leg that it says it is, or "" */
    char record[LONGHAUL_STEM_MAX + 8]; /* name of the leg's record in <dir>/receiver, without its ending; else "" */
    /* Of the leg's record so far, over all its sessions; of the test alone, if no leg of this server's is recorded.
     * With is_sent the client pulls: what arrives is known to it. Phase CONNECTING before the first test. */
    struct longhaul_status status;
};
typedef void longhaul_server_event_cb(const struct longhaul_server_event *event, void *payload);
struct longhaul_expected_leg { /* a leg that a server expects, according to a topology */
    const char *source, *destination, *peer; /* codes; address or host name, resolved when it comes; "" for any */
    uint16_t port;
};
struct longhaul_server_options {
    const uint16_t *ports;    /* n_ports of them; NULL means 5201 alone */
    const char *bind_address, *dir; /* NULL for any; records of pushed legs go to <dir>/receiver, NULL means "24H" */
    /* Lists of networks ("10.0.0.0/8") and addresses, n_... of each. allow: that may connect; none means everybody.
     * own: peers of the server's own legs, which never wait for what was done from their address, have priority, and
     * are recorded even when the disk is nearly full. udp_from: may send a client's datagrams, next to the client. */
    const char *const *allow, *const *own, *const *udp_from;
    size_t n_ports, n_allow, n_own, n_udp_from;
    /* If any, a client with another leg, from another peer or port is recorded in <dir>/receiver/strangers. */
    const struct longhaul_expected_leg *expected;
    size_t n_expected;
    uint64_t max_rate_bps;    /* a test that asks for more, or sends more, is refused; 0 for no limit, as the next */
    uint32_t max_duration_s;
    double keep_free_percent; /* while less of the disk is free, only own legs are recorded; 0: 5, below 0: no limit */
    double idle_s;            /* a client that sends nothing for this long is dropped; 0 means 30 */
    const char *metrics_path; /* this and the next two as in struct longhaul_run_options */
    double metrics_s, sync_s;
    const char *authorized_users, *private_key; /* iperf3's authentication, both or neither: file of hashes, PEM file */
    longhaul_server_event_cb *on_event; /* called on the thread in longhaul_server_run(); may be NULL */
    void *payload;
};
struct longhaul_server;
int longhaul_server_new(const struct longhaul_server_options *options, struct longhaul_server **out,
                        struct longhaul_error *err);
/* Serves any iperf3 client until longhaul_server_stop(): one test at a time on each port. */
int longhaul_server_run(struct longhaul_server *server, struct longhaul_error *err);
/* In place of longhaul_server_run(), for a program with an event loop of its own; as longhaul_run_fd(), but valid from
 * longhaul_server_new() to longhaul_server_free(). */
int longhaul_server_fd(const struct longhaul_server *server);
/* Does what is due, with callbacks, and does not wait for the network: call it once at the start, then whenever the
 * descriptor is readable. A program that is late with it keeps clients waiting. 1 while the server runs; 0 once it was
 * stopped: that call ends the clients' tests, for up to a second. LONGHAUL_EIO: no descriptor, or metrics that cannot
 * be written at the start. From one thread at a time; LONGHAUL_EINVAL in a callback. */
int longhaul_server_dispatch(struct longhaul_server *server, struct longhaul_error *err);
/* From now on it expects these legs (copied) instead of those of the options; tests that run go on. From any thread,
 * until longhaul_server_free(). LONGHAUL_ENOMEM. */
int longhaul_server_expect(struct longhaul_server *server, const struct longhaul_expected_leg *legs, size_t n,
                           struct longhaul_error *err);
size_t longhaul_server_n_ports(const struct longhaul_server *server);
/* Copies the state of port i, in the order of the options: as it was at most about a second ago while the server runs,
 * and as it was last before and after. From any thread, until longhaul_server_free(). LONGHAUL_EINVAL: no such port. */
int longhaul_server_status(struct longhaul_server *server, size_t i, struct longhaul_served_port *out,
                           struct longhaul_error *err);
/* As longhaul_run_idle_s(), for the server: NAN before it serves and when it was stopped. */
double longhaul_server_idle_s(const struct longhaul_server *server);
/* Where it listens: "10.9.0.2", or "every address (IPv4 and IPv6)". Borrowed. */
const char *longhaul_server_address(const struct longhaul_server *server);
/* Both from any thread, or a signal handler. The first causes a STATUS event for each port. */
void longhaul_server_ask_status(struct longhaul_server *server);
void longhaul_server_stop(struct longhaul_server *server);
void longhaul_server_free(struct longhaul_server *server);
LONGHAUL_END
#endif
