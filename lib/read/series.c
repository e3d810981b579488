/* series.c - columns of intervals. Knows from where in an interval each column comes; knows nothing of files.
 * series_document.c takes the rest of a document. */

#include "read/series.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/tcp_members.h"
#include "model/delay.h"
#include "read/series_inside.h"

#define FIRST_OF_DELAY LONGHAUL_COLUMN_BASE_US
#define FIRST_OF_TCP LONGHAUL_COLUMN_RETRANSMITS

/* ---- one interval */

static void point_to_texts(struct longhaul_series *s)
{
    s->info.path = s->path;
    s->info.source = s->source;
    s->info.destination = s->destination;
    s->info.version = s->version;
    s->info.protocol = s->protocol;
    s->info.error = s->error;
    s->info.longhaul_version = s->longhaul_version;
    s->info.local_address = s->local_address;
    s->info.remote_address = s->remote_address;
    s->info.congestion = s->congestion;
    s->info.rtt_method = s->rtt_method;
}

bool series_has_failed(const struct longhaul_series *s)
{
    return s->has_failed;
}

struct longhaul_series *series_new(const char *path, bool with_omitted)
{
    struct longhaul_series *s = calloc(1, sizeof *s);
    if (s == NULL || (s->path = strdup(path)) == NULL) {
        free(s);
        return NULL;
    }
    s->with_omitted = with_omitted;
    s->info = (struct longhaul_info){ .start_unix_s = NAN, .planned_s = NAN, .stopped_s = NAN, .target_bps = NAN,
                                      .datagram_bytes = NAN, .n_streams = NAN, .window_bytes = NAN, .n_sessions = 1,
                                      .is_sender = true };
    point_to_texts(s);
    series_forget_end(s);
    return s;
}

void longhaul_series_free(struct longhaul_series *series)
{
    if (series == NULL)
        return;
    for (int i = 0; i < LONGHAUL_N_COLUMNS; i++)
        free(series->column[i]);
    free(series->unknown);
    free(series->session);
    gap_list_free(&series->gaps);
    free(series->rtt);
    series_forget_delays(series);
    series_free_flows(series);
    route_list_free(&series->routes);
    free(series->arrived);
    free(series->seen);
    gap_list_free(&series->unseen);
    longhaul_series_free(series->reverse);
    longhaul_series_free(series->server);
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
    if ((int)column < 0 || column >= LONGHAUL_N_COLUMNS)
        return NULL;
    if (series->column[column] == NULL && column >= FIRST_OF_TCP && !series->has_tcp)
        return NULL;
    return series->column[column] ? series->column[column] : series->unknown;
}

void series_set_server(struct longhaul_series *series, struct longhaul_series *server)
{
    longhaul_series_free(series->server);
    series->server = server;
}

const char *series_cookie(const struct longhaul_series *series)
{
    return series->cookie;
}

bool series_has_start(const struct longhaul_series *series)
{
    return series->has_start;
}

/* ---- sessions and gaps */

void series_add_session(struct longhaul_series *s, const struct series_session *session)
{
    bool is_full = s->n_sessions >= SERIES_SESSIONS_MAX;
    struct series_session *grown = is_full ? NULL : realloc(s->session, (s->n_sessions + 1) * sizeof *grown);
    if (grown == NULL)
        return;
    s->session = grown;
    grown[s->n_sessions++] = *session;
}

const struct series_session *series_sessions(const struct longhaul_series *s, size_t *n)
{
    *n = s->n_sessions;
    return s->session;
}

void series_add_gap(struct longhaul_series *s, const struct longhaul_gap *gap)
{
    if (s->gaps.n < SERIES_GAPS_MAX)
        gap_list_add(&s->gaps, gap);
}

const struct longhaul_gap *longhaul_series_gaps(const struct longhaul_series *s, size_t *n)
{
    *n = s->gaps.n;
    return s->gaps.gaps;
}

struct longhaul_info *series_info(struct longhaul_series *s)
{
    return &s->info;
}

static void fill_unknown(double *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        values[i] = NAN;
}

