/* news.c - writes and reads news. Sends nothing. */

#include "engine/news.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/flow.h"

bool news_magic(const char *cookie, char magic[NEWS_MAGIC_BYTES])
{
    if (cookie == NULL || strlen(cookie) < NEWS_MAGIC_BYTES)
        return false;
    memcpy(magic, cookie, NEWS_MAGIC_BYTES);
    return true;
}

bool news_magic_of_event(const char *event, char magic[NEWS_MAGIC_BYTES])
{
    static const char key[] = "\"cookie\":";
    const char *found = strstr(event, key);
    char cookie[NEWS_MAGIC_BYTES + 1] = "";
    if (found == NULL)
        return false;
    found += sizeof key - 1;
    found += strspn(found, " \t\n");
    if (*found != '"' || strcspn(found + 1, "\"\\") < NEWS_MAGIC_BYTES)
        return false;
    memcpy(cookie, found + 1, NEWS_MAGIC_BYTES);
    return news_magic(cookie, magic);
}

/* ---- writing */

static int head_of(const struct news *n, char *text, size_t size)
{
    switch (n->kind) {
    case NEWS_HELLO: return snprintf(text, size, "H");
    case NEWS_TROUBLE: return snprintf(text, size, "T %s %" PRIu32, n->why, n->flow);
    case NEWS_QUIET: return snprintf(text, size, "Q");
    case NEWS_PART:
        return snprintf(text, size, "P %" PRIu64 " %" PRIu32 " %" PRIu32 " %" PRIu32 " ", n->id, n->part, n->n_parts,
                        n->age_ms);
    case NEWS_GOT: return snprintf(text, size, "G %" PRIu64, n->id);
    }
    return -1;
}

size_t news_write(const char magic[NEWS_MAGIC_BYTES], const struct news *news, char *bytes, size_t size)
{
    char head[NEWS_BYTES_MIN];
    int k = head_of(news, head, sizeof head);
    size_t n_piece = news->kind == NEWS_PART ? news->n_piece : 0;
    if (k < 0 || (size_t)k >= sizeof head || NEWS_MAGIC_BYTES + (size_t)k + n_piece > size)
        return 0;
    memcpy(bytes, magic, NEWS_MAGIC_BYTES);
    memcpy(bytes + NEWS_MAGIC_BYTES, head, (size_t)k);
    if (n_piece)
        memcpy(bytes + NEWS_MAGIC_BYTES + k, news->piece, n_piece);
    return NEWS_MAGIC_BYTES + (size_t)k + n_piece;
}

/* ---- reading: text is a copy with a final 0 */

/* A blank and a whole number of at most `most`. */
static bool take_number(const char **at, uint64_t most, uint64_t *value)
{
    char *end;
    if (**at != ' ' || !isdigit((unsigned char)(*at)[1]) || strspn(*at + 1, "0123456789") > 18)
        return false;
    *value = strtoull(*at + 1, &end, 10);
    *at = end;
    return *value <= most;
}

static bool take_small(const char **at, uint64_t most, uint32_t *value)
{
    uint64_t wide = 0;
    bool is_good = take_number(at, most, &wide);
    *value = (uint32_t)wide;
    return is_good;
}

static bool read_trouble(const char *at, struct news *news)
{
    size_t n = *at == ' ' ? strspn(at + 1, "abcdefghijklmnopqrstuvwxyz") : 0;
    if (n == 0 || n >= sizeof news->why)
        return false;
    memcpy(news->why, at + 1, n);
    at += 1 + n;
    return take_small(&at, FLOWS_MAX - 1, &news->flow) && *at == 0;
}

/* The piece stays where it was read. */
static bool read_part(const char *text, const char *at, size_t n, const char *original, struct news *news)
{
    if (!take_number(&at, UINT64_MAX, &news->id) || !take_small(&at, NEWS_PARTS_MAX - 1, &news->part) ||
        !take_small(&at, NEWS_PARTS_MAX, &news->n_parts) || !take_small(&at, NEWS_AGE_MS_MAX, &news->age_ms) ||
        *at != ' ' || news->part >= news->n_parts)
        return false;
    size_t k = (size_t)(at + 1 - text);
    news->piece = original + k;
    news->n_piece = n - k;
    return news->n_piece > 0;
}

bool news_read(const char *original, size_t n, struct news *news)
{
    char text[NEWS_BYTES_MAX + 1];
    const char *at = text + 1;
    *news = (struct news){ .kind = NEWS_HELLO };
    if (n == 0 || n >= sizeof text || memchr(original, 0, n))
        return false;
    memcpy(text, original, n);
    text[n] = 0;
    switch (text[0]) {
    case 'H': return *at == 0;
    case 'T': news->kind = NEWS_TROUBLE; return read_trouble(at, news);
    case 'Q': news->kind = NEWS_QUIET; return *at == 0;
    case 'P': news->kind = NEWS_PART; return read_part(text, at, n, original, news);
    case 'G': news->kind = NEWS_GOT; return take_number(&at, UINT64_MAX, &news->id) && *at == 0;
    default: return false;
    }
}
