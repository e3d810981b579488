/* export_ranges.c - which tests with the same labels were measured at the same time. Two of them would be one series,
 * in which samples of both are mixed. */

#include "export/export_ranges.h"

#include <stdlib.h>

void export_ranges_free(struct export_ranges *ranges)
{
    free(ranges->range);
    *ranges = (struct export_ranges){ .range = NULL };
}

/* The first range with these labels or greater ones: they are kept in this order. */
static size_t find(const struct export_ranges *r, uint64_t labels)
{
    size_t low = 0;
    for (size_t high = r->n; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (r->range[middle].labels < labels)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

enum export_clash export_ranges_find(const struct export_ranges *r, const struct export_range *range)
{
    enum export_clash clash = EXPORT_CLASH_NONE;
    for (size_t i = find(r, range->labels); i < r->n && r->range[i].labels == range->labels; i++) {
        const struct export_range *other = &r->range[i];
        bool is_its_test = other->test == range->test && other->first_ms == range->first_ms;
        if (is_its_test && other->last_ms == range->last_ms && other->n == range->n)
            return EXPORT_CLASH_SAME;
        if (is_its_test && clash == EXPORT_CLASH_NONE)
            clash = EXPORT_CLASH_CHANGED;
        else if (!is_its_test && other->first_ms <= range->last_ms && range->first_ms <= other->last_ms)
            clash = EXPORT_CLASH_OVERLAP;
    }
    return clash;
}

bool export_ranges_add(struct export_ranges *r, const struct export_range *range)
{
    size_t at = find(r, range->labels);
    if (r->n == r->room) {
        size_t room = 2 * r->room + 64;
        struct export_range *grown = realloc(r->range, room * sizeof *grown);
        if (grown == NULL)
            return false;
        r->range = grown;
        r->room = room;
    }
    for (size_t i = r->n++; i > at; i--)
        r->range[i] = r->range[i - 1];
    r->range[at] = *range;
    return true;
}
