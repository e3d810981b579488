/* store.c - the index as a file: opening it, and telling whose it is. Changes no file that is not longhaul's. */

#include "archive/store_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"

#define APPLICATION_ID 0x4c486178 /* "LHax", in the header of the file */
#define HEADER_SIZE 100           /* of every SQLite database: sqlite.org/fileformat.html, 1.3 */
#define HEADER_VERSION_AT 60
#define HEADER_APPLICATION_AT 68
#define MAGIC "SQLite format 3"
#define LOCK_WAIT_S 10
#define LOCK_PAUSE_NS 50000000L
#define BUSY_MS 10000

/* ---- the tables */

static char *make_schema(void)
{
    char *cells = store_cell_columns("", " REAL"), *sql = NULL;
    static const char form[] =
        "CREATE TABLE about(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
        "CREATE TABLE leg(id INTEGER PRIMARY KEY, source TEXT NOT NULL, destination TEXT NOT NULL, protocol TEXT NOT "
        "NULL, "
        "UNIQUE(source, destination, protocol));"
        "CREATE TABLE unit(id INTEGER PRIMARY KEY);"
        "CREATE TABLE file(path TEXT PRIMARY KEY, unit INTEGER NOT NULL, size INTEGER, mtime_ns INTEGER, ctime_ns "
        "INTEGER, "
        "inode INTEGER, print INTEGER, is_receiver INTEGER NOT NULL, is_gone INTEGER NOT NULL, note TEXT) WITHOUT "
        "ROWID;"
        "CREATE INDEX file_unit ON file(unit);"
        "CREATE TABLE session(cookie TEXT NOT NULL, unit INTEGER NOT NULL, PRIMARY KEY(cookie, unit)) WITHOUT ROWID;"
        "CREATE INDEX session_unit ON session(unit);"
        "CREATE TABLE test(id INTEGER PRIMARY KEY, leg INTEGER NOT NULL, unit INTEGER NOT NULL, start_unix_s REAL, "
        "end_unix_s REAL, planned_s REAL, lost REAL, total REAL, loss_percent REAL, verdict TEXT, is_in_progress "
        "INTEGER);"
        "CREATE INDEX test_unit ON test(unit);"
        "CREATE TABLE hour(test INTEGER NOT NULL, unix_s INTEGER NOT NULL, %s, jitter TEXT, delay TEXT, "
        "PRIMARY KEY(test, unix_s)) WITHOUT ROWID;"
        "CREATE TABLE day(test INTEGER NOT NULL, unix_s INTEGER NOT NULL, %s, jitter TEXT, delay TEXT, "
        "PRIMARY KEY(test, unix_s)) WITHOUT ROWID;"
        "CREATE TABLE event(test INTEGER NOT NULL, kind TEXT NOT NULL, cause TEXT, start_unix_s REAL, seconds REAL, "
        "is_open INTEGER, lost_packets REAL, level REAL, peak REAL, usual REAL);"
        "CREATE INDEX event_test ON event(test);"
        "CREATE TABLE gap(test INTEGER NOT NULL, start_unix_s REAL, seconds REAL, seconds_seen REAL, cause TEXT);"
        "CREATE INDEX gap_test ON gap(test);"
        "CREATE TABLE objective(test INTEGER NOT NULL, text TEXT NOT NULL, n_good REAL, n_bad REAL, n_unknown REAL, "
        "n_to_come REAL);"
        "CREATE INDEX objective_test ON objective(test);";
    if (cells && asprintf(&sql, form, cells, cells) < 0)
        sql = NULL;
    free(cells);
    return sql;
}

/* All statements that made the tables, as the database keeps them. */
static int schema_of(struct store *store, char **text, struct longhaul_error *err)
{
    sqlite3_stmt *s;
    static const char sql[] =
        "SELECT group_concat(type || ' ' || name || ' ' || coalesce(sql, ''), char(10)) "
        "FROM (SELECT * FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%' ORDER BY type, name)";
    int rc = store_prepare(store, sql, &s, err);
    *text = NULL;
    if (rc != 0)
        return rc;
    rc = store_step(store, s, err);
    if (rc == 1)
        *text = strdup(store_text(s, 0));
    rc = rc == 1 ? store_check_row(store, err) : rc;
    sqlite3_finalize(s);
    return rc == 0 && *text == NULL ? error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", store->path) : rc;
}

static int make_tables(struct store *store, const char *schema, struct longhaul_error *err)
{
    char version[96];
    snprintf(version, sizeof version, "PRAGMA application_id = %d; PRAGMA user_version = %d;", APPLICATION_ID,
             STORE_VERSION);
    int rc = store_run(store, "BEGIN IMMEDIATE", err);
    if (rc == 0)
        rc = store_run(store, version, err);
    if (rc == 0)
        rc = store_run(store, schema, err);
    return rc == 0 ? store_run(store, "COMMIT", err) : rc;
}

