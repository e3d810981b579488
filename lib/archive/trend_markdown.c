/* trend_markdown.c - trend_report.md: sentences and tables of many days. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "archive/trend.h"
#include "base/error.h"
#include "base/markup.h"
#include "base/units.h"
#include "report/report.h"
#include "report/wording.h"

#define MOST_ROWS 100

static void cell(FILE *out, const char *text)
{
    fputs(" ", out);
    markup_markdown(out, text);
    fputs(" |", out);
}

static void number(FILE *out, double value)
{
    fprintf(out, " %s |", wording_short(value, "").text);
}

static void head(FILE *out, const char *title, const char *columns, const char *aligned)
{
    fprintf(out, "\n## %s\n\n%s\n%s\n", title, columns, aligned);
}

static void rest(FILE *out, size_t n, size_t n_shown)
{
    if (n > n_shown)
        fprintf(out, "\n%zu more rows are in the JSON and CSV.\n", n - n_shown);
}

static void write_months(FILE *out, const struct longhaul_trend *t)
{
    size_t n = 0;
    head(out, "Months",
         "| leg | month | loss % | rate Mbps | jitter p50 ms | p99 ms | delay p50 ms | p99 ms | least round trip ms | "
         "outages | available % | observed % | raw data |",
         "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|");
    for (size_t i = 0; i < t->n_legs; i++)
        for (size_t m = 0; m < t->n_months; m++) {
            const struct trend_span *s = &t->legs[t->gravest[i]].months[m];
            if (!s->is_known || ++n > MOST_ROWS)
                continue;
            fputs("|", out);
            cell(out, t->legs[t->gravest[i]].name);
            fprintf(out, " %s |", trend_month_name(t, m).text);
            const double figures[] = { s->loss_percent, cell_mean_mbps(&s->cell), s->jitter_p50_ms,  s->jitter_p99_ms,
                                       s->delay_p50_ms, s->delay_p99_ms,          s->cell.rtt_min_ms };
            for (size_t k = 0; k < sizeof figures / sizeof *figures; k++)
                number(out, figures[k]);
            fprintf(out, " %s | %s | %s | %s |\n", wording_length(s->cell.outage_s).text,
                    wording_share(100 * trend_availability(s), "").text,
                    wording_share(100 * trend_coverage(s), "").text, trend_raw_text(s->raw));
        }
    rest(out, n, MOST_ROWS);
}

static void write_changes(FILE *out, const struct longhaul_trend *t)
{
    size_t n = 0;
    for (size_t l = 0; l < t->n_legs; l++)
        for (size_t i = 0; i < t->legs[l].n_shifts; i++) {
            const struct trend_shift *s = &t->legs[l].shifts[i];
            if (n++ == 0)
                head(out, "Levels that changed", "| leg | since | figure | before | after | change | 95 % interval |",
                     "|---|---|---|--:|--:|--:|--:|");
            if (n > MOST_ROWS)
                continue;
            fputs("|", out);
            cell(out, t->legs[l].name);
            fprintf(out, " %s | %s, %s |", trend_date(s->unix_s).text, trend_rules[s->quantity].name,
                    trend_rules[s->quantity].unit);
            number(out, s->shift.before);
            number(out, s->shift.after);
            number(out, s->shift.size);
            fprintf(out, " %s to %s |\n", isfinite(s->shift.low) ? wording_short(s->shift.low, "").text : "-",
                    isfinite(s->shift.high) ? wording_short(s->shift.high, "").text : "-");
        }
    rest(out, n, MOST_ROWS);
}

static void write_objective(FILE *out, const struct longhaul_trend *t, const struct trend_leg *leg,
                            const struct trend_objective *o)
{
    char text[LONGHAUL_OBJECTIVE_TEXT], budget[LONGHAUL_PEOPLE_SIZE];
    longhaul_objective_text(&o->result.objective, text);
    longhaul_objective_budget_text(&o->result, budget);
    fputs("|", out);
    cell(out, leg->name);
    fprintf(out, " %s |", trend_verdict_text(&o->result).text);
    cell(out, text);
    fprintf(out, " %s |", trend_month_name(t, o->month).text);
    cell(out, o->result.text + o->result.seen_at);
    cell(out, *budget ? budget : "-");
    fputc('\n', out);
}

static void write_objectives(FILE *out, const struct longhaul_trend *t)
{
    size_t n = 0;
    for (size_t v = 0; v < REPORT_N_VERDICTS; v++)
        for (size_t l = 0; l < t->n_legs; l++)
            for (size_t i = 0; i < t->legs[l].n_objectives; i++) {
                if (t->legs[l].objectives[i].result.verdict != report_verdicts[v].verdict)
                    continue;
                if (n++ == 0)
                    head(out, "Objectives by month", "| leg | verdict | objective | month | observed | error budget |",
                         "|---|---|---|---|---|--:|");
                if (n <= MOST_ROWS)
                    write_objective(out, t, &t->legs[l], &t->legs[l].objectives[i]);
            }
    rest(out, n, MOST_ROWS);
}

static void write_outages(FILE *out, const struct longhaul_trend *t)
{
    for (size_t i = 0; i < t->n_outages && i < MOST_ROWS; i++) { /* the newest first */
        const struct trend_outage *e = &t->outages[t->n_outages - 1 - i];
        if (i == 0)
            head(out, "Outages", "| leg | began | length | lost packets | cause | raw data |",
                 "|---|---|--:|--:|---|---|");
        fputs("|", out);
        cell(out, t->legs[e->leg].name);
        fprintf(out, " %s | %s%s | %s |", wording_utc(e->start_unix_s).text, wording_length(e->seconds).text,
                e->is_open ? ", goes on" : "", wording_count(e->lost).text);
        cell(out, *e->cause ? e->cause : "-");
        fprintf(out, " %s |\n", trend_raw_text(e->raw));
    }
    rest(out, t->n_all_outages, MOST_ROWS);
}

