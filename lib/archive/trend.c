/* trend.c - what many days show: reads it from the index, and writes it into a folder. */

#include "archive/trend.h"
#include "archive/trend_charts.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/plain_numbers.h"
#include "publish/publish.h"
#include "report/report.h"

#define DEFAULT_OUT "diagrams/trend"
#define PAGE "trend.html"
#define TEXT "trend_report.md"

static int out_of_memory(struct longhaul_error *err)
{
    return error_set(err, LONGHAUL_ENOMEM, "trend: out of memory");
}

/* ---- reading */

static int understand(struct longhaul_trend *t, struct store *store, struct longhaul_error *err)
{
    struct plain_numbers plain;
    int rc = trend_load(t, store, err);
    if (rc == 0)
        rc = trend_count_once(t, store, err);
    plain_numbers_begin(&plain);
    if (rc == 0)
        rc = trend_find_outages(t, store, err);
    if (rc == 0)
        rc = trend_find(t, err);
    if (rc == 0)
        rc = trend_judge(t, store, err);
    if (rc == 0)
        rc = trend_say(t, err);
    plain_numbers_end(&plain);
    return rc;
}

int longhaul_trend_read(struct longhaul_archive *archive, const struct longhaul_trend_options *options,
                        struct longhaul_trend **out, struct longhaul_error *err)
{
    static const struct longhaul_report_options defaults = { 0 };
    struct longhaul_trend *t = calloc(1, sizeof *t);
    if (t == NULL)
        return out_of_memory(err);
    t->options = options ? *options : (struct longhaul_trend_options){ 0 };
    t->options.report = t->options.report ? t->options.report : &defaults;
    t->out_dir = t->options.report->out_dir ? t->options.report->out_dir : DEFAULT_OUT;
    t->index_path = strdup(archive->index_path);
    int rc = t->index_path ? understand(t, archive->store, err) : out_of_memory(err);
    if (rc == 0)
        *out = t;
    else
        longhaul_trend_free(t);
    return rc;
}

static void free_leg(struct trend_leg *leg)
{
    free(leg->name);
    free(leg->source);
    free(leg->destination);
    free(leg->protocol);
    free(leg->days);
    free(leg->months);
    free(leg->levels);
    free(leg->season);
    free(leg->shifts);
    free(leg->objectives);
    free(leg->gaps);
}

void longhaul_trend_free(struct longhaul_trend *t)
{
    if (t == NULL)
        return;
    for (size_t i = 0; i < t->n_legs; i++)
        free_leg(&t->legs[i]);
    free(t->legs);
    free(t->gravest);
    free(t->months);
    free(t->outages);
    report_free_lines(t->sentences, t->n_sentences);
    for (size_t i = 0; i < t->n_charts; i++)
        free(t->charts[i].name);
    free(t->charts);
    report_free_lines(t->files, t->n_files);
    report_free_lines(t->notes, t->n_notes);
    free(t->index_path);
    free(t);
}

/* ---- writing */

static int write_one(struct longhaul_trend *t, const char *name,
                     int make(const struct longhaul_trend *, char **, struct longhaul_error *),
                     struct longhaul_error *err)
{
    char *text = NULL, *path = file_join(t->out_dir, name);
    int rc = path ? make(t, &text, err) : out_of_memory(err);
    if (rc == 0)
        rc = file_write(path, text, strlen(text), err);
    if (rc == 0)
        rc = report_append(&t->files, &t->n_files, strdup(path), err);
    free(text);
    free(path);
    return rc;
}

static int write_claimed(struct longhaul_trend *t, struct longhaul_report *charts, struct longhaul_error *err)
{
    int rc = trend_charts_plan(t, charts, err);
    if (rc == 0)
        rc = report_check_place(charts, TEXT, PAGE, err);
    if (rc == 0)
        rc = trend_charts_write(t, charts, err); /* first, because the text says which pictures exist */
    if (rc == 0)
        rc = write_one(t, TEXT, trend_markdown, err);
    if (rc == 0 && !t->options.report->wants_no_html)
        rc = write_one(t, PAGE, trend_html, err);
    return rc;
}

int longhaul_trend_write(struct longhaul_trend *t, struct longhaul_error *err)
{
    struct longhaul_report *charts = calloc(1, sizeof *charts); /* has only its place and its charts */
    struct plain_numbers plain;
    int claim = -1;
    if (charts == NULL)
        return out_of_memory(err);
    charts->options = t->options.report;
    charts->out_dir = t->out_dir;
    plain_numbers_begin(&plain);
    int rc = report_claim_place(charts, &claim, err);
    if (rc == 0)
        rc = write_claimed(t, charts, err);
    if (claim >= 0)
        close(claim);
    plain_numbers_end(&plain);
    longhaul_report_free(charts);
    return rc;
}

size_t longhaul_trend_n_files(const struct longhaul_trend *t)
{
    return t->n_files;
}

const char *longhaul_trend_file(const struct longhaul_trend *t, size_t i)
{
    return i < t->n_files ? t->files[i] : NULL;
}

const char *longhaul_trend_note(const struct longhaul_trend *t, size_t i)
{
    return i < t->n_notes ? t->notes[i] : NULL;
}
