/* analysis_json.c - an analysis as one line of JSON. The keys are the members' names; an unknown value is null. */

#include "analysis/analysis.h"
#include "base/json_make.h"
#include "host/host_json.h"

#define SHOW_FORMAT 1 /* of doc/show.schema.json */

#define INFO(member) JSON_MEMBER(struct longhaul_info, member)
static const struct json_member origin[] = {
    INFO(path),  INFO(source),           INFO(destination),   INFO(protocol),       INFO(version),
    INFO(error), INFO(longhaul_version), INFO(local_address), INFO(remote_address), INFO(start_unix_s)
};
static const struct json_member plan[] = { INFO(planned_s), INFO(stopped_s) };
static const struct json_member state[] = { INFO(is_complete), INFO(is_journal), INFO(has_receiver_record) };

#define SUMMARY(member) JSON_MEMBER(struct longhaul_summary, member)
static const struct json_member summary[] = { SUMMARY(n_intervals),   SUMMARY(mean_mbps),     SUMMARY(median_mbps),
                                              SUMMARY(min_mbps),      SUMMARY(max_mbps),      SUMMARY(std_mbps),
                                              SUMMARY(mean_pkt_rate), SUMMARY(duration_s),    SUMMARY(reported_mbps),
                                              SUMMARY(sent_mbps),     SUMMARY(received_mbps), SUMMARY(jitter_ms),
                                              SUMMARY(observed_s) };

#define LOSS(key, member) JSON_MEMBER_AS(key, struct longhaul_loss, member)
static const struct json_member loss[] = { LOSS("lost_packets", lost), LOSS("total_packets", total),
                                           LOSS("loss_percent", percent) };

#define RATE(key, member) JSON_MEMBER_AS(key, struct longhaul_rate, member)
static const struct json_member rate[] = { RATE("rate_mbps", mbps), RATE("rate_seconds", seconds) };

#define ORDER(member) JSON_MEMBER(struct longhaul_order, member)
static const struct json_member order[] = { ORDER(out_of_order_packets), ORDER(out_of_order_percent),
                                            ORDER(duplicate_packets) };

#define PERCENTILES(member) JSON_MEMBER(struct longhaul_percentiles, member)
static const struct json_member percentiles[] = { PERCENTILES(n),   PERCENTILES(min),   PERCENTILES(p1),
                                                  PERCENTILES(p5),  PERCENTILES(p50),   PERCENTILES(p95),
                                                  PERCENTILES(p99), PERCENTILES(p99_9), PERCENTILES(max) };

#define SPAN(member) JSON_MEMBER(struct longhaul_span, member)
static const struct json_member span[] = { SPAN(start_unix_s), SPAN(start_s),       SPAN(n_intervals),
                                           SPAN(observed_s),   SPAN(mean_mbps),     SPAN(min_mbps),
                                           SPAN(max_mbps),     SPAN(packets),       SPAN(lost_packets),
                                           SPAN(loss_percent), SPAN(jitter_p50_ms), SPAN(jitter_p95_ms),
                                           SPAN(outage_s),     SPAN(delay_p50_ms),  SPAN(delay_p99_ms),
                                           SPAN(delay_max_ms) };

#define DELAYS(member) JSON_MEMBER(struct longhaul_delays, member)
static const struct json_member delays[] = {
    DELAYS(n_intervals), DELAYS(n_datagrams), DELAYS(p50_ms),      DELAYS(p95_ms),      DELAYS(p99_ms),
    DELAYS(p99_9_ms),    DELAYS(max_ms),      DELAYS(max_at_s),    DELAYS(ipdv_p50_ms), DELAYS(ipdv_p99_ms),
    DELAYS(n_shifts),    DELAYS(shift_ms),    DELAYS(n_steps),     DELAYS(n_silences),  DELAYS(longest_silence_ms),
    DELAYS(loss_runs),   DELAYS(longest_run), DELAYS(read_late_ms), DELAYS(p99_of_buckets_ms)
};

