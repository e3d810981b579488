/* tell_objectives.c - reads a record, also one that is being written, and judges it as `longhaul show --check` does. */

#include "tell_objectives.h"

void tell_objectives_add(struct tell_objectives *o, const struct longhaul_objective *list, size_t n)
{
    for (size_t i = 0; i < n && o->n < TELL_OBJECTIVES_MAX; i++)
        o->list[o->n++] = list[i];
}

void tell_objectives_of(const struct longhaul_topology *topology, const char *source, const char *destination,
                        struct tell_objectives *out)
{
    size_t n = 0;
    const struct longhaul_objective *list = longhaul_topology_objectives(topology, source, destination, &n);
    tell_objectives_add(out, list, list ? n : 0);
}

/* FNV-1a of its text. */
uint32_t tell_objective_number(const struct longhaul_objective *objective)
{
    char text[LONGHAUL_OBJECTIVE_TEXT];
    uint32_t number = 2166136261u;
    longhaul_objective_text(objective, text);
    for (const char *c = text; *c; c++)
        number = (number ^ (unsigned char)*c) * 16777619u;
    return number;
}

static uint32_t judge(const struct tell_objectives *o, const struct longhaul_series *series, uint32_t known,
                      struct longhaul_objective_result results[TELL_OBJECTIVES_MAX])
{
    const struct longhaul_analysis_options usual = { 0 };
    struct longhaul_analysis *test = NULL;
    const struct longhaul_analysis *tests[1];
    uint32_t missed = 0;
    if (longhaul_analyse(series, &usual, &test, NULL) != 0)
        return 0;
    tests[0] = test;
    for (size_t i = 0; i < o->n; i++)
        if (!(known & UINT32_C(1) << i) &&
            longhaul_objective_judge(&o->list[i], tests, &series, 1, &results[i], NULL) == 0 &&
            results[i].verdict == LONGHAUL_OBJECTIVE_MISSED)
            missed |= UINT32_C(1) << i;
    longhaul_analysis_free(test);
    return missed;
}

uint32_t tell_objectives_missed(const struct tell_objectives *o, const char *path, uint32_t known,
                                struct longhaul_objective_result results[TELL_OBJECTIVES_MAX])
{
    const struct longhaul_read_options plain = { .payload = NULL };
    struct longhaul_reader *reader = NULL;
    struct longhaul_series *series = NULL;
    uint32_t missed = 0;
    if (longhaul_reader_open(path, &plain, &reader, NULL) == 0 && longhaul_reader_next(reader, &series, NULL) > 0)
        missed = judge(o, series, known, results);
    longhaul_series_free(series);
    longhaul_reader_free(reader);
    return missed;
}
