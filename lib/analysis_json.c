/* analysis_json.c - an analysis as one line of JSON. Keys are the members' names; what is not known is null. */

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis.h"
#include "error.h"

static void set(json_t *object, const char *key, double value)
{
    json_object_set_new(object, key, isfinite(value) ? json_real(value) : json_null());
}

static void set_count(json_t *object, const char *key, int64_t value, bool is_known)
{
    json_object_set_new(object, key, is_known ? json_integer(value) : json_null());
}

/* Text of a file, or a path: any bytes. */
static void set_text(json_t *object, const char *key, const char *value)
{
    json_t *string = json_string(value);
    char *copy = string ? NULL : strdup(value); /* not UTF-8 */
    for (char *p = copy; p && *p; p++)
        if ((unsigned char)*p > 127)
            *p = '?';
    json_object_set_new(object, key, string ? string : json_string(copy ? copy : ""));
    free(copy);
}

static void add_info(json_t *o, const struct longhaul_info *info)
{
    set_text(o, "path", info->path);
    set_text(o, "source", info->source);
    set_text(o, "destination", info->destination);
    set_text(o, "protocol", info->protocol);
    set_text(o, "version", info->version);
    set_text(o, "error", info->error);
    set_text(o, "longhaul_version", info->longhaul_version);
    set_text(o, "local_address", info->local_address);
    set_text(o, "remote_address", info->remote_address);
    set(o, "start_unix_s", info->start_unix_s);
}

static void add_summary(json_t *o, const struct longhaul_info *info, const struct longhaul_summary *s)
{
    set_count(o, "n_intervals", (int64_t)s->n_intervals, true);
    set(o, "mean_mbps", s->mean_mbps);
    set(o, "median_mbps", s->median_mbps);
    set(o, "min_mbps", s->min_mbps);
    set(o, "max_mbps", s->max_mbps);
    set(o, "std_mbps", s->std_mbps);
    set(o, "mean_pkt_rate", s->mean_pkt_rate);
    set(o, "duration_s", s->duration_s);
    set(o, "reported_mbps", s->reported_mbps);
    set(o, "jitter_ms", s->jitter_ms);
    set(o, "lost_packets", s->lost_packets);
    set(o, "total_packets", s->total_packets);
    set(o, "loss_percent", s->loss_percent);
    set(o, "observed_s", s->observed_s);
    set(o, "planned_s", info->planned_s);
    set_count(o, "n_sessions", (int64_t)info->n_sessions, true);
    json_object_set_new(o, "is_complete", json_boolean(info->is_complete));
    json_object_set_new(o, "is_journal", json_boolean(info->is_journal));
}

static json_t *percentiles_object(const struct longhaul_percentiles *p)
{
    json_t *o = json_object();
    set_count(o, "n", (int64_t)p->n, true);
    set(o, "min", p->min);
    set(o, "p1", p->p1);
    set(o, "p5", p->p5);
    set(o, "p50", p->p50);
    set(o, "p95", p->p95);
    set(o, "p99", p->p99);
    set(o, "p99_9", p->p99_9);
    set(o, "max", p->max);
    return o;
}

static json_t *span_object(const struct longhaul_span *span)
{
    json_t *o = json_object();
    set(o, "start_unix_s", span->start_unix_s);
    set(o, "start_s", span->start_s);
    set_count(o, "n_intervals", (int64_t)span->n_intervals, true);
    set(o, "observed_s", span->observed_s);
    set(o, "mean_mbps", span->mean_mbps);
    set(o, "min_mbps", span->min_mbps);
    set(o, "max_mbps", span->max_mbps);
    set(o, "packets", span->packets);
    set(o, "lost_packets", span->lost_packets);
    set(o, "loss_percent", span->loss_percent);
    set(o, "jitter_p50_ms", span->jitter_p50_ms);
    set(o, "jitter_p95_ms", span->jitter_p95_ms);
    set(o, "outage_s", span->outage_s);
    return o;
}

static json_t *spans_array(const struct longhaul_span *spans, size_t n)
{
    json_t *array = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(array, span_object(&spans[i]));
    return array;
}

static json_t *loss_object(const struct longhaul_figures *f)
{
    static const char *const names[LONGHAUL_N_LOSS_CLASSES] = { "0", "1", "2-10", "11-100", "101-1000", "more" };
    json_t *o = json_object();
    for (size_t i = 0; i < LONGHAUL_N_LOSS_CLASSES; i++)
        set_count(o, names[i], (int64_t)f->loss_classes[i], true);
    return o;
}

