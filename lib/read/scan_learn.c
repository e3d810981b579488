/* scan_learn.c - learns the layout of an interval: a row of slots, each the bytes before a number and what the number
 * is. The text is valid JSON, since Jansson has read it. Declines everything unusual: a repeated key, an escape in a
 * key that matters, something other than a number where one is expected. */

#include "read/scan_layout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "model/event_line.h"

#define MAX_DEPTH 16         /* of brackets in an interval; iperf3 uses 4 */

struct row {
    size_t n_members;
    bool has[SERIES_N_VALUES]; /* of the stream that is being learned */
    bool has_rate, is_omitted, has_sender, is_sender;
};

struct learner {
    const char *text;
    size_t size, at;
    size_t from; /* the bytes that are in no slot yet */
    size_t depth;
    size_t n_streams;
    unsigned
        seen; /* one bit per place already met: the last one of a repeated key counts, so repetition is not learned */
    struct row row[N_PLACES];
    struct layout *layout;
};

void layout_free(struct layout *layout)
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

/* Makes a slot of the bytes since the last one. */
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

/* Passes a string; false if it has an escape, since nothing may depend on its text then. */
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

/* True if an object in this place may have columns from there. */
static bool has_column(enum place place, enum series_place from)
{
    switch (from) {
    case SERIES_SUMMARY: return place == IN_SUM || place == IN_STREAM || place == IN_REVERSE;
    case SERIES_STREAM: return place == IN_STREAM;
    case SERIES_STREAMS: return place == IN_STREAM || place == IN_OTHER_STREAM;
    case SERIES_OWN: return place == IN_OWN;
    case SERIES_OWN_TCP: return place == IN_TCP;
    case SERIES_OWN_DELAY: return place == IN_DELAY;
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

/* A text that differs from row to row: what lies between its quotes. One with an escaped quote is not learnt. */
static bool learn_text(struct learner *from, uint32_t slot)
{
    from->at++;
    if (!add_slot(from, slot))
        return false;
    while (here(from) != '"' && here(from) != '\\' && from->at < from->size)
        from->at++;
    from->from = from->at;
    if (here(from) != '"')
        return false;
    from->at++;
    return true;
}

/* Learns a member of a relevant row: a number in its column, or one of two booleans. */
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
        row->has_rate = row->has_rate || is_key(key, n, series_source(LONGHAUL_COLUMN_BITS_PER_SECOND)->key);
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
    if (place == IN_OWN && is_key(key, n, "runs") && c == '"')
        return learn_text(from, LIST_SLOT);
    if (place == IN_OWN && is_key(key, n, "flows") && c == '"')
        return learn_text(from, FLOWS_SLOT);
    if (place == IN_OWN && is_key(key, n, "delay_us")) {
        bool is_first = !(from->seen & 1u << IN_DELAY);
        from->seen |= 1u << IN_DELAY;
        return is_first && learn_value(from, IN_DELAY);
    }
    if (place == IN_OWN && is_key(key, n, "tcp")) {
        bool is_first = !(from->seen & 1u << IN_TCP);
        from->seen |= 1u << IN_TCP;
        return is_first && learn_value(from, IN_TCP);
    }
    return learn_value(from, ELSEWHERE);
}

/* The place of an element of "streams". */
static enum place stream_place(struct learner *from, size_t i)
{
    enum place place = i == 0 ? IN_STREAM : IN_OTHER_STREAM;
    memset(from->row[place].has, 0, sizeof from->row[place].has);
    return place;
}

static bool learn_member(struct learner *from, enum place place)
{
    static const char interval[] = "\"" EVENT_NAME_INTERVAL "\"";
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
    if (place == IN_EVENT && is_key(key, n, "event") &&
        (from->size - from->at < sizeof interval - 1 ||
         memcmp(from->text + from->at, interval, sizeof interval - 1) != 0))
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
        if (!(is_object ? learn_member(from, place)
                        : learn_value(from, place == IN_STREAMS ? stream_place(from, i) : ELSEWHERE)))
            return false;
        pass_blank(from);
        if (here(from) != ',')
            break;
        from->at++;
    }
    from->at++;
    return true;
}

/* The text is JSON: Jansson has read it. */
static bool learn_value(struct learner *from, enum place place)
{
    char c = here(from);
    if (c == '{' || c == '[') {
        /* Members count only in objects: "sum":[...] is not a summary. */
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
    *out = (struct series_row){ .is_omitted = row->is_omitted,
                                .has_sender = row->has_sender,
                                .is_sender = row->is_sender };
    for (int i = 0; i < SERIES_N_VALUES; i++)
        out->value[i] = NAN;
}

/* The summary's slot with the same number as this one of the first stream; NULL if none exists. */
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

/* Forward columns come first, then those of the other direction; the same again for folded ones. */
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

/* Counts what series_decode() counts per interval, since it is the same for every interval of a layout. */
static void count_cell(struct layout *l, uint32_t cell)
{
    uint32_t value = cell >= FOLDED ? cell - FOLDED : cell;
    struct series_row *row = value < SERIES_N_VALUES ? &l->interval.forward : &l->interval.reverse;
    uint32_t column = value % SERIES_N_VALUES;
    row->has_tcp = row->has_tcp || column >= LONGHAUL_COLUMN_RETRANSMITS;
    row->has_delay =
        row->has_delay || (column >= LONGHAUL_COLUMN_BASE_US && column < LONGHAUL_COLUMN_RETRANSMITS);
    row->n_streams[column] += cell >= FOLDED;
    l->has_folds = l->has_folds || cell >= FOLDED;
}

/* The first stream replaces a summary that is missing or empty. False if there is no rate: then the fast path cannot
 * read it. */
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

struct layout *layout_learn(enum scan_root root, const char *text, size_t size)
{
    struct learner from = { .text = text, .size = size, .layout = calloc(1, sizeof *from.layout) };
    if (from.layout == NULL)
        return NULL;
    from.layout->root = root;
    bool good = learn_value(&from, root == SCAN_EVENT ? IN_EVENT : IN_INTERVAL) && from.at == size &&
                add_slot(&from, LAST_SLOT) && settle(&from);
    if (good)
        return from.layout;
    layout_free(from.layout);
    return NULL;
}
