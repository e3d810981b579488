/* scan.c - the fast path of the reader. iperf3 writes one interval like the other: the same keys, tabs and newlines, other
 * numbers. The layout of an interval that Jansson has read is learned as a row of slots, each the bytes before a number and
 * what the number is; the next intervals are held against it, every byte of them, and their numbers converted exactly. So
 * each version's layout is known, compact or indented, and what is accepted is what Jansson would read, bit for bit.
 * Declines at the first byte that is not as expected; knows nothing of documents. */

#include "scan.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"

#define N_LAYOUTS 4          /* an omit period has another than what comes after it, and a file may have two kinds of tests */
#define MAX_DEPTH 16         /* of brackets in an interval; iperf3's have 4 */
#define TWIN_MOST 32         /* bytes of a number: with it, text is looked at no further than SCAN_PAD behind its end */
#define MAX_BYTES (1u << 20) /* of an interval that is worth learning */

/* Whose numbers: of the summary, of the first stream (which stands for a summary that is missing), of the other direction,
 * longhaul's own, those of TCP in it, the other streams. */
enum place { IN_SUM, IN_STREAM, IN_REVERSE, IN_OWN, IN_TCP, IN_OTHER_STREAM, N_PLACES, IN_STREAMS, IN_INTERVAL, IN_EVENT, ELSEWHERE };

#define N_CELLS (N_PLACES * SERIES_N_VALUES)
#define NO_CELL N_CELLS /* a number that nobody wants */
#define LAST_SLOT (N_CELLS + 1) /* the bytes behind the last number */
#define FOLDED (N_CELLS + 2) /* and from here on: added to what other streams have */

/* Bytes as they must be, and what number comes then. */
struct slot {
    uint32_t word;   /* where its bytes begin, in words */
    uint32_t n_bytes;
    uint32_t cell;
    enum { ONCE, FIRST_OF_TWO, SECOND_OF_TWO } turn; /* a single stream's numbers are the summary's, so those come twice */
};

/* Where the number that is in a cell stood. */
struct twin {
    const char *at;
    size_t n;
};

struct layout {
    enum scan_root root;
    uint64_t *words; /* all slots' bytes, each filled up to a word */
    size_t n_words, word_capacity;
    struct slot *slots;
    size_t n_slots, slot_capacity;
    size_t n_bytes;   /* of all slots */
    bool has_folds;   /* some number is put to those of other streams */
    struct series_interval interval; /* the last one that was read */
};

struct scan {
    struct layout *layout[N_LAYOUTS]; /* the newest first */
};

/* ---- learning */

struct row {
    size_t n_members;
    bool has[SERIES_N_VALUES]; /* of the stream that is being learned */
    bool has_rate, is_omitted, has_sender, is_sender;
};

struct learner {
    const char *text;
    size_t size, at;
    size_t from; /* the literal bytes that are not in a slot yet */
    size_t depth;
    size_t n_streams;
    unsigned seen; /* one bit for each place that was met: of a repeated key the last one counts, so it is not learned */
    struct row row[N_PLACES];
    struct layout *layout;
};

static void layout_free(struct layout *layout)
{
    if (layout == NULL)
        return;
    free(layout->words);
    free(layout->slots);
    free(layout);
}

static bool make_room(struct layout *l, size_t n_bytes)
{
    size_t n = l->n_words + n_bytes / 8 + 1;
    if (n > l->word_capacity) {
        uint64_t *grown = realloc(l->words, 2 * n * sizeof *grown);
        if (grown == NULL)
            return false;
        l->words = grown;
        l->word_capacity = 2 * n;
    }
    if (l->n_slots == l->slot_capacity) {
        size_t capacity = l->slot_capacity ? 2 * l->slot_capacity : 32;
        struct slot *grown = realloc(l->slots, capacity * sizeof *grown);
        if (grown == NULL)
            return false;
        l->slots = grown;
        l->slot_capacity = capacity;
    }
    return true;
}

/* A slot of the bytes since the last one. */
static bool add_slot(struct learner *from, uint32_t cell)
{
    struct layout *l = from->layout;
    size_t n = from->at - from->from;
    if (!make_room(l, n))
        return false;
    l->slots[l->n_slots++] = (struct slot){ .word = (uint32_t)l->n_words, .n_bytes = (uint32_t)n, .cell = cell };
    memset(l->words + l->n_words, 0, (n / 8 + 1) * 8);
    memcpy(l->words + l->n_words, from->text + from->from, n);
    l->n_words += (n + 7) / 8;
    l->n_bytes += n;
    return true;
}

