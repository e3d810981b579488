/* flags_compare.c - the flags of longhaul compare, their lines of --help, and how they are completed. */

#include "flags.h"

static const struct flag list[] = {
    { 0, 'b', "baseline", "BEFORE", FLAG_FILES, "with this one all others are compared; AFTER may be several" },
    { 0, 'm', "margin", "NAME=VALUE", "rate= loss= jitter= delay= silences= retransmits= rtt=",
      "a difference of this much matters; may be repeated: rate (0.5, in % of before), loss (0.02 %), "
      "jitter (0.5 ms), delay (1 ms), silences (1 an hour), retransmits (0.02 %), rtt (1 ms)" },
    { 0, 'e', "error", "SHARE", NULL,
      "the chance, for all legs together, that something is said to be worse without being so (0.01)" },
    { 0, 'j', "json", NULL, NULL, "print one line of JSON" },
    { 0, 'c', "csv", NULL, NULL, "print a row of CSV for each leg and quantity" },
    { 0, 'k', "markdown", NULL, NULL, "print Markdown, for the summary of a job" },
    { 0, 'p', "html", "FILE", FLAG_FILES,
      "write a page, too, with both sides over each other, by leg, quantity and hour" },
    { 0, 'v', "verbose", NULL, NULL, "print also the figures without a difference that matters" },
    { 0, 'o', "omitted", NULL, NULL, "count also the intervals of the omit period" },
    FLAGS_LIMITS,
    { 0, 'h', "help", NULL, NULL, "print this text" },
    { 0 },
};

const struct flags flags_compare = {
    "compare",
    "say whether a day is worse than another one, leg by leg",
    "usage: longhaul compare [flags] BEFORE AFTER\n"
    "       longhaul compare [flags] --baseline BEFORE AFTER...\n"
    "\n"
    "Compares the legs of two folders or files, matched by source, destination and\n"
    "protocol: the mean rate, loss, jitter, the 99th percentile of delays in queues,\n"
    "silences, segments sent again, round trips. For each the difference with an\n"
    "interval, and one of: worse, better, no difference that matters, cannot say.\n"
    "BEFORE may have many days. Values in parentheses are defaults.\n",
    list,
    "Exit status: 0 nothing is worse, 1 failed, 2 misused, 3 something is worse,\n"
    "4 nothing is worse, but something could not be read or compared.\n",
    22,
    FLAG_FILES,
    NULL,
};
