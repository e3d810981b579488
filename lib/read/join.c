/* join.c - joins a sender's record with its receiver's: matches sessions by cookie, and intervals by the time since the
 * session's start. Never compares the two hosts' wall clocks. */

#include "read/join.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "model/delay.h"
#include "read/series.h"
#include "read/session_list.h"

#define LEAST_LONG 3    /* intervals of the sender in one of the receiver: it stood still */
#define MOST_LONGER 200 /* sessions that get intervals; each takes a pass over the whole leg */
#define SAME_CLOCK 1e-3 /* clocks differ by less than this share */

/* One session in a series. */
struct span {
    const double *start_s, *end_s, *bytes, *packets;
    size_t n, last; /* last: the last interval with data; n if none has */
};

static struct span span_of(const struct longhaul_series *series, const struct series_session *session)
{
    struct span span = { longhaul_series_column(series, LONGHAUL_COLUMN_START_S) + session->first,
                         longhaul_series_column(series, LONGHAUL_COLUMN_END_S) + session->first,
                         longhaul_series_column(series, LONGHAUL_COLUMN_BYTES) + session->first,
                         longhaul_series_column(series, LONGHAUL_COLUMN_PACKETS) + session->first,
                         session->n, session->n };
    for (size_t i = session->n; i-- > 0 && span.last == session->n;)
        span.last = span.bytes[i] > 0 ? i : span.last;
    return span;
}

/* The two sessions, and how times of the receiver's become times of the sender's. */
struct sides {
    struct span sent, received;
    double scale;
    bool is_alike;
};

/* True if an interval is missing between two others. */
static bool has_hole(const struct span *span)
{
    for (size_t i = 1; i < span->n; i++)
        if (span->start_s[i] - span->end_s[i - 1] > (span->end_s[i] - span->start_s[i]) / 2)
            return true;
    return false;
}

/* Both hosts count the same intervals; one of them may have an additional last one of a few milliseconds. */
static bool is_counted_alike(const struct span *sender, const struct span *receiver)
{
    return sender->n > 0 && receiver->n > 0 && receiver->n <= sender->n + 1 && sender->n <= receiver->n + 1 &&
           !has_hole(sender) && !has_hole(receiver);
}

/* The sum of the packets up to the last interval with data, without that one: it may be partly silent. */
static double packets_before_last(const struct span *span)
{
    double sum = 0;
    for (size_t i = 0; i < span->last && i < span->n; i++)
        sum += span->packets[i];
    return sum;
}

/* The time, from the session's start, at which its packets reach a number; NAN if they do not. */
static double time_of_packet(const struct span *span, double number)
{
    double sum = 0;
    for (size_t i = 0; i < span->n; i++) {
        double before = sum;
        sum += span->packets[i];
        if (sum >= number)
            return span->start_s[i] - span->start_s[0] +
                (number - before) / span->packets[i] * (span->end_s[i] - span->start_s[i]);
    }
    return NAN;
}

/* The two hosts' clocks differ by seconds in a day. The same packet, by sequence numbers, or for TCP the end of the
 * data, gives the ratio; a session may be longer for the side that learns later that it broke. */
static double scale_of(const struct span *sender, const struct span *receiver)
{
    if (sender->last == sender->n || receiver->last == receiver->n)
        return 1;
    double number = fmin(packets_before_last(sender), packets_before_last(receiver));
    double sender_s = time_of_packet(sender, number), receiver_s = time_of_packet(receiver, number);
    if (isnan(number) || has_hole(sender) || has_hole(receiver)) {
        sender_s = sender->end_s[sender->last] - sender->start_s[0];
        receiver_s = receiver->end_s[receiver->last] - receiver->start_s[0];
    }
    double scale = sender_s / receiver_s;
    return receiver_s > 0 && fabs(scale - 1) < SAME_CLOCK ? scale : 1;
}

static struct sides sides_of(struct span sent, struct span received)
{
    struct sides sides = { sent, received, 1, is_counted_alike(&sent, &received) };
    if (sent.n > 0 && received.n > 0)
        sides.scale = scale_of(&sent, &received);
    return sides;
}

/* A time of the receiver's on the sender's axis. */
static double sender_time(const struct sides *sides, double time_s)
{
    return (time_s - sides->received.start_s[0]) * sides->scale + sides->sent.start_s[0];
}