static char here(const struct learner *from)
{
    return from->at < from->size ? from->text[from->at] : 0;
}

static void pass_blank(struct learner *from)
{
    while (here(from) == ' ' || here(from) == '\t' || here(from) == '\n' || here(from) == '\r')
        from->at++;
}

/* Passes a string; false when it has an escape, and nothing may depend on its text. */
static bool pass_string(struct learner *from)
{
    bool is_plain = true;
    for (from->at++; from->at < from->size && here(from) != '"'; from->at++)
        if (here(from) == '\\') {
            is_plain = false;
            from->at++;
        }
    from->at++;
    return is_plain;
}

static bool learn_number(struct learner *from, uint32_t cell)
{
    double value;
    const char *end = number_read_slowly(from->text + from->at, &value);
    if (end == NULL || !add_slot(from, cell))
        return false;
    from->at = from->from = (size_t)(end - from->text);
    return true;
}

static bool is_key(const char *key, size_t n, const char *name)
{
    return strlen(name) == n && memcmp(key, name, n) == 0;
}

/* May an object have columns that are from there? */
static bool has_column(enum place place, enum series_place from)
{
    switch (from) {
    case SERIES_SUMMARY: return place == IN_SUM || place == IN_STREAM || place == IN_REVERSE;
    case SERIES_STREAM: return place == IN_STREAM;
    case SERIES_STREAMS: return place == IN_STREAM || place == IN_OTHER_STREAM;
    case SERIES_OWN: return place == IN_OWN;
    case SERIES_OWN_TCP: return place == IN_TCP;
    }
    return false;
}

static uint32_t cell_of(enum place place, const char *key, size_t n)
{
    for (uint32_t i = 0; place < N_PLACES && i < SERIES_N_VALUES; i++)
        if (has_column(place, series_source(i)->place) && is_key(key, n, series_source(i)->key))
            return (uint32_t)place * SERIES_N_VALUES + i;
    return NO_CELL;
}

static enum place place_of(enum place in, const char *key, size_t n)
{
    if (in == IN_EVENT && is_key(key, n, "data"))
        return IN_INTERVAL;
    if (in != IN_INTERVAL)
        return ELSEWHERE;
    return is_key(key, n, "sum") ? IN_SUM : is_key(key, n, "streams") ? IN_STREAMS :
           is_key(key, n, "sum_bidir_reverse") ? IN_REVERSE : is_key(key, n, "longhaul") ? IN_OWN : ELSEWHERE;
}

static bool learn_value(struct learner *from, enum place place);

/* A member of a row that is looked at: a number in its column, or one of two booleans. */
static bool learn_cell(struct learner *from, enum place place, const char *key, size_t n)
{
    struct row *row = &from->row[place];
    uint32_t cell = cell_of(place, key, n);
    char c = here(from);
    bool is_boolean = c == 't' || c == 'f', is_number = c == '-' || number_is_digit(c);
    row->n_members++;
    if (cell != NO_CELL) {
        bool *has = &row->has[cell % SERIES_N_VALUES];
        if (*has && series_source(cell % SERIES_N_VALUES)->place == SERIES_STREAMS)
            return false; /* twice in one stream: the last one counts, not the sum */
        *has = true;
        row->has_rate = row->has_rate || is_key(key, n, series_source(LONGHAUL_BITS_PER_SECOND)->key);
        return is_number && learn_number(from, cell);
    }
    if (is_key(key, n, "omitted")) {
        row->is_omitted = c == 't';
        return is_boolean && learn_value(from, ELSEWHERE);
    }
    if (is_key(key, n, "sender")) {
        row->has_sender = true;
        row->is_sender = c == 't';
        return is_boolean && learn_value(from, ELSEWHERE);
    }
    if (place == IN_OWN && is_key(key, n, "tcp")) {
        bool is_first = !(from->seen & 1u << IN_TCP);
        from->seen |= 1u << IN_TCP;
        return is_first && learn_value(from, IN_TCP);
    }
    return learn_value(from, ELSEWHERE);
}

/* The elements of "streams". */
static enum place stream_place(struct learner *from, size_t i)
{
    enum place place = i == 0 ? IN_STREAM : IN_OTHER_STREAM;
    memset(from->row[place].has, 0, sizeof from->row[place].has);
    return place;
}

