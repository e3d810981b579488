/* json_number.h - numbers of JSON. */
#ifndef JSON_NUMBER_H
#define JSON_NUMBER_H

#include <jansson.h>
#include <math.h>

/* NAN if it is not a number. */
static inline double number_in(const json_t *value)
{
    return json_is_number(value) ? json_number_value(value) : NAN;
}

/* NAN if there is no such number. */
static inline double number_of(const json_t *object, const char *key)
{
    return number_in(json_object_get(object, key));
}

/* 0 if there is no such number. */
static inline double number_or_0(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

#endif
