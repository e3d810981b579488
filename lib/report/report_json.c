/* report_json.c - a report as one line of JSON: its incidents, sentences, legs, pairs, numbered events, notes. Keys
 * have a fixed order; an unknown value is null. analysis_json writes a leg. */

#include <math.h>
#include <stdlib.h>

#include "analysis/analysis.h"
#include "base/error.h"
#include "base/json_make.h"
#include "report/report.h"
#include "report/wording.h"

#define REPORT_FORMAT 1 /* of doc/report.schema.json */

static json_t *lines(char *const *values, size_t n)
{
    json_t *array = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(array, json_make_text(values[i]));
    return array;
}

static json_t *legs_array(const struct longhaul_report *report, struct longhaul_error *err)
{
    json_t *array = json_array();
    for (size_t i = 0; i < report->n_legs; i++) {
        char *line;
        if (longhaul_analysis_json(report->legs[i].analysis, &line, err) != 0) {
            json_decref(array);
            return NULL;
        }
        json_t *leg = json_loads(line, 0, NULL);
        free(line);
        json_object_set_new(leg, "has_receiver_record", json_boolean(report->legs[i].has_receiver));
        json_array_append_new(array, leg);
    }
    return array;
}

static json_t *pairs_array(const struct longhaul_report *report, struct longhaul_error *err)
{
    size_t n;
    struct report_pair *pairs = report_pairs(report, &n);
    if (pairs == NULL) {
        error_set(err, LONGHAUL_ENOMEM, "report: out of memory");
        return NULL;
    }
    json_t *array = json_array();
    for (size_t i = 0; i < n; i++) {
        json_t *legs = json_array();
        for (size_t k = 0; k < pairs[i].n; k++)
            json_array_append_new(legs, json_integer((json_int_t)pairs[i].legs[k]));
        json_array_append_new(array, json_pack("{s:o, s:o, s:o}", "a", json_make_text(pairs[i].a), "b",
                                               json_make_text(pairs[i].b), "legs", legs));
    }
    report_pairs_free(pairs, n);
    return array;
}

static json_t *count(double value)
{
    return isfinite(value) && fabs(value) < 9e15 ? json_integer((json_int_t)value) : json_null();
}

static json_t *leg_name(const struct longhaul_report *report, size_t leg)
{
    return json_make_text(wording_leg(report->legs[leg].info).text);
}

/* The end of what goes on is not known. */
static json_t *end_of(double end_unix_s, bool is_open)
{
    return json_make_number(is_open ? NAN : end_unix_s);
}

static json_t *event_object(const struct longhaul_report *report, size_t i)
{
    const struct report_event *entry = &report->events[i];
    const struct longhaul_event *e = entry->event;
    size_t incident = report_incident_of(report, entry);
    return json_pack(
        "{s:I, s:I, s:I, s:o, s:s, s:o, s:o, s:o, s:o}", "number", (json_int_t)i + 1, "leg", (json_int_t)entry->leg,
        "event", (json_int_t)entry->index, "leg_name", leg_name(report, entry->leg), "kind",
        event_kind_key(e->kind), "start", json_make_number(e->start_unix_s), "end",
        end_of(e->start_unix_s + e->seconds, e->is_open), "lost_packets", count(e->lost_packets), "incident",
        incident > 0 ? json_integer((json_int_t)incident) : json_null());
}

static json_t *events_array(const struct longhaul_report *report)
{
    json_t *array = json_array();
    for (size_t i = 0; i < report->n_events; i++)
        json_array_append_new(array, event_object(report, i));
    return array;
}

/* ---- incidents */

/* Each name once: a report may have several runs of a leg. */
static json_t *legs_of(const struct longhaul_report *report, const struct longhaul_incident *incident)
{
    json_t *array = json_array();
    for (size_t i = 0; i < incident->n_legs; i++)
        if (i == 0 || !report_is_same_direction(report->legs[incident->legs[i - 1]].info,
                                                report->legs[incident->legs[i]].info)) /* they are sorted by label */
            json_array_append_new(array, leg_name(report, incident->legs[i]));
    return array;
}

