/* trend_draw.c - the drawings of the page of many days, as SVG: a path for each colour, so that a year of hours is some
 * kilobytes. */

#include "archive/trend_draw.h"

#include <math.h>
#include <string.h>

#include "base/units.h"
#include "report/report.h"
#include "report/wording.h"

#define PLOT_HEIGHT 100
#define LEAST_NAME 0.03 /* of the width: a month has a name; a longer one with its year */
#define WHOLE_NAME 0.12
#define LITTLE 0.2 /* of the greatest value: lines that vary less do not begin at 0 */

/* ---- maps */

/* Cells of one level in each row, those that touch as one line. */
static void write_level(FILE *out, const unsigned char *cells, size_t columns, size_t rows, size_t column_step,
                        size_t row_step, int level)
{
    bool has = false;
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns;) {
            size_t first = c;
            while (c < columns && cells[c * column_step + r * row_step] == level)
                c++;
            if (c == first) {
                c++;
                continue;
            }
            if (!has)
                fprintf(out, "<path class=l%d d=\"", level);
            has = true;
            fprintf(out, "M%zu %zu.5h%zu", first, r, c - first);
        }
    if (has)
        fputs("\"/>", out);
}

static void write_map(FILE *out, const char *label, const unsigned char *cells, size_t columns, size_t rows,
                      size_t column_step, size_t row_step)
{
    fprintf(out, "<svg class=heat viewBox=\"0 0 %zu %zu\" preserveAspectRatio=none role=img aria-label=\"%s\">",
            columns, rows, label);
    for (int level = 0; level < REPORT_LOSS_LEVELS; level++)
        write_level(out, cells, columns, rows, column_step, row_step, level);
    fputs("</svg>", out);
}

void draw_calendar(FILE *out, const struct longhaul_trend *t, const struct trend_leg *leg)
{
    unsigned char cells[TREND_HOURS * 64];
    fprintf(out,
            "<svg class=heat viewBox=\"0 0 %zu 1\" preserveAspectRatio=none role=img "
            "aria-label=\"loss by day\">",
            t->n_days);
    for (size_t first = 0; first < t->n_days; first += sizeof cells) {
        size_t n = t->n_days - first < sizeof cells ? t->n_days - first : sizeof cells;
        for (size_t i = 0; i < n; i++) {
            const struct trend_span *day = &leg->days[first + i];
            int level = report_bin_level(day->loss_percent, day->cell.outage_s, day->cell.observed_s);
            cells[i] = level < 0 || !day->is_known ? TREND_UNKNOWN : (unsigned char)level;
        }
        fprintf(out, "<g transform=\"translate(%zu 0)\">", first);
        for (int level = 0; level < REPORT_LOSS_LEVELS; level++)
            write_level(out, cells, n, 1, 1, 1, level);
        fputs("</g>", out);
    }
    fputs("</svg>", out);
}

void draw_hours(FILE *out, const struct longhaul_trend *t, const struct trend_leg *leg)
{
    write_map(out, "loss by day, from left to right, and hour of UTC, from top to bottom", leg->levels, t->n_days,
              TREND_HOURS, TREND_HOURS, 1);
}

void draw_week(FILE *out, const struct trend_leg *leg)
{
    unsigned char cells[TREND_WEEKDAYS * TREND_HOURS];
    for (size_t d = 0; d < TREND_WEEKDAYS; d++)
        for (size_t h = 0; h < TREND_HOURS; h++) {
            const struct trend_season *s = &leg->season[d][h];
            int level = s->known_packets > 0 ? report_loss_level(100 * s->lost / s->known_packets) : -1;
            cells[d * TREND_HOURS + h] = level < 0 ? TREND_UNKNOWN : (unsigned char)level;
        }
    write_map(out, "loss by hour of UTC, from left to right, and day of the week, Monday on top", cells, TREND_HOURS,
              TREND_WEEKDAYS, 1, TREND_HOURS);
}

/* "2025-03", or "03"; January always has its year. */
static struct wording month_name(double unix_s, bool is_whole)
{
    struct trend_word month = trend_month(unix_s);
    const char *dash = strrchr(month.text, '-');
    return wording_say("%s", is_whole || dash == NULL || strcmp(dash, "-01") == 0 ? month.text : dash + 1);
}

