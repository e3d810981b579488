/* html_data.c - the data of the interactive charts, as JSON. Every leg is in buckets of one length, each with the
 * least, middle and greatest value of its intervals, so that no spike is lost; around events and in the worst minutes
 * every interval is included. The numbers are integers, most of them differences; page/chart_data.js decodes them.
 * Intervals that are artefacts are excluded, as in the percentiles. */

#include <math.h>
#include <stdlib.h>

#include "analysis/analysis.h"
#include "base/calendar.h"
#include "base/error.h"
#include "base/markup.h"
#include "base/stats.h"
#include "base/units.h"
#include "chart/axis.h"
#include "chart/plot_layers.h"
#include "chart/plot_leg.h"
#include "publish/html.h"
#include "publish/html_columns.h"
#include "read/gaps.h"
#include "read/series.h"
#include "report/wording.h"

#define ALL_BUCKETS 24000.0   /* of all legs together: the page stays small */
#define ALL_SINGLES 24000.0   /* single intervals */
#define AROUND_S 30.0         /* before and after an event, at intervals of 1 s */
#define LONG_S 300.0          /* of a longer event only the beginning and the end are shown */
#define END_S 120.0
#define RTT_UNIT_MS 1e-3       /* page/chart_data.js has the same numbers */
#define DELAY_UNIT_US 1.0
#define GAP_FACTOR 0.5        /* of an interval's length: a longer time without data is a gap */

/* A time in which every interval of a leg is shown, on the leg's axis. */
struct window {
    double from_s, to_s, gravity;
    size_t leg;
};

struct windows {
    struct window *all;
    size_t n, capacity;
};

/* How all legs are shown. */
struct shape {
    double bucket_s;
    size_t together; /* round trips that are combined into one */
    struct windows windows;
};

/* The columns of one leg, and the units of its rows. */
struct source {
    const struct report_leg *leg;
    const unsigned char *artefacts;
    const double *start_s, *end_s, *seconds, *bps, *packets, *lost, *jitter_ms;
    const double *retransmits, *rtt_ms; /* for TCP, else NULL */
    const double *delay_p50_us, *delay_p99_us, *delay_max_us;
    const double *sent_bps; /* where bps is what arrived, else NULL */
    size_t n;
    double axis_unix_s;  /* 0 if unknown: times are then relative to the axis */
    double rate_unit_bps, jitter_unit_ms;
    double bucket_s;
};

/* The columns that are written; unknown values are NAN. */
enum { T, D, N, MD, LO, HI, LOST, SENT, SR, JM, JX, QM, QP, QX, RE, RM, RX, N_COLUMNS };

struct rows {
    double *columns[N_COLUMNS];
    size_t n;
};

/* ---- which times are shown in full */

static bool add_window(struct windows *w, size_t leg, double from_s, double to_s, double gravity)
{
    if (w->n == w->capacity) {
        size_t capacity = w->capacity ? 2 * w->capacity : 64;
        struct window *grown = realloc(w->all, capacity * sizeof *grown);
        if (grown == NULL)
            return false;
        w->all = grown;
        w->capacity = capacity;
    }
    w->all[w->n++] = (struct window){ from_s, to_s, gravity, leg };
    return true;
}

static bool add_event_windows(struct windows *w, size_t leg, const struct longhaul_event *e, double usual_s)
{
    double around_s = AROUND_S * usual_s, end_s = e->start_s + e->seconds;
    double gravity = (isnan(e->lost_packets) ? 0 : e->lost_packets) + (e->kind == LONGHAUL_EVENT_OUTAGE ? 1e6 : 0);
    if (e->seconds <= LONG_S * usual_s)
        return add_window(w, leg, e->start_s - around_s, end_s + around_s, gravity);
    return add_window(w, leg, e->start_s - around_s, e->start_s + END_S * usual_s, gravity) &&
           add_window(w, leg, end_s - END_S * usual_s, end_s + around_s, gravity);
}

