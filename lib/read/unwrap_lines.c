/* unwrap_lines.c - a layer that removes what precedes the text of each line: the time, the pod, the program of a log.
 * If words differ from the first line's, the line is of another program, whose text follows after that of the first.
 * Lines that cannot belong to JSON are removed. */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "read/unwrap_inside.h"
#include "read/unwrap_prefix.h"

#define MOST_CHANNELS 64
#define MOST_ASIDE (256u << 20)    /* bytes of other programs' texts that wait for their turn */

/* ---- lines of JSON */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* rsyslog writes a tab as "#011". */
static bool is_written_tab(const char *line, size_t size)
{
    return size >= 4 && memcmp(line, "#011", 4) == 0;
}

static size_t pass_blanks(const char *line, size_t size)
{
    size_t i = 0;
    while (i < size && (is_blank(line[i]) || line[i] == '\r' || is_written_tab(line + i, size - i)))
        i += line[i] == '#' ? 4 : 1;
    return i;
}

/* A number or a word of JSON, and then what may follow it. */
static bool is_scalar(const char *text, size_t n)
{
    static const char *const words[] = { "true", "false", "null", NULL };
    size_t i = 0, from;
    if (n > 0 && *text == '-')
        i = 1;
    for (from = i; i < n && (isalnum((unsigned char)text[i]) || strchr(".+-", text[i])); i++)
        ;
    if (i == from || !(isdigit((unsigned char)text[from]) || prefix_is_among(text, i, words)))
        return false;
    i += pass_blanks(text + i, n - i);
    return i == n || strchr(",]}", text[i]);
}

/* "[  5] local 10.0.0.1" is not a list. */
static bool is_list(const char *text, size_t n)
{
    size_t i = 1 + pass_blanks(text + 1, n - 1);
    if (i >= n || strchr("{[\"]", text[i]))
        return true;
    const char *end = memchr(text + i, ']', n - i);
    size_t behind = end ? (size_t)(end - text) + 1 : n;
    behind += pass_blanks(text + behind, n - behind);
    return is_scalar(text + i, n - i) && (behind == n || strchr(",]}", text[behind]));
}

/* A string, and then what may follow it. */
static bool is_string(const char *text, size_t n)
{
    size_t i = 1;
    while (i < n && text[i] != '"')
        i += text[i] == '\\' ? 2 : 1;
    if (i >= n)
        return true; /* it continues, or the file was cut here */
    i++;
    i += pass_blanks(text + i, n - i);
    return i >= n || strchr(":,]}", text[i]);
}

bool unwrap_is_json_line(const char *line, size_t size)
{
    size_t i = pass_blanks(line, size);
    const char *text = line + i;
    size_t n = size - i;
    if (n == 0 || strchr("{}],:", *text))
        return true;
    if (*text == '"')
        return is_string(text, n);
    return *text == '[' ? is_list(text, n) : is_scalar(text, n);
}

/* ---- the layer */

/* The text of one program. */
struct channel {
    char *name;
    bool is_part; /* the previous line continues */
    struct bytes text; /* not for the first program, whose text is passed on at once */
};

enum state { LINE_BEGINS, KEEP, DROP };
enum escape { NO_ESCAPE, ESCAPE, CONTROL_SEQUENCE, COMMAND, COMMAND_ESCAPE };

struct lines {
    struct layer layer;
    char *prefix;
    struct form form;
    const char *end_blanks;
    struct channel channels[MOST_CHANNELS];
    size_t n_channels, current, n_given;
    size_t aside; /* bytes in channels */
    bool keeps_all; /* keeps all lines and removes only colours */
    enum state state;
    enum escape escape;
    size_t n_clean; /* bytes at the beginning of in that were searched for colours */
    struct found found;
};

static enum escape pass_escape(enum escape in, unsigned char c)
{
    switch (in) {
    case NO_ESCAPE: return c == 0x1b ? ESCAPE : NO_ESCAPE;
    case ESCAPE: return c == '[' ? CONTROL_SEQUENCE : c == ']' ? COMMAND : NO_ESCAPE;
    case CONTROL_SEQUENCE: return c >= 0x40 && c <= 0x7e ? NO_ESCAPE : c < 0x20 ? NO_ESCAPE : CONTROL_SEQUENCE;
    case COMMAND: return c == 7 || c == '\n' ? NO_ESCAPE : c == 0x1b ? COMMAND_ESCAPE : COMMAND;
    case COMMAND_ESCAPE: return c == '\\' ? NO_ESCAPE : COMMAND;
    }
    return NO_ESCAPE;
}

/* Removes terminals' escape sequences from what is new in in. */
static void clean(struct lines *l)
{
    struct bytes *in = &l->layer.in;
    size_t from = in->at + l->n_clean, to = from;
    if (from == in->size || (l->escape == NO_ESCAPE && memchr(in->text + from, 0x1b, in->size - from) == NULL))
        return;
    for (size_t i = from; i < in->size; i++) {
        enum escape before = l->escape;
        l->escape = pass_escape(before, (unsigned char)in->text[i]);
        if (before == NO_ESCAPE && l->escape == NO_ESCAPE)
            in->text[to++] = in->text[i];
    }
    in->size = to;
}

static struct channel *channel_of(struct lines *l, const char *name, size_t n)
{
    for (size_t i = 0; i < l->n_channels; i++)
        if (strlen(l->channels[i].name) == n && memcmp(l->channels[i].name, name, n) == 0)
            return &l->channels[i];
    char *copy = l->n_channels < MOST_CHANNELS ? strndup(name, n) : NULL;
    if (copy == NULL)
        return NULL;
    l->channels[l->n_channels] = (struct channel){ .name = copy };
    return &l->channels[l->n_channels++];
}

