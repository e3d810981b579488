/* report_watch.h - keeps a report up to date. */
#ifndef REPORT_WATCH_H
#define REPORT_WATCH_H

#include "report_print.h"

#define REPORT_WATCH_DEFAULT_S 60.0

/* Writes the report, and again every seconds if its files have changed, until SIGINT, SIGTERM or SIGHUP. Returns 128 +
 * the signal, or EXIT_FAILED if the report cannot be written. */
int report_watch(const char *const *paths, size_t n_paths, const struct longhaul_report_options *options,
                 double seconds, const struct report_output *output);

#endif
