/* test_cache.c - columns of a large file that was read before: the same to the last bit, and never those of another
 * file. */

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "same_paths.h"

#define SIZE (5u << 20)

static size_t n_sessions, n_gaps; /* of the file that was read last */
static char dir[64], file[128], cached[192];

/* tests/data/reader/NAME and 5 MiB of blanks behind it, last written to a minute ago. */
static void make_file(const char *name, char last)
{
    char from[256], *bytes = malloc(SIZE);
    snprintf(from, sizeof from, "tests/data/reader/%s", name);
    memset(bytes, ' ', SIZE);
    int in = open(from, O_RDONLY), out = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    bool good = in >= 0 && read(in, bytes, SIZE) > 0;
    bytes[SIZE - 1] = last;
    good = good && write(out, bytes, SIZE) == SIZE;
    struct timespec times[2] = { { .tv_sec = time(NULL) - 60 }, { .tv_sec = time(NULL) - 60 } };
    futimens(out, times);
    close(in);
    close(out);
    free(bytes);
    if (!good)
        CHECK(false, "%s cannot be copied", from);
}

static bool is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

/* Does the file read the same through the cache as without it? */
static bool reads_the_same(bool with_omitted)
{
    struct longhaul_reader *a = NULL, *b = NULL;
    struct same_paths same = { .difference = "" };
    n_sessions = n_gaps = 0;
    if (longhaul_reader_open(file, &(struct longhaul_read_options){ .wants_omitted = with_omitted }, &a, NULL) ||
        longhaul_reader_open(
            file, &(struct longhaul_read_options){ .wants_omitted = with_omitted, .wants_no_cache = true }, &b, NULL))
        return false;
    while (same_next(a, b, &same))
        ;
    same_warnings(a, b, &same);
    longhaul_reader_free(a);
    longhaul_reader_free(b);
    n_sessions = same.n_sessions;
    n_gaps = same.n_gaps;
    if (same.difference[0])
        printf("# %s\n", same.difference);
    return same.difference[0] == 0 && same.n_intervals > 0;
}

static bool comes_from_cache(void)
{
    struct longhaul_reader *reader = NULL;
    struct longhaul_series *series = NULL;
    bool by_scan = true;
    if (longhaul_reader_open(file, NULL, &reader, NULL) == 0 && longhaul_reader_next(reader, &series, NULL) == 1)
        by_scan = reader_n_scanned(reader) > 0;
    longhaul_series_free(series);
    longhaul_reader_free(reader);
    return !by_scan;
}

static void test_kept(void)
{
    static const char *const names[] = { "tabs.json",
                                         "pull.json",
                                         "bidir.json",
                                         "HK-WUS-bidir.json",
                                         "two.json",
                                         "nan.json",
                                         "text.json",
                                         "tcp.json",
                                         "stream_full_output.json",
                                         "HK-WUS-10M_14S_20251116_010046.json",
                                         "KC-WUS-10M_20S_20251117_010046.json",
                                         "omitted.json",
                                         "../cases/server_output_bidir.json" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        make_file(names[i], ' ');
        unlink(cached);
        bool first = reads_the_same(false), kept = is_there(cached), again = reads_the_same(false),
             omitted = reads_the_same(true);
        CHECK(first && kept && again && omitted && comes_from_cache(), "%s: kept, and the same from the cache",
              names[i]);
    }
    make_file("KC-WUS-10M_20S_20251117_010046.json", ' ');
    unlink(cached);
    CHECK(reads_the_same(false) && reads_the_same(false) && comes_from_cache() && n_sessions == 2 && n_gaps == 1,
          "and the sessions, which a receiver's record is joined by, and gaps with their causes");
    make_file("HK-WUS-10M_20S_20251115_010046.journal", ' ');
    unlink(cached);
    CHECK(reads_the_same(false) && !is_there(cached), "nothing is kept of a journal");
}

static void test_changed(void)
{
    make_file("tabs.json", ' ');
    CHECK(reads_the_same(false) && comes_from_cache(), "a file as it was comes from the cache");
    make_file("tabs.json", '\n');
    CHECK(!comes_from_cache(), "one with another last byte does not, with the same size and time");
    make_file("pull.json", '\n');
    CHECK(reads_the_same(false), "nor one with other first bytes");
    utimensat(AT_FDCWD, file, (struct timespec[2]){ { .tv_sec = 1000000 }, { .tv_sec = 1000000 } }, 0);
    CHECK(reads_the_same(false), "nor one with another time");
    if (truncate(file, SIZE - 1) == 0)
        CHECK(reads_the_same(false), "nor one of another size");
    unlink(cached);
    utimensat(AT_FDCWD, file, NULL, 0);
    CHECK(reads_the_same(false) && !is_there(cached), "nothing is kept of a file that was written to just now");
}

