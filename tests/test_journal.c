/* test_journal.c - lines on a disk that takes a part of one and refuses to cut it: no line is appended to the broken
 * part. */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"
#include "record/journal.h"

static int n_refusals; /* how often ftruncate() fails, as on a file system that only appends, or is failing */

/* Replaces the C library's for the library under test. */
int ftruncate(int fd, off_t size)
{
    if (n_refusals > 0) {
        n_refusals--;
        errno = EPERM;
        return -1;
    }
    return (int)syscall(SYS_ftruncate, fd, size);
}

static void limit(off_t bytes)
{
    struct rlimit limits;
    getrlimit(RLIMIT_FSIZE, &limits);
    limits.rlim_cur = bytes ? (rlim_t)bytes : limits.rlim_max;
    setrlimit(RLIMIT_FSIZE, &limits);
}

struct seen {
    unsigned n_whole, n_other;
};

static void on_line(const char *line, size_t length, void *payload)
{
    struct seen *seen = payload;
    bool is_whole = length == 40 && line[0] == '{' && line[39] == '}';
    seen->n_whole += is_whole;
    seen->n_other += !is_whole;
}

/* Lines of 41 bytes: two that fit, then one of which the disk takes n_room bytes, at the first try and at the second;
 * then there is room. */
static void tear(const char *dir, int n_cuts_refused, unsigned n_torn)
{
    char line[42], stem[32];
    struct journal *journal = NULL;
    struct seen seen = { 0 };
    memset(line, 'x', sizeof line);
    memcpy(line, "{\"event\":\"interval\"", 19);
    memcpy(line + 39, "}\n", 3);
    snprintf(stem, sizeof stem, "A-B-%d", n_cuts_refused);
    n_refusals = n_cuts_refused;
    CHECK(journal_create(dir, stem, &journal, NULL) == 0, "%d cuts refused: a journal", n_cuts_refused);
    if (journal == NULL)
        return;
    for (int i = 0; i < 2; i++)
        CHECK(journal_append(journal, line, 41, NULL) == 0, "%d cuts refused: line %d", n_cuts_refused, i);
    limit(2 * 41 + 20);
    int first = journal_append(journal, line, 41, NULL);
    limit(2 * 41 + 30);
    int second = journal_sync(journal, NULL);
    limit(0); /* for this program's output, too */
    CHECK(first == LONGHAUL_EIO && second == LONGHAUL_EIO, "%d cuts refused: no room for all of a line, twice",
          n_cuts_refused);
    CHECK(journal_append(journal, line, 41, NULL) == 0, "%d cuts refused: room again", n_cuts_refused);
    journal_each_line(journal, on_line, &seen, NULL, NULL);
    CHECK(seen.n_whole == 4 && seen.n_other == n_torn, "%d cuts refused: %u lines whole, %u torn", n_cuts_refused,
          seen.n_whole, seen.n_other);
    journal_remove(journal);
}

int main(void)
{
    char dir[64];
    snprintf(dir, sizeof dir, "%s/longhaul-journal.XXXXXX",
             getenv("TMPDIR") && strlen(getenv("TMPDIR")) < 30 ? getenv("TMPDIR") : "/tmp");
    signal(SIGXFSZ, SIG_IGN);
    if (!CHECK(mkdtemp(dir) != NULL, "a folder of one's own"))
        return 1;
    tear(dir, 0, 0);
    tear(dir, 1, 1);
    tear(dir, 2, 2);
    rmdir(dir);
    return CHECK_DONE();
}
