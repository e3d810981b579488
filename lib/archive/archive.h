/* archive.h - an archive that is open: its folder, its index, its notes. */
#ifndef ARCHIVE_H
#define ARCHIVE_H

#include <longhaul.h>

#include "archive/store.h"

#define ARCHIVE_DIR ".longhaul"
#define ARCHIVE_INDEX "index.sqlite"

struct longhaul_archive {
    char *dir; /* absolute, without links */
    char *index_path;
    struct store *store;
    const struct longhaul_archive_options *options;
    char **notes;
    size_t n_notes;
    struct wanted wanted;
};

int archive_note(struct longhaul_archive *archive, struct longhaul_error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* LONGHAUL_ESTOPPED if the caller wants to stop. */
int archive_go_on(const struct longhaul_archive *archive, struct longhaul_error *err);

#endif