/* Makes the tables if there are not any, as after a program that was ended while it made them. Other tables, triggers
 * and views than those of this version mean that somebody else has written the file. */
static int check_tables(struct store *store, const char *schema, struct longhaul_error *err)
{
    struct store wanted = { .path = store->path };
    char *now, *other = NULL;
    int rc = schema_of(store, &now, err);
    if (rc == 0 && !*now) {
        free(now);
        return make_tables(store, schema, err);
    }
    if (rc == 0 && (sqlite3_open(":memory:", &wanted.db) != SQLITE_OK ||
                    sqlite3_exec(wanted.db, schema, NULL, NULL, NULL) != SQLITE_OK))
        rc = error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", store->path);
    if (rc == 0)
        rc = schema_of(&wanted, &other, err);
    if (rc == 0 && strcmp(now, other) != 0)
        rc = error_set(err, LONGHAUL_EFORMAT,
                       "%s: its tables are not those of an index: it is damaged, or something "
                       "else has written it; `longhaul archive --rebuild` sets it aside and makes a new one",
                       store->path);
    sqlite3_close(wanted.db);
    free(now);
    free(other);
    return rc;
}

/* ---- whose file it is */

static uint32_t header_number(const unsigned char *header, size_t at)
{
    return (uint32_t)header[at] << 24 | (uint32_t)header[at + 1] << 16 | (uint32_t)header[at + 2] << 8 | header[at + 3];
}

/* An empty file may be filled: it is what a program that was ended early leaves. */
static int check_header(const struct store *store, struct longhaul_error *err)
{
    unsigned char header[HEADER_SIZE];
    ssize_t n = pread(store->lock, header, sizeof header, 0);
    if (n < 0)
        return error_errno(err, LONGHAUL_EIO, "%s", store->path);
    if (n == 0)
        return 0;
    if (n < HEADER_SIZE || memcmp(header, MAGIC, sizeof MAGIC) != 0 ||
        header_number(header, HEADER_APPLICATION_AT) != APPLICATION_ID)
        return error_set(err, LONGHAUL_EBUSY,
                         "%s: is not an index of longhaul's: nothing is written (--index FILE "
                         "names another place)",
                         store->path);
    uint32_t version = header_number(header, HEADER_VERSION_AT);
    if (version > STORE_VERSION)
        return error_set(err, LONGHAUL_EBUSY,
                         "%s: a newer longhaul has written this index (version %u; this one knows "
                         "%d): nothing is written",
                         store->path, version, STORE_VERSION);
    return 0;
}

static int wait_for_lock(const struct store *store, struct longhaul_error *err)
{
    const long long most = LOCK_WAIT_S * 1000000000LL / LOCK_PAUSE_NS;
    for (long long i = 0; flock(store->lock, LOCK_EX | LOCK_NB) != 0 && (errno == EWOULDBLOCK || errno == EINTR); i++) {
        if (i >= most)
            return error_set(err, LONGHAUL_EBUSY, "%s: another longhaul is using the index", store->path);
        nanosleep(&(struct timespec){ 0, LOCK_PAUSE_NS }, NULL);
    }
    return 0;
}

/* SQLite does what a journal says, so only one of ours, or of the index's owner, is believed. */
static int check_companion(const char *path, const struct stat *st, const struct stat *index,
                           struct longhaul_error *err)
{
    if (!S_ISREG(st->st_mode))
        return error_set(err, LONGHAUL_EIO, "%s: exists and is not a file", path);
    if (st->st_uid != geteuid() && st->st_uid != index->st_uid)
        return error_set(err, LONGHAUL_EIO, "%s: is another user's than the index: it is not used", path);
    return 0;
}

/* What SQLite would open next to the index. */
static int check_companions(const struct store *store, const struct stat *index, struct longhaul_error *err)
{
    static const char *const endings[] = { "-journal", "-wal", "-shm" };
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        char *path;
        struct stat st;
        if (asprintf(&path, "%s%s", store->path, endings[i]) < 0)
            return error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", store->path);
        int rc = lstat(path, &st) == 0 ? check_companion(path, &st, index, err) : 0;
        free(path);
        if (rc != 0)
            return rc;
    }
    return 0;
}

static int open_file(struct store *store, struct longhaul_error *err)
{
    struct stat st;
    if (lstat(store->path, &st) == 0 && !S_ISREG(st.st_mode))
        return error_set(err, LONGHAUL_EIO, "%s: exists and is not a file", store->path);
    store->lock = open(store->path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0666);
    if (store->lock < 0)
        return error_errno(err, LONGHAUL_EIO, "%s", store->path);
    if (fstat(store->lock, &st) != 0 || !S_ISREG(st.st_mode))
        return error_set(err, LONGHAUL_EIO, "%s: exists and is not a file", store->path);
    int rc = wait_for_lock(store, err);
    if (rc == 0)
        rc = check_companions(store, &st, err);
    return rc == 0 ? check_header(store, err) : rc;
}

