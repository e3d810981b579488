/* html.c - index.html: one file that opens from disk and fetches nothing. It is complete without scripts; where
 * dygraphs is installed, it is embedded and the charts become interactive. A Content-Security-Policy runs only scripts
 * with the page's nonce. */

#include "publish/html.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/markup.h"
#include "page.h"
#include "report/report.h"
#include "report/wording.h"

#define FILE_NAME PUBLISH_PAGE
#define MOST_UNSEARCHED 12 /* legs: of more, the page has a search box */
#define MOST_LIBRARY_BYTES 1000000

/* Where packages install it; Debian's libjs-dygraphs first. */
static const char *const dygraphs_dirs[] = { "/usr/share/javascript/dygraphs", "/usr/share/nodejs/dygraphs/dist",
                                             "/usr/local/share/javascript/dygraphs" };

/* ---- dygraphs */

static char *read_library(const char *dir, const char *name)
{
    char *path = file_join(dir, name), *text = malloc(MOST_LIBRARY_BYTES + 1);
    FILE *file = path && text ? file_open(path) : NULL; /* does not wait for a pipe */
    size_t n = file ? fread(text, 1, MOST_LIBRARY_BYTES, file) : 0;
    if (file)
        fclose(file);
    free(path);
    if (text)
        text[n] = 0;
    /* The library stands inside an element: one that contains the end of the element cannot be used. */
    if (text == NULL || n == 0 || n == MOST_LIBRARY_BYTES || strlen(text) != n || strcasestr(text, "</script") ||
        strcasestr(text, "</style") || strstr(text, "<!--")) {
        free(text);
        return NULL;
    }
    return text;
}

/* Its two files; NULL if it is not installed. */
struct library {
    char *script, *style;
};

static struct library find_dygraphs(const struct longhaul_report_options *options)
{
    size_t n = options->dygraphs_dir ? 1 : sizeof dygraphs_dirs / sizeof *dygraphs_dirs;
    struct library library = { NULL, NULL };
    for (size_t i = 0; i < n && library.script == NULL; i++) {
        const char *dir = options->dygraphs_dir ? options->dygraphs_dir : dygraphs_dirs[i];
        library.script = read_library(dir, "dygraph.min.js");
        library.style = library.script ? read_library(dir, "dygraph.min.css") : NULL;
    }
    return library;
}

/* Omits what follows a source map's mark: it names a file that is not here. */
static void write_library(FILE *out, const char *text)
{
    const char *map = strstr(text, "# sourceMappingURL=");
    size_t n = map && map - text >= 2 ? (size_t)(map - text) - 2 : strlen(text);
    fwrite(text, 1, n, out);
    fputc('\n', out);
}

/* ---- head */

static bool is_reloading(const struct longhaul_report *report)
{
    return report->options->reload_s > 0 && report_is_in_progress(report);
}

static void write_title(FILE *out, const struct longhaul_report *report)
{
    fputs("longhaul: ", out);
    fprintf(out, "%zu leg%s", report->n_legs, report->n_legs == 1 ? "" : "s");
    if (report->hub[0] && report->has_hub) {
        fputs(", hub ", out);
        markup_html(out, report->hub);
    }
    fprintf(out, ", %s", wording_measured(report).text);
}

void html_write_beginning(FILE *out, const struct report_stamp *stamp)
{
    fprintf(
        out,
        "<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n<meta http-equiv=Content-Security-Policy "
        "content=\"default-src 'none'; script-src 'nonce-%s'; style-src 'nonce-%s'; img-src data:; base-uri 'none'; "
        "form-action 'none'\">\n",
        stamp->nonce, stamp->nonce);
    fprintf(out, "<!-- Generated on: %s -->\n", stamp->made);
    fputs("<meta name=viewport content=\"width=device-width, initial-scale=1\">\n<meta name=referrer "
          "content=no-referrer>\n"
          "<meta name=color-scheme content=\"light dark\">\n" REPORT_MARK_HTML LONGHAUL_VERSION "\">\n"
          "<link rel=icon href=\"data:,\">\n",
          out);
}