static bool learn_member(struct learner *from, enum place place)
{
    pass_blank(from);
    const char *key = from->text + from->at + 1;
    if (!pass_string(from) && place != ELSEWHERE)
        return false;
    size_t n = (size_t)(from->text + from->at - 1 - key);
    pass_blank(from);
    from->at++; /* the colon */
    pass_blank(from);
    if (place < N_PLACES)
        return learn_cell(from, place, key, n);
    if (place == IN_EVENT && is_key(key, n, "event") && (from->size - from->at < 10 || memcmp(from->text + from->at, "\"interval\"", 10) != 0))
        return false;
    enum place inside = place_of(place, key, n);
    if (inside != ELSEWHERE && (from->seen & 1u << inside))
        return false;
    from->seen |= 1u << inside;
    return learn_value(from, inside);
}

static bool learn_members(struct learner *from, enum place place, bool is_object)
{
    char end = is_object ? '}' : ']';
    from->at++;
    pass_blank(from);
    if (here(from) == end) {
        from->at++;
        return true;
    }
    for (size_t i = 0;; i++) {
        pass_blank(from);
        from->n_streams += place == IN_STREAMS;
        if (!(is_object ? learn_member(from, place) : learn_value(from, place == IN_STREAMS ? stream_place(from, i) : ELSEWHERE)))
            return false;
        pass_blank(from);
        if (here(from) != ',')
            break;
        from->at++;
    }
    from->at++;
    return true;
}

/* The text is JSON: Jansson said so. */
static bool learn_value(struct learner *from, enum place place)
{
    char c = here(from);
    if (c == '{' || c == '[') {
        /* What is no object has no members that count: "sum":[...] is no summary. */
        enum place inside = (c == '{') == (place == IN_STREAMS) ? ELSEWHERE : place;
        if (from->depth == MAX_DEPTH)
            return false;
        from->depth++;
        bool good = learn_members(from, inside, c == '{');
        from->depth--;
        return good;
    }
    if (c == '"') {
        pass_string(from);
        return true;
    }
    if (c == '-' || number_is_digit(c))
        return learn_number(from, NO_CELL);
    while (from->at < from->size && here(from) >= 'a' && here(from) <= 'z')
        from->at++;
    return from->at < from->size;
}

static void settle_row(const struct row *row, struct series_row *out)
{
    *out = (struct series_row){ .is_omitted = row->is_omitted, .has_sender = row->has_sender, .is_sender = row->is_sender };
    for (int i = 0; i < SERIES_N_VALUES; i++)
        out->value[i] = NAN;
}

/* The summary's slot that has the same number as this one of the first stream; NULL when it has not, this time already. */
static struct slot *twin_of(const struct learner *from, const struct slot *slot)
{
    struct layout *l = from->layout;
    uint32_t column = slot->cell - IN_STREAM * SERIES_N_VALUES;
    for (struct slot *other = l->slots; other < l->slots + l->n_slots; other++)
        if (other->cell == IN_SUM * SERIES_N_VALUES + column && other->turn == ONCE)
            return other > slot ? other : NULL;
    return NULL;
}

static void pair_up(const struct learner *from)
{
    struct layout *l = from->layout;
    for (struct slot *slot = l->slots; slot < l->slots + l->n_slots; slot++) {
        bool is_streams = slot->cell / SERIES_N_VALUES == IN_STREAM && slot->cell < NO_CELL;
        struct slot *twin = is_streams ? twin_of(from, slot) : NULL;
        if (twin == NULL)
            continue;
        slot->turn = FIRST_OF_TWO;
        slot->cell = twin->cell;
        twin->turn = SECOND_OF_TWO;
    }
}

/* The forward columns come first, then those of the other direction; the same again for what is folded. */
static uint32_t settle_cell(uint32_t cell, enum place main, bool is_reverse_sent)
{
    enum place place = (enum place)(cell / SERIES_N_VALUES);
    uint32_t column = cell % SERIES_N_VALUES;
    enum series_place source = series_source(column)->place;
    if (place == IN_REVERSE)
        return column + SERIES_N_VALUES;
    if (source == SERIES_STREAMS)
        return FOLDED + column + (is_reverse_sent ? SERIES_N_VALUES : 0);
    return source != SERIES_SUMMARY || place == main ? column : NO_CELL;
}

/* What series_decode() counts for each interval is the same for all of a layout. */
static void count_cell(struct layout *l, uint32_t cell)
{
    uint32_t value = cell >= FOLDED ? cell - FOLDED : cell;
    struct series_row *row = value < SERIES_N_VALUES ? &l->interval.forward : &l->interval.reverse;
    uint32_t column = value % SERIES_N_VALUES;
    row->has_tcp = row->has_tcp || column >= LONGHAUL_RETRANSMITS;
    row->n_streams += column == LONGHAUL_RTT_MS;
    l->has_folds = l->has_folds || cell >= FOLDED;
}

