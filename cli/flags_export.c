/* flags_export.c - the flags of longhaul export, their lines of --help, and how they are completed. */

#include "flags.h"

static const struct flag list[] = {
    { 0, 't', "to", "URL", NULL,
      "send samples to VictoriaMetrics: http://HOST:8428, or vminsert's http://HOST:8480/insert/0/prometheus; what is "
      "there is not sent again" },
    { 0, 's', "sqlite", "FILE", FLAG_FILES, "add the tests to a database of SQLite, or replace them" },
    { 0, 'm', "openmetrics", NULL, NULL,
      "print OpenMetrics text with timestamps, for promtool tsdb create-blocks-from openmetrics" },
    { 0, 'c', "csv", NULL, NULL, "print a row of CSV for each interval" },
    { 0, 'i', "influx", NULL, NULL, "print a line of InfluxDB's protocol for each interval" },
    { 0, 'o', "out", "FILE", FLAG_FILES, "write there instead of to standard output" },
    { 0, 'l', "label", "NAME=VALUE", NULL, "a label for all samples; may be repeated" },
    { 0, 'S', "state", "FILE", FLAG_FILES,
      "the file that remembers what the server has (.longhaul-export in the first folder)" },
    { 0, 'q', "query-from", "URL", NULL,
      "where the server can be asked what it has, if not there: vmselect's http://HOST:8481/select/0/prometheus" },
    { 0, 'C', "credentials", "FILE", FLAG_FILES,
      "a file with USER:PASSWORD or \"Bearer TOKEN\"; without it the variable LONGHAUL_EXPORT_CREDENTIALS may have "
      "them" },
    { 0, 'a', "cacert", "FILE", FLAG_FILES, "the certificates to trust (those of the system)" },
    { 0, 'r', "retry", "S", NULL,
      "try a server that cannot be reached or is busy for so many seconds (300)" },
    { 0, 'O', "omitted", NULL, NULL, "export also the intervals of the omit period" },
    FLAGS_LIMITS,
    { 0, 'h', "help", NULL, NULL, "print this text" },
    { 0 },
};

const struct flags flags_export = {
    "export",
    "send results to Prometheus, VictoriaMetrics, SQLite, CSV",
    "usage: longhaul export --to URL [flags] FILE...|FOLDER...\n"
    "       longhaul export --sqlite FILE [flags] FILE...|FOLDER...\n"
    "       longhaul export --openmetrics | --csv | --influx [--out FILE] [flags]\n"
    "                       FILE...|FOLDER...\n"
    "\n"
    "Exports the tests of results to other programs, each interval of them. Folders\n"
    "are searched also below, and a pushed leg is joined with its receiver's record,\n"
    "as in a report. What was not measured is not exported. Values in parentheses\n"
    "are defaults.\n",
    list,
    "Exit status: 0 done, 1 failed, 2 misused, 4 something was skipped.\n",
    22, FLAG_FILES, NULL,
};
