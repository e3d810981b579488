/* fuzz_live.c - any rows as if libiperf had handed them out: over the pair, into a record, a journal, a result and its
 * reader. No row may be lost without being counted, and what comes out must add up to what was kept.
 *
 * An input is a byte of flags and then pieces, which 0xFF ends. The first byte of a piece says what it is: i the data
 * of an interval, s, e of a start and an end, d a document, r a whole event, x the end of a session, R the last piece
 * again, M an interval of a megabyte, t a time to let pass, y the delays of the next rows, h a histogram with the next
 * row. */

#include <longhaul.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "engine/engine_say.h"
#include "engine/session_event.h"
#include "record/interval.h"
#include "record/journal.h"
#include "record/record.h"
#include "record/session_row.h"
#include "run/queue.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define STEM "HK-WUS-10M_1H_20251115_010046"
#define MEGABYTE (1u << 20)
#define PIECES_MAX 200
#define LARGE_MAX 2 /* pieces of a megabyte in an input */

struct live_run {
    struct engine *engine;
    struct record *record;
    struct queue *queue;
    struct clock_reading at;
    uint64_t n_said, n_heard, n_large;
    uint64_t n_rows, n_kept, n_left_out, n_taken;
    int64_t lost;    /* of the rows that were kept, as long as each one tells */
    bool knows_loss, is_receiver, is_tcp;
    struct longhaul_delay delay;        /* of the next rows */
    char histogram[DELAY_TEXT_BYTES];   /* with the next row */
};

static void check(bool is_right, const char *what)
{
    if (is_right)
        return;
    fprintf(stderr, "fuzz_live: %s\n", what);
    abort();
}

/* ---- events, as leg_session.c and serve_port.c take them */

static void on_row(struct live_run *run, const struct record_row *row)
{
    struct longhaul_interval v;
    struct queue_item item;
    run->n_rows++;
    if (!record_interval(run->record, row, &v)) {
        run->n_left_out++;
        return;
    }
    run->n_kept++;
    check(isfinite(v.start_s) && isfinite(v.seconds) && v.seconds >= 0 && v.bytes >= 0 && v.packets >= 0,
          "a row's figures");
    check(isnan(v.jitter_ms) || v.jitter_ms >= 0, "a row's jitter");
    run->knows_loss = run->knows_loss && v.has_loss;
    run->lost = interval_add(run->lost, v.has_loss ? v.lost_packets : 0);
    queue_put_interval(run->queue, 0, &v);
    run->n_taken += queue_take(run->queue, &item) == 1 && !item.is_state;
}

static void on_event(struct live_run *run, const struct engine_event *event)
{
    struct session_event said = session_event_parse(event);
    size_t i;
    json_t *interval;
    if (said.start)
        record_start(run->record, said.is_verbatim ? event->text : NULL, event->length, said.start, &run->at);
    if (said.interval) {
        struct record_row row = session_row(&said, event, said.interval);
        row.at = run->at;
        on_row(run, &row);
    }
    json_array_foreach(said.rest, i, interval) {
        struct record_row row = session_row(&said, event, interval);
        row.at = run->at;
        on_row(run, &row);
    }
    if (said.end)
        record_end(run->record, said.end);
    json_decref(said.parsed);
}

/* Says the event as the child does, in pieces that the pair takes, and hears it as the parent does. */
static void tell(struct live_run *run, const char *before, const char *text, const char *after)
{
    size_t n = strlen(before) + strlen(text) + strlen(after) + 1;
    char *whole = malloc(n);
    struct engine_event event;
    if (whole == NULL)
        return;
    snprintf(whole, n, "%s%s%s", before, text, after);
    struct engine_message head = { .kind = ENGINE_JSON, .last_ack_s = NAN, .socket_drops = NAN, .order = { 1, 0, 0 },
                                   .delay = run->delay };
    snprintf(head.histogram, sizeof head.histogram, "%s", run->histogram);
    run->histogram[0] = 0;
    engine_say_message(head, whole);
    run->n_said++;
    while (run->n_heard < run->n_said) {
        int rc = engine_receive(run->engine, &event);
        check(rc >= 0, "the pair is open");
        if (rc == 0) {
            engine_say(ENGINE_HELLO, ""); /* what waits is sent with it */
        } else if (event.kind == ENGINE_JSON) {
            check(event.length == n - 1 && memcmp(event.text, whole, n) == 0 && event.n_unsaid == 0,
                  "what was said is heard");
            run->n_heard++;
            on_event(run, &event);
        }
    }
    free(whole);
}

