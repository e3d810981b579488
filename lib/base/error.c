/* error.c - fills a caller's struct longhaul_error, once. Never prints. */

#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text_safe.h"

int error_set(struct longhaul_error *err, int code, const char *format, ...)
{
    if (err == NULL || err->code != 0)
        return code;
    va_list args;
    va_start(args, format);
    vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    text_make_safe(err->text);
    err->code = code;
    return code;
}

int error_errno(struct longhaul_error *err, int code, const char *format, ...)
{
    if (err == NULL || err->code != 0)
        return code;
    int saved = errno;
    char why[128];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    if (n >= 0 && (size_t)n < sizeof err->text)
        snprintf(err->text + n, sizeof err->text - (size_t)n, ": %s", strerror_r(saved, why, sizeof why));
    text_make_safe(err->text);
    err->code = code;
    return code;
}

const char *longhaul_version(void)
{
    return LONGHAUL_VERSION;
}

uint32_t longhaul_version_hex(void)
{
    return LONGHAUL_VERSION_HEX;
}
