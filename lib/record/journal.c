/* journal.c - the append-only record of a run. Knows bytes, torn tails and fsync; knows nothing of networks. */

#include "record/journal.h"

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

#include "base/descriptor.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json_check.h"
#include "model/leg.h"
#include "record/journal_check.h"

#define CREATE_FLAGS (O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC)
#define REOPEN_FLAGS (O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
#define READ_BYTES (1u << 16)
#define KEPT_BYTES_MAX (4u << 20) /* about 6,000 intervals */

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
    size_t n_kept;   /* how many of the kept lines are intervals */
    uint64_t n_lost; /* intervals that could not even be kept */
    uint64_t n_given_up; /* the same, including those already counted in the file */
    off_t tally_at;  /* the offset of the tally's line; 0 if none exists */
    uint64_t n_lost_before; /* the tally's value when the journal was opened */
    bool is_damaged; /* part of the file could not be read, and is in no result */
    bool is_torn;    /* a part of a line is at the end and could not be cut off */
};

static struct journal *journal_alloc(const char *path_without_ending)
{
    struct journal *journal = calloc(1, sizeof *journal);
    if (journal == NULL)
        return NULL;
    journal->fd = -1;
    STAILQ_INIT(&journal->kept);
    if (asprintf(&journal->path, "%s" LEG_JOURNAL, path_without_ending) < 0)
        journal->path = NULL;
    if (asprintf(&journal->result_path, "%s" LEG_RESULT, path_without_ending) < 0)
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
    else if ((journal->fd = descriptor_above_std(open(journal->path, CREATE_FLAGS, 0666))) < 0)
        rc = error_errno(err, errno == EEXIST ? LONGHAUL_EBUSY : LONGHAUL_EIO, "%s", journal->path);
    else
        rc = lock(journal, err);
    if (rc != 0) {
        journal_close(journal);
        return rc;
    }
    file_clean_dir_of(journal->path);
    file_sync_dir_of(journal->path);
    *out = journal;
    return 0;
}

/* ---- lines */

/* Writes the line whole, or nothing of it. If the disk takes only a part, writing the rest sets errno. */
static int write_line(struct journal *journal, const char *line, size_t n, struct longhaul_error *err)
{
    size_t done = 0;
    if (journal->is_torn && write(journal->fd, "\n", 1) != 1)
        return error_errno(err, LONGHAUL_EIO, "%s", journal->path);
    journal->is_torn = false;
    off_t before = lseek(journal->fd, 0, SEEK_END);
    while (done < n) {
        ssize_t written = write(journal->fd, line + done, n - done);
        if (written < 0 && errno != EINTR)
            break;
        done += written > 0 ? (size_t)written : 0;
    }
    if (done == n)
        return 0;
    int rc = error_errno(err, LONGHAUL_EIO, "%s", journal->path);
    if (done > 0 && ftruncate(journal->fd, before) < 0)
        journal->is_torn = true;
    return rc;
}

/* The tally: a "lost" event of a fixed size near the beginning, with the number of intervals that are not in the file.
 * A disk that takes no more lines can still overwrite this one. So a process that dies then leaves no journal that is
 * silently incomplete. */
#define TALLY EVENT_LINE(EVENT_NAME_LOST) "{\"intervals\":%-20" PRIu64 "}}\n"
#define TALLY_BYTES 59

static void tally(struct journal *journal)
{
    char line[TALLY_BYTES + 1];
    int flags = fcntl(journal->fd, F_GETFL);
    uint64_t n = journal->n_lost_before + journal->n_lost + journal->n_kept;
    if (journal->tally_at == 0 || flags < 0)
        return;
    snprintf(line, sizeof line, TALLY, n);
    fcntl(journal->fd, F_SETFL, flags & ~O_APPEND); /* pwrite() would obey O_APPEND */
    if (pwrite(journal->fd, line, TALLY_BYTES, journal->tally_at) < 0)
        journal->tally_at = 0;
    fcntl(journal->fd, F_SETFL, flags);
}

int journal_begin_tally(struct journal *journal, struct longhaul_error *err)
{
    char line[TALLY_BYTES + 1];
    off_t at = lseek(journal->fd, 0, SEEK_END);
    snprintf(line, sizeof line, TALLY, (uint64_t)0);
    int rc = write_line(journal, line, TALLY_BYTES, err);
    if (rc == 0)
        journal->tally_at = at;
    return rc;
}

