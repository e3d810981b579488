/* update.c - brings an index up to date: reads the files that are new or have changed, those of one test together, some
 * tests at once, and puts them into the index in one transaction. Whenever that is interrupted, a file is in the index
 * with all its tests, or has to be read. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive/index.h"
#include "archive/unit.h"
#include "base/error.h"
#include "read/batch.h"

#define AT_ONCE 64 /* groups of a transaction: no more than that is read again after an interruption */

struct update {
    struct longhaul_archive *archive;
    struct index_list list;
    struct unit_options options;
    size_t *queue; /* groups that have to be read; those that are found to belong together are added */
    size_t n_queue, queue_capacity, at;
    struct longhaul_archive_done done;
};

static int out_of_memory(struct longhaul_error *err)
{
    return error_set(err, LONGHAUL_ENOMEM, "archive: out of memory");
}

static struct index_file *file_of(struct update *u, const struct index_group *g, size_t i)
{
    return &u->list.files[g->files[i]];
}

/* ---- which groups */

static int enqueue(struct update *u, size_t group, struct longhaul_error *err)
{
    if (u->n_queue == u->queue_capacity) {
        size_t capacity = u->queue_capacity ? 2 * u->queue_capacity : 64;
        size_t *grown = realloc(u->queue, capacity * sizeof *grown);
        if (grown == NULL)
            return out_of_memory(err);
        u->queue = grown;
        u->queue_capacity = capacity;
    }
    u->queue[u->n_queue++] = group;
    u->list.groups[group].is_queued = true;
    return 0;
}

/* A file without which the group cannot be read as it was: it is not there any more, under no name. */
static bool lacks_file(struct update *u, const struct index_group *g)
{
    for (size_t i = 0; i < g->n; i++) {
        const struct index_file *file = file_of(u, g, i);
        if (file->path == NULL && file->now.is_gone && !index_list_is_replaced(&u->list, g, file))
            return true;
    }
    return false;
}

static bool is_dirty(struct update *u, const struct index_group *g)
{
    for (size_t i = 0; i < g->n; i++)
        if (file_of(u, g, i)->is_dirty)
            return true;
    return false;
}

/* Stores the state of the group's files, as those of a unit. */
static int put_files(struct update *u, struct index_group *g, int64_t unit, struct longhaul_error *err)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < g->n; i++) {
        struct index_file *file = file_of(u, g, i);
        file->now.unit = unit;
        if (file->path || !index_list_is_replaced(&u->list, g, file))
            rc = store_put_file(u->archive->store, &file->now, err);
        else
            rc = store_drop_file(u->archive->store, file->now.path, err);
    }
    return rc == 0 ? index_list_set_unit(&u->list, unit, (size_t)(g - u->list.groups), err) : rc;
}

/* The same, but the next run reads them again. */
static int put_unread(struct update *u, struct index_group *g, int64_t unit, struct longhaul_error *err)
{
    for (size_t i = 0; i < g->n; i++)
        file_of(u, g, i)->now.size = -1;
    int rc = put_files(u, g, unit, err);
    for (size_t i = 0; i < g->n; i++)
        if (file_of(u, g, i)->path)
            file_state_take(file_of(u, g, i)->path, &file_of(u, g, i)->now);
    return rc;
}

static int64_t unit_of(struct update *u, const struct index_group *g)
{
    int64_t unit = 0;
    for (size_t i = 0; i < g->n && unit == 0; i++)
        unit = file_of(u, g, i)->now.unit;
    return unit;
}

static int set_note(struct index_file *file, const char *text, struct longhaul_error *err)
{
    free(file->now.note);
    file->now.note = text ? strdup(text) : NULL;
    return text && file->now.note == NULL ? out_of_memory(err) : 0;
}

