/* serve_tokens.c - remembers the tokens of user authentication that were used, so that a token that somebody overheard
 * is worthless: by its time stamp alone it would be valid for 20 s. Knows no keys. */

#include "serve/serve_tokens.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#define N_TOKENS 1024
/* libiperf accepts a time stamp that is up to 10 s off in either direction (engine_setup.c). */
#define KEPT_NS (60 * NS_PER_S)

struct used {
    uint64_t digest[2];
    int64_t until_ns;
};

struct serve_tokens {
    struct used used[N_TOKENS];
};

struct serve_tokens *serve_tokens_new(void)
{
    return calloc(1, sizeof(struct serve_tokens));
}

void serve_tokens_free(struct serve_tokens *tokens)
{
    free(tokens);
}

/* FNV-1a, twice: a token is random bytes, and a collision helps nobody. */
static void digest_of(const char *token, uint64_t digest[2])
{
    digest[0] = UINT64_C(14695981039346656037);
    digest[1] = ~digest[0];
    for (const unsigned char *c = (const unsigned char *)token; *c; c++)
        for (int i = 0; i < 2; i++)
            digest[i] = (digest[i] ^ (uint64_t)(*c + i)) * UINT64_C(1099511628211);
}

bool serve_tokens_take(struct serve_tokens *t, const char *token, int64_t now)
{
    uint64_t digest[2];
    struct used *free_place = &t->used[0];
    digest_of(token, digest);
    for (size_t i = 0; i < N_TOKENS; i++) {
        if (t->used[i].until_ns > now && memcmp(t->used[i].digest, digest, sizeof digest) == 0)
            return false;
        if (t->used[i].until_ns < free_place->until_ns)
            free_place = &t->used[i];
    }
    memcpy(free_place->digest, digest, sizeof digest);
    free_place->until_ns = now + KEPT_NS;
    return true;
}
