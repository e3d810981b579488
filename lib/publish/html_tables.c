/* html_tables.c - the tables of index.html about legs. All text from files passes through markup_html(). */

#include <math.h>
#include <string.h>

#include "base/units.h"
#include "publish/html.h"
#include "publish/html_cells.h"
#include "publish/html_form.h"

#define MOST_GAPS 20

/* ---- cells */

static void loss_cell(FILE *out, const struct html_form *form, double percent)
{
    int level = report_loss_level(percent);
    if (level < 0)
        fputs("<td class=n>unknown", out);
    else
        fprintf(out, "<td class=\"n loss l%d\" data-v=\"%.9g\">%s", level, percent, html_form_text(form, percent).text);
}

/* ---- takeaways */

void html_write_takeaways(FILE *out, const struct longhaul_report *report)
{
    fputs("<ul class=takeaways>", out);
    for (size_t i = 0; i < report->n_takeaways; i++) {
        fputs("<li>", out);
        markup_html(out, report->takeaways[i]);
    }
    if (report->n_legs > report_n_detailed(report))
        fprintf(out,
                "<li>Of %zu legs the gravest %zu have tables and charts below: those that are not valid, then those "
                "that lost most or were longest without data. The matrix and <a href=\"#legs\">All legs</a> have every "
                "leg.",
                report->n_legs, report_n_detailed(report));
    fputs("</ul>\n", out);
}

/* ---- the summary */

static void downtime_cell(FILE *out, const struct longhaul_analysis *analysis)
{
    size_t n, n_outages = 0;
    double seconds = longhaul_analysis_figures(analysis)->downtime_s;
    const struct longhaul_event *events = longhaul_analysis_events(analysis, &n);
    for (size_t i = 0; i < n; i++)
        n_outages += events[i].kind == LONGHAUL_EVENT_OUTAGE;
    fprintf(out, "<td class=n data-v=\"%.9g\">", seconds);
    if (n_outages == 0)
        fputs(longhaul_analysis_summary(analysis)->n_intervals > 0 ? "0" : "&ndash;", out);
    else
        fprintf(out, "%s <small>(%zu)</small>", wording_length(seconds).text, n_outages);
}

/* The forms of the summary's columns. */
struct summary_forms {
    struct html_form loss, jitter_p50, jitter_p95, delay_p50, delay_p99, rate, min, coverage, availability;
};

static struct summary_forms summary_forms_of(const struct longhaul_report *report)
{
    struct summary_forms forms = { 0 };
    for (size_t i = 0; i < report->n_legs; i++) {
        const struct report_leg *leg = &report->legs[i];
        const struct longhaul_figures *f = longhaul_analysis_figures(leg->analysis);
        if (!leg->is_detailed)
            continue;
        html_form_add(&forms.loss, longhaul_analysis_loss(leg->analysis)->percent);
        html_form_add(&forms.jitter_p50, f->jitter_ms.p50);
        html_form_add(&forms.jitter_p95, f->jitter_ms.p95);
        html_form_add(&forms.delay_p50, longhaul_analysis_delays(leg->analysis)->p50_ms);
        html_form_add(&forms.delay_p99, longhaul_analysis_delays(leg->analysis)->p99_ms);
        html_form_add(&forms.rate, longhaul_analysis_rate(leg->analysis)->mbps);
        html_form_add(&forms.min, leg->summary.min_mbps);
        html_form_add_share(&forms.coverage, 100 * f->coverage);
        html_form_add_share(&forms.availability, 100 * f->availability);
    }
    return forms;
}

static void form_cell(FILE *out, const struct html_form *form, double value)
{
    number_cell(out, value, html_form_text(form, value));
}

/* A rate whose arrival is unknown is called sent. */
static void rate_cell(FILE *out, const struct html_form *form, const struct longhaul_rate *rate)
{
    form_cell(out, form, rate->mbps);
    if (isfinite(rate->mbps) && rate->kind == LONGHAUL_RATE_KIND_SENT)
        fputs(" sent", out);
}