static int by_gravity(const void *a, const void *b)
{
    const struct window *x = a, *y = b;
    int order = (x->gravity < y->gravity) - (x->gravity > y->gravity);
    if (order == 0)
        order = (x->leg > y->leg) - (x->leg < y->leg);
    return order ? order : (x->from_s > y->from_s) - (x->from_s < y->from_s);
}

static int by_leg_and_time(const void *a, const void *b)
{
    const struct window *x = a, *y = b;
    int order = (x->leg > y->leg) - (x->leg < y->leg);
    return order ? order : (x->from_s > y->from_s) - (x->from_s < y->from_s);
}

static double window_intervals(const struct longhaul_event *e, double usual_s)
{
    double long_s = END_S * 2 * usual_s;
    return fmin(e->seconds, long_s) / usual_s + 2 * AROUND_S;
}

/* True if a leg has so many queues that not all of them can be shown in full: then none is, so that their look does not
 * change in the middle. */
static bool has_many_queues(const struct longhaul_report *report, const struct longhaul_event *events, size_t n,
                            double usual_s)
{
    double sum = 0;
    for (size_t k = 0; k < n; k++)
        sum += events[k].kind == LONGHAUL_EVENT_DELAY ? window_intervals(&events[k], usual_s) : 0;
    return sum > ALL_SINGLES / (double)report_n_detailed(report);
}

/* Chooses the gravest events that fit, by leg and time. */
static bool choose_windows(const struct longhaul_report *report, struct windows *w)
{
    double room = ALL_SINGLES;
    size_t kept = 0;
    for (size_t i = 0; i < report->n_legs; i++) {
        if (!report->legs[i].is_detailed)
            continue;
        size_t n;
        const struct longhaul_figures *f = longhaul_analysis_figures(report->legs[i].analysis);
        const struct longhaul_event *events = longhaul_analysis_events(report->legs[i].analysis, &n);
        double usual_s = f->usual_s > 0 ? f->usual_s : 1;
        bool are_many = has_many_queues(report, events, n, usual_s);
        for (size_t k = 0; k < n; k++)
            if (!(are_many && events[k].kind == LONGHAUL_EVENT_DELAY) &&
                !add_event_windows(w, i, &events[k], usual_s))
                return false;
        for (size_t k = 0; k < f->n_worst && k < 3; k++)
            if (!add_window(w, i, f->worst[k].start_s, f->worst[k].start_s + 60, f->worst[k].lost_packets / 2))
                return false;
    }
    if (w->n > 0)
        qsort(w->all, w->n, sizeof *w->all, by_gravity);
    for (size_t k = 0; k < w->n; k++) {
        double usual_s = longhaul_analysis_figures(report->legs[w->all[k].leg].analysis)->usual_s;
        room -= (w->all[k].to_s - w->all[k].from_s) / (usual_s > 0 ? usual_s : 1);
        if (room < 0)
            break;
        kept++;
    }
    w->n = kept;
    if (kept > 0)
        qsort(w->all, kept, sizeof *w->all, by_leg_and_time);
    return true;
}

/* ---- buckets */

/* The shortest round length with which all legs together have no more than ALL_BUCKETS. */
static double choose_bucket_s(const struct longhaul_report *report)
{
    static const double lengths[] = {
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200
    };
    double all_s = 0;
    size_t i = 0;
    for (size_t k = 0; k < report->n_legs; k++)
        all_s += report->legs[k].is_detailed ? report->legs[k].summary.observed_s : 0;
    while (i + 1 < sizeof lengths / sizeof *lengths && all_s / lengths[i] > ALL_BUCKETS)
        i++;
    return lengths[i];
}

