/* markup.h - labels, paths and messages into Markdown and HTML. */
#ifndef MARKUP_H
#define MARKUP_H

#include <stddef.h>
#include <stdio.h>

/* In Markdown (GFM), in a table's cell too: nothing in the text has a meaning there. Letters, digits and what cannot be
 * mistaken stay as they are, so "HK->WUS" is "HK->WUS". */
void markup_markdown(FILE *out, const char *text);
/* As part of a relative link's target in Markdown. */
void markup_link(FILE *out, const char *file_name);
/* In HTML, in an attribute's value in quotes too; "->" becomes an arrow, which no line breaks apart. What is no UTF-8
 * comes out as U+FFFD. */
void markup_html(FILE *out, const char *text);
/* As a string of JSON, with its quotes, that stands inside <script>: "</script>" and "<!--" come to nothing. */
void markup_json(FILE *out, const char *text);

#endif
