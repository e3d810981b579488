/* plot_leg.c - charts of legs over the time of their test. The chart of a pair has a panel with thin tracks for each
 * leg; the chart of a direction has a panel for each quantity, from a list. An unknown quantity has no panel. */

#include "chart/plot_leg.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include "base/calendar.h"
#include "chart/plot_layers.h"
#include "report/wording.h"
#include "templates.h"

#define LEFT_PT 76.0
#define RIGHT_PT 16.0
#define TRACK_WEIGHT 0.24

/* In points: title and marks in UTC above the first panel, marks and legend below the last. */
#define TOP_PT 56.0
#define TOP_UNDATED_PT 42.0
#define BOTTOM_PT 46.0
#define TITLED_PT 24.0

static const struct quantity *const tracks[] = { &quantity_loss, &quantity_jitter, &quantity_delay,
                                                 &quantity_retransmits, &quantity_tcp_rtt };

static const struct { const struct quantity *quantity; double weight;
} panels[] = { { &quantity_rate, 1 },          { &quantity_loss, 0.6 },        { &quantity_jitter, 0.6 },
               { &quantity_delay, 0.6 },      { &quantity_retransmits, 0.5 }, { &quantity_cwnd, 0.6 },
               { &quantity_tcp_rtt, 0.6 },    { &quantity_path_rtt, 0.5 } };

/* ---- the axis that the legs of a chart share */

double plot_leg_length_s(const struct longhaul_series *series)
{
    const double *end_s = longhaul_series_column(series, LONGHAUL_COLUMN_END_S);
    const struct longhaul_info *info = longhaul_series_info(series);
    double planned_s = info->is_journal ? NAN : info->planned_s, last_s = 0; /* a run in progress is shown up to now */
    for (size_t i = 0; i < longhaul_series_length(series); i++)
        if (end_s[i] > last_s && end_s[i] <= AXIS_MOST_S)
            last_s = end_s[i];
    return planned_s <= AXIS_MOST_S && last_s <= planned_s * 1.01
               ? planned_s
               : last_s; /* the last interval often ends a few ms late */
}

static double start_of(const struct plot_leg *leg)
{
    return longhaul_analysis_figures(leg->leg->analysis)->start_unix_s;
}

/* Places the legs on one axis; returns the axis' start in UTC, NAN if a leg's start is unknown. Starts within one
 * second count as equal, since file names and plain iperf3 are no more precise. */
static double place_legs(const struct plot_leg *legs, size_t n, struct plot_place *places)
{
    double start = start_of(&legs[0]), length_s = 0;
    for (size_t i = 1; i < n; i++)
        start = isnan(start_of(&legs[i])) ? NAN : fmin(start, start_of(&legs[i])) + 0 * start;
    for (size_t i = 0; i < n; i++) {
        double offset_s = isnan(start) ? 0 : start_of(&legs[i]) - start;
        places[i].offset_s = offset_s <= 1 ? 0 : offset_s;
        length_s = fmax(length_s, places[i].offset_s + plot_leg_length_s(legs[i].leg->series));
    }
    for (size_t i = 0; i < n; i++)
        places[i].time = axis_of_time(length_s);
    return start;
}

/* ---- titles */

/* Omits what TCP does not know, for example at the receiver. */
static struct wording tcp_title(const struct longhaul_tcp *tcp)
{
    char retransmits[48] = "retransmits unknown";
    if (!isnan(tcp->retransmits))
        snprintf(retransmits, sizeof retransmits, "%.0f retransmits", tcp->retransmits);
    if (isnan(tcp->rtt_ms.p50))
        return wording_say("%s", retransmits);
    return wording_say("%s • RTT %s", retransmits, wording_short(tcp->rtt_ms.p50, " ms").text);
}

static struct wording udp_title(const struct report_leg *leg)
{
    double percent = longhaul_analysis_loss(leg->analysis)->percent, jitter_ms = leg->summary.jitter_ms;
    double p99_ms = longhaul_analysis_delays(leg->analysis)->p99_ms;
    return wording_say("loss %s • jitter %s%s%s", isnan(percent) ? "unknown" : wording_short(percent, " %").text,
                       isnan(jitter_ms) ? "unknown" : wording_short(jitter_ms, " ms").text,
                       isnan(p99_ms) ? "" : " • delay p99 ", isnan(p99_ms) ? "" : wording_short(p99_ms, " ms").text);
}