/* Adds a column for which no earlier interval had a value. */
static bool add_column(struct longhaul_series *s, int column, size_t capacity)
{
    double *values = malloc((capacity ? capacity : 1) * sizeof *values);
    if (values == NULL)
        return false;
    fill_unknown(values, s->length);
    s->column[column] = values;
    s->has_tcp = s->has_tcp || column >= FIRST_OF_TCP;
    s->has_delay = s->has_delay || (column >= FIRST_OF_DELAY && column < FIRST_OF_TCP);
    return true;
}

double *series_column(struct longhaul_series *s, enum longhaul_column column)
{
    if (s->column[column] == NULL)
        add_column(s, (int)column, s->length);
    return s->column[column];
}

/* ---- intervals */

static bool grow(double **values, size_t capacity)
{
    double *grown = realloc(*values, capacity * sizeof *grown);
    if (grown == NULL)
        return false;
    *values = grown;
    return true;
}

static bool make_room(struct longhaul_series *s)
{
    if (s->length < s->capacity)
        return true;
    size_t capacity =
        s->capacity ? 2 * s->capacity : 4; /* small, because the next test cannot use what a short test gives back */
    if (capacity < s->expected)
        capacity = s->expected;
    for (int i = 0; i < LONGHAUL_N_COLUMNS; i++)
        if (s->column[i] && !grow(&s->column[i], capacity))
            return false;
    if (!grow(&s->unknown, capacity)) /* filled when it is needed; there must be room then */
        return false;
    s->capacity = capacity;
    return true;
}

void series_expect(struct longhaul_series *s, size_t length)
{
    s->expected = length;
    if (s->reverse)
        s->reverse->expected = length;
}

static const struct series_source sources[SERIES_N_VALUES] = {
    [LONGHAUL_COLUMN_START_S] = { SERIES_SUMMARY, "start", 1, 0 },
    [LONGHAUL_COLUMN_END_S] = { SERIES_SUMMARY, "end", 1, 0 },
    [LONGHAUL_COLUMN_SECONDS] = { SERIES_SUMMARY, "seconds", 1, 0 },
    [LONGHAUL_COLUMN_BYTES] = { SERIES_SUMMARY, "bytes", 1, 0 },
    [LONGHAUL_COLUMN_BITS_PER_SECOND] = { SERIES_SUMMARY, "bits_per_second", 1, 0 },
    [LONGHAUL_COLUMN_PACKETS] = { SERIES_SUMMARY, "packets", 1, 0 },
    [LONGHAUL_COLUMN_LOST_PACKETS] = { SERIES_SUMMARY, "lost_packets", 1, 0 },
    [LONGHAUL_COLUMN_JITTER_MS] = { SERIES_SUMMARY, "jitter_ms", 1, 0 },
    [LONGHAUL_COLUMN_WALL_UNIX_S] = { SERIES_OWN, "unix_us", US_PER_S, 0 },
    [LONGHAUL_COLUMN_MONOTONIC_S] = { SERIES_OWN, "monotonic_us", US_PER_S, 0 },
    [LONGHAUL_COLUMN_OUT_OF_ORDER_PACKETS] = { SERIES_OWN, "out_of_order", 1, 0 },
    [LONGHAUL_COLUMN_DUPLICATE_PACKETS] = { SERIES_OWN, "duplicates", 1, 0 },
#define OWN_DELAY(name, member, key, kind) [LONGHAUL_COLUMN_##name] = { SERIES_OWN_DELAY, key, 1, 0 },
    DELAY_MEMBERS(OWN_DELAY)
#define OWN(name, member, key, kind) [LONGHAUL_COLUMN_##name] = { SERIES_OWN, key, 1, 0 },
    DELAY_OWN_MEMBERS(OWN)
    [LONGHAUL_COLUMN_RETRANSMITS] = { SERIES_SUMMARY, "retransmits", 1, 0 },
#define OF_STREAMS(column, member, key, per, fold) [column] = { SERIES_STREAMS, key, per, fold },
    STREAM_MEMBERS(OF_STREAMS)
    [SERIES_REORDER_COUNT] = { SERIES_STREAMS, "reorder", 1, STREAM_SUM },
#define OWN_TCP(column, member, sender, receiver) [column] = { SERIES_OWN_TCP, #member, 1, STREAM_SUM },
    TCP_MEMBERS(OWN_TCP)
};

const struct series_source *series_source(uint32_t value)
{
    return &sources[value];
}

