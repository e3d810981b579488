/* objective_args.c - the flags about objectives, and how results are printed. */

#include "objective_args.h"

#include <stdio.h>

#include "cmd.h"
#include "flags.h"

bool objective_args_take(const char *command, int option, const char *text, struct objective_args *args)
{
    struct longhaul_error err = { 0 };
    if (option == OBJECTIVE_CHECK) {
        args->is_check = true;
        return true;
    }
    if (args->n == LONGHAUL_OBJECTIVES_MAX)
        return cmd_misused(command, "--objective: at most %d", LONGHAUL_OBJECTIVES_MAX), false;
    if (longhaul_objective_parse(text, &args->list[args->n], &err) != 0)
        return cmd_misused(command, "--objective %s", err.text), false;
    args->n++;
    return true;
}

void objective_print(const struct longhaul_leg_objective *o, struct objective_tally *tally)
{
    char budget[LONGHAUL_PEOPLE_SIZE];
    const struct longhaul_objective_result *result = &o->result;
    printf("%s", cmd_safe(o->source).text);
    printf("->%s", cmd_safe(o->destination).text);
    if (o->is_one_of_two)
        printf(" %s", cmd_safe(o->protocol).text);
    printf(": %s", result->text);
    longhaul_objective_budget_text(result, budget);
    if (*budget)
        printf("; error budget: %s", budget);
    putchar('\n');
    tally->n[result->verdict]++;
}

size_t objective_n(const struct objective_tally *tally)
{
    size_t n = 0;
    for (size_t i = 0; i < sizeof tally->n / sizeof *tally->n; i++)
        n += tally->n[i];
    return n;
}

int objective_status(const struct objective_tally *tally)
{
    return tally->n[LONGHAUL_OBJECTIVE_MISSED] > 0       ? EXIT_LIMIT
           : tally->n[LONGHAUL_OBJECTIVE_CANNOT_SAY] > 0 ? EXIT_INCOMPLETE
                                                         : EXIT_DONE;
}
