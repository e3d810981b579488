/* report_stamp.c - the time when a text was made. A file that would differ only in that time is not written, so that a
 * folder that is watched or in Git changes only when its figures do. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/error.h"
#include "base/file.h"
#include "publish/publish.h"

#define MADE "Generated on: " /* precedes the time */
#define NONCE "nonce-"        /* precedes the nonce, near the beginning of a file */
#define BEGINNING 4096

int report_stamp_now(struct report_stamp *stamp, struct longhaul_error *err)
{
    unsigned char random[REPORT_NONCE_SIZE / 2];
    struct tm utc;
    time_t now = time(NULL);
    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        return error_errno(err, LONGHAUL_EIO, "random numbers");
    strftime(stamp->made, sizeof stamp->made, "%Y-%m-%d %H:%M:%SZ", gmtime_r(&now, &utc));
    for (size_t i = 0; i < sizeof random; i++)
        snprintf(stamp->nonce + 2 * i, 3, "%02x", random[i]);
    return 0;
}

/* Copies the size characters of the text that follow the mark; fails if there are fewer. */
static bool copy_after(const char *text, const char *mark, const char *among, char *out, size_t size)
{
    const char *found = strstr(text, mark);
    if (found == NULL || strspn(found + strlen(mark), among) < size)
        return false;
    memcpy(out, found + strlen(mark), size);
    out[size] = 0;
    return true;
}

static bool stamp_of_file(const char *path, struct report_stamp *stamp)
{
    char text[BEGINNING + 1];
    FILE *file = file_open(path);
    size_t n = file ? fread(text, 1, BEGINNING, file) : 0;
    if (file)
        fclose(file);
    text[n] = 0;
    *stamp = (struct report_stamp){ { 0 }, { 0 } };
    copy_after(text, NONCE, "0123456789abcdef", stamp->nonce, REPORT_NONCE_SIZE);
    return copy_after(text, MADE, "0123456789-: Z", stamp->made, REPORT_MADE_SIZE);
}

/* True if the existing file would be the same now except for its stamp. */
static int is_unchanged(const struct longhaul_report *report, const char *path, report_writer *write, bool *is,
                        struct longhaul_error *err)
{
    struct report_stamp old;
    char *text;
    *is = false;
    if (report->options->wants_redraw || !stamp_of_file(path, &old))
        return 0;
    int rc = write(report, &old, &text, err);
    if (rc == 0) {
        *is = file_holds(path, text, strlen(text));
        free(text);
    }
    return rc;
}

int report_write_stamped(struct longhaul_report *report, const char *name, report_writer *write,
                         struct longhaul_error *err)
{
    struct report_stamp now;
    bool is_there = false;
    char *text = NULL, *path = file_join(report->out_dir, name);
    int rc = path ? is_unchanged(report, path, write, &is_there, err)
                  : error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", name);
    if (rc == 0 && !is_there) {
        rc = report_stamp_now(&now, err);
        if (rc == 0)
            rc = write(report, &now, &text, err);
        if (rc == 0)
            rc = report_write_file(report, name, text, false, err);
        free(text);
    }
    free(path);
    return rc;
}
