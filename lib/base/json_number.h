/* json_number.h - a number of a JSON object, a count of libiperf's, and the object that stands for a whole interval. */
#ifndef JSON_NUMBER_H
#define JSON_NUMBER_H

#include <jansson.h>
#include <math.h>

/* NAN when there is no such number. */
static inline double number_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

/* A count that cannot be below 0: where libiperf cannot tell, it writes -1 (tcp_info.c). NAN then, and when there is no
 * such number. */
static inline double count_of(const json_t *object, const char *key)
{
    double value = number_of(object, key);
    return value >= 0 ? value : NAN;
}

/* The object that stands for a whole interval: "sum", unless it is missing or empty, else the first stream. NULL when
 * there is neither. */
static inline const json_t *interval_sum(const json_t *interval)
{
    const json_t *sum = json_object_get(interval, "sum");
    return json_object_size(sum) > 0 ? sum : json_array_get(json_object_get(interval, "streams"), 0);
}

#endif
