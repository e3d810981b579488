/* report_print.c - the output of longhaul report: lines for people, of which the first tell what happened, JSON or CSV
 * for programs, and on stderr what is missing. */

#include "report_print.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "file_url.h"
#include "objective_args.h"
#include "report_incidents.h"
#include "show.h"

#define MOST_FIRST 5 /* incidents */
#define MOST_LEGS 40 /* of more, only the gravest N_GRAVEST have a line */
#define N_GRAVEST 20

/* The verdict, and the gravest incidents, each a sentence. Names of sites are from files. */
static void print_first(const struct longhaul_report *report, const char *rest)
{
    size_t n;
    const struct longhaul_incidents *incidents = longhaul_report_incidents(report);
    const struct longhaul_incident *list = longhaul_incidents_list(incidents, &n);
    puts(cmd_safe(longhaul_incidents_verdict(incidents)).text);
    for (size_t i = 0; i < n && i < MOST_FIRST; i++)
        printf("%zu. %s\n", list[i].number, cmd_safe(list[i].text).text);
    if (n > MOST_FIRST)
        printf("... and %zu more: %s\n", n - MOST_FIRST, rest);
}

/* All legs if they fit on a screen or two, else the gravest. */
static void print_legs(const struct longhaul_report *report, bool is_verbose)
{
    size_t n = longhaul_report_n_legs(report);
    bool are_all = is_verbose || n <= MOST_LEGS;
    if (!are_all)
        printf("The gravest %d of %zu legs (--verbose or --csv prints all):\n", N_GRAVEST, n);
    for (size_t i = 0; i < (are_all ? n : N_GRAVEST); i++) {
        const struct longhaul_analysis *leg =
            longhaul_report_analysis(report, are_all ? i : longhaul_report_gravest(report)[i]);
        cmd_print_leg(leg);
        cmd_print_stop(longhaul_analysis_info(leg));
        putchar('\n');
    }
}

void report_print_address(const struct longhaul_report *report, const struct report_output *output)
{
    const char *path = output->form == REPORT_LINES ? longhaul_report_main_file(report) : NULL;
    char *url = path ? file_url(path) : NULL;
    if (url)
        puts(url);
    fflush(stdout);
    free(url);
}

#define MOST_OBJECTIVES 20 /* of a mesh, the rest is on the page */

/* The sentence about them, and those that are not met. */
static void print_objectives(const struct longhaul_report *report, bool is_verbose)
{
    static const enum longhaul_objective_verdict order[] = { LONGHAUL_OBJECTIVE_MISSED, LONGHAUL_OBJECTIVE_CANNOT_SAY,
                                                             LONGHAUL_OBJECTIVE_MET };
    size_t n, n_left = 0;
    struct objective_tally tally = { { 0 } };
    const struct longhaul_leg_objective *list = longhaul_report_objectives(report, &n);
    if (n > 0)
        printf("%s\n", longhaul_report_objectives_text(report));
    for (size_t v = 0; v < sizeof order / sizeof *order; v++)
        for (size_t i = 0; i < n; i++)
            if (list[i].result.verdict != order[v] || (!is_verbose && order[v] == LONGHAUL_OBJECTIVE_MET))
                continue;
            else if (is_verbose || objective_n(&tally) < MOST_OBJECTIVES)
                objective_print(&list[i], &tally);
            else
                n_left++;
    if (n_left > 0)
        printf("and %zu more (longhaul report --check prints all)\n", n_left);
}

static void print_lines(const struct longhaul_report *report, bool is_verbose)
{
    print_objectives(report, is_verbose);
    print_first(report, "see summary_report.md");
    print_legs(report, is_verbose);
    for (size_t i = 0; is_verbose && i < longhaul_report_n_files(report); i++)
        printf("%s\n", cmd_safe(longhaul_report_file(report, i)).text);
}

static int print_json(const struct longhaul_report *report)
{
    struct longhaul_error err = { 0 };
    char *line;
    if (longhaul_report_json(report, &line, &err) != 0)
        return cmd_fail(&err);
    puts(line);
    longhaul_text_free(line);
    return 0;
}

static void print_csv(const struct longhaul_report *report)
{
    show_csv_head();
    for (size_t i = 0; i < longhaul_report_n_legs(report); i++)
        show_csv(longhaul_report_analysis(report, i));
}

int report_print(const struct longhaul_report *report, const struct report_output *output)
{
    enum report_form form = output->form;
    int status = 0;
    if (form == REPORT_BRIEF) {
        print_objectives(report, false);
        print_first(report, "longhaul report --csv=incidents prints all");
    } else if (form == REPORT_JSON)
        status = print_json(report);
    else if (form == REPORT_CSV)
        print_csv(report);
    else if (form == REPORT_CSV_INCIDENTS)
        report_print_incidents(report);
    else
        print_lines(report, output->is_verbose);
    fflush(stdout); /* so that each report is visible at once with --watch */
    return status;
}

/* It has paths. */
static void print_remark(FILE *out, const char *text)
{
    fputs("longhaul: ", out);
    cmd_print_path(out, text);
    putc('\n', out);
}

void report_print_notes(const struct longhaul_report *report, const struct report_output *output, char **said)
{
    char *all = NULL;
    size_t size;
    FILE *out = open_memstream(&all, &size);
    for (size_t i = 0; out && i < longhaul_report_n_notes(report); i++)
        fprintf(out, "longhaul: %s\n", longhaul_report_note(report, i));
    bool is_for_people = output->form == REPORT_LINES || output->form == REPORT_BRIEF;
    for (size_t i = 0; out && is_for_people && i < longhaul_report_n_remarks(report); i++)
        print_remark(out, longhaul_report_remark(report, i, output->is_verbose));
    if (out)
        fclose(out);
    if (all && (*said == NULL || strcmp(all, *said) != 0))
        fputs(all, stderr);
    free(*said);
    *said = all;
}
