/* engine_news.h - the child's part in news (news.h): hands streams' sockets to the parent, which sends news by them and
 * reads them where this host sends; and takes news out of what libiperf reads where this host receives. For the
 * engine_*.c that run in the child. */
#ifndef ENGINE_NEWS_H
#define ENGINE_NEWS_H

#include <stdbool.h>
#include <stddef.h>

/* The test begins; start is libiperf's start event. Only for a session whose two ends are to exchange news. is_sender:
 * of the data; is_client: its sockets may then be shared (SO_REUSEADDR) by a prober without privileges. */
void engine_news_begin(const char *start, bool is_sender, bool is_client);

/* True if a datagram that was read from a stream's socket is news, of which `there` bytes of n were read: keeps them.
 */
bool engine_news_take(const char *bytes, size_t n, size_t there);

/* True if this host receives data and may send news: an ICMP error that comes back of such a datagram is not one of the
 * data. */
bool engine_news_is_on(void);

/* Passes to the parent what was kept. */
void engine_news_say(void);

#endif
