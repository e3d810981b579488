/* batch_there.c - what a server has of a batch, by the answers of its /api/v1/export and /api/v1/query. */

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "export/batch_send.h"
#include "export/export_sink.h"
#include "export/tries.h"

#define MOST_EXPORT_BYTES ((size_t)256 << 20)
#define MOST_LINE_BYTES ((size_t)32 << 20) /* a batch of one series needs a third of it */
#define MOST_ANSWER_BYTES 4096
#define DAY_MS 86400000
#define SAME 1e-9 /* the server keeps about 15 digits of a fraction */

/* ---- asking what is there */

void sender_flush(struct sender *s)
{
    struct http_answer a = { .outcome = HTTP_LATER };
    http_ask(s->http, s->query_url, "/internal/force_flush", NULL, 0, false, MOST_ANSWER_BYTES, &a);
    export_text_free(&a.body);
}

/* The end of a query that is to see samples of last_ms: VictoriaMetrics finds a series that begins at midnight only by
 * a later time. No sample of another test with these labels is so early. */
static int64_t end_of(int64_t last_ms)
{
    return last_ms % DAY_MS == 0 ? last_ms + 1 : last_ms;
}

/* The path of a question for samples; NULL when out of memory. */
static const char *put_export(struct sender *s, struct export_text *path, const char *select, int64_t first_ms,
                              int64_t last_ms)
{
    export_text_put(path, "/api/v1/export?");
    http_put_query(s->http, path, "match[]", select);
    export_text_put(path, "&start=");
    export_text_seconds(path, first_ms);
    export_text_put(path, "&end=");
    export_text_seconds(path, end_of(last_ms));
    return export_text_string(path);
}

/* Of a server that cannot be asked, this is said once. */
static int cannot_read(struct sender *s, const struct http_answer *a, struct longhaul_error *err)
{
    if (a->status == 0)
        return error_set(err, LONGHAUL_ENET, "the server: %s", a->why);
    s->cannot_read = true;
    export_note(s->options,
                "the server cannot be asked what it has (%s): samples that are sent again after a break count twice, "
                "unless it has -dedup.minScrapeInterval=1ms; --query-from gives the address for queries",
                a->why);
    return 0;
}

int sender_has_any(struct sender *s, const char *select, int64_t first_ms, int64_t last_ms, bool *has,
                   struct longhaul_error *err)
{
    struct export_text path = { 0 };
    struct http_answer a = { .outcome = HTTP_LATER };
    if (s->cannot_read)
        return 0;
    const char *asked = put_export(s, &path, select, first_ms, last_ms);
    int rc = asked ? tries_ask(s->http, s->options, s->query_url, asked, 1, &a, err)
                   : error_set(err, LONGHAUL_ENOMEM, "export: out of memory");
    if (rc == 0 && a.outcome == HTTP_REFUSED)
        rc = cannot_read(s, &a, err);
    else if (rc == 0)
        *has = a.body.n > 0;
    export_text_free(&path);
    export_text_free(&a.body);
    return rc;
}

/* The number in the answer to a query of a sum; 0 for no series; -1 if it is not such an answer. */
static int64_t number_in(const char *answer, size_t n)
{
    json_t *object = n > 0 ? json_loadb(answer, n, 0, NULL) : NULL;
    const json_t *result = json_object_get(json_object_get(object, "data"), "result");
    const json_t *value = json_array_get(json_object_get(json_array_get(result, 0), "value"), 1);
    int64_t count = -1;
    if (json_is_array(result))
        count = json_is_string(value) ? (int64_t)strtod(json_string_value(value), NULL) : 0;
    json_decref(object);
    return count;
}

int sender_count(struct sender *s, const char *select, int64_t first_ms, int64_t last_ms, int64_t *n,
                 struct longhaul_error *err)
{
    struct export_text path = { 0 }, query = { 0 };
    struct http_answer a = { .outcome = HTTP_LATER };
    *n = -1;
    if (s->cannot_read)
        return 0;
    export_text_put(&query, "sum(count_over_time(");
    export_text_put(&query, select);
    export_text_put(&query, "[");
    export_text_integer(&query, end_of(last_ms) - first_ms + 1);
    export_text_put(&query, "ms]))");
    const char *sum = export_text_string(&query);
    export_text_put(&path, "/api/v1/query?nocache=1&");
    http_put_query(s->http, &path, "query", sum ? sum : "");
    export_text_put(&path, "&time=");
    export_text_seconds(&path, end_of(last_ms));
    const char *asked = export_text_string(&path);
    int rc = sum && asked ? tries_ask(s->http, s->options, s->query_url, asked, MOST_ANSWER_BYTES, &a, err)
                          : error_set(err, LONGHAUL_ENOMEM, "export: out of memory");
    if (rc == 0 && a.outcome == HTTP_REFUSED)
        rc = cannot_read(s, &a, err);
    else if (rc == 0)
        *n = number_in(a.body.at, a.body.n);
    export_text_free(&path);
    export_text_free(&query);
    export_text_free(&a.body);
    return rc;
}

