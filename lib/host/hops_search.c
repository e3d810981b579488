/* hops_search.c - where the peer was, and one less; else as far as the ttl of its answer suggests; else by halves. A
 * ttl that two probes leave unanswered, or six where probes are lost, does not reach the peer, which does answer. Sends
 * nothing. */

#include "host/hops_search.h"

#define TRIES 2
#define TRIES_IF_LOSSY 6 /* 40 % of probes or answers lost: by chance once in 250 */
#define FAR_TRIES_IF_KNOWN 10
#define FAR_TRIES_IF_UNKNOWN 4 /* many hosts answer nothing */
#define NEAR_MAX 4 /* probes next to a guess, before the search goes by halves */
#define BELOW_MAX 4

static uint32_t between(struct hops_search *s)
{
    uint32_t guess = s->before ? s->before : s->guess;
    if (guess && s->n_near < NEAR_MAX) {
        s->n_near++;
        if (s->low < guess && guess < s->high)
            return guess;
        if (s->high <= guess)
            return s->high - 1;
        return s->low + 1;
    }
    return (s->low + s->high) / 2;
}

static uint32_t choose(struct hops_search *s)
{
    if (s->is_lost)
        return 0;
    if (s->high == 0)
        return s->before > s->low ? s->before : HOPS_FAR;
    if (s->low + 1 < s->high)
        return between(s);
    if (!s->wants_router || s->passed == s->low || s->low == 0)
        return 0;
    s->below = s->below ? s->below - 1 : s->low - 1;
    return s->below > s->passed && s->below + BELOW_MAX > s->low ? s->below : 0;
}

uint32_t hops_search_next(struct hops_search *s)
{
    if (s->ttl == 0) {
        s->ttl = choose(s);
        s->n_silent = 0;
    }
    return s->ttl;
}

static uint32_t tries(const struct hops_search *s)
{
    if (!s->is_lossy)
        return TRIES;
    if (s->ttl == HOPS_FAR)
        return s->is_known ? FAR_TRIES_IF_KNOWN : FAR_TRIES_IF_UNKNOWN;
    return TRIES_IF_LOSSY;
}

void hops_search_reached(struct hops_search *s, uint32_t reply_ttl)
{
    s->is_lossy |= s->n_silent > 0;
    uint32_t first = reply_ttl <= 64 ? 64 : reply_ttl <= 128 ? 128 : 255; /* what hosts send with */
    if (reply_ttl && s->guess == 0)
        s->guess = first - reply_ttl + 1;
    s->high = s->ttl;
    if (s->low >= s->high)
        s->low =
            s->high - 1; /* the path has changed meanwhile, or a probe that should have reached the peer was lost */
    if (s->passed > s->low)
        s->passed = s->low;
    s->ttl = 0;
}

void hops_search_passed(struct hops_search *s)
{
    s->is_lossy |= s->n_silent > 0;
    if (s->ttl > s->passed)
        s->passed = s->ttl;
    if (s->ttl > s->low)
        s->low = s->ttl;
    if (s->ttl == s->before)
        s->before = 0; /* the peer is farther away now */
    if (s->ttl == HOPS_FAR)
        s->is_lost = true;
    s->ttl = 0;
}

void hops_search_silent(struct hops_search *s)
{
    /* The peer may be farther away, or gone: HOPS_FAR tells. */
    bool is_first = s->high == 0 && s->ttl == s->before && !s->is_lossy;
    if (++s->n_silent < tries(s) && !is_first)
        return;
    if (s->ttl == HOPS_FAR)
        s->is_lost = true;
    else if (s->high == 0)
        s->before = 0;
    else if (s->ttl > s->low)
        s->low = s->ttl;
    s->ttl = 0;
}

uint32_t hops_search_distance(const struct hops_search *s)
{
    return s->is_lost ? 0 : s->high;
}
