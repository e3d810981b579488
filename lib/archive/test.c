/* test.c - one test of a folder, as the index keeps it. Reads no file. */

#include "archive/test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/analysis.h"
#include "base/calendar.h"
#include "base/error.h"
#include "base/text_copy.h"

static int out_of_memory(const struct longhaul_info *info, struct longhaul_error *err)
{
    return error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", info->path);
}

static void copy_word(char *out, size_t size, const char *text)
{
    size_t n = strnlen(text, size - 1);
    memcpy(out, text, n);
    out[n] = 0;
}

static void take_names(struct archive_test *test, const struct longhaul_info *info)
{
    const struct longhaul_loss *loss = longhaul_analysis_loss(test->analysis);
    copy_word(test->source, sizeof test->source, info->source);
    copy_word(test->destination, sizeof test->destination, info->destination);
    copy_word(test->protocol, sizeof test->protocol, info->protocol);
    copy_word(test->verdict, sizeof test->verdict, longhaul_verdict_text(longhaul_analysis_verdict(test->analysis)));
    test->planned_s = info->planned_s;
    test->is_in_progress = info->is_journal;
    test->lost = loss->lost;
    test->total = loss->total;
    test->loss_percent = loss->percent;
}

static int take_events(struct archive_test *test, const struct longhaul_info *info, struct longhaul_error *err)
{
    size_t n_events, n_gaps;
    const struct longhaul_event *events = longhaul_analysis_events(test->analysis, &n_events);
    const struct longhaul_gap *gaps = longhaul_analysis_gaps(test->analysis, &n_gaps);
    test->events = malloc((n_events + 1) * sizeof *events);
    test->gaps = malloc((n_gaps + 1) * sizeof *gaps);
    if (test->events == NULL || test->gaps == NULL)
        return out_of_memory(info, err);
    for (size_t i = 0; i < n_events; i++)
        test->events[test->n_events++] = events[i];
    for (size_t i = 0; i < n_gaps; i++) {
        test->gaps[test->n_gaps] = gaps[i];
        test->gaps[test->n_gaps++].start_s = test->start_unix_s + gaps[i].start_s;
    }
    return 0;
}

static int take_objectives(struct archive_test *test, const struct longhaul_series *series,
                           const struct wanted *wanted, struct longhaul_error *err)
{
    const struct longhaul_analysis *analysis = test->analysis;
    test->objectives = calloc(wanted->n + 1, sizeof *test->objectives);
    if (test->objectives == NULL)
        return out_of_memory(longhaul_series_info(series), err);
    for (size_t i = 0; i < wanted->n; i++) {
        const struct longhaul_objective *o = &wanted->list[i].objective;
        struct longhaul_objective_result r;
        if (!wanted_is_of(&wanted->list[i], test->source, test->destination))
            continue;
        int rc = longhaul_objective_judge(o, &analysis, &series, 1, &r, err);
        if (rc != 0)
            return rc;
        test->objectives[test->n_objectives++] =
            (struct test_objective){ *o, r.n_good, r.n_bad, r.n_unknown, r.n_to_come };
    }
    return 0;
}

int test_take(const struct longhaul_series *series, const struct wanted *wanted, struct archive_test *out,
              struct longhaul_error *err)
{
    const struct longhaul_info *info = longhaul_series_info(series);
    struct tm utc;
    *out = (struct archive_test){ .start_unix_s = NAN };
    int rc = longhaul_analyse(series, NULL, &out->analysis, err);
    if (rc != 0)
        return rc;
    take_names(out, info);
    out->start_unix_s = longhaul_analysis_figures(out->analysis)->start_unix_s;
    if (!calendar_of(out->start_unix_s, &utc))
        return error_set(err, LONGHAUL_EFORMAT, "%s: when it began is not known: it is in no day", info->path);
    rc = test_fill_cells(out, series, err);
    if (rc == 0)
        rc = take_events(out, info, err);
    return rc == 0 ? take_objectives(out, series, wanted, err) : rc;
}

void test_free(struct archive_test *test)
{
    test_cells_free(&test->hours);
    test_cells_free(&test->days);
    free(test->events);
    free(test->gaps);
    free(test->objectives);
    longhaul_analysis_free(test->analysis);
    *test = (struct archive_test){ 0 };
}
