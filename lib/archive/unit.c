/* unit.c - reads the files of one test together, as a report would: joined, each test once. Writes nothing. */

#include "archive/unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "read/series.h"

static int out_of_memory(struct longhaul_error *err)
{
    return error_set(err, LONGHAUL_ENOMEM, "archive: out of memory");
}

static int add_cookie(struct unit *unit, const char *cookie, struct longhaul_error *err)
{
    if (!*cookie)
        return 0;
    void *grown = realloc(unit->cookies, (unit->n_cookies + 1) * sizeof *unit->cookies);
    if (grown == NULL)
        return out_of_memory(err);
    unit->cookies = grown;
    size_t n = strnlen(cookie, sizeof *unit->cookies - 1);
    memcpy(unit->cookies[unit->n_cookies], cookie, n);
    unit->cookies[unit->n_cookies++][n] = 0;
    return 0;
}

static int take_cookies(struct unit *unit, const struct longhaul_series *series, struct longhaul_error *err)
{
    size_t n;
    const struct series_session *sessions = series_sessions(series, &n);
    int rc = add_cookie(unit, series_cookie(series), err);
    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = add_cookie(unit, sessions[i].cookie, err);
    return rc;
}

static int note(struct unit *unit, const char *text, struct longhaul_error *err)
{
    return report_append(&unit->notes, &unit->n_notes, strdup(text), err);
}

/* A test that cannot be in the index is a note, too. */
static int take_leg(struct unit *unit, const struct longhaul_series *series, const struct unit_options *options,
                    struct longhaul_error *err)
{
    struct longhaul_error why = { 0 };
    struct archive_test *grown = realloc(unit->tests, (unit->n_tests + 1) * sizeof *grown);
    if (grown == NULL)
        return out_of_memory(err);
    unit->tests = grown;
    grown += unit->n_tests;
    int rc = test_take(series, options->wanted, grown, &why);
    if (rc == 0) {
        unit->n_tests++;
        return 0;
    }
    test_free(grown);
    return rc == LONGHAUL_ENOMEM ? out_of_memory(err) : note(unit, why.text, err);
}

int unit_read(const struct report_files *files, const struct unit_options *options, struct unit *unit,
              struct longhaul_error *err)
{
    struct longhaul_report *report = calloc(1, sizeof *report);
    *unit = (struct unit){ 0 };
    if (report == NULL)
        return out_of_memory(err);
    report->options = &options->report;
    int rc = report_read_files(report, files, err);
    unit->may_be_other = report->may_be_other;
    for (size_t i = 0; rc == 0 && i < report->n_notes; i++)
        rc = note(unit, report->notes[i], err);
    for (size_t i = 0; rc == 0 && i < report->n_legs; i++) {
        rc = take_cookies(unit, report->legs[i].series, err);
        if (rc == 0)
            rc = take_leg(unit, report->legs[i].series, options, err);
        longhaul_series_free(report->legs[i].series);
        report->legs[i].series = NULL;
    }
    longhaul_report_free(report);
    return rc;
}

void unit_free(struct unit *unit)
{
    for (size_t i = 0; i < unit->n_tests; i++)
        test_free(&unit->tests[i]);
    free(unit->tests);
    free(unit->cookies);
    report_free_lines(unit->notes, unit->n_notes);
    *unit = (struct unit){ 0 };
}