/* The figures stay as they were when all files of the test were there. */
static int keep_figures(struct update *u, struct index_group *g, struct longhaul_error *err)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < g->n; i++)
        if (file_of(u, g, i)->is_dirty && file_of(u, g, i)->path) {
            struct longhaul_error text = { 0 };
            error_set(&text, 1,
                      "%s: new or changed, but a file that its test was read with is no longer there: the "
                      "test's figures stay as they were",
                      file_of(u, g, i)->path);
            rc = set_note(file_of(u, g, i), text.text, err);
        }
    return rc == 0 ? put_files(u, g, unit_of(u, g), err) : rc;
}

static int put_moved(struct update *u, const struct index_group *g, struct longhaul_error *err)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < g->n; i++)
        if (file_of(u, g, i)->is_moved)
            rc = store_put_file(u->archive->store, &file_of(u, g, i)->now, err);
    return rc;
}

static int plan(struct update *u, struct longhaul_error *err)
{
    int rc = store_begin(u->archive->store, err);
    for (size_t k = 0; rc == 0 && k < u->list.n_groups; k++) {
        struct index_group *g = &u->list.groups[k];
        if (!is_dirty(u, g))
            rc = put_moved(u, g, err);
        else if (lacks_file(u, g))
            rc = keep_figures(u, g, err);
        else
            rc = enqueue(u, k, err);
    }
    return rc == 0 ? store_commit(u->archive->store, err) : rc;
}

/* ---- reading */

struct work {
    struct update *update;
    struct unit units[AT_ONCE];
    struct longhaul_error errors[AT_ONCE];
};

static int list_paths(struct update *u, const struct index_group *g, struct report_files *files,
                      struct longhaul_error *err)
{
    *files = (struct report_files){ .below = u->list.found.below,
                                    .n_below = u->list.found.n_below,
                                    .own = calloc(g->n + 1, sizeof(char *)),
                                    .receivers = calloc(g->n + 1, sizeof(char *)) };
    if (files->own == NULL || files->receivers == NULL)
        return out_of_memory(err);
    for (size_t i = 0; i < g->n; i++) {
        const struct index_file *file = file_of(u, g, i);
        if (file->path && file->now.is_receiver)
            files->receivers[files->n_receivers++] = file->path;
        else if (file->path)
            files->own[files->n_own++] = file->path;
    }
    return 0;
}

static void read_group(void *payload, size_t i)
{
    struct work *w = payload;
    struct update *u = w->update;
    struct report_files files = { 0 };
    const struct index_group *g = &u->list.groups[u->queue[u->at + i]];
    int rc = archive_go_on(u->archive, &w->errors[i]);
    if (rc == 0)
        rc = list_paths(u, g, &files, &w->errors[i]);
    if (rc == 0)
        unit_read(&files, &u->options, &w->units[i], &w->errors[i]);
    free(files.own);
    free(files.receivers);
}

/* ---- storing */

/* What is not there any more says less than this unit: it goes. */
static int replace_other(struct update *u, struct index_group *other, int64_t unit, struct longhaul_error *err)
{
    int rc = store_clear_unit(u->archive->store, unit, err);
    for (size_t i = 0; rc == 0 && i < other->n; i++)
        if (file_of(u, other, i)->path == NULL)
            rc = store_drop_file(u->archive->store, file_of(u, other, i)->now.path, err);
    return rc;
}

enum claim { CLAIM_NONE, CLAIM_LATER, CLAIM_COUNTED };

/* The same test is in another unit. If all files are there, both groups are read again as one; else this unit counts if
 * it says as much as the other. Until then the files of this one count as not read. */
