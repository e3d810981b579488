/* trend_plot_maps.c - maps of loss over many days: legs by days, and one leg's hours by days; and the axis of days. */

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "archive/trend_plot.h"
#include "archive/trend_plot_inside.h"
#include "base/calendar.h"
#include "base/units.h"
#include "chart/plot_all.h"
#include "report/report.h"
#include "templates.h"

#define WIDTH_IN 14.0
#define RIGHT_PT 16.0
#define TOP_PT 34.0
#define BOTTOM_PT 48.0
#define LEG_PT 16.0 /* a row */
#define HOUR_PT 11.0
#define LABEL_FONT_PT 8.5
#define LABEL_EM 0.66
#define MARK_PT 54.0
#define FEW_DAYS 62 /* marks are days, not months */

/* ---- the axis */

void trend_plot_texts(struct plot *plot, const struct longhaul_trend *t, const char *title)
{
    struct wording text = wording_say("%s: %s to %s", title, trend_date(t->first_unix_s).text,
                                      trend_date(t->first_unix_s + (double)(t->n_days - 1) * DAY_S).text);
    plot_string(plot, "title_text", text.text);
    plot_string(plot, "x_label", "Days of UTC");
}

/* Every how many months there is a mark; 0: every how many days, in *days. */
static size_t mark_every(const struct plot *plot, const struct longhaul_trend *t, size_t *days)
{
    static const size_t some_days[] = { 1, 2, 7, 14 }, some_months[] = { 1, 2, 3, 6, 12, 24, 60, 120 };
    double most = fmax(2, plot_columns(&plot->frame) / plot_points(&plot->frame, MARK_PT));
    size_t i = 0;
    if (t->n_days <= FEW_DAYS) {
        while (i + 1 < sizeof some_days / sizeof *some_days && (double)t->n_days / (double)some_days[i] > most)
            i++;
        *days = some_days[i];
        return 0;
    }
    while (i + 1 < sizeof some_months / sizeof *some_months && (double)t->n_months / (double)some_months[i] > most)
        i++;
    return some_months[i];
}

static void write_marks(struct plot *plot, const struct longhaul_trend *t, const char *variable, bool has_texts)
{
    size_t days = 1, months = mark_every(plot, t, &days), n = 0;
    fprintf(plot->script, "%s = \"", variable);
    for (size_t i = 0; i < t->n_days; i++) {
        double unix_s = t->first_unix_s + (double)i * DAY_S;
        struct tm utc;
        if (!calendar_of(unix_s, &utc) ||
            (months > 0 ? utc.tm_mday != 1 || (size_t)(12 * utc.tm_year + utc.tm_mon) % months != 0 : i % days != 0))
            continue;
        fprintf(plot->script, "%s'%s' %zu", n++ ? ", " : "",
                !has_texts ? "" : months > 0 ? trend_month(unix_s).text : trend_date(unix_s).text + strlen("2025-"), i);
    }
    fputs("\"\n", plot->script);
}

void trend_plot_axis(struct plot *plot, const struct longhaul_trend *t, bool has_bare)
{
    plot_number(plot, "x_max", (double)t->n_days);
    write_marks(plot, t, "x_tics", true);
    if (has_bare) {
        write_marks(plot, t, "x_tics_bare", false);
        plot_string(plot, "x2_tics", "");
    }
}

struct wording trend_plot_change(const struct trend_shift *s)
{
    const char *unit = s->quantity == TREND_LOSS ? "points" : trend_rules[s->quantity].unit;
    struct wording low = isfinite(s->shift.low) ? wording_short(s->shift.low, "") : wording_say("any less"),
                   high = isfinite(s->shift.high) ? wording_short(s->shift.high, "") : wording_say("any more");
    return wording_say("%s: %s%s %s (%s to %s)", trend_date(s->unix_s).text, s->shift.size > 0 ? "+" : "",
                       wording_short(s->shift.size, "").text, unit, low.text, high.text);
}

/* ---- maps */

struct map {
    const struct longhaul_trend *trend;
    size_t n_rows;
    double row_pt;
    const char *title;
    struct wording (*label)(const struct map *map, size_t row);
    int (*level)(const struct map *map, size_t row, size_t day); /* -1: loss unknown; -2: nothing known */
    size_t first;                                                /* of the legs, by gravity */
    const struct trend_leg *leg;
};

static const struct trend_leg *leg_of(const struct map *map, size_t row)
{
    return &map->trend->legs[map->trend->gravest[map->first + row]];
}

static struct wording leg_label(const struct map *map, size_t row)
{
    const struct trend_leg *leg = leg_of(map, row);
    char name[PLOT_ALL_LABEL];
    plot_all_name(leg->source, leg->destination, name);
    bool is_udp = strcmp(leg->protocol, "UDP") == 0;
    return wording_say("%s%s%s, %s", name, is_udp ? "" : " ", is_udp ? "" : leg->protocol,
                       isnan(leg->whole.loss_percent) ? "loss unknown"
                                                      : wording_short(leg->whole.loss_percent, " %").text);
}

