/* scan_layout.h - an interval's layout, which scan_learn.c learns and scan.c compares with text. */
#ifndef SCAN_LAYOUT_H
#define SCAN_LAYOUT_H

#include <stdint.h>

#include "read/scan.h"

/* The object of a number: the summary, the first stream (which replaces a missing summary), the other direction,
 * longhaul's own, its objects for TCP and for delays, the other streams. */
enum place {
    IN_SUM, IN_STREAM, IN_REVERSE, IN_OWN, IN_TCP, IN_DELAY, IN_OTHER_STREAM, N_PLACES, IN_STREAMS, IN_INTERVAL,
    IN_EVENT, ELSEWHERE
};

#define N_CELLS (N_PLACES * SERIES_N_VALUES)
#define NO_CELL N_CELLS /* a number that is not needed */
#define LAST_SLOT (N_CELLS + 1) /* the bytes after the last number */
#define LIST_SLOT (N_CELLS + 2) /* a text of numbers, commas and blanks, which is not needed */
#define FLOWS_SLOT (N_CELLS + 3) /* the text about the flows */
#define FOLDED (N_CELLS + 4) /* this and above: added to the other streams' values */

/* The expected bytes, and the number that follows them. */
struct slot {
    uint32_t word;   /* the index of its first word of bytes */
    uint32_t n_bytes;
    uint32_t cell;
    enum {
        ONCE,
        FIRST_OF_TWO,
        SECOND_OF_TWO
    } turn; /* a single stream has the same numbers as the summary, so they come twice */
};

struct layout {
    enum scan_root root;
    uint64_t *words; /* all slots' bytes, each padded to whole words */
    size_t n_words, word_capacity;
    struct slot *slots;
    size_t n_slots, slot_capacity;
    size_t n_bytes;   /* of all slots */
    bool has_folds;   /* some number is combined with those of other streams */
    struct series_interval interval; /* the last one that was read */
};

/* Learns the layout of an interval that Jansson has read; NULL when out of memory, or if it is unusual. */
struct layout *layout_learn(enum scan_root root, const char *text, size_t size);
void layout_free(struct layout *layout);

#endif