static json_t *quantum_object(const struct longhaul_summary *s, const struct longhaul_figures *f)
{
    char text[320];
    json_t *o = json_object();
    longhaul_quantum_text(s, f, text, sizeof text);
    set(o, "mbps", f->quantum_mbps);
    set(o, "mean_datagrams", f->quantum_mean);
    set(o, "std_mbps", f->quantum_std_mbps);
    set(o, "share_within_one", f->quantum_share);
    set_text(o, "text", text);
    return o;
}

static json_t *artefacts_object(const struct longhaul_figures *f)
{
    json_t *o = json_object();
    set_count(o, "tiny", (int64_t)f->n_tiny, true);
    set_count(o, "absurd_count", (int64_t)f->n_absurd_counts, true);
    set_count(o, "absurd_loss", (int64_t)f->n_absurd_losses, true);
    set_count(o, "absurd_jitter", (int64_t)f->n_absurd_jitters, true);
    set_count(o, "overlapping", (int64_t)f->n_overlapping, true);
    set_count(o, "unconfirmed", (int64_t)f->n_unconfirmed, true);
    return o;
}

static void add_figures(json_t *o, const struct longhaul_analysis *a)
{
    const struct longhaul_figures *f = &a->figures;
    json_object_set_new(o, "rate_mbps_percentiles", percentiles_object(&f->rate_mbps));
    json_object_set_new(o, "loss_percent_percentiles", percentiles_object(&f->loss_percent));
    json_object_set_new(o, "jitter_ms_percentiles", percentiles_object(&f->jitter_ms));
    set(o, "usual_interval_s", f->usual_s);
    set(o, "axis_start_unix_s", f->start_unix_s);
    set_count(o, "intervals_bytes", f->bytes, a->view.n > 0);
    set_count(o, "intervals_packets", f->packets, f->has_packets);
    set_count(o, "intervals_lost_packets", f->lost_packets, f->has_loss);
    set(o, "intervals_loss_percent", f->loss_percent_of_intervals);
    set(o, "coverage", f->coverage);
    set(o, "availability", f->availability);
    set(o, "loss_limit_percent", f->loss_limit_percent);
    set(o, "clean_start_s", f->clean_start_s);
    set(o, "clean_seconds", f->clean_seconds);
    json_object_set_new(o, "intervals_by_lost_packets", loss_object(f));
    set(o, "p_loss", f->p_loss);
    set(o, "p_loss_after_loss", f->p_loss_after_loss);
    json_object_set_new(o, "quantum", quantum_object(&a->summary, f));
    json_object_set_new(o, "artefacts", artefacts_object(f));
    json_object_set_new(o, "hours", spans_array(a->hours, a->n_hours));
    json_object_set_new(o, "worst_minutes", spans_array(f->worst, f->n_worst));
}

static json_t *tcp_object(const struct longhaul_tcp *t)
{
    const struct { const char *key; double value; } members[] = {
        { "retransmits", t->retransmits }, { "segments", t->segments }, { "retransmit_percent", t->retransmit_percent },
        { "spurious_retransmits", t->spurious_retransmits }, { "reorderings", t->reorderings },
        { "out_of_order_segments", t->out_of_order_segments }, { "min_rtt_ms", t->min_rtt_ms }, { "rttvar_ms", t->rttvar_ms },
        { "busy_s", t->busy_s }, { "rwnd_limited_s", t->rwnd_limited_s }, { "sndbuf_limited_s", t->sndbuf_limited_s },
        { "cwnd_limited_s", t->cwnd_limited_s }, { "zero_window_intervals", t->n_zero_windows }, { "mss_bytes", t->mss_bytes },
        { "pmtu_bytes", t->pmtu_bytes }, { "window_bytes", t->window_bytes }, { "window_limit_mbps", t->window_limit_mbps },
        { "mathis_limit_mbps", t->mathis_limit_mbps }, { "pacing_mbps", t->pacing_mbps }, { "limit_mbps", t->limit_mbps } };
    json_t *o = json_object();
    json_object_set_new(o, "snd_cwnd_bytes_percentiles", percentiles_object(&t->snd_cwnd_bytes));
    json_object_set_new(o, "rtt_ms_percentiles", percentiles_object(&t->rtt_ms));
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        set(o, members[i].key, members[i].value);
    set_text(o, "limited_by", t->limited_by);
    return o;
}

