/* html_marks.c - the events of a leg as marks of the page's interactive charts: for each the incident, the kind, from
 * when, for how long, its reach, its own number, and the incident's kind and reach; of queues, silences and routes also
 * their size. Where there are very many, neighbours of one incident are combined into one mark, so that the page stays
 * small. */

#include <math.h>
#include <stdlib.h>

#include "base/markup.h"
#include "chart/axis.h"
#include "publish/html.h"
#include "report/wording.h"

#define ALL_MARKS 6000.0  /* of all legs together */
#define LEAST_MARKS 50    /* of a leg */

struct mark {
    double from_s, to_s;
    size_t event; /* the first, of the analysis */
    double size_ms; /* the greatest, signed; of queues, silences and routes, else NAN */
    size_t incident;
    enum longhaul_event_kind kind;
};

static double size_of(const struct longhaul_event *e)
{
    switch (e->kind) {
    case LONGHAUL_EVENT_ROUTE: return e->peak;
    case LONGHAUL_EVENT_DELAY:
    case LONGHAUL_EVENT_SILENCE: return e->level;
    default: return NAN;
    }
}

/* The marks of the events that lie on an axis. */
static size_t list_marks(const struct report_leg *leg, const struct longhaul_event *events, size_t n,
                         struct mark *marks)
{
    size_t n_marks = 0;
    for (size_t i = 0; i < n; i++)
        if (fabs(events[i].start_s) <= AXIS_MOST_S)
            marks[n_marks++] = (struct mark){ .from_s = events[i].start_s,
                                              .to_s = events[i].start_s + fmin(events[i].seconds, AXIS_MOST_S),
                                              .event = i, .incident = leg->incident_numbers[i],
                                              .kind = events[i].kind, .size_ms = size_of(&events[i]) };
    return n_marks;
}

/* Combines neighbours of one incident with no more than join_s between them; returns how many marks remain. */
static size_t join_marks(struct mark *marks, size_t n, double join_s)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        struct mark *last = kept > 0 ? &marks[kept - 1] : NULL;
        if (last && last->incident == marks[i].incident && last->kind == marks[i].kind &&
            marks[i].from_s - last->to_s <= join_s) {
            last->to_s = fmax(last->to_s, marks[i].to_s);
            if (fabs(marks[i].size_ms) > fabs(last->size_ms))
                last->size_ms = marks[i].size_ms;
        } else {
            marks[kept++] = marks[i];
        }
    }
    return kept;
}

/* The gravest of those that do not fit even when neighbours are combined: incidents are numbered by gravity. */
static size_t drop_marks(struct mark *marks, size_t n, size_t most)
{
    size_t limit = 1, kept = 0, n_within = 0;
    for (size_t step = 1; n > most && step <= n; step *= 2) {
        n_within = 0;
        for (size_t i = 0; i < n; i++)
            n_within += marks[i].incident > 0 && marks[i].incident <= step;
        if (n_within > most)
            break;
        limit = step;
    }
    for (size_t i = 0; i < n && kept < most; i++)
        if (n <= most || (marks[i].incident > 0 && marks[i].incident <= limit))
            marks[kept++] = marks[i];
    return kept;
}

static size_t reduce_marks(struct mark *marks, size_t n, double length_s, size_t most)
{
    for (double join_s = length_s / 1e5; n > most && join_s < length_s / 100; join_s *= 2)
        n = join_marks(marks, n, join_s);
    return drop_marks(marks, n, most);
}

bool html_write_marks(FILE *out, const struct longhaul_report *report, const struct report_leg *leg)
{
    size_t n;
    const struct longhaul_event *events = longhaul_analysis_events(leg->analysis, &n);
    struct mark *marks = malloc((n + 1) * sizeof *marks);
    if (marks == NULL)
        return false;
    size_t most = (size_t)fmax(LEAST_MARKS, ALL_MARKS / (double)report->n_legs);
    n = reduce_marks(marks, list_marks(leg, events, n, marks), report_length_s(leg), most);
    fputs(",\"events\":[", out);
    for (size_t i = 0; i < n; i++) {
        fprintf(out, "%s[%zu,%d,%.0f,%.0f,", i > 0 ? "," : "", marks[i].incident, (int)marks[i].kind,
                marks[i].from_s * 1000, (marks[i].to_s - marks[i].from_s) * 1000);
        markup_json(out, wording_scope(&events[marks[i].event]).text);
        fprintf(out, ",%zu", leg->event_numbers[marks[i].event]);
        const struct longhaul_incident *incident = report_incident(report, marks[i].incident);
        bool has_size = isfinite(marks[i].size_ms);
        if (incident || has_size)
            fprintf(out, ",%d,%d", (int)(incident ? incident->kind : marks[i].kind),
                    incident ? (int)incident->reach : LONGHAUL_REACH_LEG);
        if (has_size)
            fprintf(out, ",\"%s%s\"", marks[i].kind == LONGHAUL_EVENT_ROUTE && marks[i].size_ms > 0 ? "+" : "",
                    wording_short(marks[i].size_ms, " ms").text);
        fputc(']', out);
    }
    fputc(']', out);
    free(marks);
    return true;
}