/* Decodes the objects of one direction, by enum series_place; NULL for missing ones. */
static bool decode_row(const json_t *const objects[], struct series_row *row)
{
    const json_t *summary = objects[SERIES_SUMMARY], *sender = json_object_get(summary, "sender");
    bool is_kept =
        json_is_array(json_object_get(objects[SERIES_OWN], "unreadable")); /* longhaul's, whatever it contains */
    if (!is_kept && !json_is_number(json_object_get(summary, sources[LONGHAUL_COLUMN_BITS_PER_SECOND].key)))
        return false;
    row->has_tcp = row->has_delay = false;
    for (int i = 0; i < SERIES_N_VALUES; i++) {
        row->value[i] = sources[i].place == SERIES_STREAMS ? NAN : number_of(objects[sources[i].place], sources[i].key);
        row->has_tcp = row->has_tcp || (i >= FIRST_OF_TCP && !isnan(row->value[i]));
        row->has_delay = row->has_delay || (i >= FIRST_OF_DELAY && i < FIRST_OF_TCP && !isnan(row->value[i]));
    }
    memset(row->n_streams, 0, sizeof row->n_streams);
    json_t *flows = json_object_get(objects[SERIES_OWN], "flows");
    row->flows = json_string_value(flows);
    row->n_flows = json_string_length(flows);
    row->is_omitted = is_set(summary, "omitted");
    row->has_sender = json_is_boolean(sender);
    row->is_sender = json_is_true(sender);
    return true;
}

static void decode_streams(const json_t *streams, struct series_row *row)
{
    size_t k;
    json_t *stream;
    json_array_foreach(streams, k, stream) {
        for (int i = FIRST_OF_TCP; i < SERIES_N_VALUES; i++) {
            double value = sources[i].place == SERIES_STREAMS ? number_of(stream, sources[i].key) : NAN;
            if (isnan(value))
                continue;
            row->value[i] = stream_fold(sources[i].fold, row->value[i], value);
            row->n_streams[i]++;
            row->has_tcp = true;
        }
    }
}

struct series_row *series_sending_row(struct series_interval *interval)
{
    bool is_reverse = interval->has_reverse && interval->reverse.is_sender && !interval->forward.is_sender;
    return is_reverse ? &interval->reverse : &interval->forward;
}

bool series_decode(const json_t *interval, struct series_interval *out)
{
    const json_t *streams = json_object_get(interval, "streams"), *own = json_object_get(interval, "longhaul");
    const json_t *forward[] = { [SERIES_SUMMARY] = interval_sum(interval), [SERIES_STREAM] = json_array_get(streams, 0),
                                [SERIES_OWN] = own, [SERIES_OWN_TCP] = json_object_get(own, "tcp"),
                                [SERIES_OWN_DELAY] = json_object_get(own, "delay_us") };
    const json_t *reverse[] = {
        [SERIES_SUMMARY] = json_object_get(interval, "sum_bidir_reverse"), [SERIES_OWN_DELAY] = NULL
    };
    out->has_reverse = decode_row(reverse, &out->reverse);
    if (!decode_row(forward, &out->forward))
        return false;
    decode_streams(streams, series_sending_row(out));
    return true;
}

/* longhaul's own rows have the reorderings; others have only the growth of libiperf's count, which restarts with each
 * session. */
static double reorderings_of(struct longhaul_series *s, const struct series_row *row)
{
    double count = row->value[SERIES_REORDER_COUNT], before = s->reorder_count;
    if (!isnan(row->value[LONGHAUL_COLUMN_REORDERINGS]) || !(count >= 0))
        return row->value[LONGHAUL_COLUMN_REORDERINGS];
    s->reorder_count = count;
    return count >= before ? count - before : count;
}

/* Sets a value of the row that is being added. */
static inline bool put(struct longhaul_series *s, int column, double value)
{
    if (s->column[column] == NULL) {
        if (isnan(value))
            return true;
        if (!add_column(s, column, s->capacity))
            return false;
    }
    s->column[column][s->length] = value;
    return true;
}

static bool put_tcp(struct longhaul_series *s, const struct series_row *row)
{
    bool good = true;
    for (int i = FIRST_OF_TCP; good && i < LONGHAUL_N_COLUMNS; i++) {
        double value = i == LONGHAUL_COLUMN_REORDERINGS ? reorderings_of(s, row) : row->value[i];
        good = put(s, i, stream_fold_end(sources[i].fold, value, row->n_streams[i], sources[i].per));
    }
    return good;
}

