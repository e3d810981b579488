/* json_make.h - writes JSON: numbers, texts, and the members of a struct listed in a table. */
#ifndef JSON_MAKE_H
#define JSON_MAKE_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include <longhaul.h>

/* null unless finite. */
json_t *json_make_number(double value);

/* Text from a file, or a path: each byte that is not UTF-8 becomes "?". */
json_t *json_make_text(const char *text);

/* Writes one line of ASCII, in which everything that a terminal or an editor would obey is escaped. Takes the reference
 * to object, which may be NULL. The error is "NAME: out of memory". */
int json_make_line(json_t *object, const char *name, char **out, struct longhaul_error *err);
/* Writes an indented document. The error message names name, a file's. Takes the reference; the caller owns *out. */
int json_make_document(json_t *document, const char *name, char **out, struct longhaul_error *err);

enum json_make_kind {
    JSON_MAKE_NUMBER, JSON_MAKE_SWITCH, JSON_MAKE_SIZE, JSON_MAKE_INT, JSON_MAKE_ARRAY, JSON_MAKE_POINTER
};

struct json_member {
    const char *key;
    size_t offset;
    enum json_make_kind kind;
};

/* Describes a double, bool, size_t, int, char[] or const char * member of a struct, under its own name or another. */
#define JSON_MEMBER_AS(key, type, member) { key, offsetof(type, member), JSON_MAKE_FORM(((type *)0)->member) }
#define JSON_MAKE_FORM(value)                                                                                          \
    _Generic((value), double: JSON_MAKE_NUMBER, bool: JSON_MAKE_SWITCH, size_t: JSON_MAKE_SIZE, int: JSON_MAKE_INT,    \
             char *: JSON_MAKE_ARRAY, const char *: JSON_MAKE_POINTER)
#define JSON_MEMBER(type, member) JSON_MEMBER_AS(#member, type, member)

void json_make_members(json_t *object, const void *of, const struct json_member *members, size_t n);

/* Writes all members of a table, into an existing object or as a new one. */
#define JSON_ADD(object, of, table) json_make_members(object, of, table, sizeof (table) / sizeof *(table))
json_t *json_make_object(const void *of, const struct json_member *members, size_t n);
#define JSON_OBJECT(of, table) json_make_object(of, table, sizeof (table) / sizeof *(table))

#endif
