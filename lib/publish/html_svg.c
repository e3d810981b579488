/* html_svg.c - puts a picture of gnuplot's into a page. Copies it element by element, with lists of what gnuplot uses:
 * elements, attributes, and characters of values. Anything else (scripts, links, handlers, addresses, entities) makes
 * it refuse the picture. Names inside get a prefix, so that many pictures fit in one page. */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/markup.h"
#include "base/text_safe.h"
#include "publish/html.h"

#define MOST_DEPTH 64
#define MOST_FILE_BYTES 16000000

/* The elements of gnuplot's svg terminal, in its spelling: HTML ignores case, and only these are drawn. */
static const char *const elements[] = {
    "circle", "clipPath", "defs", "desc", "ellipse", "feComposite", "feFlood", "filter", "g", "line", "path", "pattern",
    "polygon", "rect", "svg", "text", "title", "tspan", "use" };

static const char *const attributes[] = {
    "baseline-shift", "clip-path", "clipPathUnits", "color", "cx", "cy", "d", "dominant-baseline", "dx", "dy", "fill",
    "fill-opacity", "fill-rule", "filter", "filterUnits", "flood-color", "flood-opacity", "font-family", "font-size",
    "font-style", "font-weight", "height", "in", "in2", "opacity", "operator", "patternTransform", "patternUnits",
    "points", "preserveAspectRatio", "r", "result", "rx", "ry", "shape-rendering", "stroke", "stroke-dasharray",
    "stroke-linecap", "stroke-linejoin", "stroke-opacity", "stroke-width", "text-anchor", "text-decoration",
    "transform", "viewBox", "width", "x", "x1", "x2", "y", "y1", "y2" };

/* Attributes that the page does not need; gnuplot's styles only repeat its attributes. */
static const char *const dropped[] = { "class", "style", "version", "xml:space", "xmlns", "xmlns:xlink", "name" };

static bool is_among(const char *const *list, size_t n_list, const char *name, size_t n)
{
    for (size_t i = 0; i < n_list; i++)
        if (strlen(list[i]) == n && strncmp(list[i], name, n) == 0)
            return true;
    return false;
}

#define IS_AMONG(list, name, n) is_among(list, sizeof (list) / sizeof *(list), name, n)

/* Numbers, colours, words, lists and functions of them. No entities, addresses or escapes. */
static bool is_plain_value(const char *value, size_t m)
{
    for (size_t i = 0; i < m; i++)
        if (!isalnum((unsigned char)value[i]) && (value[i] == 0 || !strchr(" \t\r\n.,#()%+-_'", value[i])))
            return false;
    return memmem(value, m, "(#", 2) == NULL;
}

static bool is_identifier(const char *value, size_t m)
{
    for (size_t i = 0; i < m; i++)
        if (!isalnum((unsigned char)value[i]) && value[i] != '_' && value[i] != '-')
            return false;
    return m > 0;
}

static size_t name_length(const char *p)
{
    size_t n = 0;
    while (isalnum((unsigned char)p[n]) || (p[n] && strchr("-:_", p[n])))
        n++;
    return n;
}

static bool is_name(const char *name, size_t n, const char *wanted)
{
    return strlen(wanted) == n && strncmp(name, wanted, n) == 0;
}

/* A reference inside the picture, "#x" or "url(#x)"; others are refused. */
static bool write_reference(FILE *out, const char *name, size_t n, const char *value, size_t m, const char *prefix)
{
    bool is_url = m > 6 && strncmp(value, "url(#", 5) == 0 && value[m - 1] == ')';
    const char *id = value + (is_url ? 5 : 1);
    size_t length = is_url ? m - 6 : m - 1;
    if (m < 2 || (!is_url && value[0] != '#') || !is_identifier(id, length))
        return false;
    fprintf(out, " %.*s=\"%s#%s%.*s%s\"", (int)n, name, is_url ? "url(" : "", prefix, (int)length, id,
            is_url ? ")" : "");
    return true;
}