static int leg_level(const struct map *map, size_t row, size_t day)
{
    const struct trend_span *d = &leg_of(map, row)->days[day];
    return d->is_known ? report_bin_level(d->loss_percent, d->cell.outage_s, d->cell.observed_s) : -2;
}

static struct wording hour_label(const struct map *map, size_t row)
{
    (void)map;
    return wording_say("%02zu:00", row);
}

static int hour_level(const struct map *map, size_t row, size_t day)
{
    unsigned char level = map->leg->levels[day * TREND_HOURS + row];
    return level != TREND_UNKNOWN ? level : map->leg->days[day].is_known ? -1 : -2;
}

static void write_rows(struct plot *plot, const struct map *map)
{
    plot_block(plot, 1, "cells");
    for (size_t row = 0; row < map->n_rows; row++)
        for (size_t day = 0, first; day < map->trend->n_days;) {
            int level = map->level(map, row, first = day);
            while (day < map->trend->n_days && map->level(map, row, day) == level)
                day++;
            if (level >= -1)
                fprintf(plot->data, "%zu %zu %d NaN %zu\n", first, row + 1, level, day - first);
        }
    fputs("0 0 0 NaN NaN\n", plot->data); /* gnuplot wants a row */
    plot_block(plot, 1, "incidents");
    fputs("0 0 0 \"\"\n", plot->data);
}

static void write_labels(struct plot *plot, const struct map *map)
{
    struct wording labels[TREND_PLOT_ROWS];
    const char *texts[TREND_PLOT_ROWS], *losses[REPORT_LOSS_LEVELS];
    for (size_t i = 0; i < map->n_rows; i++) {
        labels[i] = map->label(map, i);
        texts[i] = labels[i].text;
    }
    for (int i = 0; i < REPORT_LOSS_LEVELS; i++)
        losses[i] = report_loss_text(i);
    plot_strings(plot, "row_label", texts, map->n_rows);
    plot_strings(plot, "class_text", losses, REPORT_LOSS_LEVELS);
    plot_number(plot, "rows", (double)map->n_rows);
    plot_number(plot, "cells", (double)map->trend->n_days);
    plot_number(plot, "has_loss", 1);
    plot_number(plot, "has_rate", 0);
    plot_number(plot, "has_incidents", 0);
}

static double label_pt(const struct map *map)
{
    size_t most = 4;
    for (size_t i = 0; i < map->n_rows; i++) {
        size_t length = strlen(map->label(map, i).text);
        most = length > most ? length : most;
    }
    return (double)most * LABEL_FONT_PT * LABEL_EM;
}

static int plot_map(const char *name, const struct map *map, char **data, char **script, struct longhaul_error *err)
{
    static const char *const templates[] = { TEMPLATE_THEME, TEMPLATE_HEAT };
    const struct longhaul_report_options *options = map->trend->options.report;
    double height_pt = TOP_PT + BOTTOM_PT + map->row_pt * (double)(map->n_rows < 3 ? 3 : map->n_rows);
    struct plot_frame frame = plot_frame_of(options, WIDTH_IN, height_pt / 72, 12 + label_pt(map), RIGHT_PT);
    struct plot plot;
    if (!plot_begin(&plot, name, &frame, options->theme))
        return plot_end(&plot, NULL, 0, data, script, err);
    trend_plot_texts(&plot, map->trend, map->title);
    plot_number(&plot, "margin_top", plot_points(&frame, TOP_PT));
    plot_number(&plot, "margin_bottom", plot_points(&frame, BOTTOM_PT));
    write_labels(&plot, map);
    trend_plot_axis(&plot, map->trend, false);
    write_rows(&plot, map);
    return plot_end(&plot, templates, 2, data, script, err);
}

int trend_plot_calendar(const char *name, const struct longhaul_trend *t, size_t first, size_t n, char **data,
                        char **script, struct longhaul_error *err)
{
    struct wording title = n == t->n_legs
                               ? wording_say("Loss by leg and day")
                               : wording_say("Loss by leg and day (legs %zu to %zu of %zu, by loss)", first + 1,
                                             first + n, t->n_legs);
    struct map map = { .trend = t, .n_rows = n, .row_pt = LEG_PT, .title = title.text, .label = leg_label,
                       .level = leg_level, .first = first };
    return plot_map(name, &map, data, script, err);
}

int trend_plot_hours(const char *name, const struct longhaul_trend *t, const struct trend_leg *leg, char **data,
                     char **script, struct longhaul_error *err)
{
    struct wording title = wording_say("%s: loss by day and hour of UTC", leg->name);
    struct map map = { .trend = t, .n_rows = TREND_HOURS, .row_pt = HOUR_PT, .title = title.text, .label = hour_label,
                       .level = hour_level, .leg = leg };
    return plot_map(name, &map, data, script, err);
}
