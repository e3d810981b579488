/* check.h - what a unit test needs: CHECK(condition, "what, with %s", values...) prints one result line. */
#ifndef CHECK_H
#define CHECK_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

static int check_failures;

static inline bool check_report(bool good, const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
static inline bool check_report(bool good, const char *file, int line, const char *format, ...)
{
    va_list args;
    printf(good ? "ok - " : "not ok - ");
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    if (!good)
        printf("   [%s:%d]", file, line);
    putchar('\n');
    fflush(stdout);
    check_failures += !good;
    return good;
}

#define CHECK(condition, ...) check_report(condition, __FILE__, __LINE__, __VA_ARGS__)
#define CHECK_DONE() (check_failures != 0)

#endif
