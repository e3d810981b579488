/* show_csv.c - the CSV tables of longhaul show: tests, intervals, events, hours. longhaul-show(1) has the columns. */

#include <math.h>
#include <stdio.h>

#include "csv.h"
#include "show.h"

static void begin(struct csv *line, const struct longhaul_analysis *test)
{
    const struct longhaul_info *info = longhaul_analysis_info(test);
    csv_path(line, info->path);
    csv_text(line, info->source);
    csv_text(line, info->destination);
}

/* ---- intervals */

void show_interval_head(void)
{
    fputs("path,test,interval,utc", stdout);
    for (int i = 0; i < LONGHAUL_N_COLUMNS; i++)
        printf(",%s", longhaul_column_text((enum longhaul_column)i));
    putchar('\n');
}

void show_interval(const struct longhaul_row *row, void *payload)
{
    struct show_axis *axis = payload;
    struct csv line = { 0 };
    const double *value = row->values;
    if (ferror(stdout))
        return;
    if (row->index == 0) { /* as in longhaul_figures.start_unix_s */
        double wall =
            value[LONGHAUL_COLUMN_WALL_UNIX_S] - value[LONGHAUL_COLUMN_START_S] - value[LONGHAUL_COLUMN_SECONDS];
        axis->start_unix_s = wall == wall ? wall : row->info->start_unix_s;
    }
    csv_path(&line, row->info->path);
    csv_number(&line, (double)row->test);
    csv_number(&line, (double)row->index);
    csv_utc(&line, axis->start_unix_s + value[LONGHAUL_COLUMN_START_S]);
    for (int i = 0; i < LONGHAUL_N_COLUMNS; i++)
        csv_number(&line, value[i]);
    csv_end(&line);
}

/* ---- tests */

void show_csv_head(void)
{
    puts("path,source,destination,protocol,start_utc,verdict,findings,n_intervals,mean_mbps,median_mbps,min_mbps,max_"
         "mbps,std_mbps,"
         "mean_pkt_rate,duration_s,reported_mbps,jitter_ms,lost_packets,total_packets,loss_percent,observed_s,planned_"
         "s,coverage,"
         "availability,clean_seconds,rate_p1_mbps,rate_p5_mbps,rate_p50_mbps,rate_p95_mbps,rate_p99_mbps,rate_p99_9_"
         "mbps,"
         "loss_p1_percent,loss_p5_percent,loss_p50_percent,loss_p95_percent,loss_p99_percent,loss_p99_9_percent,"
         "jitter_p1_ms,jitter_p5_ms,jitter_p50_ms,jitter_p95_ms,jitter_p99_ms,jitter_p99_9_ms,"
         "p_loss,p_loss_after_loss,quantum_mbps,quantum_std_mbps,n_artefacts,n_events,loss_origin,out_of_order_packets,"
         "out_of_order_percent,"
         "duplicate_packets,rate_mbps,rate_kind,downtime_s,stopped_s,"
         "delay_p50_ms,delay_p95_ms,delay_p99_ms,delay_p99_9_ms,delay_max_ms,base_shifts,silences,"
         "longest_silence_ms,loss_runs,longest_loss_run");
}

static void numbers(struct csv *line, const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        csv_number(line, values[i]);
}

static void percentiles(struct csv *line, const struct longhaul_percentiles *p)
{
    const double values[] = { p->p1, p->p5, p->p50, p->p95, p->p99, p->p99_9 };
    numbers(line, values, sizeof values / sizeof *values);
}

static void findings_cell(struct csv *line, const struct longhaul_analysis *test)
{
    char rules[512] = "";
    size_t n, used = 0;
    const struct longhaul_finding *findings = longhaul_analysis_findings(test, &n);
    for (size_t i = 0; i < n && used < sizeof rules; i++)
        used += (size_t)snprintf(rules + used, sizeof rules - used, "%s%s", i ? " " : "", findings[i].rule);
    csv_text(line, rules);
}