static int settle(struct update *u, size_t group, size_t other, int64_t other_unit, const struct store_extent *extent,
                  enum claim *claim, struct longhaul_error *err)
{
    struct index_group *mine = &u->list.groups[group], *its = &u->list.groups[other];
    struct store_extent other_extent;
    int rc = store_unit_extent(u->archive->store, other_unit, &other_extent, err);
    bool says_as_much =
        extent->n_intervals >= other_extent.n_intervals && extent->known_packets >= other_extent.known_packets;
    if (rc != 0 || (lacks_file(u, its) && says_as_much)) {
        *claim = CLAIM_NONE;
        return rc ? rc : replace_other(u, its, other_unit, err);
    }
    *claim = lacks_file(u, its) ? CLAIM_COUNTED : CLAIM_LATER;
    rc = *claim == CLAIM_LATER ? put_unread(u, mine, other_unit, err) : put_files(u, mine, other_unit, err);
    size_t both = group;
    if (rc == 0)
        rc = index_list_join(&u->list, other, group, &both, err);
    if (rc == 0)
        rc = index_list_set_unit(&u->list, other_unit, both, err);
    return rc == 0 && *claim == CLAIM_LATER ? enqueue(u, both, err) : rc;
}

static struct store_extent extent_of(const struct unit *unit)
{
    struct store_extent extent = { 0, 0 };
    for (size_t i = 0; i < unit->n_tests; i++)
        for (size_t k = 0; k < unit->tests[i].days.n; k++) {
            const struct archive_cell *day = &unit->tests[i].days.cells[k];
            extent.n_intervals += day->n_intervals;
            extent.known_packets += isnan(day->known_packets) ? 0 : day->known_packets;
        }
    return extent;
}

/* Finds out whether a session of the unit is in another one. */
static int find_claims(struct update *u, size_t group, const struct unit *unit, int64_t number, enum claim *claim,
                       struct longhaul_error *err)
{
    struct store_extent extent = extent_of(unit);
    int rc = 0;
    *claim = CLAIM_NONE;
    for (size_t i = 0; rc == 0 && *claim == CLAIM_NONE && i < unit->n_cookies; i++) {
        int64_t other;
        rc = store_unit_of_session(u->archive->store, unit->cookies[i], number, &other, err);
        size_t its = rc == 0 ? index_list_group_of(&u->list, other) : SIZE_MAX;
        if (its == SIZE_MAX || its == group || u->list.groups[its].n + u->list.groups[group].n > INDEX_MOST_TOGETHER)
            continue;
        rc = settle(u, group, its, other, &extent, claim, err);
    }
    return rc;
}

/* All notes of a unit stand with its first file. */
static int put_notes(struct update *u, struct index_group *g, const struct unit *unit, struct longhaul_error *err)
{
    char *text = NULL;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < g->n; i++)
        rc = set_note(file_of(u, g, i), NULL, err);
    for (size_t i = 0; rc == 0 && i < unit->n_notes; i++) {
        char *longer;
        if (asprintf(&longer, "%s%s%s", text ? text : "", text ? "\n" : "", unit->notes[i]) < 0)
            rc = out_of_memory(err);
        free(text);
        text = rc == 0 ? longer : NULL;
    }
    for (size_t i = 0; rc == 0 && text && i < g->n; i++)
        if (file_of(u, g, i)->path) {
            file_of(u, g, i)->now.note = text;
            return 0;
        }
    free(text);
    return rc;
}

/* The units that the group's files had: one of them stays, empty. */
static int take_number(struct update *u, const struct index_group *g, int64_t *number, struct longhaul_error *err)
{
    struct store *store = u->archive->store;
    int rc = 0;
    *number = 0;
    for (size_t i = 0; rc == 0 && i < g->n; i++) {
        int64_t unit = file_of(u, g, i)->now.unit;
        if (unit > 0)
            rc = store_clear_unit(store, unit, err);
        *number = *number ? *number : unit;
    }
    return rc == 0 && *number == 0 ? store_new_unit(store, number, err) : rc;
}

