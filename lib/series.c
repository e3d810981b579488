/* series.c - columns of intervals, and what a document says beside them. Knows the objects of iperf3's documents and of
 * longhaul's; knows nothing of files. Refuses nothing: what an object does not have stays NAN or "". */

#include "series.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "leg.h"
#include "stats.h"

#define LABEL_SIZE 64
#define US_PER_S 1e6

/* What the sessions of a journal say at their ends, added up. */
struct sessions {
    size_t n_started;
    size_t n_ended;  /* with figures of the receiver's */
    double lost_packets;
    double packets;
    double jitter_ms;
};

/* The sums of one direction in a document's "end". */
struct end_figures {
    double seconds, bits_per_second, jitter_ms, lost_packets, packets, lost_percent;
    double sent_packets, sent_bytes, received_packets, received_bytes;
};

struct longhaul_series {
    struct longhaul_info info; /* points into this struct */
    char *path;
    char source[LABEL_SIZE];
    char destination[LABEL_SIZE];
    char version[64];
    char protocol[16];
    char error[256];
    char local[LABEL_SIZE]; /* addresses of connected[0] */
    char remote[LABEL_SIZE];
    char cookie[64];
    bool has_start;
    bool is_reverse;
    bool is_server;      /* wrote the file */
    bool knows_sender;   /* the summaries of the intervals say who sends */
    bool with_omitted;
    struct sessions sessions;
    struct series_session *session; /* of longhaul's own records */
    size_t n_sessions;
    struct end_figures reverse_end;
    struct longhaul_series *reverse; /* the other direction of a bidirectional test, until series_finish() */
    double *column[LONGHAUL_N_COLUMNS];
    size_t length;
    size_t capacity;
};

static const struct end_figures no_figures = { NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN };

static void set_end(struct longhaul_info *info, const struct end_figures *end)
{
    info->end_seconds = end->seconds;
    info->end_bits_per_second = end->bits_per_second;
    info->end_jitter_ms = end->jitter_ms;
    info->end_lost_packets = end->lost_packets;
    info->end_packets = end->packets;
    info->end_lost_percent = end->lost_percent;
    info->end_sent_packets = end->sent_packets;
    info->end_sent_bytes = end->sent_bytes;
    info->end_received_packets = end->received_packets;
    info->end_received_bytes = end->received_bytes;
}

struct longhaul_series *series_new(const char *path, bool with_omitted)
{
    struct longhaul_series *s = calloc(1, sizeof *s);
    if (s == NULL || (s->path = strdup(path)) == NULL) {
        free(s);
        return NULL;
    }
    s->with_omitted = with_omitted;
    s->info = (struct longhaul_info){
        .path = s->path, .source = s->source, .destination = s->destination, .version = s->version,
        .protocol = s->protocol, .error = s->error, .start_unix_s = NAN, .planned_s = NAN, .target_bps = NAN,
        .datagram_bytes = NAN, .n_streams = NAN, .is_sender = true };
    set_end(&s->info, &no_figures);
    s->reverse_end = no_figures;
    return s;
}

void longhaul_series_free(struct longhaul_series *series)
{
    if (series == NULL)
        return;
    for (int i = 0; i < LONGHAUL_N_COLUMNS; i++)
        free(series->column[i]);
    free(series->session);
    longhaul_series_free(series->reverse);
    free(series->path);
    free(series);
}

const struct longhaul_info *longhaul_series_info(const struct longhaul_series *series)
{
    return &series->info;
}

size_t longhaul_series_length(const struct longhaul_series *series)
{
    return series->length;
}

const double *longhaul_series_column(const struct longhaul_series *series, enum longhaul_column column)
{
    return (int)column >= 0 && column < LONGHAUL_N_COLUMNS ? series->column[column] : NULL;
}

const char *series_cookie(const struct longhaul_series *series)
{
    return series->cookie;
}

bool series_has_start(const struct longhaul_series *series)
{
    return series->has_start;
}

/* ---- members of objects */

static double number_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

/* NAN for 0, where 0 means that there is none. */
static double positive_of(const json_t *object, const char *key)
{
    double value = number_of(object, key);
    return value > 0 ? value : NAN;
}

static bool is_set(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_true(value) || (json_is_number(value) && json_number_value(value) != 0);
}

/* Copies a string on one line, cut to size. */
static void copy_text(char *out, size_t size, const json_t *value)
{
    snprintf(out, size, "%s", json_is_string(value) ? json_string_value(value) : "");
    for (char *p = out; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 127)
            *p = ' ';
}