#define FIGURES(member) JSON_MEMBER(struct longhaul_figures, member)
#define FIGURES_AS(key, member) JSON_MEMBER_AS(key, struct longhaul_figures, member)
static const struct json_member axis[] = { FIGURES_AS("usual_interval_s", usual_s),
                                           FIGURES_AS("axis_start_unix_s", start_unix_s) };
static const struct json_member shares[] = { FIGURES_AS("intervals_loss_percent", loss_percent_of_intervals),
                                             FIGURES(downtime_s),
                                             FIGURES(coverage),
                                             FIGURES(availability),
                                             FIGURES(loss_limit_percent),
                                             FIGURES(usual_loss_least_percent),
                                             FIGURES(usual_loss_most_percent),
                                             FIGURES(usual_loss_most_s),
                                             FIGURES(clean_start_s),
                                             FIGURES(clean_seconds) };
static const struct json_member burstiness[] = { FIGURES(p_loss), FIGURES(p_loss_after_loss) };
static const struct json_member quantum[] = { FIGURES_AS("mbps", quantum_mbps),
                                              FIGURES_AS("mean_datagrams", quantum_mean),
                                              FIGURES_AS("std_mbps", quantum_std_mbps),
                                              FIGURES_AS("share_within_one", quantum_share) };
static const struct json_member artefacts[] = { FIGURES_AS("tiny", n_tiny),
                                                FIGURES_AS("absurd_count", n_absurd_counts),
                                                FIGURES_AS("absurd_loss", n_absurd_losses),
                                                FIGURES_AS("absurd_jitter", n_absurd_jitters),
                                                FIGURES_AS("overlapping", n_overlapping),
                                                FIGURES_AS("absurd_time", n_absurd_times),
                                                FIGURES_AS("unconfirmed", n_unconfirmed) };
static const struct json_member unanswered[] = { FIGURES_AS("rtt_unanswered", n_rtt_unanswered) };

#define TCP(member) JSON_MEMBER(struct longhaul_tcp, member)
static const struct json_member tcp[] = { TCP(retransmits),
                                          TCP(segments),
                                          TCP(retransmit_percent),
                                          TCP(spurious_retransmits),
                                          TCP(reorderings),
                                          TCP(out_of_order_segments),
                                          TCP(min_rtt_ms),
                                          TCP(rttvar_ms),
                                          TCP(busy_s),
                                          TCP(rwnd_limited_s),
                                          TCP(sndbuf_limited_s),
                                          TCP(cwnd_limited_s),
                                          JSON_MEMBER_AS("zero_window_intervals", struct longhaul_tcp, n_zero_windows),
                                          TCP(mss_bytes),
                                          TCP(pmtu_bytes),
                                          TCP(window_bytes),
                                          TCP(window_limit_mbps),
                                          TCP(mathis_limit_mbps),
                                          TCP(pacing_mbps),
                                          TCP(limit_mbps),
                                          TCP(limited_by) };

#define EVENT(member) JSON_MEMBER(struct longhaul_event, member)
static const struct json_member event_itself[] = { EVENT(cause),   EVENT(start_unix_s), EVENT(start_s),
                                                   EVENT(seconds), EVENT(n_intervals),  EVENT(lost_packets),
                                                   EVENT(level),    EVENT(peak),         EVENT(usual),
                                                   EVENT(is_open) };
static const struct json_member event_others[] = { EVENT(n_other_measured), EVENT(n_other_affected) };
static const struct json_member event_site[] = { EVENT(site) };

#define GAP(member) JSON_MEMBER(struct longhaul_gap, member)
static const struct json_member gap[] = {
    GAP(start_s), GAP(seconds), GAP(cause), JSON_MEMBER_AS("noticed_by", struct longhaul_gap, noticed), GAP(text),
    GAP(seconds_seen) };

#define FINDING(member) JSON_MEMBER(struct longhaul_finding, member)
static const struct json_member finding[] = { FINDING(rule), FINDING(is_fault), FINDING(text) };

static void set_sum(json_t *object, const char *key, int64_t value, bool is_known)
{
    json_object_set_new(object, key, is_known ? json_integer(value) : json_null());
}