static int put_unit(struct update *u, size_t group, const struct unit *unit, struct longhaul_error *err)
{
    struct store *store = u->archive->store;
    int64_t number;
    enum claim claim;
    if (u->list.groups[group].n == 0) /* it has become part of another one */
        return 0;
    int rc = put_notes(u, &u->list.groups[group], unit, err);
    if (rc == 0)
        rc = take_number(u, &u->list.groups[group], &number, err);
    if (rc == 0)
        rc = find_claims(u, group, unit, number, &claim, err);
    if (rc != 0 || claim != CLAIM_NONE)
        return rc;
    rc = unit->may_be_other ? put_unread(u, &u->list.groups[group], number, err)
                            : put_files(u, &u->list.groups[group], number, err);
    for (size_t i = 0; rc == 0 && i < unit->n_tests; i++)
        rc = store_put_test(store, number, &unit->tests[i], err);
    for (size_t i = 0; rc == 0 && i < unit->n_cookies; i++)
        rc = store_put_session(store, number, unit->cookies[i], err);
    u->done.n_tests += unit->n_tests;
    return rc;
}

static void count_files(struct update *u, const struct index_group *g)
{
    for (size_t i = 0; i < g->n; i++)
        if (file_of(u, g, i)->path) {
            u->done.n_read++;
            u->done.bytes_read += (double)file_of(u, g, i)->now.size;
        }
}

static int put_units(struct update *u, struct work *w, size_t n, struct longhaul_error *err)
{
    int rc = store_begin(u->archive->store, err);
    for (size_t i = 0; rc == 0 && i < n; i++) {
        size_t group = u->queue[u->at + i];
        if (w->errors[i].code == LONGHAUL_ESTOPPED)
            continue;
        rc = w->errors[i].code ? error_set(err, w->errors[i].code, "%s", w->errors[i].text) : 0;
        if (rc == 0) {
            count_files(u, &u->list.groups[group]);
            rc = put_unit(u, group, &w->units[i], err);
        }
    }
    return rc == 0 ? store_commit(u->archive->store, err) : rc;
}

static int read_all(struct update *u, struct longhaul_error *err)
{
    int rc = 0;
    while (rc == 0 && u->at < u->n_queue) {
        struct work *w = calloc(1, sizeof *w);
        size_t n = u->n_queue - u->at < AT_ONCE ? u->n_queue - u->at : AT_ONCE;
        if (w == NULL)
            return out_of_memory(err);
        w->update = u;
        batch_run(n, read_group, w);
        rc = put_units(u, w, n, err);
        for (size_t i = 0; i < n; i++)
            unit_free(&w->units[i]);
        free(w);
        u->at += n;
        if (rc == 0)
            rc = archive_go_on(u->archive, err);
    }
    return rc;
}

/* ---- the whole */

static int tell_notes(struct update *u, struct longhaul_error *err)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < u->list.n; i++) {
        char *text = u->list.files[i].path ? u->list.files[i].now.note : NULL, *line;
        while (rc == 0 && text && (line = strsep(&text, "\n")) != NULL)
            rc = archive_note(u->archive, err, "%s", line);
    }
    return rc;
}

static void count(struct update *u)
{
    for (size_t i = 0; i < u->list.n; i++) {
        u->done.n_files += u->list.files[i].path != NULL;
        u->done.n_gone += u->list.files[i].path == NULL && u->list.files[i].now.is_gone &&
                          !index_list_is_replaced(&u->list, &u->list.groups[u->list.files[i].group], &u->list.files[i]);
    }
    u->done.n_unchanged = u->done.n_files > u->done.n_read ? u->done.n_files - u->done.n_read : 0;
}

int longhaul_archive_update(struct longhaul_archive *archive, struct longhaul_archive_done *done,
                            struct longhaul_error *err)
{
    const struct longhaul_archive_options *o = archive->options;
    struct update u = { .archive = archive,
                        .options = { .report = { .limits = o->limits, .wants_omitted = o->wants_omitted },
                                     .wanted = &archive->wanted } };
    int rc = index_list_make(archive, &u.list, err);
    if (rc == 0)
        rc = plan(&u, err);
    if (rc == 0)
        rc = read_all(&u, err);
    if (rc != 0)
        store_rollback(archive->store);
    if (rc == 0)
        rc = tell_notes(&u, err);
    count(&u);
    *done = u.done;
    index_list_free(&u.list);
    free(u.queue);
    return rc;
}
