/* cause.c - what libiperf's error numbers mean for a leg: why a session broke, and whether to try again. Knows no
 * session. */

#include "run/cause.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "engine/engine.h"

#define FRESH_ACK_S 3

bool cause_is_heard_of(double last_ack_s)
{
    return last_ack_s < FRESH_ACK_S;
}

/* libiperf has the same error for a control connection that timed out and one that was reset: whether the peer's host
 * was still heard of distinguishes them. */
enum record_cause cause_of(enum longhaul_protocol protocol, int i_errno, const char *text, double last_ack_s)
{
    bool is_heard_of = isnan(last_ack_s) || cause_is_heard_of(last_ack_s);
    bool is_refused = strstr(text, strerror(ECONNREFUSED)) != NULL; /* UDP: the peer's port is closed, according to
                                                                     * ICMP */
    switch (i_errno) {
    case ENGINE_IECTRLCLOSE:
    case ENGINE_IESERVERTERM:
        return RECORD_PEER_CLOSED;
    case ENGINE_IECTRLWRITE:
    case ENGINE_IECTRLREAD:
    case ENGINE_IESENDMESSAGE:
    case ENGINE_IERECVMESSAGE:
        return is_heard_of ? RECORD_PEER_CLOSED : RECORD_PATH_SILENT;
    case ENGINE_IESTREAMWRITE:
    case ENGINE_IESTREAMREAD: /* TCP waits silently while a link is down: an error means the peer's reset, or that
                               * TCP gave up */
        if (protocol == LONGHAUL_PROTOCOL_TCP)
            return is_heard_of ? RECORD_PEER_CLOSED : RECORD_PATH_SILENT;
        return is_refused ? RECORD_PEER_CLOSED : RECORD_LINK_DOWN;
    default:
        return RECORD_SESSION_ERROR;
    }
}
