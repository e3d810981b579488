/* serve_door.h - a port's door: its listening socket, and the clients that have connected but are not yet let in. For
 * serve_port.c alone. */
#ifndef SERVE_DOOR_H
#define SERVE_DOOR_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include <longhaul.h>

#include "base/cidr.h"
#include "serve/serve_sources.h"
#include "serve/serve_tokens.h"

#define SERVE_GUESTS_MAX 64
#define SERVE_COOKIE_BYTES                                                                                             \
    37 /* 36 and a 0: host name and time up to 3.1.7, letters since then, anything in other programs */

enum serve_guest_stage {
    SERVE_GUEST_COOKIE,     /* its cookie is awaited, */
    SERVE_GUEST_LENGTH,     /* then the length of its parameters, */
    SERVE_GUEST_PARAMETERS, /* then the parameters */
    SERVE_GUEST_READY,      /* it may be let in */
    SERVE_GUEST_STREAM,     /* a stream of the current client */
    SERVE_GUEST_LEAVING     /* has been sent its answer, and may read it */
};

struct serve_guest {
    int fd;
    enum serve_guest_stage stage;
    int64_t came_ns, deadline_ns;
    uint64_t number; /* in order of arrival */
    uint32_t length; /* of its parameters */
    struct sockaddr_storage from;
    struct cidr host; /* its address alone */
    char cookie[SERVE_COOKIE_BYTES];
    bool is_tcp;
    int segment_bytes;
};

/* What all doors of a server share. */
struct serve_door_rules {
    const struct cidr *allowed; /* n_allowed networks; 0 allows everybody */
    size_t n_allowed;
    bool has_users;
    struct serve_sources *sources;
    struct serve_tokens *tokens;
    void (*say)(void *payload, uint16_t port, const char *text);
    void *payload;
};

struct serve_door {
    int listener, family;
    uint16_t port;
    char cookie[SERVE_COOKIE_BYTES]; /* of the current or last client; "" for none */
    struct cidr client;              /* its address */
    bool is_in;      /* a client is being served */
    bool is_testing; /* and its test has begun: others are told that the server is busy */
    uint64_t n_came;
    size_t n;
    struct serve_guest guests[SERVE_GUESTS_MAX];
};

/* Begins to listen. LONGHAUL_EBUSY if another process still listens after the time that the children of a killed server
 * need to end. */
int serve_door_open(struct serve_door *door, const char *bind_address, uint16_t port, struct longhaul_error *err);
/* Where it listens, as longhaul_server_address() has it. */
void serve_door_where(const struct serve_door *door, bool is_any, char *text, size_t size);
void serve_door_close(struct serve_door *door);

/* Fills the descriptors to poll; fds has room for SERVE_GUESTS_MAX + 1. */
size_t serve_door_watch(const struct serve_door *door, struct pollfd *fds);
/* The time when something is due without any input; INT64_MAX for never. */
int64_t serve_door_due_ns(const struct serve_door *door);

/* Accepts new guests, reads what they send, dismisses those who may not come in. */
void serve_door_tend(struct serve_door *door, const struct serve_door_rules *rules, int64_t now);

/* The ready guest with the least debt of offences, the first one if equal; NULL if none is ready. */
const struct serve_guest *serve_door_next(const struct serve_door *door, const struct serve_door_rules *rules,
                                          int64_t now);
/* Lets it in; the caller owns the descriptor. From then on its streams are let in, too. */
int serve_door_let_in(struct serve_door *door, const struct serve_guest *guest);
/* The next stream of the current client, owned by the caller; -1 if none exists. In order of arrival: in a test in
 * both directions, only the order tells which half is the client's. */
int serve_door_stream(struct serve_door *door, int64_t now);
/* The current client has left. */
void serve_door_left(struct serve_door *door);

/* "192.0.2.1", for IPv4 and IPv6. */
void serve_door_name(const struct sockaddr_storage *from, char text[64]);

#endif
