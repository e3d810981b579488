/* serve_sources.h - what a server knows about source addresses: who wasted its time, and how much of that was
 * logged. */
#ifndef SERVE_SOURCES_H
#define SERVE_SOURCES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/cidr.h"

struct serve_sources;

enum serve_offence {
    SERVE_PARAMETERS, /* invalid parameters */
    SERVE_PASSWORD,   /* a test that was not authorized */
    SERVE_SLOW,       /* connected, but did not send its parameters in time */
    SERVE_NO_TEST     /* was let in, but no test began */
};

/* exempt: n networks that are never refused: those of the server's own legs. NULL when out of memory. */
struct serve_sources *serve_sources_new(const struct cidr *exempt, size_t n);
void serve_sources_free(struct serve_sources *sources);

bool serve_sources_is_own(const struct serve_sources *sources, const struct sockaddr_storage *from);

/* Modelled on sshd's PerSourcePenalties: each offence is worth some seconds, which add up; from 15 s on the address is
 * refused until they have passed. Each time this happens, its offences count twice as much, up to 10 minutes. */
void serve_sources_offend(struct serve_sources *sources, const struct sockaddr_storage *from,
                          enum serve_offence offence, int64_t now);
/* How long the address remains refused; 0 if it may come in. */
double serve_sources_wait_s(const struct serve_sources *sources, const struct sockaddr_storage *from, int64_t now);
/* The remaining penalties, whether refused for them or not: the guest with the least goes first. */
double serve_sources_debt_s(const struct serve_sources *sources, const struct sockaddr_storage *from, int64_t now);

/* True if it may begin another record: 120 at once, and one more per minute. Own addresses always may. */
bool serve_sources_may_record(struct serve_sources *sources, const struct sockaddr_storage *from, int64_t now);

/* True if a refused client may be logged: 10 lines a minute. n_unsaid: the number not logged since the last line. */
bool serve_sources_may_say(struct serve_sources *sources, int64_t now, unsigned *n_unsaid);

#endif