static void add_summary(json_t *o, const struct longhaul_analysis *a)
{
    const struct longhaul_info *info = &a->info;
    const struct longhaul_summary *s = &a->summary;
    const struct longhaul_loss *l = &a->loss;
    JSON_ADD(o, s, summary);
    JSON_ADD(o, l, loss);
    json_object_set_new(o, "loss_origin", json_string(longhaul_loss_origin_text(l->origin)));
    JSON_ADD(o, &a->rate, rate);
    json_object_set_new(o, "rate_kind", json_string(longhaul_rate_kind_text(a->rate.kind)));
    JSON_ADD(o, longhaul_analysis_order(a), order);
    JSON_ADD(o, info, plan);
    json_object_set_new(o, "n_sessions", json_integer((json_int_t)info->n_sessions));
    JSON_ADD(o, info, state);
}

static json_t *spans_array(const struct longhaul_span *spans, size_t n)
{
    json_t *array = json_array();
    for (size_t i = 0; i < n; i++) {
        json_t *o = JSON_OBJECT(&spans[i], span);
        json_object_set_new(o, "rate_kind", json_string(longhaul_rate_kind_text(spans[i].rate_kind)));
        json_array_append_new(array, o);
    }
    return array;
}

static json_t *loss_object(const struct longhaul_figures *f)
{
    static const char *const names[LONGHAUL_N_LOSS_CLASSES] = { "0", "1", "2-10", "11-100", "101-1000", "more" };
    json_t *o = json_object();
    for (size_t i = 0; i < LONGHAUL_N_LOSS_CLASSES; i++)
        json_object_set_new(o, names[i], json_integer((json_int_t)f->loss_classes[i]));
    return o;
}

static json_t *quantum_object(const struct longhaul_summary *s, const struct longhaul_figures *f)
{
    char text[320];
    json_t *o = JSON_OBJECT(f, quantum);
    longhaul_quantum_text(s, f, text, sizeof text);
    json_object_set_new(o, "text", json_make_text(text));
    return o;
}

static void add_figures(json_t *o, const struct longhaul_analysis *a)
{
    const struct longhaul_figures *f = &a->figures;
    json_object_set_new(o, "rate_mbps_percentiles", JSON_OBJECT(&f->rate_mbps, percentiles));
    json_object_set_new(o, "loss_percent_percentiles", JSON_OBJECT(&f->loss_percent, percentiles));
    json_object_set_new(o, "jitter_ms_percentiles", JSON_OBJECT(&f->jitter_ms, percentiles));
    JSON_ADD(o, f, axis);
    set_sum(o, "intervals_bytes", f->bytes, a->view.n > 0);
    set_sum(o, "intervals_packets", f->packets, f->has_packets);
    set_sum(o, "intervals_lost_packets", f->lost_packets, f->has_loss);
    JSON_ADD(o, f, shares);
    json_object_set_new(o, "intervals_by_lost_packets", loss_object(f));
    JSON_ADD(o, f, burstiness);
    json_object_set_new(o, "quantum", quantum_object(&a->summary, f));
    json_object_set_new(o, "artefacts", JSON_OBJECT(f, artefacts));
    if (a->n_flows > 0)
        json_object_set_new(o, "flows", flows_array(a));
    if (a->routes.n > 0)
        json_object_set_new(o, "routes", hops_array(a));
    json_object_set_new(o, "hours", spans_array(a->hours.spans, a->hours.n));
    json_object_set_new(o, "worst_minutes", spans_array(f->worst, f->n_worst));
}

static json_t *tcp_object(const struct longhaul_tcp *t)
{
    json_t *o = json_object();
    json_object_set_new(o, "snd_cwnd_bytes_percentiles", JSON_OBJECT(&t->snd_cwnd_bytes, percentiles));
    json_object_set_new(o, "rtt_ms_percentiles", JSON_OBJECT(&t->rtt_ms, percentiles));
    JSON_ADD(o, t, tcp);
    return o;
}