/* The sender's interval that contains the middle of the receiver's, or that follows it; from is an earlier one. Sets
 * is_missing if no interval contains it. */
static size_t find_row(const struct sides *sides, size_t i, size_t from, bool *is_missing)
{
    const struct span *sent = &sides->sent;
    double start_s = sender_time(sides, sides->received.start_s[i]);
    double end_s = sender_time(sides, sides->received.end_s[i]), middle_s = (start_s + end_s) / 2;
    double slack_s = (end_s - start_s) / 4;
    while (from < sent->n && sent->end_s[from] <= middle_s)
        from++;
    if (from == sent->n)
        *is_missing = middle_s > sent->end_s[sent->n - 1] + slack_s;
    else
        *is_missing = middle_s < sent->start_s[from] - slack_s;
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

/* Only the receiver knows delays. Of two intervals in one of the sender's: counts are added, of the rest the greater
 * one counts. */
static void put_delays(struct longhaul_series *sender, size_t row, const struct longhaul_series *receiver, size_t from)
{
#define COLUMN(name, member, key, kind) LONGHAUL_COLUMN_##name,
    static const enum longhaul_column columns[] = { DELAY_MEMBERS(COLUMN) DELAY_OWN_MEMBERS(COLUMN) };
#undef COLUMN
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        double seen = longhaul_series_column(receiver, columns[i])[from];
        double *to = isnan(seen) ? NULL : series_column(sender, columns[i]);
        bool is_count = columns[i] == LONGHAUL_COLUMN_SILENCES || columns[i] == LONGHAUL_COLUMN_LOSS_RUNS;
        if (to)
            to[row] = isnan(to[row]) ? seen : is_count ? to[row] + seen : fmax(to[row], seen);
    }
}

/* If two of the receiver's intervals lie in one of the sender's, the losses are added and the later jitter is used.
 * After the last packet that arrived nothing tells what was lost: then it is unknown, not 0. */
static void put(struct longhaul_series *sender, size_t row, const struct longhaul_series *receiver, size_t from,
                bool is_after_last)
{
    double *arrived = series_make_arrived(sender),
           bytes = longhaul_series_column(receiver, LONGHAUL_COLUMN_BYTES)[from];
    if (arrived && !isnan(bytes)) {
        arrived[row] = isnan(arrived[row]) ? bytes : arrived[row] + bytes;
        if (!is_after_last)
            series_mark_seen(sender, row);
    }
    put_order(sender, row, receiver, from);
    put_delays(sender, row, receiver, from);
    double *lost = series_column(sender, LONGHAUL_COLUMN_LOST_PACKETS),
           *jitter = series_column(sender, LONGHAUL_COLUMN_JITTER_MS);
    double more = longhaul_series_column(receiver, LONGHAUL_COLUMN_LOST_PACKETS)[from];
    if (isnan(more) || (is_after_last && more == 0 && isnan(lost[row]) &&
                        longhaul_series_column(sender, LONGHAUL_COLUMN_PACKETS)[row] > 0))
        return;
    lost[row] = isnan(lost[row]) ? more : lost[row] + more;
    jitter[row] = longhaul_series_column(receiver, LONGHAUL_COLUMN_JITTER_MS)[from];
}

/* The sender's intervals from `from` on whose middle lies in the receiver's interval i: [*first, *end). */
static void rows_within(const struct sides *sides, size_t i, size_t from, size_t *first, size_t *end)
{
    const struct span *sent = &sides->sent;
    double start_s = sender_time(sides, sides->received.start_s[i]);
    double end_s = sender_time(sides, sides->received.end_s[i]);
    while (from > 0 && (sent->start_s[from - 1] + sent->end_s[from - 1]) / 2 > start_s)
        from--;
    while (from < sent->n && (sent->start_s[from] + sent->end_s[from]) / 2 <= start_s)
        from++;
    *first = *end = from;
    while (*end < sent->n && (sent->start_s[*end] + sent->end_s[*end]) / 2 <= end_s)
        ++*end;
}

/* A receiver that stood still for a while, as a stopped process, counts that time in one long interval. What arrived
 * then is what came first, until its buffers were full; in the rest of the interval nothing did. */