/* Copies a host name or an address: what else a file may hold there must not reach names, tables and scripts. */
static void copy_host(char *out, size_t size, const json_t *value)
{
    copy_text(out, size, value);
    for (char *p = out; *p; p++)
        if (!isalnum((unsigned char)*p) && !strchr("._:%-", *p))
            *p = '_';
}

static void copy_code(char *out, size_t size, const json_t *value)
{
    if (json_is_string(value) && leg_code_is_valid(json_string_value(value)))
        snprintf(out, size, "%s", json_string_value(value));
}

/* ---- start */

void series_add_session(struct longhaul_series *s, const struct series_session *session)
{
    struct series_session *grown = realloc(s->session, (s->n_sessions + 1) * sizeof *grown);
    if (grown == NULL)
        return;
    s->session = grown;
    grown[s->n_sessions++] = *session;
}

static void add_cookie(struct longhaul_series *s, const json_t *cookie, size_t first, size_t n)
{
    struct series_session session = { .first = first, .n = n };
    copy_text(session.cookie, sizeof session.cookie, cookie);
    series_add_session(s, &session);
}

/* A result's list of segments; a journal's sessions are known by their starts. */
static void take_segments(struct longhaul_series *s, const json_t *segments)
{
    size_t i;
    json_t *segment;
    if (json_is_array(segments))
        s->n_sessions = 0;
    json_array_foreach(segments, i, segment) {
        double first = number_of(segment, "first_interval"), last = number_of(segment, "last_interval");
        if (first >= 0 && last >= first && last < (double)s->length)
            add_cookie(s, json_object_get(segment, "cookie"), (size_t)first, (size_t)(last - first) + 1);
    }
}

const struct series_session *series_sessions(const struct longhaul_series *s, size_t *n)
{
    *n = s->n_sessions;
    return s->session;
}

struct longhaul_info *series_info(struct longhaul_series *s)
{
    return &s->info;
}

double *series_column(struct longhaul_series *s, enum longhaul_column column)
{
    return s->column[column];
}

void series_take_start(struct longhaul_series *s, json_t *start)
{
    const json_t *test = json_object_get(start, "test_start");
    const json_t *connected = json_array_get(json_object_get(start, "connected"), 0);
    s->sessions.n_started++;
    if (s->info.is_journal)
        add_cookie(s, json_object_get(start, "cookie"), s->length, 0);
    if (s->has_start && s->info.is_journal)
        return;
    s->has_start = true;
    copy_text(s->version, sizeof s->version, json_object_get(start, "version"));
    copy_text(s->protocol, sizeof s->protocol, json_object_get(test, "protocol"));
    copy_host(s->local, sizeof s->local, json_object_get(connected, "local_host"));
    copy_host(s->remote, sizeof s->remote, json_object_get(connected, "remote_host"));
    copy_text(s->cookie, sizeof s->cookie, json_object_get(start, "cookie"));
    s->is_reverse = is_set(test, "reverse");
    s->is_server = json_object_get(start, "accepted_connection") != NULL;
    if (isnan(s->info.start_unix_s))
        s->info.start_unix_s = number_of(json_object_get(start, "timestamp"), "timesecs");
    if (isnan(s->info.planned_s))
        s->info.planned_s = positive_of(test, "duration");
    if (isnan(s->info.target_bps))
        s->info.target_bps = positive_of(test, "target_bitrate");
    s->info.datagram_bytes = positive_of(test, "blksize");
    s->info.n_streams = positive_of(test, "num_streams");
}

void series_take_longhaul(struct longhaul_series *s, json_t *longhaul, bool is_journal)
{
    double start_us = number_of(longhaul, "start_unix_us");
    double planned_s = positive_of(longhaul, "duration_s");
    double rate_bps = positive_of(longhaul, "rate_bps");
    s->info.is_journal = is_journal;
    copy_code(s->source, sizeof s->source, json_object_get(longhaul, "source"));
    copy_code(s->destination, sizeof s->destination, json_object_get(longhaul, "destination"));
    if (!isnan(start_us))
        s->info.start_unix_s = start_us / US_PER_S;
    if (!isnan(planned_s))
        s->info.planned_s = planned_s; /* of the leg; a later session's test_start has what was left of it */
    if (!isnan(rate_bps))
        s->info.target_bps = rate_bps;
    take_segments(s, json_object_get(longhaul, "segments"));
}