static json_t *host_drops_object(const struct longhaul_host_drops *d)
{
    json_t *o = json_object();
    set(o, "udp_received", d->udp_received);
    set(o, "udp_receive_buffer", d->udp_receive_buffer);
    set(o, "udp_send_buffer", d->udp_send_buffer);
    set(o, "udp_checksum", d->udp_checksum);
    set(o, "udp_memory", d->udp_memory);
    set(o, "backlog", d->backlog);
    set(o, "interface_received", d->interface_received);
    set(o, "interface_sent", d->interface_sent);
    set(o, "reassembly", d->reassembly);
    return o;
}

/* What is known of the path beside the test. */
static void add_path(json_t *o, const struct longhaul_analysis *a)
{
    json_object_set_new(o, "path_rtt_ms_percentiles", percentiles_object(&a->figures.path_rtt_ms));
    set_count(o, "rtt_unanswered", (int64_t)a->figures.n_rtt_unanswered, true);
    set_text(o, "rtt_method", a->info.rtt_method);
    json_object_set_new(o, "host_drops", a->has_host_drops ? host_drops_object(&a->host_drops) : json_null());
    json_object_set_new(o, "receiver_host_drops", a->has_receiver_drops ? host_drops_object(&a->receiver_drops) : json_null());
    json_object_set_new(o, "tcp", a->has_tcp ? tcp_object(&a->tcp) : json_null());
}

static json_t *event_object(const struct longhaul_event *event)
{
    static const char *const concurrences[] = { "not measured", "quiet", "affected" };
    json_t *o = json_object();
    set_text(o, "kind", longhaul_event_kind_text(event->kind));
    set_text(o, "cause", event->cause);
    set(o, "start_unix_s", event->start_unix_s);
    set(o, "start_s", event->start_s);
    set(o, "seconds", event->seconds);
    set_count(o, "n_intervals", (int64_t)event->n_intervals, true);
    set(o, "lost_packets", event->lost_packets);
    set(o, "before", event->before);
    set(o, "peak", event->peak);
    set_text(o, "opposite", concurrences[event->opposite]);
    set_count(o, "n_other_measured", (int64_t)event->n_other_measured, true);
    set_count(o, "n_other_affected", (int64_t)event->n_other_affected, true);
    set_text(o, "scope", longhaul_scope_text(event->scope));
    set_text(o, "site", event->site);
    return o;
}

static json_t *gaps_array(const struct gap_list *gaps, double start_unix_s)
{
    json_t *array = json_array();
    for (size_t i = 0; i < gaps->n; i++) {
        const struct longhaul_gap *gap = &gaps->gaps[i];
        json_t *o = json_object();
        set(o, "start_unix_s", start_unix_s + gap->start_s);
        set(o, "start_s", gap->start_s);
        set(o, "seconds", gap->seconds);
        set_text(o, "cause", gap->cause);
        set_text(o, "noticed_by", gap->noticed);
        set_text(o, "text", gap->text);
        json_array_append_new(array, o);
    }
    return array;
}

static void add_judgement(json_t *o, const struct longhaul_analysis *a)
{
    json_t *findings = json_array(), *events = json_array();
    for (size_t i = 0; i < a->n_findings; i++) {
        json_t *finding = json_object();
        set_text(finding, "rule", a->findings[i].rule);
        json_object_set_new(finding, "is_fault", json_boolean(a->findings[i].is_fault));
        set_text(finding, "text", a->findings[i].text);
        json_array_append_new(findings, finding);
    }
    for (size_t i = 0; i < a->events.n; i++)
        json_array_append_new(events, event_object(&a->events.events[i]));
    set_text(o, "verdict", longhaul_verdict_text(longhaul_analysis_verdict(a)));
    json_object_set_new(o, "findings", findings);
    json_object_set_new(o, "events", events);
    json_object_set_new(o, "gaps", gaps_array(&a->gaps, a->view.start_unix_s));
}

int longhaul_analysis_json(const struct longhaul_analysis *a, char **out, struct longhaul_error *err)
{
    json_t *object = json_object();
    add_info(object, &a->info);
    add_summary(object, &a->info, &a->summary);
    add_judgement(object, a);
    add_figures(object, a);
    add_path(object, a);
    char *line = object ? json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(17)) : NULL;
    json_decref(object);
    if (line == NULL)
        return error_set(err, LONGHAUL_ENOMEM, "%s: out of memory", a->info.path);
    *out = line;
    return 0;
}
