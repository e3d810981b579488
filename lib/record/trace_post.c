/* trace_post.c - tells the other end of troubles and traces, and takes what it tells. Sends nothing itself. */

#include "record/trace_post.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/units.h"

#define AGAIN_NS NS_PER_S
#define N_ENDS 3
#define FORGOTTEN_S 5.0 /* five repetitions; of longer intervals, ... */
#define FORGOTTEN_INTERVALS 3
#define HEAD_BYTES_MAX 64           /* of a part before its piece, without the 16 bytes */
#define N_TRIES 14                 /* some at once, since the way may lose; then 1, 2, 4 ... 60 s apart: some minutes */
#define N_QUICK 4
#define QUICK_NS (NS_PER_S / 4)
#define PAUSE_MAX_NS (60 * NS_PER_S)
#define TRACE_BYTES_MAX 8192

/* ---- troubles */

bool trouble_teller_take(struct trouble_teller *t, enum trace_why why, size_t flow, int64_t now_ns, struct news *out)
{
    bool is_new = why != TRACE_NONE && why > t->said;
    if (why == TRACE_NONE && t->said != TRACE_NONE && t->said != TRACE_SHIFT)
        t->n_ends = N_ENDS;
    if (why != TRACE_NONE)
        t->n_ends = 0;
    t->said = why;
    if ((why == TRACE_NONE && t->n_ends == 0) || (!is_new && now_ns < t->due_ns))
        return false;
    t->due_ns = now_ns + AGAIN_NS;
    *out = (struct news){ .kind = why == TRACE_NONE ? NEWS_QUIET : NEWS_TROUBLE, .flow = (uint32_t)flow };
    snprintf(out->why, sizeof out->why, "%s", trace_why_name(why));
    t->n_ends -= why == TRACE_NONE;
    return true;
}

struct trouble_hearer trouble_hearer_of(double interval_s)
{
    double patience_s = interval_s * FORGOTTEN_INTERVALS > FORGOTTEN_S ? interval_s * FORGOTTEN_INTERVALS : FORGOTTEN_S;
    return (struct trouble_hearer){ .why = TRACE_NONE, .patience_ns = (int64_t)(patience_s * NS_PER_S) };
}

void trouble_hearer_take(struct trouble_hearer *h, const struct news *news, int64_t now_ns)
{
    enum trace_why why = news->kind == NEWS_TROUBLE ? trace_why_of(news->why) : TRACE_NONE;
    if (why != TRACE_NONE && (why < TRACE_SHIFT || why > TRACE_SILENCE))
        return;
    h->why = why;
    h->flow = news->flow;
    h->heard_ns = now_ns;
}

enum trace_why trouble_hearer_now(struct trouble_hearer *h, size_t *flow, int64_t now_ns)
{
    enum trace_why why = h->why;
    *flow = h->flow;
    if (why == TRACE_SHIFT || now_ns - h->heard_ns > h->patience_ns)
        h->why = TRACE_NONE;
    return h->why == TRACE_NONE && why != TRACE_SHIFT ? TRACE_NONE : why;
}

/* ---- traces, sent */

static void drop_first(struct trace_outbox *box)
{
    free(box->letters[0].text);
    memmove(box->letters, box->letters + 1, (TRACE_POST_MAX - 1) * sizeof box->letters[0]);
    box->letters[TRACE_POST_MAX - 1] = (struct trace_letter){ .text = NULL };
    box->next_part = 0;
    box->due_ns = 0;
}

/* Ids rise, also if the server was restarted. */
void trace_outbox_add(struct trace_outbox *box, const json_t *trace, int64_t at_ns)
{
    uint64_t id = (uint64_t)(clock_wall_ns() / NS_PER_US);
    char *text = json_dumps(trace, JSON_COMPACT | JSON_REAL_PRECISION(9));
    size_t n = 0;
    if (text == NULL || strlen(text) > TRACE_BYTES_MAX) {
        free(text);
        return;
    }
    if (box->letters[TRACE_POST_MAX - 1].text)
        drop_first(box);
    while (box->letters[n].text)
        n++;
    box->last_id = id > box->last_id ? id : box->last_id + 1;
    box->letters[n] = (struct trace_letter){ text, strlen(text), box->last_id, at_ns, 0 };
}