static void delays(struct csv *line, const struct longhaul_delays *d)
{
    const double values[] = { d->p50_ms, d->p95_ms, d->p99_ms, d->p99_9_ms, d->max_ms,
                              d->n_intervals > 0 ? (double)d->n_shifts : NAN, d->n_silences, d->longest_silence_ms,
                              d->loss_runs, d->longest_run };
    numbers(line, values, sizeof values / sizeof *values);
}

void show_csv(const struct longhaul_analysis *test)
{
    struct csv line = { 0 };
    size_t n_events;
    const struct longhaul_info *info = longhaul_analysis_info(test);
    const struct longhaul_summary *s = longhaul_analysis_summary(test);
    const struct longhaul_figures *f = longhaul_analysis_figures(test);
    longhaul_analysis_events(test, &n_events);
    const struct longhaul_loss *loss = longhaul_analysis_loss(test);
    const struct longhaul_order *o = longhaul_analysis_order(test);
    size_t n_artefacts = f->n_tiny + f->n_absurd_counts + f->n_absurd_losses + f->n_absurd_jitters + f->n_overlapping +
                         f->n_absurd_times + f->n_unconfirmed;
    const double summary[] = {
        (double)s->n_intervals, s->mean_mbps,  s->median_mbps,   s->min_mbps,  s->max_mbps,     s->std_mbps,
        s->mean_pkt_rate,       s->duration_s, s->reported_mbps, s->jitter_ms, loss->lost,      loss->total,
        loss->percent,          s->observed_s, info->planned_s,  f->coverage,  f->availability, f->clean_seconds
    };
    const double rest[] = { f->p_loss,           f->p_loss_after_loss, f->quantum_mbps,
                            f->quantum_std_mbps, (double)n_artefacts,  (double)n_events };
    begin(&line, test);
    csv_text(&line, info->protocol);
    csv_utc(&line, f->start_unix_s);
    csv_text(&line, longhaul_verdict_text(longhaul_analysis_verdict(test)));
    findings_cell(&line, test);
    numbers(&line, summary, sizeof summary / sizeof *summary);
    percentiles(&line, &f->rate_mbps);
    percentiles(&line, &f->loss_percent);
    percentiles(&line, &f->jitter_ms);
    numbers(&line, rest, sizeof rest / sizeof *rest);
    csv_text(&line, longhaul_loss_origin_text(loss->origin));
    const double order[] = { o->out_of_order_packets, o->out_of_order_percent, o->duplicate_packets };
    numbers(&line, order, sizeof order / sizeof *order);
    csv_number(&line, longhaul_analysis_rate(test)->mbps);
    csv_text(&line, longhaul_rate_kind_text(longhaul_analysis_rate(test)->kind));
    csv_number(&line, f->downtime_s);
    csv_number(&line, info->stopped_s);
    delays(&line, longhaul_analysis_delays(test));
    csv_end(&line);
}

/* ---- events, hours */

void show_events_csv_head(void)
{
    puts("path,source,destination,leg_name,kind,cause,start_utc,end_utc,start_s,seconds,n_intervals,lost_packets,level,"
         "peak,usual,opposite,n_other_measured,n_other_affected,scope,site,incident,"
         "flows_affected,flows,flow_ports,"
         "hops,hop_from,hop_to,hop,hop_before,hop_after");
}

/* The end of what goes on is not known. */
static void event_time(struct csv *line, const struct longhaul_event *e)
{
    csv_utc(line, e->start_unix_s);
    csv_utc(line, e->is_open ? NAN : e->start_unix_s + e->seconds);
}

static void leg_name(struct csv *line, const struct longhaul_analysis *test)
{
    const struct longhaul_info *info = longhaul_analysis_info(test);
    char name[sizeof info->source + sizeof info->destination + 2];
    snprintf(name, sizeof name, "%s->%s", info->source, info->destination);
    csv_text(line, name);
}

