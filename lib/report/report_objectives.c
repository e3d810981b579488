/* report_objectives.c - what the legs of a report were to achieve: each leg's tests are judged together. */

#include <stdlib.h>
#include <string.h>

#include "analysis/objective_judge.h"
#include "base/error.h"
#include "base/json_make.h"
#include "model/topology.h"
#include "report/report.h"
#include "report/wording.h"

#define MOST_OPEN 12 /* objectives in a table */

const struct report_verdict report_verdicts[REPORT_N_VERDICTS] = { { LONGHAUL_OBJECTIVE_MISSED, "missed" },
                                                                   { LONGHAUL_OBJECTIVE_CANNOT_SAY, "cannot say" },
                                                                   { LONGHAUL_OBJECTIVE_MET, "met" } };

/* The tests of one leg: from one site to another, by one protocol. */
struct leg_tests {
    const struct longhaul_analysis **tests;
    const struct longhaul_series **series;
    size_t n;
    bool is_one_of_two; /* the same sites have tests of another protocol, too */
};

static int judge(struct longhaul_report *report, const struct leg_tests *leg, const struct longhaul_objective *list,
                 size_t n, struct longhaul_error *err)
{
    const struct longhaul_info *info = longhaul_analysis_info(leg->tests[0]);
    struct longhaul_objective_result *results = malloc((n + 1) * sizeof *results);
    struct longhaul_leg_objective *grown =
        realloc(report->objectives, (report->n_objectives + n + 1) * sizeof *grown);
    report->objectives = grown ? grown : report->objectives;
    int rc = results && grown ? objective_judge_all(list, n, leg->tests, leg->series, leg->n, results, err)
                              : error_set(err, LONGHAUL_ENOMEM, "report: out of memory");
    for (size_t i = 0; i < n && rc == 0; i++)
        grown[report->n_objectives++] = (struct longhaul_leg_objective){ .source = info->source,
                                                                         .destination = info->destination,
                                                                         .protocol = info->protocol,
                                                                         .is_one_of_two = leg->is_one_of_two,
                                                                         .result = results[i] };
    free(results);
    return rc;
}

static int judge_leg(struct longhaul_report *report, const struct leg_tests *leg, struct longhaul_error *err)
{
    const struct longhaul_report_options *options = report->options;
    const struct longhaul_info *info = longhaul_analysis_info(leg->tests[0]);
    size_t n;
    struct longhaul_objective *list = topology_objectives_and(options->topology, info->source, info->destination,
                                                              options->objectives, options->n_objectives, &n);
    int rc = list ? judge(report, leg, list, n, err) : error_set(err, LONGHAUL_ENOMEM, "report: out of memory");
    free(list);
    return rc;
}

const struct longhaul_leg_objective *longhaul_report_objectives(const struct longhaul_report *report, size_t *n)
{
    *n = report->n_objectives;
    return report->objectives;
}

size_t report_n_objectives(const struct longhaul_report *report, enum longhaul_objective_verdict verdict)
{
    size_t n = 0;
    for (size_t i = 0; i < report->n_objectives; i++)
        n += report->objectives[i].result.verdict == verdict;
    return n;
}

bool report_folds_objectives(const struct longhaul_report *report)
{
    return report->n_objectives > MOST_OPEN && report_n_objectives(report, LONGHAUL_OBJECTIVE_MET) > 0;
}

static bool is_same_leg(const struct report_leg *a, const struct report_leg *b)
{
    return report_is_same_direction(a->info, b->info) && strcmp(a->info->protocol, b->info->protocol) == 0;
}

/* The tests from first on that are of the same leg, whose direction's tests follow each other; by UDP and TCP apart. */
static void take_tests(const struct longhaul_report *report, size_t first, struct leg_tests *leg)
{
    size_t i = first;
    leg->n = 0;
    for (; i < report->n_legs && report_is_same_direction(report->legs[first].info, report->legs[i].info); i++)
        if (is_same_leg(&report->legs[first], &report->legs[i])) {
            leg->tests[leg->n] = report->legs[i].analysis;
            leg->series[leg->n++] = report->legs[i].series;
        }
    leg->is_one_of_two = leg->n < i - first || (first > 0 && report_is_same_direction(report->legs[first - 1].info,
                                                                                      report->legs[first].info));
}

