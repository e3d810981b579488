/* json_put.h - puts members into objects, and reports when one is missing because memory ran out. */
#ifndef JSON_PUT_H
#define JSON_PUT_H

#include <jansson.h>
#include <stdbool.h>

/* Puts a member into an object, or all members of another object; takes the reference. Sets *has_failed if it could
 * not: out of memory, or a NULL value, such as that of a number that is not finite. */
static inline void json_put(json_t *object, const char *key, json_t *value, bool *has_failed)
{
    *has_failed = json_object_set_new(object, key, value) != 0 || *has_failed;
}

static inline void json_put_all(json_t *object, json_t *other, bool *has_failed)
{
    *has_failed = json_object_update_new(object, other) != 0 || *has_failed;
}

#endif
