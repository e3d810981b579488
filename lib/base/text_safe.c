/* text_safe.c - decides which characters of a text from outside (files, peers, arguments, file names) may be shown in
 * terminals and documents. Quoting for a particular format happens elsewhere. */

#include "base/text_safe.h"

#include <stdlib.h>
#include <string.h>

#include <longhaul.h>

#include "base/utf8.h"

bool text_safe_code(uint32_t code)
{
    static const struct { uint32_t first, last; } refused[] = {
        { 0, 0x1f }, { 0x7f, 0x9f }, { 0x61c, 0x61c }, { 0x200b, 0x200b }, { 0x200e, 0x200f }, { 0x2028, 0x202e },
        { 0x2060, 0x206f }, { 0xfdd0, 0xfdef }, { 0xfeff, 0xfeff }, { 0xfff9, 0xfffb }, { 0xe0000, 0xe0fff } };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (code >= refused[i].first && code <= refused[i].last)
            return false;
    return (code & 0xfffe) != 0xfffe;
}

size_t text_safe_character(const char *text, size_t *skip)
{
    uint32_t code;
    size_t n = utf8_decode(text, strnlen(text, 4), &code);
    if (skip)
        *skip = n ? n : 1;
    return n > 0 && text_safe_code(code) ? n : 0;
}

void text_make_safe(char *text)
{
    char *out = text;
    while (*text) {
        uint32_t code;
        size_t n = utf8_decode(text, strnlen(text, 4), &code);
        bool is_safe = n > 0 && text_safe_code(code);
        if (is_safe)
            memmove(out, text, n);
        else
            *out = n > 0 ? ' ' : '?';
        out += is_safe ? n : 1;
        text += n ? n : 1;
    }
    *out = 0;
}

size_t longhaul_text_character(const char *text, size_t *skip)
{
    return text_safe_character(text, skip);
}

void longhaul_text_free(char *text)
{
    free(text);
}

bool text_is_formula(const char *text)
{
    return *text && strchr("=+-@\t\r", *text);
}
