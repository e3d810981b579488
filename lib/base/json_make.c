/* json_make.c - writes JSON. Unknown values become null, and bytes that are not UTF-8 become "?". Reads no JSON. */

#include "base/json_make.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

json_t *json_make_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *json_make_text(const char *text)
{
    json_t *string = json_string(text);
    if (string)
        return string;
    char *copy = strdup(text);
    for (char *p = copy; p && *p; p++)
        if ((unsigned char)*p > 127)
            *p = '?';
    string = json_string(copy ? copy : "");
    free(copy);
    return string;
}

/* Jansson does not escape DEL, which occurs only in strings: "\u007f". Takes ownership of line. */
static char *escape_del(char *line)
{
    size_t n = 0;
    for (const char *p = line; p && *p; p++)
        n += *p == 0x7f;
    if (n == 0)
        return line;
    char *escaped = malloc(strlen(line) + 5 * n + 1), *out = escaped;
    for (const char *p = line; out && *p; p++)
        if (*p == 0x7f)
            out = stpcpy(out, "\\u007f");
        else
            *out++ = *p;
    if (out)
        *out = 0;
    free(line);
    return escaped;
}

int json_make_line(json_t *object, const char *name, char **out, struct longhaul_error *err)
{
    char *line =
        object ? escape_del(json_dumps(object, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(17))) : NULL;
    json_decref(object);
    if (line == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", name);
    *out = line;
    return 0;
}

int json_make_document(json_t *document, const char *name, char **out, struct longhaul_error *err)
{
    char *text = document ? json_dumps(document, JSON_INDENT(2) | JSON_REAL_PRECISION(12)) : NULL;
    json_decref(document);
    if (text == NULL) /* for example a file name that is not UTF-8 */
        return error_set(err, LONGHAUL_ENOMEM, "%s: no memory for the document, or a name that is not UTF-8", name);
    *out = text;
    return 0;
}

static json_t *value_at(const void *at, enum json_make_kind kind)
{
    switch (kind) {
    case JSON_MAKE_NUMBER: return json_make_number(*(const double *)at);
    case JSON_MAKE_SWITCH: return json_boolean(*(const bool *)at);
    case JSON_MAKE_SIZE: return json_integer((json_int_t)*(const size_t *)at);
    case JSON_MAKE_INT: return json_integer(*(const int *)at);
    case JSON_MAKE_ARRAY: return json_make_text(at);
    case JSON_MAKE_POINTER: return json_make_text(*(const char *const *)at);
    }
    return NULL;
}

void json_make_members(json_t *object, const void *of, const struct json_member *members, size_t n)
{
    for (size_t i = 0; i < n; i++)
        json_object_set_new(object, members[i].key, value_at((const char *)of + members[i].offset, members[i].kind));
}

json_t *json_make_object(const void *of, const struct json_member *members, size_t n)
{
    json_t *object = json_object();
    json_make_members(object, of, members, n);
    return object;
}
