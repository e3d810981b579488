/* html_legs.c - in index.html of a large mesh: all legs, folded by the site that sends. Each has a line of figures and
 * a small strip of its loss over time; the gravest have charts too, for the others it says how to obtain them. */

#include <stdlib.h>
#include <string.h>

#include "publish/html.h"
#include "publish/html_cells.h"

#define MOST_NUMBERS 4 /* incidents of one leg */

/* ---- one leg */

/* A leg without charts has its place here, for links; one with charts is linked to them. */
static void write_name(FILE *out, const struct longhaul_report *report, size_t i)
{
    bool has_charts = report->legs[i].is_detailed;
    if (has_charts)
        fprintf(out, "<tr><th scope=row class=leg><a href=\"#leg%zu\">", i);
    else
        fprintf(out, "<tr id=leg%zu><th scope=row class=leg>", i);
    markup_html(out, wording_run(report, i).text);
    fputs(has_charts ? "</a>" : "", out);
}

static void write_verdict(FILE *out, enum longhaul_verdict verdict)
{
    fputs("<td>", out);
    if (verdict == LONGHAUL_VERDICT_VALID)
        fputs(longhaul_verdict_text(verdict), out);
    else
        html_write_verdict(out, verdict);
}

static void write_loss(FILE *out, double percent)
{
    int level = report_loss_level(percent);
    if (level < 0)
        fputs("<td class=n>unknown", out);
    else
        fprintf(out, "<td class=\"n l%d\">%s", level, wording_short(percent, "").text);
}

static void write_plain(FILE *out, struct wording value)
{
    fprintf(out, "<td class=n>%s", value.text[0] == '-' ? "&ndash;" : value.text);
}

/* The gravest incidents of a leg: their numbers are smallest. */
static void write_incidents(FILE *out, const struct longhaul_report *report, size_t leg)
{
    size_t n_events, last = 0;
    longhaul_analysis_events(report->legs[leg].analysis, &n_events);
    fputs("<td>", out);
    for (int shown = 0; shown < MOST_NUMBERS; shown++) {
        size_t next = 0;
        for (size_t k = 0; k < n_events; k++) {
            size_t number = report->legs[leg].incident_numbers[k];
            next = number > last && (next == 0 || number < next) ? number : next;
        }
        if (next == 0)
            return;
        char target[32];
        snprintf(target, sizeof target, "i%zu", next);
        html_write_incident_number(out, report_incident(report, next), target);
        last = next;
    }
    if (report->legs[leg].n_incidents > MOST_NUMBERS)
        fprintf(out, " +%zu", report->legs[leg].n_incidents - MOST_NUMBERS);
}

static bool write_leg(FILE *out, const struct longhaul_report *report, size_t i)
{
    const struct report_leg *leg = &report->legs[i];
    const struct longhaul_figures *f = longhaul_analysis_figures(leg->analysis);
    const struct longhaul_loss *loss = longhaul_analysis_loss(leg->analysis);
    write_name(out, report, i);
    write_verdict(out, longhaul_analysis_verdict(leg->analysis));
    write_loss(out, loss->percent);
    write_plain(out, wording_count(loss->lost));
    write_plain(out, wording_short(f->jitter_ms.p95, ""));
    write_plain(out, wording_rate(leg, ""));
    write_plain(out, wording_short(100 * f->coverage, ""));
    write_incidents(out, report, i);
    fputs("<td>", out);
    bool good = html_write_small_strip(out, report, i);
    fputs("\n", out);
    return good;
}

/* ---- the legs from one site, the gravest first */

struct from {
    const char *site;
    const size_t *legs;
    size_t n;
};

static void write_summary(FILE *out, const struct longhaul_report *report, const struct from *from, size_t number)
{
    size_t n_not_valid = 0, n_lossless = 0;
    double most = NAN;
    size_t worst = from->legs[0];
    for (size_t k = 0; k < from->n; k++) {
        const struct longhaul_analysis *analysis = report->legs[from->legs[k]].analysis;
        double loss = longhaul_analysis_loss(analysis)->percent;
        n_not_valid += longhaul_analysis_verdict(analysis) == LONGHAUL_VERDICT_NOT_VALID;
        n_lossless += loss == 0;
        if (isnan(loss) || loss <= most)
            continue;
        most = loss;
        worst = from->legs[k];
    }
    fprintf(out, "<details class=\"fold from\" id=from%zu><summary><h3>From ", number);
    markup_html(out, from->site);
    fprintf(out, "</h3> <span class=facts><span>%zu leg%s</span> ", from->n, from->n == 1 ? "" : "s");
    if (!isnan(most)) {
        fprintf(out, "<span>most loss <span class=\"key l%d\">%s</span> to ", report_loss_level(most),
                wording_short(most, " %").text);
        markup_html(out, report->legs[worst].info->destination);
        fputs("</span> ", out);
    }
    if (n_lossless > 0)
        fprintf(out, "<span>without loss %zu</span> ", n_lossless);
    if (n_not_valid > 0)
        fprintf(out, "<span>not valid %zu</span>", n_not_valid);
    fputs("</span></summary>\n", out);
}

