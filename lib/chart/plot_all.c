/* plot_all.c - for charts of all legs: which legs they show, and their labels. Writes no data. */

#include "chart/plot_all.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CODE_CHARS 16 /* of a site's name in a label */

/* ---- which */

/* The report orders legs by label and start: the last one of a label is the newest. */
static bool is_newest(const struct longhaul_report *report, size_t leg)
{
    const struct longhaul_info *mine = report->legs[leg].info;
    const struct longhaul_info *next = leg + 1 < report->n_legs ? report->legs[leg + 1].info : NULL;
    return !next || !report_is_same_direction(mine, next);
}

static bool is_hubs(const struct longhaul_report *report, size_t leg)
{
    return report->has_hub &&
           (strcasecmp(report->legs[leg].info->source, report->hub) == 0 || report_is_inbound(report, leg));
}

static int by_index(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

/* Those of the hub are chosen first if there is one, then the gravest. */
size_t plot_all_legs(const struct longhaul_report *report, size_t most, size_t *legs, size_t *n_all)
{
    size_t n = 0;
    *n_all = 0;
    for (size_t i = 0; i < report->n_legs; i++)
        *n_all += is_newest(report, i);
    for (int hubs = 1; hubs >= 0; hubs--)
        for (size_t i = 0; i < report->n_legs && n < most; i++) {
            size_t leg = report->gravest[i];
            if (is_newest(report, leg) && is_hubs(report, leg) == hubs)
                legs[n++] = leg;
        }
    if (n > 0)
        qsort(legs, n, sizeof *legs, by_index);
    return n;
}

/* ---- what they are called */

static void shorten(char out[3 * CODE_CHARS], const char *code)
{
    size_t n = strlen(code);
    if (n <= CODE_CHARS)
        snprintf(out, 3 * CODE_CHARS, "%s", code);
    else
        snprintf(out, 3 * CODE_CHARS, "%.*s…%s", CODE_CHARS - 6, code, code + n - 5);
}

void plot_all_label(const struct longhaul_report *report, size_t leg, char label[PLOT_ALL_LABEL])
{
    plot_all_name(report->legs[leg].info->source, report->legs[leg].info->destination, label);
}

void plot_all_name(const char *source, const char *destination, char label[PLOT_ALL_LABEL])
{
    char from[3 * CODE_CHARS], to[3 * CODE_CHARS];
    shorten(from, source);
    shorten(to, destination);
    snprintf(label, PLOT_ALL_LABEL, "%.38s->%.38s", from, to);
}

double plot_all_label_pt(const struct longhaul_report *report, const size_t *legs, size_t n, double font_pt)
{
    size_t most = 4;
    for (size_t i = 0; i < n; i++) {
        char label[PLOT_ALL_LABEL];
        plot_all_label(report, legs[i], label);
        most = strlen(label) > most ? strlen(label) : most;
    }
    return (double)most * font_pt * 0.66;
}

void plot_all_cut_text(const struct longhaul_report *report, size_t n, size_t n_all, char *text, size_t size)
{
    if (n < n_all)
        snprintf(text, size, " (%zu of %zu legs: %s)", n, n_all,
                 report->has_hub ? "the hub's, then the gravest" : "the gravest");
    else
        snprintf(text, size, "%s", "");
}