static bool put_long(struct longhaul_series *sender, const struct sides *sides, size_t first_row,
                     const struct longhaul_series *receiver, size_t from, size_t i, size_t row)
{
    size_t first, end;
    double *arrived = series_make_arrived(sender), *lost = series_column(sender, LONGHAUL_COLUMN_LOST_PACKETS);
    const double *sent = longhaul_series_column(sender, LONGHAUL_COLUMN_BYTES);
    double bytes = longhaul_series_column(receiver, LONGHAUL_COLUMN_BYTES)[from];
    double count = longhaul_series_column(receiver, LONGHAUL_COLUMN_LOST_PACKETS)[from];
    if (arrived == NULL || lost == NULL || isnan(bytes) || isnan(count) || i > sides->received.last)
        return false;
    rows_within(sides, i, row, &first, &end);
    if (end < first + LEAST_LONG)
        return false;
    for (size_t k = first; k < end; k++) {
        double its = sent[first_row + k] > 0 ? fmin(sent[first_row + k], bytes) : 0;
        if (k + 1 == end)
            its = bytes; /* what is more than was sent: it was counted late */
        arrived[first_row + k] = isnan(arrived[first_row + k]) ? its : arrived[first_row + k] + its;
        lost[first_row + k] = (isnan(lost[first_row + k]) ? 0 : lost[first_row + k]) + (k == first ? count : 0);
        bytes -= its;
    }
    series_mark_seen(sender, first_row + first);
    put_order(sender, first_row + first, receiver, from);
    return true;
}

/* Intervals of the receiver's that lie in none of the sender's, whose process died or whose disk was full: `from` in
 * the receiver's session, before `at` in the sender's. */
struct missing {
    size_t *from, *at;
    size_t n;
};

static bool keep_missing(struct missing *missing, size_t from, size_t at, size_t most)
{
    if (missing->from == NULL && (missing->from = malloc(2 * most * sizeof *missing->from)) != NULL)
        missing->at = missing->from + most;
    if (missing->from == NULL)
        return false;
    missing->from[missing->n] = from;
    missing->at[missing->n++] = at;
    return true;
}

/* The share of the receiver's last interval with data in which it came: the session broke in it. By its packets (for
 * TCP, bytes), compared with the intervals before. */
static double share_of_last(const struct span *received)
{
    const double *counts = isnan(received->packets[received->last]) ? received->bytes : received->packets;
    double before = 0;
    for (size_t i = 0; i < received->last; i++)
        before += isnan(counts[i]) ? 0 : counts[i];
    double usual = before / (double)received->last;
    return usual > 0 ? fmin(counts[received->last] / usual, 1) : 1;
}

/* What was sent in such an interval is known as far as sequence numbers tell, its bytes are not. */
static void fill_missing(struct longhaul_series *sender, size_t row, const struct sides *sides, size_t from)
{
    const struct span *received = &sides->received;
    double start_s = sender_time(sides, received->start_s[from]), end_s = sender_time(sides, received->end_s[from]);
    if (from == received->last)
        end_s = start_s + (end_s - start_s) * share_of_last(received);
    series_column(sender, LONGHAUL_COLUMN_START_S)[row] = start_s;
    series_column(sender, LONGHAUL_COLUMN_END_S)[row] = end_s;
    series_column(sender, LONGHAUL_COLUMN_SECONDS)[row] = end_s - start_s;
    double *packets = series_column(sender, LONGHAUL_COLUMN_PACKETS);
    if (packets)
        packets[row] = received->packets[from];
}

/* Adds the missing intervals to session number `session`, in which they are the receiver's. */
static void insert_missing(struct longhaul_series *sender, size_t session, const struct sides *sides,
                           const struct longhaul_series *receiver, const struct series_session *r,
                           struct missing *missing)
{
    size_t n_sessions, first = series_sessions(sender, &n_sessions)[session].first;
    for (size_t i = 0; i < missing->n; i++)
        missing->at[i] += first;
    if (missing->n == 0 || !series_insert(sender, session, missing->at, missing->n))
        return;
    /* The sender's columns have moved: `sides` is still right about the receiver's, and about the start. */
    struct sides now = *sides;
    now.sent.start_s = longhaul_series_column(sender, LONGHAUL_COLUMN_START_S) + first;
    for (size_t i = 0; i < missing->n; i++) {
        size_t row = missing->at[i] + i;
        fill_missing(sender, row, &now, missing->from[i]);
        put(sender, row, receiver, r->first + missing->from[i], false);
    }
}

