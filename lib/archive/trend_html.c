/* trend_html.c - trend.html: one file that opens from disk, fetches nothing and needs no scripts. It is the same
 * whenever it is made of the same figures. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive/trend.h"
#include "archive/trend_draw.h"
#include "base/error.h"
#include "base/file.h"
#include "base/markup.h"
#include "base/units.h"
#include "page.h"
#include "publish/html.h"
#include "report/report.h"
#include "report/wording.h"

#define MOST_CALENDARS 200
#define MOST_DRAWN 20 /* legs with drawings of their own */
#define MOST_ROWS 200

static size_t at_most(size_t n, size_t most)
{
    return n < most ? n : most;
}

/* ---- cells */

struct head {
    const char *text;
    enum { TEXT, NUMBER } kind; /* of its cells */
};

static void begin_table(FILE *out, const char *name, const struct head *heads, size_t n)
{
    fprintf(out,
            "<div class=scroll tabindex=0 role=region aria-label=\"%s\"><table><caption class=vh>%s</caption>"
            "<thead><tr>",
            name, name);
    for (size_t i = 0; i < n; i++)
        fprintf(out, "<th scope=col%s>%s", heads[i].kind == NUMBER ? " class=n" : "", heads[i].text);
    fputs("</thead><tbody>\n", out);
}

static void end_table(FILE *out, size_t n, size_t n_shown)
{
    fputs("</tbody></table></div>\n", out);
    if (n > n_shown)
        fprintf(out, "<p class=hint>%zu more rows are in the JSON and CSV.</p>\n", n - n_shown);
}

#define BEGIN_TABLE(out, name, heads) begin_table(out, name, heads, sizeof(heads) / sizeof *(heads))

static void leg_cell(FILE *out, const char *name)
{
    fputs("<tr><th scope=row class=leg>", out);
    markup_html(out, name);
}

static void number(FILE *out, double value)
{
    fprintf(out, "<td class=n>%s", isnan(value) ? "&ndash;" : wording_short(value, "").text);
}

/* A share of 1. */
static void share(FILE *out, double value)
{
    fprintf(out, "<td class=n>%s", isnan(value) ? "&ndash;" : wording_share(100 * value, "").text);
}

static void write_objective(FILE *out, const struct longhaul_trend *t, const struct trend_leg *leg,
                            const struct trend_objective *o)
{
    static const char *const classes[] = { "noted", "good", "bad" };
    char text[LONGHAUL_OBJECTIVE_TEXT], budget[LONGHAUL_PEOPLE_SIZE];
    longhaul_objective_text(&o->result.objective, text);
    longhaul_objective_budget_text(&o->result, budget);
    leg_cell(out, leg->name);
    fprintf(out, "<td><span class=\"chip %s\">%s</span><td>", classes[o->result.verdict],
            trend_verdict_text(&o->result).text);
    markup_html(out, text);
    fprintf(out, "<td class=day>%s<td>", trend_month_name(t, o->month).text);
    markup_html(out, o->result.text + o->result.seen_at);
    fprintf(out, "<td class=n>%s\n", *budget ? budget : "&ndash;");
}

/* ---- parts */

static void write_head(FILE *out, const struct longhaul_trend *t)
{
    struct trend_word first = trend_date(t->first_unix_s);
    struct trend_word end = trend_date(t->first_unix_s + (double)(t->n_days - 1) * DAY_S);
    fputs("<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n<meta http-equiv=Content-Security-Policy "
          "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action "
          "'none'\">\n"
          "<meta name=viewport content=\"width=device-width, initial-scale=1\">\n<meta name=referrer "
          "content=no-referrer>\n"
          "<meta name=color-scheme content=\"light dark\">\n" REPORT_MARK_HTML LONGHAUL_VERSION "\">\n"
          "<link rel=icon href=\"data:,\">\n",
          out);
    fprintf(out, "<title>longhaul: %zu leg%s, %s to %s</title>\n<style>\n", t->n_legs, t->n_legs == 1 ? "" : "s",
            first.text, end.text);
    fputs(PAGE_CSS TREND_CSS "</style>\n</head>\n<body>\n", out);
    fprintf(out,
            "<header><div><h1>%zu leg%s, %zu day%s</h1><p><time>%s</time> to <time>%s</time>, days of UTC</p></div>"
            "</header>\n<nav aria-label=\"Parts\"><a href=\"#calendar\">Days</a><a href=\"#changes\">Changes</a><a "
            "href=\"#legs\">Legs</a><a href=\"#objectives\">Objectives</a><a href=\"#outages\">Outages</a>"
            "<a href=\"#worst\">Worst intervals</a><a href=\"#months\">Months</a></nav>\n<main>\n",
            t->n_legs, t->n_legs == 1 ? "" : "s", t->n_days, t->n_days == 1 ? "" : "s", first.text, end.text);
}

