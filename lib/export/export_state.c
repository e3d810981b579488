/* export_state.c - reads and appends the lines of an export's state file. A torn last line did not happen. */

#include "export/export_state.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/hash.h"

#define HEAD "longhaul-export 1\n"
#define MOST_BYTES (1 << 30)

/* A set of hashes. */
struct set {
    uint64_t *slot; /* 0: empty */
    size_t n, room; /* room: a power of two, or 0 */
};

struct export_state {
    char *path;
    uint64_t target;
    int fd;
    struct set files, tests, begun, sent, known;
    struct export_ranges ranges;
};

/* ---- sets */

static bool has(const struct set *set, uint64_t value)
{
    value += value == 0;
    for (size_t i = set->room ? value & (set->room - 1) : 0; set->room && set->slot[i]; i = (i + 1) & (set->room - 1))
        if (set->slot[i] == value)
            return true;
    return false;
}

static void put(struct set *set, uint64_t value)
{
    size_t i = value & (set->room - 1);
    while (set->slot[i])
        i = (i + 1) & (set->room - 1);
    set->slot[i] = value;
}

static bool add(struct set *set, uint64_t value)
{
    value += value == 0;
    if (has(set, value))
        return true;
    if (2 * set->n >= set->room) {
        struct set grown = { calloc(set->room ? 2 * set->room : 64, sizeof *grown.slot), 0,
                             set->room ? 2 * set->room : 64 };
        if (grown.slot == NULL)
            return false;
        for (size_t k = 0; k < set->room; k++)
            if (set->slot[k])
                put(&grown, set->slot[k]);
        free(set->slot);
        set->slot = grown.slot;
        set->room = grown.room;
    }
    put(set, value);
    set->n++;
    return true;
}

static uint64_t batch_of(uint64_t test, uint64_t batch)
{
    const uint64_t both[] = { test, batch };
    return hash_bytes(HASH_START, both, sizeof both);
}

/* ---- reading */

/* Takes one line. False if it is not one of a state file, or memory ran out. */
static bool take_line(struct export_state *s, const char *line)
{
    uint64_t target, a, b;
    struct export_range range = { .n = 0 };
    char word[8];
    int end = 0;
    if (sscanf(line, "%7s %" SCNx64 " %" SCNx64 "%n", word, &target, &a, &end) != 3)
        return false;
    bool is_ours = target == s->target;
    if (strcmp(word, "file") == 0)
        return !is_ours || add(&s->files, a);
    if (strcmp(word, "test") == 0) {
        if (sscanf(line + end, " %" SCNx64 " %" SCNx64 " %" SCNd64 " %" SCNd64, &range.labels, &range.test,
                   &range.first_ms, &range.last_ms) != 4)
            return false;
        return !is_ours || (add(&s->tests, a) && export_ranges_add(&s->ranges, &range));
    }
    if (sscanf(line + end, " %" SCNu64, &b) != 1)
        return false;
    if (strcmp(word, "begin") == 0)
        return !is_ours || (add(&s->begun, batch_of(a, b)) && add(&s->known, a));
    return strcmp(word, "end") == 0 && (!is_ours || add(&s->sent, batch_of(a, b)));
}

/* All of the file, ended by 0; NULL with errno. */
static char *read_all(int fd, size_t *n)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return NULL;
    errno = !S_ISREG(st.st_mode) ? EINVAL : EFBIG;
    if (!S_ISREG(st.st_mode) || st.st_size > MOST_BYTES)
        return NULL;
    char *text = malloc((size_t)st.st_size + 1);
    ssize_t got = 1;
    for (*n = 0; text && got > 0 && *n < (size_t)st.st_size; *n += got > 0 ? (size_t)got : 0)
        got = pread(fd, text + *n, (size_t)st.st_size - *n, (off_t)*n);
    if (text && got < 0) { /* what was not read is not torn */
        free(text);
        return NULL;
    }
    if (text)
        text[*n] = 0;
    return text;
}

static int take_text(struct export_state *s, char *text, struct longhaul_error *err)
{
    char *line = text + strlen(HEAD), *end;
    if (strncmp(text, HEAD, strlen(HEAD)) != 0)
        return error_set(err, LONGHAUL_EFORMAT, "%s: is not the state of an export", s->path);
    for (size_t i = 2; (end = strchr(line, '\n')) != NULL; i++, line = end + 1) {
        *end = 0;
        if (!take_line(s, line))
            return error_set(err, LONGHAUL_EFORMAT, "%s: line %zu is not of the state of an export", s->path, i);
    }
    /* What follows is torn. */
    if (ftruncate(s->fd, line - text) != 0 || lseek(s->fd, 0, SEEK_END) < 0)
        return error_errno(err, LONGHAUL_EIO, "%s", s->path);
    return 0;
}

static int append(struct export_state *s, const char *line, bool is_synced, struct longhaul_error *err)
{
    size_t n = strlen(line);
    if (write(s->fd, line, n) != (ssize_t)n || (is_synced && fdatasync(s->fd) != 0))
        return error_errno(err, LONGHAUL_EIO, "%s", s->path);
    return 0;
}

