/* trend_tables.c - what many days show, for programs: JSON, and CSV with a row for each leg and day. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive/trend.h"
#include "base/error.h"
#include "base/json_make.h"
#include "base/text_safe.h"

#define TREND_FORMAT 1 /* of doc/trend.schema.json */

/* ---- figures of a span, for both */

struct figure {
    const char *key;
    double value;
};

enum { N_FIGURES = 30 };

static void figures_of(const struct trend_span *s, struct figure out[N_FIGURES])
{
    const struct archive_cell *c = &s->cell;
    const struct figure all[N_FIGURES] = {
        { "loss_percent", s->loss_percent },
        { "lost_packets", s->lost },
        { "packets", c->packets },
        { "rate_mbps", cell_mean_mbps(c) },
        { "min_mbps", c->min_mbps },
        { "min_mbps_unix_s", c->min_mbps_at },
        { "max_mbps", c->max_mbps },
        { "jitter_p50_ms", s->jitter_p50_ms },
        { "jitter_p95_ms", s->jitter_p95_ms },
        { "jitter_p99_ms", s->jitter_p99_ms },
        { "jitter_max_ms", c->jitter_max_ms },
        { "delay_p50_ms", s->delay_p50_ms },
        { "delay_p95_ms", s->delay_p95_ms },
        { "delay_p99_ms", s->delay_p99_ms },
        { "delay_max_ms", c->delay_max_ms },
        { "delay_max_unix_s", c->delay_max_at },
        { "rtt_min_ms", c->rtt_min_ms },
        { "rtt_p50_ms", c->rtt_p50_ms },
        { "rtt_unanswered", c->rtt_unanswered },
        { "observed_s", c->observed_s },
        { "planned_s", c->planned_s },
        { "coverage", trend_coverage(s) },
        { "outage_s", c->outage_s },
        { "availability", trend_availability(s) },
        { "worst_lost_packets", c->worst_lost },
        { "worst_unix_s", c->worst_lost_at },
        { "loss_runs", c->loss_runs },
        { "longest_run", c->longest_run },
        { "silences", c->n_silences },
        { "longest_silence_ms", c->longest_silence_ms },
    };
    memcpy(out, all, sizeof all);
}

/* ---- JSON */

static json_t *span_object(const char *key, const char *when, const struct trend_span *s)
{
    struct figure figures[N_FIGURES];
    json_t *o = json_object();
    figures_of(s, figures);
    json_object_set_new(o, key, json_string(when));
    json_object_set_new(o, "raw_data", json_string(trend_raw_text(s->raw)));
    json_object_set_new(o, "loss_is_of_whole_tests", json_boolean(s->is_loss_of_test));
    for (size_t i = 0; i < N_FIGURES; i++)
        json_object_set_new(o, figures[i].key, json_make_number(figures[i].value));
    return o;
}

static json_t *spans_array(const char *key, const struct trend_span *spans, size_t n, bool is_month)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        if (spans[i].is_known)
            json_array_append_new(list, span_object(key,
                                                    is_month ? trend_month(spans[i].cell.unix_s).text
                                                             : trend_date(spans[i].cell.unix_s).text,
                                                    &spans[i]));
    return list;
}