static struct source source_of(const struct report_leg *leg, double bucket_s)
{
    const struct longhaul_series *s = leg->series;
    const struct longhaul_figures *f = longhaul_analysis_figures(leg->analysis);
    struct source source = { .leg = leg, .artefacts = longhaul_analysis_artefacts(leg->analysis),
                             .start_s = longhaul_series_column(s, LONGHAUL_COLUMN_START_S),
                             .end_s = longhaul_series_column(s, LONGHAUL_COLUMN_END_S),
                             .seconds = longhaul_series_column(s, LONGHAUL_COLUMN_SECONDS),
                             .bps = longhaul_series_column(s, LONGHAUL_COLUMN_BITS_PER_SECOND),
                             .packets = longhaul_series_column(s, LONGHAUL_COLUMN_PACKETS),
                             .lost = longhaul_series_column(s, LONGHAUL_COLUMN_LOST_PACKETS),
                             .jitter_ms = longhaul_series_column(s, LONGHAUL_COLUMN_JITTER_MS),
                             .n = longhaul_series_length(s),
                             .retransmits = longhaul_series_column(s, LONGHAUL_COLUMN_RETRANSMITS),
                             .rtt_ms = longhaul_series_column(s, LONGHAUL_COLUMN_RTT_MS),
                             .delay_p50_us = longhaul_series_column(s, LONGHAUL_COLUMN_DELAY_P50_US),
                             .delay_p99_us = longhaul_series_column(s, LONGHAUL_COLUMN_DELAY_P99_US),
                             .delay_max_us = longhaul_series_column(s, LONGHAUL_COLUMN_DELAY_MAX_US),
                             .axis_unix_s = fabs(f->start_unix_s) < CALENDAR_END_UNIX_S ? f->start_unix_s : 0,
                             .bucket_s = bucket_s };
    double most_bps = fmax(leg->summary.max_mbps, 1e-6) * BPS_PER_MBPS;
    source.rate_unit_bps = pow(10, fmax(0, floor(log10(most_bps)) - 5)); /* six digits */
    source.jitter_unit_ms = f->jitter_ms.max < 10 ? 1e-4 : f->jitter_ms.max < 1000 ? 1e-3 : 1e-1;
    return source;
}

static double bucket_of(const struct source *s, size_t i)
{
    return floor((s->axis_unix_s + s->start_s[i]) / s->bucket_s);
}

/* If the file does not give a length, it is the distance between the interval's ends, as in the analysis. */
static double length_of(const struct source *s, size_t i)
{
    double length_s = s->seconds[i] > 0 ? s->seconds[i] : s->end_s[i] - s->start_s[i];
    return length_s > 0 && length_s <= AXIS_MOST_S ? length_s : 0;
}

static double end_of(const struct source *s, size_t i)
{
    return s->start_s[i] + length_of(s, i);
}

/* True if the times can lie on an axis. */
static bool is_usable(const struct source *s, size_t i)
{
    return fabs(s->start_s[i]) <= AXIS_MOST_S && isfinite(s->bps[i]) &&
           !(s->artefacts[i] & (LONGHAUL_ARTEFACT_TINY | LONGHAUL_ARTEFACT_ABSURD_COUNT));
}

/* Collects the known values of intervals from..to in room. */
static size_t known(const struct source *s, const double *column, unsigned left_out, size_t from, size_t to,
                    double *room)
{
    size_t n = 0;
    for (size_t i = from; column && i < to; i++)
        if (is_usable(s, i) && isfinite(column[i]) && !(s->artefacts[i] & left_out))
            room[n++] = column[i];
    return n;
}

static double known_sum(const struct source *s, const double *column, size_t from, size_t to)
{
    double sum = 0;
    size_t n = 0;
    for (size_t i = from; i < to; i++)
        if (is_usable(s, i) && isfinite(column[i]) && isfinite(s->lost[i])) {
            sum += column[i];
            n++;
        }
    return n ? sum : NAN;
}

/* The median of the intervals' medians, the greatest of their 99th percentiles, and the greatest delay, which is exact:
 * a percentile may be 1.6 % above it. */