static void write_head(FILE *out, const struct longhaul_report *report, const struct report_stamp *stamp,
                       const struct library *library)
{
    html_write_beginning(out, stamp);
    if (is_reloading(report))
        fprintf(out, "<meta http-equiv=refresh content=%.0f>\n", fmax(1, report->options->reload_s));
    fputs("<title>", out);
    write_title(out, report);
    fprintf(out, "</title>\n<style nonce=%s>\n", stamp->nonce);
    fputs(PAGE_CSS "</style>\n", out);
    if (library->style) {
        fprintf(out, "<style nonce=%s>\n", stamp->nonce);
        write_library(out, library->style);
        fputs("</style>\n", out);
    }
    fputs("</head>\n", out);
}

/* ---- body */

static void write_extent(FILE *out, const struct longhaul_report *report)
{
    struct report_extent e = report_extent_of(report);
    if (!(e.last_unix_s > e.first_unix_s))
        return;
    fprintf(out, "<time>%s</time> to <time>%s</time>", wording_utc(e.first_unix_s).text,
            wording_utc(e.last_unix_s).text);
    if (e.is_open)
        fprintf(out, ", planned until <time>%s</time>", wording_utc(e.planned_unix_s).text);
}

/* True if not all legs are described in detail: then there is a list of all. */
static bool has_list(const struct longhaul_report *report)
{
    return report->n_legs > report_n_detailed(report);
}

static void write_header(FILE *out, const struct longhaul_report *report, const struct report_stamp *stamp)
{
    char legs[48] = "";
    if (report->n_legs > MOST_UNSEARCHED)
        snprintf(legs, sizeof legs, " data-legs=%zu", report->n_legs);
    fputs("<body>\n<a class=skip href=\"#main\">To the report</a>\n<header><div><h1>", out);
    write_title(out, report);
    fputs("</h1><p>", out);
    write_extent(out, report);
    fprintf(out, "</p></div><p class=made>Generated on: %s by longhaul " LONGHAUL_VERSION, stamp->made);
    if (report_is_in_progress(report))
        fprintf(out, "<br><span class=\"chip progress\">in progress%s</span>",
                is_reloading(report) ? ", reloads by itself" : "");
    fprintf(
        out,
        "<span id=tools></span></p></header>\n<nav aria-label=\"Parts of the report\"%s>"
        "<a href=\"#summary\">Summary</a> <a href=\"#charts\">Charts</a> <a href=\"#incidents\">Incidents</a> "
        "<a href=\"#map\">%s</a> %s"
        "<a href=\"#percentiles\">Percentiles</a> "
        "<a href=\"#notes\">Notes</a> <a href=\"#method\">Method</a></nav>\n<main id=main>\n",
        legs, report_is_mesh(report) ? "By time" : "Matrix", has_list(report) ? "<a href=\"#legs\">All legs</a> " : "");
}

static void write_section(FILE *out, const char *id, const char *heading)
{
    fprintf(out, "<section id=%s><h2>%s</h2>\n", id, heading);
}

static int write_chart_section(FILE *out, const struct longhaul_report *report, const struct library *library,
                               struct longhaul_error *err)
{
    size_t n;
    struct report_pair *pairs = report_pairs(report, &n);
    if (pairs == NULL)
        return error_set(err, LONGHAUL_ENOMEM, FILE_NAME ": out of memory");
    write_section(out, "charts", "Charts");
    fputs(library->script
              ? "<noscript><p class=hint>Without scripts the charts are pictures.</noscript>\n"
              : "<p class=hint>The charts are pictures: dygraphs (Debian: libjs-dygraphs) was not found where "
                "this page was made.\n",
          out);
    fputs("<div id=controls></div>\n", out);
    int rc = html_write_charts(out, report, pairs, n, err);
    fputs("</section>\n", out);
    report_pairs_free(pairs, n);
    return rc;
}

