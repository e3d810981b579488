/* peer_json.c - parses what a peer says in JSON before libiperf does. Judges nothing in it. */

#include "engine/peer_json.h"

#include <stdlib.h>

json_t *peer_json_load(const char *text, size_t length)
{
    char *copy = malloc(length + 1);
    if (copy == NULL)
        return NULL;
    for (size_t i = 0; i < length; i++)
        copy[i] = (unsigned char)text[i] < 0x80 ? text[i] : '?';
    json_t *said =
        json_loadb(copy, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL, NULL);
    free(copy);
    return said;
}
