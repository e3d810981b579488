/* flags_show.c - the flags of longhaul show, their lines of --help, and how they are completed. */

#include "flags.h"

static const struct flag list[] = {
    { 0, 'j', "json", NULL, NULL,
      "print a line of JSON for each test, with everything that is known; what is not known is null" },
    { 0, 'c', "csv", NULL, NULL,
      "print a row of CSV for each test; with --events or --hours, for each event or hour" },
    { 0, OPTION_FORMAT, "format", "NAME", "json csv benchmark benchmark-bigger",
      "json, csv, or for github-action-benchmark: benchmark (loss, jitter, delay, outages: smaller is better), "
      "benchmark-bigger (rate, coverage)" },
    { 0, 'i', "intervals", NULL, NULL, "print a row of CSV for each interval, as it is read" },
    { 0, 'e', "events", NULL, NULL,
      "print outages, unusual loss, jitter and rates, and early ends, with what happened on the other files' legs "
      "then" },
    { 0, 'u', "hours", NULL, NULL, "print a line for each hour (UTC), and the worst minutes" },
    { 0, 'f', "config", "FILE", FLAG_FILES,
      "a topology: round trips below light's time between its places are noted" },
    { 0, 'l', "loss-limit", "PERCENT", NULL, "an interval with this loss or more is not available (1)" },
    { 0, 'r', "no-receiver", NULL, NULL, "the files alone, without their receivers' records" },
    { 0, 'o', "omitted", NULL, NULL, "count also the intervals of the omit period" },
    { 0, 'k', "no-cache", NULL, NULL, "accepted for scripts for 0.1; has no effect" },
    { 0, OBJECTIVE_ONE, "objective", "TEXT", NULL,
      "print only whether each test meets this, such as 'loss <= 0.1% in 99.9% of minutes'; may be given again" },
    { 0, OBJECTIVE_CHECK, "check", NULL, NULL,
      "print only whether each test meets the objectives of --config's topology" },
    FLAGS_LIMITS,
    { 0, 'h', "help", NULL, NULL, "print this text" },
    { 0 },
};

const struct flags flags_show = {
    "show",
    "print the figures of files, one line for each test",
    "usage: longhaul show [--json | --csv | --format NAME | --intervals | --events |\n"
    "                     --hours] [flags] FILE...|FOLDER...\n"
    "\n"
    "Prints one line for each test in iperf3's files (-J or --json-stream) and in\n"
    "longhaul's results and journals, which may be compressed (gzip, zstd, xz). FILE\n"
    "can be - for standard input. A pushed leg is joined with its receiver's record,\n"
    "if that is in a folder \"receiver\" next to it. Values in parentheses are\n"
    "defaults.\n",
    list,
    "Exit status: 0 done, 1 no file had a measurement, 2 misused, 4 something was\n"
    "missing, skipped or repaired. With objectives: 3 one is missed, 4 none is\n"
    "missed, but one cannot be judged.\n",
    22,
    FLAG_FILES,
    NULL,
};
