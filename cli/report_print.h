/* report_print.h - what longhaul report says on stdout and stderr. */
#ifndef REPORT_PRINT_H
#define REPORT_PRINT_H

#include <longhaul.h>

enum report_form {
    REPORT_LINES, /* a line for each leg, then the files that were written */
    REPORT_JSON,  /* one line of JSON with all of it */
    REPORT_CSV    /* a row for each leg, as longhaul show --csv */
};

/* 0, or EXIT_FAILED with a message. */
int report_print(const struct longhaul_report *report, enum report_form form);
/* What is missing from the report, on stderr; not what was said before, when *said (malloc'd, or NULL) is the same
 * text. */
void report_print_notes(const struct longhaul_report *report, char **said);

#endif
