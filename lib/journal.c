/* journal.c - append-only record of a run. Knows bytes, torn tails and fsync; knows nothing of networks. */

#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "file.h"

struct journal {
    int fd;
    char *path;
    char *result_path;
    off_t n_good; /* bytes of whole lines */
};

static struct journal *journal_alloc(const char *path_without_ending)
{
    struct journal *journal = calloc(1, sizeof *journal);
    if (journal == NULL)
        return NULL;
    journal->fd = -1;
    if (asprintf(&journal->path, "%s.journal", path_without_ending) < 0)
        journal->path = NULL;
    if (asprintf(&journal->result_path, "%s.json", path_without_ending) < 0)
        journal->result_path = NULL;
    if (journal->path && journal->result_path)
        return journal;
    journal_close(journal);
    return NULL;
}

static int lock(struct journal *journal, struct longhaul_error *err)
{
    if (flock(journal->fd, LOCK_EX | LOCK_NB) == 0)
        return 0;
    if (errno == EWOULDBLOCK)
        return error_set(err, LONGHAUL_EBUSY, "%s: another process is writing it", journal->path);
    return error_errno(err, LONGHAUL_EIO, "%s", journal->path);
}

int journal_create(const char *dir, const char *stem, struct journal **out, struct longhaul_error *err)
{
    int rc = file_make_dir(dir, err);
    if (rc != 0)
        return rc;
    char *path = file_join(dir, stem);
    struct journal *journal = path ? journal_alloc(path) : NULL;
    free(path);
    if (journal == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "out of memory");
    if (access(journal->result_path, F_OK) == 0)
        rc = error_set(err, LONGHAUL_EBUSY, "%s: there already", journal->result_path);
    else if ((journal->fd = open(journal->path, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666)) < 0)
        rc = error_errno(err, errno == EEXIST ? LONGHAUL_EBUSY : LONGHAUL_EIO, "%s", journal->path);
    else
        rc = lock(journal, err);
    if (rc != 0) {
        journal_close(journal);
        return rc;
    }
    file_sync_dir_of(journal->path);
    *out = journal;
    return 0;
}

int journal_open(const char *path, struct journal **out, struct longhaul_error *err)
{
    static const char ending[] = ".journal";
    size_t n = strlen(path), k = sizeof ending - 1;
    if (n <= k || strcmp(path + n - k, ending) != 0)
        return error_set(err, LONGHAUL_EINVAL, "%s: not a journal (<stem>.journal)", path);
    char *without = strndup(path, n - k);
    struct journal *journal = without ? journal_alloc(without) : NULL;
    free(without);
    if (journal == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "out of memory");
    int rc = 0;
    struct stat st;
    if ((journal->fd = open(path, O_RDWR | O_APPEND | O_CLOEXEC)) < 0 || fstat(journal->fd, &st) < 0)
        rc = error_errno(err, LONGHAUL_EIO, "%s", path);
    else if (!S_ISREG(st.st_mode))
        rc = error_set(err, LONGHAUL_EFORMAT, "%s: not a file", path);
    else
        rc = lock(journal, err);
    if (rc != 0) {
        journal_close(journal);
        return rc;
    }
    *out = journal;
    return 0;
}

int journal_append(struct journal *journal, const char *line, size_t n, struct longhaul_error *err)
{
    ssize_t written;
    do
        written = write(journal->fd, line, n);
    while (written < 0 && errno == EINTR);
    if (written == (ssize_t)n) {
        journal->n_good += written;
        return 0;
    }
    if (written >= 0)
        errno = ENOSPC;
    int rc = error_errno(err, LONGHAUL_EIO, "%s", journal->path);
    if (written > 0 && ftruncate(journal->fd, journal->n_good) < 0)
        return rc; /* the torn line stays: readers and recover know it by the missing newline */
    return rc;
}

int journal_event(struct journal *journal, const char *name, json_t *data, struct longhaul_error *err)
{
    json_t *event = json_pack("{s:s, s:o}", "event", name, "data", data);
    char *text = event ? json_dumps(event, JSON_COMPACT) : NULL, *line = NULL;
    int rc, n = text ? asprintf(&line, "%s\n", text) : -1;
    if (n < 0) {
        line = NULL;
        rc = error_set(err, LONGHAUL_ENOMEM, "out of memory");
    } else {
        rc = journal_append(journal, line, (size_t)n, err);
    }
    free(line);
    free(text);
    json_decref(event);
    return rc;
}

int journal_sync(struct journal *journal, struct longhaul_error *err)
{
    return fdatasync(journal->fd) == 0 ? 0 : error_errno(err, LONGHAUL_EIO, "%s", journal->path);
}

const char *journal_path(const struct journal *journal)
{
    return journal->path;
}

const char *journal_result_path(const struct journal *journal)
{
    return journal->result_path;
}

void journal_close(struct journal *journal)
{
    if (journal == NULL)
        return;
    if (journal->fd >= 0)
        close(journal->fd);
    free(journal->path);
    free(journal->result_path);
    free(journal);
}

void journal_remove(struct journal *journal)
{
    if (journal == NULL)
        return;
    unlink(journal->path);
    file_sync_dir_of(journal->path);
    journal_close(journal);
}
