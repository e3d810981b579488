/* json_put.h - members of objects that must not be missing for want of memory. */
#ifndef JSON_PUT_H
#define JSON_PUT_H

#include <jansson.h>
#include <stdbool.h>

/* Puts a member into an object, or all of another's; takes the reference. *has_failed when it could not: no memory, or
 * the value is NULL, as that of a number that is not finite. */
static inline void json_put(json_t *object, const char *key, json_t *value, bool *has_failed)
{
    *has_failed = json_object_set_new(object, key, value) != 0 || *has_failed;
}

static inline void json_put_all(json_t *object, json_t *other, bool *has_failed)
{
    *has_failed = json_object_update_new(object, other) != 0 || *has_failed;
}

static inline void json_put_last(json_t *array, json_t *value, bool *has_failed)
{
    *has_failed = json_array_append_new(array, value) != 0 || *has_failed;
}

#endif