/* With the buckets of the exported and live histograms, and the percentile that Prometheus makes of them. */
static json_t *delay_object(const struct longhaul_delays *d)
{
    json_t *o = JSON_OBJECT(d, delays), *list = json_array();
    for (size_t i = 0; i < LONGHAUL_DELAY_BOUNDS; i++)
        json_array_append_new(list, json_pack("[f, I]", longhaul_delay_bounds_s()[i], (json_int_t)d->n_within[i]));
    json_object_set_new(o, "n_up_to_s", list);
    return o;
}

/* What is known about the path apart from the test. */
static void add_path(json_t *o, const struct longhaul_analysis *a)
{
    json_object_set_new(o, "path_rtt_ms_percentiles", JSON_OBJECT(&a->figures.path_rtt_ms, percentiles));
    JSON_ADD(o, &a->figures, unanswered);
    json_object_set_new(o, "rtt_method", json_make_text(a->info.rtt_method));
    json_object_set_new(o, "host_drops", a->has_host_drops ? host_json_counters(&a->host_drops) : json_null());
    json_object_set_new(o, "receiver_host_drops",
                        a->has_receiver_drops ? host_json_counters(&a->receiver_drops) : json_null());
    json_object_set_new(o, "delay", a->delays.n_intervals > 0 ? delay_object(&a->delays) : json_null());
    json_object_set_new(o, "tcp", a->has_tcp ? tcp_object(&a->tcp) : json_null());
}

static json_t *event_object(const struct longhaul_event *event)
{
    static const char *const concurrences[] = { "not measured", "quiet", "affected" };
    json_t *o = json_object();
    json_object_set_new(o, "kind", json_string(event_kind_key(event->kind)));
    JSON_ADD(o, event, event_itself);
    json_object_set_new(o, "end_unix_s", json_make_number(event->is_open ? NAN : event->start_unix_s + event->seconds));
    json_object_set_new(o, "opposite", json_string(concurrences[event->opposite]));
    JSON_ADD(o, event, event_others);
    json_object_set_new(o, "scope", json_string(longhaul_scope_text(event->scope)));
    JSON_ADD(o, event, event_site);
    if (event->n_flows > 0)
        json_object_set_new(o, "flows", flows_event_object(event));
    if (event->hops.sign != LONGHAUL_HOPS_SIGN_UNKNOWN)
        json_object_set_new(o, "hops", hops_event_object(event));
    return o;
}

static json_t *gaps_array(const struct gap_list *gaps, double start_unix_s)
{
    json_t *array = json_array();
    for (size_t i = 0; i < gaps->n; i++) {
        json_t *o = json_object();
        json_object_set_new(o, "start_unix_s", json_make_number(start_unix_s + gaps->gaps[i].start_s));
        JSON_ADD(o, &gaps->gaps[i], gap);
        json_array_append_new(array, o);
    }
    return array;
}

static void add_judgement(json_t *o, const struct longhaul_analysis *a)
{
    json_t *findings = json_array(), *events = json_array();
    for (size_t i = 0; i < a->n_findings; i++)
        json_array_append_new(findings, JSON_OBJECT(&a->findings[i], finding));
    for (size_t i = 0; i < a->events.n; i++)
        json_array_append_new(events, event_object(&a->events.events[i]));
    json_object_set_new(o, "verdict", json_string(longhaul_verdict_text(longhaul_analysis_verdict(a))));
    json_object_set_new(o, "findings", findings);
    json_object_set_new(o, "events", events);
    json_object_set_new(o, "gaps", gaps_array(&a->gaps, a->view.start_unix_s));
}

int longhaul_analysis_json(const struct longhaul_analysis *a, char **out, struct longhaul_error *err)
{
    json_t *object = json_pack("{s:i}", "format", SHOW_FORMAT);
    JSON_ADD(object, &a->info, origin);
    add_summary(object, a);
    add_judgement(object, a);
    add_figures(object, a);
    add_path(object, a);
    return json_make_line(object, a->info.path, out, err);
}