static bool write_attribute(FILE *out, const char *name, size_t n, const char *value, size_t m, const char *prefix)
{
    if (is_name(name, n, "xlink:href") || is_name(name, n, "href"))
        return *value == '#' && write_reference(out, "href", 4, value, m, prefix);
    if (is_name(name, n, "id")) {
        fprintf(out, " id=\"%s%.*s\"", prefix, (int)m, value);
        return is_identifier(value, m);
    }
    if (IS_AMONG(dropped, name, n))
        return true;
    if (!IS_AMONG(attributes, name, n))
        return false;
    if (m >= 4 && strncmp(value, "url(", 4) == 0)
        return write_reference(out, name, n, value, m, prefix);
    if (!is_plain_value(value, m))
        return false;
    bool is_area = is_name(name, n, "points"), is_drawn;
    fprintf(out, " %.*s=\"", is_area ? 1 : (int)n, is_area ? "d" : name);
    is_drawn = (is_area || is_name(name, n, "d")) && html_write_path(out, value, m, is_area);
    if (!is_drawn)
        fwrite(value, 1, m, out);
    fputs("\"", out);
    return is_drawn || !is_area;
}

/* Copies attributes up to ">" or "/>", and sets *p behind that. */
static bool write_attributes(FILE *out, const char **p, const char *prefix, bool is_root)
{
    for (;;) {
        *p += strspn(*p, " \t\r\n");
        if (**p == '>' || (**p == '/' && (*p)[1] == '>')) {
            bool is_empty = **p == '/';
            fputs(is_empty ? "/>" : ">", out);
            *p += is_empty ? 2 : 1;
            return true;
        }
        const char *name = *p;
        size_t n = name_length(name);
        *p += n;
        *p += strspn(*p, " \t\r\n");
        if (n == 0 || **p != '=')
            return false;
        *p += 1 + strspn(*p + 1, " \t\r\n");
        const char quote = **p, *value = *p + 1, *end = quote == '"' || quote == '\'' ? strchr(value, quote) : NULL;
        if (end == NULL)
            return false;
        bool is_size = is_root && (is_name(name, n, "width") || is_name(name, n, "height")); /* the page decides */
        if (!is_size && !write_attribute(out, name, n, value, (size_t)(end - value), prefix))
            return false;
        *p = end + 1;
    }
}

/* Skips gnuplot's own title and description, which say nothing. */
static const char *skip_element(const char *p, const char *name)
{
    char closing[16];
    snprintf(closing, sizeof closing, "</%s>", name);
    const char *end = strstr(p, closing);
    return end ? end + strlen(closing) : p + strlen(p);
}

/* A picture being copied, and its open elements. */
struct picture {
    FILE *out;
    const char *title, *prefix;
    struct {
        const char *name;
        off_t start;      /* where it begins in out */
        bool has_content; /* something that is drawn */
    } open[MOST_DEPTH];
    size_t depth;
    bool has_root;
};

static bool close_tag(struct picture *p, const char *name, size_t n)
{
    const char *last = p->depth > 0 ? p->open[p->depth - 1].name : NULL;
    if (last == NULL || name_length(last) != n || strncmp(last, name, n) != 0)
        return false;
    p->depth--;
    return true;
}

/* A group that draws nothing, as most of gnuplot's, is taken back when it is closed. */
static void end_tag(struct picture *p, const char *name, size_t n)
{
    bool is_empty_group = is_name(name, n, "g") && !p->open[p->depth].has_content;
    if (is_empty_group)
        fseeko(p->out, p->open[p->depth].start, SEEK_SET);
    else if (p->depth > 0)
        p->open[p->depth - 1].has_content = true;
}

static bool open_tag(struct picture *p, const char *name, off_t start, bool is_root)
{
    if (p->depth == MOST_DEPTH || is_root == p->has_root)
        return false;
    p->open[p->depth].name = name;
    p->open[p->depth].start = start;
    p->open[p->depth++].has_content = false;
    if (!is_root)
        return true;
    p->has_root = true;
    fputs(" role=\"img\" aria-label=\"", p->out);
    markup_html(p->out, p->title);
    fputs("\"", p->out);
    return true;
}

