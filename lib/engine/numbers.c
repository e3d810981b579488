/* numbers.c - tells new datagrams from late ones and from duplicates, and finds runs of lost ones. Losses are counted
 * 0.1 to 0.2 s after the fact, so that a datagram that is only reordered is not one. */

#include "engine/numbers.h"

#include <string.h>

#include "base/clock.h"

#define WINDOW NUMBERS_WINDOW
#define PLACES NUMBERS_PLACES
#define SETTLE_NS (100 * NS_PER_MS)
#define LOOK_AHEAD 512 /* numbers among which the one that overtook a late one is looked for */

static uint64_t bit_of(uint64_t number)
{
    return UINT64_C(1) << number % 64;
}

static uint64_t *word_of(struct numbers *s, uint64_t number)
{
    return &s->seen[number / 64 % (WINDOW / 64)];
}

static bool has(const struct numbers *s, uint64_t number)
{
    return (s->seen[number / 64 % (WINDOW / 64)] & bit_of(number)) != 0;
}

/* ---- losses in a row */

static uint32_t cut(uint64_t number)
{
    return number < UINT32_MAX ? (uint32_t)number : UINT32_MAX;
}

static void end_run(struct numbers *s)
{
    struct number_runs *runs = &s->runs;
    uint64_t first = s->last_lost - s->run + 1;
    if (s->run == 0)
        return;
    if (runs->n_listed < LONGHAUL_LOSS_RUNS)
        runs->listed[runs->n_listed++] =
            (struct longhaul_loss_run){ cut(s->lost_before ? first - s->lost_before : 0), cut(s->run) };
    runs->n++;
    runs->longest = (double)s->run > runs->longest ? (double)s->run : runs->longest;
    s->lost_before = s->last_lost;
    s->run = 0;
}

static void lose(struct numbers *s, uint64_t last, uint64_t n)
{
    s->run += n;
    s->last_lost = last;
}

/* All of the numbers up to the given one must be in the window. */
static void settle(struct numbers *s, uint64_t until)
{
    while (s->settled < until) {
        uint64_t number = s->settled + 1;
        if (s->run == 0 && number % 64 == 0 && until - number >= 63 && *word_of(s, number) == UINT64_MAX) {
            s->settled += 64;
            continue;
        }
        if (has(s, number))
            end_run(s);
        else
            lose(s, number, 1);
        s->settled = number;
    }
}

void numbers_settle(struct numbers *s)
{
    settle(s, s->newest);
    end_run(s);
}

static void mark(struct numbers *s, int64_t arrival_ns)
{
    if (s->mark_ns != 0 && arrival_ns - s->mark_ns < SETTLE_NS)
        return;
    settle(s, s->mark);
    s->mark = s->newest;
    s->mark_ns = arrival_ns;
}

/* ---- one datagram */

static void move_on(struct numbers *s, uint64_t number)
{
    if (number - s->newest >= WINDOW) {
        settle(s, s->newest);
        lose(s, number - 1, number - s->newest - 1);
        s->settled = number - 1;
        memset(s->seen, 0, sizeof s->seen);
    } else {
        if (number - s->settled >= WINDOW)
            settle(s, number - WINDOW / 2 < s->newest ? number - WINDOW / 2 : s->newest);
        for (uint64_t i = s->newest + 1; i < number; i++)
            *word_of(s, i) &= ~bit_of(i);
    }
    s->newest = number;
}

static struct number_place *place_of(struct numbers *s, uint64_t number)
{
    return &s->places[number % PLACES];
}

/* By RFC 4737, from the earliest arrival of a greater number. Two arrivals can have times in the wrong order: they were
 * stamped on two processors, or their clock became better known in between. */
static void measure_lateness(struct numbers *s, uint64_t number, struct number_place here)
{
    struct number_place first = here;
    uint64_t from = s->newest - number > PLACES - 1 ? s->newest - PLACES + 1 : number + 1;
    for (uint64_t i = from; i <= s->newest && i - from < LOOK_AHEAD; i++)
        if (has(s, i) && (int32_t)(place_of(s, i)->nth - first.nth) < 0)
            first = *place_of(s, i);
    double extent = here.nth - first.nth, late_us = (int32_t)(here.us - first.us);
    s->extent = extent > s->extent ? extent : s->extent;
    s->late_us = late_us > s->late_us ? late_us : s->late_us;
}

enum number_kind numbers_add(struct numbers *s, uint64_t number, int64_t arrival_ns, bool is_over)
{
    struct number_place here = { s->nth + 1, (uint32_t)(arrival_ns / NS_PER_US) };
    bool is_new = number > s->newest, is_near = is_new || s->newest - number < WINDOW;
    if (is_new && is_over)
        return NUMBER_NEW;
    if (!is_new && is_near && has(s, number))
        return NUMBER_TWICE;
    s->nth = here.nth;
    if (is_new)
        move_on(s, number);
    else
        measure_lateness(s, number, here);
    if (is_near)
        *word_of(s, number) |= bit_of(number);
    if (s->newest - number < PLACES)
        *place_of(s, number) = here;
    mark(s, arrival_ns);
    return is_new ? NUMBER_NEW : NUMBER_LATE;
}

uint64_t numbers_missing(const struct numbers *s, uint64_t since)
{
    uint64_t n = 0;
    if (s->newest - since >= WINDOW)
        since = s->newest - WINDOW + 1;
    while (since < s->newest && ++since < s->newest) /* the newest may be the greatest number that there is */
        n += !has(s, since);
    return n;
}
