/* batch.h - reads many files in parallel. */
#ifndef BATCH_H
#define BATCH_H

#include <longhaul.h>

/* The result for one file. */
struct batch_file {
    const char *path; /* borrowed from the caller of batch_read() */
    struct longhaul_series **series;
    size_t n_series;
    char **warnings;
    size_t n_warnings;
    struct longhaul_error error; /* code 0 if it was read to its end */
    bool may_be_other; /* it cannot be opened now, memory was short, or the disk failed within it */
};

/* Reads n files on as many threads as there are cores, including this one. *out has n elements, in the order of paths.
 * Fails only if there is no memory for that list; an error of a single file, including lack of memory for it, is in its
 * element. */
int batch_read(const char *const *paths, size_t n, const struct longhaul_read_options *options, struct batch_file **out,
               struct longhaul_error *err);
/* Set series that you keep to NULL before. */
void batch_free(struct batch_file *files, size_t n);

/* Calls each(payload, i) for each i below n, on as many threads as there are cores. This thread works too; if helper
 * threads cannot be made, it works alone. Signals stay with the host's own threads. */
typedef void batch_work(void *payload, size_t i);
void batch_run(size_t n, batch_work *each, void *payload);

#endif