static int load(struct export_state *s, struct longhaul_error *err)
{
    size_t n = 0;
    if (flock(s->fd, LOCK_EX | LOCK_NB) != 0)
        return error_set(err, LONGHAUL_EBUSY, "%s: another export has it", s->path);
    char *text = read_all(s->fd, &n);
    if (text == NULL)
        return error_errno(err, LONGHAUL_EIO, "%s", s->path);
    bool is_torn_head = n < strlen(HEAD) && strncmp(text, HEAD, n) == 0;
    int rc;
    if (is_torn_head)
        rc = ftruncate(s->fd, 0) == 0 && lseek(s->fd, 0, SEEK_SET) == 0
                 ? append(s, HEAD, true, err)
                 : error_errno(err, LONGHAUL_EIO, "%s", s->path);
    else
        rc = take_text(s, text, err);
    free(text);
    return rc;
}

int export_state_open(const char *path, uint64_t target, struct export_state **out, struct longhaul_error *err)
{
    struct export_state *s = calloc(1, sizeof *s);
    if (s == NULL || (s->path = strdup(path)) == NULL) {
        free(s);
        return error_set(err, LONGHAUL_ENOMEM, "export: out of memory");
    }
    s->target = target;
    s->fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0644);
    int rc = s->fd < 0 ? error_errno(err, LONGHAUL_EIO, "%s", path) : load(s, err);
    if (rc == 0)
        *out = s;
    else
        export_state_close(s);
    return rc;
}

void export_state_close(struct export_state *s)
{
    if (s == NULL)
        return;
    struct set *const sets[] = { &s->files, &s->tests, &s->begun, &s->sent, &s->known };
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        free(sets[i]->slot);
    export_ranges_free(&s->ranges);
    if (s->fd >= 0)
        close(s->fd);
    free(s->path);
    free(s);
}

/* ---- what is known */

bool export_state_has_file(const struct export_state *s, uint64_t mark) { return has(&s->files, mark); }
bool export_state_has_test(const struct export_state *s, uint64_t test) { return has(&s->tests, test); }
bool export_state_knows(const struct export_state *s, uint64_t test) { return has(&s->known, test); }
const struct export_ranges *export_state_ranges(const struct export_state *s) { return &s->ranges; }

enum export_batch_state export_state_batch(const struct export_state *s, uint64_t test, uint64_t batch)
{
    uint64_t it = batch_of(test, batch);
    return has(&s->sent, it) ? EXPORT_BATCH_SENT : has(&s->begun, it) ? EXPORT_BATCH_DOUBT : EXPORT_BATCH_NEW;
}

/* ---- what is told */

int export_state_add_file(struct export_state *s, uint64_t mark, struct longhaul_error *err)
{
    char line[64];
    if (has(&s->files, mark))
        return 0;
    if (!add(&s->files, mark))
        return error_set(err, LONGHAUL_ENOMEM, "export: out of memory");
    snprintf(line, sizeof line, "file %016" PRIx64 " %016" PRIx64 "\n", s->target, mark);
    return append(s, line, false, err);
}

int export_state_add_test(struct export_state *s, uint64_t test, const struct export_range *r,
                          struct longhaul_error *err)
{
    char line[160];
    if (!add(&s->tests, test) || !export_ranges_add(&s->ranges, r))
        return error_set(err, LONGHAUL_ENOMEM, "export: out of memory");
    snprintf(line, sizeof line,
             "test %016" PRIx64 " %016" PRIx64 " %016" PRIx64 " %016" PRIx64 " %" PRId64 " %" PRId64 "\n", s->target,
             test, r->labels, r->test, r->first_ms, r->last_ms);
    return append(s, line, true, err);
}

static int tell_batch(struct export_state *s, const char *word, struct set *set, uint64_t test, uint64_t batch,
                      struct longhaul_error *err)
{
    char line[96];
    if (!add(set, batch_of(test, batch)))
        return error_set(err, LONGHAUL_ENOMEM, "export: out of memory");
    snprintf(line, sizeof line, "%s %016" PRIx64 " %016" PRIx64 " %" PRIu64 "\n", word, s->target, test, batch);
    return append(s, line, true, err);
}

int export_state_begin(struct export_state *s, uint64_t test, uint64_t batch, struct longhaul_error *err)
{
    if (export_state_batch(s, test, batch) != EXPORT_BATCH_NEW)
        return 0; /* its line is there */
    return add(&s->known, test) ? tell_batch(s, "begin", &s->begun, test, batch, err)
                                : error_set(err, LONGHAUL_ENOMEM, "export: out of memory");
}

int export_state_end(struct export_state *s, uint64_t test, uint64_t batch, struct longhaul_error *err)
{
    if (export_state_batch(s, test, batch) == EXPORT_BATCH_SENT)
        return 0; /* its line is there: it was sent again */
    return tell_batch(s, "end", &s->sent, test, batch, err);
}
