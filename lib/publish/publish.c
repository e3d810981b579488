/* publish.c - writes a report: reads a folder, then writes charts, Markdown and page, in this order. */

#include <stdlib.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/plain_numbers.h"
#include "chart/charts.h"
#include "model/leg.h"
#include "publish/publish.h"
#include "report/report_drawings.h"
#include "report/report_routes.h"

#define DEFAULT_OUT "diagrams/24h"

/* The incidents, the hub, the sentences, which legs are described in detail, and which routes are drawn. */
static int understand(struct longhaul_report *report, struct longhaul_error *err)
{
    int rc = report_find_incidents(report, err);
    if (rc == 0)
        rc = report_judge_objectives(report, err);
    if (rc == 0)
        rc = report_choose_hub(report, err);
    if (rc == 0)
        rc = report_find_takeaways(report, err);
    if (rc == 0)
        rc = report_choose_detail(report, err);
    if (rc == 0)
        rc = report_find_routes(report, err);
    return rc == 0 ? report_find_drawings(report, err) : rc;
}

static int write_claimed(struct longhaul_report *report, struct longhaul_error *err)
{
    int rc = charts_plan(report, err);
    if (rc == 0)
        rc = report_check_place(report, PUBLISH_TEXT, PUBLISH_PAGE, err);
    if (rc == 0)
        /* first, because the texts say which pictures exist and what is missing */
        rc = chart_files_write(report, charts_texts, report, err);
    if (rc == 0)
        rc = report_write_markdown(report, err);
    if (rc == 0)
        rc = report_write_html(report, err);
    return rc;
}

static int write_all(struct longhaul_report *report, struct longhaul_error *err)
{
    int claim = -1, rc = report_claim_place(report, &claim, err);
    if (rc != 0)
        return rc;
    rc = write_claimed(report, err);
    close(claim);
    report->main_file = file_join(report->out_dir, report->options->wants_no_html ? PUBLISH_TEXT : PUBLISH_PAGE);
    return rc == 0 && report->main_file == NULL ? error_set(err, LONGHAUL_ENOMEM, "report: out of memory") : rc;
}

static int write_nothing(struct longhaul_report *report, struct longhaul_error *err)
{
    (void)report;
    (void)err;
    return 0;
}

/* Reads and understands; then write does the rest. */
static int make(const char *const *paths, size_t n_paths, const struct longhaul_report_options *given,
                int write(struct longhaul_report *, struct longhaul_error *), struct longhaul_report **out,
                struct longhaul_error *err)
{
    static const char *const default_paths[] = { LEG_DIR };
    static const struct longhaul_report_options defaults = { 0 };
    struct longhaul_report *report = calloc(1, sizeof *report);
    struct plain_numbers plain;
    if (report == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "report: out of memory");
    report->options = given ? given : &defaults;
    report->out_dir = report->options->out_dir ? report->options->out_dir : DEFAULT_OUT;
    int rc = *report->out_dir ? 0 : error_set(err, LONGHAUL_EINVAL, "folder \"\": no name");
    if (rc == 0)
        rc = report_read(report, n_paths ? paths : default_paths, n_paths ? n_paths : 1, err);
    plain_numbers_begin(&plain);
    if (rc == 0)
        rc = understand(report, err);
    if (rc == 0)
        rc = write(report, err);
    plain_numbers_end(&plain);
    report->options = NULL;
    report->out_dir = NULL;
    if (rc == 0)
        *out = report;
    else
        longhaul_report_free(report);
    return rc;
}

int longhaul_report_write(const char *const *paths, size_t n_paths, const struct longhaul_report_options *options,
                          struct longhaul_report **out, struct longhaul_error *err)
{
    return make(paths, n_paths, options, write_all, out, err);
}

int longhaul_report_read(const char *const *paths, size_t n_paths, const struct longhaul_report_options *options,
                         struct longhaul_report **out, struct longhaul_error *err)
{
    return make(paths, n_paths, options, write_nothing, out, err);
}
