/* session_list.h - the sessions of a record by their cookies. */
#ifndef SESSION_LIST_H
#define SESSION_LIST_H

#include "read/series.h"

/* The n sessions, sorted by cookie, malloc'd. NULL when out of memory. */
const struct series_session **session_list_sort(const struct series_session *sessions, size_t n);

/* The first of n sorted sessions with the cookie that has intervals; NULL if none exists. */
const struct series_session *session_list_find(const struct series_session **sorted, size_t n, const char *cookie);

#endif
