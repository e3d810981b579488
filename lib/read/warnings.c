/* warnings.c - collects what was skipped or mended in a file. Prints nothing; when out of memory, a warning is lost. */

#include "read/warnings.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_WARNINGS 100

static void append(struct warnings *w, char *line)
{
    char **grown = line ? realloc(w->lines, (w->n + 1) * sizeof *grown) : NULL;
    if (grown == NULL) {
        free(line);
        return;
    }
    w->lines = grown;
    w->lines[w->n++] = line;
}

void warnings_add(struct warnings *w, uint64_t at, const char *format, ...)
{
    char what[256], *line;
    va_list args;
    if (w->n > MAX_WARNINGS)
        return;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    int n = w->n == MAX_WARNINGS ? asprintf(&line, "byte %" PRIu64 " and after: more such warnings", at)
                                 : asprintf(&line, "byte %" PRIu64 ": %s", at, what);
    append(w, n < 0 ? NULL : line);
}

void warnings_free(struct warnings *w)
{
    for (size_t i = 0; i < w->n; i++)
        free(w->lines[i]);
    free(w->lines);
    *w = (struct warnings){ 0 };
}

void tally_count(struct tally *tally, uint64_t at)
{
    if (tally->n++ == 0)
        tally->first_at = at;
}

void tally_warn(struct tally *tally, struct warnings *w, const char *what)
{
    if (tally->n > 0)
        warnings_add(w, tally->first_at, "%s (%zu in this test)", what, tally->n);
    *tally = (struct tally){ 0 };
}