static void pass_time(struct live_run *run, int64_t ns)
{
    run->at.boot_ns += ns;
    run->at.monotonic_ns += ns;
    run->at.wall_ns += ns;
}

static void tell_megabyte(struct live_run *run, const char *text)
{
    char *more = run->n_large++ < LARGE_MAX ? malloc(MEGABYTE + 64) : NULL;
    if (more == NULL)
        return;
    size_t n = (size_t)snprintf(more, 64, "{\"filler\":\"");
    memset(more + n, 'x', MEGABYTE - 64);
    snprintf(more + n + MEGABYTE - 64, 64, "\",\"sum\":");
    tell(run, "{\"event\":\"interval\",\"data\":", more, "");
    tell(run, "{\"event\":\"interval\",\"data\":", text, "}");
    free(more);
}

/* "1e308,-5,nan": the members of a row's delays, in their order; what is missing is as it was. */
static void set_delays(struct longhaul_delay *delay, const char *text)
{
    double *const members[] = {
#define MEMBER(name, member, key, kind) &delay->member,
        DELAY_MEMBERS(MEMBER) DELAY_OWN_MEMBERS(MEMBER)
#undef MEMBER
    };
    for (size_t i = 0; i < sizeof members / sizeof *members && *text; i++) {
        char *end;
        double value = strtod(text, &end);
        *members[i] = end > text ? value : *members[i];
        text = *end ? end + 1 : end;
    }
    for (delay->n_listed = 0; *text && delay->n_listed < LONGHAUL_LOSS_RUNS; text++)
        delay->runs[delay->n_listed++] = (struct longhaul_loss_run){ (unsigned char)*text * 16777619u, UINT32_MAX };
}

/* The child makes it of letters of its own; that it is a histogram is not known. */
static void set_histogram(char histogram[DELAY_TEXT_BYTES], const char *text)
{
    snprintf(histogram, DELAY_TEXT_BYTES, "%s", text);
    for (char *p = histogram; *p; p++)
        *p = *p > ' ' && *p <= '~' ? *p : 'A';
}

static void take_piece(struct live_run *run, char kind, const char *text)
{
    const char *close = "}";
    switch (kind) {
    case 's': tell(run, "{\"event\":\"start\",\"data\":", text, close); break;
    case 'i':
        pass_time(run, NS_PER_S);
        tell(run, "{\"event\":\"interval\",\"data\":", text, close);
        break;
    case 'e': tell(run, "{\"event\":\"end\",\"data\":", text, close); break;
    case 'd': tell(run, "{\"event\":\"document\",\"data\":", text, close); break;
    case 'r': tell(run, "", text, ""); break;
    case 'x': record_session(run->record, "complete", *text != '-', RECORD_PEER_CLOSED, NAN); break;
    case 'y': set_delays(&run->delay, text); break;
    case 'h': set_histogram(run->histogram, text); break;
    case 'M': tell_megabyte(run, text); break;
    case 't': pass_time(run, (int64_t)strlen(text) * 100 * NS_PER_MS); break;
    default: break;
    }
}

/* ---- what comes of it */

static uint64_t sum_of(const json_t *object)
{
    const char *key;
    json_t *value;
    json_int_t sum = 0;
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
        sum += json_integer_value(value);
    return (uint64_t)sum;
}

static void check_loss(const struct live_run *run, const json_t *end)
{
    const json_t *lost = json_object_get(json_object_get(end, "sum"), "lost_packets");
    if (run->is_tcp || !run->is_receiver || !run->knows_loss || lost == NULL)
        return;
    check(json_is_integer(lost) && json_integer_value(lost) == run->lost, "the losses add up");
}

static void check_reader(const struct live_run *run, const char *path)
{
    struct longhaul_read_options options = { .wants_omitted = true };
    struct longhaul_error err = { 0 };
    struct longhaul_reader *reader = NULL;
    struct longhaul_series *series = NULL;
    check(longhaul_reader_open(path, &options, &reader, &err) == 0 && longhaul_reader_next(reader, &series, &err) == 1,
          err.text);
    check(longhaul_series_length(series) == run->n_kept, "the reader has every row");
    check(longhaul_reader_n_warnings(reader) == 0, "the reader has nothing to say");
    longhaul_series_free(series);
    longhaul_reader_free(reader);
}