/* ---- opening */

static int open_database(struct store *store, struct longhaul_error *err)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
#ifdef SQLITE_OPEN_NOFOLLOW
    flags |= SQLITE_OPEN_NOFOLLOW; /* 3.31 and newer; it refuses links in the folder's path, too: that is resolved */
#endif
    if (sqlite_guard_open(&store->guard, store->path, flags, &store->db) != SQLITE_OK)
        return store->db ? store_error(store, err) : error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", store->path);
    sqlite3_busy_timeout(store->db, BUSY_MS);
    return store_run(store,
                     "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768", err);
}

/* Only what SQLite calls damage is damage: an index that another program holds, or that cannot be read now, is not set
 * aside. */
static int check_whole(struct store *store, struct longhaul_error *err)
{
    sqlite3_stmt *s;
    int rc = store_prepare(store, "PRAGMA quick_check(1)", &s, err);
    if (rc != 0)
        return rc;
    rc = store_step(store, s, err);
    bool is_good = rc == 1 && strcmp(store_text(s, 0), "ok") == 0;
    rc = rc == 1 ? store_check_row(store, err) : rc;
    sqlite3_finalize(s);
    return rc == 0 && !is_good ? error_set(err, LONGHAUL_EFORMAT, "%s: the index is damaged", store->path) : rc;
}

/* An index that was used for another folder would say that all files of this one are gone. */
static int check_folder(struct store *store, const char *folder, struct longhaul_error *err)
{
    char *known = NULL;
    int rc = folder ? store_about(store, "folder", &known, err) : 0;
    if (rc == 0 && folder && *known && strcmp(known, folder) != 0)
        rc = error_set(err, LONGHAUL_EBUSY, "%s: is the index of %s, not of %s", store->path, known, folder);
    if (rc == 0 && folder && !*known)
        rc = store_set_about(store, "folder", folder, err);
    free(known);
    return rc;
}

static void close_all(struct store *store)
{
    for (int i = 0; i < STORE_N_STATEMENTS; i++)
        sqlite3_finalize(store->statements[i]);
    memset(store->statements, 0, sizeof store->statements);
    sqlite_guard_close(&store->guard, store->db);
    store->db = NULL;
    if (store->lock >= 0)
        close(store->lock);
    store->lock = -1;
}

static int open_all(struct store *store, const char *folder, bool wants_check, struct longhaul_error *err)
{
    char *schema = make_schema();
    int rc = schema ? open_file(store, err) : error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", store->path);
    if (rc == 0)
        rc = open_database(store, err);
    if (rc == 0 && wants_check)
        rc = check_whole(store, err);
    if (rc == 0)
        rc = check_tables(store, schema, err);
    free(schema);
    return rc == 0 ? check_folder(store, folder, err) : rc;
}

/* The damaged index stays there, under another name. */
static int set_aside(struct store *store, char **aside, struct longhaul_error *err)
{
    char *name;
    if (asprintf(&name, "%s.damaged-%lld", store->path, (long long)time(NULL)) < 0)
        return error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", store->path);
    int rc = rename(store->path, name) == 0 ? 0 : error_errno(err, LONGHAUL_EIO, "%s to %s", store->path, name);
    if (rc == 0)
        *aside = name;
    else
        free(name);
    return rc;
}

int store_open(const char *path, const char *folder, bool wants_rebuild, struct store **out, char **aside,
               struct longhaul_error *err)
{
    struct store *store = calloc(1, sizeof *store);
    struct longhaul_error why = { 0 };
    *aside = NULL;
    if (store == NULL || (store->path = strdup(path)) == NULL) {
        free(store);
        return error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", path);
    }
    store->lock = -1;
    int rc = open_all(store, folder, wants_rebuild, &why);
    if (rc == LONGHAUL_EFORMAT && wants_rebuild) {
        close_all(store);
        why = (struct longhaul_error){ 0 };
        rc = set_aside(store, aside, &why);
        if (rc == 0)
            rc = open_all(store, folder, false, &why);
    }
    if (rc == 0)
        *out = store;
    else
        store_close(store);
    return rc == 0 ? 0 : error_set(err, rc, "%s", why.text);
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    close_all(store);
    free(store->path);
    free(store);
}

int store_begin(struct store *store, struct longhaul_error *err)
{
    return store_run(store, "BEGIN IMMEDIATE", err);
}

int store_commit(struct store *store, struct longhaul_error *err)
{
    return store_run(store, "COMMIT", err);
}

void store_rollback(struct store *store)
{
    if (!sqlite3_get_autocommit(store->db))
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
}