/* session: the number of s among the sender's sessions, to which missing intervals are added; -1: none are added. */
static void join_session(struct longhaul_series *sender, const struct series_session *s, long session,
                         const struct longhaul_series *receiver, const struct series_session *r)
{
    struct sides sides = sides_of(span_of(sender, s), span_of(receiver, r));
    const struct span *received = &sides.received;
    struct missing missing = { NULL, NULL, 0 };
    size_t row = 0;
    for (size_t i = 0; i < r->n; i++) {
        bool is_missing = false;
        row = sides.is_alike ? i : find_row(&sides, i, row, &is_missing);
        if (is_missing && received->bytes[i] == 0)
            continue; /* nothing was sent, as far as is known, and nothing arrived */
        if (is_missing && session >= 0 && keep_missing(&missing, i, row, r->n))
            continue;
        size_t to = row < s->n ? row : s->n - 1;
        if (!sides.is_alike && put_long(sender, &sides, s->first, receiver, r->first + i, i, to))
            continue;
        bool is_after_last = received->last == received->n || i > received->last;
        put(sender, s->first + to, receiver, r->first + i, is_after_last);
    }
    if (session >= 0)
        insert_missing(sender, (size_t)session, &sides, receiver, r, &missing);
    free(missing.from);
}

/* Packets of an interval of which nobody has said yet whether they arrived; below 0 if more are lost than were sent. */
static double unaccounted(const struct longhaul_series *sender, size_t i)
{
    double packets = longhaul_series_column(sender, LONGHAUL_COLUMN_PACKETS)[i];
    double bytes = longhaul_series_column(sender, LONGHAUL_COLUMN_BYTES)[i], arrived = series_arrived(sender)[i];
    double lost = longhaul_series_column(sender, LONGHAUL_COLUMN_LOST_PACKETS)[i];
    return packets - lost - (bytes > 0 && !isnan(arrived) ? arrived / (bytes / packets) : 0);
}

/* Interval i lost more than was sent in it: the rest is of the intervals before `end`, in which packets are unaccounted
 * for. What waited in a buffer meanwhile came late, and is not lost. */
static void take_back(const struct longhaul_series *sender, double *lost, size_t begin, size_t end, size_t i)
{
    for (size_t k = end; k-- > begin && lost[i] > 0;) {
        double room = floor(unaccounted(sender, k)), over = floor(-unaccounted(sender, i));
        if (!(room > 0 && over > 0)) /* NAN, too */
            return;
        double its = fmin(fmin(room, over), lost[i]);
        lost[k] += its;
        lost[i] -= its;
    }
}

/* Sequence numbers show the losses of a silence only after it: in the next interval, which then lost more than was sent
 * in it. Each silent interval gets its share, according to what was sent in it, and the interval in which the silence
 * began what is left. The sum is unchanged. */
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
        if (first < i || lost[i] > packets[i])
            take_back(sender, lost, s->first, first, i);
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

static bool has_known(const double *values, size_t n)
{
    size_t i = 0;
    while (i < n && isnan(values[i]))
        i++;
    return i < n;
}

/* A sender whose sessions broke off was never told what arrived. */
static void take_end(struct longhaul_series *sender, const struct longhaul_series *receiver)
{
    struct longhaul_info *info = series_info(sender);
    const double *lost = longhaul_series_column(sender, LONGHAUL_COLUMN_LOST_PACKETS);
    size_t n = longhaul_series_length(sender);
    if (!isnan(info->end_lost_packets) || isnan(info->end_packets) || !has_known(lost, n))
        return;
    info->end_lost_packets = sum(lost, n);
    info->end_lost_percent = info->end_packets > 0 ? 100 * info->end_lost_packets / info->end_packets : 0;
    info->end_jitter_ms = longhaul_series_info(receiver)->end_jitter_ms;
}

/* What the receiver knows of a session's delays and flows, on the sender's axis; *used says how much of that has been
 * used. Nothing is used twice: sessions of a file that was not made by longhaul may share cookies and times. */
struct used {
    size_t delays, flows;
};

