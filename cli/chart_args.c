/* chart_args.c - the flags that select charts and their look: lists of names, a theme, a size in pixels. */

#include "chart_args.h"

#include <stdio.h>
#include <string.h>

#include "args.h"
#include "cmd.h"

#define MAX_NAMES 8

/* The bits of a comma-separated list of names; false if one is not in names. Bit i stands for names[i]. */
static bool bits_of(const char *list, const char *const *names, size_t n, unsigned *out)
{
    unsigned bits = 0;
    for (const char *at = list; ; at++) {
        size_t length = strcspn(at, ","), i = 0;
        while (i < n && (strlen(names[i]) != length || strncmp(names[i], at, length) != 0))
            i++;
        if (i == n)
            return false;
        bits |= 1u << i;
        at += length;
        if (*at == 0)
            break;
    }
    *out = bits;
    return true;
}

bool chart_args_kinds(const char *command, const char *flag, const char *text, unsigned *out)
{
    const char *names[MAX_NAMES];
    char known[128] = "all";
    size_t n = 0, length = 3;
    for (; n < MAX_NAMES && longhaul_chart_text((enum longhaul_chart)(1u << n)); n++) {
        names[n] = longhaul_chart_text((enum longhaul_chart)(1u << n));
        length += (size_t)snprintf(known + length, sizeof known - length, ", %s", names[n]);
    }
    if (strcmp(text, "all") == 0) {
        *out = LONGHAUL_CHARTS_ALL;
        return true;
    }
    if (bits_of(text, names, n, out))
        return true;
    cmd_misused(command, "%s '%s': a comma-separated list of %s", flag, text, known);
    return false;
}

bool chart_args_pictures(const char *command, const char *flag, const char *text, unsigned *out)
{
    static const char *const names[] = { "png", "svg" };
    if (bits_of(text, names, 2, out))
        return true;
    cmd_misused(command, "%s '%s': png, svg, or png,svg", flag, text);
    return false;
}

bool chart_args_theme(const char *command, const char *flag, const char *text, enum longhaul_theme *out)
{
    static const char *const names[] = { "light", "dark", "print" };
    for (int i = 0; i < 3; i++)
        if (strcmp(text, names[i]) == 0) {
            *out = (enum longhaul_theme)i;
            return true;
        }
    cmd_misused(command, "%s '%s': light, dark or print", flag, text);
    return false;
}

bool chart_args_size(const char *command, const char *flag, const char *text, uint32_t *width, uint32_t *height)
{
    unsigned w, h;
    char after;
    if (strspn(text, "0123456789x") == strlen(text) && sscanf(text, "%5ux%5u%c", &w, &h, &after) == 2 &&
        w >= LONGHAUL_PICTURE_MIN && w <= LONGHAUL_PICTURE_MAX && h >= LONGHAUL_PICTURE_MIN &&
        h <= LONGHAUL_PICTURE_MAX) {
        *width = w;
        *height = h;
        return true;
    }
    cmd_misused(command, "%s '%s': pixels, such as 2800x1600, each from %d to %d", flag, text, LONGHAUL_PICTURE_MIN,
                LONGHAUL_PICTURE_MAX);
    return false;
}

bool chart_args_dpi(const char *command, const char *flag, const char *text, uint32_t *out)
{
    uint64_t value;
    if (!args_integer(command, flag, text, LONGHAUL_DPI_MIN, LONGHAUL_DPI_MAX, &value))
        return false;
    *out = (uint32_t)value;
    return true;
}
