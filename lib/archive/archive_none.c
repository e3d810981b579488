/* archive_none.c - stands for this room in a build without libsqlite3: there is no index, and whoever asks for one is
 * told why. */

#include <longhaul.h>

#include "base/error.h"

int longhaul_archive_open(const char *dir, const struct longhaul_archive_options *options,
                          struct longhaul_archive **out, struct longhaul_error *err)
{
    (void)options, (void)out;
    return error_set(err, LONGHAUL_ENOTBUILT,
                     "%s: this build has no libsqlite3, which an index needs (Debian: libsqlite3-dev, then build "
                     "again)",
                     dir);
}

/* What follows is never called: nothing has been opened. */
#define NEVER error_set(err, LONGHAUL_ENOTBUILT, "no libsqlite3")

const char *longhaul_archive_index(const struct longhaul_archive *archive)
{
    (void)archive;
    return NULL;
}

void longhaul_archive_free(struct longhaul_archive *archive)
{
    (void)archive;
}

int longhaul_archive_update(struct longhaul_archive *archive, struct longhaul_archive_done *done,
                            struct longhaul_error *err)
{
    (void)archive, (void)done;
    return NEVER;
}

int longhaul_archive_keep(struct longhaul_archive *archive, const struct longhaul_archive_keeping *keep,
                          struct longhaul_archive_kept *kept, struct longhaul_error *err)
{
    (void)archive, (void)keep, (void)kept;
    return NEVER;
}

size_t longhaul_archive_n_notes(const struct longhaul_archive *archive)
{
    (void)archive;
    return 0;
}

const char *longhaul_archive_note(const struct longhaul_archive *archive, size_t i)
{
    (void)archive, (void)i;
    return NULL;
}

int longhaul_trend_read(struct longhaul_archive *archive, const struct longhaul_trend_options *options,
                        struct longhaul_trend **out, struct longhaul_error *err)
{
    (void)archive, (void)options, (void)out;
    return NEVER;
}

int longhaul_trend_write(struct longhaul_trend *trend, struct longhaul_error *err)
{
    (void)trend;
    return NEVER;
}

size_t longhaul_trend_n_files(const struct longhaul_trend *trend)
{
    (void)trend;
    return 0;
}

const char *longhaul_trend_file(const struct longhaul_trend *trend, size_t i)
{
    (void)trend, (void)i;
    return NULL;
}

const char *longhaul_trend_note(const struct longhaul_trend *trend, size_t i)
{
    (void)trend, (void)i;
    return NULL;
}

int longhaul_trend_text(const struct longhaul_trend *trend, char **out, struct longhaul_error *err)
{
    (void)trend, (void)out;
    return NEVER;
}

int longhaul_trend_csv(const struct longhaul_trend *trend, char **out, struct longhaul_error *err)
{
    (void)trend, (void)out;
    return NEVER;
}

int longhaul_trend_json(const struct longhaul_trend *trend, char **out, struct longhaul_error *err)
{
    (void)trend, (void)out;
    return NEVER;
}

void longhaul_trend_free(struct longhaul_trend *trend)
{
    (void)trend;
}
