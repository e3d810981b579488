/* analysis.c - the analysis of one test: cleans its intervals' times, calls its parts, and owns the results. */

#include "analysis/analysis.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/stats.h"
#include "base/text_copy.h"
#include "read/repeats.h"
#include "read/series.h"

#define TIME_SHARE 0.1     /* by which an interval's length may differ from the distance of its ends, as a share of
                            * the length */
#define TIME_DIGITS 5e-7   /* the same as a share of its end: some versions write times in single precision */
#define TIME_LEAST_S 0.001
#define CLOCK_STEP_S 0.1  /* between two intervals; slewing and drift are far below this */

/* ---- the view */

static double known_or(double value, double otherwise)
{
    return isfinite(value) ? value : otherwise;
}

/* iperf3 restarts its time when an omit period ends. If an interval began before then, its start loses its sign: its
 * seconds are the sum of both ends instead of their difference, and only the part after 0 is counted in it. */
static void clean_length(struct view *v, size_t i, double start_s, double end_s)
{
    double slack_s = TIME_SHARE * v->seconds[i] + TIME_DIGITS * fabs(end_s) + TIME_LEAST_S;
    if (!(fabs(end_s - start_s - v->seconds[i]) > slack_s))
        return;
    v->artefacts[i] |= LONGHAUL_ARTEFACT_ABSURD_TIME;
    if (fabs(start_s + end_s - v->seconds[i]) <= slack_s)
        v->start_s[i] = 0;
    if (end_s > v->start_s[i])
        v->seconds[i] = end_s - v->start_s[i];
}

static void clean_times(struct view *v, const struct longhaul_series *series)
{
    const double *start = longhaul_series_column(series, LONGHAUL_COLUMN_START_S),
                 *end = longhaul_series_column(series, LONGHAUL_COLUMN_END_S);
    const double *seconds = longhaul_series_column(series, LONGHAUL_COLUMN_SECONDS);
    double last_s = 0;
    for (size_t i = 0; i < v->n; i++) {
        double length = seconds[i] > 0 ? seconds[i] : end[i] - start[i];
        v->seconds[i] = isfinite(length) && length > 0 ? length : 0;
        v->start_s[i] = known_or(start[i], known_or(end[i] - v->seconds[i], last_s));
        clean_length(v, i, start[i], end[i]);
        last_s = v->start_s[i] + v->seconds[i];
    }
}

static void take_columns(struct view *v, const struct longhaul_series *series)
{
    v->arrived = series_arrived(series);
    v->seen = series_seen(series);
    v->rtt = longhaul_series_rtt(series, &v->n_rtt);
    v->bytes = longhaul_series_column(series, LONGHAUL_COLUMN_BYTES);
    v->bps = longhaul_series_column(series, LONGHAUL_COLUMN_BITS_PER_SECOND);
    v->packets = longhaul_series_column(series, LONGHAUL_COLUMN_PACKETS);
    v->lost = longhaul_series_column(series, LONGHAUL_COLUMN_LOST_PACKETS);
    v->jitter_ms = longhaul_series_column(series, LONGHAUL_COLUMN_JITTER_MS);
    v->wall_unix_s = longhaul_series_column(series, LONGHAUL_COLUMN_WALL_UNIX_S);
    v->monotonic_s = longhaul_series_column(series, LONGHAUL_COLUMN_MONOTONIC_S);
    v->delay.series = series;
    const struct { const double **to; enum longhaul_column column; } delays[] = {
        { &v->delay.base, LONGHAUL_COLUMN_BASE_US },           { &v->delay.p50, LONGHAUL_COLUMN_DELAY_P50_US },
        { &v->delay.p95, LONGHAUL_COLUMN_DELAY_P95_US },       { &v->delay.p99, LONGHAUL_COLUMN_DELAY_P99_US },
        { &v->delay.max, LONGHAUL_COLUMN_DELAY_MAX_US },       { &v->delay.ipdv50, LONGHAUL_COLUMN_IPDV_P50_US },
        { &v->delay.ipdv99, LONGHAUL_COLUMN_IPDV_P99_US },     { &v->delay.silence, LONGHAUL_COLUMN_SILENCE_US },
        { &v->delay.silent, LONGHAUL_COLUMN_SILENT_US },       { &v->delay.silences, LONGHAUL_COLUMN_SILENCES },
        { &v->delay.shift, LONGHAUL_COLUMN_SHIFT_US },         { &v->delay.shifted, LONGHAUL_COLUMN_SHIFTED_US },
        { &v->delay.step, LONGHAUL_COLUMN_SENDER_STEP_US },    { &v->delay.read, LONGHAUL_COLUMN_READ_LATE_US },
        { &v->delay.loss_runs, LONGHAUL_COLUMN_LOSS_RUNS },    { &v->delay.longest_run, LONGHAUL_COLUMN_LONGEST_RUN }
    };
    for (size_t i = 0; i < sizeof delays / sizeof *delays; i++)
        *delays[i].to = longhaul_series_column(series, delays[i].column);
}

