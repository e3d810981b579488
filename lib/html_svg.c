/* html_svg.c - a picture of gnuplot's as part of a page. Element by element: what draws is copied, what could do anything else (scripts,
 * links, styles, handlers) is refused, the names inside get a prefix so that many pictures can stand in one page. */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "html.h"
#include "markup.h"

/* What gnuplot's svg terminal draws with. */
static const char *const elements[] = { "circle", "clipPath", "defs", "desc", "ellipse", "feComposite", "feFlood", "filter", "g",
                                       "line", "path",
                                        "pattern", "polygon", "polyline", "rect", "svg", "text", "title", "tspan", "use" };

static bool is_known(const char *name, size_t n)
{
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
        if (strlen(elements[i]) == n && strncmp(elements[i], name, n) == 0)
            return true;
    return false;
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

/* Declarations of a style are attributes of the same names. */
static void write_style(FILE *out, const char *value, size_t n)
{
    for (size_t i = 0; i < n; ) {
        while (i < n && strchr(" ;\n\t", value[i]))
            i++;
        size_t name = name_length(value + i), colon = i + name;
        size_t end = colon;
        while (end < n && value[end] != ';')
            end++;
        if (name > 0 && colon < n && value[colon] == ':')
            fprintf(out, " %.*s=\"%.*s\"", (int)name, value + i, (int)(end - colon - 1), value + colon + 1);
        i = end + 1;
    }
}

/* A reference inside the picture, "#x" or "url(#x)"; others are refused. */
static bool write_reference(FILE *out, const char *name, size_t n, const char *value, size_t m, const char *prefix)
{
    const char *hash = memchr(value, '#', m);
    bool is_url = m > 5 && strncmp(value, "url(", 4) == 0;
    if (hash == NULL || hash - value > (is_url ? 5 : 0))
        return false;
    fprintf(out, " %.*s=\"%.*s#%s%.*s\"", (int)n, name, (int)(hash - value), value, prefix, (int)(m - (size_t)(hash + 1 - value)),
            hash + 1);
    return true;
}

/* Coordinates to a tenth of a pixel: gnuplot's hundredths are a fifth of a page. */
static void write_coordinates(FILE *out, const char *value, size_t m)
{
    for (size_t i = 0; i < m; ) {
        size_t n = 0, digits = 0;
        while (i + n < m && isdigit((unsigned char)value[i + n]))
            n++;
        if (n > 0 && i + n < m && value[i + n] == '.')
            while (i + n + 1 + digits < m && isdigit((unsigned char)value[i + n + 1 + digits]))
                digits++;
        if (digits > 1) {
            char number[32];
            snprintf(number, sizeof number, "%.1f", strtod(value + i, NULL));
            size_t length = strlen(number);
            fprintf(out, "%.*s", (int)(length > 2 && number[length - 1] == '0' ? length - 2 : length), number);
            i += n + 1 + digits;
        } else {
            fputc(value[i++], out);
        }
    }
}

static bool write_attribute(FILE *out, const char *name, size_t n, const char *value, size_t m, const char *prefix)
{
    if (memchr(value, '"', m) || memchr(value, '<', m) || strncmp(name, "on", 2) == 0)
        return false;
    if (is_name(name, n, "style"))
        write_style(out, value, m);
    else if (is_name(name, n, "xlink:href") || is_name(name, n, "href"))
        return write_reference(out, "href", 4, value, m, prefix);
    else if (m >= 4 && strncmp(value, "url(", 4) == 0)
        return write_reference(out, name, n, value, m, prefix);
    else if (is_name(name, n, "id"))
        fprintf(out, " id=\"%s%.*s\"", prefix, (int)m, value);
    else if (is_name(name, n, "d") || is_name(name, n, "points")) {
        fprintf(out, " %.*s=\"", (int)n, name);
        write_coordinates(out, value, m);
        fputs("\"", out);
    } else if (strncmp(name, "xmlns", 5) != 0)
        fprintf(out, " %.*s=\"%.*s\"", (int)n, name, (int)m, value);
    return true;
}

/* Attributes up to ">" or "/>"; *p comes to stand behind that. */
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

/* gnuplot's own title and description say nothing. */
static const char *skip_element(const char *p, const char *name)
{
    char closing[16];
    snprintf(closing, sizeof closing, "</%s>", name);
    const char *end = strstr(p, closing);
    return end ? end + strlen(closing) : p + strlen(p);
}

static bool write_tag(FILE *out, const char **p, const char *prefix, const char *title, bool *has_root)
{
    bool is_closing = (*p)[1] == '/';
    const char *name = *p + 1 + is_closing;
    size_t n = name_length(name);
    bool is_root = is_name(name, n, "svg");
    if (!is_known(name, n) || (!*has_root && !is_root) || (is_root && !is_closing && *has_root))
        return false;
    if (!is_closing && (is_name(name, n, "title") || is_name(name, n, "desc"))) {
        *p = skip_element(*p, is_name(name, n, "title") ? "title" : "desc");
        return true;
    }
    fprintf(out, "<%s%.*s", is_closing ? "/" : "", (int)n, name);
    *p = name + n;
    if (is_root && !is_closing) {
        *has_root = true;
        fputs(" role=\"img\" aria-label=\"", out);
        markup_html(out, title);
        fputs("\"", out);
    }
    return write_attributes(out, p, prefix, is_root);
}

/* Text of the picture: its entities are kept, what is between elements shrinks. */
static void write_text(FILE *out, const char **p)
{
    size_t n = strcspn(*p, "<");
    if (strspn(*p, " \t\r\n") < n)
        fwrite(*p, 1, n, out);
    else if (n > 0)
        fputc('\n', out);
    *p += n;
}

static bool write_picture(FILE *out, const char *p, const char *title, const char *prefix)
{
    bool has_root = false;
    p = strstr(p, "<svg");
    while (p && *p) {
        if (strncmp(p, "<!--", 4) == 0) {
            const char *end = strstr(p, "-->");
            p = end ? end + 3 : p + strlen(p);
        } else if (*p == '<') {
            if (!write_tag(out, &p, prefix, title, &has_root))
                return false;
        } else {
            write_text(out, &p);
        }
    }
    return has_root;
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

bool html_write_svg(FILE *out, const char *path, const char *title, const char *prefix, size_t most_bytes, size_t *n_bytes)
{
    char *text = read_text(path, most_bytes), *made = NULL;
    size_t size = 0;
    FILE *stream = text ? open_memstream(&made, &size) : NULL;
    bool good = stream && write_picture(stream, text, title, prefix);
    if (stream && fclose(stream) != 0)
        good = false;
    if (good)
        fwrite(made, 1, size, out);
    *n_bytes = good ? size : 0;
    free(made);
    free(text);
    return good;
}
