/* path_finding.c - the list of findings about a path: adding one, raising its level, the names of levels and reaches.
 * Judges nothing. */

#include "path/path_measure.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"
#include "model/formula_figures.h"

void path_find(struct path_findings *findings, const char *rule, const char *format, ...)
{
    va_list args;
    if (findings->n == PATH_FINDINGS_MAX)
        findings->n--; /* there are fewer rules than that */
    struct longhaul_path_finding *finding = &findings->list[findings->n++];
    *finding = (struct longhaul_path_finding){ .rule = rule };
    va_start(args, format);
    vsnprintf(finding->text, sizeof finding->text, format, args);
    va_end(args);
}

void path_worse(struct path_findings *findings, enum longhaul_path_level level, const char *why, const char *command,
                ...)
{
    va_list args;
    struct longhaul_path_finding *finding = &findings->list[findings->n - 1];
    finding->level = level;
    snprintf(finding->why, sizeof finding->why, "%s", why);
    va_start(args, command);
    vsnprintf(finding->command, sizeof finding->command, command, args);
    va_end(args);
}

struct path_figure path_rate(double rate_bps)
{
    struct path_figure figure = { "unknown" };
    double shown = rate_bps / BPS_PER_MBPS;
    const char *unit = "Mbit/s";
    int decimals = 3;
    formula_figures_scale(&shown, &decimals, &unit);
    if (isfinite(rate_bps))
        snprintf(figure.text, sizeof figure.text, "%.*f %s", decimals, shown, unit);
    return figure;
}

struct path_figure path_figure(double value, int decimals)
{
    struct path_figure figure = { "unknown" };
    if (isfinite(value))
        snprintf(figure.text, sizeof figure.text, "%.*f", decimals, value);
    return figure;
}

struct path_figure path_short(double value)
{
    struct path_figure figure = { "unknown" };
    if (isfinite(value))
        longhaul_figure_text(value, figure.text, sizeof figure.text);
    return figure;
}

bool path_has_found(const struct path_findings *findings, const char *rule)
{
    for (size_t i = 0; i < findings->n; i++)
        if (strcmp(findings->list[i].rule, rule) == 0 && findings->list[i].level != LONGHAUL_PATH_LEVEL_OK)
            return true;
    return false;
}

const char *longhaul_path_level_text(enum longhaul_path_level level)
{
    return level == LONGHAUL_PATH_LEVEL_PROBLEM ? "problem" : level == LONGHAUL_PATH_LEVEL_NOTE ? "note" : "ok";
}

const char *path_reach_text(enum path_reach reach)
{
    static const char *const names[] = { "unknown", "open", "refused", "filtered", "unreachable" };
    return names[reach];
}