static json_t *shifts_array(const struct trend_leg *leg)
{
    json_t *list = json_array();
    for (size_t i = 0; i < leg->n_shifts; i++) {
        const struct trend_shift *s = &leg->shifts[i];
        json_t *o = json_object();
        json_object_set_new(o, "figure", json_string(trend_rules[s->quantity].key));
        json_object_set_new(o, "day", json_string(trend_date(s->unix_s).text));
        json_object_set_new(o, "before", json_make_number(s->shift.before));
        json_object_set_new(o, "after", json_make_number(s->shift.after));
        json_object_set_new(o, "change", json_make_number(s->shift.size));
        json_object_set_new(o, "change_low", json_make_number(s->shift.low));
        json_object_set_new(o, "change_high", json_make_number(s->shift.high));
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *objectives_array(const struct longhaul_trend *t, const struct trend_leg *leg)
{
    json_t *list = json_array();
    for (size_t i = 0; i < leg->n_objectives; i++) {
        const struct longhaul_objective_result *r = &leg->objectives[i].result;
        char text[LONGHAUL_OBJECTIVE_TEXT];
        json_t *o = json_object();
        longhaul_objective_text(&r->objective, text);
        json_object_set_new(o, "objective", json_string(text));
        json_object_set_new(o, "month", json_string(trend_month(t->months[leg->objectives[i].month]).text));
        json_object_set_new(o, "verdict", json_string(longhaul_objective_verdict_text(r->verdict)));
        json_object_set_new(o, "value", json_make_number(r->value));
        json_object_set_new(o, "windows_good", json_make_number(r->n_good));
        json_object_set_new(o, "windows_bad", json_make_number(r->n_bad));
        json_object_set_new(o, "windows_unknown", json_make_number(r->n_unknown));
        json_object_set_new(o, "windows_to_come", json_make_number(r->n_to_come));
        json_object_set_new(o, "budget_left", json_make_number(r->budget_left));
        json_object_set_new(o, "observed_s", json_make_number(r->observed_s));
        json_object_set_new(o, "unobserved_s", json_make_number(r->unobserved_s));
        json_object_set_new(o, "to_come_s", json_make_number(r->to_come_s));
        json_object_set_new(o, "text", json_string(r->text));
        json_array_append_new(list, o);
    }
    return list;
}

/* Of each weekday, Monday first, each hour. */
static json_t *season_array(const struct trend_leg *leg)
{
    json_t *week = json_array();
    for (unsigned day = 0; day < TREND_WEEKDAYS; day++) {
        json_t *hours = json_array();
        for (size_t h = 0; h < TREND_HOURS; h++) {
            const struct trend_season *s = &leg->season[day][h];
            json_array_append_new(hours,
                                  json_make_number(s->known_packets > 0 ? 100 * s->lost / s->known_packets : NAN));
        }
        json_array_append_new(week, hours);
    }
    return week;
}

static json_t *leg_object(const struct longhaul_trend *t, const struct trend_leg *leg)
{
    json_t *o = span_object("from", trend_date(t->first_unix_s).text, &leg->whole);
    json_object_set_new(o, "source", json_make_text(leg->source));
    json_object_set_new(o, "destination", json_make_text(leg->destination));
    json_object_set_new(o, "protocol", json_make_text(leg->protocol));
    json_object_set_new(o, "changes", shifts_array(leg));
    json_object_set_new(o, "objectives", objectives_array(t, leg));
    json_object_set_new(o, "months", spans_array("month", leg->months, t->n_months, true));
    json_object_set_new(o, "days", spans_array("day", leg->days, t->n_days, false));
    json_object_set_new(o, "loss_percent_by_weekday_and_hour", season_array(leg));
    return o;
}

static json_t *outages_array(const struct longhaul_trend *t)
{
    json_t *list = json_array();
    for (size_t i = 0; i < t->n_outages; i++) {
        const struct trend_outage *e = &t->outages[i];
        json_t *o = json_object();
        json_object_set_new(o, "leg", json_make_text(t->legs[e->leg].name));
        json_object_set_new(o, "start_unix_s", json_make_number(e->start_unix_s));
        json_object_set_new(o, "seconds", json_make_number(e->seconds));
        json_object_set_new(o, "is_open", json_boolean(e->is_open));
        json_object_set_new(o, "lost_packets", json_make_number(e->lost));
        json_object_set_new(o, "cause", json_make_text(e->cause));
        json_object_set_new(o, "raw_data", json_string(trend_raw_text(e->raw)));
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *worst_array(const struct longhaul_trend *t)
{
    json_t *list = json_array();
    for (size_t i = 0; i < t->n_worst; i++) {
        json_t *o = json_object();
        json_object_set_new(o, "leg", json_make_text(t->legs[t->worst[i].leg].name));
        json_object_set_new(o, "unix_s", json_make_number(t->worst[i].unix_s));
        json_object_set_new(o, "lost_packets", json_make_number(t->worst[i].lost));
        json_object_set_new(o, "raw_data", json_string(trend_raw_text(t->worst[i].raw)));
        json_array_append_new(list, o);
    }
    return list;
}

int longhaul_trend_json(const struct longhaul_trend *t, char **out, struct longhaul_error *err)
{
    json_t *o = json_object(), *legs = json_array(), *sentences = json_array();
    for (size_t i = 0; i < t->n_sentences; i++)
        json_array_append_new(sentences, json_make_text(t->sentences[i]));
    for (size_t i = 0; i < t->n_legs; i++)
        json_array_append_new(legs, leg_object(t, &t->legs[i]));
    json_object_set_new(o, "format", json_integer(TREND_FORMAT));
    json_object_set_new(o, "longhaul", json_string(LONGHAUL_VERSION));
    json_object_set_new(o, "first_day", json_string(trend_date(t->first_unix_s).text));
    json_object_set_new(o, "n_days", json_integer((json_int_t)t->n_days));
    json_object_set_new(o, "sentences", sentences);
    json_object_set_new(o, "n_outages", json_integer((json_int_t)t->n_all_outages));
    json_object_set_new(o, "outages_s", json_make_number(t->outages_s));
    json_object_set_new(o, "outages", outages_array(t));
    json_object_set_new(o, "worst_intervals", worst_array(t));
    json_object_set_new(o, "legs", legs);
    return json_make_line(o, "trend", out, err);
}

/* ---- CSV */

/* Quoted where it has to be; what a spreadsheet would reckon with gets a quote before it. */
static void write_cell(FILE *out, const char *text)
{
    bool is_formula = text_is_formula(text);
    if (!is_formula && !strpbrk(text, ",\"\n\r")) {
        fputs(text, out);
        return;
    }
    fputs(is_formula ? "\"'" : "\"", out);
    for (; *text; text++)
        fprintf(out, *text == '"' ? "\"%c" : "%c", *text);
    fputc('"', out);
}

static void write_row(FILE *out, const struct trend_leg *leg, const struct trend_span *day)
{
    struct figure figures[N_FIGURES];
    figures_of(day, figures);
    write_cell(out, leg->source);
    fputc(',', out);
    write_cell(out, leg->destination);
    fputc(',', out);
    write_cell(out, leg->protocol);
    fprintf(out, ",%s,%s", trend_date(day->cell.unix_s).text, trend_raw_text(day->raw));
    for (size_t i = 0; i < N_FIGURES; i++)
        if (isfinite(figures[i].value))
            fprintf(out, ",%.15g", figures[i].value);
        else
            fputc(',', out);
    fputs("\r\n", out);
}

static void write_csv(FILE *out, const struct longhaul_trend *t)
{
    struct figure figures[N_FIGURES];
    figures_of(&t->legs[0].whole, figures);
    fputs("source,destination,protocol,day,raw_data", out);
    for (size_t i = 0; i < N_FIGURES; i++)
        fprintf(out, ",%s", figures[i].key);
    fputs("\r\n", out);
    for (size_t l = 0; l < t->n_legs; l++)
        for (size_t i = 0; i < t->n_days; i++)
            if (t->legs[l].days[i].is_known)
                write_row(out, &t->legs[l], &t->legs[l].days[i]);
}

int longhaul_trend_csv(const struct longhaul_trend *t, char **out, struct longhaul_error *err)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    if (stream)
        write_csv(stream, t);
    if (stream == NULL || ferror(stream) || fclose(stream) != 0) {
        free(text);
        return error_set(err, LONGHAUL_ENOMEM, "trend: out of memory");
    }
    *out = text;
    return 0;
}
