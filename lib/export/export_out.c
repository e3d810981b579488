/* export_out.c - the file of an export: either a draft, which appears when it is whole, or somebody's descriptor. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "export/export_sink.h"

struct export_file_out {
    struct file_draft draft;
    bool has_draft;
    int fd;
};

int export_out_open(const struct longhaul_export_options *options, struct export_file_out **out,
                    struct longhaul_error *err)
{
    struct export_file_out *o = calloc(1, sizeof *o);
    if (o == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "export: out of memory");
    o->fd = options->fd;
    o->has_draft = options->path != NULL;
    if (o->has_draft)
        file_clean_dir_of(options->path);
    int rc = o->has_draft ? file_begin(&o->draft, options->path, err) : 0;
    if (rc != 0)
        free(o);
    else
        *out = o;
    return rc;
}

static int write_all(int fd, const char *bytes, size_t n, struct longhaul_error *err)
{
    while (n > 0) {
        ssize_t written = write(fd, bytes, n);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return error_errno(err, LONGHAUL_EIO, "export: the output");
        bytes += written;
        n -= (size_t)written;
    }
    return 0;
}

int export_out_put(struct export_file_out *out, struct export_text *text, struct longhaul_error *err)
{
    int rc = text->has_failed ? error_set(err, LONGHAUL_ENOMEM, "export: out of memory") : 0;
    if (rc == 0 && out->has_draft && fwrite(text->at, 1, text->n, out->draft.stream) != text->n)
        rc = error_errno(err, LONGHAUL_EIO, "%s", out->draft.path);
    if (rc == 0 && !out->has_draft)
        rc = write_all(out->fd, text->at, text->n, err);
    text->n = 0;
    return rc;
}

int export_out_close(struct export_file_out *out, bool is_good, struct longhaul_error *err)
{
    int rc = 0;
    if (out == NULL)
        return 0;
    if (out->has_draft && is_good)
        rc = file_commit(&out->draft, err);
    else if (out->has_draft)
        file_abandon(&out->draft);
    free(out);
    return rc;
}
