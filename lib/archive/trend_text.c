/* trend_text.c - what many days show, in sentences, and the words that all texts of it share. */

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/objective_judge.h"
#include "archive/trend.h"
#include "base/calendar.h"
#include "base/error.h"
#include "base/units.h"
#include "model/objective.h"
#include "report/report.h"
#include "report/wording.h"

#define MOST_SHIFTS 12 /* sentences */
#define MOST_LINES 40  /* legs */

/* ---- words */

static struct trend_word word(const char *format, ...) __attribute__((format(printf, 1, 2)));

static struct trend_word word(const char *format, ...)
{
    struct trend_word w;
    va_list args;
    va_start(args, format);
    vsnprintf(w.text, sizeof w.text, format, args);
    va_end(args);
    return w;
}

struct trend_word trend_date(double unix_s)
{
    struct trend_word w = { "-" };
    struct tm utc;
    if (calendar_of(unix_s, &utc))
        strftime(w.text, sizeof w.text, "%Y-%m-%d", &utc);
    return w;
}

struct trend_word trend_month(double unix_s)
{
    struct trend_word w = { "-" };
    struct tm utc;
    if (calendar_of(unix_s, &utc))
        strftime(w.text, sizeof w.text, "%Y-%m", &utc);
    return w;
}

struct trend_word trend_month_name(const struct longhaul_trend *t, size_t month)
{
    double begin_s = t->months[month], last_s = t->first_unix_s + (double)(t->n_days - 1) * DAY_S;
    struct trend_word name = trend_month(begin_s), first = trend_date(fmax(begin_s, t->first_unix_s)),
                      last = trend_date(last_s), after = trend_month(last_s + DAY_S);
    bool is_late = t->first_unix_s > begin_s,
         is_cut = strcmp(trend_month(last_s).text, name.text) == 0 && strcmp(after.text, name.text) == 0;
    if (is_cut && strcmp(first.text, last.text) == 0)
        return first;
    if (is_late && is_cut)
        return word("%s to %s", first.text, strrchr(last.text, '-') + 1);
    return is_late ? word("%s from %s", name.text, strrchr(first.text, '-') + 1)
           : is_cut ? word("%s to %s", name.text, strrchr(last.text, '-') + 1)
                    : name;
}

struct trend_word trend_verdict_text(const struct longhaul_objective_result *r)
{
    size_t i = 0;
    while (i + 1 < REPORT_N_VERDICTS && report_verdicts[i].verdict != r->verdict)
        i++;
    return word("%s%s", report_verdicts[i].words, objective_is_so_far(r) ? " so far" : "");
}

const char *trend_raw_text(enum store_raw raw)
{
    static const char *const texts[] = { "there", "partly", "gone" };
    return texts[raw];
}

/* An end of an interval; infinite if the days are too few. */
static struct wording bound(double value)
{
    return isfinite(value) ? wording_short(value, "") : wording_say(value < 0 ? "any less" : "any more");
}

struct trend_word trend_shift_text(const struct trend_shift *s)
{
    const struct trend_rule *rule = &trend_rules[s->quantity];
    double least = fmin(fabs(s->shift.low), fabs(s->shift.high)), most = fmax(fabs(s->shift.low), fabs(s->shift.high));
    return word("%s %s by %s %s (95 %% interval %s to %s), from %s to %s %s", rule->name,
                s->shift.size > 0 ? "rose" : "fell", wording_short(fabs(s->shift.size), "").text,
                s->quantity == TREND_LOSS ? "points" : rule->unit, bound(least).text, bound(most).text,
                wording_short(s->shift.before, "").text, wording_short(s->shift.after, "").text, rule->unit);
}

struct trend_word trend_no_shift(const struct longhaul_trend *t)
{
    size_t n_searched = 0, n = 0;
    for (size_t l = 0; l < t->n_legs; l++) {
        size_t n_days = 0;
        for (size_t i = 0; i < t->n_days; i++)
            n_days += t->legs[l].days[i].is_known;
        n_searched += n_days >= SHIFT_LEAST_DAYS;
        n += t->legs[l].n_shifts;
    }
    if (n > 0)
        return word("%s", "");
    if (n_searched == 0)
        return word("Changes of a level are looked for in %d days and more", SHIFT_LEAST_DAYS);
    if (n_searched < t->n_legs)
        return word("No daily figure of %zu of %zu legs changed its level for good; the others have less than %d days",
                    n_searched, t->n_legs, SHIFT_LEAST_DAYS);
    return word("No daily figure of a leg changed its level for good");
}

