/* warnings.h - warnings about a file: lines with the byte offset, a limited number. */
#ifndef WARNINGS_H
#define WARNINGS_H

#include <stddef.h>
#include <stdint.h>

struct warnings {
    char **lines;
    size_t n;
};

/* Adds "byte AT: ...". After a hundred warnings, one more says that there are others. */
void warnings_add(struct warnings *warnings, uint64_t at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void warnings_free(struct warnings *warnings);

/* What happens to many intervals becomes one warning: how often, and where first. */
struct tally {
    size_t n;
    uint64_t first_at;
};

void tally_count(struct tally *tally, uint64_t at);
/* Adds a warning, if there is anything to report, and starts again. */
void tally_warn(struct tally *tally, struct warnings *warnings, const char *what);

#endif
