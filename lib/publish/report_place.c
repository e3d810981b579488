/* report_place.c - the folder into which a report is written: one report at a time, no leftovers of dead ones, and no
 * replacing of files that longhaul did not write. Writes none of the report's files. */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "chart/picture.h"
#include "publish/publish.h"

#define LOCK_WAIT_S 600
#define LOCK_PAUSE_NS 20000000L
#define ENDS_SIZE 4096 /* of a text: the mark stands near its beginning or its end */

/* ---- one at a time */

/* Otherwise scripts and data of two reports could be mixed in one picture. On a file system without locks, nothing
 * prevents that. */
static int wait_for_lock(const struct longhaul_report *report, int fd, struct longhaul_error *err)
{
    const long long most = LOCK_WAIT_S * 1000000000LL / LOCK_PAUSE_NS;
    for (long long i = 0; flock(fd, LOCK_EX | LOCK_NB) != 0 && (errno == EWOULDBLOCK || errno == EINTR); i++) {
        if (report_is_stopped(report))
            return report_go_on(report, err);
        if (i >= most)
            return error_set(err, LONGHAUL_EBUSY, "folder %s: another report has been writing it for %d s",
                             report->out_dir, LOCK_WAIT_S);
        nanosleep(&(struct timespec){ 0, LOCK_PAUSE_NS }, NULL);
    }
    return 0;
}

int report_claim_place(struct longhaul_report *report, int *claim, struct longhaul_error *err)
{
    int rc = file_make_dir(report->out_dir, err);
    int fd = rc == 0 ? open(report->out_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (rc == 0 && fd < 0)
        rc = error_errno(err, LONGHAUL_EIO, "folder %s", report->out_dir);
    if (rc == 0)
        rc = wait_for_lock(report, fd, err);
    if (rc != 0) {
        if (fd >= 0)
            close(fd);
        return rc;
    }
    temporary_clean(fd);
    *claim = fd;
    return 0;
}

/* ---- whose files */

/* Reads the beginning of a file, followed by its end; *n bytes and a 0. NULL if it cannot be read. */
static char *read_ends(const char *path, size_t *n)
{
    FILE *file = file_open(path);
    char *text = file ? malloc(2 * ENDS_SIZE + 1) : NULL;
    *n = text ? fread(text, 1, ENDS_SIZE, file) : 0;
    if (text && *n == ENDS_SIZE && fseek(file, -ENDS_SIZE, SEEK_END) == 0)
        *n += fread(text + *n, 1, ENDS_SIZE, file);
    if (file)
        fclose(file);
    if (text)
        text[*n] = 0;
    return text;
}

/* A file of zeros may be replaced: a power cut may have left it, since files of reports are not forced to disk. */
static bool is_blank(const char *text, size_t n)
{
    while (n > 0 && text[n - 1] == 0)
        n--;
    return n == 0;
}

static bool has(const char *text, size_t n, const char *mark)
{
    return memmem(text, n, mark, strlen(mark)) != NULL;
}

/* Longhaul marks what it writes: texts and scripts with a sentence, pictures with their mark. */
static bool is_marked(const char *path)
{
    size_t n;
    char *text = read_ends(path, &n);
    bool is = text && (is_blank(text, n) || has(text, n, REPORT_MARK) || has(text, n, REPORT_MARK_HTML) ||
                       has(text, n, PICTURE_MARK));
    free(text);
    return is;
}

/* True for a picture that somebody drew by hand from a script of longhaul's, as the folder's Makefile does. */
static bool is_drawn_from(const char *path, enum longhaul_picture form)
{
    char *script;
    size_t stem = strlen(path) - strlen(picture_ending(form)) - 1;
    if (!picture_is_whole(path, form) || asprintf(&script, "%.*s.gp", (int)stem, path) < 0)
        return false;
    bool is = access(script, F_OK) == 0 && is_marked(script);
    free(script);
    return is;
}

int report_check_file(const char *path, const char *advice, struct longhaul_error *err)
{
    struct stat st;
    if (lstat(path, &st) != 0)
        return 0;
    if (!S_ISREG(st.st_mode) && !S_ISLNK(st.st_mode))
        return error_set(err, LONGHAUL_EIO, "%s: exists and is not a file", path);
    return is_marked(path) ? 0 : error_set(err, LONGHAUL_EBUSY, "%s: exists and is not longhaul's%s", path, advice);
}

static int check_file(const struct longhaul_report *report, const char *name, const char *ending,
                      struct longhaul_error *err)
{
    char *path;
    struct longhaul_error found = { 0 };
    if (asprintf(&path, "%s/%s%s%s", report->out_dir, name, *ending ? "." : "", ending) < 0)
        return error_set(err, LONGHAUL_ENOMEM, "report: out of memory");
    int rc = report_check_file(path, REPORT_FORCE, &found);
    if (rc == LONGHAUL_EBUSY && ((strcmp(ending, "png") == 0 && is_drawn_from(path, LONGHAUL_PICTURE_PNG)) ||
                                 (strcmp(ending, "svg") == 0 && is_drawn_from(path, LONGHAUL_PICTURE_SVG))))
        rc = 0;
    free(path);
    return rc ? error_set(err, rc, "%s", found.text) : 0;
}

int report_check_place(const struct longhaul_report *report, const char *text, const char *page,
                       struct longhaul_error *err)
{
    const char *const texts[] = { text, "Makefile", report->options->wants_no_html ? NULL : page };
    static const char *const endings[] = { "gp", "dat", "png", "svg" };
    int rc = 0;
    if (report->options->is_forced)
        return 0;
    for (size_t i = 0; rc == 0 && i < sizeof texts / sizeof *texts; i++)
        if (texts[i])
            rc = check_file(report, texts[i], "", err);
    for (size_t i = 0; i < report->n_charts; i++)
        for (size_t k = 0; rc == 0 && k < sizeof endings / sizeof *endings; k++)
            rc = check_file(report, report->charts[i].name, endings[k], err);
    return rc;
}
