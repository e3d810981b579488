/* batch.h - reading many files at once. */
#ifndef BATCH_H
#define BATCH_H

#include <longhaul.h>

/* What came of one file. */
struct batch_file {
    const char *path; /* borrowed from the caller of batch_read() */
    struct longhaul_series **series;
    size_t n_series;
    char **warnings;
    size_t n_warnings;
    struct longhaul_error error; /* code 0 when it was read to its end */
};

/* Reads n files on as many threads as there are cores, this one included. *out has n elements, in the order of paths.
 * Fails only without memory for that; what is wrong with a file, also that there was none for it alone, is in its
 * error. */
int batch_read(const char *const *paths, size_t n, const struct longhaul_read_options *options, struct batch_file **out,
               struct longhaul_error *err);
/* Series that the caller took over are NULL by then. */
void batch_free(struct batch_file *files, size_t n);

#endif
