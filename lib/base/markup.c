/* markup.c - writes labels, paths and messages into Markdown, HTML and the JSON inside a page. Such texts come from
 * files that other people wrote, so every character with a meaning there is escaped. */

#include "base/markup.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/text_safe.h"

const char *markup_character(FILE *out, const char *text)
{
    size_t skip, n = text_safe_character(text, &skip);
    if (n > 0)
        fwrite(text, 1, n, out);
    else
        fputs((unsigned char)*text < 0x80 || skip > 1 ? " " : "\xef\xbf\xbd", out);
    return text + skip;
}

/* ---- Markdown */

/* True if a link begins at this dot, as at that of "www.". */
static bool is_of_link(const char *text, const char *dot)
{
    return dot - text >= 3 && strncasecmp(dot - 3, "www", 3) == 0;
}

/* In GFM "_" inside a word, and "-" and ">" after another character, are plain text. */
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
        if (*text == '&' || *text == '<' || *text == '@' ||
            (*text == ':' && text[1] == '/')) /* no entity, tag, mention, link */
            fprintf(out, "&#%d;", *text);
        else if (strchr("\\`*_{}[]#|!~$>.", *text) && !is_plain_there(whole, text))
            fprintf(out, "\\%c", *text);
        else {
            text = markup_character(out, text);
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

static bool is_pair(const char *text)
{
    return strncmp(text, "<->", 3) == 0;
}

void markup_html(FILE *out, const char *text)
{
    while (*text) {
        switch (*text) {
        case '-':
            fputs(text[1] == '>' ? "&rarr;" : "-", out);
            text += text[1] == '>' ? 2 : 1;
            break;
        case '&': fputs("&amp;", out); text++; break;
        case '<':
            fputs(is_pair(text) ? "&harr;" : "&lt;", out);
            text += is_pair(text) ? 3 : 1;
            break;
        case '>': fputs("&gt;", out); text++; break;
        case '"': fputs("&quot;", out); text++; break;
        case '\'': fputs("&#39;", out); text++; break;
        default: text = markup_character(out, text);
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
        } else {
            text = markup_character(out, text);
        }
    }
    fputc('"', out);
}
