/* scan.h - the fast path of the reader: reads one interval at a time, in a layout that was seen before. */
#ifndef SCAN_H
#define SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "read/series.h"

#define SCAN_PAD 64 /* bytes after a text that may be read; the first of them is 0 */

/* What stands at the root of a text. */
enum scan_root {
    SCAN_INTERVAL, /* an element of "intervals" */
    SCAN_EVENT     /* a line of --json-stream or of a journal: {"event":"interval","data":{...}} */
};

struct scan;

/* NULL when out of memory. */
struct scan *scan_new(void);
void scan_free(struct scan *scan);

/* Learns the layout of an interval that Jansson has read without complaint: every byte that does not belong to a
 * number. Unusual layouts are not learned. */
void scan_learn(struct scan *scan, enum scan_root root, const char *text, size_t size);

/* Reads an interval in one of the layouts learned. Returns its length, and *interval (owned by scan, valid until the
 * next call); 0, with *interval unchanged, at the first unexpected byte. SCAN_PAD bytes after the first size may be
 * read. */
size_t scan_match(struct scan *scan, enum scan_root root, const char *text, size_t size,
                  const struct series_interval **interval);

#endif
