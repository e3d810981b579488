/* engine_wire.h - the messages of an engine's child to its parent: engine_child.c writes them, engine.c reads them. */
#ifndef ENGINE_WIRE_H
#define ENGINE_WIRE_H

#include <stdint.h>
#include <sys/types.h>

#include "base/clock.h"
#include "engine/engine.h"

/* One message: this header, then a piece of the text. A message must fit into the socket's buffer, whatever the
 * system's default. */
#define ENGINE_PIECE_BYTES 32768

#define ENGINE_SOCKETS_MAX 4 /* that an ENGINE_SOCKETS hands over; i_errno is 1 if this host sends by them */

struct engine_message {
    int32_t kind;
    int32_t i_errno;
    struct clock_reading at;
    double last_ack_s;
    uint32_t is_last; /* the text is complete with this piece */
    uint32_t control_port;
    struct tcp_state tcp;
    double socket_drops;
    struct order order;
    struct longhaul_delay delay;
    char histogram[DELAY_TEXT_BYTES];
    uint32_t n_unsaid; /* number of ENGINE_JSON since the last message for which the child had no memory */
    uint32_t n_foreign, n_impossible; /* datagrams rejected so far */
};

/* The child's whole life, from fork to _exit(). pair is its end of the socket pair, door that of the pair for
 * connections or -1, messages what becomes its stderr. */
void engine_child(const struct engine_params *params, int pair, int door, int messages, pid_t parent)
    __attribute__((noreturn));

#endif
