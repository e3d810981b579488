/* cmd_report.c - longhaul report: statistics and charts of folders of results. */

#include "cmd.h"

#include <getopt.h>
#include <stdio.h>

#include "chart_args.h"

static void usage(FILE *out)
{
    fputs("usage: longhaul report [OPTION...] [DIR|FILE...]\n\n"
          "Reads the results (*.json) and the journals of runs in progress (*.journal) of DIR (24H), prints a line for\n"
          "each leg, and writes summary_report.md and a chart for each pair and each direction.\n\n"
          "  --out DIR    where to (diagrams/24h)\n"
          "  --hub SITE   legs to this site are green (WUS if it is there, else the site in most pairs)\n"
          "  --no-render  write the charts' scripts and data, do not start gnuplot\n"
          "  --redraw     draw also charts whose picture is of the same data already\n"
          "  --charts LIST   of pair, direction, hub, heat, distribution, matrix (all)\n"
          "  --format LIST   png, svg, or both (png,svg)\n"
          "  --theme NAME    light, dark or print (light)\n"
          "  --size WxH      of each picture in pixels (2800x1600 for a pair, others to their content)\n"
          "  --dpi N         pixels in an inch, of texts and lines (200)\n"
          "  --no-html    leave the page, index.html, out\n"
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
        { "no-render", no_argument, NULL, 'n' }, { "redraw", no_argument, NULL, 'r' },
        { "charts", required_argument, NULL, 'k' }, { "format", required_argument, NULL, 'f' },
        { "theme", required_argument, NULL, 't' }, { "size", required_argument, NULL, 's' },
        { "dpi", required_argument, NULL, 'd' },
        { "no-html", no_argument, NULL, 'l' },
        { "omitted", no_argument, NULL, 'm' },   { "no-cache", no_argument, NULL, 'e' }, { "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 } };
    bool good = true;
    int c;
    opterr = 0;
    while (good && (c = getopt_long(argc, argv, ":", options, NULL)) != -1) {
        switch (c) {
        case 'o': report->out_dir = optarg; break;
        case 'u': report->hub = optarg; break;
        case 'n': report->no_render = true; break;
        case 'r': report->redraw = true; break;
        case 'k': good = chart_args_kinds("report", "--charts", optarg, &report->charts); break;
        case 'f': good = chart_args_pictures("report", "--format", optarg, &report->pictures); break;
        case 't': good = chart_args_theme("report", "--theme", optarg, &report->theme); break;
        case 's': good = chart_args_size("report", "--size", optarg, &report->width, &report->height); break;
        case 'd': good = chart_args_dpi("report", "--dpi", optarg, &report->dpi); break;
        case 'l': report->no_html = true; break;
        case 'm': report->with_omitted = true; break;
        case 'e': report->no_cache = true; break;
        case 'h': usage(stdout); return cmd_close_stdout(EXIT_DONE);
        case ':': return cmd_misused("report", "%s wants a value", argv[optind - 1]);
        default: return cmd_misused("report", "unknown option '%s'", argv[optind - 1]);
        }
    }
    return good ? -1 : EXIT_MISUSED;
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
