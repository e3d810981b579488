/* json_text.h - walking a JSON text by its outer structure, handing single elements to Jansson. */
#ifndef JSON_TEXT_H
#define JSON_TEXT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* A text, and how far it was read. The bytes are borrowed and never changed. */
struct json_text {
    const char *bytes;
    size_t size;
    size_t at;
};

/* Passes white space. */
void json_text_blank(struct json_text *text);
/* Passes white space and then c. False, and nothing passed but white space, when something else comes. */
bool json_text_take(struct json_text *text, char c);
/* Passes `"key":` and copies the key as it is written, cut to size. False when there is no such thing. */
bool json_text_key(struct json_text *text, char *key, size_t size);
/* Passes one value, whatever it is, by its brackets and quotes alone. False when the text ends before the value does. */
bool json_text_skip(struct json_text *text);
/* Passes one value and returns it (a reference of the caller's; integers as reals; of a repeated key the last one counts).
 * What iperf3 is known to write beside JSON is mended and *is_mended set: bare nan and inf are null, control
 * characters are blanks, bytes that are not ASCII (some of them were not UTF-8) are "?". NULL when it cannot be read; then the position is unchanged, and *broken_at is where Jansson gave up. */
json_t *json_text_value(struct json_text *text, bool *is_mended, size_t *broken_at);

#endif
