/* report_print.c - the output of longhaul report: lines for people, JSON or CSV for programs, and on stderr what is
 * missing. */

#include "report_print.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "show.h"

static void print_lines(const struct longhaul_report *report)
{
    for (size_t i = 0; i < longhaul_report_n_legs(report); i++) {
        cmd_print_leg(longhaul_report_analysis(report, i));
        putchar('\n');
    }
    for (size_t i = 0; i < longhaul_report_n_files(report); i++)
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

int report_print(const struct longhaul_report *report, enum report_form form)
{
    int status = 0;
    if (form == REPORT_JSON)
        status = print_json(report);
    else if (form == REPORT_CSV)
        print_csv(report);
    else
        print_lines(report);
    fflush(stdout); /* so that each report is visible at once with --watch */
    return status;
}

void report_print_notes(const struct longhaul_report *report, char **said)
{
    char *all = NULL;
    size_t size;
    FILE *out = open_memstream(&all, &size);
    for (size_t i = 0; out && i < longhaul_report_n_notes(report); i++)
        fprintf(out, "longhaul: %s\n", longhaul_report_note(report, i));
    if (out)
        fclose(out);
    if (all && (*said == NULL || strcmp(all, *said) != 0))
        fputs(all, stderr);
    free(*said);
    *said = all;
}
