/* engine_wire.h - what an engine's child says to its parent: engine.c reads it, engine_child.c writes it. */
#ifndef ENGINE_WIRE_H
#define ENGINE_WIRE_H

#include <stdint.h>
#include <sys/types.h>

#include "base/clock.h"
#include "engine/engine.h"

/* One message: this, then a piece of the text. A message must fit the socket's buffer, whatever the
 * system's default. */
#define ENGINE_PIECE_BYTES 32768

struct engine_message {
    int32_t kind;
    int32_t i_errno;
    struct clock_reading at;
    double last_ack_s;
    uint32_t is_last; /* the text is whole with this piece */
    uint32_t control_port;
    struct tcp_state tcp;
    double socket_drops;
    struct order order;
    uint32_t n_unsaid; /* ENGINE_JSON that the child had no memory to say, since the last message */
    uint32_t n_foreign, n_impossible; /* datagrams that were not taken, so far */
};

/* The child's whole life, from fork to _exit(). pair is its end of the socket pair, door that of the one through which
 * connections come or -1, messages what its stderr becomes. */
void engine_child(const struct engine_params *params, int pair, int door, int messages, pid_t parent)
    __attribute__((noreturn));

#endif