void draw_months(FILE *out, const struct longhaul_trend *t)
{
    fputs("<div class=months>", out);
    for (size_t i = 0; i < t->n_months; i++) {
        struct trend_times times = trend_month_times(t, i);
        double share = (times.to_s - times.from_s) / DAY_S / (double)t->n_days;
        fprintf(out, "<span style=\"width:%.3f%%\">%s</span>", 100 * share,
                share < LEAST_NAME ? "" : month_name(t->months[i], i == 0 || share > WHOLE_NAME).text);
    }
    fputs("</div>", out);
}

/* ---- lines */

struct extent {
    double least, most;
};

static const int percentiles[] = { 50, 95, 99 };

static size_t n_lines(enum trend_quantity quantity)
{
    return trend_rules[quantity].percentile ? sizeof percentiles / sizeof *percentiles : 1;
}

static struct extent extent_of(const struct longhaul_trend *t, const struct trend_leg *leg,
                               enum trend_quantity quantity)
{
    struct extent e = { INFINITY, -INFINITY };
    for (size_t k = 0; k < n_lines(quantity); k++)
        for (size_t i = 0; i < t->n_days; i++) {
            double value = leg->days[i].is_known ? trend_value(&leg->days[i], quantity, percentiles[k]) : NAN;
            e.least = fmin(e.least, value);
            e.most = fmax(e.most, value);
        }
    if (e.most - e.least > LITTLE * e.most || !(e.most > e.least))
        e.least = fmin(e.least, 0);
    return e;
}

static void write_line(FILE *out, const struct longhaul_trend *t, const struct trend_leg *leg,
                       enum trend_quantity quantity, int percentile, const struct extent *e)
{
    static const char *const classes[TREND_N_QUANTITIES] = {
        [TREND_LOSS] = "a", [TREND_TRIP] = "d", [TREND_DELAY] = "c", [TREND_JITTER] = "b", [TREND_RATE] = "a"
    };
    bool is_open = false;
    fprintf(out, percentile == 50 ? "<path class=\"%s\" d=\"" : "<path class=\"%s p%d\" d=\"", classes[quantity],
            percentile);
    for (size_t i = 0; i < t->n_days; i++) {
        double value = leg->days[i].is_known ? trend_value(&leg->days[i], quantity, percentile) : NAN;
        if (isfinite(value)) {
            double y = e->most > e->least ? PLOT_HEIGHT * (1 - (value - e->least) / (e->most - e->least)) : PLOT_HEIGHT;
            fprintf(out, "%s%zu %.4gh1", is_open ? "L" : "M", i, y);
        }
        is_open = isfinite(value);
    }
    fputs("\"/>", out);
}

/* With as many decimals as tell both ends apart. */
static struct wording end_text(double value, const struct extent *e)
{
    double range = e->most - e->least;
    int digits = range > 0 ? (int)fmin(fmax(1 - floor(log10(range)), 0), 6) : 3;
    return range < LITTLE * e->most ? wording_number(value, digits, "") : wording_short(value, "");
}

void draw_lines(FILE *out, const struct longhaul_trend *t, const struct trend_leg *leg, const char *title,
                enum trend_quantity quantity)
{
    const char *unit = trend_rules[quantity].unit;
    struct extent e = extent_of(t, leg, quantity);
    if (!isfinite(e.most))
        return;
    fprintf(out,
            "<div class=ends><span>%s</span><span>%s %s</span></div><svg class=plot viewBox=\"0 -4 %zu 108\" "
            "preserveAspectRatio=none role=img aria-label=\"%s by day\">",
            title, end_text(e.most, &e).text, unit, t->n_days, title);
    for (size_t k = 0; k < leg->n_shifts; k++)
        if (leg->shifts[k].quantity == quantity)
            fprintf(out, "<path class=at d=\"M%zu -4V104\"/>", leg->shifts[k].shift.at);
    for (size_t k = n_lines(quantity); k-- > 0;)
        write_line(out, t, leg, quantity, percentiles[k], &e);
    fprintf(out, "</svg><div class=ends><span>%s</span><span>%s %s</span></div>", trend_date(t->first_unix_s).text,
            end_text(e.least, &e).text, unit);
}
