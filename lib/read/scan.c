/* scan.c - the fast path of the reader. iperf3 writes every interval in the same layout: the same keys, tabs and
 * newlines, with different numbers. The layout of an interval that Jansson has read is learned as a row of slots, each
 * the bytes before a number and what the number is; the next intervals are compared with it, every byte of them, and
 * their numbers are converted exactly. So every version's layout works, compact or indented, and what is accepted is
 * exactly what Jansson would read. Declines at the first unexpected byte; knows nothing of documents. */

#include "read/scan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_mend.h"
#include "base/number.h"
#include "read/scan_layout.h"

#define N_LAYOUTS 8 /* an omit period has a different layout than what follows, a row with losses than one without,
                     * and a file may have two kinds of tests */
#define TWIN_MOST 32         /* bytes of a number: this limits how far text is looked at after its end, to SCAN_PAD */
#define MAX_BYTES (1u << 20) /* of an interval that is worth learning */

/* Where the number of a cell stood. */
struct twin {
    const char *at;
    size_t n;
};

struct scan {
    struct layout *layout[N_LAYOUTS]; /* the newest first */
};

static inline uint64_t load(const char *text)
{
    uint64_t word;
    memcpy(&word, text, sizeof word);
    return word;
}

/* The first n bytes of a word, fewer than 8, for comparing with 0. */
static inline uint64_t first_bytes(uint64_t word, size_t n)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return word << 8 << (56 - 8 * n);
#else
    return word >> 8 >> (56 - 8 * n);
#endif
}

/* True if the n bytes at text are the expected ones. Compares whole words; the last ones may overlap those before. */
static inline bool same_bytes(const char *text, const char *wanted, size_t n)
{
    uint64_t differs = 0;
    if (n < 8)
        return first_bytes(load(text) ^ load(wanted), n) == 0;
    for (size_t i = 0; i + 16 <= n; i += 16)
        differs |= (load(text + i) ^ load(wanted + i)) | (load(text + i + 8) ^ load(wanted + i + 8));
    if (n >= 16)
        differs |= load(text + n - 16) ^ load(wanted + n - 16);
    else
        differs |= load(text) ^ load(wanted);
    return (differs | (load(text + n - 8) ^ load(wanted + n - 8))) == 0;
}

/* True if the first of two equal numbers comes again. The next slot has what follows, which does not continue a
 * number. */
static inline bool is_again(const char *at, const struct twin *first)
{
    uint64_t differs = 0;
    size_t i = 0;
    for (; i + 8 <= first->n; i += 8)
        differs |= load(first->at + i) ^ load(at + i);
    return (differs | first_bytes(load(first->at + i) ^ load(at + i), first->n - i)) == 0;
}

/* Before the first stream. */
static void forget_folds(struct layout *l)
{
    struct series_row *row = series_sending_row(&l->interval);
    for (uint32_t i = 0; i < SERIES_N_VALUES; i++)
        if (series_source(i)->place == SERIES_STREAMS)
            row->value[i] = NAN;
}

/* Declines a count that wrapped below 0: json_text_value() reads it correctly. */
static inline const char *read_plain(const char *at, double *value)
{
    at = number_read(at, value);
    return at && *value >= JSON_MEND_WRAPPED ? NULL : at;
}

static const char *read_folded(const char *at, uint32_t column, double *value)
{
    double more = NAN;
    at = number_read(at, &more);
    if (more >= JSON_MEND_WRAPPED)
        return NULL;
    *value = stream_fold(series_source(column)->fold, *value, more);
    return at;
}

static const char *pass_list(const char *at, const char *end)
{
    while (at < end && (number_is_digit(*at) || *at == ',' || *at == ' '))
        at++;
    return at;
}

/* What longhaul writes about flows (record/interval_flows.h). */
static const char *read_flows(const char *at, const char *end, struct series_row *row)
{
    const char *begin = at;
    while (at < end && (number_is_digit(*at) || *at == ' ' || (*at >= 'a' && *at <= 'z') || *at == '-' || *at == '?'))
        at++;
    row->flows = begin;
    row->n_flows = (size_t)(at - begin);
    return at;
}

static size_t match(struct layout *l, const char *text, size_t size)
{
    const char *at = text, *end = text + size;
    double *const cells[] = { l->interval.forward.value, l->interval.reverse.value };
    struct twin twins[SERIES_N_VALUES];
    if (size < l->n_bytes)
        return 0;
    if (l->has_folds)
        forget_folds(l);
    for (const struct slot *slot = l->slots;; slot++) {
        if ((size_t)(end - at) < slot->n_bytes || !same_bytes(at, (const char *)(l->words + slot->word), slot->n_bytes))
            return 0;
        at += slot->n_bytes;
        if (slot->cell == LAST_SLOT)
            return (size_t)(at - text);
        if (slot->turn == SECOND_OF_TWO && twins[slot->cell].n <= TWIN_MOST && is_again(at, &twins[slot->cell])) {
            at += twins[slot->cell].n;
            if (at > end)
                return 0;
            continue;
        }
        const char *begin = at;
        if (slot->cell == NO_CELL)
            at = number_pass(at);
        else if (slot->cell == LIST_SLOT)
            at = pass_list(at, end);
        else if (slot->cell == FLOWS_SLOT)
            at = read_flows(at, end, &l->interval.forward);
        else if (slot->cell >= FOLDED)
            at = read_folded(at, (slot->cell - FOLDED) % SERIES_N_VALUES,
                             &cells[(slot->cell - FOLDED) / SERIES_N_VALUES][(slot->cell - FOLDED) % SERIES_N_VALUES]);
        else
            at = read_plain(at, &cells[slot->cell / SERIES_N_VALUES][slot->cell % SERIES_N_VALUES]);
        if (at == NULL || at > end)
            return 0;
        if (slot->turn != ONCE)
            twins[slot->cell] = (struct twin){ begin, (size_t)(at - begin) };
    }
}

size_t scan_match(struct scan *scan, enum scan_root root, const char *text, size_t size,
                  const struct series_interval **interval)
{
    for (size_t i = 0; i < N_LAYOUTS && scan->layout[i]; i++) {
        struct layout *layout = scan->layout[i];
        size_t n = layout->root == root ? match(layout, text, size) : 0;
        if (n == 0)
            continue;
        memmove(scan->layout + 1, scan->layout, i * sizeof *scan->layout);
        scan->layout[0] = layout;
        *interval = &layout->interval;
        return n;
    }
    return 0;
}

void scan_learn(struct scan *scan, enum scan_root root, const char *text, size_t size)
{
    struct layout *learned = size <= MAX_BYTES ? layout_learn(root, text, size) : NULL;
    if (learned == NULL)
        return;
    layout_free(scan->layout[N_LAYOUTS - 1]);
    memmove(scan->layout + 1, scan->layout, (N_LAYOUTS - 1) * sizeof *scan->layout);
    scan->layout[0] = learned;
}

struct scan *scan_new(void)
{
    return calloc(1, sizeof(struct scan));
}

void scan_free(struct scan *scan)
{
    for (size_t i = 0; scan && i < N_LAYOUTS; i++)
        layout_free(scan->layout[i]);
    free(scan);
}
