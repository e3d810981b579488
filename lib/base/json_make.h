/* json_make.h - JSON of what is known: numbers, texts, the members of a struct by a table. */
#ifndef JSON_MAKE_H
#define JSON_MAKE_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include <longhaul.h>

/* null unless finite. */
json_t *json_make_number(double value);

/* Text of a file, or a path: of bytes that are no UTF-8 each is "?". */
json_t *json_make_text(const char *text);

/* One line, in ASCII: what a terminal or an editor would obey is escaped; the object's reference is taken, and may be
 * NULL. "NAME: out of memory". */
int json_make_line(json_t *object, const char *name, char **out, struct longhaul_error *err);
/* A document with indents, for people and programs; name (a file's) is for the message. Takes the reference; *out is
 * the caller's. */
int json_make_document(json_t *document, const char *name, char **out, struct longhaul_error *err);

enum json_make_kind {
    JSON_MAKE_NUMBER,
    JSON_MAKE_SWITCH,
    JSON_MAKE_SIZE,
    JSON_MAKE_INT,
    JSON_MAKE_ARRAY,
    JSON_MAKE_POINTER
};

struct json_member {
    const char *key;
    size_t offset;
    enum json_make_kind kind;
};

/* A double, bool, size_t, int, char[] or const char * of a struct, under its name or another. */
#define JSON_MEMBER_AS(key, type, member) { key, offsetof(type, member), JSON_MAKE_FORM(((type *)0)->member) }
#define JSON_MAKE_FORM(value)                                                                                          \
    _Generic((value), double: JSON_MAKE_NUMBER, bool: JSON_MAKE_SWITCH, size_t: JSON_MAKE_SIZE, int: JSON_MAKE_INT,    \
             char *: JSON_MAKE_ARRAY, const char *: JSON_MAKE_POINTER)
#define JSON_MEMBER(type, member) JSON_MEMBER_AS(#member, type, member)

void json_make_members(json_t *object, const void *of, const struct json_member *members, size_t n);

/* The same of a whole table: into an object, or as one. */
#define JSON_ADD(object, of, table) json_make_members(object, of, table, sizeof (table) / sizeof *(table))
json_t *json_make_object(const void *of, const struct json_member *members, size_t n);
#define JSON_OBJECT(of, table) json_make_object(of, table, sizeof (table) / sizeof *(table))

#endif
