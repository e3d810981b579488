/* serve_sources.c - per source address: penalties, records begun, lines logged. Keeps a bounded table; opens
 * nothing. */

#include "serve/serve_sources.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/units.h"

#define N_SOURCES 1024
#define REFUSED_FROM_S 15.0
#define PENALTY_MAX_S 600.0
#define FORGET_NS (3600 * NS_PER_S) /* after this time without an offence, the address counts as new */
#define N_DOUBLINGS_MAX 6
#define N_RECORDS 120
#define RECORD_EVERY_S 60.0
#define N_LINES 10
#define LINES_NS (60 * NS_PER_S)

static const double worth_s[] = {
    [SERVE_PARAMETERS] = 0.2, [SERVE_PASSWORD] = 3, [SERVE_SLOW] = 1, [SERVE_NO_TEST] = 8
};

struct source {
    uint8_t host[16];   /* IPv4 as ::ffff:a.b.c.d; for IPv6 the /64, all of which one host may use */
    int64_t until_ns;   /* when its penalties end */
    int64_t touched_ns; /* 0: a free entry */
    unsigned n_doublings;
    bool is_refused;    /* since its penalties reached REFUSED_FROM_S */
    double records;     /* how many it may begin */
    int64_t records_ns; /* at this time */
};

struct serve_sources {
    const struct cidr *exempt;
    size_t n_exempt;
    int64_t lines_ns;
    unsigned n_lines, n_unsaid;
    struct source table[N_SOURCES];
};

struct serve_sources *serve_sources_new(const struct cidr *exempt, size_t n)
{
    struct serve_sources *s = calloc(1, sizeof *s);
    if (s) {
        s->exempt = exempt;
        s->n_exempt = n;
    }
    return s;
}

void serve_sources_free(struct serve_sources *s)
{
    free(s);
}

bool serve_sources_is_own(const struct serve_sources *s, const struct sockaddr_storage *from)
{
    return cidr_match(s->exempt, s->n_exempt, (const struct sockaddr *)from);
}

static void host_of(const struct sockaddr_storage *from, uint8_t host[16])
{
    const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
    memset(host, 0, 16);
    if (from->ss_family == AF_INET6) {
        const uint8_t *bytes = ((const struct sockaddr_in6 *)(const void *)from)->sin6_addr.s6_addr;
        memcpy(host, bytes, memcmp(bytes, mapped, sizeof mapped) == 0 ? 16 : 8);
    } else {
        memcpy(host, mapped, sizeof mapped);
        memcpy(host + 12, &((const struct sockaddr_in *)(const void *)from)->sin_addr, 4);
    }
}

static const struct source *find(const struct serve_sources *s, const struct sockaddr_storage *from)
{
    uint8_t host[16];
    host_of(from, host);
    for (size_t i = 0; i < N_SOURCES; i++)
        if (s->table[i].touched_ns && memcmp(s->table[i].host, host, sizeof host) == 0)
            return &s->table[i];
    return NULL;
}

/* A free entry, else the one whose penalties end first. */
static struct source *place(struct serve_sources *s)
{
    struct source *best = &s->table[0];
    for (size_t i = 0; i < N_SOURCES; i++) {
        struct source *at = &s->table[i];
        if (at->touched_ns == 0)
            return at;
        if (at->until_ns < best->until_ns || (at->until_ns == best->until_ns && at->touched_ns < best->touched_ns))
            best = at;
    }
    return best;
}

static struct source *take(struct serve_sources *s, const struct sockaddr_storage *from, int64_t now)
{
    struct source *at = (struct source *)(uintptr_t)find(s, from);
    if (at && now - at->touched_ns > FORGET_NS && at->until_ns < now)
        at->n_doublings = 0;
    if (at == NULL) {
        at = place(s);
        *at = (struct source){ .records = N_RECORDS, .records_ns = now };
        host_of(from, at->host);
    }
    at->touched_ns = now;
    return at;
}

void serve_sources_offend(struct serve_sources *s, const struct sockaddr_storage *from, enum serve_offence offence,
                          int64_t now)
{
    if (serve_sources_is_own(s, from))
        return;
    struct source *at = take(s, from, now);
    double worth = worth_s[offence] * (double)(1u << at->n_doublings);
    int64_t begin = at->until_ns > now ? at->until_ns : now;
    if (at->until_ns <= now)
        at->is_refused = false;
    at->until_ns = begin + (int64_t)(worth * NS_PER_S);
    if (at->until_ns > now + (int64_t)(PENALTY_MAX_S * NS_PER_S))
        at->until_ns = now + (int64_t)(PENALTY_MAX_S * NS_PER_S);
    if (at->is_refused || (double)(at->until_ns - now) / NS_PER_S < REFUSED_FROM_S)
        return;
    at->is_refused = true;
    if (at->n_doublings < N_DOUBLINGS_MAX)
        at->n_doublings++;
}

double serve_sources_debt_s(const struct serve_sources *s, const struct sockaddr_storage *from, int64_t now)
{
    const struct source *at = serve_sources_is_own(s, from) ? NULL : find(s, from);
    return at && at->until_ns > now ? (double)(at->until_ns - now) / NS_PER_S : 0;
}

double serve_sources_wait_s(const struct serve_sources *s, const struct sockaddr_storage *from, int64_t now)
{
    const struct source *at = serve_sources_is_own(s, from) ? NULL : find(s, from);
    return at && at->is_refused && at->until_ns > now ? (double)(at->until_ns - now) / NS_PER_S : 0;
}

bool serve_sources_may_record(struct serve_sources *s, const struct sockaddr_storage *from, int64_t now)
{
    if (serve_sources_is_own(s, from))
        return true;
    struct source *at = take(s, from, now);
    at->records += (double)(now - at->records_ns) / NS_PER_S / RECORD_EVERY_S;
    at->records_ns = now;
    if (at->records > N_RECORDS)
        at->records = N_RECORDS;
    if (at->records < 1)
        return false;
    at->records -= 1;
    return true;
}

bool serve_sources_may_say(struct serve_sources *s, int64_t now, unsigned *n_unsaid)
{
    if (s->lines_ns == 0 || now - s->lines_ns > LINES_NS) {
        s->lines_ns = now;
        s->n_lines = 0;
    }
    if (s->n_lines >= N_LINES) {
        s->n_unsaid++;
        return false;
    }
    s->n_lines++;
    *n_unsaid = s->n_unsaid;
    s->n_unsaid = 0;
    return true;
}