void series_take_error(struct longhaul_series *s, json_t *error)
{
    copy_text(s->error, sizeof s->error, error);
}

/* ---- intervals */

static bool make_room(struct longhaul_series *s)
{
    if (s->length < s->capacity)
        return true;
    size_t capacity = s->capacity ? 2 * s->capacity : 64;
    for (int i = 0; i < LONGHAUL_N_COLUMNS; i++) {
        double *grown = realloc(s->column[i], capacity * sizeof *grown);
        if (grown == NULL)
            return false;
        s->column[i] = grown;
    }
    s->capacity = capacity;
    return true;
}

static const struct series_source sources[LONGHAUL_N_COLUMNS] = {
    [LONGHAUL_START_S] = { SERIES_SUMMARY, "start", 1 },
    [LONGHAUL_END_S] = { SERIES_SUMMARY, "end", 1 },
    [LONGHAUL_SECONDS] = { SERIES_SUMMARY, "seconds", 1 },
    [LONGHAUL_BYTES] = { SERIES_SUMMARY, "bytes", 1 },
    [LONGHAUL_BITS_PER_SECOND] = { SERIES_SUMMARY, "bits_per_second", 1 },
    [LONGHAUL_PACKETS] = { SERIES_SUMMARY, "packets", 1 },
    [LONGHAUL_LOST_PACKETS] = { SERIES_SUMMARY, "lost_packets", 1 },
    [LONGHAUL_JITTER_MS] = { SERIES_SUMMARY, "jitter_ms", 1 },
    [LONGHAUL_WALL_UNIX_S] = { SERIES_OWN, "unix_us", US_PER_S },
    [LONGHAUL_MONOTONIC_S] = { SERIES_OWN, "monotonic_us", US_PER_S },
};

const struct series_source *series_source(enum longhaul_column column)
{
    return &sources[column];
}

/* An interval's summary: "sum", unless it is missing or empty, else the first stream. */
static const json_t *summary_of(const json_t *interval)
{
    const json_t *sum = json_object_get(interval, "sum");
    if (json_object_size(sum) > 0)
        return sum;
    return json_array_get(json_object_get(interval, "streams"), 0);
}

/* From the objects of one direction, by enum series_place; NULL for what there is not. */
static bool decode_row(const json_t *const objects[], struct series_row *row)
{
    const json_t *summary = objects[SERIES_SUMMARY], *sender = json_object_get(summary, "sender");
    if (!json_is_number(json_object_get(summary, sources[LONGHAUL_BITS_PER_SECOND].key)))
        return false;
    for (int i = 0; i < LONGHAUL_N_COLUMNS; i++)
        row->value[i] = number_of(objects[sources[i].place], sources[i].key);
    row->is_omitted = is_set(summary, "omitted");
    row->has_sender = json_is_boolean(sender);
    row->is_sender = json_is_true(sender);
    return true;
}

bool series_decode(const json_t *interval, struct series_interval *out)
{
    const json_t *forward[] = { [SERIES_SUMMARY] = summary_of(interval),
                                [SERIES_STREAM] = json_array_get(json_object_get(interval, "streams"), 0),
                                [SERIES_OWN] = json_object_get(interval, "longhaul") };
    const json_t *reverse[] = { [SERIES_SUMMARY] = json_object_get(interval, "sum_bidir_reverse"), [SERIES_OWN] = NULL };
    out->has_reverse = decode_row(reverse, &out->reverse);
    return decode_row(forward, &out->forward);
}

static enum series_added add_row(struct longhaul_series *s, const struct series_row *row)
{
    if (row->is_omitted && !s->with_omitted)
        return SERIES_OMITTED;
    if (!make_room(s))
        return SERIES_NO_MEMORY;
    for (int i = 0; i < LONGHAUL_N_COLUMNS; i++)
        s->column[i][s->length] = row->value[i] / sources[i].per;
    s->length++;
    if (row->has_sender && !s->knows_sender) {
        s->info.is_sender = row->is_sender;
        s->knows_sender = true;
    }
    return SERIES_ADDED;
}

void series_last_row(const struct longhaul_series *s, size_t test, double values[LONGHAUL_N_COLUMNS], struct longhaul_row *row)
{
    *row = (struct longhaul_row){ .info = &s->info, .test = test, .index = s->length - 1, .values = values };
    for (int i = 0; i < LONGHAUL_N_COLUMNS; i++)
        values[i] = s->column[i][s->length - 1];
}