static void summary_row(FILE *out, const struct longhaul_report *report, size_t i, const struct summary_forms *forms)
{
    const struct report_leg *leg = &report->legs[i];
    const struct longhaul_figures *f = longhaul_analysis_figures(leg->analysis);
    const struct longhaul_loss *loss = longhaul_analysis_loss(leg->analysis);
    size_t n_incidents = leg->n_incidents;
    fputs("<tr>", out);
    leg_head(out, report, i);
    fprintf(out, "<td data-v=\"%d\">", (int)longhaul_analysis_verdict(leg->analysis));
    html_write_verdict(out, longhaul_analysis_verdict(leg->analysis));
    loss_cell(out, &forms->loss, loss->percent);
    number_cell(out, loss->lost, wording_count(loss->lost));
    downtime_cell(out, leg->analysis);
    if (report_knows_order(report)) {
        const struct longhaul_order *order = longhaul_analysis_order(leg->analysis);
        number_cell(out, order->out_of_order_packets, wording_count(order->out_of_order_packets));
        number_cell(out, order->duplicate_packets, wording_count(order->duplicate_packets));
    }
    form_cell(out, &forms->jitter_p50, f->jitter_ms.p50);
    form_cell(out, &forms->jitter_p95, f->jitter_ms.p95);
    if (report_knows_delays(report)) {
        form_cell(out, &forms->delay_p50, longhaul_analysis_delays(leg->analysis)->p50_ms);
        form_cell(out, &forms->delay_p99, longhaul_analysis_delays(leg->analysis)->p99_ms);
    }
    rate_cell(out, &forms->rate, longhaul_analysis_rate(leg->analysis));
    form_cell(out, &forms->min, leg->summary.min_mbps);
    form_cell(out, &forms->coverage, 100 * f->coverage);
    form_cell(out, &forms->availability, 100 * f->availability);
    number_cell(out, (double)n_incidents, wording_count((double)n_incidents));
    fputs("\n", out);
}

void html_write_summary(FILE *out, const struct longhaul_report *report)
{
    /* knows: columns that are there only if some leg has values for them. */
    static const struct {
        const char *name, *title;
        bool (*knows)(const struct longhaul_report *);
    } columns[] = {
        { "Leg", "who sends to whom", NULL },
        { "Figures", "whether the figures can be relied on", NULL },
        { "Loss %", "of the whole test, or of its intervals if it has no end", NULL },
        { "Lost", "packets", NULL },
        { "Downtime", "within outages, and how many", NULL },
        { "Out of order", "packets that arrived behind a later one: not lost", report_knows_order },
        { "Duplicates", "packets that had arrived before", report_knows_order },
        { "Jitter p50", "ms, median of the intervals", NULL },
        { "p95", "jitter, ms, 95th percentile of the intervals", NULL },
        { "Delay p50", "in queues, ms, median of all datagrams, where the receiver was longhaul",
          report_knows_delays },
        { "p99", "delay in queues, ms, 99th percentile of all datagrams", report_knows_delays },
        { "Delivered Mbps",
          "what arrived, over the observed time; or what was sent, if nobody knows what arrived", NULL },
        { "Min Mbps", "the slowest interval of the file: what was sent in it, if the sender wrote the file", NULL },
        { "Coverage %", "observed, of what was planned", NULL },
        { "Available %", "seconds that lost less than 1 %", NULL },
        { "Incidents", "in which the leg has a part", NULL },
    };
    begin_table(out, "summary-table", "Summary of the legs");
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (columns[i].knows == NULL || columns[i].knows(report))
            fprintf(out, "<th scope=col title=\"%s\"%s>%s", columns[i].title, i > 1 ? " class=n" : "", columns[i].name);
    fputs("</thead><tbody>\n", out);
    struct summary_forms forms = summary_forms_of(report);
    for (size_t i = 0; i < report->n_legs; i++)
        if (report->legs[report->gravest[i]].is_detailed)
            summary_row(out, report, report->gravest[i], &forms);
    end_table(out);
}

/* ---- percentiles: a table for each quantity, so that a column has one unit */

enum { RATE, LOSS, JITTER, N_QUANTITIES };

static const struct longhaul_percentiles *percentiles_of(const struct longhaul_report *report, size_t leg, int quantity)
{
    const struct longhaul_figures *f = longhaul_analysis_figures(report->legs[leg].analysis);
    return quantity == RATE ? &f->rate_mbps : quantity == LOSS ? &f->loss_percent : &f->jitter_ms;
}

