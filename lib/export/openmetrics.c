/* openmetrics.c - an export as OpenMetrics text (version 1.0.0) with timestamps. All samples of a name must stand
 * together there, and in it those of a series in the order of time, so each name has a temporary file until all tests
 * are read. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/temporary.h"
#include "export/export_sink.h"

#define COPY_BYTES (1 << 18)

/* Bytes of a temporary file with samples of one set of labels, and nothing else. */
struct stretch {
    uint64_t labels; /* a hash */
    int64_t first_ms, last_ms;
    off_t at, n;
};

/* The samples of a family. */
struct spool {
    FILE *stream; /* NULL while it has none */
    off_t n;
    struct stretch *stretch;
    size_t n_stretches;
};

struct openmetrics {
    struct export_sink sink;
    struct export_file_out *out;
    int dir; /* where temporary files are */
    struct spool *spools; /* of each family */
    struct export_text text, labels;
    const struct export_test *test;
};

static struct openmetrics *of(struct export_sink *sink)
{
    return (struct openmetrics *)sink;
}

/* ---- temporary files */

/* Next to the output, where there is room for it, or in the folder for temporary files. */
static int open_dir(const struct longhaul_export_options *options)
{
    const char *temporary = getenv("TMPDIR");
    return options->path ? file_open_dir_of(options->path)
                         : open(temporary && *temporary ? temporary : "/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* It has no name, so nothing is left of it. */
static FILE *open_spool(int dir)
{
    char name[TEMPORARY_SIZE];
    int fd = temporary_file(dir, 0600, name);
    if (fd < 0)
        return NULL;
    unlinkat(dir, name, 0);
    FILE *stream = fdopen(fd, "w+");
    if (stream == NULL)
        close(fd);
    return stream;
}

/* The next leg's samples begin a stretch; those of the same leg's later tests go on with it. */
static bool add_stretch(struct spool *spool, const struct stretch *next)
{
    struct stretch *last = spool->n_stretches > 0 ? &spool->stretch[spool->n_stretches - 1] : NULL;
    if (last && last->labels == next->labels && last->last_ms < next->first_ms) {
        last->last_ms = next->last_ms;
        last->n += next->n;
        return true;
    }
    bool is_full = (spool->n_stretches & (spool->n_stretches - 1)) == 0; /* a power of two, or none */
    struct stretch *grown = is_full ? realloc(spool->stretch, (2 * spool->n_stretches + 1) * sizeof *grown)
                                    : spool->stretch;
    if (grown == NULL)
        return false;
    spool->stretch = grown;
    grown[spool->n_stretches++] = *next;
    return true;
}

static int put(struct openmetrics *o, const struct export_series *s, struct longhaul_error *err)
{
    struct spool *spool = &o->spools[s->i_family];
    struct stretch next = { hash_bytes(HASH_START, o->labels.at, o->labels.n), s->ms[0], s->ms[s->n - 1], spool->n,
                            (off_t)o->text.n };
    if (o->text.has_failed || o->labels.has_failed || !add_stretch(spool, &next))
        return error_set(err, LONGHAUL_ENOMEM, "export: out of memory");
    if (spool->stream == NULL && (spool->stream = open_spool(o->dir)) == NULL)
        return error_errno(err, LONGHAUL_EIO, "export: a temporary file");
    if (fwrite(o->text.at, 1, o->text.n, spool->stream) != o->text.n)
        return error_errno(err, LONGHAUL_EIO, "export: a temporary file");
    spool->n += (off_t)o->text.n;
    o->text.n = 0;
    return 0;
}

/* ---- samples */

static void put_sample(struct openmetrics *o, const struct export_series *s, size_t i, size_t part)
{
    struct export_text *text = &o->text;
    bool is_histogram = s->family->type == EXPORT_HISTOGRAM;
    export_put_name(text, s->family, part);
    export_text_put(text, "{");
    export_text_bytes(text, o->labels.at, o->labels.n);
    if (is_histogram && part < EXPORT_BUCKETS) {
        export_text_put(text, ",le=\"");
        export_put_bound(text, part);
        export_text_put(text, "\"");
    }
    export_text_put(text, "} ");
    export_text_number(text, is_histogram ? s->values[i * EXPORT_PARTS + part] : s->values[i]);
    export_text_put(text, " ");
    export_text_seconds(text, s->ms[i]);
    export_text_put(text, "\n");
}

static int take_series(const struct export_series *s, void *payload, struct longhaul_error *err)
{
    struct openmetrics *o = payload;
    size_t n_parts = export_series_parts(s);
    o->labels.n = 0;
    export_put_labels(&o->labels, o->sink.options, o->test, s, false);
    for (size_t i = 0; i < s->n; i++)
        for (size_t part = 0; part < n_parts; part++)
            put_sample(o, s, i, part);
    o->sink.told->n_samples += s->n * n_parts;
    return put(o, s, err);
}

static int take_test(struct export_sink *sink, const struct export_test *test, const struct export_range *range,
                     struct longhaul_error *err)
{
    (void)range;
    of(sink)->test = test;
    sink->told->n_tests++;
    sink->told->n_rows += test->n;
    return export_series_each(test, take_series, sink, err);
}

/* ---- the whole */

static void put_head(struct export_text *text, const struct export_family *family)
{
    static const char *const types[] = { "counter", "gauge", "histogram", "info" };
    static const char *const ends[] = { "_total", "", "", "_info" };
    char name[128];
    snprintf(name, sizeof name, EXPORT_PREFIX "%s", family->name);
    size_t n = strlen(name), end = strlen(ends[family->type]);
    name[n - end] = 0;
    const char *const parts[] = { "# TYPE ", name, " ", types[family->type], "\n# HELP ", name, " ", family->help,
                                  "\n" };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        export_text_put(text, parts[i]);
}

static int by_series(const void *a, const void *b)
{
    const struct stretch *x = a, *y = b;
    int order = (x->labels > y->labels) - (x->labels < y->labels);
    if (order == 0)
        order = (x->first_ms > y->first_ms) - (x->first_ms < y->first_ms);
    return order ? order : (x->at > y->at) - (x->at < y->at);
}

static int copy_stretch(struct openmetrics *o, FILE *stream, const struct stretch *stretch, struct longhaul_error *err)
{
    int rc = fseeko(stream, stretch->at, SEEK_SET) == 0 ? 0
                                                        : error_errno(err, LONGHAUL_EIO, "export: a temporary file");
    for (off_t left = stretch->n; rc == 0 && left > 0;) {
        size_t n = left < COPY_BYTES ? (size_t)left : COPY_BYTES;
        char *to = export_text_room(&o->text, n);
        if (to == NULL || fread(to, 1, n, stream) != n)
            return error_set(err, LONGHAUL_EIO, "export: a temporary file cannot be read");
        o->text.n += n;
        left -= (off_t)n;
        rc = export_out_put(o->out, &o->text, err);
    }
    return rc;
}

static int copy_spool(struct openmetrics *o, struct spool *spool, struct longhaul_error *err)
{
    int rc = fflush(spool->stream) == 0 ? 0 : error_errno(err, LONGHAUL_EIO, "export: a temporary file");
    qsort(spool->stretch, spool->n_stretches, sizeof *spool->stretch, by_series);
    for (size_t i = 0; rc == 0 && i < spool->n_stretches; i++)
        rc = copy_stretch(o, spool->stream, &spool->stretch[i], err);
    return rc;
}

static int write_all(struct openmetrics *o, struct longhaul_error *err)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < export_family_count(); i++) {
        if (o->spools[i].stream == NULL)
            continue;
        put_head(&o->text, export_family(i));
        rc = copy_spool(o, &o->spools[i], err);
    }
    export_text_put(&o->text, "# EOF\n");
    return rc ? rc : export_out_put(o->out, &o->text, err);
}