static double delay_in(const struct series_row *row, int column)
{
#define KIND(name, member, key, kind) [LONGHAUL_COLUMN_##name - FIRST_OF_DELAY] = kind,
    static const enum delay_kind kinds[] = { DELAY_MEMBERS(KIND) DELAY_OWN_MEMBERS(KIND) };
#undef KIND
    return delay_known(kinds[column - FIRST_OF_DELAY], row->value[column]);
}

/* A row without silences, or losses in a row, does not have their counts. */
static double known_count(const struct series_row *row, int column)
{
    bool is_count = column == LONGHAUL_COLUMN_SILENCES || column == LONGHAUL_COLUMN_LOSS_RUNS ||
                    column == LONGHAUL_COLUMN_LONGEST_RUN;
    bool is_absent = is_count && isnan(row->value[column]);
    return is_absent && !isnan(delay_in(row, LONGHAUL_COLUMN_DELAY_P50_US)) ? 0 : delay_in(row, column);
}

static bool put_delays(struct longhaul_series *s, const struct series_row *row)
{
    bool good = true;
    for (int i = FIRST_OF_DELAY; good && i < FIRST_OF_TCP; i++)
        good = put(s, i, known_count(row, i));
    return good;
}

static enum series_added add_row(struct longhaul_series *s, const struct series_row *row)
{
    s->info.has_omitted = s->info.has_omitted || row->is_omitted;
    if (row->is_omitted && !s->with_omitted)
        return SERIES_OMITTED;
    if (!make_room(s))
        return SERIES_NO_MEMORY;
    for (int i = 0; i < FIRST_OF_DELAY; i++)
        if (!put(s, i, row->value[i] / sources[i].per))
            return SERIES_NO_MEMORY;
    if ((row->has_delay || s->has_delay) && !put_delays(s, row))
        return SERIES_NO_MEMORY;
    if ((row->has_tcp || s->has_tcp) && !put_tcp(s, row))
        return SERIES_NO_MEMORY;
    s->length++;
    if (row->flows)
        series_add_row_flows(s, row->flows, row->n_flows, row->value[LONGHAUL_COLUMN_START_S],
                             row->value[LONGHAUL_COLUMN_END_S], !isnan(row->value[LONGHAUL_COLUMN_LOST_PACKETS]));
    if (row->has_sender && !s->knows_sender) {
        s->info.is_sender = row->is_sender;
        s->knows_sender = true;
    }
    return SERIES_ADDED;
}

void series_last_row(const struct longhaul_series *s, size_t test, double values[LONGHAUL_N_COLUMNS],
                     struct longhaul_row *row)
{
    *row = (struct longhaul_row){ .info = &s->info, .test = test, .index = s->length - 1, .values = values };
    for (int i = 0; i < LONGHAUL_N_COLUMNS; i++)
        values[i] = s->column[i] ? s->column[i][s->length - 1] : NAN;
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

void series_set_same_keys(struct longhaul_series *s)
{
    s->has_same_keys = true;
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
    for (int i = 0; i < LONGHAUL_N_COLUMNS; i++) {
        free(s->column[i]);
        s->column[i] = NULL;
    }
    s->length = s->capacity = 0;
    s->has_tcp = s->has_delay = s->knows_sender = false;
    series_forget_flows(s);
    s->reorder_count = 0;
    longhaul_series_free(s->reverse);
    s->reverse = NULL;
}

static void shrink(double **values, size_t length)
{
    double *smaller = *values && length > 0 ? realloc(*values, length * sizeof *smaller) : NULL;
    if (smaller)
        *values = smaller;
}

void series_trim(struct longhaul_series *s)
{
    bool is_wanted = false;
    for (int i = 0; i < LONGHAUL_N_COLUMNS; i++) {
        is_wanted = is_wanted || (s->column[i] == NULL && (i < FIRST_OF_TCP || s->has_tcp));
        shrink(&s->column[i], s->length);
    }
    if (is_wanted && s->unknown) {
        shrink(&s->unknown, s->length);
        fill_unknown(s->unknown, s->length);
    } else {
        free(s->unknown);
        s->unknown = NULL;
    }
    s->capacity = s->length;
}
