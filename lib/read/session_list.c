/* session_list.c - finds sessions by their cookies: a file may have a hundred thousand. */

#include "read/session_list.h"

#include <stdlib.h>
#include <string.h>

static int by_cookie(const void *a, const void *b)
{
    const struct series_session *const *x = a, *const *y = b;
    int order = strcmp((*x)->cookie, (*y)->cookie);
    return order ? order : ((*x)->first > (*y)->first) - ((*x)->first < (*y)->first);
}

const struct series_session **session_list_sort(const struct series_session *sessions, size_t n)
{
    const struct series_session **sorted = malloc((n + 1) * sizeof *sorted);
    for (size_t i = 0; sorted && i < n; i++)
        sorted[i] = &sessions[i];
    if (sorted && n > 1)
        qsort(sorted, n, sizeof *sorted, by_cookie);
    return sorted;
}

const struct series_session *session_list_find(const struct series_session **sorted, size_t n, const char *cookie)
{
    size_t low = 0;
    for (size_t high = n; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(sorted[middle]->cookie, cookie) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    while (low < n && strcmp(sorted[low]->cookie, cookie) == 0 && sorted[low]->n == 0)
        low++;
    return low < n && strcmp(sorted[low]->cookie, cookie) == 0 ? sorted[low] : NULL;
}
