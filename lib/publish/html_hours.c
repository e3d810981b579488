/* html_hours.c - the map of index.html by leg and time, in the report's cells of a second to a day: loss where a file
 * tells when packets were lost, else the rate compared with the target; gaps, outages, incidents; and next to each
 * leg the loss of the whole test. It is a table, so that it works without scripts and with screen readers. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/analysis.h"
#include "base/markup.h"
#include "base/units.h"
#include "publish/html.h"
#include "report/wording.h"

#define DENSE_COLUMNS 30   /* with more columns, cells are narrower than numbers */
#define NARROW_DIGITS 60.0 /* so many digits fit into a row of the narrowest map */
#define FEW_COLUMNS 12  /* up to this many columns, each has its name */
#define SHORT_NAME 16   /* characters */
#define MOST_SMALL 96   /* cells of a small strip; where there are more, several are shown as one */
#define LEAST_SHOWN 0.0001 /* percent; a smaller value is "<0.0001", because the column is narrow */
#define PARTLY 0.95     /* of a column's time, or of its packets: a cell with less is marked */

/* One cell: what the leg did in it. lost and known_packets are of the intervals whose loss is known. */
struct piece {
    double lost, known_packets, packets, megabits, observed_s, outage_s, planned_s, delay_p99_ms, delay_max_ms;
    size_t incident; /* the gravest in which the leg has an event then; 0 for none */
};

static double overlap(double a, double b, double c, double d)
{
    return fmax(0, fmin(b, d) - fmax(a, c));
}

static void add_known(double *sum, double value)
{
    if (!isnan(value))
        *sum = isnan(*sum) ? value : *sum + value;
}

/* The column of a time; NULL outside the strip. */
static struct piece *piece_at(const struct report_columns *strip, struct piece *pieces, double unix_s)
{
    double at = floor((unix_s - strip->first_s) / strip->step_s);
    return at >= 0 && at < (double)strip->n ? &pieces[(size_t)at] : NULL;
}

static void add_bin(struct piece *p, const struct longhaul_span *bin)
{
    p->observed_s += bin->observed_s;
    p->outage_s += bin->outage_s;
    add_known(&p->megabits, bin->mean_mbps * bin->observed_s);
    add_known(&p->packets, bin->packets);
    p->delay_p99_ms = fmax(p->delay_p99_ms, bin->delay_p99_ms); /* fmax ignores NAN */
    p->delay_max_ms = fmax(p->delay_max_ms, bin->delay_max_ms);
    if (!report_hour_has_loss(bin))
        return;
    add_known(&p->lost, bin->lost_packets);
    add_known(&p->known_packets, bin->known_packets);
}

/* Adds a leg's bins and incidents to the strip's columns; numbers has room for as many. */
static void fill_pieces(const struct report_leg *leg, const struct report_columns *strip, struct piece *pieces,
                        size_t *numbers)
{
    double start = longhaul_analysis_figures(leg->analysis)->start_unix_s,
           planned = leg->info->is_journal ? report_shown_s(leg) : leg->info->planned_s;
    for (size_t k = 0; k < strip->n; k++) {
        double from = strip->first_s + (double)k * strip->step_s;
        double planned_s = isnan(planned) ? 0 : overlap(start, start + planned, from, from + strip->step_s);
        pieces[k] = (struct piece){
            .lost = NAN, .known_packets = NAN, .packets = NAN, .megabits = NAN, .planned_s = planned_s,
            .delay_p99_ms = NAN, .delay_max_ms = NAN
        };
    }
    for (size_t i = 0; i < leg->n_bins; i++) {
        struct piece *p = piece_at(strip, pieces, leg->bins[i].start_unix_s + strip->step_s / 2);
        if (p)
            add_bin(p, &leg->bins[i]);
    }
    memset(numbers, 0, strip->n * sizeof *numbers);
    report_incidents_by_time(leg, strip, numbers);
    for (size_t k = 0; k < strip->n; k++)
        pieces[k].incident = numbers[k];
}

bool html_is_strip_fine(const struct report_columns *strip)
{
    return strip->n > DENSE_COLUMNS;
}

/* ---- one cell */

/* The value of a cell: the share of packets lost, else the rate's share of its target; NAN if unknown. */
struct shown {
    double loss_percent, mbps, rate_percent;
    int loss_level, rate_level;
};