static void set_title(struct plot_panel *panel, const struct report_leg *leg, bool with_name)
{
    const struct longhaul_tcp *tcp = longhaul_analysis_tcp(leg->analysis);
    struct wording title = tcp ? tcp_title(tcp) : udp_title(leg);
    snprintf(panel->title, sizeof panel->title, "%s%s%s", with_name ? wording_leg(leg->info).text : "",
             with_name ? " • " : "", title.text);
}

/* The title begins with "UDP Bandwidth Over Time: " if all legs use UDP, and likewise for TCP. */
static void write_texts(struct plot *plot, const char *subject, const struct plot_leg *legs, size_t n,
                        const struct axis_time *time, double start_unix_s)
{
    char title[PLOT_TITLE], from[64] = "", until[64] = "", label[176];
    const char *protocol = legs[0].leg->info->protocol;
    struct tm utc;
    for (size_t i = 1; i < n; i++)
        if (strcmp(protocol, legs[i].leg->info->protocol) != 0)
            protocol = "";
    snprintf(title, sizeof title, "%s%sBandwidth Over Time: %s", protocol, protocol[0] ? " " : "", subject);
    if (calendar_of(start_unix_s, &utc))
        strftime(from, sizeof from, " from %Y-%m-%d %H:%M:%SZ", &utc);
    for (size_t i = 0; i < n; i++)
        if (legs[i].leg->info->is_journal && calendar_of(start_of(&legs[i]) + legs[i].leg->info->planned_s, &utc))
            strftime(until, sizeof until, ", in progress, planned until %Y-%m-%d %H:%M:%SZ", &utc);
    snprintf(label, sizeof label, "Time (%s)%s%s", time->unit, from, until);
    plot_string(plot, "title_text", title);
    plot_string(plot, "x_label", label);
}

/* ---- panels */

static void add_track(struct plot *plot, const struct quantity *quantity, const struct quantity_columns *c,
                      const struct plot_place *place, struct plot_legend *legend)
{
    struct plot_panel panel = { .weight = TRACK_WEIGHT, .color = quantity->color };
    snprintf(panel.label, sizeof panel.label, "%s", quantity->track_label);
    plot_layer_gaps(plot, &panel, c, place, legend);
    if (quantity == &quantity_delay)
        plot_layer_delays(plot, &panel, c, place, legend);
    else
        plot_layer_minutes(plot, &panel, quantity, c, place);
    plot_add_panel(plot, &panel);
}

static void add_panel(struct plot *plot, const struct plot_leg *leg, const struct quantity *quantity,
                      const struct quantity_columns *c, const struct plot_place *place, enum plot_detail detail,
                      double weight, const struct axis *shared, bool is_first, struct plot_legend *legend)
{
    struct plot_panel panel = { .weight = weight, .color = quantity->color };
    if (panel.color == NULL)
        panel.color = leg->is_inbound ? "inbound" : "outbound";
    if (is_first)
        set_title(&panel, leg->leg, detail == PLOT_LINE);
    snprintf(panel.label, sizeof panel.label, "%s", quantity->label);
    plot_layer_gaps(plot, &panel, c, place, legend);
    plot_layer_events(plot, &panel, leg->leg, place, legend);
    if (quantity == &quantity_delay)
        plot_layer_delays(plot, &panel, c, place, legend);
    else
        plot_layer_values(plot, &panel, quantity, c, place, detail, shared, legend);
    if (is_first) {
        plot_layer_sent(plot, &panel, c, place, legend);
        plot_layer_target(plot, &panel, report_target_mbps(leg->leg->info), place, legend);
        plot_layer_incident_numbers(plot, &panel, leg->leg, leg->incidents, place, legend);
        plot_layer_causes(plot, &panel, leg->leg, c, place);
    }
    plot_add_panel(plot, &panel);
}

static struct plot_layout layout_for(double start_unix_s, double plain_pt)
{
    return (
        struct plot_layout){ isnan(start_unix_s) ? TOP_UNDATED_PT : TOP_PT, BOTTOM_PT, TITLED_PT, plain_pt, 0, 0, 0 };
}

static void lay_out_pair(struct plot *plot, const struct quantity_columns *c, size_t n_legs, double start_unix_s)
{
    struct plot_layout layout = layout_for(start_unix_s, 5);
    layout.n_titled = layout.n_panels = n_legs;
    layout.weights = (double)n_legs;
    for (size_t i = 0; i < n_legs; i++)
        for (size_t k = 0; k < sizeof tracks / sizeof *tracks; k++)
            if (quantity_is_known(tracks[k], &c[i])) {
                layout.n_panels++;
                layout.weights += TRACK_WEIGHT;
            }
    plot_set_layout(plot, &layout);
}