static bool write_from(FILE *out, const struct longhaul_report *report, const struct from *from, size_t number)
{
    static const char *const columns[] = { "Figures",        "Loss %",     "Lost",     "Jitter p95",
                                           "Delivered Mbps", "Coverage %", "Incidents" };
    bool good = true;
    write_summary(out, report, from, number);
    fputs("<div class=scroll tabindex=0 role=region aria-label=\"Legs from ", out);
    markup_html(out, from->site);
    fputs("\"><table class=legs><caption class=vh>Legs from ", out);
    markup_html(out, from->site);
    fputs("</caption><thead><tr><th scope=col>Leg", out);
    for (size_t k = 0; k < sizeof columns / sizeof *columns; k++)
        fprintf(out, "<th scope=col%s>%s", k > 0 && k < 6 ? " class=n" : "", columns[k]);
    fprintf(out, "<th scope=col class=when>%.16s to %.16s</thead><tbody>\n", wording_utc(report->bins.first_s).text,
            wording_utc(report->bins.first_s + (double)report->bins.n * report->bins.step_s).text);
    for (size_t k = 0; good && k < from->n; k++)
        good = write_leg(out, report, from->legs[k]);
    fputs("</tbody></table></div></details>\n", out);
    return good;
}

/* Sorts the legs by source; those of one source stay in the order of gravity. *begins has n_sites + 1 places. */
static size_t *by_source(const struct longhaul_report *report, const char *const *sites, size_t n_sites, size_t *begins)
{
    size_t *sorted = malloc((report->n_legs + 1) * sizeof *sorted);
    if (sorted == NULL)
        return NULL;
    for (size_t i = 0; i < report->n_legs; i++)
        begins[report_site_number(sites, n_sites, report->legs[i].info->source) + 1]++;
    for (size_t s = 0; s < n_sites; s++)
        begins[s + 1] += begins[s];
    for (size_t i = 0; i < report->n_legs; i++) {
        size_t leg = report->gravest[i];
        sorted[begins[report_site_number(sites, n_sites, report->legs[leg].info->source)]++] = leg;
    }
    memmove(begins + 1, begins, n_sites * sizeof *begins); /* each was moved to its end: the begin of the next */
    begins[0] = 0;
    return sorted;
}

/* ---- all */

/* A word as a shell takes it. */
static void write_word(FILE *out, const char *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:+,@%-";
    bool is_plain = *text && *text != '-' && strspn(text, plain) == strlen(text);
    fputs(is_plain ? " " : " '", out);
    for (const char *p = text; *p; p++)
        fputs(*p == '\'' ? "'\\''" : (char[]){ *p, 0 }, out);
    fputs(is_plain ? "" : "'", out);
}

/* As markup_html(), but a name with "->" in it stays what it is. */
static void write_literal(FILE *out, char *text)
{
    char *arrow;
    while ((arrow = strstr(text, "->")) != NULL) {
        *arrow = 0;
        markup_html(out, text);
        fputs("-&gt;", out);
        text = arrow + 2;
    }
    markup_html(out, text);
}

/* The command that writes a report of one pair without charts here: both of its legs. */
static void write_command(FILE *out, const struct longhaul_report *report)
{
    size_t i = 0;
    while (i < report->n_legs && report->legs[report->gravest[i]].is_detailed)
        i++;
    if (i == report->n_legs)
        return;
    const struct longhaul_info *info = report->legs[report->gravest[i]].info;
    char *command = NULL;
    size_t size;
    FILE *text = open_memstream(&command, &size);
    if (text == NULL)
        return;
    fputs("longhaul report --out pair", text);
    for (size_t k = 0; k < report->n_legs; k++) {
        const struct longhaul_info *other = report->legs[k].info;
        if (report_is_same_direction(info, other) ||
            (strcmp(info->source, other->destination) == 0 && strcmp(info->destination, other->source) == 0))
            write_word(text, other->path);
    }
    bool good = fclose(text) == 0;
    fputs(" For those of others name their files, for ", out);
    markup_html(out, wording_leg(info).text);
    fputs(" and back: <code class=command>", out);
    if (good)
        write_literal(out, command);
    fputs("</code>", out);
    free(command);
}

bool html_write_legs(FILE *out, const struct longhaul_report *report)
{
    size_t n, together = html_small_cells(report);
    const char **sites = report_sites(report, &n);
    size_t *begins = sites ? calloc(n + 1, sizeof *begins) : NULL;
    size_t *legs = begins ? by_source(report, sites, n, begins) : NULL;
    bool good = legs != NULL;
    char cells[64];
    if (together > 1)
        snprintf(cells, sizeof cells, "the worst of %zu %s", together, report_bin_plural(&report->bins));
    else
        snprintf(cells, sizeof cells, "each %s", report_bin_name(&report->bins));
    fprintf(out,
            "<p class=hint>All %zu legs, by the site that sends, the gravest first. The strip shows the loss over "
            "time, or the rate where it is unknown, a cell for %s. The gravest %zu have "
            "<a href=\"#charts\">charts</a>.",
            report->n_legs, cells, report_n_detailed(report));
    write_command(out, report);
    fputs("</p>\n", out);
    for (size_t s = 0; good && s < n; s++)
        if (begins[s + 1] > begins[s]) {
            struct from from = { sites[s], legs + begins[s], begins[s + 1] - begins[s] };
            good = write_from(out, report, &from, s);
        }
    free(legs);
    free(begins);
    free(sites);
    return good;
}
