/* serve_port.h - one port of a server. For serve.c alone. */
#ifndef SERVE_PORT_H
#define SERVE_PORT_H

#include "base/cidr.h"
#include "engine/engine.h"
#include "record/record.h"
#include "serve/serve_door.h"
#include "serve/serve_expected.h"
#include "serve/serve_hops.h"
#include "serve/serve_legs.h"
#include "serve/serve_limits.h"
#include "serve/serve_record.h"
#include "serve/serve_shown.h"

/* What the ports of a server share. */
struct serve_common {
    struct longhaul_server_options options;
    char *bind_address, *dir, *authorized_users, *private_key;
    struct cidr *allowed, *own, *udp_from; /* options.n_allow, n_own and n_udp_from networks */
    struct serve_sources *sources;
    struct serve_tokens *tokens;
    struct serve_door_rules rules; /* made of those */
    struct serve_legs *legs;
    struct serve_expected *expected;
    bool *is_lack_told; /* that routes cannot be traced was said */
};

/* All zero except number, door and shown, before the first call of serve_port_tend(). */
struct serve_port {
    uint16_t number;
    struct serve_door *door; /* NULL if libiperf itself listens (engine_has_door()) */
    struct engine *engine;
    int64_t due_ns; /* if engine is NULL, when the next one begins; else when it must have reported something */
    unsigned n_failures;
    bool has_hello, has_client, is_testing, is_receiver;
    bool is_stranger; /* it gave the name of a leg that is expected from another host */
    bool is_lack_told; /* reported for this test's record */
    bool has_error; /* libiperf's document names an error */
    char client[64];
    struct sockaddr_storage from; /* the client's address; its family is 0 if unknown */
    int64_t came_ns; /* when it was let in */
    int64_t disk_ns; /* when free disk space was last checked */
    uint32_t n_foreign, n_impossible; /* datagrams of its test that were rejected, */
    uint32_t n_foreign_said, n_impossible_said; /* as last reported, */
    int64_t datagrams_ns; /* and when the next report is due */
    uint64_t n_tests, n_refused; /* since the server's start */
    uint64_t n_intervals;
    int64_t bytes;
    int64_t start_ns; /* of the test */
    int64_t data_ns; /* when bytes were last received or sent */
    double last_ack_s; /* at the last interval: how long ago the client's host was last heard of; 0 before one */
    int64_t slept_ns; /* CLOCK_BOOTTIME - CLOCK_MONOTONIC at its start */
    bool has_slept;   /* this host slept since then */
    struct serve_limits limits;
    uint64_t received;   /* the last answer of engine_received(), ... */
    bool is_sampled;     /* ... if it answers */
    struct serve_shown shown; /* its test, or the last one */
    char refusal[128]; /* why the server is ending this test */
    struct serve_label label;
    struct record *record;
    struct serve_hops *hops; /* stays from one test to the next */
};

void serve_port_tell(const struct serve_common *common, const struct serve_port *port,
                     enum longhaul_server_event_kind kind, const char *text);

/* Does what is due: begins a child, or gives one up. */
void serve_port_tend(const struct serve_common *common, struct serve_port *port, int64_t now);

/* Reads what its child reported. */
void serve_port_read(const struct serve_common *common, struct serve_port *port);

/* After engine_stop(): reads its last reports until then, and ends it. */
void serve_port_end(const struct serve_common *common, struct serve_port *port, int64_t deadline_ns);

#endif