static void write_sentences(FILE *out, const struct longhaul_trend *t)
{
    fputs("<ul class=takeaways>", out);
    for (size_t i = 0; i < t->n_sentences; i++) {
        fputs("<li>", out);
        markup_html(out, t->sentences[i]);
    }
    fputs("</ul>\n", out);
}

static void write_calendar(FILE *out, const struct longhaul_trend *t)
{
    size_t n = at_most(t->n_legs, MOST_CALENDARS);
    fputs("<h2 id=calendar>Loss by leg and day</h2>\n", out);
    html_write_loss_scale(out);
    fputs("<div class=scroll tabindex=0 role=region aria-label=\"Loss by leg and day\"><table class=calendar>"
          "<thead><tr><th scope=col>Leg<th scope=col>Loss %<th scope=col>",
          out);
    draw_months(out, t);
    fputs("</thead><tbody>\n", out);
    for (size_t i = 0; i < n; i++) {
        const struct trend_leg *leg = &t->legs[t->gravest[i]];
        leg_cell(out, leg->name);
        number(out, leg->whole.loss_percent);
        fputs("<td>", out);
        draw_calendar(out, t, leg);
        fputc('\n', out);
    }
    end_table(out, t->n_legs, n);
}

static void write_changes(FILE *out, const struct longhaul_trend *t)
{
    static const struct head heads[] = { { "Leg", TEXT },      { "Since", TEXT },   { "Figure", TEXT },
                                         { "Before", NUMBER }, { "After", NUMBER }, { "Change", NUMBER },
                                         { "95 % interval", NUMBER } };
    size_t n = 0, n_shown = 0;
    for (size_t l = 0; l < t->n_legs; l++)
        n += t->legs[l].n_shifts;
    fputs("<h2 id=changes>Levels that changed</h2>\n", out);
    if (n == 0) {
        fprintf(out, "<p>%s.</p>\n", trend_no_shift(t).text);
        return;
    }
    BEGIN_TABLE(out, "Levels that changed", heads);
    for (size_t l = 0; l < t->n_legs; l++)
        for (size_t i = 0; i < t->legs[l].n_shifts && n_shown < MOST_ROWS; i++, n_shown++) {
            const struct trend_shift *s = &t->legs[l].shifts[i];
            leg_cell(out, t->legs[l].name);
            fprintf(out, "<td class=day>%s<td>%s, %s", trend_date(s->unix_s).text, trend_rules[s->quantity].name,
                    trend_rules[s->quantity].unit);
            number(out, s->shift.before);
            number(out, s->shift.after);
            number(out, s->shift.size);
            fprintf(out, "<td class=n>%s to %s\n",
                    isfinite(s->shift.low) ? wording_short(s->shift.low, "").text : "&ndash;",
                    isfinite(s->shift.high) ? wording_short(s->shift.high, "").text : "&ndash;");
        }
    end_table(out, n, n_shown);
}

static void write_objectives(FILE *out, const struct longhaul_trend *t)
{
    static const struct head heads[] = { { "Leg", TEXT },   { "Verdict", TEXT },  { "Objective", TEXT },
                                         { "Month", TEXT }, { "Observed", TEXT }, { "Error budget", NUMBER } };
    size_t n = 0, n_shown = 0;
    for (size_t l = 0; l < t->n_legs; l++)
        n += t->legs[l].n_objectives;
    fputs("<h2 id=objectives>Objectives by month</h2>\n", out);
    if (n == 0) {
        fputs("<p>No objective was given.</p>\n", out);
        return;
    }
    BEGIN_TABLE(out, "Objectives by month", heads);
    for (size_t v = 0; v < REPORT_N_VERDICTS; v++)
        for (size_t l = 0; l < t->n_legs; l++)
            for (size_t i = 0; i < t->legs[l].n_objectives && n_shown < MOST_ROWS; i++) {
                if (t->legs[l].objectives[i].result.verdict != report_verdicts[v].verdict)
                    continue;
                write_objective(out, t, &t->legs[l], &t->legs[l].objectives[i]);
                n_shown++;
            }
    end_table(out, n, n_shown);
}

