/* report_print.h - the output of longhaul report on stdout and stderr. */
#ifndef REPORT_PRINT_H
#define REPORT_PRINT_H

#include <longhaul.h>

enum report_form {
    REPORT_LINES, /* the first lines, a line per leg, then the address of the page */
    REPORT_BRIEF, /* the first lines: the verdict, and the gravest incidents */
    REPORT_JSON,  /* everything as one line of JSON */
    REPORT_CSV,   /* a row per leg, like longhaul show --csv */
    REPORT_CSV_INCIDENTS /* a row per incident */
};

struct report_output {
    enum report_form form;
    bool is_verbose; /* lines: also each file that was written, and the names of what was left out */
};

/* 0, or EXIT_FAILED with a message. */
int report_print(const struct longhaul_report *report, const struct report_output *output);
/* Prints on stderr what is missing from the report, and, for people, what was left out; nothing if *said (malloc'd, or
 * NULL) has the same text already. */
void report_print_notes(const struct longhaul_report *report, const struct report_output *output, char **said);
/* Lines: the last one, the address of the page. */
void report_print_address(const struct longhaul_report *report, const struct report_output *output);

#endif