static enum series_added add_reverse(struct longhaul_series *s, const struct series_interval *interval)
{
    struct series_row row = interval->reverse;
    if (s->reverse == NULL && (s->reverse = series_new(s->path, s->with_omitted)) == NULL)
        return SERIES_NO_MEMORY;
    s->reverse->info.start_unix_s = s->info.start_unix_s;
    for (int i = 0; i < LONGHAUL_N_COLUMNS; i++)
        if (sources[i].place == SERIES_OWN)
            row.value[i] = interval->forward.value[i];
    return add_row(s->reverse, &row);
}

enum series_added series_add(struct longhaul_series *s, const struct series_interval *interval)
{
    if (interval->has_reverse && add_reverse(s, interval) == SERIES_NO_MEMORY)
        return SERIES_NO_MEMORY;
    return add_row(s, &interval->forward);
}

const struct longhaul_series *series_reverse(const struct longhaul_series *s)
{
    return s->reverse;
}

void series_clear_intervals(struct longhaul_series *s)
{
    s->length = 0;
    s->knows_sender = false;
    longhaul_series_free(s->reverse);
    s->reverse = NULL;
}

/* ---- end */

/* A session of a journal ended: its receiver's figures, when it has them, go into the sum over sessions. */
static void add_session(struct sessions *all, const struct end_figures *end)
{
    if (isnan(end->lost_packets) || isnan(end->packets))
        return;
    all->n_ended++;
    all->lost_packets += end->lost_packets;
    all->packets += end->packets;
    all->jitter_ms = end->jitter_ms;
}

static const json_t *sum_of(const json_t *end, const char *name, const char *direction)
{
    char key[64];
    snprintf(key, sizeof key, "%s%s", name, direction);
    return json_object_get(end, key);
}

/* direction is "" or "_bidir_reverse". */
static struct end_figures end_of(const json_t *end, const char *direction)
{
    const json_t *sum = sum_of(end, "sum", direction), *sent = sum_of(end, "sum_sent", direction);
    const json_t *received = sum_of(end, "sum_received", direction);
    return (struct end_figures){ .seconds = number_of(sum, "seconds"), .bits_per_second = number_of(sum, "bits_per_second"),
                                 .jitter_ms = number_of(sum, "jitter_ms"), .lost_packets = number_of(sum, "lost_packets"),
                                 .packets = number_of(sum, "packets"), .lost_percent = number_of(sum, "lost_percent"),
                                 .sent_packets = number_of(sent, "packets"), .sent_bytes = number_of(sent, "bytes"),
                                 .received_packets = number_of(received, "packets"), .received_bytes = number_of(received, "bytes") };
}

void series_take_end(struct longhaul_series *s, json_t *end)
{
    struct end_figures figures = end_of(end, "");
    if (s->info.is_journal) {
        add_session(&s->sessions, &figures);
        return;
    }
    s->info.is_complete = json_object_size(end) > 0;
    set_end(&s->info, &figures);
    s->reverse_end = end_of(end, "_bidir_reverse");
}

/* Losses of a journal's intervals, when every one of them knows its own. */
static bool intervals_know_loss(const struct longhaul_series *s)
{
    for (size_t i = 0; i < s->length; i++)
        if (isnan(s->column[LONGHAUL_LOST_PACKETS][i]) || isnan(s->column[LONGHAUL_PACKETS][i]))
            return false;
    return s->length > 0;
}

/* A journal has no end of the whole: it comes to what its sessions say, or its intervals; else it is not known. */
static void sum_up_journal(struct longhaul_series *s)
{
    struct longhaul_info *info = &s->info;
    if (s->length == 0)
        return;
    info->end_seconds = s->column[LONGHAUL_END_S][s->length - 1];
    info->end_bits_per_second = 8 * stats_sum(s->column[LONGHAUL_BYTES], s->length) / info->end_seconds;
    if (intervals_know_loss(s)) {
        info->end_lost_packets = stats_sum(s->column[LONGHAUL_LOST_PACKETS], s->length);
        info->end_packets = stats_sum(s->column[LONGHAUL_PACKETS], s->length);
        info->end_jitter_ms = s->column[LONGHAUL_JITTER_MS][s->length - 1];
    } else if (s->sessions.n_ended > 0 && s->sessions.n_ended == s->sessions.n_started) {
        info->end_lost_packets = s->sessions.lost_packets;
        info->end_packets = s->sessions.packets;
        info->end_jitter_ms = s->sessions.jitter_ms;
    }
    if (info->end_packets > 0)
        info->end_lost_percent = 100 * info->end_lost_packets / info->end_packets;
}

