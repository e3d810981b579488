/* iperf_json.h - the meaning of objects in iperf3's JSON: a count that may be unknown, the object that stands for a
 * whole interval, the addresses of a test. */
#ifndef IPERF_JSON_H
#define IPERF_JSON_H

#include "base/json_number.h"

/* What iperf3 writes for a count that it has lost, INT_MAX (esnet/iperf#1534). */
#define IPERF_LOST_COUNT 2147483647.0

/* A count that cannot be below 0: where libiperf cannot tell, it writes -1 (tcp_info.c). NAN then, and if there is no
 * such number. */
static inline double count_of(const json_t *object, const char *key)
{
    double value = number_of(object, key);
    return value >= 0 ? value : NAN;
}

/* The object that stands for a whole interval: "sum", unless it is missing or empty, else the first stream. NULL if
 * there is neither. scan_learn.c keeps the same rule for text. */
static inline const json_t *interval_sum(const json_t *interval)
{
    const json_t *sum = json_object_get(interval, "sum");
    return json_object_size(sum) > 0 ? sum : json_array_get(json_object_get(interval, "streams"), 0);
}

static inline const char *start_address(const json_t *start, const char *key)
{
    return json_string_value(json_object_get(json_array_get(json_object_get(start, "connected"), 0), key));
}

/* The addresses of the first stream in the object "start", this host's and the peer's; NULL if it names none. */
static inline const char *start_local_address(const json_t *start)
{
    return start_address(start, "local_host");
}

static inline const char *start_remote_address(const json_t *start)
{
    return start_address(start, "remote_host");
}

#endif