static void take_delays(const struct source *s, size_t from, size_t to, double *room, double values[N_COLUMNS])
{
    double p99 = NAN, most = NAN;
    size_t n = 0;
    for (size_t i = from; i < to; i++) {
        bool is_known = !isnan(s->delay_p50_us[i]) && !isnan(s->delay_max_us[i]);
        if (!is_usable(s, i) || !is_known)
            continue;
        room[n++] = s->delay_p50_us[i];
        p99 = fmax(p99, s->delay_p99_us[i]); /* fmax ignores NAN */
        most = fmax(most, s->delay_max_us[i]);
    }
    p99 = isnan(p99) ? most : fmin(p99, most);
    values[QM] = n ? round(fmin(stats_median(room, n), p99) / DELAY_UNIT_US) : NAN;
    values[QP] = round(p99 / DELAY_UNIT_US) - values[QM];
    values[QX] = round(most / DELAY_UNIT_US) - round(p99 / DELAY_UNIT_US);
}

/* Adds intervals from..to as one row. */
static void add_row(struct rows *rows, const struct source *s, size_t from, size_t to, double *room)
{
    double values[N_COLUMNS];
    size_t n = known(s, s->bps, 0, from, to, room);
    if (n == 0)
        return;
    double begin = s->start_s[from], end = end_of(s, to - 1);
    values[T] = round(begin * 1000);
    values[D] = round(end * 1000) - values[T];
    values[N] = (double)n;
    values[MD] = round(stats_median(room, n) / s->rate_unit_bps);
    values[LO] = values[MD] - round(stats_min(room, n) / s->rate_unit_bps);
    values[HI] = round(stats_max(room, n) / s->rate_unit_bps) - values[MD];
    values[LOST] = known_sum(s, s->lost, from, to);
    values[SENT] = known_sum(s, s->packets, from, to);
    n = known(s, s->sent_bps, 0, from, to, room);
    values[SR] = n ? round(stats_median(room, n) / s->rate_unit_bps) : NAN;
    n = known(s, s->jitter_ms, LONGHAUL_ARTEFACT_ABSURD_JITTER, from, to, room);
    values[JM] = n ? round(stats_median(room, n) / s->jitter_unit_ms) : NAN;
    values[JX] = n ? round(stats_max(room, n) / s->jitter_unit_ms) - values[JM] : NAN;
    take_delays(s, from, to, room, values);
    n = known(s, s->retransmits, 0, from, to, room);
    values[RE] = n ? stats_sum(room, n) : NAN;
    n = known(s, s->rtt_ms, 0, from, to, room);
    values[RM] = n ? round(stats_median(room, n) / RTT_UNIT_MS) : NAN;
    values[RX] = n ? round(stats_max(room, n) / RTT_UNIT_MS) - values[RM] : NAN;
    for (int c = 0; c < N_COLUMNS; c++)
        rows->columns[c][rows->n] = values[c];
    rows->n++;
}

static bool is_after_gap(const struct source *s, size_t i)
{
    return s->start_s[i] - end_of(s, i - 1) > GAP_FACTOR * length_of(s, i - 1);
}

/* True if interval i is in one of the leg's windows at[0..n); *k is the current window. */
static bool is_in_window(const struct window *at, size_t n, size_t *k, double start_s)
{
    while (*k < n && at[*k].to_s <= start_s)
        ++*k;
    return *k < n && at[*k].from_s <= start_s;
}

static void fill_rows(struct rows *rows, const struct source *s, const struct window *windows, size_t n_windows,
                      double *room)
{
    size_t k = 0, from = 0;
    while (from < s->n) {
        bool is_single = is_in_window(windows, n_windows, &k, s->start_s[from]);
        size_t to = from + 1, ahead = k;
        while (!is_single && to < s->n && bucket_of(s, to) == bucket_of(s, from) && !is_after_gap(s, to) &&
               !is_in_window(windows, n_windows, &ahead, s->start_s[to]))
            to++;
        add_row(rows, s, from, to, room);
        from = to;
    }
}

