/* markdown_detail.c - the order of what summary_report.md has beyond the reference's table; from it takeaways,
 * verdicts, percentiles, notes, pictures, and how it was measured. GFM tables; all text from files passes through
 * markup_markdown(). */

#include "publish/markdown.h"

#include <math.h>
#include <string.h>

#include "base/units.h"
#include "publish/markdown_cells.h"

/* ---- what the reference's table is, takeaways, verdicts */

/* The reference knows files, not who wrote them: its means are of what the file's writer counted. */
static void write_label(FILE *out, const struct longhaul_report *report)
{
    size_t n_sent = 0, n_got = 0;
    for (size_t i = 0; i < report->n_legs; i++)
        if (report->legs[i].summary.n_intervals > 0)
            *(report->legs[i].info->is_sender ? &n_sent : &n_got) += 1;
    if (n_sent + n_got == 0)
        return;
    fputs("\nThe table and the pair observations above have the reference script's figures. Their rates are means over "
          "the intervals of each file: ",
          out);
    if (n_got == 0)
        fputs("what was sent, since senders wrote all files", out);
    else if (n_sent == 0)
        fputs("what arrived, since receivers wrote all files", out);
    else
        fprintf(out, "what was sent on %zu leg%s, whose file the sender wrote, and what arrived on %zu", n_sent,
                n_sent == 1 ? "" : "s", n_got);
    fputs(". In all that follows, the rate of a leg is what was delivered, or is called sent.\n", out);
}

static void write_takeaways(FILE *out, const struct longhaul_report *report)
{
    fputs("\n## Takeaways\n\n", out);
    for (size_t i = 0; i < report->n_takeaways; i++) {
        fputs("- ", out);
        markup_markdown(out, report->takeaways[i]);
        fputs("\n", out);
    }
    if (report->n_legs > report_n_detailed(report))
        fprintf(out,
                "\nOf %zu legs the gravest %zu are below, and drawn: those that are not valid, then those that lost "
                "most or were longest without data. `longhaul report --csv` has all; for the charts of a leg name its "
                "file: `longhaul report --out leg FILE`.\n",
                report->n_legs, report_n_detailed(report));
}

static void write_rules(FILE *out, const struct longhaul_analysis *analysis)
{
    size_t n;
    const struct longhaul_finding *findings = longhaul_analysis_findings(analysis, &n);
    for (size_t i = 0; i < n; i++)
        fprintf(out, "%s%s%s%s", i ? ", " : "", findings[i].is_fault ? "**" : "", findings[i].rule,
                findings[i].is_fault ? "**" : "");
    fputs(n ? "" : "-", out);
}

static void write_verdicts(FILE *out, const struct longhaul_report *report)
{
    fputs("\n## Verdicts\n\nWhether the figures can be relied on. A rule in bold is a fault: the figures of that leg "
          "cannot be relied on. Rate: delivered, or sent where nobody knows what arrived. Downtime: within "
          "outages.\n\n| Direction | Verdict | Rate Mbps | Loss % | Downtime | Observed | Coverage % | Availability % "
          "| Longest without loss | Incidents | Rules broken |\n"
          "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---|\n",
          out);
    for (size_t i = 0; i < report->n_legs; i++) {
        if (!report->legs[i].is_detailed)
            continue;
        const struct report_leg *leg = &report->legs[i];
        const struct longhaul_figures *f = longhaul_analysis_figures(leg->analysis);
        leg_cell(out, report, i);
        text_cell(out, longhaul_verdict_text(longhaul_analysis_verdict(leg->analysis)));
        cell(out, wording_rate(leg, ""));
        cell(out, wording_short(longhaul_analysis_loss(leg->analysis)->percent, ""));
        cell(out, leg->summary.n_intervals > 0 ? wording_length(f->downtime_s) : (struct wording){ "-" });
        cell(out, wording_length(leg->summary.observed_s));
        cell(out, wording_share(100 * f->coverage, ""));
        cell(out, wording_share(100 * f->availability, ""));
        cell(out, wording_length(f->clean_seconds));
        cell(out, wording_count((double)report->legs[i].n_incidents));
        fputs(" ", out);
        write_rules(out, leg->analysis);
        fputs(" |\n", out);
    }
}

/* ---- percentiles */

static const struct longhaul_percentiles *percentiles_of(const struct report_leg *leg, int which)
{
    const struct longhaul_figures *f = longhaul_analysis_figures(leg->analysis);
    return which == 0 ? &f->rate_mbps : which == 1 ? &f->loss_percent : &f->jitter_ms;
}

static bool are_senders(const struct longhaul_report *report)
{
    size_t n = 0;
    for (size_t i = 0; i < report->n_legs; i++)
        n += report->legs[i].info->is_sender && report->legs[i].summary.n_intervals > 0;
    return n == report->n_legs;
}