/* How many flows of how many, and their ports; empty for an event that is not confined to some. */
static void event_flows(struct csv *line, const struct longhaul_event *e)
{
    char ports[LONGHAUL_EVENT_PORTS * 6 + 1] = "";
    size_t n = 0;
    for (size_t i = 0; i < LONGHAUL_EVENT_PORTS && e->flow_ports[i]; i++)
        n += (size_t)snprintf(ports + n, sizeof ports - n, "%s%u", i ? " " : "", e->flow_ports[i]);
    csv_number(line, e->n_flows > 0 ? (double)e->n_flows_affected : NAN);
    csv_number(line, e->n_flows > 0 ? (double)e->n_flows : NAN);
    csv_text(line, ports);
}

/* What traces say of its route: empty where they say nothing. */
static void event_hops(struct csv *line, const struct longhaul_event *e)
{
    const struct longhaul_event_hops *h = &e->hops;
    bool is_place = h->sign > LONGHAUL_HOPS_SIGN_SAME;
    csv_text(line, longhaul_hops_sign_text(h->sign));
    csv_number(line, is_place ? (double)h->from : NAN);
    csv_number(line, h->to > 0 ? (double)h->to : NAN);
    csv_number(line, h->hop > 0 ? (double)h->hop : NAN);
    csv_text(line, h->before);
    csv_text(line, h->after);
}

void show_events_csv(const struct longhaul_analysis *test, const struct longhaul_incidents *incidents, size_t index)
{
    static const char *const concurrences[] = { "not measured", "quiet", "affected" };
    size_t n;
    const struct longhaul_event *events = longhaul_analysis_events(test, &n);
    for (size_t i = 0; i < n; i++) {
        const struct longhaul_event *e = &events[i];
        const double values[] = { e->start_s, e->seconds, (double)e->n_intervals, e->lost_packets,
                                  e->level,   e->peak,    e->usual };
        size_t incident = longhaul_incidents_of(incidents, index, i);
        struct csv line = { 0 };
        begin(&line, test);
        leg_name(&line, test);
        csv_key(&line, longhaul_event_kind_text(e->kind));
        csv_text(&line, e->cause);
        event_time(&line, e);
        numbers(&line, values, sizeof values / sizeof *values);
        csv_text(&line, concurrences[e->opposite]);
        csv_number(&line, (double)e->n_other_measured);
        csv_number(&line, (double)e->n_other_affected);
        csv_text(&line, longhaul_scope_text(e->scope));
        csv_text(&line, e->site);
        csv_number(&line, incident > 0 ? (double)incident : NAN);
        event_flows(&line, e);
        event_hops(&line, e);
        csv_end(&line);
    }
}

void show_hours_csv_head(void)
{
    puts("path,source,destination,start_utc,start_s,n_intervals,observed_s,mean_mbps,min_mbps,max_mbps,packets,lost_"
         "packets,"
         "loss_percent,jitter_p50_ms,jitter_p95_ms,outage_s,rate_kind,delay_p50_ms,delay_p99_ms,delay_max_ms");
}

void show_hours_csv(const struct longhaul_analysis *test)
{
    size_t n;
    const struct longhaul_span *hours = longhaul_analysis_hours(test, &n);
    for (size_t i = 0; i < n; i++) {
        const struct longhaul_span *h = &hours[i];
        const double values[] = {
            h->start_s, (double)h->n_intervals, h->observed_s,   h->mean_mbps,     h->min_mbps,      h->max_mbps,
            h->packets, h->lost_packets,        h->loss_percent, h->jitter_p50_ms, h->jitter_p95_ms, h->outage_s
        };
        struct csv line = { 0 };
        begin(&line, test);
        csv_utc(&line, h->start_unix_s);
        numbers(&line, values, sizeof values / sizeof *values);
        csv_text(&line, longhaul_rate_kind_text(h->rate_kind));
        const double delay[] = { h->delay_p50_ms, h->delay_p99_ms, h->delay_max_ms };
        numbers(&line, delay, sizeof delay / sizeof *delay);
        csv_end(&line);
    }
}