/* The first stream stands for a summary that is missing or empty. False when there is no rate: no interval for this way. */
static bool settle(struct learner *from)
{
    struct layout *l = from->layout;
    enum place main = from->row[IN_SUM].n_members > 0 ? IN_SUM : IN_STREAM;
    const struct row *reverse = &from->row[IN_REVERSE];
    if (!from->row[main].has_rate || (reverse->n_members > 0 && !reverse->has_rate))
        return false;
    settle_row(&from->row[main], &l->interval.forward);
    settle_row(reverse, &l->interval.reverse);
    l->interval.has_reverse = reverse->n_members > 0;
    if (main == IN_SUM && from->n_streams == 1)
        pair_up(from);
    bool is_reverse_sent = series_sending_row(&l->interval) == &l->interval.reverse;
    for (struct slot *slot = l->slots; slot < l->slots + l->n_slots; slot++) {
        if (slot->cell >= NO_CELL)
            continue;
        slot->cell = settle_cell(slot->cell, main, is_reverse_sent);
        if (slot->cell != NO_CELL)
            count_cell(l, slot->cell);
    }
    return true;
}

static struct layout *learn(enum scan_root root, const char *text, size_t size)
{
    struct learner from = { .text = text, .size = size, .layout = calloc(1, sizeof *from.layout) };
    if (from.layout == NULL)
        return NULL;
    from.layout->root = root;
    bool good = learn_value(&from, root == SCAN_EVENT ? IN_EVENT : IN_INTERVAL) && from.at == size && add_slot(&from, LAST_SLOT) &&
                settle(&from);
    if (good)
        return from.layout;
    layout_free(from.layout);
    return NULL;
}

/* ---- matching */

static inline uint64_t load(const char *text)
{
    uint64_t word;
    memcpy(&word, text, sizeof word);
    return word;
}

/* Are the n bytes at text those that are wanted? Looks at whole words of both; the last ones may overlap those before. */
static inline bool same_bytes(const char *text, const char *wanted, size_t n)
{
    uint64_t differs = 0;
    if (n < 8)
        return (load(text) ^ load(wanted)) << 8 << (56 - 8 * n) == 0;
    for (size_t i = 0; i + 16 <= n; i += 16)
        differs |= (load(text + i) ^ load(wanted + i)) | (load(text + i + 8) ^ load(wanted + i + 8));
    if (n >= 16)
        differs |= load(text + n - 16) ^ load(wanted + n - 16);
    else
        differs |= load(text) ^ load(wanted);
    return (differs | (load(text + n - 8) ^ load(wanted + n - 8))) == 0;
}

/* Is the first of two here once more? What comes behind it is in the next slot, and goes on with no number. */
static inline bool is_again(const char *at, const struct twin *first)
{
    uint64_t a, b, differs = 0;
    size_t i = 0;
    for (; i + 8 <= first->n; i += 8) {
        memcpy(&a, first->at + i, 8);
        memcpy(&b, at + i, 8);
        differs |= a ^ b;
    }
    memcpy(&a, first->at + i, 8);
    memcpy(&b, at + i, 8);
    return (differs | ((a ^ b) << 8 << (56 - 8 * (first->n - i)))) == 0;
}

/* Before the first stream. */
static void forget_folds(struct layout *l)
{
    struct series_row *row = series_sending_row(&l->interval);
    for (uint32_t i = 0; i < SERIES_N_VALUES; i++)
        if (series_source(i)->place == SERIES_STREAMS)
            row->value[i] = NAN;
}

static const char *read_folded(const char *at, uint32_t column, double *value)
{
    double more = NAN;
    at = number_read(at, &more);
    *value = series_fold(series_source(column)->fold, *value, more);
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
        else if (slot->cell >= FOLDED)
            at = read_folded(at, (slot->cell - FOLDED) % SERIES_N_VALUES,
                             &cells[(slot->cell - FOLDED) / SERIES_N_VALUES][(slot->cell - FOLDED) % SERIES_N_VALUES]);
        else
            at = number_read(at, &cells[slot->cell / SERIES_N_VALUES][slot->cell % SERIES_N_VALUES]);
        if (at == NULL || at > end)
            return 0;
        if (slot->turn != ONCE)
            twins[slot->cell] = (struct twin){ begin, (size_t)(at - begin) };
    }
}

size_t scan_match(struct scan *scan, enum scan_root root, const char *text, size_t size, const struct series_interval **interval)
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
    struct layout *learned = size <= MAX_BYTES ? learn(root, text, size) : NULL;
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
