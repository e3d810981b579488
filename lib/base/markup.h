/* markup.h - writes labels, paths and messages into Markdown, HTML and other formats. */
#ifndef MARKUP_H
#define MARKUP_H

#include <stddef.h>
#include <stdio.h>

/* Copies the character at text or its replacement: a blank for a control character, U+FFFD for bytes that are not
 * UTF-8. Returns the position after it. */
const char *markup_character(FILE *out, const char *text);
/* Escapes text for Markdown (GFM), also inside a table's cell. Letters, digits and unambiguous characters stay as they
 * are, so "HK->WUS" remains "HK->WUS". */
void markup_markdown(FILE *out, const char *text);
/* Escapes a file name as part of a relative link's target in Markdown. */
void markup_link(FILE *out, const char *file_name);
/* Escapes text for HTML, also inside a quoted attribute. "->" and "<->" become arrows at
 * which no line breaks. Bytes that are
 * not UTF-8 become U+FFFD. */
void markup_html(FILE *out, const char *text);
/* Writes text as a JSON string, with its quotes, for use inside <script>: "</script>" and "<!--" are made harmless. */
void markup_json(FILE *out, const char *text);

#endif
