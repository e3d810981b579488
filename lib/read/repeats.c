/* repeats.c - finds intervals that occur more than once: iperf3's server repeats the last one when its client is
 * killed. Sorts only if time goes back at all. Knows only times. */

#include "read/repeats.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

struct timed {
    double start_s, end_s, seconds;
    size_t at;
};

static int compare(const struct timed *x, const struct timed *y)
{
    if (x->start_s != y->start_s)
        return x->start_s < y->start_s ? -1 : 1;
    if (x->end_s != y->end_s)
        return x->end_s < y->end_s ? -1 : 1;
    return (x->seconds > y->seconds) - (x->seconds < y->seconds);
}

static int by_time(const void *a, const void *b)
{
    const struct timed *x = a, *y = b;
    int order = compare(x, y);
    return order ? order : (x->at > y->at) - (x->at < y->at);
}

static bool goes_back(const double *start_s, size_t n)
{
    double last_s = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        if (start_s[i] <= last_s)
            return true;
        last_s = isnan(start_s[i]) ? last_s : start_s[i];
    }
    return false;
}

size_t repeats_mark(const double *start_s, const double *end_s, const double *seconds, size_t n, unsigned char bit,
                    unsigned char *marks)
{
    struct timed *rows = goes_back(start_s, n) ? malloc(n * sizeof *rows) : NULL;
    size_t n_rows = 0, n_repeats = 0;
    for (size_t i = 0; rows && i < n; i++)
        if (!isnan(start_s[i] + end_s[i] + seconds[i]))
            rows[n_rows++] = (struct timed){ start_s[i], end_s[i], seconds[i], i };
    if (n_rows > 1)
        qsort(rows, n_rows, sizeof *rows, by_time);
    for (size_t i = 1; i < n_rows; i++)
        if (compare(&rows[i - 1], &rows[i]) == 0) {
            marks[rows[i].at] |= bit;
            n_repeats++;
        }
    free(rows);
    return n_repeats;
}