static void write_outages(FILE *out, const struct longhaul_trend *t)
{
    static const struct head heads[] = { { "Leg", TEXT },            { "Began", TEXT }, { "Length", NUMBER },
                                         { "Lost packets", NUMBER }, { "Cause", TEXT }, { "Raw data", TEXT } };
    size_t n_shown = at_most(t->n_outages, MOST_ROWS);
    fputs("<h2 id=outages>Outages</h2>\n", out);
    if (t->n_outages == 0) {
        fputs("<p>None is known.</p>\n", out);
        return;
    }
    BEGIN_TABLE(out, "Outages", heads);
    for (size_t i = 0; i < n_shown; i++) { /* the newest first */
        const struct trend_outage *e = &t->outages[t->n_outages - 1 - i];
        leg_cell(out, t->legs[e->leg].name);
        fprintf(out, "<td><time>%s</time><td class=n>%s%s<td class=n>%s<td>", wording_utc(e->start_unix_s).text,
                wording_length(e->seconds).text, e->is_open ? ", goes on" : "",
                isnan(e->lost) ? "&ndash;" : wording_count(e->lost).text);
        markup_html(out, e->cause);
        fprintf(out, "<td>%s\n", trend_raw_text(e->raw));
    }
    end_table(out, t->n_all_outages, n_shown);
}

/* Where, from this page on, `longhaul report` has written a page of that day: below this one's folder, or next to it.
 * NULL without one. */
static const char *place_of_day(const struct longhaul_trend *t, const char *day)
{
    static const char *const places[] = { "", "../" };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        char *path;
        if (asprintf(&path, "%s/%s%s/" PUBLISH_PAGE, t->out_dir, places[i], day) < 0)
            return NULL;
        FILE *file = file_open(path);
        free(path);
        if (file) {
            fclose(file);
            return places[i];
        }
    }
    return NULL;
}

static void write_worst(FILE *out, const struct longhaul_trend *t)
{
    static const struct head heads[] = {
        { "Leg", TEXT }, { "Began", TEXT }, { "Lost packets", NUMBER }, { "Raw data", TEXT }, { "Its day", TEXT }
    };
    bool has_all = true;
    fputs("<h2 id=worst>Worst intervals</h2>\n", out);
    if (t->n_worst == 0) {
        fputs("<p>No interval is known to have lost a packet.</p>\n", out);
        return;
    }
    BEGIN_TABLE(out, "Worst intervals", heads);
    for (size_t i = 0; i < t->n_worst; i++) {
        const struct trend_worst *w = &t->worst[i];
        struct trend_word day = trend_date(w->unix_s);
        const char *place = place_of_day(t, day.text);
        leg_cell(out, t->legs[w->leg].name);
        fprintf(out, "<td><time>%s</time><td class=n>%s<td>%s<td>", wording_utc(w->unix_s).text,
                wording_count(w->lost).text, trend_raw_text(w->raw));
        if (place)
            fprintf(out, "<a href=\"%s%s/" PUBLISH_PAGE "\">%s</a>\n", place, day.text, day.text);
        else
            fprintf(out, "%s\n", day.text);
        has_all = has_all && place;
    }
    end_table(out, 0, 0);
    if (!has_all)
        fputs(
            "<p class=hint>A day becomes a link when <code>longhaul report --out DIR/YYYY-MM-DD</code> has written its "
            "page, DIR being the folder of this page or the one that has it.</p>\n",
            out);
}

/* ---- one leg */