static struct shown shown_of(const struct report_leg *leg, const struct piece *p)
{
    struct shown s = { .loss_percent = p->known_packets > 0 ? 100 * p->lost / p->known_packets : NAN,
                       .mbps = p->megabits / p->observed_s };
    s.rate_percent = 100 * report_rate_share(leg, s.mbps);
    s.loss_level = report_bin_level(s.loss_percent, p->outage_s, p->observed_s);
    s.rate_level = report_rate_level(s.rate_percent / 100);
    return s;
}

static void write_class(FILE *out, const struct shown *s)
{
    if (s->loss_level >= 0)
        fprintf(out, "l%d", s->loss_level);
    else if (s->rate_level >= 0)
        fprintf(out, "q%d", s->rate_level);
    else
        fputs("lu", out);
}

/* For the pointer: the full text. */
static void write_long(FILE *out, const struct report_leg *leg, const struct piece *p, const struct shown *s)
{
    const char *whole = isnan(report_target_mbps(leg->info)) ? "median" : "target";
    if (!isnan(s->loss_percent))
        fprintf(out, "loss %s, %s packets", wording_short(s->loss_percent, " %").text, wording_count(p->lost).text);
    else if (s->loss_level == REPORT_LEVEL_OUTAGE)
        fputs("nothing arrived", out);
    else if (s->rate_level >= 0)
        fprintf(out, "%s %s, %s of the %s; loss unknown",
                leg->info->is_sender && !leg->has_receiver ? "sent" : "delivered",
                wording_number(s->mbps, 4, " Mbps").text, wording_short(s->rate_percent, " %").text, whole);
    else
        fputs("loss and rate unknown", out);
    if (p->known_packets < PARTLY * p->packets)
        fprintf(out, " (loss known of %s of %s packets)", wording_count(p->known_packets).text,
                wording_count(p->packets).text);
    if (!isnan(p->delay_max_ms))
        fprintf(out, "; delay p99 %s, max %s", wording_short(p->delay_p99_ms, " ms").text,
                wording_short(p->delay_max_ms, " ms").text);
    if (p->outage_s > 0)
        fprintf(out, "; outage %s", wording_length(p->outage_s).text);
    if (p->incident > 0)
        fprintf(out, "; incident %zu", p->incident);
    if (p->planned_s > 0 && p->observed_s < PARTLY * p->planned_s)
        fprintf(out, "; observed %s of %s", wording_length(p->observed_s).text, wording_length(p->planned_s).text);
}

/* For screen readers. */
static void write_brief(FILE *out, const struct piece *p, const struct shown *s)
{
    if (!isnan(s->loss_percent))
        fputs(wording_short(s->loss_percent, " %").text, out);
    else if (s->loss_level == REPORT_LEVEL_OUTAGE)
        fputs("nothing arrived", out);
    else if (s->rate_level >= 0)
        fprintf(out, "rate %s", wording_short(s->rate_percent, " %").text);
    else
        fputs("unknown", out);
    fputs(p->outage_s > 0 ? ", outage" : "", out);
    if (p->incident > 0)
        fprintf(out, ", incident %zu", p->incident);
}

static void write_unobserved(FILE *out, const struct piece *p, const char *when, double step_s)
{
    if (p->planned_s > fmin(1, step_s / 2))
        fprintf(out, "<td class=gap title=\"%s: not observed\"><span class=vh>not observed</span>", when);
    else
        fputs("<td class=off>", out);
}

/* The number of the incident, in the colour of its kind; a cross for an outage that is in none. Where cells are narrow,
 * only the first cell of an incident has the number, if it does not touch the one before: *free is the first column
 * where there is room. */
static void write_mark(FILE *out, const struct longhaul_report *report, const struct report_columns *strip,
                       const struct piece *pieces, size_t k, size_t *free)
{
    const struct piece *p = &pieces[k];
    const struct longhaul_incident *incident = report_incident(report, p->incident);
    bool is_dense = html_is_strip_fine(strip);
    if (!incident && p->outage_s > 0 && !is_dense)
        fputs("<b aria-hidden=true>&times;</b>", out);
    if (!incident || (is_dense && (k < *free || (k > 0 && pieces[k - 1].incident == p->incident))))
        return;
    int digits = fprintf(out, "<b aria-hidden=true class=\"mark k-%s\">%zu</b>", event_kind_key(incident->kind),
                         incident->number) > 0
                     ? snprintf(NULL, 0, "%zu", incident->number)
                     : 0;
    *free = k + (size_t)ceil((double)(strip->n * (size_t)digits) / NARROW_DIGITS) + 1;
}

static bool is_part(const struct piece *p)
{
    return (p->planned_s > 0 && p->observed_s < PARTLY * p->planned_s) || p->known_packets < PARTLY * p->packets;
}

