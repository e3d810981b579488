/* to_server.c - an export to VictoriaMetrics: each test in batches whose beginnings and ends are in the state file, so
 * that a killed export goes on where it was; counted on the server before the test is done. */

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "export/batch_send.h"
#include "export/export_sink.h"
#include "export/export_state.h"

#define BATCH_SAMPLES 250000
#define COUNTS 6 /* tries to see all samples, a second apart */

struct to_server {
    struct export_sink sink;
    struct sender sender;
    struct export_state *state;
    struct send_batch batch;
    struct export_text text;
    /* The test that is being sent: */
    const struct export_test *test;
    uint64_t hash, i_batch, n_samples;
    int64_t first_ms, last_ms;
    bool is_there; /* the server has some of it, and nobody knows which */
    bool is_again; /* what was sent is sent again as far as the server has not kept it */
    bool is_differing; /* the server has other values or more samples */
    /* Of the whole export: */
    bool has_short; /* of an earlier test the server has not all samples */
};

static struct to_server *of(struct export_sink *sink)
{
    return (struct to_server *)sink;
}

/* ---- the hash of a test's samples */

static uint64_t hash_words(uint64_t hash, const void *words, size_t n)
{
    const unsigned char *at = words;
    uint64_t word;
    for (size_t i = 0; i < n; i++, at += sizeof word) {
        memcpy(&word, at, sizeof word);
        hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 32;
    }
    return hash;
}

static int hash_series(const struct export_series *series, void *payload, struct longhaul_error *err)
{
    struct to_server *t = payload;
    size_t n_parts = export_series_parts(series);
    t->text.n = 0;
    export_put_name(&t->text, series->family, 0);
    export_put_labels(&t->text, t->sink.options, t->test, series, true);
    if (t->text.has_failed)
        return error_set(err, LONGHAUL_ENOMEM, "export: out of memory");
    t->hash = hash_bytes(t->hash, t->text.at, t->text.n);
    t->hash = hash_words(t->hash, series->ms, series->n);
    t->hash = hash_words(t->hash, series->values, series->n * n_parts);
    t->n_samples += series->n * n_parts;
    t->first_ms = series->ms[0] < t->first_ms ? series->ms[0] : t->first_ms;
    t->last_ms = series->ms[series->n - 1] > t->last_ms ? series->ms[series->n - 1] : t->last_ms;
    return 0;
}

/* ---- batches */

static int send_batch(struct to_server *t, struct longhaul_error *err)
{
    uint64_t i = t->i_batch++;
    enum export_batch_state known = export_state_batch(t->state, t->hash, i);
    int rc = 0;
    if (t->batch.n > 0 && (known != EXPORT_BATCH_SENT || t->is_again)) {
        rc = export_state_begin(t->state, t->hash, i, err);
        if (rc == 0)
            rc = sender_send(&t->sender, &t->batch, t->is_there || known == EXPORT_BATCH_DOUBT, err);
        if (rc == 0)
            rc = export_state_end(t->state, t->hash, i, err);
    }
    send_batch_clear(&t->batch);
    return rc;
}

/* The name and labels of a series, as JSON or as a selector; NULL when out of memory. */
static char *name_series(struct to_server *t, const struct export_series *series, size_t part, bool is_json)
{
    t->text.n = 0;
    export_text_put(&t->text, is_json ? "{\"__name__\":\"" : "{__name__=\"");
    export_put_name(&t->text, series->family, part);
    export_text_put(&t->text, "\",");
    export_put_labels(&t->text, t->sink.options, t->test, series, is_json);
    if (series->family->type == EXPORT_HISTOGRAM && part < EXPORT_BUCKETS) {
        export_text_put(&t->text, is_json ? ",\"le\":\"" : ",le=\"");
        export_put_bound(&t->text, part);
        export_text_put(&t->text, "\"");
    }
    export_text_put(&t->text, "}");
    return t->text.has_failed ? NULL : strndup(t->text.at, t->text.n);
}

static int take_part(struct to_server *t, const struct export_series *series, size_t part, size_t n_parts,
                     struct longhaul_error *err)
{
    int rc = 0;
    for (size_t first = 0; rc == 0 && first < series->n;) {
        size_t left = BATCH_SAMPLES - t->batch.n, n = series->n - first < left ? series->n - first : left;
        if (!send_batch_add(&t->batch, name_series(t, series, part, true), name_series(t, series, part, false),
                            series->ms + first, series->values + first * n_parts + part, n_parts, n))
            rc = error_set(err, LONGHAUL_ENOMEM, "export: out of memory");
        first += n;
        if (rc == 0 && t->batch.n == BATCH_SAMPLES)
            rc = send_batch(t, err);
    }
    return rc;
}