static int close_openmetrics(struct export_sink *sink, bool is_good, struct longhaul_error *err)
{
    struct openmetrics *o = of(sink);
    int rc = is_good ? write_all(o, err) : 0;
    int closed = export_out_close(o->out, is_good && rc == 0, err);
    for (size_t i = 0; o->spools && i < export_family_count(); i++) {
        if (o->spools[i].stream)
            fclose(o->spools[i].stream);
        free(o->spools[i].stretch);
    }
    if (o->dir >= 0)
        close(o->dir);
    export_text_free(&o->text);
    export_text_free(&o->labels);
    free(o->spools);
    free(o);
    return rc ? rc : closed;
}

int export_open_openmetrics(const struct longhaul_export_options *options, struct longhaul_exported *told,
                            struct export_sink **out, struct longhaul_error *err)
{
    static const struct export_sink_ops ops = { .test = take_test, .close = close_openmetrics, .needs_time = true };
    struct openmetrics *o = calloc(1, sizeof *o);
    if (o == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "export: out of memory");
    o->sink = (struct export_sink){ &ops, options, told };
    o->dir = open_dir(options);
    o->spools = calloc(export_family_count(), sizeof *o->spools);
    int rc = o->dir < 0         ? error_errno(err, LONGHAUL_EIO, "export: the folder for temporary files")
             : o->spools == NULL ? error_set(err, LONGHAUL_ENOMEM, "export: out of memory")
                                : export_out_open(options, &o->out, err);
    if (rc == 0)
        *out = &o->sink;
    else
        close_openmetrics(&o->sink, false, err);
    return rc;
}