static void write_piece(FILE *out, const struct longhaul_report *report, const struct report_leg *leg,
                        const struct report_columns *strip, const struct piece *pieces, size_t k, size_t *free,
                        const char *when)
{
    const struct piece *p = &pieces[k];
    if (p->observed_s <= 0) {
        write_unobserved(out, p, when, strip->step_s);
        return;
    }
    struct shown shown = shown_of(leg, p);
    fputs("<td class=\"", out);
    write_class(out, &shown);
    fprintf(out, "%s%s\" title=\"%s: ", p->outage_s > 0 ? " o" : "", is_part(p) ? " part" : "", when);
    write_long(out, leg, p, &shown);
    fputs("\">", out);
    write_mark(out, report, strip, pieces, k, free);
    fputs("<span class=vh>", out);
    write_brief(out, p, &shown);
    fputs("</span>", out);
}

/* ---- the table */

/* Loss of the whole test, if a file tells it. */
static void write_whole(FILE *out, const struct report_leg *leg)
{
    double loss = longhaul_analysis_loss(leg->analysis)->percent;
    int level = report_loss_level(loss);
    if (level < 0)
        fputs("<td class=\"whole lu\" title=\"loss of the whole test: unknown\">&ndash;", out);
    else
        fprintf(out, "<td class=\"whole l%d\" title=\"loss of the whole test: %s\">%s", level,
                wording_short(loss, " %").text,
                loss > 0 && loss < LEAST_SHOWN ? "&lt;0.0001" : wording_short(loss, "").text);
}

/* A column's time: "11-15 01:00", with seconds where columns are shorter than a minute; for days, the date. */
struct wording html_column_time(const struct report_columns *strip, size_t k)
{
    struct wording utc = wording_utc(strip->first_s + (double)k * strip->step_s);
    utc.text[strip->step_s >= DAY_S ? 10 : strip->step_s < MINUTE_S ? 19 : 16] = 0;
    return utc;
}

/* The seconds between columns with a label. */
static double label_step(const struct report_columns *strip)
{
    static const struct { double step_s, label_s; } steps[] = { { 1, 10 },           { 10, MINUTE_S },
                                                                { MINUTE_S, 600 },   { 900, 3 * HOUR_S },
                                                                { HOUR_S, 3 * HOUR_S }, { DAY_S, 7 * DAY_S } };
    size_t i = 0;
    while (i + 1 < sizeof steps / sizeof *steps && steps[i].step_s < strip->step_s)
        i++;
    return steps[i].label_s;
}

/* "00", "03", ... for hours, "01:15" or "01:15:10" for shorter columns, "11-15" for days. */
void html_write_strip_head(FILE *out, const struct report_columns *strip, const char *first)
{
    int from = strip->step_s >= DAY_S ? 5 : 11,
        n = strip->step_s >= DAY_S || strip->step_s < HOUR_S ? (label_step(strip) < MINUTE_S ? 8 : 5) : 2;
    fprintf(out, "<thead><tr><th scope=col>%s<th scope=col class=whole title=\"of the whole test\">Loss %%", first);
    for (size_t k = 0; k < strip->n; k++) {
        struct wording utc = html_column_time(strip, k);
        double at = strip->step_s >= DAY_S ? (double)k * DAY_S : strip->first_s + (double)k * strip->step_s;
        fprintf(out, "<th scope=col><span class=vh>%s</span>", utc.text);
        if (strip->n <= FEW_COLUMNS || fmod(at, label_step(strip)) == 0)
            fprintf(out, "<span aria-hidden=true>%.*s</span>", n, utc.text + from);
    }
    fputs("</thead>", out);
}

static void write_keys(FILE *out, const char *name, char class, const char *const *labels, int n)
{
    fprintf(out, "<span>%s:</span> ", name);
    for (int i = 0; i < n; i++)
        fprintf(out, "<span class=\"key %c%d\">%s%s</span>", class, i, labels[i][0] == '>' ? "&gt;" : "",
                labels[i] + (labels[i][0] == '>'));
}

