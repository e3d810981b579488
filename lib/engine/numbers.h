/* numbers.h - the numbers of one stream's datagrams as they arrive: reordered ones, duplicates, and losses in a row.
 * Pure: knows no socket and reads no clock. It keeps one bit for each of the newest numbers. */
#ifndef NUMBERS_H
#define NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

#include <longhaul/delay.h>

/* Numbers: a minute of a day's leg at 10 Mbit/s, half a second at 1 Gbit/s. Anything older counts as out of order. */
#define NUMBERS_WINDOW 65536
#define NUMBERS_PLACES 4096 /* how far back the place of a reordered datagram is known */

enum number_kind { NUMBER_NEW, NUMBER_LATE, NUMBER_TWICE };

/* When a number arrived: the how manyth of the stream it was, and the time. */
struct number_place { uint32_t nth, us; };

struct number_runs {
    double n, longest;
    uint32_t n_listed;
    struct longhaul_loss_run listed[LONGHAUL_LOSS_RUNS];
};

struct numbers {
    uint64_t newest;         /* 0 before the first one */
    uint64_t settled;        /* losses up to this number have been counted */
    uint64_t mark;           /* what the newest one was ... */
    int64_t mark_ns;         /* ... at this time */
    uint64_t run, last_lost; /* losses in a row up to the last one that was counted, which may go on */
    uint64_t lost_before;    /* the last number of the run before; 0 for none */
    uint32_t nth;
    struct number_runs runs; /* that ended since they were last taken */
    double extent, late_us;  /* the greatest since they were last taken; 0 for none */
    uint64_t seen[NUMBERS_WINDOW / 64];
    struct number_place places[NUMBERS_PLACES];
};

/* What a datagram is, and counts it; is_over: it is not counted if it is a new one. */
enum number_kind numbers_add(struct numbers *s, uint64_t number, int64_t arrival_ns, bool is_over);

/* The numbers between the given one and the newest that have not arrived. */
uint64_t numbers_missing(const struct numbers *s, uint64_t since);

/* Counts the losses up to the newest number: at the end of a session. */
void numbers_settle(struct numbers *s);

#endif
