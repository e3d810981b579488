/* serve_ending.c - how the session of a server's port ended, in plain words. */

#include "serve/serve_ending.h"

#include <errno.h>
#include <string.h>

#define SILENT_S 3.0 /* without a word of the client's host, which answers each second */

/* libiperf 3.22 reads the error of a dead connection, and then tries to write to it: what that says does not tell how
 * the connection died. */
static bool is_of_dead_connection(const char *text)
{
    return strstr(text, strerror(ENOTCONN)) || strstr(text, strerror(EPIPE));
}

const char *serve_ending_text(const struct serve_port *p, const struct engine_event *event)
{
    bool is_control = event->i_errno == ENGINE_IECTRLREAD || event->i_errno == ENGINE_IECTRLWRITE ||
                      event->i_errno == ENGINE_IESENDMESSAGE || event->i_errno == ENGINE_IERECVMESSAGE;
    if (event->i_errno == 0 && p->has_error)
        return "the client broke off";
    if (!p->is_testing)
        return event->text;
    if (is_control && (strstr(event->text, strerror(ETIMEDOUT)) ||
                       (is_of_dead_connection(event->text) && p->last_ack_s > SILENT_S)))
        return "the client's host does not answer";
    if (event->i_errno == ENGINE_IECTRLCLOSE || (is_control && (strstr(event->text, strerror(ECONNRESET)) ||
                                                                is_of_dead_connection(event->text))))
        return "the client closed the connection";
    return event->text;
}