/* Explains the colours; those of rates only if some hour shows a rate. */
static void write_scale(FILE *out, const struct report_hours *hours, bool has_incidents)
{
    const char *losses[REPORT_LOSS_LEVELS];
    static const char *const rates[REPORT_RATE_LEVELS] = { "&ge;99.9", "&ge;99", "&ge;90", "&ge;50", "&lt;50" };
    for (int i = 0; i < REPORT_LOSS_LEVELS; i++)
        losses[i] = report_loss_text(i);
    fputs("<p class=scale>", out);
    write_keys(out, "Loss %", 'l', losses, REPORT_LOSS_LEVELS);
    if (hours->n_rate > 0) {
        fputs("</p><p class=scale>", out);
        write_keys(out,
                   hours->n_no_target < hours->n_rate ? "Loss unknown, rate in % of the target"
                                                      : "Loss unknown, rate in % of the median",
                   'q', rates, REPORT_RATE_LEVELS);
    }
    fputs("<span class=\"key lu\">unknown</span><span class=\"key gap\">not observed</span>", out);
    if (has_incidents)
        fputs("<span class=key><b class=\"mark k-outage\">1</b> the gravest incident then</span>", out);
    fputs("</p>\n", out);
}

void html_write_loss_scale(FILE *out)
{
    const char *losses[REPORT_LOSS_LEVELS];
    for (int i = 0; i < REPORT_LOSS_LEVELS; i++)
        losses[i] = report_loss_text(i);
    fputs("<p class=scale>", out);
    write_keys(out, "Loss %", 'l', losses, REPORT_LOSS_LEVELS);
    fputs("<span class=\"key lu\">unknown</span></p>\n", out);
}

/* True for addresses, and for runs with their starts. */
static bool has_long_names(const struct longhaul_report *report)
{
    for (size_t i = 0; i < report->n_legs; i++)
        if (report->legs[i].is_detailed && strlen(wording_run(report, i).text) > SHORT_NAME)
            return true;
    return false;
}

static void write_caption(FILE *out, const struct report_columns *strip, const struct report_hours *hours)
{
    char rate[REPORT_RATE_WORDS];
    report_rate_words(hours, rate);
    fprintf(out, "<caption>By leg and %s of UTC, from %.10s on: ", report_bin_name(strip),
            wording_utc(strip->first_s).text);
    if (hours->n_rate + hours->n_loss == 0)
        fputs("no part of these files has a known loss or rate", out);
    else if (hours->n_rate == 0)
        fputs("loss. A column that stands out is an event of many legs, a row a leg that keeps losing", out);
    else if (hours->n_loss == 0)
        fprintf(out, "%s. These files do not tell when packets were lost: &ldquo;Loss %%&rdquo; is for the whole test",
                rate);
    else
        fprintf(out,
                "loss; where a file does not tell when packets were lost, the %s. &ldquo;Loss %%&rdquo; is for the "
                "whole test",
                rate);
    fputs("</caption>", out);
}

static void write_leg_row(FILE *out, const struct longhaul_report *report, size_t i, const struct report_columns *strip,
                          const struct piece *pieces)
{
    size_t free = 0;
    fprintf(out, "<tr><th scope=row><a href=\"#leg%zu\" class=%s>", i, report_is_inbound(report, i) ? "in" : "out");
    markup_html(out, wording_run(report, i).text);
    fputs("</a>", out);
    write_whole(out, &report->legs[i]);
    for (size_t k = 0; k < strip->n; k++) {
        struct wording utc = html_column_time(strip, k);
        write_piece(out, report, &report->legs[i], strip, pieces, k, &free,
                    utc.text + (strip->step_s >= DAY_S ? 0 : 5));
    }
    fputs("\n", out);
}

/* ---- a small strip, for one row of the list of all legs */

/* What a cell of a small strip shows, the mildest first: the worst of several is shown. */
enum small { SMALL_OFF, SMALL_UNKNOWN, SMALL_RATE, SMALL_GAP = SMALL_RATE + REPORT_RATE_LEVELS, SMALL_LOSS,
             N_SMALL = SMALL_LOSS + REPORT_LOSS_LEVELS };

static int small_of(const struct report_leg *leg, const struct piece *p, double step_s)
{
    if (p->observed_s <= 0)
        return p->planned_s > fmin(1, step_s / 2) ? SMALL_GAP : SMALL_OFF;
    struct shown shown = shown_of(leg, p);
    return shown.loss_level >= 0   ? SMALL_LOSS + shown.loss_level
           : shown.rate_level >= 0 ? SMALL_RATE + shown.rate_level
                                   : SMALL_UNKNOWN;
}

static void write_small_class(FILE *out, int small)
{
    if (small >= SMALL_LOSS)
        fprintf(out, "l%d", small - SMALL_LOSS);
    else if (small == SMALL_GAP)
        fputs("gap", out);
    else if (small >= SMALL_RATE)
        fprintf(out, "q%d", small - SMALL_RATE);
    else
        fputs("lu", out);
}