enum { N_PERCENTILES = 8 };

static void percentile_values(const struct longhaul_percentiles *p, double values[N_PERCENTILES])
{
    const double all[N_PERCENTILES] = { p->min, p->p1, p->p5, p->p50, p->p95, p->p99, p->p99_9, p->max };
    memcpy(values, all, sizeof all);
}

/* The form of each percentile of a quantity; false if no leg has any. */
static bool percentile_forms(const struct longhaul_report *report, int quantity, struct html_form forms[N_PERCENTILES])
{
    bool is_known = false;
    memset(forms, 0, N_PERCENTILES * sizeof *forms);
    for (size_t i = 0; i < report->n_legs; i++) {
        double values[N_PERCENTILES];
        const struct longhaul_percentiles *p = percentiles_of(report, i, quantity);
        if (!report->legs[i].is_detailed || p->n == 0)
            continue;
        percentile_values(p, values);
        for (size_t k = 0; k < N_PERCENTILES; k++)
            html_form_add(&forms[k], values[k]);
        is_known = true;
    }
    return is_known;
}

static void percentile_row(FILE *out, const struct longhaul_report *report, size_t leg,
                           int quantity, const struct html_form *forms)
{
    double values[N_PERCENTILES];
    const struct longhaul_percentiles *p = percentiles_of(report, leg, quantity);
    if (p->n == 0)
        return;
    percentile_values(p, values);
    fputs("<tr>", out);
    leg_head(out, report, leg);
    number_cell(out, (double)p->n, wording_count((double)p->n));
    for (size_t k = 0; k < N_PERCENTILES; k++)
        form_cell(out, &forms[k], values[k]);
    fputs("\n", out);
}

static void percentile_table(FILE *out, const struct longhaul_report *report, int quantity,
                             const struct html_form *forms)
{
    static const char *const ids[] = { "percentile-rate", "percentile-loss", "percentile-jitter" };
    static const char *const names[] = { "Rate, Mbps", "Loss, %", "Jitter, ms" };
    static const char *const columns[N_PERCENTILES] = { "min", "p1", "p5", "p50", "p95", "p99", "p99.9", "max" };
    fprintf(out, "<h3 class=over>%s</h3>", names[quantity]);
    begin_table(out, ids[quantity], names[quantity]);
    fputs("<th scope=col>Leg<th scope=col class=n>Intervals", out);
    for (size_t k = 0; k < N_PERCENTILES; k++)
        fprintf(out, "<th scope=col class=n>%s", columns[k]);
    fputs("</thead><tbody>\n", out);
    for (size_t i = 0; i < report->n_legs; i++)
        if (report->legs[report->gravest[i]].is_detailed)
            percentile_row(out, report, report->gravest[i], quantity, forms);
    end_table(out);
}

void html_write_percentiles(FILE *out, const struct longhaul_report *report)
{
    struct html_form forms[N_PERCENTILES];
    for (int quantity = 0; quantity < N_QUANTITIES; quantity++)
        if (percentile_forms(report, quantity, forms))
            percentile_table(out, report, quantity, forms);
}

/* ---- notes, method */

static void write_finding(const struct longhaul_report *report, size_t leg, const struct longhaul_finding *finding,
                          void *payload)
{
    FILE *out = payload;
    fputs(finding->is_fault ? "<li><span class=\"chip bad\">fault</span> <b>"
                            : "<li><span class=\"chip noted\">note</span> <b>",
          out);
    markup_html(out, wording_run(report, leg).text);
    fputs("</b> ", out);
    markup_html(out, finding->text);
    fprintf(out, " <code>%s</code>", finding->rule);
}

