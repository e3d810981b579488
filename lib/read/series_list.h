/* series_list.h - the lists in longhaul's object of a result, of which a series takes one element after the other. */
#ifndef SERIES_LIST_H
#define SERIES_LIST_H

#include <jansson.h>
#include <stdbool.h>

#include "read/series.h"

enum series_list { SERIES_SEGMENTS, SERIES_GAPS, SERIES_RTT, SERIES_DELAYS, SERIES_HOPS, SERIES_N_LISTS };

/* SERIES_N_LISTS for the key of another member. */
enum series_list series_list_of(const char *key);
const char *series_list_name(enum series_list list);

/* Empties the list. */
void series_list_begin(struct longhaul_series *series, enum series_list list);
/* True if the element can be one of the list and was added. */
bool series_list_take(struct longhaul_series *series, enum series_list list, const json_t *element);
/* The same for an element that stands at text as longhaul writes it, [1.5,150.25] or [0,60,"AAB"]: *n is its length. 0
 * for any other: Jansson reads it. What lies before end is the text's; SCAN_PAD bytes after it may be read. */
bool series_list_take_plain(struct longhaul_series *series, enum series_list list, const char *text, const char *end,
                            size_t *n);
/* A full list takes nothing more. */
bool series_list_is_full(const struct longhaul_series *series, enum series_list list);

#endif