/* ---- labels */

/* Sender to receiver; connected[0] is as the writer of the file sees it. */
static void label_by_address(struct longhaul_series *s)
{
    snprintf(s->source, LABEL_SIZE, "%s", s->info.is_sender ? s->local : s->remote);
    snprintf(s->destination, LABEL_SIZE, "%s", s->info.is_sender ? s->remote : s->local);
}

static void settle_labels(struct longhaul_series *s)
{
    struct longhaul_name name;
    if (s->source[0] && s->destination[0])
        return;
    if (longhaul_name_parse(s->path, &name, NULL) == 0) {
        snprintf(s->source, LABEL_SIZE, "%s", name.source);
        snprintf(s->destination, LABEL_SIZE, "%s", name.destination);
    } else {
        label_by_address(s);
    }
}

/* The other direction: the same test, from the other site. */
static struct longhaul_series *split_reverse(struct longhaul_series *s)
{
    struct longhaul_series *r = s->reverse;
    if (r == NULL)
        return NULL;
    bool is_sender = r->knows_sender ? r->info.is_sender : !s->info.is_sender;
    s->reverse = NULL;
    memcpy(r->source, s->destination, LABEL_SIZE);
    memcpy(r->destination, s->source, LABEL_SIZE);
    memcpy(r->version, s->version, sizeof r->version);
    memcpy(r->protocol, s->protocol, sizeof r->protocol);
    memcpy(r->error, s->error, sizeof r->error);
    r->info.start_unix_s = s->info.start_unix_s;
    r->info.planned_s = s->info.planned_s;
    r->info.target_bps = s->info.target_bps;
    r->info.datagram_bytes = s->info.datagram_bytes;
    r->info.n_streams = s->info.n_streams;
    r->info.is_sender = is_sender;
    r->info.is_complete = s->info.is_complete;
    r->info.is_journal = s->info.is_journal;
    r->info.is_other_direction = true;
    set_end(&r->info, &s->reverse_end);
    if (r->info.is_journal)
        sum_up_journal(r);
    return r;
}

/* Gives back the room for intervals that did not come. */
static void trim(struct longhaul_series *s)
{
    for (int i = 0; s->length > 0 && i < LONGHAUL_N_COLUMNS; i++) {
        double *smaller = realloc(s->column[i], s->length * sizeof *smaller);
        if (smaller)
            s->column[i] = smaller;
    }
    s->capacity = s->length;
}

struct longhaul_series *series_finish(struct longhaul_series *s)
{
    if (!s->knows_sender)
        s->info.is_sender = s->is_server == s->is_reverse; /* a client sends, unless it is reversed */
    settle_labels(s);
    for (size_t i = 0; s->info.is_journal && i < s->n_sessions; i++)
        s->session[i].n = (i + 1 < s->n_sessions ? s->session[i + 1].first : s->length) - s->session[i].first;
    if (s->info.is_journal)
        sum_up_journal(s);
    trim(s);
    return split_reverse(s);
}

/* ---- from the cache */

struct longhaul_series *series_restore(const struct longhaul_info *info, size_t length)
{
    struct longhaul_series *s = series_new(info->path, false);
    if (s == NULL)
        return NULL;
    struct longhaul_info own = s->info;
    snprintf(s->source, sizeof s->source, "%s", info->source);
    snprintf(s->destination, sizeof s->destination, "%s", info->destination);
    snprintf(s->version, sizeof s->version, "%s", info->version);
    snprintf(s->protocol, sizeof s->protocol, "%s", info->protocol);
    snprintf(s->error, sizeof s->error, "%s", info->error);
    s->info = *info;
    s->info.path = own.path;
    s->info.source = own.source;
    s->info.destination = own.destination;
    s->info.version = own.version;
    s->info.protocol = own.protocol;
    s->info.error = own.error;
    for (int i = 0; i < LONGHAUL_N_COLUMNS; i++)
        if ((s->column[i] = malloc((length ? length : 1) * sizeof(double))) == NULL) {
            longhaul_series_free(s);
            return NULL;
        }
    s->length = s->capacity = length;
    return s;
}