static void write_percentile_table(FILE *out, const struct longhaul_report *report, int which, const char *title)
{
    size_t n_known = 0;
    for (size_t i = 0; i < report->n_legs; i++)
        n_known += percentiles_of(&report->legs[i], which)->n > 0;
    fprintf(out, "\n**%s**\n\n", title);
    if (n_known == 0) {
        fputs(are_senders(report) ? "No interval has a value: these files were written where the data was sent.\n"
                                  : "No interval has a value.\n",
              out);
        return;
    }
    fputs("| Direction | Intervals | min | p1 | p5 | p50 | p95 | p99 | p99.9 | max | From |\n"
          "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|\n", out);
    for (size_t i = 0; i < report->n_legs; i++) {
        if (!report->legs[i].is_detailed)
            continue;
        const struct report_leg *leg = &report->legs[i];
        const struct longhaul_percentiles *p = percentiles_of(leg, which);
        const double values[] = { p->min, p->p1, p->p5, p->p50, p->p95, p->p99, p->p99_9, p->max };
        leg_cell(out, report, i);
        cell(out, wording_count((double)p->n));
        for (size_t k = 0; k < sizeof values / sizeof *values; k++)
            cell(out, wording_short(values[k], ""));
        text_cell(out, p->n == 0 ? "-" : which > 0 && leg->has_receiver ? "receiver's record"
                                       : leg->info->is_sender ? "sender" : "receiver");
        fputs("\n", out);
    }
}

static void write_burstiness(FILE *out, const struct longhaul_report *report)
{
    bool is_any = false;
    for (size_t i = 0; i < report->n_legs; i++)
        is_any = is_any || longhaul_analysis_figures(report->legs[i].analysis)->loss_percent.n > 0;
    if (!is_any)
        return;
    fputs("\n**How losses are distributed**: intervals by packets lost, and the share of intervals with loss, of all "
          "and of those after one with loss (equal if losses are independent, far apart if they cluster)\n\n| "
          "Direction | 0 | 1 | 2-10 | 11-100 | 101-1000 | more | With loss % | After loss % "
          "|\n|---|---:|---:|---:|---:|---:|---:|---:|---:|\n",
          out);
    for (size_t i = 0; i < report->n_legs; i++) {
        if (!report->legs[i].is_detailed)
            continue;
        const struct longhaul_figures *f = longhaul_analysis_figures(report->legs[i].analysis);
        if (f->loss_percent.n == 0)
            continue;
        leg_cell(out, report, i);
        for (size_t k = 0; k < LONGHAUL_N_LOSS_CLASSES; k++)
            cell(out, wording_count((double)f->loss_classes[k]));
        cell(out, wording_short(100 * f->p_loss, ""));
        cell(out, wording_short(100 * f->p_loss_after_loss, ""));
        fputs("\n", out);
    }
}

/* Packets out of order are listed next to the losses, but are not losses. */
static void write_order(FILE *out, const struct longhaul_report *report)
{
    if (!report_knows_order(report))
        return;
    fputs("\n**Reordering and duplicates**: packets that arrived behind a later one, and packets that had arrived "
          "before; neither is "
          "lost\n\n| Direction | Out of order | % of packets | Duplicates |\n|---|---:|---:|---:|\n",
          out);
    for (size_t i = 0; i < report->n_legs; i++) {
        if (!report->legs[i].is_detailed)
            continue;
        const struct longhaul_order *o = longhaul_analysis_order(report->legs[i].analysis);
        leg_cell(out, report, i);
        cell(out, wording_count(o->out_of_order_packets));
        cell(out, wording_short(o->out_of_order_percent, ""));
        cell(out, wording_count(o->duplicate_packets));
        fputs("\n", out);
    }
}

/* ---- notes, method */

static void write_finding(const struct longhaul_report *report, size_t leg, const struct longhaul_finding *finding,
                          void *payload)
{
    FILE *out = payload;
    fputs("- ", out);
    markup_markdown(out, wording_run(report, leg).text);
    fprintf(out, ": %s%s: ", finding->is_fault ? "fault, " : "", finding->rule);
    markup_markdown(out, finding->text);
    fputs("\n", out);
}

static void write_findings(FILE *out, const struct longhaul_report *report)
{
    fputs("\n## Validity notes\n\n", out);
    size_t n_all = report_each_finding(report, write_finding, out);
    for (size_t i = 0; i < report->n_notes; i++) {
        fputs("- ", out);
        markup_markdown(out, report->notes[i]);
        fputs("\n", out);
    }
    for (size_t i = 0; i < report->n_left_out; i++) {
        fputs("- ", out);
        markup_markdown(out, report->remarks[i]);
        fputs("\n", out);
    }
    if (n_all + report->n_notes + report->n_left_out == 0)
        fputs("None of the rules of `longhaul show` was found broken.\n", out);
}

