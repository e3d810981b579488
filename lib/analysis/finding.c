/* finding.c - the list of findings of an analysis. Judges nothing. */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/analysis.h"

struct finding_text finding_seconds(double seconds)
{
    struct finding_text t;
    longhaul_seconds_text(seconds, t.text, sizeof t.text);
    return t;
}

struct finding_text finding_figure(double value)
{
    struct finding_text t;
    longhaul_figure_text(value, t.text, sizeof t.text);
    return t;
}

bool finding_add(struct longhaul_analysis *a, const char *rule, bool is_fault, const char *format, ...)
{
    struct longhaul_finding *grown = realloc(a->findings, (a->n_findings + 1) * sizeof *grown);
    va_list args;
    if (grown == NULL)
        return false;
    a->findings = grown;
    struct longhaul_finding *finding = &grown[a->n_findings++];
    finding->rule = rule;
    finding->is_fault = is_fault;
    va_start(args, format);
    vsnprintf(finding->text, sizeof finding->text, format, args);
    va_end(args);
    return true;
}
