/* markup.c - labels, paths and messages into Markdown, HTML and the JSON inside a page. They come out of files that other people
 * wrote: nothing in them has a meaning when they come out here. */

#include "markup.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* Continuation bytes that follow this first byte, and what the first of them must be within (RFC 3629). */
static size_t tail_of(unsigned char c, unsigned char *low, unsigned char *high)
{
    *low = c == 0xc2 || c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80; /* below U+00A0 are controls, of terminals too */
    *high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
    return c >= 0xc2 && c <= 0xdf ? 1 : c >= 0xe0 && c <= 0xef ? 2 : c >= 0xf0 && c <= 0xf4 ? 3 : 0;
}

size_t markup_character(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    unsigned char low, high;
    if (p[0] < 0x80)
        return p[0] >= ' ' && p[0] != 0x7f;
    size_t n = tail_of(p[0], &low, &high);
    if (n == 0 || p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i <= n; i++)
        if (p[i] < 0x80 || p[i] > 0xbf)
            return 0;
    return n + 1;
}

/* Copies the next character, or its replacement; returns where the one after it is. */
static const char *copy_character(FILE *out, const char *text)
{
    size_t n = markup_character(text);
    if (n > 0)
        fwrite(text, 1, n, out);
    else
        fputs((unsigned char)*text < 0x80 ? " " : "\xef\xbf\xbd", out);
    return text + (n ? n : 1);
}

/* ---- Markdown */

/* Does a link begin at this dot? It does at that of "www.". */
static bool is_of_link(const char *text, const char *dot)
{
    return dot - text >= 3 && strncasecmp(dot - 3, "www", 3) == 0;
}

/* "_" within a word and "-" and ">" after something are text in GFM. */
static bool is_plain_there(const char *text, const char *at)
{
    char before = at > text ? at[-1] : 0;
    if (*at == '_')
        return isalnum((unsigned char)before) && isalnum((unsigned char)at[1]);
    if (*at == '.')
        return !is_of_link(text, at);
    return *at == '>' && before == '-';
}

void markup_markdown(FILE *out, const char *text)
{
    for (const char *whole = text; *text;) {
        if (*text == '&' || *text == '<' || *text == '@' || (*text == ':' && text[1] == '/')) /* no entity, tag, mention, link */
            fprintf(out, "&#%d;", *text);
        else if (strchr("\\`*_{}[]#|!~$>.", *text) && !is_plain_there(whole, text))
            fprintf(out, "\\%c", *text);
        else {
            text = copy_character(out, text);
            continue;
        }
        text++;
    }
}

void markup_link(FILE *out, const char *name)
{
    for (; *name; name++)
        if (isalnum((unsigned char)*name) || strchr("._-/", *name))
            fputc(*name, out);
        else
            fprintf(out, "%%%02X", (unsigned char)*name);
}

/* ---- HTML */

void markup_html(FILE *out, const char *text)
{
    while (*text) {
        switch (*text) {
        case '-':
            fputs(text[1] == '>' ? "&rarr;" : "-", out);
            text += text[1] == '>' ? 2 : 1;
            break;
        case '&': fputs("&amp;", out); text++; break;
        case '<': fputs("&lt;", out); text++; break;
        case '>': fputs("&gt;", out); text++; break;
        case '"': fputs("&quot;", out); text++; break;
        case '\'': fputs("&#39;", out); text++; break;
        default: text = copy_character(out, text);
        }
    }
}

void markup_json(FILE *out, const char *text)
{
    fputc('"', out);
    while (*text) {
        if (strchr("\"\\<>&'", *text) || (unsigned char)*text < ' ') {
            fprintf(out, "\\u%04x", (unsigned char)*text);
            text++;
        } else if (strncmp(text, "\xe2\x80\xa8", 3) == 0 || strncmp(text, "\xe2\x80\xa9", 3) == 0) { /* ends of line in scripts */
            fputs(text[2] == '\xa8' ? "\\u2028" : "\\u2029", out);
            text += 3;
        } else {
            text = copy_character(out, text);
        }
    }
    fputc('"', out);
}
