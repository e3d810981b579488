/* stops.c - signals that end a report: at once while it only reads, in an orderly way once it writes. */

#include "stops.h"

#include <stddef.h>

static const int stops[] = { SIGINT, SIGTERM, SIGHUP };

/* The only things that a handler uses. */
static volatile sig_atomic_t noted, is_writing;

static void on_stop(int number)
{
    noted = number;
    if (!is_writing) { /* nothing would be left behind: end as without a handler */
        signal(number, SIG_DFL);
        raise(number);
    }
}

void stops_catch(bool only_noted, sigset_t *set)
{
    struct sigaction action = { .sa_handler = on_stop }, old;
    is_writing = only_noted;
    sigemptyset(set);
    for (size_t i = 0; i < sizeof stops / sizeof stops[0]; i++) {
        if (sigaction(stops[i], NULL, &old) == 0 && old.sa_handler == SIG_IGN)
            continue;
        sigaction(stops[i], &action, NULL);
        sigaddset(set, stops[i]);
    }
}

void stops_release(void)
{
    is_writing = 0;
}

int stops_signal(void)
{
    return noted;
}

bool stops_asked(void *payload)
{
    (void)payload;
    if (!is_writing)
        is_writing = 1;
    return noted != 0;
}