static void put(struct lines *l, const char *text, size_t n)
{
    struct channel *c = &l->channels[l->current];
    bool is_first = l->current == 0;
    if (!is_first && l->aside + n > MOST_ASIDE) {
        l->layer.n_left_out++;
        return;
    }
    if (!bytes_add(is_first ? &l->layer.out : &c->text, text, n))
        l->layer.has_failed = true;
    l->aside += is_first ? 0 : n;
}

/* Adds the text of a line that is kept, and restores its tabs. */
static void put_text(struct lines *l, const char *text, size_t n)
{
    const char *found;
    while ((found = memmem(text, n, "#011", 4)) != NULL) {
        size_t k = (size_t)(found - text);
        put(l, text, k);
        put(l, "\t", 1);
        text += k + 4;
        n -= k + 4;
    }
    put(l, text, n);
}

/* The length of what may be the first part of a written tab, at the end of a text whose rest is still to come. */
static size_t torn_tab(const char *text, size_t n)
{
    size_t k = n < 3 ? n : 3;
    while (k > 0 && memcmp(text + n - k, "#011", k) != 0)
        k--;
    return k;
}

/* Looks at the first size bytes of a line and decides whether it is kept; returns the length of its prefix. */
static size_t begin_line(struct lines *l, const char *line, size_t size)
{
    bool has_prefix = l->form.n > 0 && prefix_match(&l->form, l->end_blanks, line, size, &l->found);
    size_t n = has_prefix ? l->found.n : 0;
    bool is_json = unwrap_is_json_line(line + n, size - n);
    struct channel *c = &l->channels[0];
    if (has_prefix) {
        c = channel_of(l, l->found.name, l->found.n_name);
        if (c && c->is_part)
            is_json = true;
    }
    if (!l->keeps_all && (c == NULL || !is_json)) {
        l->layer.n_left_out += pass_blanks(line + n, size - n) < size - n;
        l->state = DROP;
        return n;
    }
    c = c ? c : &l->channels[0];
    c->is_part = has_prefix && l->found.is_part;
    l->current = (size_t)(c - l->channels);
    l->state = KEEP;
    return n;
}

/* Passes on the text of the next other program; false if none is left. */
static bool give_next(struct lines *l)
{
    while (++l->n_given < l->n_channels) {
        struct bytes *text = &l->channels[l->n_given].text;
        if (text->size == 0)
            continue;
        if (!bytes_add(&l->layer.out, "\n", 1) || !bytes_add(&l->layer.out, text->text, text->size))
            l->layer.has_failed = true;
        free(text->text);
        *text = (struct bytes){ 0 };
        return true;
    }
    l->n_given = l->n_channels;
    return false;
}

static bool pass_line(struct lines *l)
{
    struct layer *layer = &l->layer;
    struct bytes *in = &layer->in;
    const char *here = in->text + in->at;
    size_t left = in->size - in->at;
    const char *end = left > 0 ? memchr(here, '\n', left) : NULL;
    if (left == 0)
        return layer->is_last && give_next(l);
    if (l->state == LINE_BEGINS) {
        if (end == NULL && left < HEAD_BYTES && !layer->is_last)
            return false;
        size_t head = end ? (size_t)(end - here) : left;
        size_t n = begin_line(l, here, head < HEAD_BYTES ? head : HEAD_BYTES);
        in->at += n;
        here += n;
        left -= n;
    }
    size_t n = end ? (size_t)(end - here) : layer->is_last ? left : left - torn_tab(here, left);
    if (n == 0 && end == NULL && !layer->is_last)
        return false;
    if (l->state == KEEP) {
        put_text(l, here, n);
        if (end && !l->channels[l->current].is_part)
            put(l, "\n", 1);
    }
    in->at += n + (end != NULL);
    if (end)
        l->state = LINE_BEGINS;
    return true;
}

static bool step(struct layer *layer)
{
    struct lines *l = (struct lines *)layer;
    clean(l);
    bool has_moved = pass_line(l);
    l->n_clean = layer->in.size - layer->in.at;
    return has_moved;
}

static void free_lines(struct layer *layer)
{
    struct lines *l = (struct lines *)layer;
    for (size_t i = 0; i < l->n_channels; i++) {
        free(l->channels[i].name);
        free(l->channels[i].text.text);
    }
    free(l->prefix);
}

/* The first program is the one with the given prefix, and text belongs to its line. */
struct layer *lines_layer(const char *prefix, size_t n_prefix, const char *text, size_t n, size_t n_shown)
{
    struct lines *l = (struct lines *)layer_new(sizeof *l, text, n);
    if (l == NULL)
        return NULL;
    l->layer.step = step;
    l->layer.free = free_lines;
    l->state = KEEP;
    if ((l->prefix = malloc(n_prefix + 1)) == NULL) {
        free(l->layer.in.text);
        free(l);
        return NULL;
    }
    if (n_prefix > 0)
        memcpy(l->prefix, prefix, n_prefix);
    prefix_learn(&l->form, l->prefix, n_prefix);
    l->end_blanks = l->prefix + n_prefix - l->form.n_end;
    prefix_learn_words(&l->form, l->end_blanks, text, n_shown);
    if (l->form.n == 0 || !prefix_match(&l->form, l->end_blanks, l->prefix, n_prefix, &l->found))
        l->found.n_name = 0;
    struct channel *c = channel_of(l, l->found.name, l->found.n_name);
    if (c)
        c->is_part = l->form.n > 0 && l->found.is_part;
    else
        l->layer.has_failed = true;
    return &l->layer;
}

struct layer *colours_layer(const char *text, size_t n)
{
    struct layer *layer = lines_layer("", 0, text, n, 0);
    if (layer)
        ((struct lines *)layer)->keeps_all = true;
    return layer;
}
