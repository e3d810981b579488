/* report_left_out.c - what was found below the folders of a report and is not in it: one line for each reason, with
 * counts, or with the names too. Reads nothing. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "read/record_search.h"
#include "report/report.h"

static const struct { const char *one, *many;
} texts[REPORT_N_LEFT_OUT] = {
    [REPORT_LEFT_OUT_HIDDEN] = { "hidden folder", "hidden folders" },
    [REPORT_LEFT_OUT_LINK] = { "link to a folder (links below are not followed)",
                               "links to folders (links below are not followed)" },
    [REPORT_LEFT_OUT_DEEP] = { "folder more than 4 levels below", "folders more than 4 levels below" },
    [REPORT_LEFT_OUT_OTHER_TIME] = { "file in a folder below, of another time than the results of the folder itself",
                                     "files in folders below, of other times than the results of the folder itself" },
    [REPORT_LEFT_OUT_NO_TEST] = { "file in a folder below that contains no test",
                                  "files in folders below that contain no test" },
    [REPORT_LEFT_OUT_COPY] = { "file in a folder below that repeats a test",
                               "files in folders below that repeat a test" },
};
_Static_assert(RECORD_SEARCH_DEPTH == 4, "depth");

#define MOST_UNREADABLE 5 /* that are named, each in a note */

int report_leave_out(struct longhaul_report *report, enum report_left_out why, const char *path,
                     struct longhaul_error *err)
{
    return report_append(&report->left_out[why].paths, &report->left_out[why].n, strdup(path), err);
}

/* "left out: 3 hidden folders", and the names; the caller frees it. NULL when out of memory. */
static char *make_line(const struct longhaul_report *report, enum report_left_out why, bool with_names)
{
    size_t size, n = report->left_out[why].n;
    char *text = NULL;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        return NULL;
    fprintf(out, "left out: %zu %s", n, n == 1 ? texts[why].one : texts[why].many);
    for (size_t i = 0; with_names && i < n; i++)
        fprintf(out, "%s%s", i > 0 ? ", " : ": ", report->left_out[why].paths[i]);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

/* Takes ownership of both lines. */
static int add_remark(struct longhaul_report *report, char *line, char *with_names, struct longhaul_error *err)
{
    size_t n = report->n_remarks;
    int rc = report_append(&report->named_remarks, &n, with_names, err);
    if (rc != 0) {
        free(line);
        return rc;
    }
    rc = report_append(&report->remarks, &report->n_remarks, line, err);
    if (rc != 0)
        free(with_names);
    return rc;
}

int report_remark(struct longhaul_report *report, const char *text, struct longhaul_error *err)
{
    return add_remark(report, strdup(text), strdup(text), err);
}

/* These may have held results. */
static int note_unreadable(struct longhaul_report *report, struct longhaul_error *err)
{
    char *const *paths = report->left_out[REPORT_LEFT_OUT_UNREADABLE].paths;
    size_t n = report->left_out[REPORT_LEFT_OUT_UNREADABLE].n;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < n && i < MOST_UNREADABLE; i++)
        rc = report_note(report, err, "%s: this folder cannot be read", paths[i]);
    if (rc == 0 && n > MOST_UNREADABLE)
        rc = report_note(report, err, "%zu more folders cannot be read", n - MOST_UNREADABLE);
    return rc;
}

int report_make_remarks(struct longhaul_report *report, struct longhaul_error *err)
{
    int rc = 0;
    for (int why = 0; rc == 0 && why < REPORT_LEFT_OUT_UNREADABLE; why++)
        if (report->left_out[why].n > 0)
            rc = add_remark(report, make_line(report, (enum report_left_out)why, false),
                            make_line(report, (enum report_left_out)why, true), err);
    report->n_left_out = report->n_remarks;
    return rc ? rc : note_unreadable(report, err);
}

size_t longhaul_report_n_remarks(const struct longhaul_report *report)
{
    return report->n_remarks;
}

const char *longhaul_report_remark(const struct longhaul_report *report, size_t i, bool with_names)
{
    return i < report->n_remarks ? (with_names ? report->named_remarks : report->remarks)[i] : NULL;
}