/* Each byte of the cache in turn, and each length: it is ignored, or was of no importance. */
static void test_damaged(void)
{
    make_file("two.json", ' ');
    unlink(cached);
    reads_the_same(false);
    static char bytes[65536];
    int fd = open(cached, O_RDONLY);
    ssize_t n = read(fd, bytes, sizeof bytes);
    close(fd);
    size_t n_wrong = 0;
    for (ssize_t i = 0; i < n; i += i < 400 ? 1 : 37) {
        for (int torn = 0; torn < 2; torn++) {
            bytes[i] ^= 0x41;
            fd = open(cached, O_WRONLY | O_TRUNC);
            if (write(fd, bytes, (size_t)(torn ? i : n)) < 0)
                n_wrong++;
            close(fd);
            bytes[i] ^= 0x41;
            n_wrong += !reads_the_same(false);
        }
    }
    CHECK(n > 400 && n_wrong == 0, "a damaged cache of %zd bytes is as if it were not there, whichever byte it is", n);
    CHECK(reads_the_same(false) && comes_from_cache(), "and is made anew");
}

/* In a folder where anybody may write, as /tmp, somebody else may have left one. */
static void test_owner(void)
{
    make_file("two.json", ' ');
    unlink(cached);
    reads_the_same(false);
    if (geteuid() != 0) {
        printf("skip - another user's cache: needs root\n");
        return;
    }
    CHECK(chown(cached, 12345, (gid_t)-1) == 0 && !comes_from_cache(), "another user's cache is not taken");
    CHECK(chown(cached, 12345, (gid_t)-1) == 0 && chown(file, 12345, (gid_t)-1) == 0 && !comes_from_cache(),
          "nor that of the file's own user, who has not written the file when it was copied");
    CHECK(chown(file, 0, (gid_t)-1) == 0 && reads_the_same(false) && comes_from_cache(), "and it is made anew");
}

static void test_places(void)
{
    char folder[128], elsewhere[128], link[192];
    snprintf(folder, sizeof folder, "%s/.longhaul", dir);
    snprintf(elsewhere, sizeof elsewhere, "%s/elsewhere", dir);
    snprintf(link, sizeof link, "%s/file.json.columns", elsewhere);
    unlink(cached);
    rename(folder, elsewhere);
    chmod(dir, 0555);
    CHECK(reads_the_same(false) && !is_there(folder), "nothing is left in a folder that is not for writing");
    chmod(dir, 0755);
    if (symlink("elsewhere", folder) == 0)
        CHECK(reads_the_same(false) && !is_there(link), "a link is not followed");
    unlink(folder);
    struct longhaul_reader *reader = NULL;
    struct longhaul_series *series;
    if (longhaul_reader_open(file, &(struct longhaul_read_options){ .wants_no_cache = true }, &reader, NULL) == 0)
        while (longhaul_reader_next(reader, &series, NULL) == 1)
            longhaul_series_free(series);
    longhaul_reader_free(reader);
    CHECK(!is_there(folder), "nothing is left when none is wanted");
    if (longhaul_reader_open(file, NULL, &reader, NULL) == 0 && longhaul_reader_next(reader, &series, NULL) == 1)
        longhaul_series_free(series);
    longhaul_reader_free(reader);
    CHECK(!is_there(cached) && rmdir(folder) == 0, "nor of a file that was not read to its end");
    char command[192];
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    if (system(command) != 0)
        CHECK(false, "%s", command);
}

int main(void)
{
    snprintf(dir, sizeof dir, "%s/longhaul-cache.XXXXXX",
             getenv("TMPDIR") && strlen(getenv("TMPDIR")) < 30 ? getenv("TMPDIR") : "/tmp");
    if (!CHECK(mkdtemp(dir) != NULL, "a folder of one's own"))
        return 1;
    snprintf(file, sizeof file, "%s/file.json", dir);
    snprintf(cached, sizeof cached, "%s/.longhaul/file.json.columns", dir);
    test_kept();
    test_changed();
    test_damaged();
    test_owner();
    test_places();
    return CHECK_DONE();
}