static int64_t pause_ns(unsigned n_tries)
{
    if (n_tries < N_QUICK)
        return QUICK_NS;
    int64_t pause = NS_PER_S << (n_tries - N_QUICK);
    return pause < PAUSE_MAX_NS ? pause : PAUSE_MAX_NS;
}

bool trace_outbox_next(struct trace_outbox *box, size_t size, int64_t now_ns, struct news *out)
{
    size = size < NEWS_BYTES_MAX ? size : NEWS_BYTES_MAX;
    if (box->letters[0].text == NULL || size < NEWS_BYTES_MIN || now_ns < box->due_ns)
        return false;
    if (box->letters[0].n_tries >= N_TRIES) {
        drop_first(box);
        return trace_outbox_next(box, size, now_ns, out);
    }
    struct trace_letter *l = &box->letters[0];
    size_t each = size - NEWS_MAGIC_BYTES - HEAD_BYTES_MAX, n_parts = (l->length + each - 1) / each;
    int64_t age_ms = (now_ns - l->at_ns) / NS_PER_MS;
    if (n_parts > NEWS_PARTS_MAX || age_ms < 0 || age_ms > NEWS_AGE_MS_MAX) {
        drop_first(box);
        return trace_outbox_next(box, size, now_ns, out);
    }
    size_t at = box->next_part * each;
    *out = (struct news){ .kind = NEWS_PART,
                          .id = l->id,
                          .part = box->next_part,
                          .n_parts = (uint32_t)n_parts,
                          .age_ms = (uint32_t)age_ms,
                          .piece = l->text + at,
                          .n_piece = l->length - at < each ? l->length - at : each };
    if (++box->next_part == n_parts) {
        box->next_part = 0;
        box->due_ns = now_ns + pause_ns(l->n_tries++);
    }
    return true;
}

void trace_outbox_got(struct trace_outbox *box, uint64_t id)
{
    if (box->letters[0].text && box->letters[0].id == id)
        drop_first(box);
}

bool trace_outbox_is_empty(const struct trace_outbox *box)
{
    return box->letters[0].text == NULL;
}

void trace_outbox_clear(struct trace_outbox *box)
{
    while (box->letters[0].text)
        drop_first(box);
}

/* ---- traces, received */

static void drop_parts(struct trace_inbox *box)
{
    for (size_t i = 0; i < NEWS_PARTS_MAX; i++) {
        free(box->pieces[i]);
        box->pieces[i] = NULL;
    }
    box->n_parts = box->n_there = 0;
}

static bool is_done(const struct trace_inbox *box, uint64_t id)
{
    for (size_t i = 0; i < TRACE_POST_MAX && i < box->n_done; i++)
        if (box->done[i] == id)
            return true;
    return false;
}

static json_t *join_parts(const struct trace_inbox *box)
{
    char text[TRACE_BYTES_MAX + 1];
    size_t n = 0;
    for (size_t i = 0; i < box->n_parts; i++) {
        size_t k = strlen(box->pieces[i]);
        if (n + k >= sizeof text)
            return NULL;
        memcpy(text + n, box->pieces[i], k);
        n += k;
    }
    return json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL);
}

json_t *trace_inbox_take(struct trace_inbox *box, const struct news *part, bool *is_got)
{
    *is_got = is_done(box, part->id);
    if (*is_got)
        return NULL;
    if (part->id != box->id || part->n_parts != box->n_parts)
        drop_parts(box);
    box->id = part->id;
    box->n_parts = part->n_parts;
    if (part->part >= box->n_parts || box->pieces[part->part] ||
        (box->pieces[part->part] = strndup(part->piece, part->n_piece)) == NULL)
        return NULL;
    if (++box->n_there < box->n_parts)
        return NULL;
    json_t *trace = join_parts(box);
    drop_parts(box);
    box->done[box->n_done++ % TRACE_POST_MAX] = part->id;
    *is_got = true;
    return trace;
}

void trace_inbox_clear(struct trace_inbox *box)
{
    drop_parts(box);
}
