/* copies.c - finds tests that occur more than once: a program printed its result twice, a log was appended to itself, a
 * file was copied. Compares cookie, start, direction, totals, and every value of the first and last intervals. Tests
 * without a cookie never count as copies, nor do those of files whose names say that they are two tests. */

#include "read/copies.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

#define ROWS 600 /* at the beginning and at the end: all rows of a day would take a noticeable part of the reading
                  * time */

struct copy {
    struct key {
        char cookie[64], source[64], destination[64];
        double start_unix_s;
        int64_t name_unix_s; /* from a name as longhaul makes it; else 0 */
        size_t length;
        bool is_sender, is_other_direction;
        uint64_t values;
    } key;
    const char *path;
};

struct copies {
    void *tree; /* of struct copy */
};

static int by_key(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct key));
}

static uint64_t hash_values(const struct longhaul_series *series)
{
    const struct longhaul_info *info = longhaul_series_info(series);
    const double totals[] = { info->end_seconds, info->end_bits_per_second, info->end_jitter_ms, info->end_lost_packets,
                              info->end_packets };
    size_t n = longhaul_series_length(series), part = n < ROWS ? n : ROWS;
    uint64_t hash = hash_doubles(HASH_START, totals, sizeof totals / sizeof *totals);
    for (int i = 0; n > 0 && i < LONGHAUL_N_COLUMNS; i++) {
        const double *column = longhaul_series_column(series, (enum longhaul_column)i);
        if (column == NULL)
            continue;
        hash = hash_doubles(hash, column, part);
        hash = hash_doubles(hash, column + (n - part), part);
    }
    return hash;
}

static void copy_text(char out[64], const char *text)
{
    memcpy(out, text, strnlen(text, 63));
}

static void describe(const struct longhaul_series *series, struct copy *copy)
{
    const struct longhaul_info *info = longhaul_series_info(series);
    struct longhaul_file_name name;
    memset(copy, 0, sizeof *copy); /* including the padding: it is compared */
    copy_text(copy->key.cookie, series_cookie(series));
    copy_text(copy->key.source, info->source);
    copy_text(copy->key.destination, info->destination);
    copy->key.start_unix_s = info->start_unix_s;
    copy->key.name_unix_s = longhaul_file_name_parse(info->path, &name, NULL) == 0 ? name.start_unix_s : 0;
    copy->key.length = longhaul_series_length(series);
    copy->key.is_sender = info->is_sender;
    copy->key.is_other_direction = info->is_other_direction;
    copy->key.values = hash_values(series);
    copy->path = info->path;
}

const char *copies_find(struct copies **copies, const struct longhaul_series *series)
{
    struct copy *copy = series_cookie(series)[0] ? malloc(sizeof *copy) : NULL;
    if (copy == NULL)
        return NULL;
    describe(series, copy);
    if (*copies == NULL)
        *copies = calloc(1, sizeof **copies);
    struct copy **found = *copies ? (struct copy **)tsearch(copy, &(*copies)->tree, by_key) : NULL;
    const char *path = found && *found != copy ? (*found)->path : NULL;
    if (found == NULL || path)
        free(copy);
    return path;
}

void copies_free(struct copies *copies)
{
    if (copies)
        tdestroy(copies->tree, free);
    free(copies);
}
