/* report_trend.h - longhaul report over many days: from the index instead of the results. */
#ifndef REPORT_TREND_H
#define REPORT_TREND_H

#include "report_print.h"

struct trend_args {
    double since_unix_s, until_unix_s; /* 0: not given */
    const char *index_path;
    bool wants_no_index; /* --no-index */
};

/* Reads "30d", or a date, as in --since: seconds of UTC. False after a message about the misuse. */
bool trend_args_time(const char *flag, const char *text, double *unix_s);
/* True if --since or --until is given, or the folder has results of more than 31 days of one leg. */
bool report_is_trend(const struct trend_args *args, const char *const *paths, size_t n_paths);
/* Brings the index of the folder up to date, and reports from it. Returns the exit status; -1, after a message, if
 * there cannot be an index, and no time was asked for: the results can be read. */
int report_trend(const struct trend_args *args, const char *dir, const struct longhaul_report_options *options,
                 const struct report_output *output);

#endif
