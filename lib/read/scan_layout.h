/* scan_layout.h - an interval's layout, as scan_learn.c learns it and scan.c holds text against it. */
#ifndef SCAN_LAYOUT_H
#define SCAN_LAYOUT_H

#include <stdint.h>

#include "read/scan.h"

/* Whose numbers: of the summary, of the first stream (which stands for a summary that is missing), of the other
 * direction, longhaul's own, those of TCP in it, the other streams. */
enum place {
    IN_SUM,
    IN_STREAM,
    IN_REVERSE,
    IN_OWN,
    IN_TCP,
    IN_OTHER_STREAM,
    N_PLACES,
    IN_STREAMS,
    IN_INTERVAL,
    IN_EVENT,
    ELSEWHERE
};

#define N_CELLS (N_PLACES * SERIES_N_VALUES)
#define NO_CELL N_CELLS /* a number that nobody wants */
#define LAST_SLOT (N_CELLS + 1) /* the bytes behind the last number */
#define FOLDED (N_CELLS + 2) /* and from here on: added to what other streams have */

/* Bytes as they must be, and what number comes then. */
struct slot {
    uint32_t word;   /* where its bytes begin, in words */
    uint32_t n_bytes;
    uint32_t cell;
    enum {
        ONCE,
        FIRST_OF_TWO,
        SECOND_OF_TWO
    } turn; /* a single stream's numbers are the summary's, so those come twice */
};

struct layout {
    enum scan_root root;
    uint64_t *words; /* all slots' bytes, each filled up to a word */
    size_t n_words, word_capacity;
    struct slot *slots;
    size_t n_slots, slot_capacity;
    size_t n_bytes;   /* of all slots */
    bool has_folds;   /* some number is put to those of other streams */
    struct series_interval interval; /* the last one that was read */
};

/* The layout of an interval that Jansson has read; NULL when there is no memory, or anything out of the ordinary
 * in it. */
struct layout *layout_learn(enum scan_root root, const char *text, size_t size);
void layout_free(struct layout *layout);

#endif
