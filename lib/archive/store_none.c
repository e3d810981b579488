/* store_none.c - stands for store*.c in a build without libsqlite3: there is no index, and whoever asks for one is told
 * why. */

#include "archive/store.h"

#include "base/error.h"

int store_open(const char *path, const char *folder, bool wants_rebuild, struct store **out, char **aside,
               struct longhaul_error *err)
{
    (void)folder;
    (void)wants_rebuild;
    (void)out;
    *aside = NULL;
    return error_set(err, LONGHAUL_ENOTBUILT,
                     "%s: this build has no libsqlite3, which an index needs (Debian: "
                     "libsqlite3-dev, then build again)",
                     path);
}

/* What follows is never called: nothing has been opened. */
void store_close(struct store *store)
{
    (void)store;
}

int store_begin(struct store *store, struct longhaul_error *err)
{
    (void)store;
    return error_set(err, LONGHAUL_ENOTBUILT, "no libsqlite3");
}

int store_commit(struct store *store, struct longhaul_error *err)
{
    (void)store;
    return error_set(err, LONGHAUL_ENOTBUILT, "no libsqlite3");
}

void store_rollback(struct store *store)
{
    (void)store;
}

int store_files(struct store *store, struct store_file **out, size_t *n, struct longhaul_error *err)
{
    (void)store;
    (void)out;
    (void)n;
    return error_set(err, LONGHAUL_ENOTBUILT, "no libsqlite3");
}

void store_free_files(struct store_file *files, size_t n)
{
    (void)files;
    (void)n;
}

int store_put_file(struct store *store, const struct store_file *file, struct longhaul_error *err)
{
    (void)store;
    (void)file;
    return error_set(err, LONGHAUL_ENOTBUILT, "no libsqlite3");
}

int store_read_all_again(struct store *store, struct longhaul_error *err)
{
    (void)store;
    return error_set(err, LONGHAUL_ENOTBUILT, "no libsqlite3");
}

int store_drop_file(struct store *store, const char *path, struct longhaul_error *err)
{
    (void)store;
    (void)path;
    return error_set(err, LONGHAUL_ENOTBUILT, "no libsqlite3");
}

int store_new_unit(struct store *store, int64_t *unit, struct longhaul_error *err)
{
    (void)store;
    (void)unit;
    return error_set(err, LONGHAUL_ENOTBUILT, "no libsqlite3");
}

int store_clear_unit(struct store *store, int64_t unit, struct longhaul_error *err)
{
    (void)store;
    (void)unit;
    return error_set(err, LONGHAUL_ENOTBUILT, "no libsqlite3");
}

int store_put_test(struct store *store, int64_t unit, const struct archive_test *test, struct longhaul_error *err)
{
    (void)store;
    (void)unit;
    (void)test;
    return error_set(err, LONGHAUL_ENOTBUILT, "no libsqlite3");
}

int store_put_session(struct store *store, int64_t unit, const char *cookie, struct longhaul_error *err)
{
    (void)store;
    (void)unit;
    (void)cookie;
    return error_set(err, LONGHAUL_ENOTBUILT, "no libsqlite3");
}

int store_unit_of_session(struct store *store, const char *cookie, int64_t unit, int64_t *other,
                          struct longhaul_error *err)
{
    (void)store;
    (void)cookie;
    (void)unit;
    (void)other;
    return error_set(err, LONGHAUL_ENOTBUILT, "no libsqlite3");
}

int store_unit_extent(struct store *store, int64_t unit, struct store_extent *extent, struct longhaul_error *err)
{
    (void)store;
    (void)unit;
    (void)extent;
    return error_set(err, LONGHAUL_ENOTBUILT, "no libsqlite3");
}

int store_unit_of(struct store *store, int64_t unit, struct store_unit *out, struct longhaul_error *err)
{
    (void)store;
    (void)unit;
    (void)out;
    return error_set(err, LONGHAUL_ENOTBUILT, "no libsqlite3");
}

int store_about(struct store *store, const char *key, char **out, struct longhaul_error *err)
{
    (void)store;
    (void)key;
    (void)out;
    return error_set(err, LONGHAUL_ENOTBUILT, "no libsqlite3");
}

int store_set_about(struct store *store, const char *key, const char *value, struct longhaul_error *err)
{
    (void)store;
    (void)key;
    (void)value;
    return error_set(err, LONGHAUL_ENOTBUILT, "no libsqlite3");
}

int store_each_cell(struct store *store, bool is_day, bool with_histograms, double from_s, double to_s,
                    store_take_row *take, void *payload, struct longhaul_error *err)
{
    (void)store;
    (void)is_day;
    (void)with_histograms;
    (void)from_s;
    (void)to_s;
    (void)take;
    (void)payload;
    return error_set(err, LONGHAUL_ENOTBUILT, "no libsqlite3");
}

int store_each_event(struct store *store, const char *kind, double from_s, double to_s, store_take_event *take,
                     void *payload, struct longhaul_error *err)
{
    (void)store;
    (void)kind;
    (void)from_s;
    (void)to_s;
    (void)take;
    (void)payload;
    return error_set(err, LONGHAUL_ENOTBUILT, "no libsqlite3");
}

int store_each_test(struct store *store, double from_s, double to_s, store_take_test *take, void *payload,
                    struct longhaul_error *err)
{
    (void)store;
    (void)from_s;
    (void)to_s;
    (void)take;
    (void)payload;
    return error_set(err, LONGHAUL_ENOTBUILT, "no libsqlite3");
}

int store_each_objective(struct store *store, double from_s, double to_s, store_take_objective *take, void *payload,
                         struct longhaul_error *err)
{
    (void)store;
    (void)from_s;
    (void)to_s;
    (void)take;
    (void)payload;
    return error_set(err, LONGHAUL_ENOTBUILT, "no libsqlite3");
}
