/* html_tables.c - the tables of index.html about legs. All text from files passes through markup_html(). */

#include <math.h>
#include <string.h>

#include "base/units.h"
#include "publish/html.h"
#include "publish/html_cells.h"

#define MOST_GAPS 20

/* ---- cells */

static void loss_cell(FILE *out, double percent)
{
    int level = report_loss_level(percent);
    if (level < 0)
        fputs("<td class=n>unknown", out);
    else
        fprintf(out, "<td class=\"n loss l%d\" data-v=\"%.9g\">%s", level, percent, wording_short(percent, "").text);
}

static void leg_head(FILE *out, const struct longhaul_report *report, size_t leg)
{
    const struct longhaul_info *info = report->legs[leg].info;
    fprintf(out, "<th scope=row class=leg><a href=\"#leg%zu\" class=%s>", leg,
            report_is_inbound(report, leg) ? "in" : "out");
    markup_html(out, wording_run(report, leg).text);
    fputs("</a>", out);
    if (info->is_journal)
        fputs(" <span class=\"chip progress\">in progress</span>", out);
}

/* ---- takeaways */

void html_write_takeaways(FILE *out, const struct longhaul_report *report)
{
    fputs("<ul class=takeaways>", out);
    for (size_t i = 0; i < report->n_takeaways; i++) {
        fputs("<li>", out);
        markup_html(out, report->takeaways[i]);
    }
    if (report->n_legs > REPORT_MOST_DETAILED)
        fprintf(out,
                "<li>Of %zu legs %d are below, and drawn: those that are not valid, then those known to have lost "
                "most; the matrix and "
                "<code>longhaul report --csv</code> have all, <code>--charts pair,direction</code> draws all.",
                report->n_legs, REPORT_MOST_DETAILED);
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

static void summary_row(FILE *out, const struct longhaul_report *report, size_t i)
{
    const struct report_leg *leg = &report->legs[i];
    const struct longhaul_figures *f = longhaul_analysis_figures(leg->analysis);
    const struct longhaul_summary *s = &leg->summary;
    const struct longhaul_loss *loss = longhaul_analysis_loss(leg->analysis);
    size_t n_incidents = report_n_incidents_of(report, i);
    fputs("<tr>", out);
    leg_head(out, report, i);
    fprintf(out, "<td data-v=\"%d\">", (int)longhaul_analysis_verdict(leg->analysis));
    html_write_verdict(out, longhaul_analysis_verdict(leg->analysis));
    loss_cell(out, loss->percent);
    number_cell(out, loss->lost, wording_count(loss->lost));
    downtime_cell(out, leg->analysis);
    if (report_knows_order(report)) {
        const struct longhaul_order *order = longhaul_analysis_order(leg->analysis);
        number_cell(out, order->out_of_order_packets, wording_count(order->out_of_order_packets));
        number_cell(out, order->duplicate_packets, wording_count(order->duplicate_packets));
    }
    number_cell(out, f->jitter_ms.p50, wording_short(f->jitter_ms.p50, ""));
    number_cell(out, f->jitter_ms.p95, wording_short(f->jitter_ms.p95, ""));
    number_cell(out, longhaul_analysis_rate(leg->analysis)->mbps, wording_rate(leg, ""));
    number_cell(out, s->min_mbps, wording_number(s->min_mbps, 4, ""));
    number_cell(out, 100 * f->coverage, wording_short(100 * f->coverage, ""));
    number_cell(out, 100 * f->availability, wording_number(100 * f->availability, 3, ""));
    number_cell(out, (double)n_incidents, wording_count((double)n_incidents));
    fputs("\n", out);
}

#define OUT_OF_ORDER_COLUMN 5 /* this column and the next are shown only if some leg has values for them */

void html_write_summary(FILE *out, const struct longhaul_report *report)
{
    static const struct { const char *name, *title; } columns[] = {
        { "Leg", "who sends to whom" },
        { "Figures", "whether the figures can be relied on" },
        { "Loss %", "of the whole test, or of its intervals if it has no end" },
        { "Lost", "packets" },
        { "Downtime", "within outages, and how many" },
        { "Out of order", "packets that arrived behind a later one: not lost" },
        { "Duplicates", "packets that had arrived before" },
        { "Jitter p50", "ms, median of the intervals" },
        { "p95", "jitter, ms, 95th percentile of the intervals" },
        { "Delivered Mbps", "what arrived, over the observed time; or what was sent, if nobody knows what arrived" },
        { "Min Mbps", "the slowest interval of the file: what was sent in it, if the sender wrote the file" },
        { "Coverage %", "observed, of what was planned" },
        { "Available %", "seconds that lost less than 1 %" },
        { "Incidents", "in which the leg has a part" },
    };
    begin_table(out, "summary-table", "Summary of the legs");
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (report_knows_order(report) || (i != OUT_OF_ORDER_COLUMN && i != OUT_OF_ORDER_COLUMN + 1))
            fprintf(out, "<th scope=col title=\"%s\"%s>%s", columns[i].title, i > 1 ? " class=n" : "", columns[i].name);
    fputs("</thead><tbody>\n", out);
    for (size_t i = 0; i < report->n_legs; i++)
        if (report->legs[report->gravest[i]].is_detailed)
            summary_row(out, report, report->gravest[i]);
    end_table(out);
}

/* ---- percentiles */

static void percentile_row(FILE *out, const struct longhaul_report *report, size_t leg, const char *what,
                           const struct longhaul_percentiles *p)
{
    const double values[] = { p->min, p->p1, p->p5, p->p50, p->p95, p->p99, p->p99_9, p->max };
    if (p->n == 0)
        return;
    fputs("<tr>", out);
    leg_head(out, report, leg);
    fprintf(out, "<td>%s", what);
    number_cell(out, (double)p->n, wording_count((double)p->n));
    for (size_t k = 0; k < sizeof values / sizeof *values; k++)
        number_cell(out, values[k], wording_number(values[k], 4, ""));
    fputs("\n", out);
}

void html_write_percentiles(FILE *out, const struct longhaul_report *report)
{
    begin_table(out, "percentile-table", "Percentiles of the intervals");
    fputs("<th scope=col>Leg<th scope=col>Of<th scope=col class=n>Intervals", out);
    static const char *const columns[] = { "min", "p1", "p5", "p50", "p95", "p99", "p99.9", "max" };
    for (size_t k = 0; k < sizeof columns / sizeof *columns; k++)
        fprintf(out, "<th scope=col class=n>%s", columns[k]);
    fputs("</thead><tbody>\n", out);
    for (size_t i = 0; i < report->n_legs; i++) {
        if (!report->legs[i].is_detailed)
            continue;
        const struct longhaul_figures *f = longhaul_analysis_figures(report->legs[i].analysis);
        percentile_row(out, report, i, "rate, Mbps", &f->rate_mbps);
        percentile_row(out, report, i, "loss, %", &f->loss_percent);
        percentile_row(out, report, i, "jitter, ms", &f->jitter_ms);
    }
    end_table(out);
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
    fputs(n_all + report->n_notes ? "</ul>\n" : "<li>None of the rules was found broken.</ul>\n", out);
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
        if (report->legs[i].is_detailed)
            method_row(out, report, i);
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