static void write_worst(FILE *out, const struct longhaul_trend *t)
{
    for (size_t i = 0; i < t->n_worst; i++) {
        const struct trend_worst *w = &t->worst[i];
        if (i == 0)
            head(out, "Worst intervals", "| leg | began | lost packets | raw data |", "|---|---|--:|---|");
        fputs("|", out);
        cell(out, t->legs[w->leg].name);
        fprintf(out, " %s | %s | %s |\n", wording_utc(w->unix_s).text, wording_count(w->lost).text,
                trend_raw_text(w->raw));
    }
}

static void write_charts(FILE *out, const struct longhaul_trend *t)
{
    for (size_t i = 0; i < t->n_charts; i++) {
        const struct trend_chart *c = &t->charts[i];
        fputs(i == 0 ? "\n## Charts\n\n![" : "\n![", out);
        if (c->leg == SIZE_MAX)
            fputs("Loss by leg and day", out);
        else
            markup_markdown(out, t->legs[c->leg].name);
        fprintf(out, "](%s.png)\n", c->name);
    }
}

static void write_report(FILE *out, const struct longhaul_trend *t)
{
    struct trend_word first = trend_date(t->first_unix_s);
    fprintf(out, "# %zu leg%s, %zu day%s: %s to %s\n\n<!-- " REPORT_MARK " -->\n\n", t->n_legs,
            t->n_legs == 1 ? "" : "s", t->n_days, t->n_days == 1 ? "" : "s", first.text,
            trend_date(t->first_unix_s + (double)(t->n_days - 1) * DAY_S).text);
    for (size_t i = 0; i < t->n_sentences; i++) {
        fputs("- ", out);
        markup_markdown(out, t->sentences[i]);
        fputc('\n', out);
    }
    write_changes(out, t);
    write_objectives(out, t);
    write_outages(out, t);
    write_worst(out, t);
    write_months(out, t);
    write_charts(out, t);
}

int trend_markdown(const struct longhaul_trend *t, char **text, struct longhaul_error *err)
{
    char *made = NULL;
    size_t size;
    FILE *out = open_memstream(&made, &size);
    if (out)
        write_report(out, t);
    if (out == NULL || ferror(out) || fclose(out) != 0) {
        free(made);
        return error_set(err, LONGHAUL_ENOMEM, "trend: out of memory");
    }
    *text = made;
    return 0;
}
