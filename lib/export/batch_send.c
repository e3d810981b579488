/* batch_send.c - sends batches to VictoriaMetrics's /api/v1/import, packed. After a try of which nobody knows what was
 * taken, it asks before it sends again. */

#include "export/batch_send.h"

#include <stdlib.h>
#include <string.h>

#ifdef LONGHAUL_HAVE_ZLIB
#include <zlib.h>
#endif

#include "base/error.h"
#include "export/tries.h"

#define MOST_ANSWER_BYTES 4096

/* ---- batches */

bool send_batch_add(struct send_batch *b, char *metric, char *select, const int64_t *ms, const double *values,
                    size_t step, size_t n)
{
    bool good = metric && select;
    if (good && b->n_parts == b->room_parts) {
        struct batch_part *grown = realloc(b->parts, (2 * b->room_parts + 64) * sizeof *grown);
        good = grown != NULL;
        b->parts = good ? grown : b->parts;
        b->room_parts = good ? 2 * b->room_parts + 64 : b->room_parts;
    }
    if (good && b->n + n > b->room) {
        size_t room = 2 * b->room + n;
        int64_t *more_ms = realloc(b->ms, room * sizeof *more_ms);
        b->ms = more_ms ? more_ms : b->ms;
        double *more = more_ms ? realloc(b->values, room * sizeof *more) : NULL;
        b->values = more ? more : b->values;
        b->room = more ? room : b->room;
        good = more != NULL;
    }
    if (!good) {
        free(metric);
        free(select);
        return false;
    }
    b->parts[b->n_parts++] = (struct batch_part){ metric, select, b->n, n };
    memcpy(b->ms + b->n, ms, n * sizeof *ms);
    for (size_t i = 0; i < n; i++)
        b->values[b->n + i] = values[i * step];
    b->n += n;
    return true;
}

void send_batch_clear(struct send_batch *b)
{
    for (size_t i = 0; i < b->n_parts; i++) {
        free(b->parts[i].metric);
        free(b->parts[i].select);
    }
    b->n_parts = b->n = 0;
}

void send_batch_free(struct send_batch *b)
{
    send_batch_clear(b);
    free(b->parts);
    free(b->ms);
    free(b->values);
    *b = (struct send_batch){ .parts = NULL };
}

/* ---- text */

/* A line of JSON for each part that has samples. */
static void put_batch(struct export_text *text, const struct send_batch *b)
{
    for (size_t i = 0; i < b->n_parts; i++) {
        const struct batch_part *part = &b->parts[i];
        if (part->n == 0)
            continue;
        export_text_put(text, "{\"metric\":");
        export_text_put(text, part->metric);
        export_text_put(text, ",\"values\":[");
        for (size_t k = 0; k < part->n; k++) {
            export_text_put(text, k > 0 ? "," : "");
            export_text_number(text, b->values[part->first + k]);
        }
        export_text_put(text, "],\"timestamps\":[");
        for (size_t k = 0; k < part->n; k++) {
            export_text_put(text, k > 0 ? "," : "");
            export_text_integer(text, b->ms[part->first + k]);
        }
        export_text_put(text, "]}\n");
    }
}

/* True if the text is packed into sender->packed. */
static bool pack(struct sender *s)
{
#ifdef LONGHAUL_HAVE_ZLIB
    z_stream z = { .next_in = (unsigned char *)s->text.at, .avail_in = (unsigned)s->text.n };
    if (s->text.n > UINT32_MAX / 2 || deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    size_t most = deflateBound(&z, s->text.n);
    s->packed.n = 0;
    char *to = export_text_room(&s->packed, most);
    z.next_out = (unsigned char *)to;
    z.avail_out = (unsigned)most;
    bool good = to && deflate(&z, Z_FINISH) == Z_STREAM_END;
    s->packed.n = good ? z.total_out : 0;
    deflateEnd(&z);
    return good;
#else
    (void)s;
    return false;
#endif
}

/* ---- sending */

static void post(struct sender *s, const struct send_batch *batch, struct http_answer *a)
{
    s->text.n = 0;
    put_batch(&s->text, batch);
    bool is_packed = !s->text.has_failed && pack(s);
    const struct export_text *body = is_packed ? &s->packed : &s->text;
    a->why[0] = 0;
    http_ask(s->http, s->options->url, "/api/v1/import", body->at, body->n, is_packed, MOST_ANSWER_BYTES, a);
    s->told->n_bytes += a->outcome == HTTP_GOOD ? body->n : 0;
}

int sender_send(struct sender *s, struct send_batch *batch, bool is_doubt, struct longhaul_error *err)
{
    struct tries tries = tries_begin(s->options);
    struct http_answer a = { .outcome = HTTP_LATER };
    size_t n = 0;
    int rc = 0;
    for (;;) {
        if (is_doubt)
            rc = sender_drop_there(s, batch, err);
        n = 0;
        for (size_t i = 0; i < batch->n_parts; i++)
            n += batch->parts[i].n;
        if (rc != 0 || n == 0)
            break;
        post(s, batch, &a);
        if (s->text.has_failed)
            rc = error_set(err, LONGHAUL_ENOMEM, "export: out of memory");
        else if (a.outcome == HTTP_REFUSED)
            rc = error_set(err, LONGHAUL_ENET, "the server refuses what is sent: %s", a.why);
        else if (a.outcome != HTTP_GOOD)
            rc = tries_wait(&tries, s->options, &a, err);
        if (rc != 0 || a.outcome == HTTP_GOOD)
            break;
        is_doubt = is_doubt || a.outcome == HTTP_DOUBT;
    }
    s->told->n_samples += rc == 0 ? n : 0;
    export_text_free(&a.body);
    return rc;
}