static bool knows_jitter(const struct longhaul_report *report)
{
    for (size_t i = 0; i < report->n_legs; i++)
        if (!isnan(report->legs[i].summary.jitter_ms))
            return true;
    return false;
}

static void write_method(FILE *out, const struct longhaul_report *report)
{
    fputs("\n## How it was measured\n\n"
          "| Direction | Start (UTC) | Planned | Intervals of | Protocol | Target (Mbps) | Streams | Datagram (bytes) "
          "| Route | "
          "Written by | Loss and jitter from | File |\n"
          "|---|---|---:|---:|---|---:|---:|---:|---|---|---|---|\n",
          out);
    for (size_t i = 0; i < report->n_legs; i++) {
        if (!report->legs[i].is_detailed)
            continue;
        const struct report_leg *leg = &report->legs[i];
        const struct longhaul_info *info = leg->info;
        const char *file = strrchr(info->path, '/');
        leg_cell(out, report, i);
        cell(out, wording_utc(info->start_unix_s));
        cell(out, wording_length(info->planned_s));
        cell(out, wording_length(longhaul_analysis_figures(leg->analysis)->usual_s));
        text_cell(out, wording_protocol(info).text);
        cell(out, wording_short(info->target_bps > 0 ? info->target_bps / BPS_PER_MBPS : NAN, ""));
        cell(out, wording_count(info->n_streams));
        cell(out, wording_count(strcmp(info->protocol, "UDP") == 0 ? info->datagram_bytes : NAN));
        text_cell(out, wording_route(info).text);
        text_cell(out, wording_writer(info).text);
        text_cell(out, wording_source(leg).text);
        text_cell(out, file ? file + 1 : info->path);
        fputs("\n", out);
    }
    fputs("\nRates count the payload of UDP or TCP in each interval, 1 Mbps being 1,000,000 bit/s. Percentiles are "
          "linear between ranks.",
          out);
    if (knows_jitter(report))
        fputs(" The jitter in the first table is the running estimate of RFC 3550 (formerly RFC 1889) at the end of a "
              "test, about its last packets only; the percentiles are over the intervals.",
              out);
    fprintf(out, " Report by longhaul %s.\n", LONGHAUL_VERSION);
}

static void write_quanta(FILE *out, const struct longhaul_report *report)
{
    bool has_head = false;
    for (size_t i = 0; i < report->n_legs; i++) {
        if (!report->legs[i].is_detailed)
            continue;
        char text[320];
        longhaul_quantum_text(&report->legs[i].summary, longhaul_analysis_figures(report->legs[i].analysis), text,
                              sizeof text);
        if (text[0] == 0)
            continue;
        if (!has_head)
            fputs("\n## The packet quantum\n\nA sender puts whole datagrams on the wire: an interval has one more or "
                  "one less, "
                  "and the rate seems to flicker.\n\n",
                  out);
        has_head = true;
        fputs("- ", out);
        markup_markdown(out, wording_run(report, i).text);
        fputs(": ", out);
        markup_markdown(out, text);
        fputs("\n", out);
    }
}

/* ---- pictures */

static void write_pictures(FILE *out, const struct longhaul_report *report)
{
    bool has_head = false;
    for (size_t i = 0; i < report->n_charts; i++) {
        const struct report_chart *chart = &report->charts[i];
        if (!chart->has_png && !chart->has_svg)
            continue;
        if (!has_head)
            fputs("\n## Charts\n", out);
        has_head = true;
        fputs("\n**", out);
        markup_markdown(out, chart->subject);
        fputs("**", out);
        if (!chart->is_newest)
            fprintf(out, ", run of %s", wording_utc(chart->start_unix_s).text);
        fputs("\n\n![", out);
        markup_markdown(out, longhaul_chart_text(chart->kind));
        fputs(" chart: ", out);
        markup_markdown(out, chart->subject);
        fputs("](", out);
        markup_link(out, chart->name);
        fprintf(out, ".%s)\n", chart->has_png ? "png" : "svg");
    }
}

void markdown_write_detail(FILE *out, const struct longhaul_report *report)
{
    write_label(out, report);
    write_takeaways(out, report);
    write_verdicts(out, report);
    write_pictures(out, report);
    markdown_write_incidents(out, report);
    fputs("\n## Percentiles\n", out);
    write_percentile_table(out, report, 0, "Rate of the intervals (Mbps)");
    write_percentile_table(out, report, 1, "Loss of the intervals (%)");
    write_percentile_table(out, report, 2, "Jitter of the intervals (ms)");
    write_burstiness(out, report);
    write_order(out, report);
    markdown_write_delays(out, report);
    markdown_write_flows(out, report);
    markdown_write_routes(out, report);
    markdown_write_path(out, report);
    markdown_write_hours(out, report);
    write_findings(out, report);
    write_method(out, report);
    write_quanta(out, report);
}