static int take_series(const struct export_series *series, void *payload, struct longhaul_error *err)
{
    struct to_server *t = payload;
    size_t n_parts = export_series_parts(series);
    int rc = 0;
    for (size_t part = 0; rc == 0 && part < n_parts; part++)
        rc = take_part(t, series, part, n_parts, err);
    return rc;
}

/* ---- one test */

/* A selector of all series of the test, and no others. The caller frees it; NULL when out of memory. */
static char *select_test(struct to_server *t)
{
    t->text.n = 0;
    export_text_put(&t->text, "{__name__=~\"" EXPORT_PREFIX ".*\",");
    export_put_labels(&t->text, t->sink.options, t->test, NULL, false);
    export_text_put(&t->text, *t->test->overlap ? "}" : ",test=\"\"}");
    return t->text.has_failed ? NULL : strndup(t->text.at, t->text.n);
}

static void wait_a_second(void)
{
    struct timespec wait = { 1, 0 };
    nanosleep(&wait, NULL);
}

/* How many samples the server has of the test's time and labels; -1 if it cannot be asked. Of what was sent just now,
 * some may be seen only later. */
static int count_samples(struct to_server *t, const char *select, bool is_sent_now, int64_t *n,
                         struct longhaul_error *err)
{
    int rc = 0, counts = !is_sent_now ? 1 : t->has_short ? 2 : COUNTS;
    for (int i = 0; rc == 0 && i < counts; i++) {
        if (i > 0)
            wait_a_second();
        sender_flush(&t->sender);
        rc = sender_count(&t->sender, select, t->first_ms, t->last_ms, n, err);
        if (*n < 0 || *n >= (int64_t)t->n_samples)
            break;
    }
    return rc;
}

static int send_batches(struct to_server *t, struct longhaul_error *err)
{
    t->i_batch = 0;
    t->sender.n_conflicts = 0;
    int rc = export_series_each(t->test, take_series, t, err);
    return rc ? rc : send_batch(t, err);
}

/* What the server has, and the test has not. */
static void tell_differing(struct to_server *t, int64_t n)
{
    const char *path = t->test->info->path;
    t->is_differing = t->sender.n_conflicts > 0 || n > (int64_t)t->n_samples;
    if (t->sender.n_conflicts > 0)
        export_note(t->sink.options, "%s: the server has other values for %" PRIu64 " of the samples: they stay", path,
                    t->sender.n_conflicts);
    if (n > (int64_t)t->n_samples)
        export_note(t->sink.options,
                    "%s: the server has %" PRId64 " samples of this time and leg, and the test %" PRIu64
                    ": some are there twice, of another test, or of this one before its result changed",
                    path, n, t->n_samples);
}

/* *is_short: the server does not keep all samples. One that lost some, for example because it was killed, gets them
 * again; one that has none of what it took before will not keep it now. */
static int send_test(struct to_server *t, const char *select, bool *is_short, struct longhaul_error *err)
{
    int64_t n = -1;
    uint64_t n_before = t->sink.told->n_samples;
    int rc = 0;
    t->is_there = t->is_again = false;
    if (!export_state_knows(t->state, t->hash))
        rc = sender_has_any(&t->sender, select, t->first_ms, t->last_ms, &t->is_there, err);
    if (rc == 0)
        rc = send_batches(t, err);
    if (rc == 0)
        rc = count_samples(t, select, t->sink.told->n_samples > n_before, &n, err);
    if (rc == 0 && n > 0 && n < (int64_t)t->n_samples && t->sink.told->n_samples == n_before) {
        t->is_there = t->is_again = true;
        rc = send_batches(t, err);
        if (rc == 0)
            rc = count_samples(t, select, true, &n, err);
    }
    if (rc != 0)
        return rc;
    tell_differing(t, n);
    *is_short = n >= 0 && n < (int64_t)t->n_samples;
    if (*is_short)
        export_skip(t->sink.options, t->sink.told,
                    "%s: the server took %" PRIu64 " samples and has %" PRId64
                    " of them: its -retentionPeriod may be shorter than they are old, or they are of the future",
                    t->test->info->path, t->n_samples, n);
    t->has_short = t->has_short || *is_short;
    return 0;
}

