/* cmd_report.c - longhaul report: statistics and charts of folders of results. */

#include "cmd.h"

#include <getopt.h>
#include <stdio.h>

static void usage(FILE *out)
{
    fputs("usage: longhaul report [OPTION...] [DIR|FILE...]\n\n"
          "Reads the results (*.json) and the journals of runs in progress (*.journal) of DIR (24H), prints a line for\n"
          "each leg, and writes summary_report.md and a chart for each pair and each direction.\n\n"
          "  --out DIR    where to (diagrams/24h)\n"
          "  --hub SITE   legs to this site are green (WUS if it is there, else the site in most pairs)\n"
          "  --no-render  write the charts' scripts and data, do not start gnuplot\n"
          "  --changed    draw only charts whose picture is missing or older than its script and data\n"
          "  --omitted    count the intervals of the omit period too\n"
          "  --no-cache   neither use nor leave columns of large files in .longhaul/ beside them\n"
          "  --help       this\n\n"
          "Exit status: 0 done, 1 failed, 2 misused, 4 done but something could not be read or drawn.\n", out);
}

/* 0, or the exit status to end with; -1 when there is more to do. */
static int parse(int argc, char **argv, struct longhaul_report_options *report)
{
    static const struct option options[] = {
        { "out", required_argument, NULL, 'o' }, { "hub", required_argument, NULL, 'u' },
        { "no-render", no_argument, NULL, 'n' }, { "changed", no_argument, NULL, 'c' },
        { "omitted", no_argument, NULL, 'm' },   { "no-cache", no_argument, NULL, 'k' },
        { "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 } };
    int c;
    opterr = 0;
    while ((c = getopt_long(argc, argv, ":", options, NULL)) != -1) {
        switch (c) {
        case 'o': report->out_dir = optarg; break;
        case 'u': report->hub = optarg; break;
        case 'n': report->no_render = true; break;
        case 'c': report->changed_only = true; break;
        case 'm': report->with_omitted = true; break;
        case 'k': report->no_cache = true; break;
        case 'h': usage(stdout); return cmd_close_stdout(EXIT_DONE);
        case ':': return cmd_misused("report", "%s wants a value", argv[optind - 1]);
        default: return cmd_misused("report", "unknown option '%s'", argv[optind - 1]);
        }
    }
    return -1;
}

static void print_report(const struct longhaul_report *report)
{
    for (size_t i = 0; i < longhaul_report_n_legs(report); i++) {
        cmd_print_leg(longhaul_report_info(report, i), longhaul_report_summary(report, i));
        putchar('\n');
    }
    for (size_t i = 0; i < longhaul_report_n_files(report); i++)
        printf("%s\n", longhaul_report_file(report, i));
    for (size_t i = 0; i < longhaul_report_n_notes(report); i++)
        fprintf(stderr, "longhaul: %s\n", longhaul_report_note(report, i));
}

int cmd_report(int argc, char **argv)
{
    struct longhaul_report_options options = { 0 };
    struct longhaul_error err = { 0 };
    struct longhaul_report *report;
    int status = parse(argc, argv, &options);
    if (status >= 0)
        return status;
    if (longhaul_report_write((const char *const *)(argv + optind), (size_t)(argc - optind), &options, &report, &err) != 0)
        return cmd_fail(&err);
    print_report(report);
    status = longhaul_report_n_notes(report) > 0 ? EXIT_INCOMPLETE : EXIT_DONE;
    longhaul_report_free(report);
    return cmd_close_stdout(status);
}