/* room and settled are for n doubles. */
static void look(struct view *v, const struct longhaul_series *series, double *room, double *settled)
{
    const struct longhaul_info *info = longhaul_series_info(series);
    take_columns(v, series);
    clean_times(v, series);
    memcpy(room, v->seconds, v->n * sizeof *room);
    v->usual_s = stats_median(room, v->n);
    v->is_sender = info->is_sender;
    v->has_omitted = info->has_omitted;
    v->start_unix_s = info->start_unix_s;
    if (v->n > 0 && !isnan(v->wall_unix_s[0]))
        v->start_unix_s = v->wall_unix_s[0] - v->start_s[0] - v->seconds[0];
    repeats_mark(
        longhaul_series_column(series, LONGHAUL_COLUMN_START_S), longhaul_series_column(series, LONGHAUL_COLUMN_END_S),
        longhaul_series_column(series, LONGHAUL_COLUMN_SECONDS), v->n, LONGHAUL_ARTEFACT_REPEATED, v->artefacts);
    artefacts_mark(v);
    v->lost_as_counted = v->lost;
    order_settle(v->lost, longhaul_series_column(series, LONGHAUL_COLUMN_OUT_OF_ORDER_PACKETS), v->n, settled);
    v->lost = settled;
}

static struct extent extent_of(const struct view *v, bool has(const struct view *, size_t))
{
    struct extent extent = { NAN, NAN };
    for (size_t i = 0; i < v->n; i++) {
        if (!has(v, i))
            continue;
        extent.from_s = isnan(extent.from_s) ? v->start_s[i] : extent.from_s;
        extent.to_s = v->start_s[i] + v->seconds[i];
    }
    return extent;
}

/* ---- clocks */

static void find_clock_steps(struct longhaul_analysis *a)
{
    const double *wall = a->view.wall_unix_s, *monotonic = a->view.monotonic_s;
    for (size_t i = 1; i < a->view.n; i++) {
        double step_s = (wall[i] - wall[i - 1]) - (monotonic[i] - monotonic[i - 1]);
        if (!(fabs(step_s) > CLOCK_STEP_S) ||
            monotonic[i] < monotonic[i - 1]) /* a restarted host counts from 0 */
            continue;
        a->n_clock_steps++;
        if (fabs(step_s) > fabs(a->clock_step_s))
            a->clock_step_s = step_s;
    }
}

/* ---- owning */

static bool copy_info(struct longhaul_analysis *a, const struct longhaul_info *from)
{
    const char **const texts[] = {
        &a->info.path,           &a->info.source,     &a->info.destination,      &a->info.version,
        &a->info.protocol,       &a->info.error,      &a->info.longhaul_version, &a->info.local_address,
        &a->info.remote_address, &a->info.congestion, &a->info.rtt_method
    };
    a->info = *from;
    a->strings = text_copy_all(texts, sizeof texts / sizeof *texts);
    return a->strings != NULL;
}

void longhaul_analysis_free(struct longhaul_analysis *a)
{
    if (a == NULL)
        return;
    gap_list_free(&a->gaps);
    gap_list_free(&a->unseen);
    free(a->view.artefacts);
    free(a->hours.spans);
    free(a->events.events);
    free(a->findings);
    free(a->flows);
    route_list_free(&a->routes);
    free(a->strings);
    free(a);
}

/* ---- the whole */

static int by_start(const void *x, const void *y)
{
    const struct longhaul_event *a = x, *b = y;
    if (a->start_s != b->start_s)
        return a->start_s < b->start_s ? -1 : 1;
    return (a->kind > b->kind) - (a->kind < b->kind);
}

/* room is for 2 n doubles, settled for n. */
static bool fill(struct longhaul_analysis *a, const struct longhaul_series *series, double loss_limit_percent,
                 double *room, double *settled)
{
    struct view *v = &a->view;
    look(v, series, room, settled);
    for (size_t i = 0; i < v->n; i++)
        if (v->start_s[i] + v->seconds[i] > a->last_end_s)
            a->last_end_s = v->start_s[i] + v->seconds[i];
    end_record_read(series, &a->end);
    longhaul_summarise(series, &a->summary);
    figures_fill(v, &a->info, loss_limit_percent, room, &a->figures);
    analysis_loss(a);
    analysis_rate(a);
    order_fill(a, series);
    a->has_loss = extent_of(v, view_has_loss);
    a->has_jitter = extent_of(v, view_has_jitter);
    a->has_delay = extent_of(v, view_has_delay);
    delay_figures_fill(a, room);
    find_clock_steps(a);
    if (!tcp_figures_fill(a, series, room) || !flows_keep(a, series) || !hops_keep(a, series))
        return false;
    if (!events_find(a, room, &a->events))
        return false;
    if (a->events.n > 1)
        qsort(a->events.events, a->events.n, sizeof *a->events.events, by_start);
    a->figures.downtime_s = analysis_downtime_s(&a->events);
    return spans_fill(a, room) && validity_judge(a);
}