/* Why time is missing, if longhaul's own records say it. */
static size_t write_gaps(FILE *out, const struct longhaul_report *report, size_t leg)
{
    size_t n;
    const struct longhaul_gap *gaps = longhaul_analysis_gaps(report->legs[leg].analysis, &n);
    double start = longhaul_analysis_figures(report->legs[leg].analysis)->start_unix_s;
    for (size_t k = 0; k < n && k < MOST_GAPS; k++) {
        fputs("<li><span class=\"chip noted\">gap</span> <b>", out);
        markup_html(out, wording_run(report, leg).text);
        fprintf(out, "</b> %s from %s: ", wording_length(gaps[k].seconds).text,
                wording_utc(start + gaps[k].start_s).text);
        markup_html(out, gaps[k].cause[0] ? gaps[k].cause : "not said why");
        if (gaps[k].seconds_seen > 0)
            fprintf(out, ", with data that arrived for %s of it", wording_length(gaps[k].seconds_seen).text);
        fputs(gaps[k].text[0] ? ", " : "", out);
        markup_html(out, gaps[k].text);
    }
    if (n > MOST_GAPS)
        fprintf(out, "<li>and %zu more gaps of this leg", n - MOST_GAPS);
    return n;
}

void html_write_findings(FILE *out, const struct longhaul_report *report)
{
    fputs("<ul class=findings>", out);
    size_t n_all = report_each_finding(report, write_finding, out);
    for (size_t i = 0; i < report->n_legs; i++)
        if (report->legs[i].is_detailed)
            n_all += write_gaps(out, report, i);
    for (size_t i = 0; i < report->n_notes; i++) {
        fputs("<li><span class=\"chip noted\">report</span> ", out);
        markup_html(out, report->notes[i]);
    }
    for (size_t i = 0; i < report->n_left_out; i++) {
        fputs("<li><span class=\"chip noted\">report</span> ", out);
        markup_html(out, report->remarks[i]);
    }
    fputs(n_all + report->n_notes + report->n_left_out ? "</ul>\n"
                                                       : "<li>None of the rules was found broken.</ul>\n", out);
}

static void method_row(FILE *out, const struct longhaul_report *report, size_t i)
{
    const struct report_leg *leg = &report->legs[i];
    const struct longhaul_info *info = leg->info;
    const char *file = strrchr(info->path, '/');
    double usual_s = longhaul_analysis_figures(leg->analysis)->usual_s;
    double target = info->target_bps > 0 ? info->target_bps / BPS_PER_MBPS : NAN;
    double datagram = strcmp(info->protocol, "UDP") == 0 ? info->datagram_bytes : NAN;
    fputs("<tr>", out);
    leg_head(out, report, i);
    text_cell(out, wording_utc(info->start_unix_s).text);
    number_cell(out, info->planned_s, wording_length(info->planned_s));
    number_cell(out, usual_s, wording_length(usual_s));
    text_cell(out, wording_protocol(info).text);
    number_cell(out, target, wording_short(target, ""));
    number_cell(out, info->n_streams, wording_count(info->n_streams));
    number_cell(out, datagram, wording_count(datagram));
    text_cell(out, wording_route(info).text);
    text_cell(out, wording_writer(info).text);
    text_cell(out, wording_source(leg).text);
    text_cell(out, file ? file + 1 : info->path);
    fputs("\n", out);
}

void html_write_method(FILE *out, const struct longhaul_report *report)
{
    static const char *const columns[] = { "Start (UTC)", "Planned",        "Intervals of", "Protocol",   "Target Mbps",
                                           "Streams",     "Datagram bytes", "Route",        "Written by", "Loss from",
                                           "File" };
    begin_table(out, "method-table", "How it was measured");
    fputs("<th scope=col>Leg", out);
    for (size_t k = 0; k < sizeof columns / sizeof *columns; k++)
        fprintf(out, "<th scope=col%s>%s", (k >= 1 && k <= 2) || (k >= 4 && k <= 6) ? " class=n" : "", columns[k]);
    fputs("</thead><tbody>\n", out);
    for (size_t i = 0; i < report->n_legs; i++)
        if (report->legs[report->gravest[i]].is_detailed)
            method_row(out, report, report->gravest[i]);
    end_table(out);
    fputs("<ul class=quanta>", out);
    for (size_t i = 0; i < report->n_legs && report->n_legs <= 20; i++) {
        char text[320];
        longhaul_quantum_text(&report->legs[i].summary, longhaul_analysis_figures(report->legs[i].analysis), text,
                              sizeof text);
        if (text[0] == 0)
            continue;
        fputs("<li><b>", out);
        markup_html(out, wording_run(report, i).text);
        fputs("</b>: ", out);
        markup_html(out, text);
    }
    fputs("</ul>\n", out);
}
