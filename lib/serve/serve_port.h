/* serve_port.h - one port of a server. For serve.c alone. */
#ifndef SERVE_PORT_H
#define SERVE_PORT_H

#include "base/cidr.h"
#include "engine/engine.h"
#include "record/record.h"
#include "serve/serve_door.h"
#include "serve/serve_expected.h"
#include "serve/serve_legs.h"
#include "serve/serve_limits.h"
#include "serve/serve_record.h"

/* What the ports of a server have in common. */
struct serve_common {
    struct longhaul_server_options options;
    char *bind_address, *dir, *authorized_users, *private_key;
    struct cidr *allowed, *own, *udp_from; /* options.n_allow, n_own, n_udp_from of them */
    struct serve_sources *sources;
    struct serve_tokens *tokens;
    struct serve_door_rules rules; /* of those */
    struct serve_legs *legs;
    struct serve_expected *expected;
};

/* Zero, but for its number and its door, before it is tended for the first time. */
struct serve_port {
    uint16_t number;
    struct serve_door *door; /* NULL where libiperf listens itself (engine_has_door()) */
    struct engine *engine;
    int64_t due_ns; /* engine NULL: begin the next one; else what it must have said something by */
    unsigned n_failures;
    bool has_hello, has_client, is_testing, is_receiver;
    bool is_stranger; /* it gave the name of a leg that is expected from somebody else */
    bool is_lack_told; /* of this test's record */
    bool has_error; /* libiperf's document names one */
    char client[64];
    struct sockaddr_storage from; /* whose connection it is; of no family where it is not known */
    int64_t came_ns; /* when it was let in */
    int64_t disk_ns; /* when the disk was looked at */
    uint32_t n_foreign, n_impossible; /* datagrams of its test that were not taken, */
    uint32_t n_foreign_said, n_impossible_said; /* as far as was said, */
    int64_t datagrams_ns; /* and when it may be said again */
    uint64_t n_tests, n_refused; /* since the start of all */
    uint64_t n_intervals;
    int64_t bytes;
    int64_t start_ns; /* of the test */
    int64_t data_ns; /* when bytes last came or went */
    int64_t slept_ns; /* CLOCK_BOOTTIME less CLOCK_MONOTONIC at its start */
    bool has_slept;   /* this host, since */
    struct serve_limits limits;
    uint64_t received;   /* as engine_received() said last, ... */
    bool is_sampled;     /* ... if it does */
    char refusal[128]; /* why this test is being ended by us */
    struct serve_label label;
    struct record *record;
};

void serve_port_tell(const struct serve_common *common, const struct serve_port *port,
                     enum longhaul_server_event_kind kind, const char *text);

/* What is due: a child begins, or is given up. */
void serve_port_tend(const struct serve_common *common, struct serve_port *port, int64_t now);

/* What its child has said. */
void serve_port_read(const struct serve_common *common, struct serve_port *port);

/* After engine_stop(): its last words until then, and its end. */
void serve_port_end(const struct serve_common *common, struct serve_port *port, int64_t deadline_ns);

#endif
