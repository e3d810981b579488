/* serve_door.h - a port's door: its listening socket, and those who have come and are not yet in. For serve_port.c
 * alone. */
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
    37 /* 36, and a 0: a host's name and times up to 3.1.7, letters since, whatever it likes in other programs */

enum serve_guest_stage {
    SERVE_GUEST_COOKIE,     /* its first word is awaited, */
    SERVE_GUEST_LENGTH,     /* then how long its parameters are, */
    SERVE_GUEST_PARAMETERS, /* then they */
    SERVE_GUEST_READY,      /* it may be let in */
    SERVE_GUEST_STREAM,     /* a stream of the client's who is in */
    SERVE_GUEST_LEAVING     /* has its answer: may read it */
};

struct serve_guest {
    int fd;
    enum serve_guest_stage stage;
    int64_t came_ns, deadline_ns;
    uint64_t number; /* in the order in which they came */
    uint32_t length; /* of its parameters */
    struct sockaddr_storage from;
    char cookie[SERVE_COOKIE_BYTES];
    bool is_tcp;
    int segment_bytes;
};

/* What all doors of a server have in common. */
struct serve_door_rules {
    const struct cidr *allowed; /* n_allowed networks; none means everybody */
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
    char cookie[SERVE_COOKIE_BYTES]; /* of the client who is in, or was last; "" for nobody */
    struct sockaddr_storage client;
    bool is_in;      /* there is one */
    bool is_testing; /* and its test has begun: others are told that the server is busy */
    uint64_t n_came;
    size_t n;
    struct serve_guest guests[SERVE_GUESTS_MAX];
};

/* Listens. LONGHAUL_EBUSY when somebody else does, for longer than the children of a server that was killed need
 * to go. */
int serve_door_open(struct serve_door *door, const char *bind_address, uint16_t port, struct longhaul_error *err);
void serve_door_close(struct serve_door *door);

/* What to wait for; fds has room for SERVE_GUESTS_MAX + 1. */
size_t serve_door_watch(const struct serve_door *door, struct pollfd *fds);
/* When something is due though nothing comes; INT64_MAX for never. */
int64_t serve_door_due_ns(const struct serve_door *door);

/* Takes in who has come, hears what they say, sends away who may not come. */
void serve_door_tend(struct serve_door *door, const struct serve_door_rules *rules, int64_t now);

/* Of those who are ready, who has the least to answer for, and came first; NULL when there is none. */
const struct serve_guest *serve_door_next(const struct serve_door *door, const struct serve_door_rules *rules,
                                          int64_t now);
/* Lets it in: the descriptor is the caller's. From then on its streams are let in, too. */
int serve_door_let_in(struct serve_door *door, const struct serve_guest *guest);
/* The next stream of the one who is in, the caller's; -1 when there is none. In the order in which they came: of a test
 * in both directions the first half is the client's by that alone. */
int serve_door_stream(struct serve_door *door, int64_t now);
/* The one who is in has left. */
void serve_door_left(struct serve_door *door);

/* "192.0.2.1", of either family. */
void serve_door_name(const struct sockaddr_storage *from, char text[64]);

#endif
