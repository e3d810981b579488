/* serve_sources.h - what a server knows of the addresses that come to it: who wasted its time, and how much was said of
 * it. */
#ifndef SERVE_SOURCES_H
#define SERVE_SOURCES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/cidr.h"

struct serve_sources;

enum serve_offence {
    SERVE_PARAMETERS, /* some that make no sense */
    SERVE_PASSWORD,   /* a test that was not authorized */
    SERVE_SLOW,       /* asked to be heard, and did not say what it wants */
    SERVE_NO_TEST     /* was let in, and no test began */
};

/* exempt: n networks whose addresses never wait: those of the server's own legs. NULL when out of memory. */
struct serve_sources *serve_sources_new(const struct cidr *exempt, size_t n);
void serve_sources_free(struct serve_sources *sources);

bool serve_sources_is_own(const struct serve_sources *sources, const struct sockaddr_storage *from);

/* sshd's PerSourcePenalties is the model: each offence is worth some seconds, which add up; from 15 s on the address is
 * refused until they have passed. Each time that this happens its offences count twice as much, up to 10 minutes. */
void serve_sources_offend(struct serve_sources *sources, const struct sockaddr_storage *from,
                          enum serve_offence offence, int64_t now);
/* How long the address is refused; 0: it may come. */
double serve_sources_wait_s(const struct serve_sources *sources, const struct sockaddr_storage *from, int64_t now);
/* What is left of its offences, refused for them or not: who has less goes first. */
double serve_sources_debt_s(const struct serve_sources *sources, const struct sockaddr_storage *from, int64_t now);

/* Whether it may begin one more record: 120 at once, and one more each minute. Own addresses always may. */
bool serve_sources_may_record(struct serve_sources *sources, const struct sockaddr_storage *from, int64_t now);

/* Whether a line may be said of one that was refused: 10 a minute. n_unsaid: how many were not, since the last that
 * was. */
bool serve_sources_may_say(struct serve_sources *sources, int64_t now, unsigned *n_unsaid);

#endif