static void check_result(const struct live_run *run, const char *path)
{
    json_error_t why;
    json_t *result = json_load_file(path, 0, &why), *own = json_object_get(result, "longhaul");
    check(result != NULL, why.text);
    check(json_array_size(json_object_get(result, "intervals")) == run->n_kept, "the result has every row");
    check(sum_of(json_object_get(own, "left_out_rows")) == run->n_left_out, "what was left out is counted");
    check(json_object_get(own, "damaged_lines") == NULL && json_object_get(own, "lost_intervals") == NULL,
          "no line is damaged");
    check_loss(run, json_object_get(result, "end"));
    json_decref(result);
    check_reader(run, path);
}

static void count_row(const char *line, size_t length, void *payload)
{
    static const char head[] = "{\"event\":\"interval\",\"data\":{";
    *(uint64_t *)payload += line && length > sizeof head && memcmp(line, head, sizeof head - 1) == 0;
}

static void check_journal(const struct live_run *run)
{
    struct longhaul_error err = { 0 };
    uint64_t n = 0;
    FILE *in = fopen(record_journal_path(run->record), "re");
    char *line = NULL;
    size_t capacity = 0;
    ssize_t length;
    check(in != NULL && record_error(run->record)->code == 0, err.text);
    while ((length = getline(&line, &capacity, in)) > 0)
        count_row(line, (size_t)length, &n);
    free(line);
    fclose(in);
    check(n == run->n_kept && record_n_intervals(run->record) == n && run->n_taken == n, "the journal has every row");
}

static void finish(struct live_run *run)
{
    struct longhaul_outcome outcome = { 0 };
    struct longhaul_error err = { 0 };
    char *path = strdup(record_result_path(run->record)), *journal = strdup(record_journal_path(run->record));
    check(run->n_rows == run->n_kept + run->n_left_out, "each row is kept or left out");
    check_journal(run);
    int rc = record_finish(run->record, false, &outcome, &err);
    check(rc == 0 || run->n_kept == 0, err.text);
    if (rc == 0) {
        check(outcome.n_intervals == run->n_kept && outcome.n_left_out == run->n_left_out, "the outcome has every row");
        check_result(run, path);
        unlink(path);
    }
    unlink(journal);
    free(journal);
    free(path);
}

/* ---- one input */

static const char *scratch(void)
{
    static char dir[64];
    if (*dir == 0) {
        snprintf(dir, sizeof dir, "%s/longhaul-fuzz.XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
        check(mkdtemp(dir) != NULL, "a folder");
    }
    return dir;
}

static void leave_scratch(void)
{
    rmdir(scratch());
}

static json_t *header(const struct live_run *run)
{
    return json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:i}", "format", JOURNAL_FORMAT, "version", LONGHAUL_VERSION,
                     "source", "HK", "destination", "WUS", "role", run->is_receiver ? "receiver" : "sender", "protocol",
                     run->is_tcp ? "TCP" : "UDP", "duration_s", 3600);
}

static void take_pieces(struct live_run *run, const uint8_t *bytes, size_t size)
{
    char *before = NULL;
    for (size_t at = 0, n_pieces = 0; at < size && n_pieces < PIECES_MAX; n_pieces++) {
        const uint8_t *end = memchr(bytes + at, 0xff, size - at);
        size_t n = end ? (size_t)(end - bytes) - at : size - at;
        char *piece = n > 0 ? strndup((const char *)bytes + at, n) : NULL;
        at += n + 1;
        if (piece && *piece == 'R' && before) {
            take_piece(run, *before, before + 1);
            free(piece);
        } else if (piece && *piece) {
            take_piece(run, *piece, piece + 1);
            free(before);
            before = piece;
        } else {
            free(piece);
        }
    }
    free(before);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct live_run run = { .knows_loss = true, .delay = delay_none(),
                            .is_receiver = size > 0 && (bytes[0] & 1),
                            .is_tcp = size > 0 && (bytes[0] & 2),
                            .at = { .boot_ns = NS_PER_S, .monotonic_ns = NS_PER_S, .wall_ns = 1763168446 * NS_PER_S } };
    struct longhaul_error err = { 0 };
    int pair[2];
    static bool is_begun;
    if (!is_begun)
        atexit(leave_scratch);
    is_begun = true;
    if (size == 0 || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
        return 0;
    engine_say_begin(pair[1]);
    check(engine_adopt(pair[0], &run.engine, &err) == 0 && (run.queue = queue_new(1)) != NULL, err.text);
    check(record_create(scratch(), STEM, header(&run), &run.record, &err) == 0, err.text);
    take_pieces(&run, bytes + 1, size - 1);
    finish(&run);
    queue_free(run.queue);
    engine_close(run.engine);
    close(pair[1]);
    return 0;
}