static void find_tally(struct journal *journal)
{
    static const char head[] = "\n" EVENT_LINE(EVENT_NAME_LOST) "{\"intervals\":";
    char block[8192 + 1];
    ssize_t n = pread(journal->fd, block, sizeof block - 1, 0);
    const char *found = n > 0 ? memmem(block, (size_t)n, head, sizeof head - 1) : NULL;
    if (found == NULL || block + n - found <= TALLY_BYTES || found[TALLY_BYTES] != '\n')
        return;
    journal->tally_at = found + 1 - block;
    block[n] = 0;
    journal->n_lost_before = strtoull(found + sizeof head - 1, NULL, 10);
}

uint64_t journal_n_given_up(const struct journal *journal)
{
    return journal->n_given_up;
}

void journal_settle_tally(struct journal *journal)
{
    char line[TALLY_BYTES + 1];
    if (journal->n_lost_before == 0)
        return;
    int n = snprintf(line, sizeof line, TALLY, journal->n_lost_before);
    if (write_line(journal, line, (size_t)n, NULL) != 0)
        return;
    journal->n_lost_before = 0;
    tally(journal);
}

static int write_lost(struct journal *journal, struct longhaul_error *err)
{
    char line[80];
    if (journal->n_lost == 0)
        return 0;
    int n = snprintf(line, sizeof line, EVENT_LINE(EVENT_NAME_LOST) "{\"intervals\":%" PRIu64 "}}\n", journal->n_lost);
    int rc = write_line(journal, line, (size_t)n, err);
    if (rc == 0)
        journal->n_lost = 0;
    return rc;
}

static int write_kept(struct journal *journal, struct longhaul_error *err)
{
    struct kept *kept;
    int rc = 0;
    bool is_behind = journal->n_kept + journal->n_lost > 0;
    while (rc == 0 && (kept = STAILQ_FIRST(&journal->kept)) != NULL) {
        rc = write_line(journal, kept->line, kept->n, err);
        if (rc == 0) {
            STAILQ_REMOVE_HEAD(&journal->kept, link);
            journal->n_kept_bytes -= kept->n;
            journal->n_kept -= event_begins_as(kept->line, kept->n, EVENT_INTERVAL);
            free(kept);
        }
    }
    rc = rc ? rc : write_lost(journal, err);
    if (is_behind)
        tally(journal);
    return rc;
}

/* Events other than intervals are few, and are never given up. */
static void keep(struct journal *journal, const char *line, size_t n)
{
    bool may_be_lost = event_begins_as(line, n, EVENT_INTERVAL);
    struct kept *kept = may_be_lost && journal->n_kept_bytes + n > KEPT_BYTES_MAX ? NULL : malloc(sizeof *kept + n);
    if (kept == NULL) {
        journal->n_lost++;
        journal->n_given_up++;
        tally(journal);
        return;
    }
    kept->n = n;
    memcpy(kept->line, line, n);
    STAILQ_INSERT_TAIL(&journal->kept, kept, link);
    journal->n_kept_bytes += n;
    journal->n_kept += may_be_lost;
    tally(journal);
}