static json_t *event_numbers_of(const struct longhaul_report *report, const struct longhaul_incident *incident)
{
    json_t *array = json_array();
    for (size_t i = 0; i < incident->n_events; i++) {
        const struct longhaul_incident_event *e = &incident->events[i];
        json_array_append_new(array, json_integer((json_int_t)report->legs[e->test].event_numbers[e->event]));
    }
    return array;
}

#define INCIDENT(member) JSON_MEMBER(struct longhaul_incident, member)
static const struct json_member incident_what[] = { INCIDENT(cause), INCIDENT(start_s), INCIDENT(seconds),
                                                    INCIDENT(down_s), INCIDENT(level), INCIDENT(usual),
                                                    INCIDENT(count) };

static json_t *incident_object(const struct longhaul_report *report, const struct longhaul_incident *incident)
{
    json_t *object =
        json_pack("{s:I, s:o, s:o, s:s, s:s, s:o, s:o, s:o, s:o}", "number", (json_int_t)incident->number, "start",
                  json_make_number(incident->start_unix_s), "end",
                  end_of(incident->end_unix_s, incident->is_open), "kind", event_kind_key(incident->kind),
                  "scope", longhaul_reach_text(incident->reach), "where", json_make_text(incident->where), "legs",
                  legs_of(report, incident), "events", event_numbers_of(report, incident), "lost_packets",
                  count(incident->lost_packets));
    json_object_set_new(object, "host_lost", count(incident->host_lost));
    JSON_ADD(object, incident, incident_what);
    if (!isnan(incident->period_s))
        json_object_set_new(object, "period_s", json_make_number(incident->period_s));
    json_object_set_new(object, "text", json_make_text(incident->text));
    return object;
}

static json_t *incidents_array(const struct longhaul_report *report)
{
    size_t n;
    const struct longhaul_incident *list = longhaul_incidents_list(report->incidents, &n);
    json_t *array = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(array, incident_object(report, &list[i]));
    return array;
}

static json_t *extent_object(const struct longhaul_report *report)
{
    struct report_extent e = report_extent_of(report);
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "start", json_make_number(e.first_unix_s), "end",
                     json_make_number(e.last_unix_s), "planned_end", json_make_number(e.planned_unix_s), "seconds",
                     json_make_number(e.length_s), "planned_s", json_make_number(e.planned_s));
}

int longhaul_report_json(const struct longhaul_report *report, char **out, struct longhaul_error *err)
{
    json_t *object = json_object(), *legs = legs_array(report, err), *pairs = pairs_array(report, err);
    if (legs == NULL || pairs == NULL) {
        json_decref(object);
        json_decref(legs);
        json_decref(pairs);
        return err && err->code ? err->code : LONGHAUL_ENOMEM;
    }
    json_object_set_new(object, "format", json_integer(REPORT_FORMAT));
    json_object_set_new(object, "longhaul", json_string(LONGHAUL_VERSION));
    json_object_set_new(object, "hub", json_make_text(report->hub));
    json_object_set_new(object, "is_in_progress", json_boolean(report_is_in_progress(report)));
    json_object_set_new(object, "measured", extent_object(report));
    json_object_set_new(object, "verdict", json_make_text(longhaul_incidents_verdict(report->incidents)));
    if (report->n_objectives > 0)
        json_object_set_new(object, "objectives", report_objectives_array(report));
    json_object_set_new(object, "incidents", incidents_array(report));
    json_object_set_new(object, "lost_outside", count(longhaul_incidents_lost_outside(report->incidents)));
    json_object_set_new(object, "takeaways", lines(report->takeaways, report->n_takeaways));
    json_object_set_new(object, "legs", legs);
    json_object_set_new(object, "pairs", pairs);
    json_object_set_new(object, "events", events_array(report));
    json_object_set_new(object, "notes", lines(report->notes, report->n_notes));
    json_object_set_new(object, "left_out", lines(report->named_remarks, report->n_left_out));
    return json_make_line(object, "report", out, err);
}