/* False when out of memory; the room is freed in any case with view_room_free(). */
static bool view_begin(struct view *v, struct view_room *room, const struct gap_list *unseen, size_t n)
{
    size_t room_for = n ? n : 1;
    room->doubles = malloc(5 * room_for * sizeof *room->doubles);
    room->merged = malloc((unseen->n + 1) * sizeof *room->merged);
    *v = (struct view){ .n = n, .artefacts = calloc(room_for, 1) };
    if (!room->doubles || !room->merged || !v->artefacts)
        return false;
    v->gaps = room->merged;
    v->n_gaps = gaps_merge(unseen->gaps, unseen->n, room->merged);
    v->start_s = room->doubles;
    v->seconds = room->doubles + room_for;
    room->more = room->doubles + 2 * room_for;
    return true;
}

static void view_room_free(struct view_room *room)
{
    free(room->doubles);
    free(room->merged);
}

int longhaul_analyse(const struct longhaul_series *series, const struct longhaul_analysis_options *options,
                     struct longhaul_analysis **out, struct longhaul_error *err)
{
    double limit = options ? options->loss_limit_percent : 0;
    size_t n = longhaul_series_length(series), n_gaps, n_unseen;
    if (!(limit >= 0 && limit <= 100))
        return error_set(err, LONGHAUL_EINVAL, "loss limit %g: not between 0 and 100 percent", limit);
    struct longhaul_analysis *a = calloc(1, sizeof *a);
    const struct longhaul_gap *gaps = longhaul_series_gaps(series, &n_gaps),
                              *unseen = series_unseen_gaps(series, &n_unseen);
    struct view_room room = { NULL, NULL, NULL };
    bool good = a && copy_info(a, longhaul_series_info(series)) && gap_list_take_sorted(&a->gaps, gaps, n_gaps) &&
                gap_list_take_sorted(&a->unseen, unseen, n_unseen) && view_begin(&a->view, &room, &a->unseen, n) &&
                fill(a, series, limit, room.more, room.more + 2 * (n ? n : 1));
    if (good)
        a->view = (struct view){ .artefacts = a->view.artefacts, .n = n, .usual_s = a->view.usual_s,
                                 .unconfirmed_s = a->view.unconfirmed_s, .start_unix_s = a->view.start_unix_s };
    view_room_free(&room);
    if (!good) {
        longhaul_analysis_free(a);
        return error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", longhaul_series_info(series)->path);
    }
    *out = a;
    return 0;
}

bool analysis_view_again(const struct longhaul_analysis *a, const struct longhaul_series *series, struct view *view,
                         struct view_room *room)
{
    *room = (struct view_room){ NULL, NULL, NULL };
    if (!view_begin(view, room, &a->unseen, a->view.n))
        return false;
    look(view, series, room->more, room->more + 2 * (view->n ? view->n : 1));
    return true;
}

void analysis_view_free(struct view *view, struct view_room *room)
{
    free(view->artefacts);
    view_room_free(room);
}

int longhaul_analysis_spans(const struct longhaul_analysis *a, const struct longhaul_series *series, double length_s,
                            struct longhaul_span **spans, size_t *n, struct longhaul_error *err)
{
    if (!(length_s > 0 && isfinite(length_s)) || longhaul_series_length(series) != a->view.n)
        return error_set(err, LONGHAUL_EINVAL, "spans of %g s: not a length, or not the test that was analysed",
                         length_s);
    struct view view;
    struct view_room room;
    struct span_list list = { NULL, 0 };
    bool good = analysis_view_again(a, series, &view, &room) &&
                spans_take(&a->events, &view, length_s, room.more, &list);
    analysis_view_free(&view, &room);
    if (!good) {
        free(list.spans);
        return error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", a->info.path);
    }
    *spans = list.spans;
    *n = list.n;
    return 0;
}

const struct longhaul_info *longhaul_analysis_info(const struct longhaul_analysis *a)
{
    return &a->info;
}

const struct longhaul_summary *longhaul_analysis_summary(const struct longhaul_analysis *a)
{
    return &a->summary;
}

const struct longhaul_figures *longhaul_analysis_figures(const struct longhaul_analysis *a)
{
    return &a->figures;
}

const struct longhaul_tcp *longhaul_analysis_tcp(const struct longhaul_analysis *a)
{
    return a->has_tcp ? &a->tcp : NULL;
}

const struct longhaul_host_drops *longhaul_analysis_host_drops(const struct longhaul_analysis *a)
{
    return a->has_host_drops ? &a->host_drops : NULL;
}

const struct longhaul_span *longhaul_analysis_hours(const struct longhaul_analysis *a, size_t *n)
{
    *n = a->hours.n;
    return a->hours.spans;
}

const struct longhaul_gap *longhaul_analysis_gaps(const struct longhaul_analysis *a, size_t *n)
{
    *n = a->gaps.n;
    return a->gaps.gaps;
}

const struct longhaul_event *longhaul_analysis_events(const struct longhaul_analysis *a, size_t *n)
{
    *n = a->events.n;
    return a->events.events;
}

const struct longhaul_finding *longhaul_analysis_findings(const struct longhaul_analysis *a, size_t *n)
{
    *n = a->n_findings;
    return a->findings;
}

const unsigned char *longhaul_analysis_artefacts(const struct longhaul_analysis *a)
{
    return a->view.artefacts;
}
