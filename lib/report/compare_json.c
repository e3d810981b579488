/* compare_json.c - a comparison as one line of JSON. Keys have a fixed order; an unknown value is null. */

#include <math.h>

#include "base/json_make.h"
#include "report/compare.h"

#define COMPARE_FORMAT 1 /* of doc/compare.schema.json */

/* An end of an interval that is infinite is null, as one that does not exist. */
static json_t *figure_object(const struct longhaul_compared_figure *f, enum longhaul_compared quantity)
{
    json_t *object =
        json_pack("{s:s, s:s}", "quantity", longhaul_compared_text(quantity), "unit", longhaul_compared_unit(quantity));
    json_object_set_new(object, "difference", json_string(longhaul_difference_text(f->difference)));
    json_object_set_new(object, "why", *f->why ? json_string(f->why) : json_null());
    json_object_set_new(object, "before", json_make_number(f->before));
    json_object_set_new(object, "after", json_make_number(f->after));
    json_object_set_new(object, "effect", json_make_number(f->effect));
    json_object_set_new(object, "low", json_make_number(f->low));
    json_object_set_new(object, "high", json_make_number(f->high));
    json_object_set_new(object, "margin", json_make_number(f->margin));
    json_object_set_new(object, "cells", json_integer((json_int_t)f->n_cells));
    return object;
}

static json_t *leg_object(const struct longhaul_compared_leg *leg)
{
    bool is_both = leg->n_before > 0 && leg->n_after > 0;
    json_t *object = json_object(), *figures = json_array();
    json_object_set_new(object, "source", json_make_text(leg->source));
    json_object_set_new(object, "destination", json_make_text(leg->destination));
    json_object_set_new(object, "protocol", json_make_text(leg->protocol));
    json_object_set_new(object, "tests_before", json_integer((json_int_t)leg->n_before));
    json_object_set_new(object, "tests_after", json_integer((json_int_t)leg->n_after));
    json_object_set_new(object, "matched_by_time_of_day", is_both ? json_boolean(leg->is_matched) : json_null());
    json_object_set_new(object, "seconds", is_both ? json_make_number(leg->seconds) : json_null());
    json_object_set_new(object, "cell_s", is_both ? json_make_number(leg->cell_s) : json_null());
    json_object_set_new(object, "other_times_of_day", is_both ? json_boolean(leg->is_other_time) : json_null());
    json_object_set_new(object, "coverage_before", json_make_number(leg->coverage_before));
    json_object_set_new(object, "coverage_after", json_make_number(leg->coverage_after));
    json_object_set_new(object, "note", *leg->note ? json_string(leg->note) : json_null());
    for (int q = 0; q < LONGHAUL_N_COMPARED; q++)
        if (leg->figures[q].is_known)
            json_array_append_new(figures, figure_object(&leg->figures[q], (enum longhaul_compared)q));
    json_object_set_new(object, "figures", figures);
    return object;
}

int longhaul_comparison_json(const struct longhaul_comparison *c, char **out, struct longhaul_error *err)
{
    json_t *object = json_object(), *counts = json_object(), *legs = json_array();
    json_object_set_new(object, "format", json_integer(COMPARE_FORMAT));
    json_object_set_new(object, "version", json_string(LONGHAUL_VERSION));
    json_object_set_new(object, "verdict", json_make_text(c->verdict));
    for (int d = 0; d <= LONGHAUL_DIFFERENCE_WORSE; d++)
        json_object_set_new(counts, longhaul_difference_text((enum longhaul_difference)d),
                            json_integer((json_int_t)c->n[d]));
    json_object_set_new(object, "figures", counts);
    json_object_set_new(object, "is_complete", json_boolean(longhaul_comparison_is_complete(c)));
    json_object_set_new(object, "error_of_each", json_make_number(c->error));
    for (size_t i = 0; i < c->n_legs; i++)
        json_array_append_new(legs, leg_object(&c->legs[i]));
    json_object_set_new(object, "legs", legs);
    return json_make_line(object, "comparison", out, err);
}