/* ---- out */

/* Most rows begin where the row before ended: times are written as differences from that. */
static void write_rows(FILE *out, struct rows *rows)
{
    static const char *const names[N_COLUMNS] = { "t",    "d",  "n",  "md", "lo", "hi", "lost",
                                                  "sent", "sr", "jm", "jx", "qm", "qp", "qx",
                                                  "re",   "rm", "rx" };
    for (size_t i = rows->n; i-- > 1; )
        rows->columns[T][i] -= rows->columns[T][i - 1] + rows->columns[D][i - 1];
    static const int differing[] = { D, N, MD, SENT, SR, JM, QM, RM };
    for (size_t i = 0; i < sizeof differing / sizeof *differing; i++)
        html_columns_difference(rows->columns[differing[i]], rows->n);
    for (int c = 0; c < N_COLUMNS; c++)
        if (html_columns_has(rows->columns[c], rows->n))
            html_columns_write(out, names[c], rows->columns[c], rows->n);
}

static void write_gap(FILE *out, const char **comma, double from_s, double to_s, const char *cause)
{
    from_s = fmax(from_s, -AXIS_MOST_S);
    to_s = fmin(to_s, AXIS_MOST_S);
    if (!(from_s < to_s))
        return;
    fprintf(out, "%s[%.0f,%.0f,", *comma, from_s * 1000, to_s * 1000);
    markup_json(out, cause);
    fputc(']', out);
    *comma = ",";
}

/* Writes the times without observation: between intervals, and after the last one until the planned end (except in a
 * run in progress). Also writes gaps of the record that contain intervals: data was sent then, but whether it arrived
 * is unknown. */
static void write_gaps(FILE *out, const struct source *s)
{
    const struct longhaul_info *info = s->leg->info;
    double last = s->n ? end_of(s, s->n - 1) : 0;
    size_t n;
    const struct longhaul_gap *gaps = longhaul_analysis_gaps(s->leg->analysis, &n);
    const char *comma = "";
    fputs(",\"gaps\":[", out);
    for (size_t i = 0; i < n; i++)
        write_gap(out, &comma, gaps[i].start_s, gaps[i].start_s + gaps[i].seconds, gaps[i].cause);
    for (size_t i = 1; i < s->n; i++) {
        double from_s = end_of(s, i - 1);
        if (is_after_gap(s, i) && gaps_cause(gaps, n, from_s, s->start_s[i])[0] == 0)
            write_gap(out, &comma, from_s, s->start_s[i], "");
    }
    bool is_short = info->planned_s <= AXIS_MOST_S && info->planned_s - last > 2 * (s->n ? length_of(s, s->n - 1) : 0);
    if (!info->is_journal && is_short && gaps_cause(gaps, n, last, info->planned_s)[0] == 0)
        write_gap(out, &comma, last, info->planned_s, "");
    fputc(']', out);
}

static void write_head(FILE *out, const struct longhaul_report *report, size_t i, const struct source *s)
{
    fprintf(out, "{\"leg\":%zu,\"label\":", i);
    markup_json(out, wording_run(report, i).text);
    fprintf(out, ",\"inbound\":%s%s", report_is_inbound(report, i) ? "true" : "false",
            report->legs[i].info->is_sender && !series_arrived(s->leg->series) ? ",\"isSent\":true" : "");
    if (report_target_mbps(report->legs[i].info) > 0)
        fprintf(out, ",\"target\":%.6g", report_target_mbps(report->legs[i].info));
    if (s->axis_unix_s > 0)
        fprintf(out, ",\"start\":%.0f", s->axis_unix_s * 1000);
    fprintf(out, ",\"length\":%.0f,\"rateUnit\":%.0f,\"jitterUnit\":%g", 1000 * plot_leg_length_s(s->leg->series),
            s->rate_unit_bps, s->jitter_unit_ms);
}

