/* report_json.c - a report as one line of JSON: its sentences, legs, pairs, numbered events, notes. Keys have a fixed
 * order; an unknown value is null. analysis_json writes a leg. */

#include <stdlib.h>

#include "base/error.h"
#include "base/json_make.h"
#include "report/report.h"

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

static json_t *events_array(const struct longhaul_report *report)
{
    json_t *array = json_array();
    for (size_t i = 0; i < report->n_events; i++)
        json_array_append_new(array, json_pack("{s:I, s:I, s:I}", "number", (json_int_t)i + 1, "leg",
                                               (json_int_t)report->events[i].leg,
                                               "event", (json_int_t)report->events[i].index));
    return array;
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
    json_object_set_new(object, "longhaul", json_string(LONGHAUL_VERSION));
    json_object_set_new(object, "hub", json_make_text(report->hub));
    json_object_set_new(object, "is_in_progress", json_boolean(report_is_in_progress(report)));
    json_object_set_new(object, "takeaways", lines(report->takeaways, report->n_takeaways));
    json_object_set_new(object, "legs", legs);
    json_object_set_new(object, "pairs", pairs);
    json_object_set_new(object, "events", events_array(report));
    json_object_set_new(object, "notes", lines(report->notes, report->n_notes));
    return json_make_line(object, "report", out, err);
}
