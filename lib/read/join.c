/* join.c - joins a sender's record with its receiver's: matches sessions by cookie, and intervals by the time since the
 * session's start. Never compares the two hosts' wall clocks. */

#include "read/join.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "read/series.h"

/* One session in a series. */
struct span {
    const double *start_s, *end_s;
    size_t n;
};

static struct span span_of(const struct longhaul_series *series, const struct series_session *session)
{
    return (struct span){ longhaul_series_column(series, LONGHAUL_COLUMN_START_S) + session->first,
                          longhaul_series_column(series, LONGHAUL_COLUMN_END_S) + session->first, session->n };
}

/* Both hosts count the same intervals; one of them may have an additional last one of a few milliseconds. */
static bool is_counted_alike(const struct span *sender, const struct span *receiver)
{
    return sender->n > 0 && receiver->n > 0 && receiver->n <= sender->n + 1 && sender->n <= receiver->n + 1;
}

/* The sender's interval that contains the middle of the receiver's. Their clocks differ by seconds in a day, so times
 * are scaled: the session is equally long for both. */
static size_t find_row(const struct span *sender, const struct span *receiver, size_t i, size_t from)
{
    double sender_s = sender->end_s[sender->n - 1] - sender->start_s[0];
    double receiver_s = receiver->end_s[receiver->n - 1] - receiver->start_s[0];
    double scale = receiver_s > 0 && fabs(sender_s / receiver_s - 1) < 1e-3 ? sender_s / receiver_s : 1;
    double middle_s =
        ((receiver->start_s[i] + receiver->end_s[i]) / 2 - receiver->start_s[0]) * scale + sender->start_s[0];
    while (from + 1 < sender->n && sender->end_s[from] <= middle_s)
        from++;
    return from;
}

/* Only the receiver sees what arrived out of order or twice. */
static void put_order(struct longhaul_series *sender, size_t row, const struct longhaul_series *receiver, size_t from)
{
    static const enum longhaul_column columns[] = { LONGHAUL_COLUMN_OUT_OF_ORDER_SEGMENTS,
                                                    LONGHAUL_COLUMN_OUT_OF_ORDER_PACKETS,
                                                    LONGHAUL_COLUMN_DUPLICATE_PACKETS };
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        const double *seen = longhaul_series_column(receiver, columns[i]);
        double *to = seen && !isnan(seen[from]) ? series_column(sender, columns[i]) : NULL;
        if (to)
            to[row] = isnan(to[row]) ? seen[from] : to[row] + seen[from];
    }
}

/* If two of the receiver's intervals lie in one of the sender's, the losses are added and the later jitter is used. */
static void put(struct longhaul_series *sender, size_t row, const struct longhaul_series *receiver, size_t from)
{
    double *arrived = series_make_arrived(sender),
           bytes = longhaul_series_column(receiver, LONGHAUL_COLUMN_BYTES)[from];
    if (arrived && !isnan(bytes))
        arrived[row] = isnan(arrived[row]) ? bytes : arrived[row] + bytes;
    put_order(sender, row, receiver, from);
    double *lost = series_column(sender, LONGHAUL_COLUMN_LOST_PACKETS),
           *jitter = series_column(sender, LONGHAUL_COLUMN_JITTER_MS);
    double more = longhaul_series_column(receiver, LONGHAUL_COLUMN_LOST_PACKETS)[from];
    if (isnan(more))
        return;
    lost[row] = isnan(lost[row]) ? more : lost[row] + more;
    jitter[row] = longhaul_series_column(receiver, LONGHAUL_COLUMN_JITTER_MS)[from];
}

static void join_session(struct longhaul_series *sender, const struct series_session *s,
                         const struct longhaul_series *receiver, const struct series_session *r)
{
    struct span sent = span_of(sender, s), received = span_of(receiver, r);
    bool is_alike = is_counted_alike(&sent, &received);
    size_t row = 0;
    for (size_t i = 0; i < r->n; i++) {
        row = is_alike ? (i < s->n ? i : s->n - 1) : find_row(&sent, &received, i, row);
        put(sender, s->first + row, receiver, r->first + i);
    }
}

/* Sequence numbers show the losses of a silence only after it: in the next interval, which then lost more than was sent
 * in it. Each silent interval gets its share, according to what was sent in it. The sum is unchanged. */
static void spread_losses(struct longhaul_series *sender, const struct series_session *s)
{
    const double *arrived = series_arrived(sender), *packets = longhaul_series_column(sender, LONGHAUL_COLUMN_PACKETS);
    double *lost = series_column(sender, LONGHAUL_COLUMN_LOST_PACKETS);
    size_t first = s->first; /* of the silence before row i */
    for (size_t i = s->first; arrived && i < s->first + s->n; i++) {
        if (arrived[i] == 0 && lost[i] == 0)
            continue;
        for (size_t k = first; k < i && lost[i] > 0; k++) {
            double its = packets[k] > 0 ? fmin(packets[k], lost[i]) : 0;
            lost[k] += its;
            lost[i] -= its;
        }
        first = i + 1;
    }
}

static double sum(const double *values, size_t n)
{
    double total = 0;
    for (size_t i = 0; i < n; i++)
        total += isnan(values[i]) ? 0 : values[i];
    return total;
}

/* A sender whose sessions broke off was never told what arrived. */
static void take_end(struct longhaul_series *sender, const struct longhaul_series *receiver)
{
    struct longhaul_info *info = series_info(sender);
    if (!isnan(info->end_lost_packets) || isnan(info->end_packets))
        return;
    info->end_lost_packets =
        sum(longhaul_series_column(sender, LONGHAUL_COLUMN_LOST_PACKETS), longhaul_series_length(sender));
    info->end_lost_percent = info->end_packets > 0 ? 100 * info->end_lost_packets / info->end_packets : 0;
    info->end_jitter_ms = longhaul_series_info(receiver)->end_jitter_ms;
}

void join_whole(struct longhaul_series *sender, const struct longhaul_series *receiver)
{
    struct series_session sent = { .n = longhaul_series_length(sender) },
                          received = { .n = longhaul_series_length(receiver) };
    if (series_column(sender, LONGHAUL_COLUMN_LOST_PACKETS) == NULL ||
        series_column(sender, LONGHAUL_COLUMN_JITTER_MS) == NULL)
        return; /* out of memory for what would be joined */
    join_session(sender, &sent, receiver, &received);
    spread_losses(sender, &sent);
}

size_t join_receiver(struct longhaul_series *sender, const struct longhaul_series *receiver)
{
    size_t n_sender, n_receiver, n_joined = 0;
    const struct series_session *s = series_sessions(sender, &n_sender), *r = series_sessions(receiver, &n_receiver);
    if (series_column(sender, LONGHAUL_COLUMN_LOST_PACKETS) == NULL ||
        series_column(sender, LONGHAUL_COLUMN_JITTER_MS) == NULL)
        return 0; /* out of memory for what would be joined */
    for (size_t i = 0; i < n_sender; i++)
        for (size_t j = 0; j < n_receiver; j++)
            if (s[i].cookie[0] && s[i].n > 0 && r[j].n > 0 && strcmp(s[i].cookie, r[j].cookie) == 0) {
                join_session(sender, &s[i], receiver, &r[j]);
                spread_losses(sender, &s[i]);
                n_joined++;
            }
    if (n_joined > 0 && n_joined == n_sender)
        take_end(sender, receiver);
    if (n_joined > 0 && longhaul_series_host_drops(receiver))
        series_set_receiver_drops(sender, longhaul_series_host_drops(receiver));
    return n_joined;
}