static bool write_tag(struct picture *p, const char **at)
{
    bool is_closing = (*at)[1] == '/';
    const char *name = *at + 1 + is_closing;
    size_t n = name_length(name);
    bool is_root = is_name(name, n, "svg");
    if (!IS_AMONG(elements, name, n) || (p->has_root && p->depth == 0))
        return false;
    if (!is_closing && p->has_root && (is_name(name, n, "title") || is_name(name, n, "desc"))) {
        *at = skip_element(*at, is_name(name, n, "title") ? "title" : "desc");
        return true;
    }
    bool is_area = is_name(name, n, "polygon"); /* as a path, it takes half the bytes */
    off_t start = ftello(p->out);
    fprintf(p->out, "<%s%.*s", is_closing ? "/" : "", is_area ? 4 : (int)n, is_area ? "path" : name);
    *at = name + n;
    if (is_closing ? !close_tag(p, name, n) : !open_tag(p, name, start, is_root))
        return false;
    if (!write_attributes(p->out, at, p->prefix, is_root && !is_closing))
        return false;
    bool is_empty = (*at)[-2] == '/';
    p->depth -= !is_closing && is_empty;
    if (is_closing || is_empty)
        end_tag(p, name, n);
    return !(is_closing && is_empty);
}

/* Accepts "&amp;" and the other four entities of XML, and numbers of characters that may stand in a text. */
static size_t entity_length(const char *text)
{
    static const char *const known[] = { "&amp;", "&lt;", "&gt;", "&quot;", "&apos;" };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strncmp(text, known[i], strlen(known[i])) == 0)
            return strlen(known[i]);
    if (text[1] != '#' || !(isdigit((unsigned char)text[2]) || (text[2] == 'x' && isxdigit((unsigned char)text[3]))))
        return 0;
    char *end;
    unsigned long code = text[2] == 'x' ? strtoul(text + 3, &end, 16) : strtoul(text + 2, &end, 10);
    bool is_good = *end == ';' && end - text < 12 && (code < 0xd800 || code > 0xdfff) && code <= 0x10ffff &&
                   text_safe_code((uint32_t)code);
    return is_good ? (size_t)(end + 1 - text) : 0;
}

/* Copies the text of the picture; blanks between elements shrink. */
static bool write_text(struct picture *p, const char **at)
{
    const char *text = *at, *end = text + strcspn(text, "<");
    *at = end;
    if (text + strspn(text, " \t\r\n") >= end) {
        if (p->depth > 0)
            fputc('\n', p->out);
        return true;
    }
    if (p->depth > 0)
        p->open[p->depth - 1].has_content = true;
    while (text < end) {
        size_t skip = 1, n = *text == '&' ? entity_length(text) : text_safe_character(text, &skip);
        if ((n == 0 && *text == '&') || p->depth == 0)
            return false;
        if (n > 0)
            fwrite(text, 1, n, p->out);
        else
            fputc(' ', p->out);
        text += n > 0 ? n : skip;
    }
    return true;
}

static bool write_picture(FILE *out, const char *text, const char *title, const char *prefix)
{
    struct picture p = { .out = out, .title = title, .prefix = prefix };
    const char *at = strstr(text, "<svg");
    while (at && *at) {
        bool good = true;
        if (strncmp(at, "<!--", 4) == 0) {
            const char *end = strstr(at, "-->");
            at = end ? end + 3 : at + strlen(at);
        } else {
            good = *at == '<' ? write_tag(&p, &at) : write_text(&p, &at);
        }
        if (!good)
            return false;
    }
    return p.has_root && p.depth == 0;
}

static char *read_text(const char *path, size_t most)
{
    FILE *file = file_open(path);
    char *text = file ? malloc(most + 2) : NULL;
    size_t n = text ? fread(text, 1, most + 1, file) : 0;
    if (file)
        fclose(file);
    if (text && (n == 0 || n > most || memchr(text, 0, n))) {
        free(text);
        return NULL;
    }
    if (text)
        text[n] = 0;
    return text;
}

bool html_write_svg(FILE *out, const char *path, const char *title, const char *prefix, size_t most_bytes,
                    size_t *n_bytes)
{
    char *text = read_text(path, MOST_FILE_BYTES), *made = NULL;
    size_t size = 0;
    FILE *stream = text ? open_memstream(&made, &size) : NULL;
    bool good = stream && write_picture(stream, text, title, prefix);
    if (stream && (fclose(stream) != 0 || size > most_bytes))
        good = false;
    if (good)
        fwrite(made, 1, size, out);
    *n_bytes = good ? size : 0;
    free(made);
    free(text);
    return good;
}