/* One path for each look that occurs: its cells are dashes of a line. */
static void write_small_paths(FILE *out, const int *cells, size_t n)
{
    for (int look = SMALL_UNKNOWN; look < N_SMALL; look++) {
        size_t at = 0;
        bool is_any = false;
        for (size_t k = 0; k < n; k++) {
            size_t from = k;
            while (k < n && cells[k] == look)
                k++;
            if (k == from)
                continue;
            if (!is_any) {
                fputs("<path class=", out);
                write_small_class(out, look);
                fprintf(out, " d=\"M%zu 1h%zu", from, k - from);
            } else {
                fprintf(out, "m%zu 0h%zu", from - at, k - from);
            }
            is_any = true;
            at = k;
        }
        if (is_any)
            fputs("\"/>", out);
    }
}

/* In words, for the pointer and for screen readers: how many cells had loss, and when it was worst. */
static void write_small_title(FILE *out, const struct report_columns *strip, const int *cells, size_t n,
                              size_t together)
{
    size_t worst = 0, n_lossy = 0, n_known = 0;
    for (size_t k = 0; k < n; k++) {
        n_known += cells[k] >= SMALL_LOSS;
        n_lossy += cells[k] > SMALL_LOSS;
        worst = cells[k] > cells[worst] ? k : worst;
    }
    fputs("<title>", out);
    if (n_known == 0)
        fputs("loss by time is unknown", out);
    else if (n_lossy == 0)
        fputs("no loss", out);
    else
        fprintf(out, "loss in %zu of %zu cells, most at %s", n_lossy, n_known,
                html_column_time(strip, worst * together).text + (strip->step_s >= DAY_S ? 0 : 5));
    fputs("</title>", out);
}

size_t html_small_cells(const struct longhaul_report *report)
{
    size_t n = report->bins.n, together = (n + MOST_SMALL - 1) / MOST_SMALL;
    return together > 0 ? together : 1;
}

bool html_write_small_strip(FILE *out, const struct longhaul_report *report, size_t i)
{
    const struct report_columns *strip = &report->bins;
    const struct report_leg *leg = &report->legs[i];
    size_t together = html_small_cells(report), n = (strip->n + together - 1) / together;
    int cells[MOST_SMALL] = { SMALL_OFF };
    if (!strip->is_dated || isnan(longhaul_analysis_figures(leg->analysis)->start_unix_s))
        return true;
    struct piece *pieces = calloc(strip->n, sizeof *pieces);
    size_t *numbers = pieces ? calloc(strip->n, sizeof *numbers) : NULL;
    if (numbers) {
        fill_pieces(leg, strip, pieces, numbers);
        for (size_t k = 0; k < strip->n; k++) {
            int small = small_of(leg, &pieces[k], strip->step_s), *cell = &cells[k / together];
            *cell = small > *cell ? small : *cell;
        }
        fprintf(out, "<svg class=small viewBox=\"0 0 %zu 2\" preserveAspectRatio=none role=img>", n);
        write_small_title(out, strip, cells, n, together);
        write_small_paths(out, cells, n);
        fputs("</svg>", out);
    }
    bool good = numbers != NULL;
    free(pieces);
    free(numbers);
    return good;
}

/* ---- the whole map */

void html_write_strip(FILE *out, const struct longhaul_report *report)
{
    const struct report_columns *strip = &report->bins;
    struct report_hours hours = report_hours_of(report);
    struct piece *pieces = strip->is_dated ? calloc(strip->n, sizeof *pieces) : NULL;
    size_t *numbers = pieces ? calloc(strip->n, sizeof *numbers) : NULL;
    if (numbers == NULL) {
        fputs("<p>The files do not say when they were written.\n", out);
        free(pieces);
        return;
    }
    fprintf(out,
            "<div class=strip-box><div class=scroll tabindex=0 role=region aria-label=\"By leg and time\"><table "
            "class=\"strip%s%s\" id=strip>",
            has_long_names(report) ? " long" : "", html_is_strip_fine(strip) ? " fine" : "");
    write_caption(out, strip, &hours);
    html_write_strip_head(out, strip, "Leg");
    fputs("<tbody>\n", out);
    for (size_t i = 0; i < report->n_legs; i++) {
        if (isnan(longhaul_analysis_figures(report->legs[i].analysis)->start_unix_s) || !report->legs[i].is_detailed)
            continue;
        fill_pieces(&report->legs[i], strip, pieces, numbers);
        write_leg_row(out, report, i, strip, pieces);
    }
    fputs("</tbody></table></div>\n", out);
    write_scale(out, &hours, report_incident(report, 1) != NULL);
    fputs("</div>\n", out);
    free(pieces);
    free(numbers);
}
