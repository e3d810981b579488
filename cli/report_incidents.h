/* report_incidents.h - the incidents of a report as a table. */
#ifndef REPORT_INCIDENTS_H
#define REPORT_INCIDENTS_H

#include <longhaul.h>

/* Prints a row of CSV for each incident, the gravest first. longhaul-report(1) has the columns. */
void report_print_incidents(const struct longhaul_report *report);

#endif
