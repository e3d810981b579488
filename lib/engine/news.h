/* news.h - what the two ends of a longhaul session tell each other while it runs, in small datagrams on the session's
 * own UDP streams, against the direction of the data or among it: that the receiver sees a trouble, and the traces that
 * the sender makes of it. iperf3 knows no such datagram, so only a peer that said so is sent one.
 *
 * A datagram is 16 bytes that only the two ends know, from the test's cookie, and a text:
 *   H                          hello: this end reads news
 *   T <loss|...> <flow>        the receiver sees a trouble, most of it on this flow (from 0); repeated while it lasts
 *   Q                          the trouble is over
 *   P <id> <part> <n> <ms> <text>   a part (from 0) of n of a trace that began ms milliseconds ago; repeated until:
 *   G <id>                     the trace has arrived
 * Everything is read as hostile. */
#ifndef NEWS_H
#define NEWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NEWS_MAGIC_BYTES 16
#define NEWS_BYTES_MAX 1400 /* of a datagram: fits every path on which a test does */
#define NEWS_BYTES_MIN 96   /* a test with shorter datagrams carries none */
#define NEWS_WHY_BYTES 12
#define NEWS_PARTS_MAX 64
#define NEWS_AGE_MS_MAX 86400000

enum news_kind { NEWS_HELLO, NEWS_TROUBLE, NEWS_QUIET, NEWS_PART, NEWS_GOT };

struct news {
    enum news_kind kind;
    char why[NEWS_WHY_BYTES]; /* NEWS_TROUBLE: small letters */
    uint32_t flow;
    uint64_t id; /* NEWS_PART, NEWS_GOT */
    uint32_t part, n_parts, age_ms;
    const char *piece; /* NEWS_PART: of the trace's text; borrowed */
    size_t n_piece;
};

/* The 16 bytes of a session, from its cookie (NULL is accepted). false if there is no such cookie. */
bool news_magic(const char *cookie, char magic[NEWS_MAGIC_BYTES]);
/* The same from the text of libiperf's start event. */
bool news_magic_of_event(const char *event, char magic[NEWS_MAGIC_BYTES]);

/* Writes a datagram; returns its length, 0 if it does not fit. */
size_t news_write(const char magic[NEWS_MAGIC_BYTES], const struct news *news, char *bytes, size_t size);

/* Reads what follows the 16 bytes. false for anything else than news. */
bool news_read(const char *text, size_t n, struct news *news);

#endif
