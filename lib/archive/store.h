/* store.h - the index as a file: what is in it, one transaction at a time. In this room only store*.c use SQLite;
 * archive_none.c stands for the room in a build without it. */
#ifndef STORE_H
#define STORE_H

#include <longhaul.h>
#include <stdint.h>

#include "archive/test.h"

#define STORE_VERSION 1 /* of the tables: PRAGMA user_version */

struct store;

/* Opens the index at path, or makes it, and holds a lock on it until store_close(): LONGHAUL_EBUSY while another
 * process has it. It is LONGHAUL_EFORMAT, and nothing is changed, if the file is not longhaul's, is of a newer version,
 * or is damaged. With wants_rebuild, a damaged one is set aside under the name *aside (malloc'd; else NULL), and a new
 * one is made. folder: that of the results, as an absolute path; NULL if the index is in it. */
int store_open(const char *path, const char *folder, bool wants_rebuild, struct store **out, char **aside,
               struct longhaul_error *err);
void store_close(struct store *store);

int store_begin(struct store *store, struct longhaul_error *err);
int store_commit(struct store *store, struct longhaul_error *err);
void store_rollback(struct store *store);

/* A file of the folder, as it was when it was read. */
struct store_file {
    char *path;                                     /* from the folder on */
    int64_t unit;                                   /* the files that were read together: those of one test */
    int64_t size, mtime_ns, ctime_ns, inode, print; /* print: a hash of parts of its contents */
    bool is_receiver, is_gone;
    char *note; /* why it cannot be read, or what was noticed; NULL */
};
/* All files, by path; the caller frees them with store_free_files(). */
int store_files(struct store *store, struct store_file **out, size_t *n, struct longhaul_error *err);
void store_free_files(struct store_file *files, size_t n);
/* Adds a file, or replaces what is known of it. */
int store_put_file(struct store *store, const struct store_file *file, struct longhaul_error *err);
/* From now on no file counts as read. */
int store_read_all_again(struct store *store, struct longhaul_error *err);
int store_drop_file(struct store *store, const char *path, struct longhaul_error *err);

/* A unit: its number when it is new; what is known of its tests goes, and they are added; its sessions' cookies. */
int store_new_unit(struct store *store, int64_t *unit, struct longhaul_error *err);
int store_clear_unit(struct store *store, int64_t unit, struct longhaul_error *err);
int store_put_test(struct store *store, int64_t unit, const struct archive_test *test, struct longhaul_error *err);
int store_put_session(struct store *store, int64_t unit, const char *cookie, struct longhaul_error *err);
/* A unit other than `unit` that has a session of this cookie; 0 for none. */
int store_unit_of_session(struct store *store, const char *cookie, int64_t unit, int64_t *other,
                          struct longhaul_error *err);
/* How much the tests of a unit say: their intervals, and the packets of those that know their loss. */
struct store_extent {
    double n_intervals, known_packets;
};
int store_unit_extent(struct store *store, int64_t unit, struct store_extent *extent, struct longhaul_error *err);

/* The end of a unit's newest test, NAN without one; whether one is in progress; whether a file of it has a note. */
struct store_unit {
    double end_unix_s;
    bool is_in_progress, has_note;
};
int store_unit_of(struct store *store, int64_t unit, struct store_unit *out, struct longhaul_error *err);

/* A text about the index itself: "" without it. The second one sets it. */
int store_about(struct store *store, const char *key, char **out, struct longhaul_error *err);
int store_set_about(struct store *store, const char *key, const char *value, struct longhaul_error *err);

/* What of a test's raw data is still there: all of its files, some, or none. */
enum store_raw { STORE_RAW_THERE, STORE_RAW_PARTLY, STORE_RAW_GONE };

/* A row of a table as it is read: the leg is borrowed for the call, as is the cell with its texts. */
struct store_leg {
    int64_t id;
    const char *source, *destination, *protocol;
};
struct store_row {
    struct store_leg leg;
    int64_t test;
    enum store_raw raw;
    const struct archive_cell *cell;
};
/* Each hour, or each day, from from_s to to_s, by leg, then by time; histograms only if asked for. take() returns 0 to
 * go on. */
typedef int store_take_row(void *payload, const struct store_row *row, struct longhaul_error *err);
int store_each_cell(struct store *store, bool is_day, bool with_histograms, double from_s, double to_s,
                    store_take_row *take, void *payload, struct longhaul_error *err);

struct store_event {
    struct store_leg leg;
    enum store_raw raw;
    const char *kind, *cause;
    double start_unix_s, seconds, lost_packets, level, peak, usual;
    bool is_open;
};
/* Each event of a kind (its key; NULL for all) that reaches into that time, by when it begins. */
typedef int store_take_event(void *payload, const struct store_event *event, struct longhaul_error *err);
int store_each_event(struct store *store, const char *kind, double from_s, double to_s, store_take_event *take,
                     void *payload, struct longhaul_error *err);

/* A time of a test that was not observed. */
struct store_gap {
    struct store_leg leg;
    double start_unix_s, seconds;
    const char *cause;
};
/* Each one that reaches into that time, by leg, then by time. */
typedef int store_take_gap(void *payload, const struct store_gap *gap, struct longhaul_error *err);
int store_each_gap(struct store *store, double from_s, double to_s, store_take_gap *take, void *payload,
                   struct longhaul_error *err);

struct store_test {
    struct store_leg leg;
    enum store_raw raw;
    const char *path; /* of one of its files; "" without any */
    double start_unix_s, end_unix_s, planned_s, lost, total, loss_percent;
    bool is_in_progress;
};
typedef int store_take_test(void *payload, const struct store_test *test, struct longhaul_error *err);
int store_each_test(struct store *store, double from_s, double to_s, store_take_test *take, void *payload,
                    struct longhaul_error *err);

/* A test and one of its gaps in which nothing was observed; a test without any is one row, with gap_s NAN. */
struct store_stretch {
    int64_t leg, test;
    double start_unix_s, end_unix_s; /* of its data */
    double planned_days_s;           /* of its days: what was planned, or up to where it was stopped, or is by now */
    double gap_unix_s, gap_s;
};
/* Of each test that was, or was planned, in that time, by leg, test and gap. */
typedef int store_take_stretch(void *payload, const struct store_stretch *row, struct longhaul_error *err);
int store_each_stretch(struct store *store, double from_s, double to_s, store_take_stretch *take, void *payload,
                       struct longhaul_error *err);

struct store_objective {
    struct store_leg leg;
    double start_unix_s, end_unix_s, planned_s; /* of the test */
    const char *text;
    double n_good, n_bad, n_unknown, n_to_come;
};
typedef int store_take_objective(void *payload, const struct store_objective *row, struct longhaul_error *err);
int store_each_objective(struct store *store, double from_s, double to_s, store_take_objective *take, void *payload,
                         struct longhaul_error *err);

#endif
