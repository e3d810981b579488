/* flags_report.c - the flags of longhaul report, their lines of --help, and how they are completed. */

#include "flags.h"

static const struct flag list[] = {
    { 0, 'o', "out", "DIR", FLAG_FOLDERS, "folder to write to (diagrams/24h)" },
    { 0, 'u', "hub", "SITE", FLAG_SITES,
      "legs to this site are green (WUS if there is such a site, else the site in most pairs)" },
    { 0, 'g', "config", "FILE", FLAG_FILES,
      "a topology: compare RTTs with those of the distances, and judge the objectives of its legs" },
    { 0, 'k', "charts", "LIST", "all pair direction hub heat distribution matrix",
      "kinds of charts: pair, direction, hub, heat, distribution, matrix (all)" },
    { 0, 'f', "format", "LIST", "png svg png,svg", "png, svg, or both (png,svg)" },
    { 0, 't', "theme", "NAME", "light dark print", "light, dark or print (light)" },
    { 0, 's', "size", "WxH", NULL,
      "size of each picture in pixels (2800x1600 for a pair, the others as their content needs)" },
    { 0, 'd', "dpi", "N", NULL, "pixels per inch, for texts and lines (200)" },
    { 0, 'l', "no-html", NULL, NULL, "do not write the page, index.html" },
    { 0, 'y', "dygraphs", "DIR", FLAG_FOLDERS,
      "folder of dygraph.min.js, with which the page's charts can be zoomed (where Debian's libjs-dygraphs has it)" },
    { 0, 'n', "no-render", NULL, NULL, "write scripts and data of the charts; do not start gnuplot" },
    { 0, 'r', "redraw", NULL, NULL, "draw also charts whose data and script did not change" },
    { 0, 'F', "force", NULL, NULL, "replace also files that longhaul did not write" },
    { 0, 'b', "brief", NULL, NULL, "print the verdict and the five gravest incidents alone; write nothing" },
    { 0, 'j', "json", NULL, NULL, "print the report as one line of JSON instead of text" },
    { 0, 'c', "csv", "[=incidents]", "incidents legs",
      "print a row of CSV for each leg, or for each incident, instead of text" },
    { 0, 'w', "watch", "[=SECONDS]", NULL,
      "check at this interval (60) whether the files changed, and write the report again if so; the page reloads "
      "itself while runs are in progress" },
    { 0, OPTION_SINCE, "since", "TIME", NULL,
      "many days instead, from the index of the folder (longhaul archive), which is brought up to date: those since a "
      "date (2025-11-15) or in a length of time until now (30d); by itself if the folder has more than 31 days of one "
      "leg. Writes trend.html and trend_report.md" },
    { 0, OPTION_UNTIL, "until", "TIME", NULL, "the days before that one" },
    { 0, OPTION_INDEX, "index", "FILE", FLAG_FILES, "where the index is (DIR/.longhaul/index.sqlite)" },
    { 0, OPTION_NO_INDEX, "no-index", NULL, NULL, "read all results, however many days they are of" },
    { 0, 'v', "verbose", NULL, NULL,
      "print also the files that were written, the names of what was left out, and the lines of all legs of more "
      "than 40" },
    { 0, 'm', "omitted", NULL, NULL, "count also the intervals of the omit period" },
    { 0, 'e', "no-cache", NULL, NULL, "accepted for scripts for 0.1; has no effect" },
    { 0, OBJECTIVE_ONE, "objective", "TEXT", NULL,
      "what each leg is to achieve, such as 'loss <= 0.1% in 99.9% of minutes'; may be given again" },
    { 0, OBJECTIVE_CHECK, "check", NULL, NULL,
      "write nothing, and print only whether each leg meets its objectives: these and those of --config's topology" },
    FLAGS_LIMITS,
    { 0, 'h', "help", NULL, NULL, "print this text" },
    { 0 },
};

const struct flags flags_report = {
    "report",
    "make statistics and charts from a folder of results",
    "usage: longhaul report [flags] [DIR|FILE...]\n"
    "\n"
    "Reads the results (*.json) and the journals of runs in progress (*.journal) in\n"
    "DIR (24H) and in folders below it, at most 4 levels, prints what happened in a\n"
    "few lines, a line for each leg, and the address of the page, and writes\n"
    "index.html, summary_report.md and the charts. Values in parentheses are\n"
    "defaults.\n",
    list,
    "Exit status: 0 done, 1 failed, 2 misused, 4 done, but something could not be\n"
    "read or drawn. 128+n: signal n ended --watch. With --check: 0 all met, 3 one is\n"
    "missed, 4 none is missed, but one cannot be judged, or a file not be read.\n",
    22,
    FLAG_FILES,
    NULL,
};