static bool is_first_of_leg(const struct longhaul_report *report, size_t index)
{
    for (size_t i = index; i-- > 0 && report_is_same_direction(report->legs[i].info, report->legs[index].info);)
        if (is_same_leg(&report->legs[i], &report->legs[index]))
            return false;
    return true;
}

/* Objectives from number first_objective on are those of this leg. */
static void count_missed(struct longhaul_report *report, size_t first_objective, size_t first)
{
    size_t n_missed = 0;
    for (size_t i = first_objective; i < report->n_objectives; i++)
        n_missed += report->objectives[i].result.verdict == LONGHAUL_OBJECTIVE_MISSED;
    for (size_t i = first; i < report->n_legs; i++)
        if (is_same_leg(&report->legs[first], &report->legs[i])) {
            report->legs[i].n_objectives = report->n_objectives - first_objective;
            report->legs[i].n_missed = n_missed;
        }
}

static int say(struct longhaul_report *report, struct longhaul_error *err)
{
    free(report->objectives_text);
    size_t n = report->n_objectives, missed = report_n_objectives(report, LONGHAUL_OBJECTIVE_MISSED),
           unknown = report_n_objectives(report, LONGHAUL_OBJECTIVE_CANNOT_SAY);
    report->objectives_text = strdup(n > 0 ? wording_objectives(n, missed, unknown).text : "");
    return report->objectives_text ? 0 : error_set(err, LONGHAUL_ENOMEM, "report: out of memory");
}

const char *longhaul_report_objectives_text(const struct longhaul_report *report)
{
    return report->objectives_text;
}

int report_judge_objectives(struct longhaul_report *report, struct longhaul_error *err)
{
    struct leg_tests leg = { malloc((report->n_legs + 1) * sizeof *leg.tests),
                             malloc((report->n_legs + 1) * sizeof *leg.series), 0, false };
    int rc = leg.tests && leg.series ? 0 : error_set(err, LONGHAUL_ENOMEM, "report: out of memory");
    for (size_t i = 0; i < report->n_legs && rc == 0; i++) {
        if (!is_first_of_leg(report, i))
            continue;
        size_t first = report->n_objectives;
        take_tests(report, i, &leg);
        rc = judge_leg(report, &leg, err);
        count_missed(report, first, i);
    }
    free(leg.tests);
    free(leg.series);
    return rc ? rc : say(report, err);
}

json_t *report_objectives_array(const struct longhaul_report *report)
{
    json_t *array = json_array();
    for (size_t i = 0; i < report->n_objectives; i++) {
        const struct longhaul_objective_result *r = &report->objectives[i].result;
        char text[LONGHAUL_OBJECTIVE_TEXT];
        json_t *object = json_object();
        longhaul_objective_text(&r->objective, text);
        json_object_set_new(object, "source", json_make_text(report->objectives[i].source));
        json_object_set_new(object, "destination", json_make_text(report->objectives[i].destination));
        json_object_set_new(object, "protocol", json_make_text(report->objectives[i].protocol));
        json_object_set_new(object, "objective", json_string(text));
        json_object_set_new(object, "verdict", json_string(longhaul_objective_verdict_text(r->verdict)));
        json_object_set_new(object, "value", json_make_number(r->value));
        json_object_set_new(object, "least", json_make_number(r->least));
        json_object_set_new(object, "most", json_make_number(r->most));
        json_object_set_new(object, "good", json_make_number(r->n_good));
        json_object_set_new(object, "bad", json_make_number(r->n_bad));
        json_object_set_new(object, "unknown", json_make_number(r->n_unknown));
        json_object_set_new(object, "to_come", json_make_number(r->n_to_come));
        json_object_set_new(object, "budget_left", json_make_number(r->budget_left));
        json_object_set_new(object, "observed_s", json_make_number(r->observed_s));
        json_object_set_new(object, "unobserved_s", json_make_number(r->unobserved_s));
        json_object_set_new(object, "to_come_s", json_make_number(r->to_come_s));
        json_object_set_new(object, "tests", json_integer((json_int_t)r->n_tests));
        json_object_set_new(object, "text", json_string(r->text));
        json_array_append_new(array, object);
    }
    return array;
}
