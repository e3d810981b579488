/* engine_error.c - what libiperf's error numbers say about the peer: that it is busy for a moment, that it answered,
 * that it refused. Knows no leg. */

#include "engine/engine_error.h"

#include <errno.h>
#include <string.h>

#include "engine/engine.h"

bool engine_error_is_passing(int i_errno)
{
    return i_errno == ENGINE_IECONNECT || i_errno == ENGINE_IESENDCOOKIE || i_errno == ENGINE_IECTRLCLOSE ||
           i_errno == ENGINE_IESENDMESSAGE || i_errno == ENGINE_IERECVMESSAGE || i_errno == ENGINE_IEACCESSDENIED;
}

bool engine_error_is_answer(int i_errno, const char *text)
{
    return engine_error_is_passing(i_errno) &&
           (i_errno != ENGINE_IECONNECT || strstr(text, strerror(ECONNREFUSED)) != NULL);
}

const char *engine_error_refusal(int i_errno)
{
    switch (i_errno) {
    case ENGINE_IEDURATION: return "the server refuses the test: longer than it allows";
    case ENGINE_IETOTALRATE: return "the server refuses the test: more bit/s than it allows";
    default: return NULL;
    }
}

const char *engine_error_core(int i_errno, const char *text)
{
    const char *last = text;
    if (i_errno != ENGINE_IECONNECT || strncmp(text, "unable to connect", strlen("unable to connect")) != 0)
        return text;
    for (const char *at = text; (at = strstr(at, ": ")) != NULL;)
        last = at += 2;
    return *last ? last : text;
}
