/* engine.h - one libiperf session, client or server, in a forked child, seen as a queue of events. */
#ifndef ENGINE_H
#define ENGINE_H

#include <longhaul.h>

struct engine;

struct engine_params {
    const struct longhaul_leg *leg; /* a client's session; NULL for a server's. Defaults filled in. */
    uint32_t duration_s;            /* client: of this session */
    const char *extra_data;         /* client: reaches the server's document; NULL for none */
    uint16_t port;                  /* server: where to listen */
    const char *bind_address;       /* server: NULL for any */
};

enum engine_kind {
    ENGINE_HELLO, /* the child has come through fork and begins */
    ENGINE_JSON,  /* text is one --json-stream event: {"event":"start|interval|end|error","data":...}; from libiperf
                     older than 3.19 the last one is {"event":"document",...}, the whole document without intervals */
    ENGINE_EXIT   /* libiperf is through; text is its error, "" when there is none */
};

struct engine_event {
    enum engine_kind kind;
    int64_t monotonic_ns; /* taken in the child when libiperf handed it over */
    int64_t wall_unix_ns;
    const char *text; /* ends with 0; borrowed until the next engine_receive() */
    size_t length;
    int i_errno; /* ENGINE_EXIT: libiperf's error number, 0 when all went well; -1 for one of ours */
};

/* libiperf's i_errno values that a driver must tell apart (iperf_api.h). */
enum {
    ENGINE_IELISTEN = 102,
    ENGINE_IECONNECT = 103,
    ENGINE_IESENDCOOKIE = 105,
    ENGINE_IECTRLCLOSE = 109,
    ENGINE_IERECVMESSAGE = 112,
    ENGINE_IECLIENTTERM = 119,
    ENGINE_IESERVERTERM = 120,
    ENGINE_IEACCESSDENIED = 121,
    ENGINE_IESTREAMWRITE = 205
};

/* false, and LONGHAUL_ENOTBUILT in err, in a build without libiperf: nothing below can be used then. */
bool engine_is_built(struct longhaul_error *err);

/* Forks the child. */
int engine_open(const struct engine_params *params, struct engine **out, struct longhaul_error *err);

/* Readable when engine_receive() has something to say. */
int engine_fd(const struct engine *engine);

/* 1 and an event, 0 when there is none yet, -1 when the child is gone and all was handed out. Never blocks. */
int engine_receive(struct engine *engine, struct engine_event *event);

/* A clean end with a full end record, as far as the peer is alive; for a server: the client is told, the child ends. */
void engine_stop(struct engine *engine);

/* Ends the child at once if it still lives, reaps it, frees. NULL is accepted. */
void engine_close(struct engine *engine);

#endif
