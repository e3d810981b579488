/* journal.c - append-only record of a run. Knows bytes, torn tails and fsync; knows nothing of networks. */

#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/queue.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "file.h"

#define KEPT_BYTES_MAX (4u << 20) /* some 6,000 intervals */

/* A line that the disk has refused so far. */
struct kept {
    STAILQ_ENTRY(kept) link;
    size_t n;
    char line[];
};

struct journal {
    int fd;
    char *path;
    char *result_path;
    STAILQ_HEAD(, kept) kept;
    size_t n_kept_bytes;
    uint64_t n_lost; /* intervals that could not even be kept */
    bool is_torn;    /* a part of a line is at the end and could not be cut off */
};

static struct journal *journal_alloc(const char *path_without_ending)
{
    struct journal *journal = calloc(1, sizeof *journal);
    if (journal == NULL)
        return NULL;
    journal->fd = -1;
    STAILQ_INIT(&journal->kept);
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

/* ---- lines */

/* The line, whole, or nothing of it. */
static int write_line(struct journal *journal, const char *line, size_t n, struct longhaul_error *err)
{
    ssize_t written;
    off_t before = lseek(journal->fd, 0, SEEK_END);
    if (journal->is_torn && write(journal->fd, "\n", 1) == 1)
        journal->is_torn = false;
    do
        written = write(journal->fd, line, n);
    while (written < 0 && errno == EINTR);
    if (written == (ssize_t)n)
        return 0;
    if (written >= 0)
        errno = ENOSPC;
    int rc = error_errno(err, LONGHAUL_EIO, "%s", journal->path);
    if (written > 0 && ftruncate(journal->fd, before) < 0)
        journal->is_torn = true;
    return rc;
}

static int write_lost(struct journal *journal, struct longhaul_error *err)
{
    char line[80];
    if (journal->n_lost == 0)
        return 0;
    int n = snprintf(line, sizeof line, "{\"event\":\"lost\",\"data\":{\"intervals\":%" PRIu64 "}}\n", journal->n_lost);
    int rc = write_line(journal, line, (size_t)n, err);
    if (rc == 0)
        journal->n_lost = 0;
    return rc;
}

static int write_kept(struct journal *journal, struct longhaul_error *err)
{
    struct kept *kept;
    int rc = 0;
    while (rc == 0 && (kept = STAILQ_FIRST(&journal->kept)) != NULL) {
        rc = write_line(journal, kept->line, kept->n, err);
        if (rc == 0) {
            STAILQ_REMOVE_HEAD(&journal->kept, link);
            journal->n_kept_bytes -= kept->n;
            free(kept);
        }
    }
    return rc ? rc : write_lost(journal, err);
}

/* Events other than intervals are few and never given up. */
static void keep(struct journal *journal, const char *line, size_t n)
{
    static const char interval[] = "{\"event\":\"interval\"";
    bool is_interval = n > sizeof interval && memcmp(line, interval, sizeof interval - 1) == 0;
    struct kept *kept = is_interval && journal->n_kept_bytes + n > KEPT_BYTES_MAX ? NULL : malloc(sizeof *kept + n);
    if (kept == NULL) {
        journal->n_lost++;
        return;
    }
    kept->n = n;
    memcpy(kept->line, line, n);
    STAILQ_INSERT_TAIL(&journal->kept, kept, link);
    journal->n_kept_bytes += n;
}

int journal_append(struct journal *journal, const char *line, size_t n, struct longhaul_error *err)
{
    int rc = write_kept(journal, err);
    if (rc == 0)
        rc = write_line(journal, line, n, err);
    if (rc != 0)
        keep(journal, line, n);
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
    int rc = write_kept(journal, err);
    if (rc != 0)
        return rc;
    return fdatasync(journal->fd) == 0 ? 0 : error_errno(err, LONGHAUL_EIO, "%s", journal->path);
}

/* ---- reading it back */

int journal_each_line(const struct journal *journal, void (*on_line)(const char *line, size_t length, void *payload), void *payload,
                      bool *has_torn_tail, struct longhaul_error *err)
{
    char *line = NULL;
    size_t capacity = 0;
    ssize_t n;
    FILE *in = fopen(journal->path, "re");
    if (has_torn_tail)
        *has_torn_tail = false;
    if (in == NULL)
        return error_errno(err, LONGHAUL_EIO, "%s", journal->path);
    while ((n = getline(&line, &capacity, in)) > 0) {
        if (line[n - 1] == '\n')
            on_line(line, (size_t)n - 1, payload);
        else if (has_torn_tail)
            *has_torn_tail = true;
    }
    int rc = ferror(in) ? error_errno(err, LONGHAUL_EIO, "%s", journal->path) : 0;
    free(line);
    fclose(in);
    return rc;
}

int journal_cut_tail(struct journal *journal, struct longhaul_error *err)
{
    char block[4096];
    off_t end = lseek(journal->fd, 0, SEEK_END);
    while (end > 0) {
        off_t from = end > (off_t)sizeof block ? end - (off_t)sizeof block : 0;
        ssize_t n = pread(journal->fd, block, (size_t)(end - from), from);
        if (n != end - from)
            return error_errno(err, LONGHAUL_EIO, "%s", journal->path);
        const char *newline = memrchr(block, '\n', (size_t)n);
        end = newline ? from + (newline - block) + 1 : from;
        if (newline)
            break;
    }
    return ftruncate(journal->fd, end) == 0 ? 0 : error_errno(err, LONGHAUL_EIO, "%s", journal->path);
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
    struct kept *kept;
    while ((kept = STAILQ_FIRST(&journal->kept)) != NULL) {
        STAILQ_REMOVE_HEAD(&journal->kept, link);
        free(kept);
    }
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
