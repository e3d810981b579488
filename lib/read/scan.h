/* scan.h - the fast path of the reader: one interval at a time, in a layout that was seen before. */
#ifndef SCAN_H
#define SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "read/series.h"

#define SCAN_PAD 64 /* bytes behind a text that may be looked at; the first of them is 0 */

/* What stands at the root of a text. */
enum scan_root {
    SCAN_INTERVAL, /* an element of "intervals" */
    SCAN_EVENT     /* a line of --json-stream or of a journal: {"event":"interval","data":{...}} */
};

struct scan;

/* NULL when out of memory. */
struct scan *scan_new(void);
void scan_free(struct scan *scan);

/* Learns the layout of an interval that Jansson has read without complaint: every byte that is not of a number. Layouts
 * with anything out of the ordinary are not learned. */
void scan_learn(struct scan *scan, enum scan_root root, const char *text, size_t size);

/* Reads an interval that has one of the layouts learned: its length, and *interval (of scan's, until the next call); 0,
 * and *interval untouched, at the first byte that is not as expected. Behind size bytes SCAN_PAD more can be
 * looked at. */
size_t scan_match(struct scan *scan, enum scan_root root, const char *text, size_t size,
                  const struct series_interval **interval);

#endif