static bool rows_make(struct rows *rows, size_t n)
{
    *rows = (struct rows){ .n = 0 };
    rows->columns[0] = malloc((n + 1) * N_COLUMNS * sizeof(double));
    for (int c = 1; rows->columns[0] && c < N_COLUMNS; c++)
        rows->columns[c] = rows->columns[0] + (size_t)c * (n + 1);
    return rows->columns[0] != NULL;
}

static bool write_leg(FILE *out, const struct longhaul_report *report, size_t i, const struct shape *shape)
{
    const struct windows *windows = &shape->windows;
    struct quantity_columns columns = quantity_columns_of(report->legs[i].series, report->legs[i].analysis);
    struct source s = source_of(&report->legs[i], shape->bucket_s);
    struct rows rows;
    bool good;
    size_t first = 0, n = 0;
    double *room = malloc((2 * s.n + 1) * sizeof *room), *arrived_bps = room ? room + s.n + 1 : NULL;
    if (room == NULL || !rows_make(&rows, s.n)) {
        free(room);
        return false;
    }
    for (size_t k = 0; columns.arrived && k < s.n; k++)
        arrived_bps[k] = BPS_PER_MBPS * quantity_rate.value(&columns, k);
    s.sent_bps = columns.arrived ? s.bps : NULL;
    s.bps = columns.arrived ? arrived_bps : s.bps;
    while (first < windows->n && windows->all[first].leg < i)
        first++;
    while (first + n < windows->n && windows->all[first + n].leg == i)
        n++;
    fill_rows(&rows, &s, windows->all + first, n, room);
    write_head(out, report, i, &s);
    write_rows(out, &rows);
    good = html_write_trips(out, s.leg, shape->together);
    write_gaps(out, &s);
    good = html_write_marks(out, report, s.leg) && good;
    fputc('}', out);
    free(rows.columns[0]);
    free(room);
    return good;
}

/* The kinds of events: for each its words, its colour's name in page.css, and its place, the gravest first. */
static void write_kinds(FILE *out)
{
    fputs("{\"kinds\":[", out);
    for (int kind = 0; kind < LONGHAUL_N_EVENT_KINDS; kind++)
        fprintf(out, "%s[\"%s\",\"%s\",%d]", kind > 0 ? "," : "",
                longhaul_event_kind_text((enum longhaul_event_kind)kind),
                event_kind_key((enum longhaul_event_kind)kind), event_kind_rank((enum longhaul_event_kind)kind));
    fputs("],", out);
}

/* The end of the axis of rates that all legs share, in Mbps. */
static double rate_top(const struct longhaul_report *report)
{
    double top = 0;
    for (size_t i = 0; i < report->n_legs; i++) {
        if (!report->legs[i].is_detailed)
            continue;
        struct quantity_columns columns = quantity_columns_of(report->legs[i].series, report->legs[i].analysis);
        top = fmax(top, plot_axis_of(&quantity_rate, &columns).high);
    }
    return top;
}

int html_write_data(FILE *out, const struct longhaul_report *report, struct longhaul_error *err)
{
    struct shape shape = { .bucket_s = choose_bucket_s(report), .together = html_trips_together(report) };
    bool good = choose_windows(report, &shape.windows);
    const char *comma = "";
    write_kinds(out);
    fprintf(out, "\"bucket\":%.0f,\"rateTop\":%.6g,\"legs\":[", shape.bucket_s * 1000, rate_top(report));
    for (size_t i = 0; good && i < report->n_legs; i++) {
        if (!report->legs[i].is_detailed)
            continue;
        fprintf(out, "%s\n", comma);
        good = write_leg(out, report, i, &shape);
        comma = ",";
    }
    fputs("\n]}", out);
    free(shape.windows.all);
    return good ? 0 : error_set(err, LONGHAUL_ENOMEM, "index.html: out of memory");
}
