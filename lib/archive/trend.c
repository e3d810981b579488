/* trend.c - what many days show: reads it from the index, and writes it into a folder. */

#include "archive/trend.h"

#include <stdlib.h>
#include <string.h>

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
        rc = trend_find(t, store, err);
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
    static const struct longhaul_trend_options defaults = { 0 };
    struct longhaul_trend *t = calloc(1, sizeof *t);
    if (t == NULL)
        return out_of_memory(err);
    t->options = options ? options : &defaults;
    t->out_dir = t->options->out_dir ? t->options->out_dir : DEFAULT_OUT;
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
    report_free_lines(t->files, t->n_files);
    free(t->index_path);
    free(t);
}

/* ---- writing */

static int write_one(struct longhaul_trend *t, const char *path,
                     int make(const struct longhaul_trend *, char **, struct longhaul_error *),
                     struct longhaul_error *err)
{
    char *text = NULL;
    int rc = make(t, &text, err);
    if (rc == 0)
        rc = file_write(path, text, strlen(text), err);
    free(text);
    return rc == 0 ? report_append(&t->files, &t->n_files, strdup(path), err) : rc;
}

int longhaul_trend_write(struct longhaul_trend *t, struct longhaul_error *err)
{
    char *page = file_join(t->out_dir, PAGE), *text = file_join(t->out_dir, TEXT);
    struct plain_numbers plain;
    int rc = page && text ? 0 : out_of_memory(err);
    plain_numbers_begin(&plain);
    if (rc == 0)
        rc = file_make_dir(t->out_dir, err);
    if (rc == 0 && !t->options->is_forced)
        rc = report_check_file(text, REPORT_FORCE, err);
    if (rc == 0 && !t->options->is_forced && !t->options->wants_no_html)
        rc = report_check_file(page, REPORT_FORCE, err);
    if (rc == 0)
        rc = write_one(t, text, trend_markdown, err);
    if (rc == 0 && !t->options->wants_no_html)
        rc = write_one(t, page, trend_html, err);
    plain_numbers_end(&plain);
    free(page);
    free(text);
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
