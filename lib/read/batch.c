/* batch.c - reads many files in parallel, with at most one thread per core available to this process. Knows nothing of
 * their contents. */

#include "read/batch.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "read/reader.h"

struct batch {
    struct batch_file *files;
    const struct longhaul_read_options *options;
};

struct pool {
    batch_work *work;
    void *payload;
    size_t n;
    atomic_size_t next;
};

static bool add_series(struct batch_file *file, struct longhaul_series *series)
{
    struct longhaul_series **grown = realloc(file->series, (file->n_series + 1) * sizeof *grown);
    if (grown == NULL)
        return false;
    file->series = grown;
    grown[file->n_series++] = series;
    return true;
}

static bool keep_warnings(struct batch_file *file, const struct longhaul_reader *reader)
{
    size_t n = longhaul_reader_n_warnings(reader);
    file->warnings = calloc(n + 1, sizeof *file->warnings);
    for (size_t i = 0; file->warnings && i < n; i++) {
        file->warnings[i] = strdup(longhaul_reader_warning(reader, i));
        if (file->warnings[i] == NULL)
            return false;
        file->n_warnings++;
    }
    return file->warnings != NULL;
}

static void read_file(struct batch_file *file, const struct longhaul_read_options *options)
{
    struct longhaul_reader *reader = NULL;
    struct longhaul_series *series;
    int rc = longhaul_reader_open(file->path, options, &reader, &file->error);
    file->may_be_other = rc == LONGHAUL_EIO || rc == LONGHAUL_ENOMEM;
    if (rc)
        return;
    while ((rc = longhaul_reader_next(reader, &series, &file->error)) > 0)
        if (!add_series(file, series)) {
            longhaul_series_free(series);
            rc = LONGHAUL_ENOMEM;
            break;
        }
    if (!keep_warnings(file, reader) || rc == LONGHAUL_ENOMEM)
        error_set(&file->error, LONGHAUL_ENOMEM, "%s: out of memory", file->path);
    file->may_be_other = reader_has_read_fault(reader) || file->error.code == LONGHAUL_ENOMEM;
    longhaul_reader_free(reader);
}

static void read_one(void *payload, size_t i)
{
    const struct batch *batch = payload;
    read_file(&batch->files[i], batch->options);
}

static void *work(void *payload)
{
    struct pool *pool = payload;
    for (size_t i; (i = atomic_fetch_add(&pool->next, 1)) < pool->n;)
        pool->work(pool->payload, i);
    return NULL;
}

static size_t count_cores(void)
{
    cpu_set_t set;
    int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return n > 1 ? (size_t)n : 1;
}

void batch_run(size_t n_parts, batch_work *each, void *payload)
{
    struct pool pool = { .work = each, .payload = payload, .n = n_parts };
    size_t most = count_cores(), n = 0;
    if (most > n_parts)
        most = n_parts;
    pthread_t *helpers = most > 1 ? calloc(most - 1, sizeof *helpers) : NULL;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (helpers && n < most - 1 && pthread_create(&helpers[n], NULL, work, &pool) == 0)
        n++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    work(&pool);
    while (n > 0)
        pthread_join(helpers[--n], NULL);
    free(helpers);
}

/* A file for which memory ran out next to others may be small: it is read again, alone. */
static void forget(struct batch_file *file)
{
    for (size_t k = 0; k < file->n_series; k++)
        longhaul_series_free(file->series[k]);
    for (size_t k = 0; k < file->n_warnings; k++)
        free(file->warnings[k]);
    free(file->series);
    free(file->warnings);
    *file = (struct batch_file){ .path = file->path };
}

int batch_read(const char *const *paths, size_t n, const struct longhaul_read_options *options, struct batch_file **out,
               struct longhaul_error *err)
{
    struct batch batch = { .files = calloc(n + 1, sizeof *batch.files), .options = options };
    if (batch.files == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "out of memory");
    for (size_t i = 0; i < n; i++)
        batch.files[i].path = paths[i];
    batch_run(n, read_one, &batch);
    for (size_t i = 0; i < n; i++)
        if (batch.files[i].error.code == LONGHAUL_ENOMEM) {
            forget(&batch.files[i]);
            read_file(&batch.files[i], options);
        }
    *out = batch.files;
    return 0;
}

void batch_free(struct batch_file *files, size_t n)
{
    for (size_t i = 0; files && i < n; i++)
        forget(&files[i]);
    free(files);
}