void journal_lose(struct journal *journal, uint64_t n)
{
    journal->n_lost += n;
    journal->n_given_up += n;
    tally(journal);
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

int journal_event(struct journal *journal, enum event_kind kind, json_t *data, struct longhaul_error *err)
{
    json_t *event = json_pack("{s:s, s:o}", "event", event_name(kind), "data", data);
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

int journal_open(const char *path, struct journal **out, struct longhaul_error *err)
{
    if (!file_has_ending(path, LEG_JOURNAL))
        return error_set(err, LONGHAUL_EINVAL, "%s: not a journal (<stem>" LEG_JOURNAL ")", path);
    char *without = strndup(path, strlen(path) - strlen(LEG_JOURNAL));
    struct journal *journal = without ? journal_alloc(without) : NULL;
    free(without);
    if (journal == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "out of memory");
    int rc = 0;
    struct stat st;
    if ((journal->fd = descriptor_above_std(open(path, REOPEN_FLAGS))) < 0 && errno == ELOOP)
        rc = error_set(err, LONGHAUL_EFORMAT, "%s: is a link, which is not followed", path);
    else if (journal->fd < 0 || fstat(journal->fd, &st) < 0)
        rc = error_errno(err, LONGHAUL_EIO, "%s", path);
    else if (!S_ISREG(st.st_mode))
        rc = error_set(err, LONGHAUL_EFORMAT, "%s: not a file", path);
    else
        rc = lock(journal, err);
    if (rc != 0) {
        journal_close(journal);
        return rc;
    }
    find_tally(journal);
    file_clean_dir_of(path);
    *out = journal;
    return 0;
}

int journal_check_own(const struct journal *journal, struct longhaul_error *err)
{
    return journal_check(journal->fd, journal->path, err);
}

/* ---- reading it back */

/* What was read from a journal and not passed on yet. */
struct reading {
    char *bytes;
    size_t n, capacity;
    bool is_too_long; /* the current line, whose beginning was dropped */
};

static bool make_room(struct reading *r)
{
    size_t wanted = r->n + READ_BYTES;
    char *grown = wanted > r->capacity ? realloc(r->bytes, 2 * wanted) : r->bytes;
    if (grown == NULL)
        return false;
    r->capacity = wanted > r->capacity ? 2 * wanted : r->capacity;
    r->bytes = grown;
    return true;
}

/* Passes on the lines that are whole; the rest stays. n_new bytes at the end are new. */
static void hand_on(struct reading *r, size_t n_new, void (*on_line)(const char *line, size_t length, void *payload),
                    void *payload)
{
    char *line = r->bytes, *end = r->bytes + r->n, *newline = memchr(end - n_new, '\n', n_new);
    for (; newline; line = newline + 1, newline = memchr(line, '\n', (size_t)(end - line))) {
        on_line(r->is_too_long ? NULL : line, r->is_too_long ? 0 : (size_t)(newline - line), payload);
        r->is_too_long = false;
    }
    r->n = (size_t)(end - line);
    if (r->n > JOURNAL_LINE_MAX) {
        r->is_too_long = true;
        r->n = 0;
    }
    memmove(r->bytes, line, r->n);
}

/* True unless a last line without its newline is nevertheless one whole event. */
static bool is_torn(const struct reading *r)
{
    return r->is_too_long || (r->n > 0 && (r->bytes[0] != '{' || json_check(r->bytes, r->n) == 0));
}

int journal_each_line(const struct journal *journal, void (*on_line)(const char *line, size_t length, void *payload),
                      void *payload, bool *has_torn_tail, struct longhaul_error *err)
{
    struct reading r = { 0 };
    off_t at = 0;
    ssize_t n = 1;
    int rc = 0;
    while (rc == 0 && n > 0) {
        if (!make_room(&r)) {
            rc = error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", journal->path);
        } else if ((n = pread(journal->fd, r.bytes + r.n, READ_BYTES, at)) > 0) {
            at += n;
            r.n += (size_t)n;
            hand_on(&r, (size_t)n, on_line, payload);
        } else if (n < 0 && errno == EINTR) {
            n = 1;
        } else if (n < 0) {
            rc = error_errno(err, LONGHAUL_EIO, "%s", journal->path);
        }
    }
    bool torn = rc == 0 && is_torn(&r);
    if (has_torn_tail)
        *has_torn_tail = torn;
    if (rc == 0 && r.n > 0 && !torn)
        on_line(r.bytes, r.n, payload);
    free(r.bytes);
    return rc;
}

int journal_cut_tail(struct journal *journal, int64_t *n_cut, bool *is_empty, struct longhaul_error *err)
{
    char block[4096];
    off_t size = lseek(journal->fd, 0, SEEK_END), end = size;
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
    *n_cut = size - end;
    *is_empty = end <= 0;
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

void journal_set_damaged(struct journal *journal, bool is_damaged)
{
    journal->is_damaged = is_damaged;
}

/* Renames it so that no report takes it for a record; never overwrites another file. */
static int set_aside(const struct journal *journal, struct longhaul_error *err)
{
    char *aside;
    int rc = 0;
    if (asprintf(&aside, "%s" JOURNAL_ASIDE, journal->path) < 0)
        return error_set(err, LONGHAUL_ENOMEM, "out of memory");
    if (link(journal->path, aside) != 0)
        rc = error_errno(err, LONGHAUL_EIO, "%s", aside);
    free(aside);
    return rc;
}

/* True if the name still belongs to the file that was read. */
static bool is_still_there(const struct journal *journal)
{
    struct stat own, there;
    return fstat(journal->fd, &own) == 0 && lstat(journal->path, &there) == 0 && own.st_dev == there.st_dev &&
        own.st_ino == there.st_ino;
}

int journal_retire(struct journal *journal, struct longhaul_error *err)
{
    int rc = journal->is_damaged ? set_aside(journal, err) : 0;
    if (rc == 0)
        journal_remove(journal);
    else
        journal_close(journal);
    return rc;
}

void journal_remove(struct journal *journal)
{
    if (journal == NULL)
        return;
    if (is_still_there(journal))
        unlink(journal->path);
    file_sync_dir_of(journal->path);
    journal_close(journal);
}