/* ---- what of a batch is there */

/* The samples of one part that the server has: marks them, and counts those with other values. */
static void mark(struct sender *s, const struct send_batch *b, const struct batch_part *part, const json_t *line,
                 unsigned char *is_there)
{
    const json_t *values = json_object_get(line, "values"), *times = json_object_get(line, "timestamps");
    size_t k = 0;
    for (size_t i = 0; i < json_array_size(times); i++) {
        int64_t ms = json_integer_value(json_array_get(times, i));
        double value = json_number_value(json_array_get(values, i));
        while (k < part->n && b->ms[part->first + k] < ms)
            k++;
        if (k == part->n || b->ms[part->first + k] != ms)
            continue;
        double own = b->values[part->first + k];
        s->n_conflicts += !is_there[k] && fabs(value - own) > SAME * fmax(fabs(value), fabs(own));
        is_there[k] = 1;
    }
}

/* Other series may have these labels and more. */
static bool is_of(const json_t *line, const json_t *metric)
{
    return json_equal(json_object_get(line, "metric"), metric);
}

static bool mark_lines(struct sender *s, const struct send_batch *b, const struct batch_part *part,
                       const struct export_text *body, unsigned char *is_there)
{
    json_t *metric = json_loads(part->metric, 0, NULL);
    bool good = metric != NULL;
    for (size_t at = 0; good && at < body->n;) {
        const char *line = body->at + at, *end = memchr(line, '\n', body->n - at);
        size_t n = end ? (size_t)(end - line) : body->n - at;
        json_t *object = n <= MOST_LINE_BYTES ? json_loadb(line, n, 0, NULL) : NULL;
        good = object != NULL || n == 0;
        if (object && is_of(object, metric))
            mark(s, b, part, object, is_there);
        json_decref(object);
        at += n + 1;
    }
    json_decref(metric);
    return good;
}

/* Keeps the samples that are not there, in their order. */
static void keep_others(struct send_batch *b, struct batch_part *part, const unsigned char *is_there)
{
    size_t kept = 0;
    for (size_t k = 0; k < part->n; k++)
        if (!is_there[k]) {
            b->ms[part->first + kept] = b->ms[part->first + k];
            b->values[part->first + kept++] = b->values[part->first + k];
        }
    part->n = kept;
}

static int drop_part(struct sender *s, struct send_batch *b, struct batch_part *part, struct longhaul_error *err)
{
    struct export_text path = { 0 };
    struct http_answer a = { .outcome = HTTP_LATER };
    unsigned char *is_there = calloc(part->n + 1, 1);
    const char *asked = put_export(s, &path, part->select, b->ms[part->first], b->ms[part->first + part->n - 1]);
    int rc = is_there && asked
                 ? tries_ask(s->http, s->options, s->query_url, asked, MOST_EXPORT_BYTES, &a, err)
                 : error_set(err, LONGHAUL_ENOMEM, "export: out of memory");
    if (rc == 0 && a.outcome == HTTP_REFUSED)
        rc = error_set(err, LONGHAUL_ENET, "the server does not say what it has: %s", a.why);
    if (rc == 0 && !mark_lines(s, b, part, &a.body, is_there))
        rc = error_set(err, LONGHAUL_ENET, "the server does not say what it has: its answer is no lines of JSON");
    if (rc == 0)
        keep_others(b, part, is_there);
    free(is_there);
    export_text_free(&path);
    export_text_free(&a.body);
    return rc;
}

int sender_drop_there(struct sender *s, struct send_batch *b, struct longhaul_error *err)
{
    int rc = 0;
    if (s->cannot_read)
        return 0;
    sender_flush(s);
    for (size_t i = 0; rc == 0 && i < b->n_parts; i++)
        if (b->parts[i].n > 0)
            rc = drop_part(s, b, &b->parts[i], err);
    return rc;
}