/* TCP's own round trip is known for every interval: a round trip measured once a minute adds nothing. */
static bool has_panel(size_t k, const struct quantity_columns *c)
{
    const struct quantity *quantity = panels[k].quantity;
    if (quantity == &quantity_path_rtt && quantity_is_known(&quantity_tcp_rtt, c))
        return false;
    return k == 0 || quantity_is_known(quantity, c);
}

static void lay_out_direction(struct plot *plot, const struct quantity_columns *c, double start_unix_s)
{
    struct plot_layout layout = layout_for(start_unix_s, 11);
    layout.n_titled = 1;
    for (size_t k = 0; k < sizeof panels / sizeof *panels; k++)
        if (has_panel(k, c)) {
            layout.n_panels++;
            layout.weights += panels[k].weight;
        }
    plot_set_layout(plot, &layout);
}

int plot_pair(const char *name, const char *subject, const struct plot_leg *legs, size_t n_legs,
              const struct longhaul_report_options *options, char **data, char **script, struct longhaul_error *err)
{
    static const char *const templates[] = { TEMPLATE_THEME, TEMPLATE_PAIR, TEMPLATE_PANELS };
    struct plot_frame frame = plot_frame_of(options, 14, 8, LEFT_PT, RIGHT_PT);
    struct plot_legend legend = { .n = 0 };
    struct plot_place places[2];
    struct plot plot;
    double start_unix_s = place_legs(legs, n_legs, places);
    if (!plot_begin(&plot, name, &frame, options->theme))
        return plot_end(&plot, NULL, 0, data, script, err);
    write_texts(&plot, subject, legs, n_legs, &places[0].time, start_unix_s);
    plot_time_axis(&plot, &places[0].time, start_unix_s);
    struct quantity_columns c[2];
    for (size_t i = 0; i < n_legs; i++)
        c[i] = quantity_columns_of(legs[i].leg->series, legs[i].leg->analysis);
    lay_out_pair(&plot, c, n_legs, start_unix_s);
    struct axis first = plot_axis_of(&quantity_rate, &c[0]), last = plot_axis_of(&quantity_rate, &c[n_legs - 1]),
                shared = axis_join(&first, &last);
    for (size_t i = 0; i < n_legs; i++) {
        add_panel(&plot, &legs[i], &quantity_rate, &c[i], &places[i], PLOT_LINE, 1, &shared, true,
                  &legend);
        for (size_t k = 0; k < sizeof tracks / sizeof *tracks; k++)
            if (quantity_is_known(tracks[k], &c[i]))
                add_track(&plot, tracks[k], &c[i], &places[i], &legend);
    }
    plot_legend_write(&plot, &legend);
    return plot_end(&plot, templates, 3, data, script, err);
}

int plot_direction(const char *name, const char *subject, const struct plot_leg *leg,
                   const struct longhaul_report_options *options, char **data, char **script,
                   struct longhaul_error *err)
{
    static const char *const templates[] = { TEMPLATE_THEME, TEMPLATE_DIRECTION, TEMPLATE_PANELS };
    struct plot_frame frame = plot_frame_of(options, 12, 5, LEFT_PT, RIGHT_PT);
    struct plot_legend legend = { .n = 0 };
    struct plot_place place;
    struct plot plot;
    double start_unix_s = place_legs(leg, 1, &place);
    if (!plot_begin(&plot, name, &frame, options->theme))
        return plot_end(&plot, NULL, 0, data, script, err);
    write_texts(&plot, subject, leg, 1, &place.time, start_unix_s);
    plot_time_axis(&plot, &place.time, start_unix_s);
    struct quantity_columns c = quantity_columns_of(leg->leg->series, leg->leg->analysis);
    lay_out_direction(&plot, &c, start_unix_s);
    for (size_t k = 0; k < sizeof panels / sizeof *panels; k++)
        if (has_panel(k, &c))
            add_panel(&plot, leg, panels[k].quantity, &c, &place, PLOT_BAND, panels[k].weight, NULL, k == 0,
                      &legend);
    plot_legend_write(&plot, &legend);
    return plot_end(&plot, templates, 3, data, script, err);
}