/* The best overview comes first: with many legs the matrix, with few their hours. */
static int write_main(FILE *out, const struct longhaul_report *report, const struct library *library,
                      struct longhaul_error *err)
{
    fputs("<section id=summary aria-label=Summary>\n", out);
    html_write_objectives(out, report);
    html_write_first(out, report);
    html_write_glance(out, report);
    (report_is_mesh(report) ? html_write_matrix : html_write_strip)(out, report);
    html_write_takeaways(out, report);
    html_write_summary(out, report);
    fputs("</section>\n", out);
    int rc = write_chart_section(out, report, library, err);
    if (rc != 0)
        return rc;
    write_section(out, "incidents", "Incidents");
    html_write_incidents(out, report);
    html_write_routes(out, report);
    html_write_events(out, report);
    fputs("</section>\n", out);
    write_section(out, "map", report_is_mesh(report) ? "By leg and time" : "Matrix");
    (report_is_mesh(report) ? html_write_strip : html_write_matrix)(out, report);
    fputs("</section>\n", out);
    if (has_list(report)) {
        write_section(out, "legs", "All legs");
        if (!html_write_legs(out, report))
            return error_set(err, LONGHAUL_ENOMEM, FILE_NAME ": out of memory");
        fputs("</section>\n", out);
    }
    write_section(out, "percentiles", "Percentiles of the intervals");
    html_write_percentiles(out, report);
    html_write_delays(out, report);
    html_write_flows(out, report);
    fputs("</section>\n", out);
    write_section(out, "notes", "Notes");
    html_write_findings(out, report);
    fputs("</section>\n", out);
    write_section(out, "method", "How it was measured");
    html_write_method(out, report);
    fputs("</section>\n</main>\n", out);
    return 0;
}

/* The data are not a script: nothing executes them. */
static int write_scripts(FILE *out, const struct longhaul_report *report, const struct report_stamp *stamp,
                         const struct library *library,
                         struct longhaul_error *err)
{
    fprintf(out, "<script nonce=%s>\n", stamp->nonce);
    fputs(PAGE_JS KEYS_JS "</script>\n", out);
    if (library->script) {
        fputs("<script type=\"application/json\" id=data>", out);
        int rc = html_write_data(out, report, err);
        if (rc != 0)
            return rc;
        fprintf(out, "</script>\n<script nonce=%s>\n", stamp->nonce);
        write_library(out, library->script);
        fprintf(out, "</script>\n<script nonce=%s>\n", stamp->nonce);
        fputs(CHART_DATA_JS CHART_DRAW_JS CHARTS_JS "</script>\n", out);
    }
    fputs("</body>\n</html>\n", out);
    return 0;
}

static int write_page(FILE *out, const struct longhaul_report *report, const struct report_stamp *stamp,
                      struct longhaul_error *err)
{
    struct library library = find_dygraphs(report->options);
    write_head(out, report, stamp, &library);
    write_header(out, report, stamp);
    int rc = write_main(out, report, &library, err);
    if (rc == 0)
        rc = write_scripts(out, report, stamp, &library, err);
    free(library.script);
    free(library.style);
    return rc;
}

static int make_text(const struct longhaul_report *report, const struct report_stamp *stamp, char **text,
                     struct longhaul_error *err)
{
    char *made = NULL;
    size_t size;
    FILE *out = open_memstream(&made, &size);
    int rc = out ? write_page(out, report, stamp, err) : LONGHAUL_ENOMEM;
    bool good = out && !ferror(out);
    if (out && fclose(out) != 0)
        good = false;
    if (rc == 0 && !good)
        rc = LONGHAUL_ENOMEM;
    if (rc == 0)
        *text = made;
    else
        free(made);
    return rc ? error_set(err, rc, FILE_NAME ": out of memory") : 0;
}

int report_write_html(struct longhaul_report *report, struct longhaul_error *err)
{
    return report->options->wants_no_html ? 0 : report_write_stamped(report, FILE_NAME, make_text, err);
}