static void join_details(struct longhaul_series *sender, const struct series_session *s,
                         const struct longhaul_series *receiver, const struct series_session *r, struct used *used)
{
    const double *start_s = longhaul_series_column(receiver, LONGHAUL_COLUMN_START_S),
                 *end_s = longhaul_series_column(receiver, LONGHAUL_COLUMN_END_S);
    if (s->n == 0 || r->n == 0)
        return;
    double from_s = start_s[r->first], until_s = end_s[r->first + r->n - 1],
           shift_s = longhaul_series_column(sender, LONGHAUL_COLUMN_START_S)[s->first] - from_s;
    series_add_delays(sender, receiver, &used->delays, from_s, until_s, shift_s);
    series_add_flows(sender, receiver, &used->flows, from_s, until_s, shift_s);
}

void join_whole(struct longhaul_series *sender, const struct longhaul_series *receiver)
{
    struct series_session sent = { .n = longhaul_series_length(sender) },
                          received = { .n = longhaul_series_length(receiver) };
    struct used used = { 0, 0 };
    if (series_column(sender, LONGHAUL_COLUMN_LOST_PACKETS) == NULL ||
        series_column(sender, LONGHAUL_COLUMN_JITTER_MS) == NULL)
        return; /* out of memory for what would be joined */
    join_session(sender, &sent, -1, receiver, &received);
    join_details(sender, &sent, receiver, &received, &used);
    series_set_flow_sums(sender, receiver);
    spread_losses(sender, &sent);
}

/* Joins session i of the sender with one of the receiver's; returns true if it got intervals that it lacked. */
static bool join_pair(struct longhaul_series *sender, size_t i, const struct longhaul_series *receiver,
                      const struct series_session *r, bool may_insert, struct used *used)
{
    size_t n;
    struct series_session s = series_sessions(sender, &n)[i];
    join_session(sender, &s, may_insert ? (long)i : -1, receiver, r);
    join_details(sender, &s, receiver, r, used);
    spread_losses(sender, &series_sessions(sender, &n)[i]);
    return series_sessions(sender, &n)[i].n > s.n;
}

/* The sum of what a sender's intervals sent, where its total is that sum; else NAN. */
static double sent_by_rows(const struct longhaul_series *sender)
{
    double packets = sum(longhaul_series_column(sender, LONGHAUL_COLUMN_PACKETS), longhaul_series_length(sender));
    return packets == longhaul_series_info(sender)->end_packets ? packets : NAN;
}

/* Returns how many sessions were joined. */
static size_t join_sessions(struct longhaul_series *sender, const struct longhaul_series *receiver)
{
    size_t n_sender, n_receiver, n_joined = 0, n_longer = 0;
    struct used used = { 0, 0 };
    const struct series_session *s = series_sessions(sender, &n_sender), *r = series_sessions(receiver, &n_receiver);
    const struct series_session **sorted = session_list_sort(r, n_receiver);
    for (size_t i = 0; sorted && i < n_sender; i++) {
        const struct series_session *its =
            s[i].cookie[0] && s[i].n > 0 ? session_list_find(sorted, n_receiver, s[i].cookie) : NULL;
        if (its)
            n_longer += join_pair(sender, i, receiver, its, n_longer < MOST_LONGER, &used);
        n_joined += its != NULL;
    }
    free(sorted);
    return n_joined;
}

size_t join_receiver(struct longhaul_series *sender, const struct longhaul_series *receiver)
{
    size_t n_sender;
    double by_rows = sent_by_rows(sender);
    if (series_column(sender, LONGHAUL_COLUMN_LOST_PACKETS) == NULL ||
        series_column(sender, LONGHAUL_COLUMN_JITTER_MS) == NULL)
        return 0; /* out of memory for what would be joined */
    size_t n_joined = join_sessions(sender, receiver);
    if (n_joined == 0)
        return 0;
    series_sessions(sender, &n_sender);
    if (!isnan(by_rows)) /* intervals may have been added */
        series_info(sender)->end_packets =
            sum(longhaul_series_column(sender, LONGHAUL_COLUMN_PACKETS), longhaul_series_length(sender));
    if (n_joined == n_sender)
        take_end(sender, receiver);
    series_set_flow_sums(sender, receiver);
    if (longhaul_series_host_drops(receiver))
        series_set_receiver_drops(sender, longhaul_series_host_drops(receiver));
    series_info(sender)->has_receiver_record = true;
    series_settle_gaps(sender);
    return n_joined;
}
