/* gaps.c - a list of the spans in which a leg was not observed. Stores what it is given, with copies of the texts;
 * judges nothing. */

#include "read/gaps.h"

#include <math.h>
#include <stdlib.h>

#include "base/text_copy.h"

#define MOST_LOOKED_AT 64 /* when looking for a cause */

bool gap_list_add(struct gap_list *list, const struct longhaul_gap *gap)
{
    struct longhaul_gap copy = *gap, *grown = realloc(list->gaps, (list->n + 1) * sizeof *grown);
    const char **const texts[] = { &copy.cause, &copy.noticed, &copy.text };
    if (grown == NULL)
        return false;
    list->gaps = grown;
    if (text_copy_all(texts, sizeof texts / sizeof *texts) == NULL)
        return false;
    grown[list->n++] = copy;
    return true;
}

static int by_start(const void *a, const void *b)
{
    const struct longhaul_gap *x = a, *y = b;
    if (x->start_s != y->start_s)
        return x->start_s < y->start_s ? -1 : 1;
    return (x->seconds > y->seconds) - (x->seconds < y->seconds);
}

bool gap_list_take_sorted(struct gap_list *list, const struct longhaul_gap *gaps, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!gap_list_add(list, &gaps[i]))
            return false;
    if (list->n > 1)
        qsort(list->gaps, list->n, sizeof *list->gaps, by_start);
    return true;
}

/* How many of them begin before a time. */
static size_t count_before(const struct longhaul_gap *gaps, size_t n, double before_s)
{
    size_t low = 0;
    while (low < n) {
        size_t middle = low + (n - low) / 2;
        if (gaps[middle].start_s < before_s)
            low = middle + 1;
        else
            n = middle;
    }
    return low;
}

const char *gaps_cause(const struct longhaul_gap *gaps, size_t n, double from_s, double to_s)
{
    const char *cause = "";
    double longest_s = 0;
    size_t last = count_before(gaps, n, to_s), first = last > MOST_LOOKED_AT ? last - MOST_LOOKED_AT : 0;
    for (size_t i = first; i < last; i++) {
        double shared_s = fmin(to_s, gaps[i].start_s + gaps[i].seconds) - fmax(from_s, gaps[i].start_s);
        if (shared_s > longest_s) {
            longest_s = shared_s;
            cause = gaps[i].cause;
        }
    }
    return cause;
}

size_t gaps_merge(const struct longhaul_gap *gaps, size_t n, struct longhaul_gap *out)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        struct longhaul_gap *last = count > 0 ? &out[count - 1] : NULL;
        double end_s = gaps[i].start_s + gaps[i].seconds, last_end_s = last ? last->start_s + last->seconds : 0;
        if (last == NULL || gaps[i].start_s > last_end_s) {
            out[count++] = gaps[i];
            continue;
        }
        if (last->cause[0] == 0)
            *last = (struct longhaul_gap){ .start_s = last->start_s, .seconds = last->seconds, .cause = gaps[i].cause,
                                           .noticed = gaps[i].noticed, .text = gaps[i].text };
        if (end_s > last_end_s)
            last->seconds = end_s - last->start_s;
    }
    return count;
}

double gaps_time_in(const struct longhaul_gap *gaps, size_t n, double from_s, double to_s, size_t *first)
{
    double sum_s = 0;
    while (*first < n && gaps[*first].start_s + gaps[*first].seconds <= from_s)
        ++*first;
    for (size_t k = *first; k < n && gaps[k].start_s < to_s; k++)
        sum_s += fmax(fmin(gaps[k].start_s + gaps[k].seconds, to_s) - fmax(gaps[k].start_s, from_s), 0);
    return sum_s;
}

void gap_list_free(struct gap_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        free((char *)(uintptr_t)list->gaps[i].cause); /* the first pointer of the block with all three texts */
    free(list->gaps);
    *list = (struct gap_list){ 0 };
}
