/* flags_archive.c - the flags of longhaul archive, their lines of --help, and how they are completed. */

#include "flags.h"

static const struct flag list[] = {
    { 0, 'i', "index", "FILE", FLAG_FILES, "where the index is (DIR/.longhaul/index.sqlite)" },
    { 0, 'r', "rebuild", NULL, NULL, "read all results again; a damaged index is set aside" },
    { 0, OPTION_KEEP, "keep", "DAYS", NULL,
      "then compress results whose tests ended so many days ago (90d) to .zst; each is read back before the original "
      "is removed" },
    { 0, OPTION_DROP_RAW_AFTER, "drop-raw-after", "DAYS", NULL,
      "then remove files whose tests ended so many days ago (400d); their figures stay in the index" },
    { 0, OBJECTIVE_ONE, "objective", "TEXT", NULL,
      "count also the seconds, minutes or hours that keep it, for budgets by month; may be given again" },
    { 0, 'm', "omitted", NULL, NULL, "count also the intervals of the omit period" },
    FLAGS_LIMITS,
    { 0, 'h', "help", NULL, NULL, "print this text" },
    { 0 },
};

const struct flags flags_archive = {
    "archive",
    "keep an index of the figures of many days of results",
    "usage: longhaul archive [flags] [DIR]\n"
    "\n"
    "Keeps an index of the results in DIR (24H) and in folders below it, at most 4\n"
    "levels: the figures of each leg, hour and day of UTC, its events and gaps, from\n"
    "which `longhaul report --since` shows months. Reads what is new or has changed.\n"
    "The index can be made again from the results at any time. The figures of results\n"
    "that are no longer there stay in it, and say so. Values in parentheses are\n"
    "defaults.\n",
    list,
    "Exit status: 0 done, 1 failed, 2 misused, 4 done, but something could not be\n"
    "read. 128+n: stopped by signal n; what was read until then is in the index.\n",
    22,
    FLAG_FOLDERS,
    NULL,
};