static void write_leg(FILE *out, const struct longhaul_trend *t, const struct trend_leg *leg)
{
    fputs("<figure class=hours24><figcaption>", out);
    markup_html(out, leg->name);
    fputs(" <small>loss by day and hour of UTC (0 on top)</small></figcaption>", out);
    draw_hours(out, t, leg);
    draw_lines(out, t, leg, "Loss", TREND_LOSS);
    draw_lines(out, t, leg, "Jitter: p50, p95 dashed, p99 dotted", TREND_JITTER);
    draw_lines(out, t, leg, "Delay: p50, p95 dashed, p99 dotted", TREND_DELAY);
    draw_lines(out, t, leg, "Least round trip", TREND_TRIP);
    draw_lines(out, t, leg, "Rate", TREND_RATE);
    fputs("<div class=week><div class=ends><span>Loss by weekday (Monday on top) and hour</span></div>", out);
    draw_week(out, leg);
    fputs("<div "
          "class=ends><span>0</span><span>6</span><span>12</span><span>18</span><span>23</span></div></div></figure>\n",
          out);
}

static void write_legs(FILE *out, const struct longhaul_trend *t)
{
    size_t n = at_most(t->n_legs, MOST_DRAWN);
    fputs("<h2 id=legs>Legs</h2>\n", out);
    if (n < t->n_legs)
        fprintf(out, "<p class=hint>The %zu legs that lost most.</p>\n", n);
    fputs("<div class=legs24>\n", out);
    for (size_t i = 0; i < n; i++)
        write_leg(out, t, &t->legs[t->gravest[i]]);
    fputs("</div>\n", out);
}

static void write_months(FILE *out, const struct longhaul_trend *t)
{
    static const struct head heads[] = { { "Leg", TEXT },
                                         { "Month", TEXT },
                                         { "Loss %", NUMBER },
                                         { "Rate Mbps", NUMBER },
                                         { "Jitter p50 ms", NUMBER },
                                         { "p99 ms", NUMBER },
                                         { "Delay p50 ms", NUMBER },
                                         { "p99 ms", NUMBER },
                                         { "Least round trip ms", NUMBER },
                                         { "Outages", NUMBER },
                                         { "Available %", NUMBER },
                                         { "Observed %", NUMBER },
                                         { "Raw data", TEXT } };
    size_t n = 0, n_shown = 0;
    fputs("<h2 id=months>Months</h2>\n", out);
    BEGIN_TABLE(out, "Months", heads);
    for (size_t i = 0; i < t->n_legs; i++)
        for (size_t m = 0; m < t->n_months; m++) {
            const struct trend_span *s = &t->legs[t->gravest[i]].months[m];
            if (!s->is_known || ++n > MOST_ROWS)
                continue;
            n_shown++;
            leg_cell(out, t->legs[t->gravest[i]].name);
            fprintf(out, "<td class=day>%s", trend_month_name(t, m).text);
            const double figures[] = { s->loss_percent, cell_mean_mbps(&s->cell), s->jitter_p50_ms,  s->jitter_p99_ms,
                                       s->delay_p50_ms, s->delay_p99_ms,          s->cell.rtt_min_ms };
            for (size_t k = 0; k < sizeof figures / sizeof *figures; k++)
                number(out, figures[k]);
            fprintf(out, "<td class=n>%s", wording_length(s->cell.outage_s).text);
            share(out, trend_availability(s));
            share(out, trend_coverage(s));
            fprintf(out, "<td>%s\n", trend_raw_text(s->raw));
        }
    end_table(out, n, n_shown);
}

static void write_page(FILE *out, const struct longhaul_trend *t)
{
    write_head(out, t);
    write_sentences(out, t);
    write_calendar(out, t);
    write_changes(out, t);
    write_legs(out, t);
    write_objectives(out, t);
    write_outages(out, t);
    write_worst(out, t);
    write_months(out, t);
    fputs("</main>\n</body>\n</html>\n", out);
}

int trend_html(const struct longhaul_trend *t, char **text, struct longhaul_error *err)
{
    char *made = NULL;
    size_t size;
    FILE *out = open_memstream(&made, &size);
    if (out)
        write_page(out, t);
    if (out == NULL || ferror(out) || fclose(out) != 0) {
        free(made);
        return error_set(err, LONGHAUL_ENOMEM, "trend: out of memory");
    }
    *text = made;
    return 0;
}