/* ---- sentences */

static int say(struct longhaul_trend *t, struct longhaul_error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static int say(struct longhaul_trend *t, struct longhaul_error *err, const char *format, ...)
{
    char *line = NULL;
    va_list args;
    va_start(args, format);
    if (vasprintf(&line, format, args) < 0)
        line = NULL;
    va_end(args);
    return report_append(&t->sentences, &t->n_sentences, line, err);
}

static int say_shifts(struct longhaul_trend *t, struct longhaul_error *err)
{
    size_t n = 0;
    int rc = 0;
    for (size_t i = 0; i < t->n_legs; i++)
        for (size_t k = 0; rc == 0 && k < t->legs[i].n_shifts; k++)
            if (n++ < MOST_SHIFTS)
                rc = say(t, err, "%s: since %s its %s", t->legs[i].name, trend_date(t->legs[i].shifts[k].unix_s).text,
                         trend_shift_text(&t->legs[i].shifts[k]).text);
    if (rc == 0 && n > MOST_SHIFTS)
        rc = say(t, err, "%zu more changes of a level are in the table of changes", n - MOST_SHIFTS);
    if (rc != 0)
        return rc;
    struct trend_word none = trend_no_shift(t);
    return *none.text ? say(t, err, "%s", none.text) : 0;
}

static int say_outages(struct longhaul_trend *t, struct longhaul_error *err)
{
    const struct trend_outage *longest = NULL;
    for (size_t i = 0; i < t->n_outages; i++)
        if (longest == NULL || t->outages[i].seconds > longest->seconds)
            longest = &t->outages[i];
    if (longest == NULL)
        return say(t, err, "No outage is known");
    return say(t, err, "%zu outage%s, %s in all; the longest was %s, of %s, on %s", t->n_all_outages,
               t->n_all_outages == 1 ? "" : "s", wording_length(t->outages_s).text,
               wording_length(longest->seconds).text, t->legs[longest->leg].name,
               wording_utc(longest->start_unix_s).text);
}

static int say_worst(struct longhaul_trend *t, struct longhaul_error *err)
{
    if (t->n_worst == 0)
        return 0;
    return say(t, err, "%s lost most in one interval: %s packets at %s", t->legs[t->worst[0].leg].name,
               wording_count(t->worst[0].lost).text, wording_utc(t->worst[0].unix_s).text);
}

/* The months of an objective of a leg, which follow each other: from `first` on, before *end. */
static int say_missed(struct longhaul_trend *t, const struct trend_leg *leg, size_t first, size_t *end, size_t *n_said,
                      struct longhaul_error *err)
{
    const struct longhaul_objective *o = &leg->objectives[first].result.objective;
    size_t n_missed = 0, first_missed = 0;
    char text[LONGHAUL_OBJECTIVE_TEXT];
    for (*end = first; *end < leg->n_objectives; ++*end) {
        if (!objective_is_same(o, &leg->objectives[*end].result.objective))
            break;
        if (leg->objectives[*end].result.verdict == LONGHAUL_OBJECTIVE_MISSED && n_missed++ == 0)
            first_missed = leg->objectives[*end].month;
    }
    if (n_missed == 0 || ++*n_said > MOST_SHIFTS)
        return 0;
    longhaul_objective_text(o, text);
    if (n_missed == *end - first && n_missed > 1)
        return say(t, err, "%s: %s: missed in all %zu months", leg->name, text, n_missed);
    return say(t, err, "%s: %s: missed in %s%s", leg->name, text, trend_month_name(t, first_missed).text,
               n_missed > 1 ? wording_say(" and %zu more of %zu months", n_missed - 1, *end - first).text : "");
}

static int say_objectives(struct longhaul_trend *t, struct longhaul_error *err)
{
    size_t n = 0, n_of[REPORT_N_VERDICTS] = { 0 }, n_said = 0;
    for (size_t i = 0; i < t->n_legs; i++)
        for (size_t k = 0; k < t->legs[i].n_objectives; k++, n++)
            n_of[t->legs[i].objectives[k].result.verdict]++;
    if (n == 0)
        return 0;
    int rc = say(t, err, "By leg and month, %s",
                 wording_objectives(n, n_of[LONGHAUL_OBJECTIVE_MISSED], n_of[LONGHAUL_OBJECTIVE_CANNOT_SAY]).text);
    for (size_t i = 0; i < t->n_legs; i++)
        for (size_t k = 0, end; rc == 0 && k < t->legs[i].n_objectives; k = end)
            rc = say_missed(t, &t->legs[i], k, &end, &n_said, err);
    if (rc == 0 && n_said > MOST_SHIFTS)
        rc = say(t, err, "%zu more legs and objectives that are missed are in the table of objectives",
                 n_said - MOST_SHIFTS);
    return rc;
}

static int say_raw(struct longhaul_trend *t, struct longhaul_error *err)
{
    size_t n = 0, n_gone = 0;
    for (size_t i = 0; i < t->n_legs; i++)
        for (size_t k = 0; k < t->n_days; k++) {
            n += t->legs[i].days[k].is_known;
            n_gone += t->legs[i].days[k].is_known && t->legs[i].days[k].raw == STORE_RAW_GONE;
        }
    return n_gone == 0 ? 0
                       : say(t, err,
                             "The raw data of %zu of %zu days of a leg have been removed: only the index has their "
                             "figures",
                             n_gone, n);
}

static int say_seen(struct longhaul_trend *t, struct longhaul_error *err)
{
    double planned_s = 0, observed_s = 0;
    for (size_t i = 0; i < t->n_legs; i++) {
        planned_s += t->legs[i].whole.cell.planned_s;
        observed_s += fmin(t->legs[i].whole.cell.observed_s, t->legs[i].whole.cell.planned_s);
    }
    if (planned_s <= 0)
        return 0;
    if (planned_s - observed_s < (double)(t->n_days * t->n_legs)) /* a second of each day: as much as intervals vary */
        return say(t, err, "The whole planned time was observed");
    return say(t, err, "%s of the planned time was observed", wording_share(100 * observed_s / planned_s, " %").text);
}

int trend_say(struct longhaul_trend *t, struct longhaul_error *err)
{
    int rc = say_shifts(t, err);
    if (rc == 0)
        rc = say_outages(t, err);
    if (rc == 0)
        rc = say_worst(t, err);
    if (rc == 0)
        rc = say_objectives(t, err);
    if (rc == 0)
        rc = say_seen(t, err);
    return rc == 0 ? say_raw(t, err) : rc;
}

/* ---- the text for a terminal */

static void write_leg(FILE *out, const struct trend_leg *leg)
{
    const struct trend_span *w = &leg->whole;
    fprintf(out, "%s: loss %s, %s", leg->name, wording_short(w->loss_percent, " %").text,
            wording_short(cell_mean_mbps(&w->cell), " Mbps").text);
    if (!isnan(w->jitter_p50_ms))
        fprintf(out, ", jitter p50 %s p99 %s", wording_short(w->jitter_p50_ms, "").text,
                wording_short(w->jitter_p99_ms, " ms").text);
    if (!isnan(w->delay_p50_ms))
        fprintf(out, ", delay p50 %s p99 %s", wording_short(w->delay_p50_ms, "").text,
                wording_short(w->delay_p99_ms, " ms").text);
    if (w->cell.outage_s > 0)
        fprintf(out, ", %s of outages", wording_length(w->cell.outage_s).text);
    fputc('\n', out);
}

static void write_text(FILE *out, const struct longhaul_trend *t)
{
    fprintf(out, "%zu leg%s, %zu day%s: %s to %s\n", t->n_legs, t->n_legs == 1 ? "" : "s", t->n_days,
            t->n_days == 1 ? "" : "s", trend_date(t->first_unix_s).text,
            trend_date(t->first_unix_s + (double)(t->n_days - 1) * DAY_S).text);
    for (size_t i = 0; i < t->n_sentences; i++)
        fprintf(out, "%s\n", t->sentences[i]);
    for (size_t i = 0; i < t->n_legs && i < MOST_LINES; i++)
        write_leg(out, &t->legs[t->gravest[i]]);
    if (t->n_legs > MOST_LINES)
        fprintf(out, "and %zu more leg%s, with less loss\n", t->n_legs - MOST_LINES,
                t->n_legs == MOST_LINES + 1 ? "" : "s");
}

int longhaul_trend_text(const struct longhaul_trend *t, char **out, struct longhaul_error *err)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    if (stream)
        write_text(stream, t);
    if (stream == NULL || ferror(stream) || fclose(stream) != 0) {
        free(text);
        return error_set(err, LONGHAUL_ENOMEM, "trend: out of memory");
    }
    *out = text;
    return 0;
}
