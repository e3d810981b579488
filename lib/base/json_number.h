/* json_number.h - a number of a JSON object. */
#ifndef JSON_NUMBER_H
#define JSON_NUMBER_H

#include <jansson.h>
#include <math.h>

/* NAN if there is no such number. */
static inline double number_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

#endif
