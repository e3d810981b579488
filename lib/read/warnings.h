/* warnings.h - what a reader has to say about a file: lines with the byte offset, not too many of them. */
#ifndef WARNINGS_H
#define WARNINGS_H

#include <stddef.h>
#include <stdint.h>

struct warnings {
    char **lines;
    size_t n;
};

/* "byte AT: ...". After the hundredth there is one more, that there are more. */
void warnings_add(struct warnings *warnings, uint64_t at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void warnings_free(struct warnings *warnings);

/* Something that happens to many intervals is one warning: how often, and where first. */
struct tally {
    size_t n;
    uint64_t first_at;
};

void tally_count(struct tally *tally, uint64_t at);
/* Makes a warning of it, when there is anything, and begins anew. */
void tally_warn(struct tally *tally, struct warnings *warnings, const char *what);

#endif
