/* longhaul/archive.h - many days of a folder: an index of their figures, and what changed over them. */
#ifndef LONGHAUL_ARCHIVE_H
#define LONGHAUL_ARCHIVE_H
#include <longhaul/report.h>
LONGHAUL_BEGIN
struct longhaul_archive_options {
    const char *index_path; /* NULL: <dir>/.longhaul/index.sqlite, whose folder is made */
    bool wants_rebuild;     /* reads all files anew; sets a damaged index aside. What is known of files that are no
                             * longer there stays, unless the index was damaged */
    bool wants_omitted;     /* as in struct longhaul_read_options */
    struct longhaul_read_limits limits;          /* of each file */
    const struct longhaul_objective *objectives; /* whose windows are counted, of each leg; borrowed. Files are read
                                                  * again if others were counted before */
    size_t n_objectives;
    const struct longhaul_topology *topology;    /* those of its legs are, too; may be NULL; borrowed */
    longhaul_stop_cb *is_stopped; /* as in struct longhaul_report_options; what was read until then stays */
    void *stop_payload;
};
struct longhaul_archive;
/* The file of its index. */
const char *longhaul_archive_index(const struct longhaul_archive *archive);
/* Opens the index of a folder, or makes an empty one. LONGHAUL_ENOTBUILT in a build without libsqlite3; LONGHAUL_EBUSY
 * when another process has it, or when the file is not longhaul's or newer: nothing is written; LONGHAUL_EFORMAT when
 * it is damaged. options (may be NULL) are borrowed until longhaul_archive_free(). */
int longhaul_archive_open(const char *dir, const struct longhaul_archive_options *options,
                          struct longhaul_archive **out, struct longhaul_error *err);
void longhaul_archive_free(struct longhaul_archive *archive);
/* What an update did. Files: below dir, as in longhaul_report_write(), but of all times. */
struct longhaul_archive_done {
    size_t n_files, n_read, n_unchanged; /* results, journals and receivers' records */
    size_t n_gone;                       /* known, and no longer there: their figures stay */
    size_t n_tests;                      /* that were read */
    double bytes_read;                   /* of the files, as they are on disk */
};
/* Reads what is new or has changed. Each file is either in the index or not, whenever this is interrupted. */
int longhaul_archive_update(struct longhaul_archive *archive, struct longhaul_archive_done *done,
                            struct longhaul_error *err);
/* What to make room by. With 0 days it is not done. */
typedef void longhaul_archive_tell_cb(const char *line, void *payload); /* "compressed FILE: 58.4 MB to 6.1 MB" */
struct longhaul_archive_keeping {
    double compress_after_days;  /* results whose tests ended so long ago become .zst: read back before they go */
    double drop_raw_after_days;  /* files whose tests ended so long ago are removed: only their figures stay */
    longhaul_archive_tell_cb *tell; /* may be NULL */
    void *payload;
};
struct longhaul_archive_kept { size_t n_compressed, n_dropped; double bytes_saved; };
/* Makes room, by the index as it is: update it before. Only files that are as they were when the index read them;
 * journals stay, and so do files with notes when others are removed. LONGHAUL_ENOTBUILT if it cannot compress. */
int longhaul_archive_keep(struct longhaul_archive *archive, const struct longhaul_archive_keeping *keep,
                          struct longhaul_archive_kept *kept, struct longhaul_error *err);
/* Notes so far: files that cannot be read, and such. NULL: an index out of range. */
size_t longhaul_archive_n_notes(const struct longhaul_archive *archive);
const char *longhaul_archive_note(const struct longhaul_archive *archive, size_t i);
/* ---- what many days show: levels that changed, outages, months */
struct longhaul_trend_options {
    double since_unix_s, until_unix_s; /* days of UTC from the one of since_unix_s on, before until_unix_s; 0: all */
    /* What is as in a report of a day; NULL for defaults. Objectives, also the topology's, are judged by month; those
     * with windows if the index counts them (longhaul_archive_options); without any, those that it counts. out_dir is
     * for longhaul_trend_write(): NULL means "diagrams/trend". */
    const struct longhaul_report_options *report;
};
struct longhaul_trend;
/* Reads the index as it is, without updating it. LONGHAUL_EFORMAT when it has no day of that time. The options (may be
 * NULL) are borrowed until longhaul_trend_free(); the archive is not. */
int longhaul_trend_read(struct longhaul_archive *archive, const struct longhaul_trend_options *options,
                        struct longhaul_trend **out, struct longhaul_error *err);
/* Writes the charts (HEAT: of all legs by day, and of one by day and hour; DIRECTION: the daily figures of a leg),
 * trend_report.md and trend.html. LONGHAUL_EBUSY if one of these files is there and not longhaul's. The 20 legs that
 * lost most have charts of their own, 1,000 if charts were asked for. What could not be drawn is a note. */
int longhaul_trend_write(struct longhaul_trend *trend, struct longhaul_error *err);
size_t longhaul_trend_n_files(const struct longhaul_trend *trend);
/* NULL: an index out of range. */
const char *longhaul_trend_file(const struct longhaul_trend *trend, size_t i);
const char *longhaul_trend_note(const struct longhaul_trend *trend, size_t i);
int longhaul_trend_text(const struct longhaul_trend *trend, char **out, struct longhaul_error *err); /* a few lines */
/* A row for each leg and day. */
int longhaul_trend_csv(const struct longhaul_trend *trend, char **out, struct longhaul_error *err);
int longhaul_trend_json(const struct longhaul_trend *trend, char **out, struct longhaul_error *err);
void longhaul_trend_free(struct longhaul_trend *trend);
LONGHAUL_END
#endif