static int take_test(struct export_sink *sink, const struct export_test *test, const struct export_range *range,
                     struct longhaul_error *err)
{
    struct to_server *t = of(sink);
    t->test = test;
    t->hash = HASH_START;
    t->n_samples = 0;
    t->first_ms = INT64_MAX;
    t->last_ms = INT64_MIN;
    int rc = export_series_each(test, hash_series, t, err);
    if (rc != 0)
        return rc;
    if (export_state_has_test(t->state, t->hash)) {
        sink->told->n_known++;
        return 0;
    }
    bool is_short = false;
    char *select = select_test(t);
    rc = select ? send_test(t, select, &is_short, err) : error_set(err, LONGHAUL_ENOMEM, "export: out of memory");
    free(select);
    if (rc == 0 && !is_short)
        rc = export_state_add_test(t->state, t->hash, range, err);
    if (rc != 0 || is_short)
        return rc;
    sink->told->n_differing += t->is_differing;
    sink->told->n_tests++;
    sink->told->n_rows += test->n;
    return 0;
}

/* ---- what the state knows */

static bool wants_file(struct export_sink *sink, uint64_t mark)
{
    return !export_state_has_file(of(sink)->state, mark);
}

static int end_file(struct export_sink *sink, uint64_t mark, struct longhaul_error *err)
{
    return export_state_add_file(of(sink)->state, mark, err);
}

/* What the server has of this test, whose result has changed since, stays the same series. */
static bool overlaps(struct export_sink *sink, const struct export_range *range)
{
    return export_ranges_find(export_state_ranges(of(sink)->state), range) == EXPORT_CLASH_OVERLAP;
}

/* ---- the whole */

static int close_server(struct export_sink *sink, bool is_good, struct longhaul_error *err)
{
    struct to_server *t = of(sink);
    (void)is_good, (void)err;
    http_close(t->sender.http);
    export_state_close(t->state);
    send_batch_free(&t->batch);
    export_text_free(&t->text);
    export_text_free(&t->sender.text);
    export_text_free(&t->sender.packed);
    free(t);
    return 0;
}

/* Where samples go, and with which labels. A server is the same with "/" at the end of its address and without. */
static uint64_t hash_target(const struct longhaul_export_options *options)
{
    uint64_t hash = hash_bytes(HASH_START, options->url, http_base_length(options->url));
    for (size_t i = 0; i < options->n_labels; i++)
        hash = hash_bytes(hash, options->labels[i], strlen(options->labels[i]) + 1);
    return hash_bytes(hash, &options->wants_omitted, sizeof options->wants_omitted);
}

static int open_state(struct to_server *t, const char *first_path, struct longhaul_error *err)
{
    const struct longhaul_export_options *options = t->sink.options;
    struct stat st;
    bool is_folder = stat(first_path, &st) == 0 && S_ISDIR(st.st_mode);
    char *folder = is_folder ? strdup(first_path) : file_folder(first_path);
    char *own = folder ? file_join(folder, ".longhaul-export") : NULL;
    int rc = own ? export_state_open(options->state ? options->state : own, hash_target(options), &t->state, err)
                 : error_set(err, LONGHAUL_ENOMEM, "export: out of memory");
    free(folder);
    free(own);
    return rc;
}

int export_open_server(const struct longhaul_export_options *options, const char *first_path,
                       struct longhaul_exported *told, struct export_sink **out, struct longhaul_error *err)
{
    static const struct export_sink_ops ops = { wants_file, end_file, overlaps, take_test, close_server, true, true };
    struct to_server *t = calloc(1, sizeof *t);
    if (options->url == NULL || t == NULL) {
        free(t);
        return options->url ? error_set(err, LONGHAUL_ENOMEM, "export: out of memory")
                            : error_set(err, LONGHAUL_EINVAL, "export: no server is given");
    }
    t->sink = (struct export_sink){ &ops, options, told };
    t->sender = (struct sender){ .options = options, .told = told,
                                 .query_url = options->query_url ? options->query_url : options->url };
    int rc = http_open(options, &t->sender.http, err);
    if (rc == 0)
        rc = open_state(t, first_path, err);
    if (rc == 0)
        sender_flush(&t->sender);
    if (rc == 0)
        *out = &t->sink;
    else
        close_server(&t->sink, false, err);
    return rc;
}
